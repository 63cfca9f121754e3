"""The forms of workspaces."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from django import forms

from dojang.errors import DojangError
from dojang.etax.calendar.periods import SupplierKind, TaxType
from dojang.etax.codes import Purpose
from dojang.etax.identifiers import is_branch_number, is_business_number, normalize
from dojang.service.web.fields import DayField
from dojang.service.web.say import say, say_error, say_lazy
from dojang.service.workspaces import facts, words
from dojang.service.workspaces.models import Business, Membership, TransmitPolicy
from dojang.service.workspaces.roles import Role
from dojang.service.workspaces.services.invitations import INVITED_AS
from dojang.service.workspaces.services.membership import GIVEN
from dojang.service.workspaces.services.settings import MINUTES

T = TypeVar("T")


class ServiceForm(forms.Form):
    """A form whose service may refuse: the refusal is shown at the field it is about."""

    #: Code of a refusal → field.
    at: ClassVar[Mapping[str, str]] = {}

    def run(self, call: Callable[[], T]) -> T | None:
        """What `call` returns; None where the form or the service refuses, and the form then says why."""
        if not self.is_valid():
            return None
        try:
            return call()
        except DojangError as error:
            if getattr(error, "status", 400) in {403, 404}:
                raise
            self.add_error(self.at.get(error.code), say_error(error))
            return None


class BusinessForm(ServiceForm):
    """A business, as its registration certificate names it."""

    at: ClassVar = {
        "no_business_number": "number",
        "business_there_already": "number",
        "number_is_fixed": "number",
    }

    number = forms.CharField(
        label=say_lazy("사업자등록번호", "Business registration number"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "000-00-00000"}),
    )
    name = forms.CharField(
        label=say_lazy("상호(법인명)", "Company name"),
        max_length=70,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    representative = forms.CharField(label=say_lazy("성명(대표자)", "Representative"), max_length=30)
    address = forms.CharField(
        label=say_lazy("사업장 주소", "Address"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    business_type = forms.CharField(
        label=say_lazy("업태", "Business type"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": say_lazy("예: 도매업", "e.g. wholesale")}),
    )
    business_item = forms.CharField(
        label=say_lazy("종목", "Business item"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": say_lazy("예: 사무용품", "e.g. stationery")}),
    )
    contact_name = forms.CharField(label=say_lazy("담당자", "Contact"), max_length=30, required=False)
    contact_email = forms.EmailField(
        label=say_lazy("담당자 이메일", "Contact's e-mail"), max_length=40, required=False
    )
    contact_phone = forms.CharField(
        label=say_lazy("담당자 전화", "Contact's phone"), max_length=20, required=False
    )

    def clean_number(self) -> str:
        number = normalize(self.cleaned_data["number"])
        if not is_business_number(number):
            raise forms.ValidationError(
                say(
                    "사업자등록번호가 맞지 않습니다. 사업자등록증의 10자리 번호를 확인해 주세요.",
                    "This is no business registration number. Compare the ten digits with the certificate.",
                )
            )
        return number


class FoundingForm(BusinessForm):
    """A new workspace: its first business, and what it is called."""

    workspace_name = forms.CharField(
        label=say_lazy("작업공간 이름", "Name of the workspace"),
        max_length=60,
        required=False,
        help_text=say_lazy("비워 두면 상호를 씁니다.", "The company's name if left empty."),
    )


class DefaultsForm(ServiceForm):
    """What a new document begins with."""

    purpose = forms.ChoiceField(label=say_lazy("영수·청구", "Receipt or claim"), widget=forms.RadioSelect)
    rounding = forms.ChoiceField(
        label=say_lazy("세액의 원 미만", "Parts of a won in tax"),
        help_text=say_lazy(
            "공급가액의 10%를 계산할 때 1원이 되지 않는 금액을 처리하는 방법입니다. 보통 버립니다.",
            "What becomes of less than a won when 10 % is computed. Most companies drop it.",
        ),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _choose(self, "purpose", [(each.value, say(each.ko, each.en.capitalize())) for each in Purpose])
        _choose(self, "rounding", words.choices(words.ROUNDINGS))


class FactsForm(ServiceForm):
    """What deadlines, penalties and returns are computed from."""

    #: All that a choice can't get wrong: a day such as 31 February.
    at: ClassVar = {"invalid_facts": "fiscal_year_end"}

    supplier_kind = forms.ChoiceField(
        label=say_lazy("법인·개인", "Corporation or sole proprietor"), widget=forms.RadioSelect
    )
    tax_type = forms.ChoiceField(
        label=say_lazy("과세유형", "Tax type"),
        help_text=say_lazy(
            "사업자등록증에 적힌 유형입니다. 면세사업자는 세금계산서가 아니라 계산서를 발행합니다.",
            "As the registration certificate says. An exempt business issues 계산서, not 세금계산서.",
        ),
    )
    tax_type_since = DayField(
        label=say_lazy("이 유형이 된 날", "This type since"),
        required=False,
        help_text=say_lazy(
            "과세유형이 바뀐 적이 있을 때만 적습니다. 바뀐 날 앞뒤로 신고기간이 달라집니다.",
            "Only if the type has changed: the return periods differ before and after that day.",
        ),
    )
    e_obligated = forms.ChoiceField(
        label=say_lazy("전자발급 의무 (개인사업자)", "Obliged to issue electronically (sole proprietors)"),
        help_text=say_lazy(
            "법인은 언제나 의무입니다. 개인은 직전 연도 공급가액 합계가 기준금액 이상이면 7월 1일부터 의무이고, "
            "세무서가 통지합니다. 의무가 아니면 지연전송 가산세가 없습니다.",
            "A corporation always is. A sole proprietor is from 1 July if last year's supplies reached the threshold, "
            "and gets a notice of the tax office. Who isn't pays no penalty for sending late.",
        ),
    )
    files_preliminary = forms.ChoiceField(
        label=say_lazy("예정신고", "Files preliminary returns"),
        help_text=say_lazy(
            "4월과 10월에 예정신고를 직접 하는지입니다. 예정고지로 내는 개인사업자와 소규모 법인은 하지 않습니다.",
            "Whether returns are filed in April and October. Sole proprietors and small corporations that pay what "
            "the office assesses don't.",
        ),
    )
    fiscal_year_end = forms.RegexField(
        r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        label=say_lazy("사업연도 종료일 (법인)", "End of the fiscal year (corporations)"),
        required=False,
        empty_value="12-31",
        widget=forms.TextInput(attrs={"placeholder": "12-31", "inputmode": "numeric"}),
        help_text=say_lazy("월-일로 적습니다. 예: 12-31", "As month-day, such as 12-31."),
        error_messages={
            "invalid": say_lazy("12-31처럼 월-일로 적어 주세요.", "Write it as month-day, such as 12-31.")
        },
    )
    sme = forms.BooleanField(
        label=say_lazy("중소기업", "Small or medium enterprise"),
        required=False,
        help_text=say_lazy(
            "가산세 한도가 중소기업은 5천만 원, 그 밖에는 1억 원입니다(국세기본법 제49조).",
            "Penalties are capped at 50 million won for such, at 100 million for others (국세기본법 §49).",
        ),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        yes_no = [
            (facts.YES, say("예", "Yes")),
            (facts.NO, say("아니요", "No")),
            (facts.UNKNOWN, say("모름 (두 경우를 모두 보여 줍니다)", "Not known (both cases are shown)")),
        ]
        kinds = {
            SupplierKind.CORPORATION: ("법인사업자", "Corporation"),
            SupplierKind.INDIVIDUAL: ("개인사업자", "Sole proprietor"),
        }
        types = {
            TaxType.GENERAL: ("일반과세자", "General"),
            TaxType.SIMPLIFIED: ("간이과세자", "Simplified"),
            TaxType.EXEMPT: ("면세사업자", "Exempt"),
        }
        _choose(self, "supplier_kind", [(kind.value, say(*text)) for kind, text in kinds.items()])
        _choose(self, "tax_type", [(kind.value, say(*text)) for kind, text in types.items()])
        _choose(self, "e_obligated", yes_no)
        _choose(self, "files_preliminary", yes_no)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        simplified = cleaned.get("tax_type") == TaxType.SIMPLIFIED
        if simplified and cleaned.get("supplier_kind") == SupplierKind.CORPORATION:
            self.add_error(
                "tax_type",
                say("법인은 간이과세자가 될 수 없습니다.", "A corporation can't be a simplified taxpayer."),
            )
        return cleaned


class SealForm(ServiceForm):
    """A picture of the seal."""

    at: ClassVar = {"not_a_seal_image": "image"}

    image = forms.FileField(
        label=say_lazy("도장 이미지", "Seal image"),
        help_text=say_lazy(
            "PNG 또는 JPEG, 200 KB 이하. 배경이 투명한 PNG가 가장 보기 좋습니다.",
            "PNG or JPEG, up to 200 KB. A PNG with transparent background looks best.",
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )


class BranchForm(ServiceForm):
    """A 종사업장."""

    at: ClassVar = {"no_branch_number": "number", "branch_there_already": "number"}

    number = forms.CharField(
        label=say_lazy("종사업장번호", "Branch number"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "0001"}),
    )
    name = forms.CharField(label=say_lazy("종사업장 이름", "Name"), max_length=70)
    address = forms.CharField(label=say_lazy("주소", "Address"), max_length=150, required=False)

    def clean_number(self) -> str:
        number = normalize(self.cleaned_data["number"])
        if not is_branch_number(number):
            raise forms.ValidationError(
                say("종사업장번호는 숫자 4자리입니다.", "A branch number has four digits.")
            )
        return number


class SettingsForm(ServiceForm):
    """The workspace as a whole."""

    name = forms.CharField(label=say_lazy("작업공간 이름", "Name of the workspace"), max_length=60)
    transmit_policy = forms.ChoiceField(
        label=say_lazy("국세청 전송", "Transmission to the NTS"),
        widget=forms.RadioSelect,
        help_text=say_lazy(
            "전송하기 전에는 발행을 취소할 수 있습니다. 전송기한이 가까우면 이 설정과 관계없이 기한 안에 보냅니다.",
            "Until it is transmitted, an invoice can be cancelled. The legal deadline comes before this setting.",
        ),
    )
    transmit_minutes = forms.IntegerField(
        label=say_lazy("발행하고 몇 분 뒤에 보낼까요", "Minutes after issuing"),
        min_value=MINUTES.start,
        max_value=MINUTES.stop - 1,
        required=False,
        help_text=say_lazy("‘정한 시간 뒤’를 골랐을 때 씁니다.", "Used with “some minutes after issuing”."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _choose(self, "transmit_policy", words.choices(words.POLICIES))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        minutes = cleaned.get("transmit_minutes")
        if cleaned.get("transmit_policy") == TransmitPolicy.AFTER_MINUTES and minutes is None:
            self.add_error("transmit_minutes", say("몇 분인지 적어 주세요.", "Say how many minutes."))
        cleaned["transmit_minutes"] = minutes or self.initial.get("transmit_minutes", MINUTES.start)
        return cleaned


class InvitationForm(ServiceForm):
    """Somebody asked to join."""

    at: ClassVar = {
        "no_email": "email",
        "member_already": "email",
        "invited_already": "email",
        "role_not_given": "role",
    }

    email = forms.EmailField(
        label=say_lazy("이메일", "E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=say_lazy("권한", "Role"), widget=forms.RadioSelect, initial=Role.VIEWER)
    business = forms.TypedChoiceField(
        label=say_lazy("사업장", "Business"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *arguments: Any, businesses: Iterable[Business], **named: Any) -> None:
        super().__init__(*arguments, **named)
        roles = [
            (role, f"{text}: {words.role_meaning(role)}")
            for role, text in words.choices(words.ROLES, INVITED_AS)
        ]
        _choose(self, "role", roles)
        whole = [("", say("작업공간 전체", "The whole workspace"))]
        _choose(self, "business", [*whole, *((str(one.pk), one.name) for one in businesses)])


class RoleForm(ServiceForm):
    """A member's role in the workspace."""

    at: ClassVar = {"role_not_given": "role"}

    role = forms.ChoiceField(label=say_lazy("권한", "Role"), widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        roles = [
            (role, f"{text}: {words.role_meaning(role)}") for role, text in words.choices(words.ROLES, GIVEN)
        ]
        _choose(self, "role", roles)


class BusinessRolesForm(ServiceForm):
    """A member's role in each business."""

    def __init__(
        self, *arguments: Any, businesses: Iterable[Business], roles: Mapping[int, str], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        same = [("", say("작업공간과 같음", "As in the workspace")), *words.choices(words.ROLES, GIVEN)]
        self.fields.update(
            {
                str(one.pk): forms.ChoiceField(
                    label=one.name, choices=same, required=False, initial=roles.get(one.pk, "")
                )
                for one in businesses
            }
        )

    def roles(self) -> dict[int, str]:
        """Business id → role."""
        return {int(name): role for name, role in self.cleaned_data.items()}


class SuccessorForm(ServiceForm):
    """Who takes over; asked only where something is open."""

    at: ClassVar = {"no_successor": "successor"}

    successor = forms.TypedChoiceField(
        label=say_lazy("작성 중인 문서를 이어받을 사람", "Who takes over the open documents"),
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *arguments: Any, candidates: Iterable[Membership], needed: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        people = [(str(one.pk), f"{one.user} · {words.role_text(one.role)}") for one in candidates]
        _choose(self, "successor", [("", say("골라 주세요", "Choose")), *people])
        self.fields["successor"].required = needed


class HeirForm(ServiceForm):
    """Who becomes the owner."""

    heir = forms.TypedChoiceField(label=say_lazy("새 소유자", "New owner"), coerce=int)

    def __init__(self, *arguments: Any, candidates: Iterable[Membership], **named: Any) -> None:
        super().__init__(*arguments, **named)
        people = [(str(one.pk), f"{one.user} ({one.user.email})") for one in candidates]
        _choose(self, "heir", [("", say("골라 주세요", "Choose")), *people])


class ClosingForm(ServiceForm):
    """Closing a workspace: its name, typed, so that it is this one that is meant."""

    at: ClassVar = {"other_name": "name"}

    name = forms.CharField(
        label=say_lazy("작업공간 이름 입력", "Type the workspace's name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Choices in the language of the request; they are made with each form."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
