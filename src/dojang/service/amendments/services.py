"""Amending (수정발행): begun on a document, asked for what happened, prepared to documents, given up.

Documents are made by `prepare` alone, exactly as the law engine plans them, and only while what was looked at is still
what would be made. Whoever changes a deal holds its lock first, then the rows of invoices, then the amendment's.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from dojang.etax import Invoice as Document
from dojang.etax.amendments import Status
from dojang.etax.amendments.suggest import (
    EventNotOffered,
    Events,
    Question,
    Ready,
    Suggestion,
    UnknownEvent,
    tree,
)
from dojang.etax.amendments.suggest.shape import Make
from dojang.service.amendments import keeping, locking
from dojang.service.amendments.chains import Deal, deal_of
from dojang.service.amendments.errors import (
    AlreadyIssued,
    AmendmentWithdrawn,
    NeedsHometax,
    NoEventYet,
    NotAsking,
    NotConfirmed,
    NothingToMend,
    NotOnTheWay,
    NotPlanned,
    NotTheRest,
    ShownMeanwhileChanged,
)
from dojang.service.amendments.halves import is_half
from dojang.service.amendments.models import Amendment, AmendmentDocument, AmendmentState, Kind
from dojang.service.amendments.steps import Planned, Step, known_of, step_of
from dojang.service.approvals import services as approvals
from dojang.service.approvals.policies import needs, policies_of
from dojang.service.invoices import drafts
from dojang.service.invoices.changes import Change, apply, lock
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.records.models import Record
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

_UNSIGNED = (State.DRAFT, State.AWAITING_APPROVAL, State.READY)
_STATES_EN = {
    AmendmentState.PREPARED: "prepared",
    AmendmentState.ISSUED: "issued",
    AmendmentState.WITHDRAWN: "given up",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `prepare` made, or had made before.

    Attributes:
        amendments: the amendment, and one for each other document of the same contract.
        invoices: their amendments (02xx, 04xx), in the order in which they are shown: what the signing page is opened
            with. Those of one amendment are issued together or not at all.
        follow_ups: ordinary documents that were made beside them.
        awaits_approval: whether somebody else has to approve them before they can be signed.
    """

    amendments: tuple[Amendment, ...]
    invoices: tuple[Invoice, ...]
    follow_ups: tuple[Invoice, ...]
    awaits_approval: bool


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
    return _begin(member, row, deal, now)


@transaction.atomic
def choose(*, member: Member, amendment_id: int, event: str, now: datetime) -> Amendment:
    """What happened. The answers so far are kept: those that are not on the new way are not looked at.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, NotAsking, UnknownEvent, EventNotOffered.
    """
    row = _asking(member, amendment_id)
    if event not in tree().events:
        raise UnknownEvent(event=event)
    asked = known_of(row, now=now).suggestion("", {})
    groups = asked.groups if isinstance(asked, Events) else ()
    if event not in {one.key for group in groups for one in group.events}:
        raise EventNotOffered(event=event)
    row.event = event
    return _saved(row, member, now, "event")


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
    row = _asking(member, amendment_id)
    if not row.event:
        raise NoEventYet
    known, before = known_of(row, now=now), keeping.answers_of(row)
    if question not in _askable(known.suggestion(row.event, before)):
        raise NotOnTheWay
    after = {**before, question: value}
    known.suggestion(row.event, after)  # refuses what is no answer of the kind
    keeping.put(row, after)
    return _saved(row, member, now, "answers", "secret")


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
    return _saved(row, member, now, "answers", "secret")


@transaction.atomic
def forget(*, member: Member, amendment_id: int, question: str | None, now: datetime) -> Amendment:
    """Back to a question; None is back to what happened. Of the later answers those stay that are still on the way.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, NotAsking.
    """
    row = _asking(member, amendment_id)
    if question is None:
        row.event = ""
        return _saved(row, member, now, "event")
    keeping.put(row, {key: value for key, value in keeping.answers_of(row).items() if key != question})
    return _saved(row, member, now, "answers", "secret")


@transaction.atomic
def prepare(
    *,
    member: Member,
    amendment_id: int,
    confirmed: Collection[int],
    seen: str,
    note: str = "",
    now: datetime,
) -> Prepared:
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
    row = _found(member, amendment_id)
    if row.state != AmendmentState.PREPARED:
        # Whose locks are needed follows from the answers.
        locking.hold({row.chain, *(one.deal.key for one in step_of(row, now=now).planned)})
    else:
        _hold_deals(row)
    row = _locked(member, amendment_id)
    _require_open(row)
    if row.state == AmendmentState.PREPARED:
        again = _prepared_before(row, member, note, now)
        if again is not None:
            return again
        _take_apart(row, member, now)
    step = step_of(row, now=now)
    _require_makeable(step, confirmed, seen)
    _throw_left_over_away(row, member, now)
    amendments = [row, *(_beside(row, one, member, now) for one in step.planned[1:])]
    ticked = sorted(set(confirmed))
    made: list[Invoice] = []
    follow_ups: list[Invoice] = []
    for amendment, planned in zip(amendments, step.planned, strict=True):
        documents, others = _make(amendment, planned, ticked, member, now)
        made += documents
        follow_ups += others
    awaits = _offer(made, member, note, now)
    for one in follow_ups:
        _offer([one], member, note, now)
    return Prepared(tuple(amendments), _fresh(made), _fresh(follow_ups), awaits)


