"""The mail of an invitation: here alone its token exists, for as long as it takes to send it."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dojang.service.accounts.models import User
from dojang.service.web.say import say
from dojang.service.workspaces.models import Invitation, Workspace

_TOKEN_BYTES = 32


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def send_invitation_mail(invitation_id: int, *, now: datetime) -> bool:
    """Make a new token, keep its hash, send the link; a link sent before is dead from now on.

    Returns:
        False where the invitation isn't open any more and nothing was sent.
    """
    invitation = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("business", "invited_by")
        .filter(pk=invitation_id, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if invitation is None:
        return False
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    invitation.token_hash, invitation.sent_at = hash_of(token), now
    invitation.save(update_fields=["token_hash", "sent_at"])
    _mail(invitation, settings.ENVIRONMENT.origin + reverse("invitation_open", args=[token])).send()
    return True


def _mail(invitation: Invitation, link: str) -> EmailMultiAlternatives:
    known = User.objects.filter(email=invitation.email).first()
    with translation.override((known or invitation.invited_by).language):
        workspace = Workspace.objects.get()
        page = {"invitation": invitation, "workspace": workspace, "link": link}
        subject = say(
            f"[도장] {workspace.name} 작업공간에 초대합니다", f"[Dojang] You are invited to {workspace.name}"
        )
        mail = EmailMultiAlternatives(
            " ".join(subject.split()),
            render_to_string("workspaces/mail/invitation.txt", page),
            to=[invitation.email],
        )
        mail.attach_alternative(render_to_string("workspaces/mail/invitation.html", page), "text/html")
    return mail
