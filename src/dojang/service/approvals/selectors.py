"""What waits for an answer, and what became of what was asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from dojang.etax.findings import Finding
from dojang.service.approvals.models import Approval, ApprovalPolicy, ApprovalState
from dojang.service.approvals.policies import needs, needs_another, policies_of
from dojang.service.invoices import guards
from dojang.service.invoices.drafts import require_whole
from dojang.service.invoices.errors import AnotherSupplier, NotFinished
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

#: On one page; the rest has its turn when these are answered.
MOST = 100
_MOST_ANSWERED = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits.

    Attributes:
        approval: with its invoice.
        is_mine_to_answer: whether this member may approve it.
        is_own: whether they may not because they wrote or asked for it (four eyes).
    """

    approval: Approval
    is_mine_to_answer: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Askable:
    """A draft of which an approval can be asked, or why not."""

    invoice: Invoice
    problems: tuple[Finding, ...] = ()
    why_not: str = ""
    why_not_en: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing in the way."""
        return not (self.problems or self.why_not)


def waiting(member: Member) -> list[Waiting]:
    """What waits in businesses that this member sees, the longest waiting first."""
    rows = list(
        _seen(member).filter(state=ApprovalState.ASKED, invoice__deleted_at=None).order_by("asked_at")[:MOST]
    )
    policies = policies_of(one.invoice.business_id for one in rows)
    return [_waiting(member, one, policies.get(one.invoice.business_id)) for one in rows]


def answered(member: Member) -> QuerySet[Approval]:
    """What was answered last, of those that this member sees."""
    done = [ApprovalState.APPROVED, ApprovalState.SENT_BACK]
    return _seen(member).filter(state__in=done).order_by("-decided_at")[:_MOST_ANSWERED]


def of_invoice(invoice: Invoice) -> list[Approval]:
    """Every request for a document, the newest first."""
    return list(Approval.objects.filter(invoice=invoice).select_related("asked_by", "decided_by"))


def may_answer(member: Member, approval: Approval) -> Waiting:
    """Whether this member may approve a request."""
    policy = policies_of([approval.invoice.business_id]).get(approval.invoice.business_id)
    return _waiting(member, approval, policy)


def askable(member: Member, invoice_ids: Collection[int], *, on: date) -> list[Askable]:
    """The drafts among some documents, their companions with them, and what is in the way of each."""
    ids = guards.together(invoice_ids)
    rows = Invoice.objects.filter(pk__in=ids, deleted_at=None, state=State.DRAFT).select_related("business")
    return [_askable(row, on) for row in rows.order_by("pk") if member.may(Right.WRITE, row.business_id)]


def is_needed(member: Member, invoice: Invoice) -> bool:
    """Whether this member has to ask before the document is signed."""
    policy = policies_of([invoice.business_id]).get(invoice.business_id)
    return not member.may(Right.ISSUE, invoice.business_id) or needs(policy, invoice, member)


def _seen(member: Member) -> QuerySet[Approval]:
    every = list(Business.objects.values_list("pk", flat=True))
    mine: Sequence[int] = member.businesses_with(Right.VIEW, every)
    rows = Approval.objects.filter(invoice__business_id__in=mine)
    return rows.select_related("invoice", "invoice__business", "asked_by", "decided_by")


def _waiting(member: Member, approval: Approval, policy: ApprovalPolicy | None) -> Waiting:
    invoice = approval.invoice
    is_own = needs_another(policy, invoice, approval, member.user_id)
    may = member.offers(Right.ISSUE, invoice.business_id)
    return Waiting(approval, may and not is_own, may and is_own)


def _askable(invoice: Invoice, on: date) -> Askable:
    try:
        require_whole(invoice, on=on)
    except NotFinished as error:
        return Askable(invoice, error.findings)
    except AnotherSupplier as error:
        return Askable(invoice, (), error.text("ko"), error.text("en"))
    return Askable(invoice)