@transaction.atomic
def reopen(*, member: Member, amendment_id: int, now: datetime) -> Amendment:
    """Back to the questions: documents that were made and not signed are thrown away.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, AlreadyIssued, AmendmentWithdrawn.
    """
    row = _closed_to_signing(member, amendment_id)
    if row.state == AmendmentState.PREPARED:
        _take_apart(row, member, now)
    return row


@transaction.atomic
def withdraw(*, member: Member, amendment_id: int, now: datetime) -> Amendment:
    """[그만두기]: its unsigned documents are thrown away; twice is the same as once.

    Raises:
        Amendment.DoesNotExist, PermissionDenied, AlreadyIssued.
    """
    row = _found(member, amendment_id)
    if row.state == AmendmentState.WITHDRAWN:
        return row
    row = _closed_to_signing(member, amendment_id)
    if row.state == AmendmentState.PREPARED:
        _take_apart(row, member, now)
    _throw_left_over_away(row, member, now)
    row.state = AmendmentState.WITHDRAWN
    return _saved(row, member, now, "state")


@transaction.atomic
def reissue(*, member: Member, amendment_id: int, now: datetime) -> Amendment:
    """[다시 발행]: of documents that were issued together some were not accepted; these are planned anew.

    A new amendment with the same answers, on the deal as it was before the first. Its answers can be changed where
    that is why it was not accepted; what stands already has to stay what it is.

    Raises:
        Amendment.DoesNotExist, PermissionDenied.
        NothingToMend: all stand, or none does.
    """
    broken = _found(member, amendment_id)
    locking.hold([broken.chain])
    broken = _locked(member, amendment_id)
    if not is_half(broken):
        raise NothingToMend
    open_one = broken.mendings.filter(state__in=[AmendmentState.ASKING, AmendmentState.PREPARED]).first()
    if open_one is not None:
        return open_one
    target = broken.target or broken.record
    assert target is not None  # noqa: S101 (an amendment has one)
    deal = deal_of(invoice=broken.target, record=broken.record)
    row = _begin(member, target, deal, now, mends=broken, event=broken.event)
    keeping.put(row, keeping.answers_of(broken))
    row.save(update_fields=["answers", "secret"])
    return row


def _askable(suggestion: Suggestion) -> set[str]:
    """The questions that an answer may be given to: the one that is asked, and those before it."""
    if isinstance(suggestion, Events):
        return set()
    asked = {one.key for one in suggestion.asked}
    return asked | {suggestion.key} if isinstance(suggestion, Question) else asked


# The rows --------------------------------------------------------------------------------------------------------


def _begin(member: Member, target: Invoice | Record, deal: Deal, now: datetime, **values: Any) -> Amendment:
    return Amendment.objects.create(
        workspace_id=current_workspace(),
        business_id=target.business_id,
        target=target if isinstance(target, Invoice) else None,
        record=target if isinstance(target, Record) else None,
        chain=deal.key,
        started_by_id=member.user_id,
        started_at=now,
        changed_by_id=member.user_id,
        changed_at=now,
        **values,
    )


def _found(member: Member, amendment_id: int) -> Amendment:
    row = Amendment.objects.select_related(
        "business", "target", "target__business", "target__counterparty", "record", "record__business",
        "record__counterparty", "mends", "changed_by",
    ).get(pk=amendment_id)  # fmt: skip
    member.require(Right.WRITE, row.business_id)
    return row


def _locked(member: Member, amendment_id: int) -> Amendment:
    Amendment.objects.select_for_update().get(pk=amendment_id)
    return _found(member, amendment_id)


def _asking(member: Member, amendment_id: int) -> Amendment:
    row = _locked(member, amendment_id)
    if row.state != AmendmentState.ASKING:
        prepared = row.state == AmendmentState.PREPARED
        raise NotAsking(
            state=AmendmentState(row.state).label,
            state_en=_STATES_EN[AmendmentState(row.state)],
            remedy_ko="먼저 ‘답 고치기’를 누르세요." if prepared else "발행한 문서에서 새로 시작하세요.",
            remedy_en="Choose to change the answers first." if prepared else "Begin another on its document.",
        )
    return row


