"""The forms of 역발행. What is right and wrong is said in the services."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms

from dojang.etax.codes import Taxation
from dojang.service.records.forms import WonField
from dojang.service.reverse.answering import MOST_REASON
from dojang.service.reverse.errors import NoReason
from dojang.service.reverse.writing import Line, Supplier, Typed
from dojang.service.web.say import say_lazy

LINES: Final = 4
MOST_LINES: Final = 40
_QUIET: Final = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
_DAY: Final = {"type": "date"}
_TAXATIONS: Final = (
    (Taxation.TAXABLE.value, say_lazy("과세(10%)", "Taxable (10 %)")),
    (Taxation.ZERO_RATED.value, say_lazy("영세율(0%)", "Zero-rated")),
    (Taxation.EXEMPT.value, say_lazy("면세(계산서)", "Exempt")),
)
_PURPOSES: Final = (
    ("claim", say_lazy("청구", "Claim")),
    ("receipt", say_lazy("영수", "Receipt")),
)


class NumberField(forms.CharField):
    """A quantity or price with at most two decimals, with or without separators."""

    def __init__(self, **values: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", **_QUIET})
        super().__init__(widget=widget, max_length=24, **values)

    def clean(self, value: Any) -> Decimal | None:
        """The number; None where nothing was typed."""
        typed = str(super().clean(value)).replace(",", "").strip()
        if not typed:
            return None
        try:
            number = Decimal(typed) if typed.isascii() and "e" not in typed.lower() else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or number != round(number, 2):
            raise forms.ValidationError(
                say_lazy("소수점 아래 두 자리까지의 수를 적어 주세요.", "A number with at most two decimals.")
            )
        return number


class RefusalForm(forms.Form):
    """Why a request is refused."""

    reason = forms.CharField(
        label=say_lazy("거부하는 사유", "Why you refuse"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=say_lazy("요청한 거래처가 그대로 봅니다.", "The buyer reads it as it stands."),
        error_messages={"required": say_lazy(NoReason.ko, NoReason.en)},
    )


class SendAgainForm(forms.Form):
    """To whom it is mailed once more."""

    to = forms.EmailField(
        label=say_lazy("받는 사람", "To"),
        max_length=100,
        required=False,
        help_text=say_lazy(
            "다른 주소로 바꾸면 새 링크를 보내고 전에 보낸 링크는 끊습니다.",
            "To another address it goes with a new link, and the one sent before ends.",
        ),
    )


class RequestForm(forms.Form):
    """A document that a supplier is to sign; its lines are fields of their own."""

    business = forms.ChoiceField(label=say_lazy("공급받는자 (우리 사업장)", "Buyer (our business)"))
    taxation = forms.ChoiceField(
        label=say_lazy("과세구분", "Taxation"),
        choices=_TAXATIONS,
        widget=forms.RadioSelect,
        initial=Taxation.TAXABLE.value,
    )
    written_on = forms.DateField(
        label=say_lazy("작성일자", "Date written"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    purpose = forms.ChoiceField(
        label=say_lazy("영수·청구", "Receipt or claim"),
        choices=_PURPOSES,
        widget=forms.RadioSelect,
        initial="claim",
    )
    number = forms.CharField(
        label=say_lazy("등록번호", "Business number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_QUIET}),
    )
    branch_number = forms.CharField(
        label=say_lazy("종사업장번호", "Branch number"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_QUIET}),
    )
    name = forms.CharField(label=say_lazy("상호", "Name"), required=False, max_length=70)
    representative = forms.CharField(
        label=say_lazy("대표자", "Representative"), required=False, max_length=30
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
    remark = forms.CharField(label=say_lazy("비고", "Remark"), required=False, max_length=150)
    message = forms.CharField(
        label=say_lazy("공급자에게 전하는 말", "Message to the supplier"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    answer_by = forms.DateField(
        label=say_lazy("응답 기한", "Answer until"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=say_lazy(
            "비워 두면 발급기한까지, 발급기한이 지났으면 7일 뒤까지입니다.",
            "Left empty: the issue deadline, or a week where that is over.",
        ),
    )
    counterparty = forms.IntegerField(required=False, widget=forms.HiddenInput)
    find = forms.CharField(
        label=say_lazy("거래처 찾기", "Find a counterparty"), required=False, max_length=70
    )

    def __init__(
        self, *args: Any, businesses: list[tuple[str, str]], count: int = LINES, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        field = self.fields["business"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (it is one)
        field.choices = businesses
        self.count = max(1, min(count, MOST_LINES))
        for n in range(1, self.count + 1):
            self.fields[f"item_{n}"] = forms.CharField(
                label=say_lazy(f"품목 {n}", f"Item {n}"), required=False, max_length=100
            )
            self.fields[f"specification_{n}"] = forms.CharField(
                label=say_lazy(f"규격 {n}", f"Specification {n}"), required=False, max_length=60
            )
            self.fields[f"quantity_{n}"] = NumberField(
                label=say_lazy(f"수량 {n}", f"Quantity {n}"), required=False
            )
            self.fields[f"price_{n}"] = NumberField(
                label=say_lazy(f"단가 {n}", f"Unit price {n}"), required=False
            )
            self.fields[f"supply_{n}"] = WonField(
                label=say_lazy(f"공급가액 {n}", f"Supply amount {n}"), required=False
            )
            self.fields[f"tax_{n}"] = WonField(label=say_lazy(f"세액 {n}", f"Tax {n}"), required=False)

    @property
    def lines(self) -> list[list[Any]]:
        """The rows of items."""
        names = ("item", "specification", "quantity", "price", "supply", "tax")
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, self.count + 1)]

    def typed(self) -> Typed:
        """What was typed."""
        values = self.cleaned_data
        return Typed(
            taxation=Taxation.__members__[values["taxation"].upper()],
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
            lines=tuple(
                Line(
                    values[f"item_{n}"],
                    values[f"specification_{n}"],
                    values[f"quantity_{n}"],
                    values[f"price_{n}"],
                    values[f"supply_{n}"],
                    values[f"tax_{n}"],
                )
                for n in range(1, self.count + 1)
            ),
            purpose=values["purpose"],
            remark=values["remark"],
            message=values["message"],
            answer_by=values["answer_by"],
            counterparty_id=values["counterparty"],
        )

    @staticmethod
    def shown(typed: Typed, business_id: int) -> dict[str, Any]:
        """The values of the fields for what was typed before."""
        supplier = typed.supplier
        values: dict[str, Any] = {
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
        }
        for n, line in enumerate(typed.lines, 1):
            values |= {
                f"item_{n}": line.name,
                f"specification_{n}": line.specification,
                f"quantity_{n}": line.quantity,
                f"price_{n}": line.unit_price,
                f"supply_{n}": line.supply_amount,
                f"tax_{n}": line.tax_amount,
            }
        return values
