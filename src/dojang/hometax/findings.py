"""What is told of a cell, a row or a column of a list."""

from dataclasses import dataclass

from dojang.errors import Language
from dojang.etax.findings import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or to be known, where, and what to do.

    Attributes:
        row: as the spreadsheet counts, from 1.
        column: its letter; "" for the whole row.
        code: stable name of what was found.
        severity: with an error the row is not read; a warning is only told.
        ko, en: the sentence. Never a number of a person in it.
        suggestion: what the cell should probably say; "" where nobody knows.
    """

    row: int
    column: str
    code: str
    severity: Severity
    ko: str
    en: str
    suggestion: str = ""

    def text(self, language: Language = "ko") -> str:
        """The sentence for a person, in their language."""
        return self.ko if language == "ko" else self.en

    @property
    def is_error(self) -> bool:
        """Whether it keeps its row from being read."""
        return self.severity is Severity.ERROR

    @property
    def place(self) -> str:
        """As Excel names it: E12, or 12 for a row."""
        return f"{self.column}{self.row}"
