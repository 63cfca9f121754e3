"""Which documents need an approval: by business, by amount, and whether two people have to see them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from dojang.service.approvals.models import Approval, ApprovalPolicy
from dojang.service.errors import ServiceError
from dojang.service.invoices.models import Invoice
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.history import record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, WorkspaceEvent
from dojang.service.workspaces.roles import Right

#: Above any amount of an invoice, and what a bigint holds with ease.
_MOST = 10**15


class AmountOutOfRange(ServiceError):
    """No amount of an invoice."""

    code = "approval_amount_out_of_range"
    ko = "금액은 0원부터 1,000조 원까지 정할 수 있습니다."
    en = "The amount is from 0 to 1,000 trillion won."


def policies_of(business_ids: Iterable[int]) -> dict[int, ApprovalPolicy]:
    """The policies of businesses that have one."""
    rows = ApprovalPolicy.objects.filter(business_id__in=set(business_ids))
    return {row.business_id: row for row in rows}


def covers(policy: ApprovalPolicy | None, invoice: Invoice) -> bool:
    """Whether a policy reaches a document: a minus counts by its size."""
    return policy is not None and abs(invoice.total_amount) >= policy.from_amount


def needs(policy: ApprovalPolicy | None, invoice: Invoice, member: Member) -> bool:
    """Whether this member cannot finish the document by themselves.

    Whoever may issue approves by signing, unless two people have to see it.
    """
    if policy is None or not covers(policy, invoice):
        return False
    return policy.four_eyes or not member.may(Right.ISSUE, invoice.business_id)


def needs_another(
    policy: ApprovalPolicy | None, invoice: Invoice, approval: Approval, user_id: int | None
) -> bool:
    """Whether two people have to see a document and this one wrote it, changed it last or asked for its approval."""
    wrote = {approval.asked_by_id, approval.edited_by_id, invoice.created_by_id}
    return policy is not None and policy.four_eyes and user_id in wrote


@transaction.atomic
def set_policy(
    *, member: Member, business: Business, from_amount: int, four_eyes: bool, now: datetime
) -> ApprovalPolicy:
    """Have documents of a business approved from an amount on (합계금액, won; 0 is all).

    Raises:
        PermissionDenied, AmountOutOfRange.
    """
    member.require(Right.MANAGE, business.pk)
    if not 0 <= from_amount <= _MOST:
        raise AmountOutOfRange
    before = ApprovalPolicy.objects.select_for_update().filter(business=business).first()
    row, _ = ApprovalPolicy.objects.update_or_create(
        business=business,
        defaults={
            "workspace_id": current_workspace(),
            "from_amount": from_amount,
            "four_eyes": four_eyes,
            "changed_by_id": member.user_id,
            "changed_at": now,
        },
    )
    _note(member, business, before, row, now)
    return row


@transaction.atomic
def drop_policy(*, member: Member, business: Business, now: datetime) -> None:
    """Nothing has to be approved any more; what waits can still be approved.

    Raises:
        PermissionDenied.
    """
    member.require(Right.MANAGE, business.pk)
    before = ApprovalPolicy.objects.select_for_update().filter(business=business).first()
    if before is None:
        return
    ApprovalPolicy.objects.filter(pk=before.pk).delete()
    _note(member, business, before, None, now)


def _note(
    member: Member,
    business: Business,
    before: ApprovalPolicy | None,
    after: ApprovalPolicy | None,
    now: datetime,
) -> None:
    was, is_now = _told(before), _told(after)
    changes = {name: (was[name], is_now[name]) for name in was if was[name] != is_now[name]}
    if changes:
        subject = WorkspaceEvent.Subject.BUSINESS
        record("edit", subject, business, business.name, actor=member.actor, at=now, changes=changes)


def _told(policy: ApprovalPolicy | None) -> dict[str, str | None]:
    return {
        "approval_from": f"{policy.from_amount:,}" if policy else None,
        "approval_four_eyes": ("on" if policy.four_eyes else "off") if policy else None,
    }
