"""The forms of 발행정보 요청. What is right and wrong is said in the services."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from dojang.errors import DojangError
from dojang.service.billing.asking import MOST_REASON
from dojang.service.billing.models import BillingRequest
from dojang.service.counterparties.details import ContactDetails, Details
from dojang.service.counterparties.models import Counterparty, Kind
from dojang.service.web.fields import DayField
from dojang.service.web.say import say_error, say_lazy
from dojang.service.web.templatetags.dojang import business_number
from dojang.service.workspaces.models import Business

_QUIET: Final = {"autocapitalize": "off", "spellcheck": "false"}
_SECRET: Final = {"autocomplete": "off", **_QUIET}
_KINDS: Final = (
    (Kind.BUSINESS.value, say_lazy("사업자", "Business")),
    (Kind.INDIVIDUAL.value, say_lazy("개인(사업자등록번호 없음)", "Individual (no business number)")),
)


class Unshown(forms.TextInput):
    """What was typed does not come back, not even where something else is to be mended."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """As if nothing had been typed."""
        del value
        return super().get_context(name, None, attrs)


class AskForm(forms.Form):
    """Whom to ask, and until when."""

    business = forms.ChoiceField(label=say_lazy("요청하는 사업장", "Asked by"))
    name = forms.CharField(
        label=say_lazy("거래처 이름", "Customer's name"),
        max_length=70,
        help_text=say_lazy("우리만 봅니다.", "Only you see it."),
    )
    email = forms.EmailField(
        label=say_lazy("받는 사람 이메일", "E-mail"),
        max_length=100,
        help_text=say_lazy("작성할 링크를 이 주소로 보냅니다.", "The link goes to this address."),
    )
    last_day = DayField(
        label=say_lazy("작성 기한", "Until"),
    )
    message = forms.CharField(
        label=say_lazy("전하는 말", "Message"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    allow_individual = forms.BooleanField(
        label=say_lazy(
            "개인(주민등록번호)도 작성할 수 있게 합니다.",
            "Somebody without a business number may answer, too.",
        ),
        required=False,
    )
    counterparty = forms.ModelChoiceField(
        queryset=Counterparty.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *arguments: Any, businesses: Sequence[Business], **named: Any) -> None:
        super().__init__(*arguments, **named)
        business = self.fields["business"]
        assert isinstance(business, forms.ChoiceField)  # noqa: S101 (declared above)
        business.choices = [
            (str(one.pk), f"{one.name} ({business_number(one.number)})") for one in businesses
        ]
        counterparty = self.fields["counterparty"]
        assert isinstance(counterparty, forms.ModelChoiceField)  # noqa: S101 (declared above)
        counterparty.queryset = Counterparty.objects.filter(merged_into=None, archived_at=None)

    def say(self, error: DojangError, field: str | None = None) -> None:
        """Show a refusal, at its field if it has one."""
        self.is_valid()
        self.add_error(field, say_error(error))


class SendBackForm(forms.Form):
    """Why an answer is sent back."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=say_lazy("돌려보내는 사유", "Why you send it back"),
        max_length=MOST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=say_lazy("거래처가 그대로 봅니다.", "The customer reads it as it stands."),
    )

    def say(self, error: DojangError) -> None:
        """Show a refusal at the field."""
        self.is_valid()
        self.add_error("reason", say_error(error))


class AnswerForm(forms.Form):
    """What a customer says of itself; its contacts are rows of their own."""

    kind = forms.ChoiceField(
        label=say_lazy("구분", "Kind"), choices=_KINDS, widget=forms.RadioSelect, initial=Kind.BUSINESS
    )
    number = forms.CharField(
        label=say_lazy("사업자등록번호", "Business number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", **_QUIET}),
        help_text=say_lazy("숫자 10자리.", "Ten digits."),
    )
    branch_number = forms.CharField(
        label=say_lazy("종사업장번호", "Branch number"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", **_QUIET}),
        help_text=say_lazy(
            "사업자단위과세의 종된 사업장이면 4자리.", "Four digits, for a branch taxed as one unit."
        ),
    )
    personal_number = forms.CharField(
        label=say_lazy("주민등록번호(외국인등록번호)", "Resident number"),
        required=False,
        max_length=30,
        widget=Unshown(attrs={"inputmode": "numeric", **_SECRET}),
        help_text=say_lazy(
            "세금계산서에 적어야 하는 번호입니다. 암호화해 보관하고 다시 보여 주지 않습니다.",
            "Invoices need it. It is kept encrypted and never shown again.",
        ),
    )
    name = forms.CharField(
        label=say_lazy("상호(개인은 성명)", "Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    representative = forms.CharField(
        label=say_lazy("대표자", "Representative"), required=False, max_length=100
    )
    address = forms.CharField(
        label=say_lazy("사업장 주소", "Address"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    business_type = forms.CharField(label=say_lazy("업태", "Business type"), required=False, max_length=200)
    business_item = forms.CharField(label=say_lazy("종목", "Business item"), required=False, max_length=200)

    def __init__(self, *arguments: Any, row: BillingRequest, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not row.allow_individual:
            self.fields["kind"].widget = forms.HiddenInput()
            del self.fields["personal_number"]

    def details(self, contacts: Sequence[ContactDetails]) -> Details:
        """What was typed; an empty number of a person leaves the one that is kept."""
        values = self.cleaned_data
        return Details(
            **{name: value for name, value in values.items() if name != "personal_number"},
            personal_number=values.get("personal_number") or None,
            contacts=tuple(contacts),
        )
