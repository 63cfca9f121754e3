"""What amendments demand of the steps of an invoice."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from dojang.errors import DojangError
from dojang.service.amendments import locking
from dojang.service.amendments.chains import Deal, deal_of
from dojang.service.amendments.errors import (
    AmendmentWithdrawn,
    BelongsToAmendment,
    ChainChanged,
    ChainRefused,
    OneDealAtATime,
    Outdated,
    WithoutAmendment,
)
from dojang.service.amendments.models import Amendment, AmendmentDocument, AmendmentState, Kind
from dojang.service.amendments.steps import step_of
from dojang.service.invoices.guards import Guard
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.invoices.timing import today
from dojang.service.workspaces.members import Member

_BY_HAND = frozenset({Action.EDIT, Action.REOPEN, Action.DELETE})


class AmendmentGuard(Guard):
    """A pair goes together; what was planned is not typed over; and the deal is still the one it was planned for."""

    def companions(self, invoice_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """By document the other documents of its amendment."""
        groups = defaultdict(set)
        for row in _bound(AmendmentDocument.objects.filter(invoice_id__in=list(invoice_ids))):
            groups[row.amendment_id].add(row.invoice_id)
        if not groups:
            return {}
        for row in _bound(AmendmentDocument.objects.filter(amendment_id__in=list(groups))):
            groups[row.amendment_id].add(row.invoice_id)
        return {one: frozenset(group - {one}) for group in groups.values() for one in group}

    def hold(self, invoice_ids: Collection[int]) -> None:
        """One after the other in one deal."""
        rows = AmendmentDocument.objects.filter(invoice_id__in=list(invoice_ids), kind=Kind.AMENDMENT)
        keys = set(rows.values_list("amendment__chain", flat=True))
        if keys:
            locking.hold(keys)

    def refusals(
        self, action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime
    ) -> Mapping[int, DojangError]:
        """By id why a document of an amendment is left as it is."""
        if action in _BY_HAND:
            bound = _bound(AmendmentDocument.objects.filter(invoice__in=invoices))
            return {row.invoice_id: BelongsToAmendment() for row in bound}
        return _at_issue(invoices, now) if action is Action.ISSUE else {}

    def done(self, action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime) -> None:
        """Issued, the amendment is done; cancelled before it was sent, it is open to be done again."""
        if action not in {Action.ISSUE, Action.CANCEL}:
            return
        rows = AmendmentDocument.objects.filter(invoice__in=invoices, kind=Kind.AMENDMENT)
        ids = sorted(set(rows.values_list("amendment_id", flat=True)))
        # By id, as everybody does who locks several of these rows.
        for amendment in Amendment.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
            if action is Action.ISSUE:
                amendment.state, amendment.issued_at = AmendmentState.ISSUED, now
            else:
                amendment.state, amendment.issued_at = AmendmentState.ASKING, None
                amendment.chain_hash, amendment.shown = "", {}
            amendment.version += 1
            amendment.changed_by_id, amendment.changed_at = member.user_id, now
            amendment.save()
        if action is Action.ISSUE:
            _send_together(invoices)


def _bound(rows: QuerySet[AmendmentDocument]) -> list[AmendmentDocument]:
    """Those that stand or fall together: what was cancelled or thrown away is nobody's companion."""
    found = rows.filter(kind=Kind.AMENDMENT, invoice__deleted_at=None)
    return list(found.exclude(invoice__state=State.CANCELLED))


def _send_together(issued: Sequence[Invoice]) -> None:
    """The documents of an amendment go when the first of them does: one buyer may have no inbox, another may."""
    invoices = {one.pk: one for one in issued}
    groups = defaultdict(list)
    for row in _bound(AmendmentDocument.objects.filter(invoice_id__in=list(invoices))):
        groups[row.amendment_id].append(invoices[row.invoice_id])
    for group in groups.values():
        first = min((one.transmit_at for one in group if one.transmit_at is not None), default=None)
        for one in group:
            if first is not None and one.transmit_at != first:
                one.transmit_at = first
                Invoice.objects.filter(pk=one.pk).update(transmit_at=first)


def _at_issue(invoices: Sequence[Invoice], now: datetime) -> dict[int, DojangError]:
    amending = [one for one in invoices if one.amendment_reason]
    if not amending:
        return {}
    rows = AmendmentDocument.objects.filter(invoice__in=amending, kind=Kind.AMENDMENT)
    of = dict(rows.values_list("invoice_id", "amendment_id"))
    amendments = Amendment.objects.select_related(
        "business", "target__business", "target__counterparty", "record__business", "record__counterparty",
        "mends",
    ).in_bulk(set(of.values()))  # fmt: skip
    why: dict[int, DojangError] = {}
    taken: set[str] = set()
    for pk, amendment in sorted(amendments.items()):
        refusal = _refusal(amendment, taken, now)
        if refusal is not None:
            why[pk] = refusal
        elif amendment.state == AmendmentState.PREPARED:
            # What was issued before changes the deal no more.
            taken.add(amendment.chain)
    found: dict[int, DojangError] = {}
    for one in amending:
        amendment_id = of.get(one.pk)
        if amendment_id is None:
            found[one.pk] = WithoutAmendment()
        elif amendment_id in why:
            found[one.pk] = why[amendment_id]
    return found


def _refusal(amendment: Amendment, taken: Collection[str], now: datetime) -> DojangError | None:
    if amendment.state == AmendmentState.WITHDRAWN:
        return AmendmentWithdrawn()
    if amendment.state != AmendmentState.PREPARED:
        return (
            None  # issued: the table of states refuses it; the page that lost the answer is told it was done
        )
    deal = deal_of(invoice=amendment.target, record=amendment.record)
    if deal.hash != amendment.chain_hash:
        return _changed(deal, amendment)
    if amendment.chain in taken:
        return OneDealAtATime()
    return _outdated(amendment, now)


def _changed(deal: Deal, amendment: Amendment) -> DojangError:
    """Who changed the deal last, or that the tax office did."""
    own = set(amendment.documents.values_list("invoice_id", flat=True))
    others = [row for _, row in deal.documents if not (isinstance(row, Invoice) and row.pk in own)]
    newest = max(others, key=lambda row: row.changed_at, default=None)
    if isinstance(newest, Invoice) and newest.state == State.REJECTED:
        return ChainRefused()
    by = newest.changed_by if isinstance(newest, Invoice) else newest.created_by if newest else None
    return ChainChanged(who=str(by) if by is not None else "다른 구성원")


def _outdated(amendment: Amendment, now: datetime) -> DojangError | None:
    """On another day than it was prepared the law may say something else: terms that ran out, a buyer that closed."""
    if today(amendment.changed_at) == today(now):
        return None
    step = step_of(amendment, now=now)
    planned = step.ready
    if planned is None or not planned.is_possible:
        said = planned.preview.refused[0] if planned else step.stop.words if step.stop else None
        return Outdated(why_ko=said.ko if said else "", why_en=said.en if said else "")
    return None
