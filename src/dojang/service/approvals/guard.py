"""What approvals demand of the steps of an invoice."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dojang.errors import DojangError
from dojang.service.approvals.errors import NeedsApproval
from dojang.service.approvals.models import Approval, ApprovalPolicy, ApprovalState
from dojang.service.approvals.policies import covers, needs, policies_of
from dojang.service.invoices.guards import Guard
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.workspaces.members import Member


class ApprovalGuard(Guard):
    """Nobody finishes alone what has to be approved, and nothing is signed but what was approved."""

    def refusals(
        self, action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime
    ) -> Mapping[int, DojangError]:
        """By id those that need an approval first."""
        if action not in {Action.FINISH, Action.ISSUE} or not invoices:
            return {}
        policies = policies_of(one.business_id for one in invoices)
        if not policies:
            return {}
        if action is Action.FINISH:
            lacking = [one for one in invoices if needs(policies.get(one.business_id), one, member)]
        else:
            lacking = _unseen(invoices, {key: one for key, one in policies.items() if one.four_eyes})
        return {one.pk: NeedsApproval() for one in lacking}


def _unseen(invoices: Sequence[Invoice], policies: Mapping[int, ApprovalPolicy]) -> list[Invoice]:
    """Those that two people have to see and that nobody approved as they are.

    Without four eyes whoever signs has seen it: the page shows what it signs.
    """
    covered = [one for one in invoices if covers(policies.get(one.business_id), one)]
    if not covered:
        return []
    approved = Approval.objects.filter(
        invoice_id__in=[one.pk for one in covered], state=ApprovalState.APPROVED
    )
    seen = set(approved.values_list("invoice_id", "content_hash"))
    return [one for one in covered if (one.pk, one.content_hash) not in seen]
