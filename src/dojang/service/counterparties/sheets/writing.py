"""Counterparties as .xlsx: every cell is text, so that nothing in it is ever a formula and no number loses a zero."""

from collections.abc import Iterable, Sequence
from typing import IO, Any, Final

from django.utils import timezone

from dojang.service.counterparties.details import CONTACT_FIELDS, MOST_CONTACTS
from dojang.service.counterparties.models import Contact, Counterparty
from dojang.service.counterparties.services.statuses import described
from dojang.service.counterparties.sheets.columns import Column, columns_for
from dojang.service.web.spreadsheet import MOST_CELL, book

_WIDTHS: Final = {"name": 24, "number": 15, "address": 40, "memo": 40, "email": 26, "representative": 12}
_DEFAULT_WIDTH: Final = 13
_STATUS_HEADINGS: Final = ("휴폐업", "확인 시각")
_TEMPLATE_CONTACTS: Final = 2
_GUIDE: Final = (
    ("열", "적는 법"),
    ("상호", "반드시 적습니다. 개인은 성명을 적습니다."),
    ("사업자등록번호", "숫자 열 자리. 하이픈은 있어도 됩니다. 구분이 사업자이면 반드시 적습니다."),
    ("구분", "사업자, 개인, 외국인. 비우면 사업자입니다."),
    ("종사업장번호", "숫자 네 자리. 없으면 비웁니다."),
    ("담당자, 담당자2 …", f"담당자는 {MOST_CONTACTS}명까지. 앞의 두 명이 세금계산서에 적힙니다."),
    ("주민등록번호", "엑셀로 받지 않습니다. 등록한 뒤 화면에서 입력합니다."),
    ("빈 칸", "이미 있는 거래처의 값을 지우지 않고 그대로 둡니다."),
    (
        "같은 거래처",
        "사업자등록번호와 종사업장번호가 같으면 같은 거래처입니다. 번호가 없으면 구분과 이름으로 찾습니다.",
    ),
)


def write(rows: Iterable[Counterparty], *, contacts: int) -> IO[bytes]:
    """Counterparties as a file, written row by row and never all in memory.

    Args:
        rows: with their contacts prefetched.
        contacts: how many columns of contacts; at least one set is written.
    """
    columns = columns_for(max(1, contacts))

    def fill(made: Any) -> None:
        sheet = _sheet(made, columns, _STATUS_HEADINGS)
        for number, counterparty in enumerate(rows, start=1):
            people = list(counterparty.contacts.all())
            cells = [_cell(counterparty, people, column) for column in columns]
            checked_at = counterparty.tax_status_checked_at
            asked = f"{timezone.localtime(checked_at):%Y-%m-%d %H:%M}" if checked_at else ""
            _write_row(sheet, number, [*cells, described(counterparty), asked])

    return book(fill)


def template() -> IO[bytes]:
    """An empty sheet to fill in, and one that says how."""

    def fill(made: Any) -> None:
        _sheet(made, columns_for(_TEMPLATE_CONTACTS), ())
        guide = made.add_worksheet("안내")
        guide.set_column(0, 0, 20)
        guide.set_column(1, 1, 80)
        for number, cells in enumerate(_GUIDE):
            _write_row(guide, number, cells)

    return book(fill)


def _sheet(made: Any, columns: Sequence[Column], more: Sequence[str]) -> Any:
    sheet = made.add_worksheet("거래처")
    text = made.add_format({"num_format": "@"})
    bold = made.add_format({"bold": True, "num_format": "@"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column.field, _DEFAULT_WIDTH), text)
    sheet.freeze_panes(1, 0)
    for place, heading in enumerate([*(column.heading for column in columns), *more]):
        sheet.write_string(0, place, heading, bold)
    return sheet


def _write_row(sheet: Any, number: int, cells: Sequence[str]) -> None:
    for place, cell in enumerate(cells):
        if cell:
            # Never `write`, which makes a formula of what begins with "=".
            sheet.write_string(number, place, cell[:MOST_CELL])


def _cell(counterparty: Counterparty, people: Sequence[Contact], column: Column) -> str:
    if column.place is not None:
        assert column.field in CONTACT_FIELDS  # noqa: S101
        return str(getattr(people[column.place], column.field)) if column.place < len(people) else ""
    if column.field == "kind":
        return str(counterparty.get_kind_display())
    return str(getattr(counterparty, column.field))
