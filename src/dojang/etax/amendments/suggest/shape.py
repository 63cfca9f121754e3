"""The tree of questions as data: its shape, as read from the TOML files beside it.

Concepts: an *event* is what happened, in the user's words, and names the first *step*. A step asks (`Ask`), decides by
what is known (`Branch`) or makes the request for `plan` (`Make`). A way leads on to another step, to another event
(`@event` or `@event:step`) or to a *stop*. Conditions, known answers, values and computed parts of a request are
named here and defined in code; `soundness` proves that every name and every way leads somewhere.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Kind = Literal["choice", "date", "money", "items", "party", "number", "text"]


class Data(BaseModel):
    """Base of the tree's data: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(Data):
    """A text in both languages."""

    ko: str
    en: str


class Button(Said):
    """What may be done next: an action of the program around, or another event with some answers ready."""

    action: str | None = None
    event: str | None = None
    answers: Mapping[str, str] = Field(default_factory=dict[str, str])


class Choice(Said):
    """One answer, and where it leads."""

    key: str
    to: str | None = None
    when: str | None = None
    note: str | None = None
    retarget: bool = False


class Form(Said):
    """One way of stating an amount."""

    key: Literal["final", "delta", "reduction"]


class Ask(Said):
    """A question.

    Attributes:
        ask: the kind of answer.
        to: where it leads; a choice may lead elsewhere.
        when: asked only if this holds.
        known: gives the answer where the chain, the facts or an earlier answer say it.
        default: the answer that is offered; `=name` is a value.
        optional: it may be left unanswered by taking the default.
        least: the smallest answer, a value's name.
        most: the largest answer, a value's name.
        too_much: the problem of an answer above `most`.
        too_little: the problem of an answer below `least`.
        differs_from: what the answer must not be.
        sums_to: what the items' supply amounts have to sum to.
        tax_sums_to: what their tax amounts have to sum to; one that is left out is a tenth.
        only_items: an amount alone is no answer.
        items_if_several: an amount alone is no answer where the target has several items.
        digits: of a number.
        offered: gives further choices that the case knows of.
        accepts_issue_id: any issue id is an answer too.
        same_number: the party keeps the number of the target's buyer.
        is_event_day: the answer is the day on which the event happened.
    """

    ask: Kind
    to: str | None = None
    when: str | None = None
    known: str | None = None
    help_ko: str = ""
    help_en: str = ""
    default: str | tuple[str, ...] | None = None
    optional: bool = False
    multiple: bool = False
    choices: tuple[Choice, ...] = ()
    forms: tuple[Form, ...] = ()
    least: str | None = None
    most: str | None = None
    too_much: str | None = None
    too_little: str | None = None
    differs_from: str | None = None
    sums_to: str | None = None
    tax_sums_to: str | None = None
    only_items: bool = False
    items_if_several: bool = False
    digits: int | None = None
    offered: str | None = None
    accepts_issue_id: bool = False
    same_number: bool = False
    is_event_day: bool = False
    buttons: tuple[Button, ...] = ()


class Way(Data):
    """One way on: taken if its condition holds."""

    to: str
    when: str | None = None
    note: str | None = None


class Branch(Data):
    """Decides without asking: the first way that is open. Only among the cross questions may none be."""

    branch: tuple[Way, ...]


class Make(Data):
    """The way's end: the request for `plan`. `$key` is an answer as given, `=name` is computed.

    `also_targets` names the question whose answer lists further documents to which the same happens.
    """

    request: Mapping[str, Any]
    note: str | None = None
    also_targets: str | None = None


class Stop(Said):
    """The way's end where nothing is to be amended: why not, and what to do. `code` is the engine's."""

    code: str | None = None
    citation: str = ""
    buttons: tuple[Button, ...] = ()


class Note(Said):
    """What is told on the way."""

    code: str | None = None
    citation: str = ""
    buttons: tuple[Button, ...] = ()


