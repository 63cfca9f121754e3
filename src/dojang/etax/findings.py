"""What a check has to say about a document."""

from dataclasses import dataclass
from enum import StrEnum

from dojang.errors import Language


class Severity(StrEnum):
    """An error forbids issuing; a warning asks the user to look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful, where, and what to do about it.

    Attributes:
        code: stable name of the rule.
        severity: error or warning.
        path: the field in the invoice's JSON, such as `items[0].tax_amount`; "" for the whole document.
        ko: the sentence in Korean.
        en: the sentence in English.
        citation: the law or the standard's section that says so; "" where it is only our own form.
    """

    code: str
    severity: Severity
    path: str
    ko: str
    en: str
    citation: str = ""

    def text(self, language: Language = "ko") -> str:
        """The sentence for a person, in their language."""
        return self.ko if language == "ko" else self.en

    def to_data(self) -> dict[str, str]:
        """For machines: every attribute as text."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "path": self.path,
            "ko": self.ko,
            "en": self.en,
            "citation": self.citation,
        }

    def located(self, language: Language = "ko") -> str:
        """The sentence with its field in front."""
        return f"{self.path}: {self.text(language)}" if self.path else self.text(language)


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Only those that forbid issuing."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
