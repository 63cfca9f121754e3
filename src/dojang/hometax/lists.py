"""홈택스 매출·매입 전자(세금)계산서 목록: rows of a spreadsheet in, documents and findings out.

    for one in read(rows, ours=["9998600010"]):
        match one:
            case Finding(): ...   # row, column, what is wrong and what to do
            case Row(): ...       # one.sides, one.document()

Rows are read as they come and never all kept. What is wrong in a row is told, and the next row is read. A list has the
first item of a document alone; the rest of its amounts stands in a second one, so that items and totals agree.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from typing import Any, Final

from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType, Purpose, Taxation
from dojang.etax.identifiers import (
    FOREIGNER_NUMBER,
    IssueId,
    is_branch_number,
    is_business_number,
    is_resident_number,
    normalize,
)
from dojang.etax.invoice import Buyer, Contact, Invoice, LineItem, Party
from dojang.hometax import cells
from dojang.hometax.cells import Cell, Unreadable
from dojang.hometax.columns import (
    BUYER,
    SUPPLIER,
    Column,
    Headings,
    Kind,
    bare,
    find_headings,
    finding,
    table,
)
from dojang.hometax.findings import Finding

OTHER_ITEMS: Final = "그 밖의 품목"
"""The name of the item that has what the first one leaves of the totals."""
_MOST_TEXT: Final = 200
_RESIDENT_LENGTH: Final = 13
_HIDDEN: Final = "*"


class Side(StrEnum):
    """What a document is for one of our businesses."""

    SALES = "sales"
    PURCHASE = "purchase"


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """A party as a list has it; a person's number may be hidden behind asterisks, and is then empty."""

    number: str
    branch_number: str
    name: str
    representative: str
    address: str
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One document of a list.

    Attributes:
        number: of its row, as the spreadsheet counts, from 1.
        sides: what it is for the businesses that were named: none where it is somebody else's.
        way: 발급유형, as it is written there.
        item: the first one; None where the list has none.
    """

    number: int
    sides: tuple[Side, ...]
    document_type: DocumentType
    issue_id: str
    written_on: date
    issued_on: date | None
    sent_on: date | None
    supplier: Listed
    buyer: Listed
    buyer_kind: BuyerKind
    supply_amount: int
    tax_amount: int
    total_amount: int
    remark: str = field(repr=False)
    purpose: Purpose | None
    way: str
    amendment_reason: AmendmentReason | None
    original_issue_id: str
    item: LineItem | None

    def document(self) -> Invoice:
        """What is known of the document, with items that add up to its totals."""
        return Invoice(
            document_type=self.document_type,
            written_on=self.written_on,
            purpose=self.purpose,
            remarks=(self.remark,) if self.remark else (),
            supplier=Party(
                business_number=self.supplier.number,
                branch_number=self.supplier.branch_number or None,
                name=self.supplier.name,
                representative=self.supplier.representative,
                address=self.supplier.address or None,
                contact=next((Contact(email=one) for one in self.supplier.emails), None),
            ),
            buyer=Buyer(
                kind=self.buyer_kind,
                number=self.buyer.number,
                branch_number=self.buyer.branch_number or None,
                name=self.buyer.name,
                representative=self.buyer.representative,
                address=self.buyer.address or None,
                contacts=tuple(Contact(email=one) for one in self.buyer.emails),
            ),
            items=self._items(),
            supply_amount=self.supply_amount,
            tax_amount=self.tax_amount,
            total_amount=self.total_amount,
            issue_id=self.issue_id,
            original_issue_id=self.original_issue_id or None,
            amendment_reason=self.amendment_reason,
        )

    def _items(self) -> tuple[LineItem, ...]:
        first = self.item or LineItem()
        if first.supply_amount is None or (first.tax_amount is None and self.is_first_item_all):
            whole = {"supply_amount": self.supply_amount, "tax_amount": self.tax_amount}
            return (first.model_copy(update=whole),)
        supply = self.supply_amount - first.supply_amount
        tax = self.tax_amount - (first.tax_amount or 0)
        if not supply and not tax:
            return (first,)
        return (first, LineItem(name=OTHER_ITEMS, supply_amount=supply, tax_amount=tax))

    @property
    def is_first_item_all(self) -> bool:
        """Whether the first item has the document's whole supply amount."""
        return self.item is not None and self.item.supply_amount == self.supply_amount


def read(rows: Iterable[Sequence[Cell]], *, ours: Collection[str]) -> Iterator[Row | Finding]:
    """The documents of a list, and what is wrong in it, in the order of its rows.

    Args:
        rows: of one sheet from its first row on, empty ones among them, so that they have the numbers people see.
        ours: business numbers whose documents are looked for.
    """
    waiting = iter(rows)
    above = list(islice(waiting, table().above))
    headings = find_headings(above)
    if headings is None:
        yield finding("no_headings", 1)
        return
    yield from headings.findings
    if not headings.is_whole:
        return
    reader = _Reader(headings, _title(above[: headings.row - 1]), frozenset(ours))
    below = chain(above[headings.row :], waiting)
    for number, row in enumerate(below, start=headings.row + 1):
        yield from reader.read(number, row)