def _closed_to_signing(member: Member, amendment_id: int) -> Amendment:
    """The row, while nobody can sign its documents, nor those prepared beside it: the deals are held, and so are they."""
    row = _found(member, amendment_id)
    _hold_deals(row)
    lock(one for amendment in _with_others(row) for one in _ids(amendment))
    row = _locked(member, amendment_id)
    _require_open(row)
    return row


def _hold_deals(row: Amendment) -> None:
    """Its deal, and those of what is prepared beside it; also what was prepared while this waited."""
    held: set[str] = set()
    while missing := {one.chain for one in _with_others(row)} - held:
        locking.hold(missing)
        held |= missing


def _require_open(row: Amendment) -> None:
    if row.state == AmendmentState.ISSUED:
        raise AlreadyIssued
    if row.state == AmendmentState.WITHDRAWN:
        raise AmendmentWithdrawn


def _saved(row: Amendment, member: Member, now: datetime, *columns: str) -> Amendment:
    row.version += 1
    row.changed_by_id, row.changed_at = member.user_id, now
    row.save(update_fields=[*columns, "version", "changed_by", "changed_at"])
    return row


def _ids(row: Amendment) -> list[int]:
    return list(row.documents.values_list("invoice_id", flat=True))


# Making documents ------------------------------------------------------------------------------------------------


def _require_makeable(step: Step, confirmed: Collection[int], seen: str) -> None:
    if not isinstance(step.suggestion, Ready) or step.ready is None:
        words = step.stop.words if step.stop else step.question.words if step.question else None
        raise NotPlanned(why_ko=words.ko if words else "", why_en=words.en if words else "")
    for one in step.planned:
        for refused in one.preview.refused:
            raise NotPlanned(why_ko=refused.ko, why_en=refused.en)
        if not one.documents:
            raise NotTheRest
        if one.deal.target.document.status is Status.PAPER or _lacks_number(one):
            raise NeedsHometax
    if seen != step.seen:
        raise ShownMeanwhileChanged
    for place, box in enumerate(step.ready.confirmations):
        if box.is_required and place not in confirmed:
            raise NotConfirmed(first_ko=box.text.ko, first_en=box.text.en)


def _lacks_number(planned: Planned) -> bool:
    return any(document.original_issue_id is None for document in planned.documents)


def _beside(row: Amendment, planned: Planned, member: Member, now: datetime) -> Amendment:
    """The amendment of another document of the same contract, with the same answers."""
    target = planned.deal.row(planned.deal.target_key)
    other = _begin(member, target, planned.deal, now, beside=row, event=row.event)
    keeping.put(other, keeping.answers_of(row) | {key: [] for key in _asks_for_others()})
    other.save(update_fields=["answers", "secret"])
    return other


@cache
def _asks_for_others() -> frozenset[str]:
    """The questions whose answers are further documents: those have been answered for all of them."""
    made = (step for step in tree().steps.values() if isinstance(step, Make))
    return frozenset(step.also_targets for step in made if step.also_targets)


def _make(
    row: Amendment, planned: Planned, ticked: Sequence[int], member: Member, now: datetime
) -> tuple[list[Invoice], list[Invoice]]:
    made = [
        _document(row, place, Kind.AMENDMENT, document, planned.plan.deadline, planned, member, now)
        for place, document in enumerate(planned.documents)
    ]
    there = _standing_follow_ups(row)
    follow_ups = [
        _document(row, len(made) + place, Kind.FOLLOW_UP, document, last_day, planned, member, now)
        for place, (document, last_day) in enumerate(planned.follow_ups)
        if (document.document_type.value, document.written_on) not in there
    ]
    row.state = AmendmentState.PREPARED
    row.chain, row.chain_hash = planned.deal.key, planned.deal.hash
    row.shown = _shown(planned, ticked, now)
    _saved(row, member, now, "state", "chain", "chain_hash", "shown")
    return made, follow_ups


def _standing_follow_ups(row: Amendment) -> set[tuple[str, date | None]]:
    """What was issued anew beside documents that were cancelled or refused: it is not to be issued twice."""
    rows = _follow_ups(row).exclude(invoice__state__in=[State.CANCELLED, State.REJECTED])
    return set(rows.values_list("invoice__document_type", "invoice__written_on"))


def _throw_left_over_away(row: Amendment, member: Member, now: datetime) -> None:
    """What was made beside documents that were cancelled or refused, and not signed: it may say something else now."""
    left = lock(_follow_ups(row).values_list("invoice_id", flat=True)).values()
    _throw_away([one for one in left if one.state in _UNSIGNED], member, now)


