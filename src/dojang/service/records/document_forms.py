"""What forms share in which a whole document is typed in: a paper one, one of elsewhere, one asked of a supplier."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final, Self

from django import forms

from dojang.etax.codes import Taxation
from dojang.service.records.refusals import Problem
from dojang.service.web.fields import QUIET, DayField, NumberField, WonField
from dojang.service.web.say import say_lazy
from dojang.service.workspaces.models import Business

_TAXATIONS: Final = (
    (Taxation.TAXABLE.value, say_lazy("과세(10%)", "Taxable (10 %)")),
    (Taxation.ZERO_RATED.value, say_lazy("영세율(0%)", "Zero-rated")),
    (Taxation.EXEMPT.value, say_lazy("면세(계산서)", "Exempt")),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the items, of which every line has a field: its label goes before the line's number."""

    ko: str
    en: str
    field: Callable[..., forms.Field]


#: Every column there is, by the name that goes before the line's number in the names of its fields.
_COLUMNS: Final[Mapping[str, Column]] = {
    "item": Column("품목", "Item", partial(forms.CharField, max_length=100)),
    "specification": Column("규격", "Specification", partial(forms.CharField, max_length=60)),
    "quantity": Column("수량", "Quantity", NumberField),
    "price": Column("단가", "Unit price", NumberField),
    "supply": Column("공급가액", "Supply amount", WonField),
    "tax": Column("세액", "Tax", WonField),
}


class DocumentForm(forms.Form):
    """A document with its other party; its lines are fields of their own."""

    #: Which columns its lines have.
    columns: ClassVar[tuple[str, ...]]
    #: What its service asks for.
    needed: ClassVar[tuple[str, ...]]

    business = forms.ChoiceField(label=say_lazy("사업장", "Business"))
    taxation = forms.ChoiceField(
        label=say_lazy("과세구분", "Taxation"),
        choices=_TAXATIONS,
        widget=forms.RadioSelect,
        initial=Taxation.TAXABLE.value,
    )
    written_on = DayField(label=say_lazy("작성일자", "Date written"))
    number = forms.CharField(
        label=say_lazy("등록번호", "Business number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **QUIET}),
    )
    branch_number = forms.CharField(
        label=say_lazy("종사업장번호", "Branch number"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **QUIET}),
    )
    name = forms.CharField(label=say_lazy("상호(성명)", "Name"), required=False, max_length=70)
    representative = forms.CharField(
        label=say_lazy("대표자", "Representative"), required=False, max_length=30
    )
    remark = forms.CharField(label=say_lazy("비고", "Remark"), required=False, max_length=150)
    find = forms.CharField(
        label=say_lazy("거래처 찾기", "Find a counterparty"), required=False, max_length=70
    )

    def __init__(self, *args: Any, businesses: list[tuple[str, str]], count: int, **named: Any) -> None:
        super().__init__(*args, **named)
        field = self.fields["business"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (it is one)
        field.choices = businesses
        self.count = count
        for n in range(1, count + 1):
            for name in self.columns:
                column = _COLUMNS[name]
                label = say_lazy(f"{column.ko} {n}", f"{column.en} {n}")
                self.fields[f"{name}_{n}"] = column.field(label=label, required=False)

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """The rows of items."""
        return [[self[f"{name}_{n}"] for name in self.columns] for n in range(1, self.count + 1)]

    @property
    def roundings(self) -> str:
        """How each business rounds, for the script that fills in taxes."""
        return json.dumps({str(one.pk): one.rounding for one in Business.objects.only("rounding")})

    @property
    def chosen_taxation(self) -> Taxation:
        """What was chosen."""
        return Taxation.__members__[self.cleaned_data["taxation"].upper()]

    def typed_lines(self) -> list[tuple[Any, ...]]:
        """What was typed in each line, in the order of its columns."""
        values = self.cleaned_data
        return [tuple(values[f"{name}_{n}"] for name in self.columns) for n in range(1, self.count + 1)]

    @classmethod
    def shown_lines(cls, lines: Iterable[Sequence[Any]]) -> dict[str, Any]:
        """The values of the fields for lines that were typed before, each in the order of the columns."""
        return {
            f"{name}_{n}": value
            for n, line in enumerate(lines, 1)
            for name, value in zip(cls.columns, line, strict=True)
        }

    def labelled(self) -> Self:
        """For the page: without "optional" where it is needed. What is missing was judged by the service."""
        for name in self.needed:
            self.fields[name].required = True
        return self

    def refuse(self, problems: Mapping[str, Problem]) -> None:
        """Show what a service found, each at its field if it has one."""
        for name, problem in problems.items():
            self.add_error(name if name in self.fields else None, problem.text)
