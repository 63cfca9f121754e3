"""The forms of records. What is right and wrong is said in the services."""

from dataclasses import astuple
from typing import Any, Final, Self

from django import forms
from django.http import QueryDict

from dojang.etax.identifiers import normalize
from dojang.service.counterparties.models import Counterparty
from dojang.service.records import correcting
from dojang.service.records.deduction import GROUNDS
from dojang.service.records.document_forms import DocumentForm
from dojang.service.records.expected import Told
from dojang.service.records.models import Correction, NotDeductible, PartyKind, Side
from dojang.service.records.paper import LINES, Paper, PaperItem
from dojang.service.web.fields import QUIET, DayField, WonField
from dojang.service.web.say import say_lazy
from dojang.service.web.templatetags.dojang import business_number

_SIDES: Final = (
    (Side.PURCHASE.value, say_lazy("매입 (받은 문서)", "Purchase (received)")),
    (Side.SALES.value, say_lazy("매출 (다른 곳에서 발행)", "Sale (issued elsewhere)")),
)
_KINDS: Final = (
    (PartyKind.BUSINESS.value, say_lazy("사업자", "Business")),
    (PartyKind.INDIVIDUAL.value, say_lazy("개인", "Individual")),
)
_WHYS: Final = tuple((why.value, say_lazy(why.label, correcting.WHY_EN[why])) for why in Correction.Why)

#: What a counterparty fills in besides its number and kind.
_FROM_COUNTERPARTY: Final = ("branch_number", "name", "representative")


class MultipleFiles(forms.ClearableFileInput):
    """A field that takes many files."""

    allow_multiple_selected = True