def _follow_ups(row: Amendment) -> QuerySet[AmendmentDocument]:
    """Of this amendment, and of the one whose documents it issues again."""
    rows = AmendmentDocument.objects.filter(kind=Kind.FOLLOW_UP, invoice__deleted_at=None)
    return rows.filter(amendment__in=[row.pk, *([row.mends_id] if row.mends_id else [])])


def _shown(planned: Planned, ticked: Sequence[int], now: datetime) -> dict[str, Any]:
    return {
        "preview": planned.preview.to_data(),
        "confirmed": [
            {"ko": box.text.ko, "en": box.text.en}
            for place, box in enumerate(planned.confirmations)
            if place in ticked
        ],
        "citation": planned.citation,
        "at": now.isoformat(),
    }


def _document(
    row: Amendment,
    position: int,
    kind: Kind,
    document: Document,
    last_day: date | None,
    planned: Planned,
    member: Member,
    now: datetime,
) -> Invoice:
    buyer = planned.buyer
    invoice = drafts.create_exactly(
        member=member,
        business=row.business,
        document=document,
        last_day=last_day,
        now=now,
        counterparty_id=buyer.pk if buyer is not None else None,
    )
    AmendmentDocument.objects.create(
        workspace_id=row.workspace_id, amendment=row, invoice=invoice, kind=kind, position=position
    )
    return invoice


def _offer(made: Sequence[Invoice], member: Member, note: str, now: datetime) -> bool:
    """Drafts to be signed or, where that is not this member's to decide, to be approved; whether they wait for it."""
    waiting = [one for one in made if one.state == State.DRAFT]
    policies = policies_of(one.business_id for one in waiting)
    asks = any(
        not member.may(Right.ISSUE, one.business_id) or needs(policies.get(one.business_id), one, member)
        for one in waiting
    )
    if not asks:
        for one in waiting:
            drafts.finish(member=member, invoice_id=one.pk, version=one.version, now=now)
        return any(one.state == State.AWAITING_APPROVAL for one in made)
    outcome = approvals.ask(member=member, invoice_ids=[one.pk for one in waiting], note=note, now=now)
    for refused in outcome.refused:
        raise refused.why
    return True


def _prepared_before(row: Amendment, member: Member, note: str, now: datetime) -> Prepared | None:
    """What was made before, where it is still what would be made: all of it there, on the same deal."""
    amendments = [row, *row.others.filter(state=AmendmentState.PREPARED).order_by("pk")]
    found = list(
        AmendmentDocument.objects.filter(amendment__in=amendments, invoice__deleted_at=None)
        .select_related("invoice")
        .order_by("amendment_id", "position")
    )
    made = [one.invoice for one in found if one.kind == Kind.AMENDMENT]
    if not made or any(one.state not in _UNSIGNED for one in made):
        return None
    if any(_deal(one).hash != one.chain_hash for one in amendments):
        return None
    awaits = _offer(made, member, note, now)
    follow_ups = [one.invoice for one in found if one.kind == Kind.FOLLOW_UP]
    return Prepared(tuple(amendments), _fresh(made), tuple(follow_ups), awaits)


def _deal(row: Amendment) -> Deal:
    return deal_of(invoice=row.target, record=row.record)


def _take_apart(row: Amendment, member: Member, now: datetime) -> None:
    """Throw away what was made and not signed, with what was prepared beside it; open to questions again."""
    for one in _with_others(row):
        unsigned = [found for found in lock(_ids(one)).values() if found.state in _UNSIGNED]
        _throw_away(unsigned, member, now)
        one.documents.filter(invoice__in=unsigned).delete()
        is_other = one.pk != row.pk
        one.state = AmendmentState.WITHDRAWN if is_other else AmendmentState.ASKING
        one.chain_hash, one.shown = "", {}
        _saved(one, member, now, "state", "chain_hash", "shown")


def _with_others(row: Amendment) -> Iterator[Amendment]:
    yield row
    yield from row.others.filter(state=AmendmentState.PREPARED).order_by("pk")


def _throw_away(unsigned: Sequence[Invoice], member: Member, now: datetime) -> None:
    waiting = [one.pk for one in unsigned if one.state == State.AWAITING_APPROVAL]
    if waiting:
        for refused in approvals.take_back(member=member, invoice_ids=waiting, now=now).refused:
            raise refused.why
        unsigned = list(lock([one.pk for one in unsigned]).values())
    for one in unsigned:
        one.orders.all().delete()
    apply(Action.DELETE, [Change(one) for one in unsigned], actor=member.actor, now=now)


def _fresh(rows: Sequence[Invoice]) -> tuple[Invoice, ...]:
    found = Invoice.objects.select_related("business").in_bulk([one.pk for one in rows])
    return tuple(found[one.pk] for one in rows)
