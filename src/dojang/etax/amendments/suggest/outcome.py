"""What `suggest` answers: the events, the next question, a stop, or the request; each also as JSON.

Texts are complete sentences in both languages, with every figure in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from dojang.errors import Language
from dojang.etax.amendments.request import Request
from dojang.etax.facts import Facts


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence or a label in both languages."""

    ko: str
    en: str

    def text(self, language: Language = "ko") -> str:
        """In one language."""
        return self.ko if language == "ko" else self.en

    def to_data(self) -> dict[str, str]:
        """For JSON."""
        return {"ko": self.ko, "en": self.en}


@dataclass(frozen=True, slots=True)
class Button:
    """What to do next: `action` is the surrounding program's, `event` is taken up with `answers` ready."""

    label: Words
    action: str | None
    event: str | None
    answers: Mapping[str, str]

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return self.label.to_data() | {
            "action": self.action,
            "event": self.event,
            "answers": dict(self.answers),
        }


@dataclass(frozen=True, slots=True)
class Told:
    """A note: told on the way, which goes on."""

    key: str
    code: str | None
    words: Words
    citation: str
    buttons: tuple[Button, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return self.words.to_data() | {
            "key": self.key,
            "code": self.code,
            "citation": self.citation,
            "buttons": [button.to_data() for button in self.buttons],
        }


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen."""

    key: str
    label: Words

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {"key": self.key} | self.label.to_data()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer is not taken, and what would be."""

    code: str
    words: Words

    def to_data(self) -> dict[str, str]:
        """For JSON."""
        return {"code": self.code} | self.words.to_data()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The next question.

    Attributes:
        event: of which it is; it may be another than the one given, when the answers led there.
        key: the name under which its answer is given.
        kind: choice, date, money (won), items (won, `{"supply_amount", "tax_amount"}` or a list of items), party (a
            buyer), number (digits) or text.
        words: the question.
        help: what helps to answer it.
        choices: of a choice; with `multiple` a list of keys is the answer, else one.
        forms: of money: ways to state it, as `{form: won}`; a plain number is the first.
        least: the smallest answer: a date or won.
        most: the largest.
        digits: how many, of a number.
        default: the answer to offer, as JSON.
        optional: the default may be taken without asking.
        accepts_issue_id: besides the choices any issue id is an answer.
        answer: what was answered, as given; None while it is not.
        problem: why that is not taken.
        notes: told so far.
        asked: the questions before, with their answers.
    """

    event: str
    key: str
    kind: str
    words: Words
    help: Words
    choices: tuple[Option, ...] = ()
    multiple: bool = False
    forms: tuple[Option, ...] = ()
    least: date | int | None = None
    most: date | int | None = None
    digits: int | None = None
    default: object = None
    optional: bool = False
    accepts_issue_id: bool = False
    buttons: tuple[Button, ...] = ()
    answer: object = None
    problem: Problem | None = None
    notes: tuple[Told, ...] = ()
    asked: "tuple[Question, ...]" = ()

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "type": "question",
            "event": self.event,
            "key": self.key,
            "kind": self.kind,
            **self.words.to_data(),
            "help": self.help.to_data(),
            "choices": [choice.to_data() for choice in self.choices],
            "multiple": self.multiple,
            "forms": [form.to_data() for form in self.forms],
            "least": _plain(self.least),
            "most": _plain(self.most),
            "digits": self.digits,
            "default": _plain(self.default),
            "optional": self.optional,
            "accepts_issue_id": self.accepts_issue_id,
            "buttons": [button.to_data() for button in self.buttons],
            "answer": _plain(self.answer),
            "problem": self.problem.to_data() if self.problem else None,
            "notes": [note.to_data() for note in self.notes],
            "asked": [question.to_data() for question in self.asked],
        }


@dataclass(frozen=True, slots=True)
class EventChoice:
    """One event that may be chosen."""

    key: str
    label: Words
    example: Words

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {"key": self.key, **self.label.to_data(), "example": self.example.to_data()}


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Events that belong together."""

    key: str
    label: Words
    help: Words
    events: tuple[EventChoice, ...]

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "key": self.key,
            **self.label.to_data(),
            "help": self.help.to_data(),
            "events": [event.to_data() for event in self.events],
        }


@dataclass(frozen=True, slots=True)
class Events:
    """The first question of all: what happened?"""

    words: Words
    groups: tuple[EventGroup, ...]
    notes: tuple[Told, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "type": "events",
            **self.words.to_data(),
            "groups": [group.to_data() for group in self.groups],
            "notes": [note.to_data() for note in self.notes],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Nothing is to be amended here: why not, and what to do instead.

    Attributes:
        event: where it was found; None at the gate.
        key: which stop.
        code: the engine's error for the same thing; None where it has none.
    """

    event: str | None
    key: str
    code: str | None
    words: Words
    citation: str
    buttons: tuple[Button, ...]
    notes: tuple[Told, ...] = ()
    asked: tuple[Question, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "type": "stop",
            "event": self.event,
            "key": self.key,
            "code": self.code,
            **self.words.to_data(),
            "citation": self.citation,
            "buttons": [button.to_data() for button in self.buttons],
            "notes": [note.to_data() for note in self.notes],
            "asked": [question.to_data() for question in self.asked],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Everything is known: what to ask `plan` for.

    Attributes:
        event: the one that the answers led to.
        request: for `plan`.
        facts: the facts given, with what the cross questions settled.
        further: the same for other chains, one request each (other invoices of the same contract).
    """

    event: str
    request: Request
    facts: Facts
    further: tuple[Request, ...] = ()
    notes: tuple[Told, ...] = ()
    asked: tuple[Question, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "type": "ready",
            "event": self.event,
            "request": self.request.model_dump(mode="json"),
            "facts": self.facts.model_dump(mode="json"),
            "further": [request.model_dump(mode="json") for request in self.further],
            "notes": [note.to_data() for note in self.notes],
            "asked": [question.to_data() for question in self.asked],
        }


Suggestion = Events | Question | Stop | Ready


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
