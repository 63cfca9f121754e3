"""The columns of a sheet of counterparties: what they are called here, and what others call them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dojang.service.counterparties.details import CONTACT_FIELDS, LABELS, MOST_CONTACTS
from dojang.service.counterparties.errors import SheetEmpty, SheetWithoutName

# Bare, as `_bare` leaves headings: without blanks, punctuation and case. The first one is the heading we write.
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "kind": ("구분", "거래처구분", "kind"),
    "code": ("거래처코드", "코드", "code"),
    "name": (
        "상호", "상호명", "상호법인명", "법인명", "거래처명", "거래처", "상호거래처명", "회사명", "업체명", "공급받는자상호",
        "name", "company", "companyname",
    ),
    "number": (
        "사업자등록번호", "사업자번호", "등록번호", "사업자주민번호", "사업자주민등록번호", "사업자등록번호주민등록번호",
        "공급받는자등록번호", "businessnumber", "number",
    ),
    "branch_number": ("종사업장번호", "종사업장", "공급받는자종사업장번호", "branchnumber", "branch"),
    "representative": (
        "대표자", "대표자명", "성명", "성명대표자", "대표자성명", "대표", "대표이사", "공급받는자성명", "representative", "ceo",
    ),
    "business_type": ("업태", "업태명", "공급받는자업태", "businesstype"),
    "business_item": ("종목", "종목명", "업종", "공급받는자종목", "businessitem"),
    "address": ("주소", "사업장주소", "사업장소재지", "소재지", "공급받는자사업장주소", "address"),
    "memo": ("메모", "비고", "memo", "note"),
}  # fmt: skip
_CONTACT_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "name": ("담당자", "담당자명", "담당자이름", "담당자성명", "contact"),
    "department": ("부서", "부서명", "담당부서", "담당자부서", "department"),
    "email": ("이메일", "이메일주소", "메일", "전자우편", "담당자이메일", "담당자메일", "공급받는자이메일", "email", "mail"),
    "phone": (
        "전화", "전화번호", "연락처", "휴대폰", "휴대전화", "핸드폰", "담당자전화", "담당자전화번호", "담당자연락처",
        "phone", "tel",
    ),
}  # fmt: skip
_NUMBERED: Final = re.compile(r"(?P<word>.*?\D)(?P<place>[0-9]{1,2})?")
_NOT_SAID: Final = re.compile(r"[\s()\[\]{}*·.,_\-/:‧'\"]+")
_HEADING_WITHIN: Final = 20
"""Rows in which the headings are looked for; titles may stand above them."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: a field of the counterparty, or of its contact at `place` (from 0)."""

    field: str
    place: int | None = None

    @property
    def heading(self) -> str:
        """As we write it: 담당자, then 담당자2."""
        if self.place is None:
            return _HEADINGS[self.field]
        number = "" if self.place == 0 else str(self.place + 1)
        return _CONTACT_ALIASES[self.field][0] + number

    @property
    def label(self) -> tuple[str, str]:
        """For a finding, in both languages."""
        if self.place is None:
            return LABELS[self.field]
        ko, en = LABELS["contact_name" if self.field == "name" else self.field]
        number = "" if self.place == 0 else f" {self.place + 1}"
        return f"{ko}{number}", f"{en}{number}"


_HEADINGS: Final = {field: aliases[0] for field, aliases in _ALIASES.items()}
_FIELD_OF: Final = {alias: field for field, aliases in _ALIASES.items() for alias in aliases}
_CONTACT_FIELD_OF: Final = {alias: field for field, aliases in _CONTACT_ALIASES.items() for alias in aliases}
_BEFORE_CONTACTS: Final = tuple(field for field in _ALIASES if field != "memo")


def columns_for(contacts: int) -> tuple[Column, ...]:
    """The columns that we write, with room for so many contacts."""
    of_contacts = (Column(field, place) for place in range(contacts) for field in CONTACT_FIELDS)
    return (*(Column(field) for field in _BEFORE_CONTACTS), *of_contacts, Column("memo"))


def column_of(heading: str) -> Column | None:
    """What a heading means; None for one that means nothing to us."""
    bare = _NOT_SAID.sub("", unicodedata.normalize("NFKC", heading)).lower().removesuffix("필수")
    if bare in _FIELD_OF:
        return Column(_FIELD_OF[bare])
    match = _NUMBERED.fullmatch(bare)
    field = _CONTACT_FIELD_OF.get(match["word"]) if match else None
    if match is None or field is None:
        return None
    place = int(match["place"] or 1) - 1
    return Column(field, place) if 0 <= place < MOST_CONTACTS else None


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the headings stand and what they mean.

    Attributes:
        row: of the headings, from 0.
        columns: of each column that is used, by its place from 0.
        ignored: headings that mean nothing to us, or the same as one before them.
    """

    row: int
    columns: dict[int, Column]
    ignored: tuple[str, ...]


def find_headings(rows: Sequence[Sequence[str]]) -> Headings:
    """The first row that names the name.

    Raises:
        SheetWithoutName: there is none among the first rows.
        SheetEmpty: nothing stands below it.
    """
    for place, row in enumerate(rows[:_HEADING_WITHIN]):
        headings = _headings(place, row)
        if Column("name") in headings.columns.values():
            if not any(any(below) for below in rows[place + 1 :]):
                raise SheetEmpty
            return headings
    raise SheetWithoutName


def _headings(place: int, row: Sequence[str]) -> Headings:
    used: dict[int, Column] = {}
    ignored: list[str] = []
    for position, heading in enumerate(row):
        column = column_of(heading) if heading else None
        if column is not None and column not in used.values():
            used[position] = column
        elif heading:
            ignored.append(heading[:40])
    return Headings(place, used, tuple(ignored))
