"""A report as a workbook: a sheet for each table, as shown."""

from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from dojang.service.reports.sheet import Cell, Column, Line, Report, Table
from dojang.service.web.say import say
from dojang.service.web.spreadsheet import HEAD_COLOUR, book, sheet_name

_WIDTHS = {"text": 28, "prose": 80, "number": 16, "won": 18, "count": 10, "day": 12}


def write(report: Report) -> IO[bytes]:
    """The file, at its beginning."""

    def fill(made: Any) -> None:
        styles = _Styles(made)
        for number, table in enumerate(report.tables, 1):
            _sheet(made.add_worksheet(sheet_name(f"{number} {table.name}")), report, table, styles)

    return book(fill)


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, made: Any) -> None:
        self.title = made.add_format({"bold": True, "font_size": 14})
        self.head = made.add_format({"bold": True, "bg_color": HEAD_COLOUR, "bottom": 1, "text_wrap": True})
        self._plain = {kind: made.add_format(form) for kind, form in _FORMS.items()}
        self._strong = {
            kind: made.add_format(form | {"bold": True, "top": 1}) for kind, form in _FORMS.items()
        }

    def of(self, column: Column, *, strong: bool) -> Any:
        """The format of a cell."""
        return (self._strong if strong else self._plain)[column.kind]


_FORMS: dict[str, dict[str, Any]] = {
    "text": {},
    "prose": {},
    "number": {"num_format": "@"},
    "won": {"num_format": "#,##0"},
    "count": {"num_format": "#,##0"},
    "day": {"num_format": "yyyy-mm-dd"},
}


def _sheet(sheet: Any, report: Report, table: Table, styles: _Styles) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS[column.kind])
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{_escaped(report.company)}&C{_escaped(report.title)}&R{_escaped(report.period)}")
    sheet.set_footer("&R&P / &N")
    row = 0
    for text in _heads(report, table):
        sheet.write_string(row, 0, text, styles.title if row == 0 else None)
        row += 1
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 1)
    for place, column in enumerate(table.columns):
        sheet.write_string(row, place, column.title, styles.head)
    for line in _lines(table):
        row += 1
        _line(sheet, row, table.columns, line, styles)


def _heads(report: Report, table: Table) -> Sequence[str]:
    said = [f"{report.title} · {table.caption}", f"{report.company} · {report.period}"]
    if report.is_sandbox:
        said.append(
            say(
                "모의 문서의 금액입니다. 신고에 쓰지 마세요.", "Figures of sandbox documents. Not for filing."
            )
        )
    if table.note:
        said.append(table.note)
    return said


def _lines(table: Table) -> Sequence[Line]:
    """Sums at the top and at the bottom."""
    return [table.total, *table.lines, table.total] if table.total else list(table.lines)


def _line(sheet: Any, row: int, columns: Sequence[Column], line: Line, styles: _Styles) -> None:
    for place, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
        style = styles.of(column, strong=line.strong)
        match cell:
            case Cell(value=int() as number):
                sheet.write_number(row, place, number, style)
            case Cell(value=date() as day):
                sheet.write_datetime(row, place, day, style)
            case Cell(value=str() as text):
                sheet.write_string(row, place, f"{text} ({cell.mark})" if cell.mark else text, style)
            case _:
                sheet.write_blank(row, place, None, style)


def _escaped(text: str) -> str:
    """In headers & begins a command."""
    return text.replace("&", "&&")
