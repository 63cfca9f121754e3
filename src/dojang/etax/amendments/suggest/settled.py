"""The facts with what the cross questions settled: what the user said once, every plan knows."""

from collections.abc import Iterator
from datetime import date, timedelta

from dojang.etax.amendments.suggest.case import Answer, Case
from dojang.etax.calendar.periods import ReturnPeriod, vat_period
from dojang.etax.facts import Audit, Facts, ReturnFiled
from dojang.etax.invoice import Buyer


def settled(case: Case) -> Facts:
    """The facts given, and the answers to the cross questions."""
    changes = dict(_changes(case))
    return case.facts.model_copy(update=changes) if changes else case.facts


def _changes(case: Case) -> Iterator[tuple[str, object]]:
    successor = case.given.get("cross_successor")
    if isinstance(successor, Buyer):
        yield "successors", case.facts.successors.model_copy(update={"buyer": successor})
    if "cross_audit" in case.given:
        # Whoever knows of an assessment of this deal was stopped; the rest of the notices do not bar.
        yield "audit", Audit(covers_this_supply="no")
    if "cross_duty" in case.given:
        yield "e_obligated", case.given["cross_duty"] == "yes"
    if case.given.get("cross_filed") in _TOLD:
        yield "returns_filed", _returns(case, case.given.get("cross_filed_on"))


_TOLD = ("not_yet", "filed")


def _returns(case: Case, filed_on: Answer | None) -> tuple[ReturnFiled, ...]:
    """The one return that was asked about; where it is not filed yet, the one before it was, when it was due."""
    if isinstance(filed_on, date):
        return (ReturnFiled(period=case.period.key, filed_on=filed_on),)
    before = _before(case)
    return (ReturnFiled(period=before.key, filed_on=before.due),)


def _before(case: Case) -> ReturnPeriod:
    """The return before the one that was asked about: a list of returns says nothing of what was due before it."""
    facts, asked = case.facts, case.period
    # Whether there was a preliminary return in the same 과세기간 is then as unknown as before.
    is_known = facts.files_preliminary is not None
    start = asked.start if is_known else vat_period(asked.end, facts.supplier).start
    return facts.return_of(start - timedelta(days=1), law=case.law)
