"""A request about to be changed: locked, of a business for which the member may write."""

from dojang.service.billing.errors import NoSuchRequest, RequestOver
from dojang.service.billing.models import BillingRequest, State
from dojang.service.billing.words import WORDS
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


def locked(member: Member, request_id: int, *states: State) -> BillingRequest:
    """One request for this transaction alone.

    Args:
        member: needs the right to write for its business.
        request_id: which.
        states: those that the step begins in.

    Raises:
        NoSuchRequest, PermissionDenied, RequestOver.
    """
    row = (
        BillingRequest.objects.select_for_update(of=("self",))
        .select_related("business", "link", "counterparty")
        .filter(pk=request_id)
        .first()
    )
    if row is None or not member.may(Right.VIEW, row.business_id):
        raise NoSuchRequest
    member.require(Right.WRITE, row.business_id)
    require_state(row.state, *states)
    return row


def require_state(found: str, *wanted: State) -> None:
    """Refuse what is not done in this state.

    Raises:
        RequestOver: with the state it has.
    """
    if found not in wanted:
        ko, en = WORDS.both(found)
        raise RequestOver(state_ko=ko, state_en=en)
