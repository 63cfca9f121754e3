"""Whom to tell of a request, and of its answer; put down in the transaction of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from dojang.service.accounts.models import User
from dojang.service.approvals.models import Approval, ApprovalState
from dojang.service.approvals.policies import needs_another, policies_of
from dojang.service.notices import outbox, people
from dojang.service.notices.models import Kind
from dojang.service.notices.outbox import NewMail
from dojang.service.workspaces.roles import Right


def asked(approvals: Sequence[Approval], *, now: datetime) -> None:
    """To everybody who may approve: one mail for all that was asked for in one go."""
    if not approvals:
        return
    business_ids = {one.invoice.business_id for one in approvals}
    policies = policies_of(business_ids)
    mails = []
    for person in people.with_right(Right.ISSUE, business_ids):
        theirs = [
            one.pk
            for one in approvals
            if one.invoice.business_id in person.business_ids
            and not needs_another(policies.get(one.invoice.business_id), one.invoice, one, person.user.pk)
        ]
        if theirs:
            mails.append(_mail(Kind.APPROVAL_ASKED, theirs, person.user))
    outbox.put_all(mails, now=now)


def answered(approvals: Sequence[Approval], *, now: datetime) -> None:
    """To whoever asked, unless they answered themselves or took it back."""
    by_asker: dict[int, list[int]] = defaultdict(list)
    for one in approvals:
        if one.state != ApprovalState.TAKEN_BACK and one.decided_by_id != one.asked_by_id:
            by_asker[one.asked_by_id].append(one.pk)
    users = User.objects.in_bulk(by_asker)
    mails = [
        _mail(Kind.APPROVAL_ANSWERED, theirs, users[user_id])
        for user_id, theirs in by_asker.items()
        if people.is_member(user_id)
    ]
    outbox.put_all(mails, now=now)


def _mail(kind: Kind, approval_ids: list[int], user: User) -> NewMail:
    return NewMail(
        kind,
        key=f"{approval_ids[0]}:{user.pk}",
        to=user.email,
        language=user.language,
        person_id=user.pk,
        facts={"approvals": approval_ids},
    )
