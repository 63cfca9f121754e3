"""The rows of a list with something to look at, as a spreadsheet: what was found stands beside what the file says."""

import re
from typing import IO, Any, Final

from dojang.hometax.cells import letter
from dojang.service.hometax import chunks
from dojang.service.hometax.models import ListChunk, ListImport
from dojang.service.web.say import say
from dojang.service.web.spreadsheet import HEAD_COLOUR, MOST_CELL, book

_MOST_ROWS: Final = 20_000
_WIDTHS: Final = (8, 60)
# Numbers of persons, and of foreigners: nobody needs them to mend a row.
_PERSON: Final = re.compile(
    r"(?<![0-9])[0-9]{6}\s{0,3}[-‐-―]?\s{0,3}[0-9*]{7}(?![0-9])|\b[A-Za-z]{1,2}[0-9]{7,8}\b"
)
_HIDDEN: Final = "******-*******"


def write(found: ListImport) -> IO[bytes]:
    """As .xlsx, written row by row; its columns are named as in the file (A, B, C …)."""

    def fill(made: Any) -> None:
        sheet = made.add_worksheet(say("확인할 행", "Rows"))
        head = made.add_format({"bold": True, "bg_color": HEAD_COLOUR})
        wrap = made.add_format({"text_wrap": True, "valign": "top"})
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width, wrap)
        sheet.freeze_panes(1, len(_WIDTHS))
        names = (say("행", "Row"), say("확인할 것", "What to look at"))
        for place, name in enumerate((*names, *map(letter, range(_columns(found))))):
            sheet.write_string(0, place, name, head)
        for number, row in enumerate(_rows(found), start=1):
            if number > _MOST_ROWS:
                break
            sheet.write_number(number, 0, row.number)
            sheet.write_string(number, 1, _told(row), wrap)
            for place, cell in enumerate(row.cells, start=len(_WIDTHS)):
                _write(sheet, number, place, cell)

    return book(fill)


def _rows(found: ListImport) -> Any:
    for chunk in found.chunks.order_by("number").iterator(chunk_size=1):
        rows = chunks.unpack(chunk.rows, workspace_id=chunk.workspace_id)
        yield from (row for row in rows if row.findings)


def _columns(found: ListImport) -> int:
    first = ListChunk.objects.filter(source=found).order_by("number").first()
    rows = chunks.unpack(first.rows, workspace_id=first.workspace_id) if first else []
    return max((len(row.cells) for row in rows), default=0)


def _told(row: chunks.Kept) -> str:
    parts = []
    for one in row.findings:
        suggestion = say(f" → {one['suggestion']}?", f" → {one['suggestion']}?") if one["suggestion"] else ""
        parts.append(f"{one['place']}: {say(one['ko'], one['en'])}{suggestion}")
    return "\n".join(parts)[:MOST_CELL]


def _write(sheet: Any, number: int, place: int, cell: Any) -> None:
    if isinstance(cell, int | float) and not _PERSON.fullmatch(str(cell)):
        sheet.write_number(number, place, cell)
    elif cell is not None:
        sheet.write_string(number, place, _PERSON.sub(_HIDDEN, str(cell))[:MOST_CELL])