@dataclass(frozen=True, slots=True)
class _Title:
    side: Side | None
    is_exempt: bool


def _title(above: Sequence[Sequence[Cell]]) -> _Title:
    words = bare_words(above)
    sales, purchases = (any(word in words for word in some) for some in (table().sales, table().purchases))
    side = None if sales == purchases else Side.SALES if sales else Side.PURCHASE
    return _Title(side, "계산서" in words and "세금계산서" not in words)


def bare_words(rows: Sequence[Sequence[Cell]]) -> str:
    """All that some rows say, without blanks and signs."""
    return " ".join(bare(cells.text(cell)) for row in rows for cell in row)


class _Reader:
    """Reads row after row, and knows which issue ids came before."""

    def __init__(self, headings: Headings, title: _Title, ours: frozenset[str]) -> None:
        self._columns = headings.columns
        self._title = title
        self._is_exempt = title.is_exempt or headings.is_exempt
        self._ours = ours
        self._seen: dict[str, tuple[int, date, int]] = {}
        self._told_side = False

    def read(self, number: int, row: Sequence[Cell]) -> Iterator[Row | Finding]:
        if cells.is_blank(row) or self._is_no_document(row):
            return
        values = _Values(number, row, self._columns)
        found = self._row(values)
        yield from values.findings
        if found is None or values.is_wrong:
            return
        before = self._seen.get(found.issue_id)
        if before is None:
            self._seen[found.issue_id] = (number, found.written_on, found.total_amount)
            if found.sides and self._title.side not in {None, *found.sides} and not self._told_side:
                self._told_side = True
                yield self._other_side(number, found.sides[0])
            yield found
        elif before[1:] != (found.written_on, found.total_amount):
            yield finding("other_below", number, self._columns["issue_id"], first=before[0])
        # The same once more: a further item of the document, which a list has no place for.

    def _is_no_document(self, row: Sequence[Cell]) -> bool:
        """Sums, headings that come again on a next page, and further items that repeat nothing but the issue id."""
        first = next((cells.text(cell) for cell in row if cells.text(cell)), "")
        if bare(first) in table().sums:
            return True
        issue_id = cells.text(_cell(row, self._columns["issue_id"]))
        if bare(issue_id) == bare(table().columns["issue_id"].ko):
            return True
        amount = cells.text(_cell(row, self._columns["supply_amount"]))
        return not amount and _issue_id(issue_id) in self._seen

    def _row(self, values: "_Values") -> Row | None:
        """The document of a row; None where something that is required could not be read."""
        issue_id, written_on = values.issue_id(), values.day("written_on")
        supplier, buyer = values.party(SUPPLIER), values.party(BUYER)
        supply, tax, total = values.amounts()
        issued_on, sent_on = values.day("issued_on"), values.day("sent_on")
        kind = self._document_type(values, tax)
        if written_on is None or kind is None or values.is_wrong:
            return None
        sides = self._sides(supplier.number, buyer.number)
        reason, original = values.text("amendment_reason")[:2], _issue_id(values.text("original_issue_id"))
        return Row(
            number=values.number,
            sides=sides,
            document_type=kind,
            issue_id=issue_id,
            written_on=written_on,
            issued_on=issued_on,
            sent_on=sent_on,
            supplier=supplier,
            buyer=buyer,
            buyer_kind=_kind_of(buyer.number),
            supply_amount=supply,
            tax_amount=tax,
            total_amount=total,
            remark=values.text("remark"),
            purpose=next((one for one in Purpose if one.ko == values.text("purpose")), None),
            way=values.text("way"),
            amendment_reason=AmendmentReason(reason) if reason in set(AmendmentReason) else None,
            original_issue_id=original,
            item=values.item(written_on),
        )

    def _document_type(self, values: "_Values", tax: int) -> DocumentType | None:
        """From 분류 and 종류; an older list without them says enough where there is tax, or where all is exempt."""
        classed, kind = bare(values.text("class")), bare(values.text("kind"))
        exempt = self._is_exempt or ("계산서" in classed and "세금계산서" not in classed)
        half = table().kinds.get(kind.removesuffix("세금계산서").removesuffix("계산서") or "일반")
        if not kind and not exempt and not tax:
            half = None
        first = ("04" if exempt else "02") if "수정" in classed else "03" if exempt else "01"
        known: dict[str, DocumentType] = {one.value: one for one in DocumentType}
        found = known.get(f"{first}{half}")
        if found is None:
            values.tell("unknown_kind", "kind")
        elif tax and found.taxation is not Taxation.TAXABLE:
            values.tell("tax_on_exempt", "tax_amount")
        return found

    def _sides(self, supplier: str, buyer: str) -> tuple[Side, ...]:
        """By the numbers; the title decides between two businesses of ours."""
        found = [
            side for side, number in ((Side.SALES, supplier), (Side.PURCHASE, buyer)) if number in self._ours
        ]
        titled = self._title.side
        return (titled,) if titled is not None and titled in found else tuple(found)

    def _other_side(self, number: int, found: Side) -> Finding:
        words = {Side.SALES: ("매출", "sales"), Side.PURCHASE: ("매입", "purchases")}
        ko, en = words[found]
        title_ko, title_en = words[Side.PURCHASE if found is Side.SALES else Side.SALES]
        return finding("other_side", number, title=title_ko, title_en=title_en, found=ko, found_en=en)


