"""Spreadsheets (.xlsx) that are made while they are read: any number of rows, nothing on disk, constant memory.

When to use it rather than XlsxWriter is told in `spreadsheet`. What is needed here is little: text, whole numbers,
days and instants, headings, widths, and a new sheet where one is full. Text is text, never a formula.

Source: ECMA-376 Part 1, 18.2 (workbook), 18.3 (worksheets), 18.8 (styles).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from xml.sax.saxutils import escape

from django.utils import timezone

from dojang.service.web.spreadsheet import MOST_CELL, MOST_ROWS, sheet_name
from dojang.service.web.zipped import Archive, Pipe, Write

Cell = str | int | date | datetime | None

_MOST_BYTES: Final = 1_500_000_000
"""Of one sheet, before it is packed: with more of them a spreadsheet would need ZIP64, which Excel does not open."""
_PIECE: Final = 1 << 16
_EPOCH: Final = date(1899, 12, 30)
_SECONDS: Final = 86_400
# What XML 1.0 has no way to say, and what Excel would take for an escape of its own.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_HEADING, _NUMBER, _DAY, _INSTANT = 1, 2, 3, 4
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="맑은 고딕"/></font>'
    '<font><b/><sz val="11"/><name val="맑은 고딕"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in (3, 164, 165)
    )
    + "</cellXfs></styleSheet>"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, and how wide it is in characters."""

    text: str
    width: int = 14


class Workbook:
    """A spreadsheet, written by calling `write`, row by row; a further sheet where one is full."""

    def __init__(
        self,
        write: Write,
        headings: Sequence[Heading],
        *,
        name: str,
        at: datetime,
        most_rows: int = MOST_ROWS,
    ) -> None:
        self._archive = Archive(write, at=at)
        self._headings, self._name, self._most_rows = headings, name, most_rows
        self._sheets = self._rows = self._bytes = 0
        self._entry: AbstractContextManager[Write] | None = None
        self._file: Write | None = None

    def add(self, cells: Iterable[Cell]) -> None:
        """One row."""
        if self._file is None or self._rows >= self._most_rows or self._bytes >= _MOST_BYTES:
            self._next_sheet()
        self._write("".join(("<row>", *map(_cell, cells), "</row>")))
        self._rows += 1

    def finish(self) -> None:
        """End the last sheet and write what names the sheets."""
        if self._file is None:
            self._next_sheet()
        self._end_sheet()
        numbers = range(1, self._sheets + 1)
        for name, text in (
            ("xl/workbook.xml", self._workbook(numbers)),
            ("xl/_rels/workbook.xml.rels", _relations_of_workbook(numbers)),
            ("xl/styles.xml", _STYLES),
            ("_rels/.rels", _RELATIONS),
            ("[Content_Types].xml", _types(numbers)),
        ):
            self._archive.add(name, text.encode())
        self._archive.finish()

    def _next_sheet(self) -> None:
        self._end_sheet()
        self._sheets += 1
        self._entry = self._archive.open(f"xl/worksheets/sheet{self._sheets}.xml")
        self._file = self._entry.__enter__()
        self._rows = self._bytes = 0
        columns = "".join(
            f'<col min="{number}" max="{number}" width="{one.width}" customWidth="1"/>'
            for number, one in enumerate(self._headings, 1)
        )
        self._write(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
            'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{columns}</cols><sheetData>"
        )
        self._write("".join(("<row>", *(_text(one.text, _HEADING) for one in self._headings), "</row>")))
        self._rows = 1

    def _end_sheet(self) -> None:
        if self._entry is not None:
            self._write("</sheetData></worksheet>")
            self._entry.__exit__(None, None, None)
            self._entry = None

    def _write(self, text: str) -> None:
        assert self._file is not None  # noqa: S101 (a sheet has been begun)
        data = text.encode()
        self._bytes += len(data)
        self._file(data)

    def _workbook(self, numbers: Iterable[int]) -> str:
        sheets = "".join(
            f'<sheet name="{_quoted(sheet_name(self._name, number))}" sheetId="{number}" r:id="rId{number}"/>'
            for number in numbers
        )
        return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{sheets}</sheets></workbook>'


def streamed(
    headings: Sequence[Heading], rows: Iterable[Iterable[Iterable[Cell]]], *, name: str, at: datetime
) -> Iterator[bytes]:
    """The pieces of a spreadsheet, made as they are asked for; `rows` gives some rows at a time."""
    pipe = Pipe()
    book = Workbook(pipe.write, headings, name=name, at=at)
    for some in rows:
        for cells in some:
            book.add(cells)
        if pipe.size >= _PIECE:
            yield pipe.take()
    book.finish()
    yield pipe.take()


def _cell(value: Cell) -> str:
    match value:
        case None | "":
            return "<c/>"
        case str():
            return _text(value, 0)
        case int():
            return f'<c s="{_NUMBER}"><v>{value}</v></c>'
        case datetime():
            local = timezone.localtime(value)
            seconds = (local.hour * 60 + local.minute) * 60 + local.second
            return f'<c s="{_INSTANT}"><v>{(local.date() - _EPOCH).days + seconds / _SECONDS:.9f}</v></c>'
        case date():
            return f'<c s="{_DAY}"><v>{(value - _EPOCH).days}</v></c>'


def _text(text: str, style: int) -> str:
    clean = _LIKE_ESCAPE.sub("_x005F_", _NOT_XML.sub("", text))[:MOST_CELL]
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(clean)}</t></is></c>'


def _quoted(name: str) -> str:
    return escape(name, {'"': "&quot;"})


def _relations_of_workbook(numbers: Sequence[int]) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    styles = f'<Relationship Id="rId{len(numbers) + 1}" Type="{_RELATION}/styles" Target="styles.xml"/>'
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{sheets}{styles}</Relationships>'


_RELATIONS: Final = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def _types(numbers: Iterable[int]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kind}.worksheet+xml"/>'
        for number in numbers
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{sheets}'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>'
    )
