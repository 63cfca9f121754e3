"""홈택스 일괄발급 file: invoices as the 59 columns of the spreadsheet that the tax office's site issues from.

Whoever has no registration of their own (부가가치세법 시행령 제68조제6항) issues on the site itself; this file is what
spares typing. `check` says what the form can't hold before anything is written, and nothing is cut unseen:

    findings = check(invoice)
    if not errors(findings):
        rows = sheet([row(invoice)])     # a list of cells for each row, headings first
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from importlib.resources import files
from typing import Any, Final

from dojang.etax.amendments.particles import fill
from dojang.etax.amounts import totals_of
from dojang.etax.codes import BuyerKind, PaymentMeans
from dojang.etax.findings import Finding, Severity
from dojang.etax.invoice import Invoice, LineItem

Written = str | int
"""A cell: text, or whole won."""

_FIRST: Final = "{name} 외 {count}건"


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    value: str
    most: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What the form is like: `bulk.toml`.

    Attributes:
        most_rows: documents of one file.
        issued_at_once: how many of them the site issues in one go.
        most_items: items of one document.
        sheet: the name of the sheet.
    """

    most_rows: int
    issued_at_once: int
    most_items: int
    sheet: str
    above: tuple[str, ...]
    heading_row: int
    kinds: Mapping[str, str]
    purposes: Mapping[str, str]
    columns: tuple[_Column, ...]
    findings: Mapping[str, Mapping[str, str]]

    @property
    def headings(self) -> tuple[str, ...]:
        """Of its columns."""
        return tuple(column.heading for column in self.columns)


@cache
def layout() -> Layout:
    """The form."""
    given: dict[str, Any] = tomllib.loads(files("dojang.hometax").joinpath("bulk.toml").read_text("utf-8"))
    items = (
        _Column("\n".join((f"{one['heading']}{number}", *filter(None, [one.get("below")]))), one["value"],
                one.get("most"), number - 1)
        for number in range(1, given["most_items"] + 1)
        for one in given["item"]
    )  # fmt: skip
    before, after = (
        [_Column(one["heading"], one["value"], one.get("most")) for one in given[part]]
        for part in ("column", "end")
    )
    return Layout(
        given["most_rows"],
        given["issued_at_once"],
        given["most_items"],
        given["sheet"],
        tuple(given["above"]),
        given["heading_row"],
        given["kinds"],
        given["purposes"],
        (*before, *items, *after),
        given["findings"],
    )


def check(invoice: Invoice, *, combine: bool = False) -> tuple[Finding, ...]:
    """What keeps a document out of the file, and what looks different in it.

    Args:
        invoice: as it is to be issued; whether it may be issued at all is `dojang.etax.check`'s to say.
        combine: whether all items from the fourth on may become one line.
    """
    return tuple(_findings(invoice, combined(invoice) if combine else invoice))


def combined(invoice: Invoice) -> Invoice:
    """The same document with all items from the fourth on in one line; the totals stay."""
    most = layout().most_items
    if len(invoice.items) <= most:
        return invoice
    kept, rest = invoice.items[: most - 1], invoice.items[most - 1 :]
    sums = totals_of(rest)
    line = LineItem(
        supplied_on=rest[0].supplied_on,
        name=_FIRST.format(name=rest[0].name or "", count=len(rest) - 1),
        supply_amount=sums.supply_amount,
        tax_amount=sums.tax_amount,
    )
    return invoice.replace(items=(*kept, line))


def row(invoice: Invoice, *, combine: bool = False) -> tuple[Written, ...]:
    """The cells of a document that `check` finds no error in.

    Raises:
        ValueError: there is an error: the form can't hold it.
    """
    if any(one.severity is Severity.ERROR for one in check(invoice, combine=combine)):
        raise ValueError("the form can't hold this document")
    shown = combined(invoice) if combine else invoice
    return tuple(_value(shown, column) for column in layout().columns)


def sheet(rows: Iterable[Sequence[Written]]) -> list[Sequence[Written]]:
    """All rows of one file: what stands above, the headings and at most `most_rows` documents."""
    form = layout()
    above: list[Sequence[Written]] = [(text,) for text in form.above]
    above += [()] * (form.heading_row - 1 - len(above))
    return [*above, form.headings, *rows]


