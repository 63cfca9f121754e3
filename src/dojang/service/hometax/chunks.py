"""Rows of a list between being read and being taken over: packed, and encrypted, since they may name persons."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dojang.etax import Invoice as Document
from dojang.hometax.lists import Finding, Row
from dojang.service import secrets

_ROWS: Final = "hometax.rows"
_FILE: Final = "hometax.file"
_LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """One row: as it stands in the file, and what was made of it.

    Attributes:
        number: as the spreadsheet counts.
        sheet: its sheet's number, from 0.
        cells: as they stand there; they may hold a person's number.
        sides: what it is for our businesses; none for somebody else's.
        document: as the library's JSON; None where it could not be read.
        findings: as pages show them.
    """

    number: int
    sheet: int
    cells: list[Any] = field(repr=False)
    sides: tuple[str, ...] = ()
    document: dict[str, Any] | None = field(default=None, repr=False)
    issued_on: str = ""
    sent_on: str = ""
    findings: list[dict[str, str]] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Whether it could not be read."""
        return any(one["severity"] == "error" for one in self.findings)

    def whole(self) -> Document:
        """The document."""
        if self.document is None:
            raise ValueError("the row could not be read")
        return Document.from_data(self.document)

    def day(self, name: str) -> date | None:
        """발급일자 or 전송일자."""
        text: str = getattr(self, name)
        return date.fromisoformat(text) if text else None


def kept(sheet: int, cells: Sequence[Any], number: int, read: Iterable[Row | Finding]) -> Kept:
    """What was read of one row, or of none."""
    found = Kept(number, sheet, list(cells))
    for one in read:
        if isinstance(one, Finding):
            found.findings.append(told(one))
        else:
            found = Kept(
                number,
                sheet,
                list(cells),
                tuple(side.value for side in one.sides),
                one.document().to_data(),
                one.issued_on.isoformat() if one.issued_on else "",
                one.sent_on.isoformat() if one.sent_on else "",
                found.findings,
            )
    return found


def told(one: Finding) -> dict[str, str]:
    """A finding as JSON."""
    return {
        "place": one.place,
        "column": one.column,
        "code": one.code,
        "severity": one.severity.value,
        "ko": one.ko,
        "en": one.en,
        "suggestion": one.suggestion,
    }


def pack(rows: Sequence[Kept], *, workspace_id: int) -> bytes:
    """Rows for the database."""
    data = [
        [row.number, row.sheet, row.cells, row.sides, row.document, row.issued_on, row.sent_on, row.findings]
        for row in rows
    ]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)
    return secrets.encrypt(packed, purpose=_ROWS, workspace_id=workspace_id)


def unpack(data: bytes | memoryview, *, workspace_id: int) -> list[Kept]:
    """Rows from the database."""
    packed = secrets.decrypt(data, purpose=_ROWS, workspace_id=workspace_id)
    text = zlib.decompress(packed).decode("utf-8", "surrogatepass")
    return [
        Kept(number, sheet, cells, tuple(sides), *rest)
        for number, sheet, cells, sides, *rest in json.loads(text)
    ]


def seal_file(data: bytes, *, workspace_id: int) -> bytes:
    """A file until it is read."""
    return secrets.encrypt(data, purpose=_FILE, workspace_id=workspace_id)


def open_file(data: bytes | memoryview, *, workspace_id: int) -> bytes:
    """The file."""
    return secrets.decrypt(data, purpose=_FILE, workspace_id=workspace_id)
