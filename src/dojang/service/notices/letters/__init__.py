"""What mails say: each from the rows it speaks of, in both languages, without markup."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dojang.service.notices.models import OutgoingMail


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in one language, before it becomes text and HTML.

    Attributes:
        subject: one line.
        paragraphs: what there is to say.
        facts: names and values, one to a line.
        lines: single documents or things to do, with an address each or an empty one.
        button: what to press, and the address it leads to.
        closing: what is said last, small.
        sandbox: whether it speaks of 모의 documents.
        reply_to: who answers questions, where that is somebody; ours is nobody's inbox.
    """

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    closing: tuple[str, ...] = ()
    sandbox: bool = False
    reply_to: str = ""


Compose = Callable[[], Letter]
"""The letter in the language that is active when it is called."""
Write = Callable[[OutgoingMail, datetime], Compose | None]
"""Looks at the rows of a mail, once; None where there is nothing to be told any more."""
