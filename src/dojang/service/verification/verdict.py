"""The verdict on a document: a value, with sentences in both languages and nothing of the document but what is shown."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from dojang.service.web.say import say


class Outcome(StrEnum):
    """What somebody may take the document for."""

    OK = "ok"
    CAUTION = "caution"
    BAD = "bad"


class Standing(StrEnum):
    """What one sentence does to the verdict; a note does nothing: it tells what nobody could know from the file."""

    GOOD = "good"
    NOTE = "note"
    CAUTION = "caution"
    BAD = "bad"


#: The order in which reasons are told.
ORDER = (Standing.BAD, Standing.CAUTION, Standing.GOOD, Standing.NOTE)
_OUTCOMES = {Standing.BAD: Outcome.BAD, Standing.CAUTION: Outcome.CAUTION}


@dataclass(frozen=True, slots=True)
class Told:
    """One reason, in a sentence."""

    code: str
    standing: Standing
    ko: str
    en: str

    @property
    def text(self) -> str:
        """The sentence in the person's language."""
        return say(self.ko, self.en)


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of the details: what is called how, and what it is."""

    ko: str
    en: str
    value: str
    value_en: str = ""

    @property
    def label(self) -> str:
        """What it is, in the person's language."""
        return say(self.ko, self.en)

    @property
    def text(self) -> str:
        """The value in the person's language."""
        return say(self.value, self.value_en or self.value)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a document.

    Attributes:
        ko, en: the verdict in one sentence.
        reasons: every sentence, the worst first, notes last.
        facts: what the document says, where its signature holds: to be compared with what one has on paper. A
            person's number is masked.
        details: for whoever wants to look closer: certificate, digest, what the signature covers.
        is_sandbox: signed with a certificate of the sandbox's test authority: 모의.
    """

    ko: str
    en: str
    reasons: tuple[Told, ...]
    facts: tuple[Detail, ...] = field(default=(), repr=False)
    details: tuple[Detail, ...] = field(default=(), repr=False)
    is_sandbox: bool = False

    @property
    def outcome(self) -> Outcome:
        """As bad as the worst of the reasons."""
        standings = {told.standing for told in self.reasons}
        return next((outcome for standing, outcome in _OUTCOMES.items() if standing in standings), Outcome.OK)

    @property
    def text(self) -> str:
        """The verdict in the person's language."""
        return say(self.ko, self.en)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, for programs."""
        return tuple(told.code for told in self.reasons)

    def knowing(self, told: Told, *, instead_of: str) -> "Verdict":
        """The verdict of somebody who knows more than the file says: one reason in place of another."""
        reasons = tuple(told if one.code == instead_of else one for one in self.reasons)
        return replace(self, reasons=tuple(sorted(reasons, key=lambda one: ORDER.index(one.standing))))

    def to_data(self) -> dict[str, Any]:
        """For a column of JSON or a program: outcome and reasons, without what the document says."""
        return {
            "outcome": self.outcome.value,
            "ko": self.ko,
            "en": self.en,
            "is_sandbox": self.is_sandbox,
            "reasons": [
                {"code": told.code, "standing": told.standing.value, "ko": told.ko, "en": told.en}
                for told in self.reasons
            ],
        }
