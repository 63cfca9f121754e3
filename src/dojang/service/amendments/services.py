"""Amending (수정발행): begun on a document, asked for what happened, prepared to documents, given up.

Documents are made by `prepare` alone (`making`), and only while what was looked at is still what would be made.
Whoever changes a deal holds its lock first, then the rows of invoices, then the amendment's (`rows`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from dojang.etax.amendments.suggest import EventNotOffered, Events, Question, Suggestion, UnknownEvent, tree
from dojang.service.amendments import keeping, locking, making, rows
from dojang.service.amendments.chains import deal_of
from dojang.service.amendments.errors import NoEventYet, NothingToMend, NotOnTheWay
from dojang.service.amendments.halves import is_half
from dojang.service.amendments.models import Amendment, AmendmentState
from dojang.service.amendments.steps import known_of, step_of
from dojang.service.invoices.models import Invoice
from dojang.service.records.models import Record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


@transaction.atomic
def start(
    *, member: Member, invoice: Invoice | None = None, record: Record | None = None, now: datetime
) -> Amendment:
    """[수정발행] on a document: the member's own unfinished one on it, or a new one.

    Whether the document can be amended at all is told by `steps.step_of` (the stops before any question).

    Raises:
        PermissionDenied: without the right to write.
        NeverIssued, NotASale, IncompleteRecord, DealTooLarge.
    """
    row = invoice or record
    assert row is not None  # noqa: S101 (one of them is given)
    member.require(Right.WRITE, row.business_id)
    deal = deal_of(invoice=invoice, record=record)
    locking.hold([deal.key])
    open_one = Amendment.objects.filter(
        target=invoice,
        record=record,
        started_by_id=member.user_id,
        state__in=[AmendmentState.ASKING, AmendmentState.PREPARED],
        mends=None,
        beside=None,
    ).first()
    if open_one is not None:
        return open_one
    return rows.begin(member, row, deal, now)


@transaction.atomic
def choose(*, member: Member, amendment_id: int, event: str, now: datetime) -> Amendment:
    """What happened. The answers so far are kept: those that are not on the new way are not looked at.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, NotAsking, UnknownEvent, EventNotOffered.
    """
    row = rows.asking(member, amendment_id)
    if event not in tree().events:
        raise UnknownEvent(event=event)
    asked = known_of(row, now=now).suggestion("", {})
    groups = asked.groups if isinstance(asked, Events) else ()
    if event not in {one.key for group in groups for one in group.events}:
        raise EventNotOffered(event=event)
    row.event = event
    return rows.saved(row, member, now, "event")


@transaction.atomic
def answer(*, member: Member, amendment_id: int, question: str, value: Any, now: datetime) -> Amendment:
    """Answer a question, or answer one that was answered before anew; later answers stay.

    An answer that cannot be taken (a day to come, more than is left) is kept: the next step is the same question, with
    what is wrong and what would be right.

    Args:
        member: who answers.
        amendment_id: which one.
        question: the key of the question that is asked, or of one in `Step.asked`.
        value: JSON as the question wants it (`suggest.Question`): a key, a list of keys, a date as text, won, items,
            `{form: won}`, a party as JSON of a buyer, digits, text; None takes the default of an optional one.
        now: the time.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, NotAsking, NoEventYet, NotOnTheWay.
        WrongAnswer, UnknownChoice: no answer of that kind; nothing is kept.
    """
    row = rows.asking(member, amendment_id)
    if not row.event:
        raise NoEventYet
    known, before = known_of(row, now=now), keeping.answers_of(row)
    if question not in _askable(known.suggestion(row.event, before)):
        raise NotOnTheWay
    after = {**before, question: value}
    known.suggestion(row.event, after)  # refuses what is no answer of the kind
    keeping.put(row, after)
    return rows.saved(row, member, now, "answers", "secret")


@transaction.atomic
def answer_all(
    *, member: Member, amendment_id: int, event: str, values: dict[str, Any], now: datetime
) -> Amendment:
    """Take up an event with some answers ready, as a button of a stop or note says (`suggest.Button`).

    Raises:
        As `choose` and `answer`.
    """
    row = choose(member=member, amendment_id=amendment_id, event=event, now=now)
    after = {**keeping.answers_of(row), **values}
    known_of(row, now=now).suggestion(event, after)
    keeping.put(row, after)
    return rows.saved(row, member, now, "answers", "secret")


@transaction.atomic
def forget(*, member: Member, amendment_id: int, question: str | None, now: datetime) -> Amendment:
    """Back to a question; None is back to what happened. Of the later answers those stay that are still on the way.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, NotAsking.
    """
    row = rows.asking(member, amendment_id)
    if question is None:
        row.event = ""
        return rows.saved(row, member, now, "event")
    keeping.put(row, {key: value for key, value in keeping.answers_of(row).items() if key != question})
    return rows.saved(row, member, now, "answers", "secret")


@transaction.atomic
def prepare(
    *,
    member: Member,
    amendment_id: int,
    confirmed: Collection[int],
    seen: str,
    note: str = "",
    now: datetime,
) -> making.Prepared:
    """Make the documents: ready to sign, or waiting for an approval where the member may not issue or a policy asks.

    Pressed twice it makes them once. Where one was sent back by whoever approves, the same press asks again.

    Args:
        member: who presses.
        amendment_id: which one.
        confirmed: the places in `Planned.confirmations` of the target's plan that were ticked.
        seen: `Step.seen` of what was looked at.
        note: to whoever approves.
        now: the time.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, AlreadyIssued, AmendmentWithdrawn.
        ShownMeanwhileChanged: it would be something else now; show the step again.
        NotPlanned: there are questions left, or the law refuses. NotTheRest: of a half that is issued again.
        NotConfirmed, NeedsHometax, NotFinished.
    """
    row = rows.found(member, amendment_id)
    # Whose locks are needed follows from the answers, and from what was prepared before.
    planned = () if row.state == AmendmentState.PREPARED else step_of(row, now=now).planned
    rows.hold_deals(row, *(one.deal.key for one in planned))
    row = rows.locked(member, amendment_id)
    rows.require_open(row)
    if row.state == AmendmentState.PREPARED:
        again = making.prepared_before(row, member, note, now)
        if again is not None:
            return again
    making.take_apart(row, member, now)
    step = step_of(row, now=now)
    making.require_makeable(step, confirmed, seen)
    return making.make(row, step, ticked=sorted(set(confirmed)), member=member, note=note, now=now)


@transaction.atomic
def reopen(*, member: Member, amendment_id: int, now: datetime) -> Amendment:
    """Back to the questions: documents that were made and not signed are thrown away.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, AlreadyIssued, AmendmentWithdrawn.
    """
    row = rows.closed_to_signing(member, amendment_id)
    if row.state == AmendmentState.PREPARED:
        making.take_apart(row, member, now)
    return row


@transaction.atomic
def withdraw(*, member: Member, amendment_id: int, now: datetime) -> Amendment:
    """[그만두기]: its unsigned documents are thrown away; twice is the same as once.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, AlreadyIssued.
    """
    row = rows.found(member, amendment_id)
    if row.state == AmendmentState.WITHDRAWN:
        return row
    row = rows.closed_to_signing(member, amendment_id)
    making.take_apart(row, member, now)
    making.throw_left_over_away(row, member, now)
    row.state = AmendmentState.WITHDRAWN
    return rows.saved(row, member, now, "state")


@transaction.atomic
def reissue(*, member: Member, amendment_id: int, now: datetime) -> Amendment:
    """[다시 발행]: of documents that were issued together some were not accepted; these are planned anew.

    A new amendment with the same answers, on the deal as it was before the first. Its answers can be changed where
    that is why it was not accepted; what stands already has to stay what it is.

    Raises:
        Amendment.DoesNotExist, PermissionDenied.
        NothingToMend: all stand, or none does.
    """
    broken = rows.found(member, amendment_id)
    locking.hold([broken.chain])
    broken = rows.locked(member, amendment_id)
    if not is_half(broken):
        raise NothingToMend
    open_one = broken.mendings.filter(state__in=[AmendmentState.ASKING, AmendmentState.PREPARED]).first()
    if open_one is not None:
        return open_one
    target = broken.target or broken.record
    assert target is not None  # noqa: S101 (an amendment has one)
    deal = deal_of(invoice=broken.target, record=broken.record)
    row = rows.begin(member, target, deal, now, mends=broken, event=broken.event)
    keeping.put(row, keeping.answers_of(broken))
    row.save(update_fields=["answers", "secret"])
    return row


def _askable(suggestion: Suggestion) -> set[str]:
    """The questions that an answer may be given to: the one that is asked, and those before it."""
    if isinstance(suggestion, Events):
        return set()
    asked = {one.key for one in suggestion.asked}
    return asked | {suggestion.key} if isinstance(suggestion, Question) else asked
