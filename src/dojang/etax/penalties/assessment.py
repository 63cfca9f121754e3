"""`assess`: what a document costs its supplier and its buyer, as of a day."""

from collections.abc import Iterator
from datetime import date

from dojang.etax.facts import Facts
from dojang.etax.notices import Notice, distinct
from dojang.etax.parameters import Law
from dojang.etax.penalties import advice
from dojang.etax.penalties.buyer import Receipt, receipt
from dojang.etax.penalties.case import Case, open_case
from dojang.etax.penalties.charges import priced
from dojang.etax.penalties.clauses import rate_name
from dojang.etax.penalties.records import Assessment, DocumentFacts, Penalty
from dojang.etax.penalties.supplier import supplier_charges


def assess(document: DocumentFacts, facts: Facts, *, law: Law, today: date) -> Assessment:
    """Judges one document. What is not issued or not transmitted yet is judged as if it were done today.

    Each penalty is cut to its cap for this document alone; `capped` counts several together. Where a fact is not
    known, the usual case is judged (nobody obliged to issue electronically; a general taxpayer on each side) and a
    notice tells the other one.

    Source: 부가가치세법 제60조, 같은 법 시행령 제75조·제108조, 법인세법 제75조의8, 소득세법 제81조의10, 국세기본법 제49조.

    Raises:
        DateOutOfReach: for days outside any calendar.
    """
    case = open_case(document, facts, law=law, today=today)
    received = receipt(case)
    penalties = _penalties(case, received)
    return Assessment(
        penalties=penalties,
        deduction=received.deduction,
        lost_tax=received.lost_tax,
        notices=distinct(
            (*advice.notices(case, received), *_unknown(case, penalties), *_doubts(case, penalties))
        ),
    )


def _penalties(case: Case, received: Receipt) -> tuple[Penalty, ...]:
    return (
        *(priced(case, "supplier", charge) for charge in supplier_charges(case)),
        *(priced(case, "buyer", charge) for charge in received.charges),
    )


def _doubts(case: Case, penalties: tuple[Penalty, ...]) -> Iterator[Notice]:
    """Figures that are guesses because the day lies outside the law that was read."""
    yield from case.law.notices(*(case.rate(rate_name(case.family, penalty.code)) for penalty in penalties))


def _unknown(case: Case, penalties: tuple[Penalty, ...]) -> Iterator[Notice]:
    """For each fact that nobody knows, what the other case would be, where it differs."""
    for other in advice.other_cases(case.facts):
        elsewhere = open_case(case.document, other.facts, law=case.law, today=case.today)
        instead = _penalties(elsewhere, receipt(elsewhere))
        if _figures(instead) != _figures(penalties):
            yield other.told(instead)


def _figures(penalties: tuple[Penalty, ...]) -> tuple[tuple[str, str, int], ...]:
    return tuple((penalty.who, penalty.code, penalty.amount) for penalty in penalties)