def parts(rows: Sequence[Sequence[Written]]) -> Iterator[Sequence[Sequence[Written]]]:
    """Rows as files hold them."""
    most = layout().most_rows
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def _findings(invoice: Invoice, shown: Invoice) -> Iterator[Finding]:
    form = layout()
    kind = invoice.document_type
    if kind.value not in form.kinds:
        yield _finding("kind_not_in_bulk", "document_type", kind=kind.ko, kind_en=kind.en)
    if invoice.buyer.kind is not BuyerKind.BUSINESS:
        yield _finding("buyer_is_a_person", "buyer.kind")
    if invoice.purpose is None:
        yield _finding("no_purpose", "purpose")
    if len(shown.items) > form.most_items:
        yield _finding("too_many_items", "items", count=len(shown.items))
    for place, item in enumerate(shown.items):
        day = item.supplied_on
        if day is not None and (day.year, day.month) != (invoice.written_on.year, invoice.written_on.month):
            yield _finding("item_of_other_month", f"items[{place}].supplied_on")
    if len(invoice.remarks) > 1:
        yield _finding("several_remarks", "remarks", Severity.WARNING)
    if any(count > 1 for count in Counter(one.means for one in invoice.payments).values()):
        yield _finding("means_of_payment", "payments", Severity.WARNING)
    yield from _too_long(shown, form)


def _too_long(invoice: Invoice, form: Layout) -> Iterator[Finding]:
    for column in form.columns:
        length = len(str(_value(invoice, column)))
        if column.most is not None and length > column.most:
            path = column.value if column.item is None else f"items[{column.item}].{column.value}"
            yield _finding("too_long", _PATHS.get(path, path), most=column.most, length=length)


_PATHS: Final = {"remark": "remarks"}


def _finding(code: str, path: str, severity: Severity = Severity.ERROR, **facts: object) -> Finding:
    words = layout().findings[code]
    return Finding(code, severity, path, fill(words["ko"], facts), fill(words["en"], facts))


def _value(invoice: Invoice, column: _Column) -> Written:
    if column.item is not None:
        item = invoice.items[column.item] if column.item < len(invoice.items) else None
        return "" if item is None else _of_item(item, column.value, invoice)
    if own := _OWN.get(column.value):
        return own(invoice)
    path = column.value.replace("]", "").replace("[", ".").split(".")
    return _written(reduce(_step, path, invoice))


def _paid(means: PaymentMeans) -> Callable[[Invoice], Written]:
    def sum_of(invoice: Invoice) -> Written:
        amounts = [one.amount for one in invoice.payments if one.means is means]
        return sum(amounts) if amounts else ""

    return sum_of


def _kind(invoice: Invoice) -> Written:
    return layout().kinds.get(invoice.document_type.value, "")


def _day_written(invoice: Invoice) -> Written:
    return f"{invoice.written_on:%Y%m%d}"


def _purpose(invoice: Invoice) -> Written:
    return layout().purposes.get(invoice.purpose or "", "")


def _remark(invoice: Invoice) -> Written:
    return " ".join(one for one in invoice.remarks if one)


_OWN: Final[Mapping[str, Callable[[Invoice], Written]]] = {
    "kind": _kind,
    "written_on": _day_written,
    "purpose": _purpose,
    "remark": _remark,
    **{means.value: _paid(means) for means in PaymentMeans},
}
"""What is not simply a field of the document."""


def _of_item(item: LineItem, name: str, invoice: Invoice) -> Written:
    if name == "day":
        return f"{item.supplied_on or invoice.written_on:%d}"
    return _written(getattr(item, name))


def _step(value: Any, name: str) -> Any:  # noqa: ANN401 (any part of an invoice)
    if value is None:
        return None
    if name.isdigit():
        return value[int(name)] if int(name) < len(value) else None
    return getattr(value, name)


def _written(value: object) -> Written:
    """Amounts as numbers; everything else as text, so that no number loses a zero."""
    if value is None:
        return ""
    return value if isinstance(value, int) else str(value)