class Problem(Said):
    """What is wrong with an answer."""

    code: str | None = None


class Event(Said):
    """What happened, in the user's words."""

    key: str
    example_ko: str
    example_en: str
    start: str
    when: str | None = None


class Group(Said):
    """Events that belong together."""

    key: str
    help_ko: str = ""
    help_en: str = ""
    when: str | None = None
    events: tuple[Event, ...]


class Barrier(Data):
    """A state of the document that ends the way before it begins."""

    when: str
    stop: str


class Remark(Data):
    """A note that is told where its condition holds."""

    when: str
    note: str


Step = Ask | Branch | Make


@dataclass(frozen=True, slots=True)
class Tree:
    """Everything together.

    Attributes:
        groups: of events, in the order in which they are shown.
        steps: every step but the cross questions, by key.
        cross: questions that are asked wherever they matter, by key, in order.
        stops: by key.
        notes: by key.
        problems: by key.
        barriers: of the gate; the first that holds.
        gate_notes: told before any question.
        last_notes: told with the request.
        events: every event by key.
        questions: every question by key, cross questions included.
    """

    groups: tuple[Group, ...]
    steps: Mapping[str, Step]
    cross: Mapping[str, Ask | Branch]
    stops: Mapping[str, Stop]
    notes: Mapping[str, Note]
    problems: Mapping[str, Problem]
    barriers: tuple[Barrier, ...]
    gate_notes: tuple[Remark, ...]
    last_notes: tuple[Remark, ...]
    events: Mapping[str, Event] = field(init=False)
    questions: Mapping[str, Ask] = field(init=False)

    def __post_init__(self) -> None:
        events = {event.key: event for group in self.groups for event in group.events}
        steps = {**self.steps, **self.cross}
        questions = {key: step for key, step in steps.items() if isinstance(step, Ask)}
        object.__setattr__(self, "events", MappingProxyType(events))
        object.__setattr__(self, "questions", MappingProxyType(questions))


class _Events(Data):
    groups: tuple[Group, ...]


class _Gate(Data):
    stops: tuple[Barrier, ...]
    notes: tuple[Remark, ...]


class _Ready(Data):
    notes: tuple[Remark, ...]


_STEP_FILES = ("later.toml", "wrong.toml", "unclear.toml", "amended.toml")


@cache
def read() -> Tree:
    """The tree as it stands in the package."""
    gate = _Gate.model_validate(_table("gate.toml"))
    steps = {key: step for name in _STEP_FILES for key, step in _steps(name).items()}
    return Tree(
        groups=_Events.model_validate(_table("events.toml")).groups,
        steps=MappingProxyType(steps),
        cross=MappingProxyType(TypeAdapter(dict[str, Ask | Branch]).validate_python(_table("cross.toml"))),
        stops=MappingProxyType(TypeAdapter(dict[str, Stop]).validate_python(_table("stops.toml"))),
        notes=MappingProxyType(TypeAdapter(dict[str, Note]).validate_python(_table("notes.toml"))),
        problems=MappingProxyType(TypeAdapter(dict[str, Problem]).validate_python(_table("problems.toml"))),
        barriers=gate.stops,
        gate_notes=gate.notes,
        last_notes=_Ready.model_validate(_table("ready.toml")).notes,
    )


def _steps(name: str) -> dict[str, Step]:
    return TypeAdapter(dict[str, Step]).validate_python(_table(name))


def _table(name: str) -> dict[str, Any]:
    text = (
        resources.files("dojang.etax.amendments.suggest").joinpath("tree", name).read_text(encoding="utf-8")
    )
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a way leads: a step, a stop, or another event and one of its steps."""

    key: str
    event: str | None = None


def place(tree: Tree, to: str) -> Place:
    """What a way's `to` means.

    Raises:
        KeyError: no such event.
    """
    if not to.startswith("@"):
        return Place(to)
    event, _, step = to.removeprefix("@").partition(":")
    return Place(step or tree.events[event].start, event)
