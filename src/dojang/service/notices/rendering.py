"""From a mail's row to the message that is handed over: written when it is sent, never stored."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import translation

from dojang.service.notices import people
from dojang.service.notices.addresses import MailPlace, message_id, return_address
from dojang.service.notices.kinds import KINDS, Reader
from dojang.service.notices.letters import Compose, Letter
from dojang.service.notices.models import Kind, MailLanguage, OutgoingMail
from dojang.service.web.say import say

_LONGEST_SUBJECT = 300
# Control characters, and those that turn the direction of what follows or cannot be seen.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, and its subject for the log."""

    message: EmailMultiAlternatives
    subject: str


def render(mail: OutgoingMail, *, now: datetime) -> Rendered | None:
    """The message of a mail, in the open workspace; None where nothing is to be told any more."""
    kind = KINDS[Kind(mail.kind)]
    if kind.reader is Reader.MEMBER and not (mail.person_id and people.is_member(mail.person_id)):
        return None
    compose = kind.write(mail, now)
    if compose is None:
        return None
    place = MailPlace(mail.workspace_id, mail.pk)
    languages = ("ko", "en") if mail.language == MailLanguage.BOTH else (str(mail.language),)
    letters = [_in(language, compose) for language in languages]
    subject = _subject([letter for letter, _ in letters])
    page = {"letters": [page for _, page in letters], "subject": subject, "language": languages[0]}
    with translation.override(languages[0]):
        page["foot"] = say("도장 전자세금계산서", "Dojang, electronic tax invoices")
        text = render_to_string("notices/mail/letter.txt", page)
        html = render_to_string("notices/mail/letter.html", page)
    message = EmailMultiAlternatives(
        subject,
        text,
        # The envelope's sender; what people read stands in From.
        from_email=return_address(place),
        to=[mail.to],
        reply_to=_reply_to(letters[0][0]),
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": mail.message_id or message_id(place),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday notices back, please
        },
    )
    message.attach_alternative(html, "text/html")
    return Rendered(message, subject)


def _in(language: str, compose: Compose) -> tuple[Letter, dict[str, object]]:
    with translation.override(language):
        letter = compose()
        mark = say(
            "모의 문서입니다. 시험용이며 세법상 효력이 없고, 국세청에 전송되지 않습니다.",
            "Sandbox (모의): for trying out only. It has no legal effect and is not sent to the tax office.",
        )
        return letter, asdict(letter) | {"language": language, "mark": mark}


def _subject(letters: list[Letter]) -> str:
    """One line, whatever names of companies have in them; of both languages, Korean first."""
    text = " / ".join(one_line(letter.subject) for letter in letters)
    marked = f"[모의] {text}" if letters[0].sandbox else text
    return marked[:_LONGEST_SUBJECT]


def one_line(text: str) -> str:
    """Without line breaks and what cannot be seen: nothing becomes a header of its own."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _reply_to(letter: Letter) -> list[str]:
    try:
        validate_email(letter.reply_to)
    except ValidationError:
        return []
    return [letter.reply_to]
