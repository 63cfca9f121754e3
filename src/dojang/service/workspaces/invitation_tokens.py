"""The token of an invitation: made when its mail is sent, for as long as that takes; its hash alone is kept."""

import hashlib
import secrets
from datetime import datetime

from dojang.service.workspaces.models import Invitation

_TOKEN_BYTES = 32


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def renew(invitation_id: int, *, mails: int, now: datetime) -> tuple[Invitation, str] | None:
    """A new token for the newest mail of an open invitation; a link that was sent before is dead from now on.

    Args:
        invitation_id: of the open workspace.
        mails: the how manieth mail that was asked for it is for; an older one is not sent any more.
        now: aware.

    Returns:
        The invitation and its token, or None where there is nothing to be sent.
    """
    invitation = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("business", "invited_by")
        .filter(
            pk=invitation_id,
            mails=mails,
            accepted_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=now,
        )
        .first()
    )
    if invitation is None:
        return None
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    invitation.token_hash, invitation.sent_at = hash_of(token), now
    invitation.save(update_fields=["token_hash", "sent_at"])
    return invitation, token