class _Values:
    """The cells of one row by the names of their columns, and what is wrong with them."""

    def __init__(self, number: int, row: Sequence[Cell], columns: Mapping[str, int]) -> None:
        self.number = number
        self.findings: list[Finding] = []
        self.is_wrong = False
        self._row, self._columns = row, columns

    def tell(self, code: str, name: str, *, suggestion: str = "") -> None:
        """Note what is wrong with a cell."""
        found = finding(
            code, self.number, self._columns.get(name), suggestion=suggestion, column=table().columns[name]
        )
        self.findings.append(found)
        self.is_wrong |= found.is_error

    def cell(self, name: str) -> Cell:
        place = self._columns.get(name)
        return None if place is None else _cell(self._row, place)

    def text(self, name: str) -> str:
        """Text of bounded length, without what no XML can hold."""
        written = cells.text(self.cell(name))[:_MOST_TEXT]
        return written if written.isprintable() else "".join(one for one in written if one.isprintable())

    def day(self, name: str) -> date | None:
        return self._read(name, cells.day, "wrong_day")

    def issue_id(self) -> str:
        written = self.text("issue_id")
        found = _issue_id(written)
        if not found:
            self.tell("wrong_issue_id" if written else "no_value", "issue_id")
        return found

    def amounts(self) -> tuple[int, int, int]:
        """공급가액, 세액 and 합계금액; what is left out follows from the others."""
        supply = self._read("supply_amount", cells.won, "wrong_won")
        tax = self._read("tax_amount", cells.won, "wrong_won") or 0
        total = self._read("total_amount", cells.won, "wrong_won")
        if supply is None:
            return 0, tax, 0
        if total is not None and total != supply + tax and not self.is_wrong:
            self.tell("totals_disagree", "total_amount", suggestion=f"{supply + tax:,}")
        return supply, tax, supply + tax

    def party(self, group: str) -> Listed:
        emails = (self.text(name) for name in (f"{group}.email", f"{group}.email2") if name in self._columns)
        return Listed(
            number=self._number(f"{group}.number", people=group == BUYER),
            branch_number=self._branch(f"{group}.branch_number"),
            name=self.text(f"{group}.name"),
            representative=self.text(f"{group}.representative"),
            address=self.text(f"{group}.address"),
            emails=tuple(one for one in emails if one),
        )

    def item(self, written_on: date) -> LineItem | None:
        """The first item, as far as it can be read: nothing in it keeps a row from being read."""
        if not any(name.startswith("item.") for name in self._columns):
            return None

        def near(cell: Cell) -> date | None:
            return cells.day_of_month(cell, written_on)

        return LineItem(
            supplied_on=self._read("item.supplied_on", near, "item_unread"),
            name=self.text("item.name") or None,
            specification=self.text("item.specification") or None,
            quantity=self._exact("item.quantity"),
            unit_price=self._exact("item.unit_price"),
            supply_amount=self._read("item.supply_amount", cells.won, "item_unread"),
            tax_amount=self._read("item.tax_amount", cells.won, "item_unread"),
            remark=self.text("item.remark") or None,
        )

    def _exact(self, name: str) -> Decimal | None:
        return self._read(name, cells.exact, "item_unread")

    def _read(self, name: str, how: Callable[[Cell], Any], code: str) -> Any:  # noqa: ANN401 (what `how` makes)
        try:
            found = how(self.cell(name))
        except Unreadable:
            self.tell(code, name)
            return None
        if found is None and table().columns[name].required:
            self.tell("no_value", name)
        return found

    def _number(self, name: str, *, people: bool) -> str:
        written = normalize(self.text(name))
        if not written:
            self.tell("no_value", name)
        elif is_business_number(written) or (people and is_resident_number(written)):
            return written
        elif not (people and len(written) == _RESIDENT_LENGTH and _HIDDEN in written):
            self.tell("wrong_number", name)
        return ""

    def _branch(self, name: str) -> str:
        """Four digits; Excel may have taken the zeros of a number."""
        written = self.text(name)
        padded = written.zfill(4) if written.isdigit() and int(written) else ""
        return padded if is_branch_number(padded) else ""


def _cell(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None


def _issue_id(written: str) -> str:
    found = IssueId.parse(written.lower())
    return "" if found is None else str(found)


def _kind_of(number: str) -> BuyerKind:
    if is_business_number(number):
        return BuyerKind.BUSINESS
    return BuyerKind.FOREIGNER if number == FOREIGNER_NUMBER else BuyerKind.INDIVIDUAL


__all__ = ["OTHER_ITEMS", "Column", "Finding", "Kind", "Listed", "Row", "Side", "read"]
