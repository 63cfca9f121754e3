"""The forms of 역발행. What is right and wrong is said in the services."""

from dataclasses import astuple
from typing import Any, Final

from django import forms

from dojang.service.records.document_forms import DocumentForm
from dojang.service.reverse.answering import MOST_REASON
from dojang.service.reverse.errors import NoReason
from dojang.service.reverse.writing import Line, Supplier, Typed
from dojang.service.web.fields import DayField
from dojang.service.web.say import say_lazy

LINES: Final = 4
MOST_LINES: Final = 40
_PURPOSES: Final = (
    ("claim", say_lazy("청구", "Claim")),
    ("receipt", say_lazy("영수", "Receipt")),
)


class RefusalForm(forms.Form):
    """Why a request is refused."""

    reason = forms.CharField(
        label=say_lazy("거부하는 사유", "Why you refuse"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=say_lazy("요청한 거래처가 그대로 봅니다.", "The buyer reads it as it stands."),
        error_messages={"required": say_lazy(NoReason.ko, NoReason.en)},
    )


class RequestForm(DocumentForm):
    """A document that a supplier is to sign."""

    columns = ("item", "specification", "quantity", "price", "supply", "tax")
    needed = ("name", "number", "representative", "email")

    business = forms.ChoiceField(label=say_lazy("공급받는자 (우리 사업장)", "Buyer (our business)"))
    name = forms.CharField(label=say_lazy("상호", "Name"), required=False, max_length=70)
    purpose = forms.ChoiceField(
        label=say_lazy("영수·청구", "Receipt or claim"),
        choices=_PURPOSES,
        widget=forms.RadioSelect,
        initial="claim",
    )
    address = forms.CharField(label=say_lazy("사업장 주소", "Address"), required=False, max_length=150)
    business_type = forms.CharField(label=say_lazy("업태", "Business type"), required=False, max_length=40)
    business_item = forms.CharField(label=say_lazy("종목", "Business item"), required=False, max_length=40)
    contact_name = forms.CharField(label=say_lazy("담당자", "Contact"), required=False, max_length=30)
    email = forms.EmailField(
        label=say_lazy("공급자 이메일", "Supplier's e-mail"),
        required=False,
        max_length=100,
        help_text=say_lazy("서명할 링크를 이 주소로 보냅니다.", "The link for signing goes there."),
    )
    message = forms.CharField(
        label=say_lazy("공급자에게 전하는 말", "Message to the supplier"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    answer_by = DayField(
        label=say_lazy("응답 기한", "Answer until"),
        required=False,
        help_text=say_lazy(
            "비워 두면 발급기한까지, 발급기한이 지났으면 7일 뒤까지입니다.",
            "Left empty: the issue deadline, or a week where that is over.",
        ),
    )
    counterparty = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, businesses: list[tuple[str, str]], count: int = LINES, **named: Any
    ) -> None:
        super().__init__(*args, businesses=businesses, count=max(1, min(count, MOST_LINES)), **named)

    def typed(self) -> Typed:
        """What was typed."""
        values = self.cleaned_data
        return Typed(
            taxation=self.chosen_taxation,
            written_on=values["written_on"],
            supplier=Supplier(
                number=values["number"],
                name=values["name"],
                representative=values["representative"],
                branch_number=values["branch_number"],
                address=values["address"],
                business_type=values["business_type"],
                business_item=values["business_item"],
                contact_name=values["contact_name"],
                email=values["email"],
            ),
            lines=tuple(Line(*line) for line in self.typed_lines()),
            purpose=values["purpose"],
            remark=values["remark"],
            message=values["message"],
            answer_by=values["answer_by"],
            counterparty_id=values["counterparty"],
        )

    @classmethod
    def shown(cls, typed: Typed, business_id: int) -> dict[str, Any]:
        """The values of the fields for what was typed before."""
        supplier = typed.supplier
        return {
            "business": str(business_id),
            "taxation": typed.taxation.value,
            "written_on": typed.written_on,
            "purpose": typed.purpose or "claim",
            "number": supplier.number,
            "branch_number": supplier.branch_number,
            "name": supplier.name,
            "representative": supplier.representative,
            "address": supplier.address,
            "business_type": supplier.business_type,
            "business_item": supplier.business_item,
            "contact_name": supplier.contact_name,
            "email": supplier.email,
            "remark": typed.remark,
            "message": typed.message,
            "answer_by": typed.answer_by,
            "counterparty": typed.counterparty_id,
            **cls.shown_lines(map(astuple, typed.lines)),
        }
