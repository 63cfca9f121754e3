"""Walking the tree: from an event, along the answers, to the next question, a stop, or the request.

The walk is a pure function of the case and the answers: each change of an answer is a new walk, and answers to
questions that are not on the way are kept by the caller and not looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dojang.etax.amendments.chain import Chain, Node
from dojang.etax.amendments.request import Request, request_from_data
from dojang.etax.amendments.suggest import outcome, shape
from dojang.etax.amendments.suggest.answers import parse, problem_of
from dojang.etax.amendments.suggest.case import Answer, Case
from dojang.etax.amendments.suggest.conditions import holds
from dojang.etax.amendments.suggest.errors import EventNotOffered, UnknownEvent, UnknownQuestion
from dojang.etax.amendments.suggest.known import KNOWN, OFFERED
from dojang.etax.amendments.suggest.outcome import (
    Events,
    Option,
    Question,
    Ready,
    Stop,
    Suggestion,
    Told,
    Words,
)
from dojang.etax.amendments.suggest.requests import DEFAULTS, filled
from dojang.etax.amendments.suggest.settled import settled
from dojang.etax.amendments.suggest.shape import Ask, Branch, Make, Place, place
from dojang.etax.amendments.suggest.values import VALUES, told

_WHAT_HAPPENED = Words("무슨 일이 있었나요?", "What happened?")


@dataclass(frozen=True, slots=True)
class _Walk:
    """Where the walk stands."""

    case: Case
    answers: Mapping[str, object]
    notes: tuple[Told, ...] = ()
    asked: tuple[Question, ...] = ()

    def noting(self, key: str | None) -> "_Walk":
        """After a note was told; nothing is told twice."""
        if key is None or key in {note.key for note in self.notes}:
            return self
        return replace(self, notes=(*self.notes, _note(key, self.case)))

    def answered(self, key: str, answer: Answer) -> "_Walk":
        """After an answer."""
        return replace(self, case=self.case.with_answer(key, answer))


def walk(case: Case, event: str | None, answers: Mapping[str, object]) -> Suggestion:
    """The next thing to show.

    Raises:
        UnknownEvent, EventNotOffered: of the event.
        UnknownQuestion, UnknownChoice, WrongAnswer: of the answers.
    """
    tree = case.tree
    unknown = set(answers) - set(tree.questions)
    if unknown:
        raise UnknownQuestion(question=min(unknown))
    started = _Walk(case, answers)
    for barrier in tree.barriers:
        if holds(barrier.when, case):
            return _stop(barrier.stop, started)
    for remark in tree.gate_notes:
        if holds(remark.when, case):
            started = started.noting(remark.note)
    groups = _groups(case)
    if event is None:
        return Events(_WHAT_HAPPENED, groups, started.notes)
    if event not in tree.events:
        raise UnknownEvent(event=event)
    if event not in {offered.key for group in groups for offered in group.events}:
        raise EventNotOffered(event=event)
    return _go(replace(started, case=replace(case, event=event)), Place(tree.events[event].start))


def _groups(case: Case) -> tuple[outcome.EventGroup, ...]:
    return tuple(_group(group, case) for group in case.tree.groups if holds(group.when, case))


def _group(group: shape.Group, case: Case) -> outcome.EventGroup:
    events = (
        outcome.EventChoice(event.key, Words(event.ko, event.en), Words(event.example_ko, event.example_en))
        for event in group.events
        if holds(event.when, case)
    )
    return outcome.EventGroup(
        group.key, Words(group.ko, group.en), Words(group.help_ko, group.help_en), tuple(events)
    )


# One step after the other ---------------------------------------------------------------------------------------


_Next = tuple["_Walk", Place] | Suggestion


def _go(walk: _Walk, at: Place) -> Suggestion:
    """From a place to where the user is needed, or to the end."""
    while True:
        found = _step(walk, at)
        if not isinstance(found, tuple):
            return found
        walk, at = found


def _step(walk: _Walk, at: Place) -> _Next:
    if at.event is not None:
        walk = replace(walk, case=replace(walk.case, event=at.event))
    tree = walk.case.tree
    if at.key in tree.stops:
        return _stop(at.key, walk)
    match tree.steps[at.key]:
        case Branch(branch=ways):
            way = next(way for way in ways if holds(way.when, walk.case))
            return walk.noting(way.note), place(tree, way.to)
        case Make() as make:
            return _make(make, walk)
        case Ask() as ask:
            return _asking(at.key, ask, walk)


def _asking(key: str, ask: Ask, walk: _Walk) -> _Next:
    """Past a question, or to it."""
    found = _ask(key, ask, walk)
    if isinstance(found, Question):
        return found
    walk, to = found
    crossed = _cross(walk)
    if not isinstance(crossed, _Walk):
        return crossed
    return crossed, place(crossed.case.tree, to)


def _ask(key: str, ask: Ask, walk: _Walk) -> Question | tuple[_Walk, str]:
    """The walk after the question and where it leads ("": on); the question itself if it has to be asked."""
    if not holds(ask.when, walk.case):
        return walk, ask.to or ""
    known = KNOWN[ask.known](walk.case) if ask.known else None
    if known is not None:
        return _choosing(ask, known, walk.answered(key, known))
    question = _question(key, ask, walk)
    given = walk.answers.get(key)
    if given is None and ask.optional and key in walk.answers:
        given = question.default  # skipped
    if given is None:
        return question
    answer = parse(key, ask, given, question.choices, walk.case)
    problem = problem_of(ask, answer, walk.case)
    question = replace(question, answer=given)
    if problem is not None:
        return replace(question, problem=problem)
    walk = replace(walk, asked=(*walk.asked, replace(question, asked=(), notes=())))
    return _choosing(ask, answer, walk.answered(key, answer))


def _choosing(ask: Ask, answer: Answer, walk: _Walk) -> tuple[_Walk, str]:
    """The walk after an answer; a choice may tell something, and lead a way of its own."""
    chosen = next((choice for choice in ask.choices if choice.key == answer), None)
    if chosen is None:
        return walk, ask.to or ""
    if chosen.retarget:
        walk = replace(walk, case=replace(walk.case, node=_root_of(walk.case.chain, walk.case.node)))
    return walk.noting(chosen.note), chosen.to or ask.to or ""


def _root_of(chain: Chain, node: Node) -> Node:
    """The document that stands for the deal that an amendment belongs to."""
    root = next(each for each in chain.tree(node) if each.key == node.root_key)
    return chain.newest(root)


def _cross(walk: _Walk) -> "_Walk | Question | Stop":
    """The walk after every cross question that matters now; the first that has to be asked, or its stop."""
    tree = walk.case.tree
    for key, step in tree.cross.items():
        found = _crossing(key, step, walk)
        if not isinstance(found, _Walk):
            return found
        walk = found
    return walk


def _crossing(key: str, step: Ask | Branch, walk: _Walk) -> "_Walk | Question | Stop":
    if isinstance(step, Branch):
        open_way = next((way for way in step.branch if holds(way.when, walk.case)), None)
        return walk if open_way is None else _stop(open_way.to, walk)
    if key in walk.case.given:
        return walk
    found = _ask(key, step, walk)
    if isinstance(found, Question):
        return found
    walk, to = found
    return _stop(to, walk) if to else walk


def _make(make: Make, walk: _Walk) -> Suggestion:
    """The request, unless a cross question stands before it."""
    walk = walk.noting(make.note)
    request = filled(make, walk.case)
    crossed = _cross(replace(walk, case=replace(walk.case, request=request)))
    if not isinstance(crossed, _Walk):
        return crossed
    for remark in crossed.case.tree.last_notes:
        if holds(remark.when, crossed.case):
            crossed = crossed.noting(remark.note)
    return Ready(
        event=crossed.case.event or "",
        request=request_from_data(request),
        facts=settled(crossed.case),
        further=tuple(_further(make, request, crossed.case)),
        notes=crossed.notes,
        asked=crossed.asked,
    )


def _further(make: Make, request: Mapping[str, object], case: Case) -> Iterator[Request]:
    others = case.given.get(make.also_targets, ()) if make.also_targets else ()
    for target in others if isinstance(others, tuple) else ():
        yield request_from_data({**request, "target": target})


# What is shown --------------------------------------------------------------------------------------------------


def _question(key: str, ask: Ask, walk: _Walk) -> Question:
    case = walk.case
    return Question(
        event=case.event or "",
        key=key,
        kind=ask.ask,
        words=told(ask, case),
        help=told(Words(ask.help_ko, ask.help_en), case),
        choices=_options(ask, case),
        multiple=ask.multiple,
        forms=tuple(Option(form.key, Words(form.ko, form.en)) for form in ask.forms),
        least=_limit(ask.least, case),
        most=_limit(ask.most, case),
        digits=ask.digits,
        default=_default(ask, case),
        optional=ask.optional,
        accepts_issue_id=ask.accepts_issue_id,
        buttons=_buttons(ask.buttons),
        notes=walk.notes,
        asked=walk.asked,
    )


def _options(ask: Ask, case: Case) -> tuple[Option, ...]:
    offered = OFFERED[ask.offered](case) if ask.offered else ()
    fixed = (
        Option(choice.key, Words(choice.ko, choice.en)) for choice in ask.choices if holds(choice.when, case)
    )
    return (*offered, *fixed)


def _limit(name: str | None, case: Case) -> date | int | None:
    value = VALUES[name](case) if name else None
    return None if isinstance(value, str | Words) else value


def _default(ask: Ask, case: Case) -> object:
    if isinstance(ask.default, str) and ask.default.startswith("="):
        return DEFAULTS[ask.default.removeprefix("=")](case)
    return ask.default


def _stop(key: str, walk: _Walk) -> Stop:
    stop = walk.case.tree.stops[key]
    return Stop(
        event=walk.case.event,
        key=key,
        code=stop.code,
        words=told(stop, walk.case),
        citation=stop.citation,
        buttons=_buttons(stop.buttons),
        notes=walk.notes,
        asked=walk.asked,
    )


def _note(key: str, case: Case) -> Told:
    note = case.tree.notes[key]
    return Told(key, note.code, told(note, case), note.citation, _buttons(note.buttons))


def _buttons(buttons: tuple[shape.Button, ...]) -> tuple[outcome.Button, ...]:
    return tuple(
        outcome.Button(Words(button.ko, button.en), button.action, button.event, dict(button.answers))
        for button in buttons
    )
