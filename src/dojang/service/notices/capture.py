"""The mail backend of the demo, and of commands that send none."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from dojang.service.notices.models import CapturedMail
from dojang.service.variables import BadEnvironment, Problem


class CaptureBackend(BaseEmailBackend):
    """Keeps every mail in the database, readable at a page of the demo; nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            CapturedMail.objects.create(
                to=", ".join(message.recipients())[:500],
                subject=message.subject[:300],
                text=str(message.body),
                html=_html(message),
            )
        return len(email_messages)


class NoBackend(BaseEmailBackend):
    """Of a process that was started without the settings of mail, since it sends none."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Refuse, so that no mail is lost without a word.

        Raises:
            BadEnvironment: always.
        """
        raise BadEnvironment(
            [Problem("DOJANG_SMTP_URL", "메일을 보내려면 값이 있어야 합니다.", "is needed to send mail.")]
        )


def _html(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    return next((str(content) for content, kind in message.alternatives if kind == "text/html"), "")
