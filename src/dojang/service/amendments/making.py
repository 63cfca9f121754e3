"""The documents of an amendment: made exactly as the law engine plans them, offered to be signed, taken apart again.

The deals, and what was made before, are locked by whoever calls.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from dojang.etax import Invoice as Document
from dojang.etax.amendments import Status
from dojang.etax.amendments.suggest import Ready, tree
from dojang.etax.amendments.suggest.shape import Make
from dojang.service.amendments import keeping, rows
from dojang.service.amendments.chains import Deal, deal_of
from dojang.service.amendments.errors import (
    NeedsHometax,
    NotConfirmed,
    NotPlanned,
    NotTheRest,
    ShownMeanwhileChanged,
)
from dojang.service.amendments.models import Amendment, AmendmentDocument, AmendmentState, Kind
from dojang.service.amendments.steps import Planned, Step
from dojang.service.approvals import services as approvals
from dojang.service.approvals.policies import needs, policies_of
from dojang.service.invoices import drafts
from dojang.service.invoices.changes import Change, apply, lock
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

_UNSIGNED = (State.DRAFT, State.AWAITING_APPROVAL, State.READY)


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


def require_makeable(step: Step, confirmed: Collection[int], seen: str) -> None:
    """Refuse what cannot be made, or was not looked at and confirmed as it is now.

    Raises:
        NotPlanned, NotTheRest, NeedsHometax, ShownMeanwhileChanged, NotConfirmed.
    """
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


def make(
    row: Amendment, step: Step, *, ticked: Sequence[int], member: Member, note: str, now: datetime
) -> Prepared:
    """Make the documents of a step, those of other documents of the same contract among them, and offer them.

    Args:
        row: locked; what was made of it before and not signed was taken apart.
        step: makeable.
        ticked: the places of its confirmations.
        member: who makes them.
        note: to whoever approves.
        now: the time.

    Raises:
        NotFinished.
    """
    throw_left_over_away(row, member, now)
    amendments = [row, *(_beside(row, one, member, now) for one in step.planned[1:])]
    made: list[Invoice] = []
    follow_ups: list[Invoice] = []
    for amendment, planned in zip(amendments, step.planned, strict=True):
        documents, others = _make_one(amendment, planned, ticked, member, now)
        made += documents
        follow_ups += others
    awaits = _offer(made, member, note, now)
    for one in follow_ups:
        _offer([one], member, note, now)
    return Prepared(tuple(amendments), _fresh(made), _fresh(follow_ups), awaits)


def _beside(row: Amendment, planned: Planned, member: Member, now: datetime) -> Amendment:
    """The amendment of another document of the same contract, with the same answers."""
    target = planned.deal.row(planned.deal.target_key)
    other = rows.begin(member, target, planned.deal, now, beside=row, event=row.event)
    keeping.put(other, keeping.answers_of(row) | {key: [] for key in _asks_for_others()})
    other.save(update_fields=["answers", "secret"])
    return other


@cache
def _asks_for_others() -> frozenset[str]:
    """The questions whose answers are further documents: those have been answered for all of them."""
    made = (step for step in tree().steps.values() if isinstance(step, Make))
    return frozenset(step.also_targets for step in made if step.also_targets)


def _make_one(
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
    rows.saved(row, member, now, "state", "chain", "chain_hash", "shown")
    return made, follow_ups


def _standing_follow_ups(row: Amendment) -> set[tuple[str, date | None]]:
    """What was issued anew beside documents that were cancelled or refused: it is not to be issued twice."""
    standing = _follow_ups(row).exclude(invoice__state__in=[State.CANCELLED, State.REJECTED])
    return set(standing.values_list("invoice__document_type", "invoice__written_on"))


def throw_left_over_away(row: Amendment, member: Member, now: datetime) -> None:
    """What was made beside documents that were cancelled or refused, and not signed: it may say something else now."""
    left = lock(_follow_ups(row).values_list("invoice_id", flat=True)).values()
    _throw_away([one for one in left if one.state in _UNSIGNED], member, now)


def _follow_ups(row: Amendment) -> QuerySet[AmendmentDocument]:
    """Of this amendment, and of the one whose documents it issues again."""
    amendments = [row.pk, *([row.mends_id] if row.mends_id else [])]
    return AmendmentDocument.objects.filter(
        kind=Kind.FOLLOW_UP, invoice__deleted_at=None, amendment__in=amendments
    )


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


def prepared_before(row: Amendment, member: Member, note: str, now: datetime) -> Prepared | None:
    """What was made before, where it is still what would be made: all of it there, on the same deal."""
    amendments = [row, *row.others.filter(state=AmendmentState.PREPARED).order_by("pk")]
    found = list(
        AmendmentDocument.objects.filter(amendment__in=amendments, invoice__deleted_at=None)
        # What was cancelled before it was sent is made again by now.
        .exclude(kind=Kind.AMENDMENT, invoice__state=State.CANCELLED)
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


def take_apart(row: Amendment, member: Member, now: datetime) -> None:
    """Throw away what was made and not signed, with what was prepared beside it; open to questions again."""
    for one in rows.with_others(row):
        unsigned = [found for found in lock(rows.documents_of(one)).values() if found.state in _UNSIGNED]
        _throw_away(unsigned, member, now)
        one.documents.filter(invoice__in=unsigned).delete()
        is_other = one.pk != row.pk
        one.state = AmendmentState.WITHDRAWN if is_other else AmendmentState.ASKING
        one.chain_hash, one.shown = "", {}
        rows.saved(one, member, now, "state", "chain_hash", "shown")


def _throw_away(unsigned: Sequence[Invoice], member: Member, now: datetime) -> None:
    waiting = [one.pk for one in unsigned if one.state == State.AWAITING_APPROVAL]
    if waiting:
        for refused in approvals.take_back(member=member, invoice_ids=waiting, now=now).refused:
            raise refused.why
        unsigned = list(lock([one.pk for one in unsigned]).values())
    for one in unsigned:
        one.orders.all().delete()
    apply(Action.DELETE, [Change(one) for one in unsigned], actor=member.actor, now=now)


def _fresh(invoices: Sequence[Invoice]) -> tuple[Invoice, ...]:
    found = Invoice.objects.select_related("business").in_bulk([one.pk for one in invoices])
    return tuple(found[one.pk] for one in invoices)
