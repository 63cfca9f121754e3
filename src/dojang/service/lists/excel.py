"""A list as a workbook: every row that was asked for, written while it is read."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import IO, Any, Final

from django.utils import timezone

from dojang.service.lists.described import Column, Shape
from dojang.service.web.say import say
from dojang.service.web.spreadsheet import HEAD_COLOUR, MOST_CELL, MOST_ROWS, book, sheet_name

_FORMS: Final[dict[Shape, dict[str, Any]]] = {
    Shape.WON: {"num_format": "#,##0;[Red]-#,##0"},
    Shape.DAY: {"num_format": "yyyy-mm-dd"},
    Shape.INSTANT: {"num_format": "yyyy-mm-dd hh:mm"},
}
_HEAD: Final = {"bold": True, "bg_color": HEAD_COLOUR, "bottom": 1}
_SUM: Final = {"bold": True, "top": 1, "bottom": 1, "num_format": "#,##0;[Red]-#,##0"}
_HEADINGS: Final = 2


def workbook(
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    name: str,
    sums: dict[str, int],
    most_rows: int = MOST_ROWS,
) -> IO[bytes]:
    """The file, at its beginning; whoever gets it closes it.

    Args:
        columns: as chosen, in their order.
        rows: what `Column.value` takes; read once.
        name: of the sheets; a second one, where the first is full, has a number behind it.
        sums: of everything, by the name of a column, and `count`: they stand above the rows.
        most_rows: of one sheet.
    """

    def fill(made: Any) -> None:
        writer = _Writer(made, columns, name, sums, most_rows)
        for row in rows:
            writer.write(row)

    return book(fill)


class _Writer:
    """Row after row, a new sheet where one is full."""

    def __init__(
        self, book: Any, columns: Sequence[Column], name: str, sums: dict[str, int], most_rows: int
    ) -> None:
        self._book, self._columns, self._sums, self._most_rows = book, columns, sums, most_rows
        self._name = name
        self._head, self._sum = book.add_format(_HEAD), book.add_format(_SUM)
        forms = {shape: book.add_format(form) for shape, form in _FORMS.items()}
        self._cells = [
            (place, column.value, column.shape, forms.get(column.shape), _WRITERS[column.shape])
            for place, column in enumerate(columns)
        ]
        self._sheets = 0
        self._begin()

    def write(self, row: Any) -> None:
        if self._at == self._most_rows:
            self._begin()
        for place, value_of, shape, form, write in self._cells:
            value = value_of(row)
            if value is not None and value != "":
                write(self._sheet, self._at, place, _as_written(value, shape), form)
        self._at += 1

    def _begin(self) -> None:
        self._sheets += 1
        sheet = self._sheet = self._book.add_worksheet(sheet_name(self._name, self._sheets))
        for place, column in enumerate(self._columns):
            sheet.set_column(place, place, column.width)
        # The first row sums everything, on every sheet.
        sheet.write_string(
            0, 0, f"{say('합계', 'Sum')} {self._sums['count']:,}{say('건', ' rows')}", self._sum
        )
        for place, column in enumerate(self._columns[1:], 1):
            if column.name in self._sums:
                sheet.write_number(0, place, self._sums[column.name], self._sum)
        for place, column in enumerate(self._columns):
            sheet.write_string(1, place, column.text, self._head)
        sheet.freeze_panes(_HEADINGS, 0)
        self._at = _HEADINGS


def _as_written(value: Any, shape: Shape) -> Any:
    if shape is Shape.BADGES:
        return " · ".join(badge.text for badge in value)
    if shape is Shape.INSTANT and isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, datetime):
        return timezone.localtime(value).date()
    if isinstance(value, str):
        return value[:MOST_CELL]
    return value


Write = Callable[[Any, int, int, Any, Any], Any]


def _string(sheet: Any, row: int, place: int, value: Any, form: Any) -> None:
    sheet.write_string(row, place, value, form)


def _number(sheet: Any, row: int, place: int, value: Any, form: Any) -> None:
    sheet.write_number(row, place, value, form)


def _moment(sheet: Any, row: int, place: int, value: Any, form: Any) -> None:
    sheet.write_datetime(row, place, value, form)


_WRITERS: Final[dict[Shape, Write]] = {
    Shape.TEXT: _string,
    Shape.LINK: _string,
    Shape.BADGES: _string,
    Shape.NUMBER: _string,
    Shape.WON: _number,
    Shape.DAY: _moment,
    Shape.INSTANT: _moment,
}