class DecisionForm(forms.Form):
    """공제 여부, 고정자산, 메모."""

    not_deductible = forms.ChoiceField(label=say_lazy("공제 여부", "Deduction"), required=False)
    fixed_asset = forms.BooleanField(label=say_lazy("고정자산 매입", "A fixed asset"), required=False)
    note = forms.CharField(label=say_lazy("메모", "Memo"), required=False, max_length=200)

    def __init__(self, *args: Any, deducts: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        choices: list[tuple[str, Any]] = [("", say_lazy("공제", "Deductible"))]
        if deducts:
            choices += [
                (
                    code.value,
                    say_lazy(
                        f"불공제 · {ground.ko} ({ground.citation})", f"No · {ground.en} ({ground.citation})"
                    ),
                )
                for code, ground in GROUNDS.items()
            ]
        field = self.fields["not_deductible"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (it is one)
        field.choices = choices
        if not deducts:
            del self.fields["not_deductible"]

    def clean_not_deductible(self) -> str:
        """A code of the table."""
        value = str(self.cleaned_data["not_deductible"])
        return value if value in NotDeductible.values else ""


class CorrectionForm(forms.Form):
    """What happened, and what is known of how it should be."""

    why = forms.ChoiceField(
        label=say_lazy("무엇이 다른가요?", "What is wrong?"), choices=_WHYS, widget=forms.RadioSelect
    )
    supply_amount = WonField(
        label=say_lazy(
            "올바른 공급가액 / 반품 공급가액", "Right supply amount, or that of the returned goods"
        ),
        required=False,
        min_value=0,
        max_value=10**15,
        help_text=say_lazy(
            "‘금액이 다름’과 ‘반품’에서 적으면 받을 문서를 계산해 함께 보냅니다.",
            "For a wrong amount or a return: the expected document is worked out from it.",
        ),
    )
    written_on = DayField(
        label=say_lazy("올바른 작성일자", "Right date written"),
        required=False,
    )
    happened_on = DayField(
        label=say_lazy("반품된 날 / 계약이 해제된 날", "Day of the return or of the undoing"),
        required=False,
    )
    twin = forms.CharField(
        label=say_lazy("남길 문서의 승인번호 (이중발급)", "Issue id of the one to keep"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=QUIET),
    )
    text = forms.CharField(
        label=say_lazy("공급자에게 할 말", "In your words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    to = forms.EmailField(
        label=say_lazy("공급자 이메일", "Supplier's e-mail"),
        required=False,
        max_length=100,
        help_text=say_lazy(
            "비워 두면 메일을 보내지 않고 요청한 것으로만 표시합니다.",
            "Leave it empty to only note that you asked.",
        ),
    )

    def told(self) -> Told:
        """What was said."""
        values = self.cleaned_data
        return Told(
            why=Correction.Why(values["why"]),
            supply_amount=values["supply_amount"],
            written_on=values["written_on"],
            happened_on=values["happened_on"],
            twin=normalize(values["twin"]),
        )


class PaperForm(DocumentForm):
    """A paper document."""

    columns = ("item", "supply", "tax")
    needed = ("name", "number")

    side = forms.ChoiceField(
        label=say_lazy("구분", "Side"), choices=_SIDES, widget=forms.RadioSelect, initial=Side.PURCHASE
    )
    amended = forms.BooleanField(label=say_lazy("수정세금계산서", "An amendment"), required=False)
    issued_on = DayField(
        label=say_lazy("발급일자", "Date issued"),
        required=False,
        help_text=say_lazy("받은 날이 작성일자와 다를 때 적습니다.", "If you received it on another day."),
    )
    party_kind = forms.ChoiceField(
        label=say_lazy("거래처 구분", "Kind of party"),
        choices=_KINDS,
        widget=forms.RadioSelect,
        initial=PartyKind.BUSINESS.value,
    )
    personal_number = forms.CharField(
        label=say_lazy("주민등록번호", "Resident number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **QUIET}),
        help_text=say_lazy(
            "개인에게 발급한 매출만. 암호화해 보관하고 다시 보여 주지 않습니다.",
            "Only for sales to individuals. Kept encrypted and not shown again.",
        ),
    )
    is_another = forms.BooleanField(
        label=say_lazy("같은 내용의 다른 문서가 맞습니다", "It is another document"), required=False
    )

    def __init__(self, *args: Any, businesses: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, businesses=businesses, count=LINES, **named)

    def paper(self, *, keeps_number: bool) -> Paper:
        """What was typed."""
        values = self.cleaned_data
        number = values["personal_number"]
        return Paper(
            side=Side(values["side"]),
            taxation=self.chosen_taxation,
            amended=values["amended"],
            written_on=values["written_on"],
            issued_on=values["issued_on"],
            party_kind=PartyKind(values["party_kind"]),
            number=values["number"],
            branch_number=values["branch_number"],
            personal_number=None if keeps_number and not number else number,
            name=values["name"],
            representative=values["representative"],
            items=tuple(PaperItem(*line) for line in self.typed_lines()),
            remark=values["remark"],
        )

    @classmethod
    def looked_up(
        cls, posted: QueryDict, used: Counterparty | None, *, businesses: list[tuple[str, str]]
    ) -> Self:
        """The form as it was typed, with the counterparty that was chosen; a person's number has to be typed again."""
        values: dict[str, Any] = posted.dict()
        values.pop("personal_number", None)
        if used is not None:
            values |= {name: getattr(used, name) for name in _FROM_COUNTERPARTY}
            values |= {"number": business_number(used.number), "party_kind": used.kind}
        return cls(initial=values, businesses=businesses)

    @classmethod
    def shown(cls, paper: Paper, business_id: int) -> dict[str, Any]:
        """The values of the fields for a document that was typed before."""
        return {
            "side": paper.side.value,
            "business": str(business_id),
            "taxation": paper.taxation.value,
            "amended": paper.amended,
            "written_on": paper.written_on,
            "issued_on": paper.issued_on,
            "party_kind": paper.party_kind.value,
            "number": business_number(paper.number),
            "branch_number": paper.branch_number,
            "name": paper.name,
            "representative": paper.representative,
            "remark": paper.remark,
            **cls.shown_lines(map(astuple, paper.items[:LINES])),
        }
