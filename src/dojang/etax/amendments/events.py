"""What 02, 03 and 04 share: something happened later, on a day of its own.

The document is dated that day and its remark names 처음 세금계산서 작성일. When the supplier changed between 간이과세자
and 일반과세자 in between, the two dates change places (시행령 제70조제2항·제3항); the deadline still runs from the event.

Source: 부가가치세법 시행령 제70조제1항제1호–제3호, 제2항, 제3항; 집행기준 16-59-2 (폐업).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dojang.etax.amendments.case import Case, DeadlineKind, Draft
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.mirror import Heading
from dojang.etax.calendar.deadlines import issue_deadline
from dojang.etax.calendar.periods import TaxType
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.invoice import Invoice
from dojang.etax.notices import Notice
from dojang.etax.penalties import DocumentFacts

_SWITCHING = {TaxType.GENERAL, TaxType.SIMPLIFIED}


def bars(case: Case) -> Iterator[Message]:
    """Why nothing that happened later can be recorded on this document."""
    if case.sign <= 0:
        yield message("sign_of_target")


def faults(case: Case, event_on: date) -> Iterator[Message]:
    """What is wrong with the day of the event, or with the parties on it."""
    yield from bars(case)
    if event_on > case.on:
        yield message("event_in_future", today=case.on, event_on=event_on)
    if event_on < case.original_on:
        yield message("event_before_original", original_on=case.original_on, event_on=event_on)
    yield from _party_faults(case, event_on)


def _party_faults(case: Case, event_on: date) -> Iterator[Message]:
    facts = case.facts
    # Only a buyer is followed by another on an amendment; the supplier's certificate has to be the same.
    if facts.successors.supplier is not None:
        yield message("supplier_changed")
    elif facts.supplier_closed_on is not None and event_on > facts.supplier_closed_on:
        yield message(
            "party_closed",
            party=case.invoice.supplier.name,
            party_en="supplier",
            closed_on=facts.supplier_closed_on,
        )
    if (
        facts.buyer_closed_on is None
        or event_on <= facts.buyer_closed_on
        or facts.successors.buyer is not None
    ):
        return
    yield message(
        "party_closed", party=case.invoice.buyer.name, party_en="buyer", closed_on=facts.buyer_closed_on
    )


@dataclass(frozen=True, slots=True)
class Dating:
    """How an event's document is dated, and whether the dates changed places."""

    heading: Heading
    is_swapped: bool
    warnings: tuple[Notice, ...] = ()


def dating(case: Case, reason: AmendmentReason, event_on: date) -> Dating:
    """작성일자 and 비고 of a document about an event."""
    original_on = case.original_on
    if _type_switched(case, event_on):
        warning = message("dates_swapped", original_on=original_on, event_on=event_on)
        return Dating(_swapped(case, reason, event_on), is_swapped=True, warnings=(warning,))
    if reason is AmendmentReason.CANCELLED_CONTRACT and _keeps_original_date(case, event_on):
        return Dating(_swapped(case, reason, event_on), is_swapped=True)
    heading = case.heading(reason, event_on, (f"당초 작성일자({original_on})",))
    return Dating(heading, is_swapped=False, warnings=tuple(_unknown_types(case, event_on)))


def _swapped(case: Case, reason: AmendmentReason, event_on: date) -> Heading:
    return case.heading(reason, case.original_on, (f"사유발생일({event_on})",))


def _type_switched(case: Case, event_on: date) -> bool:
    """Whether the supplier was 간이 on one of the two days and 일반 on the other."""
    if case.taxation is Taxation.EXEMPT:
        return False
    types = {case.facts.supplier.tax_type(day) for day in (case.original_on, event_on)}
    return types == _SWITCHING


def _unknown_types(case: Case, event_on: date) -> Iterator[Notice]:
    if case.taxation is Taxation.EXEMPT:
        return
    if None in {case.facts.supplier.tax_type(day) for day in (case.original_on, event_on)}:
        yield message("type_switch_unknown", original_on=case.original_on, event_on=event_on)


def _keeps_original_date(case: Case, event_on: date) -> bool:
    """Contracts undone before 2012-07-01 are dated like the original."""
    return case.law.parameter("cancellation_written_on", event_on).value == "original"


def drafted(case: Case, documents: tuple[Invoice, ...], event_on: date, dated: Dating) -> Draft:
    """The draft of an event's documents: its deadline, its lateness, the buyer's successor."""
    successor = case.facts.successors.buyer
    closed_on = case.facts.buyer_closed_on
    if successor is not None and (closed_on is None or event_on > closed_on):
        documents = tuple(each.replace(buyer=successor) for each in documents)
    deadline = issue_deadline(event_on, law=case.law)
    late = (message("late", deadline=deadline.on),) if case.on > deadline.on else ()
    return Draft(
        documents=documents,
        deadline=deadline,
        deadline_kind=DeadlineKind.SOFT,
        judged=tuple(
            replace(DocumentFacts.of(each, issued_on=case.on, sent_on=case.on), supplied_on=event_on)
            for each in documents
        ),
        warnings=(*dated.warnings, *late, *deadline.warnings),
        vat="include" if dated.is_swapped else "event",
    )
