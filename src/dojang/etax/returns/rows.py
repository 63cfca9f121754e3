"""Documents, and what they add up to: a cell is everything that the forms do not tell apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dojang.etax.codes import DocumentType
from dojang.etax.returns.filing import Filing, Told


class Side(StrEnum):
    """매출 or 매입."""

    SALES = "sales"
    PURCHASE = "purchase"


class Party(StrEnum):
    """How the other party is named on the form."""

    BUSINESS = "business"
    """사업자등록번호 발급분."""
    PERSON = "person"
    """주민등록번호 발급분: individuals, and foreigners, who have no business number either."""


@dataclass(frozen=True, slots=True)
class Row:
    """One document that counts.

    Attributes:
        party_key: tells parties apart: a business number, or for a person anything that stands for theirs.
        issued_on: 발급일.
        sent_on: 전송일; None for paper.
        not_deductible: 불공제 사유 of a purchase, "" where its tax is deducted.
        fixed_asset: 고정자산 매입.
    """

    side: Side
    document_type: DocumentType
    party: Party
    party_key: str
    written_on: date
    issued_on: date
    sent_on: date | None
    supply_amount: int
    tax_amount: int
    not_deductible: str = ""
    fixed_asset: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """What the forms tell apart. `collected`: e-invoice, with 국세청 by the 11th."""

    side: Side
    document_type: DocumentType
    party: Party
    collected: bool
    told: Told
    not_deductible: str = ""
    fixed_asset: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """매수, 공급가액 and 세액, in won; they add up."""

    count: int = 0
    supply_amount: int = 0
    tax_amount: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.count + other.count,
            self.supply_amount + other.supply_amount,
            self.tax_amount + other.tax_amount,
        )

    def __neg__(self) -> "Sums":
        return Sums(-self.count, -self.supply_amount, -self.tax_amount)

    @classmethod
    def of(cls, parts: Iterable["Sums"]) -> "Sums":
        """All together."""
        return sum(parts, start=NOTHING)


NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class Cell:
    """The documents of one key, added up."""

    key: Key
    sums: Sums


def key_of(row: Row, filing: Filing) -> Key | None:
    """The cell that a document falls into; None: it stands in another return."""
    told = filing.told(row.written_on, row.issued_on)
    if told is None:
        return None
    return Key(
        row.side,
        row.document_type,
        row.party,
        filing.is_collected(row.sent_on),
        told,
        row.not_deductible,
        row.fixed_asset,
    )


def cells(rows: Iterable[Row], filing: Filing) -> tuple[Cell, ...]:
    """Adds documents up, reading each once."""
    found: dict[Key, Sums] = {}
    for row in rows:
        key = key_of(row, filing)
        if key is not None:
            found[key] = found.get(key, NOTHING) + Sums(1, row.supply_amount, row.tax_amount)
    return tuple(Cell(key, sums) for key, sums in found.items())


def parties(rows: Iterable[Row], filing: Filing) -> Mapping[tuple[Side, bool, Party, bool], int]:
    """처수 by side, exempt, party and collected: how many parties the documents of 합계표 name."""
    names = {
        (key.side, is_exempt(key.document_type), key.party, key.collected, row.party_key)
        for row in rows
        if (key := key_of(row, filing)) is not None and key.told in filing.listed
    }
    return Counter(each[:4] for each in names)


def is_exempt(document_type: DocumentType) -> bool:
    """계산서, which stands in a 합계표 of its own."""
    return document_type.value[:2] in {"03", "04"}
