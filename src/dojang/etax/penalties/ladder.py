"""`ladder`: the days on which a document that is late, or will be, gets more expensive."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from dojang.errors import Language
from dojang.etax.facts import Facts
from dojang.etax.parameters import Law
from dojang.etax.penalties.assessment import assess
from dojang.etax.penalties.case import Case, open_case
from dojang.etax.penalties.records import Assessment, DocumentFacts, Penalty
from dojang.etax.penalties.sentences import NAMES, percent

_DAY = timedelta(days=1)


class _Words(NamedTuple):
    rung: str
    buyer: str
    at_most: str
    part: str
    lost: str


_WORDS: Mapping[Language, _Words] = {
    "ko": _Words(
        "{day}부터 {total:,}원",
        "거래처 ",
        "최대 ",
        "{name} {most}{rate} {amount:,}원",
        "거래처 매입세액 {tax:,}원 불공제",
    ),
    "en": _Words(
        "from {day} {total:,} won",
        "buyer: ",
        "at most ",
        "{name} {most}{rate} {amount:,} won",
        "buyer loses input tax of {tax:,} won",
    ),
}


def _part(penalty: Penalty, language: Language) -> str:
    words, name = _WORDS[language], NAMES[penalty.code]
    part = words.part.format(
        name=name.ko if language == "ko" else name.en,
        most=words.at_most if penalty.certainty == "practice" else "",
        rate=percent(penalty.rate),
        amount=penalty.amount,
    )
    return f"{words.buyer}{part}" if penalty.who == "buyer" else part


@dataclass(frozen=True, slots=True)
class Rung:
    """From one day on, what doing it costs.

    Attributes:
        from_on: the first day.
        assessment: what it costs then.
    """

    from_on: date
    assessment: Assessment

    @property
    def penalties(self) -> tuple[Penalty, ...]:
        """The penalties of both parties."""
        return self.assessment.penalties

    @property
    def penalties_total(self) -> int:
        """Their sum, in won."""
        return self.assessment.penalties_total

    @property
    def cost(self) -> int:
        """Their sum and the input tax that the buyer loses, in won: never less than on the rung before."""
        return self.assessment.cost

    def text(self, language: Language = "ko") -> str:
        """One short phrase: the day, the sum of the penalties, and what makes it up."""
        words = _WORDS[language]
        parts = [*(_part(penalty, language) for penalty in self.penalties)]
        if self.assessment.lost_tax:
            parts.append(words.lost.format(tax=self.assessment.lost_tax))
        sum_up = words.rung.format(day=self.from_on, total=self.penalties_total)
        return f"{sum_up} ({', '.join(parts)})" if parts else sum_up


def ladder(document: DocumentFacts, facts: Facts, *, law: Law, today: date) -> tuple[Rung, ...]:
    """What it costs to do what is still to be done (issue, else transmit) today, and from which days it costs more.

    The first rung is today (or, for what is not supplied yet, the day of supply); later ones only where something
    changes. A document to which nothing is left to do has one rung.

    Raises:
        DateOutOfReach: for days outside any calendar.
    """
    case = open_case(document, facts, law=law, today=today)
    start = max(today, document.counted_from) if case.is_unissued else today
    days = sorted({start, *(day for day in _turns(case) if day > start)})
    return tuple(_changes(Rung(day, assess(document, facts, law=law, today=day)) for day in days))


def _turns(case: Case) -> Iterator[date]:
    """The days after each date on which something can end."""
    for last in (case.issue, case.transmit, case.final, case.buyer_final, case.limit):
        yield last.on + _DAY


def _changes(rungs: Iterable[Rung]) -> Iterator[Rung]:
    previous: Rung | None = None
    for rung in rungs:
        if previous is None or _matters(rung) != _matters(previous):
            yield rung
        previous = rung


def _matters(rung: Rung) -> tuple[object, ...]:
    owed = tuple((each.who, each.code, each.amount) for each in rung.penalties)
    return (owed, rung.assessment.deduction, rung.assessment.lost_tax)
