"""Walking the wizard in tests: every answer that its questions take, and every way through."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dojang.etax.amendments.chain import Chain
from dojang.etax.amendments.suggest import Question, Ready, Setting, Stop, Suggestion, suggest, tree
from dojang.etax.facts import Facts
from etax.amendments_samples import BUYERS, PERSON, chain, original
from etax.law_samples import LAW, day

ON = "2026-09-10"


@dataclass(frozen=True)
class Wizard:
    """A chain on a day, and what is known besides."""

    chain: Chain
    on: str = ON
    facts: Facts = field(default_factory=Facts)
    target: str | None = None
    setting: Setting = field(default_factory=Setting)

    def at(self, event: str | None, **answers: Any) -> Suggestion:
        return suggest(
            self.chain,
            self.facts,
            law=LAW,
            on=day(self.on),
            event=event,
            answers=answers,
            target=self.target,
            setting=self.setting,
        )


def told(**facts: Any) -> Facts:
    return Facts.from_json(json.dumps(facts, ensure_ascii=False))


def wizard(**changes: Any) -> Wizard:
    """One accepted invoice of 1,000,000 won dated 2026-05-06."""
    return Wizard(chain(original()), **changes)


def answers_to(question: Question, *, thorough: bool) -> Iterator[object]:
    """Answers that a question takes, its every choice among them; thoroughly, also its limits."""
    match question.kind:
        case "choice":
            yield from _choices(question)
        case "date":
            yield from _within(question, _DAYS if thorough else _FEW_DAYS, thorough=thorough)
        case "money":
            yield from _amounts(question, thorough=thorough)
        case "items":
            yield from _items(question, thorough=thorough)
        case "party":
            yield dict(BUYERS["C"])
            if isinstance(question.default, dict):
                yield question.default | {"address": "가상시 새길 2"}
        case "number":
            yield "9002301234563" if question.digits == len(PERSON["number"]) else "0001"
        case _:
            yield "LC-2026-001"


_DAYS = ("2026-05-01", "2026-05-20", "2026-07-08", "2026-09-02")
_FEW_DAYS = ("2026-05-01", "2026-06-01", "2026-07-08")


def _within(question: Question, samples: Iterable[object], *, thorough: bool) -> Iterator[object]:
    limits = (question.least, question.most) if thorough else (0,) if question.least == 0 else ()
    bounds = [
        bound.isoformat() if isinstance(bound, date) else bound for bound in limits if bound is not None
    ]
    yield from dict.fromkeys([*bounds, *samples])


def _choices(question: Question) -> Iterator[object]:
    keys = [choice.key for choice in question.choices]
    if question.multiple:
        yield []
        yield keys[:1]
    else:
        yield from keys
    if question.accepts_issue_id:
        yield "20260506419999990000000z"


def _amounts(question: Question, *, thorough: bool) -> Iterator[object]:
    yield from _within(question, [300_000], thorough=thorough)
    if question.forms:
        yield {question.forms[-1].key: 200_000}


def _items(question: Question, *, thorough: bool) -> Iterator[object]:
    yield from _amounts(question, thorough=thorough)
    for total in (300_000, 700_000, 1_000_000):
        yield [_item("가", total - 100_000), _item("나", 100_000)]


def _item(name: str, supply: int) -> Mapping[str, Any]:
    return {"name": name, "supply_amount": supply}


def ways(
    sample: Wizard, event: str, *, thorough: bool = False
) -> Iterator[tuple[Mapping[str, Any], Question | Stop | Ready]]:
    """Every way from an event to its end, with the answers that lead there.

    A way that starts another event over ends there, unless thorough: that event has ways of its own.
    """
    waiting: list[dict[str, Any]] = [{}]
    while waiting:
        answers = waiting.pop()
        found = sample.at(event, **answers)
        if isinstance(found, Stop | Ready) or (not thorough and _starts_over(found, event)):
            yield answers, found
        elif found.problem is None:
            waiting += [answers | {found.key: answer} for answer in answers_to(found, thorough=thorough)]


def _starts_over(question: Question, event: str) -> bool:
    return question.event != event and question.key == tree().events[question.event].start
