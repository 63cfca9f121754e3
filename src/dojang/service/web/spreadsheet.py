"""What all spreadsheets (.xlsx) of the service share, and which of two ways makes one.

`book` is the usual way: XlsxWriter, for what is made within its request from one look at the database, so that sums and
rows agree (lists, reports, counterparties). It keeps rows in temporary files and gives nothing out before the last one.
`streamed_spreadsheet` is for what has no such end: the history and the sheets of an export. It is made while it is
read, as one entry of a ZIP where need be, over many transactions and minutes in which a proxy wants to see bytes, and
nothing of it touches the disk. XlsxWriter can't do that: it closes a file before it gives any of it.
"""

import tempfile
from collections.abc import Callable
from typing import IO, Any, Final

import xlsxwriter

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_576
"""Of one sheet, its headings among them."""
MOST_CELL: Final = 32_767
"""Characters of one cell."""
HEAD_COLOUR: Final = "#E8EEFC"
_LONGEST_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans("", "", "[]:*?/\\'")
_IN_MEMORY: Final = 2 << 20
# Nothing that begins with = or http becomes a formula or a link: text is text. One row at a time is in memory.
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def book(fill: Callable[[Any], None]) -> IO[bytes]:
    """A spreadsheet at its beginning, small in memory and large on disk; whoever gets it closes it.

    Args:
        fill: writes into the `xlsxwriter.Workbook` that it is given.
    """
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (the response closes it)
    try:
        with xlsxwriter.Workbook(file, dict(_OPTIONS)) as made:
            fill(made)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def sheet_name(name: str, number: int = 1) -> str:
    """A name that Excel takes; from the second sheet of a name on with its number behind it."""
    behind = f" {number}" if number > 1 else ""
    return name.translate(_FORBIDDEN)[: _LONGEST_NAME - len(behind)] + behind
