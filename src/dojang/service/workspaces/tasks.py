"""Background work of workspaces."""

from django.utils import timezone
from procrastinate import RetryStrategy

from dojang.service.tenancy.jobs import workspace_task
from dojang.service.workspaces.invitation_mail import send_invitation_mail


@workspace_task(name="dojang.send_invitation", retry=RetryStrategy(max_attempts=8, exponential_wait=5))
def send_invitation(invitation_id: int) -> None:
    """Send an invitation's mail. Tried again for some hours where the mail server does not take it."""
    send_invitation_mail(invitation_id, now=timezone.now())
