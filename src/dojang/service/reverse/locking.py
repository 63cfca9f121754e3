"""A request about to be changed: locked, of a business for which the member may write, as it was shown."""

from dojang.service.reverse.errors import NoSuchRequest, RequestChanged, RequestOver
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.reverse.words import WORDS
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


def locked(member: Member, request_id: int, *, version: int | None, state: State) -> ReverseRequest:
    """One request for this transaction alone.

    Args:
        member: needs the right to write for its business.
        request_id: which.
        version: what was shown; None where it does not matter.
        state: the state that the step begins in.

    Raises:
        NoSuchRequest, PermissionDenied, RequestChanged, RequestOver.
    """
    row = (
        ReverseRequest.objects.select_for_update(of=("self",))
        .select_related("business", "link")
        .filter(pk=request_id, deleted_at=None)
        .first()
    )
    if row is None or not member.may(Right.VIEW, row.business_id):
        raise NoSuchRequest
    member.require(Right.WRITE, row.business_id)
    require_state(row.state, state)
    if version is not None and row.version != version:
        raise RequestChanged
    return row


def require_state(found: str, wanted: State) -> None:
    """Refuse what is not done in this state.

    Raises:
        RequestOver: with the state it has.
    """
    if found != wanted:
        ko, en = WORDS.both(found)
        raise RequestOver(state_ko=ko, state_en=en)
