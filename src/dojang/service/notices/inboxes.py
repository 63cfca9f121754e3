"""Mails that anybody who signs up can have sent to anybody: counted by whose inbox they go to.

What follows from a signed document (its mail, also once more; that it was cancelled) is not among them: whoever is
behind it has shown a certificate, and the law counts on those mails (부가가치세법 시행령 제68조 제12항).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from dojang.service.notices.errors import InboxFull
from dojang.service.notices.models import Kind
from dojang.service.tenancy import crossing

A_DAY: Final = 30
"""To one inbox in 24 hours, over all workspaces: neither another workspace nor another account lifts it.

A tax accountant who signs for many suppliers gets less on the day before 발급기한; a bomb is more.
"""
COUNTED: Final = frozenset(
    {
        Kind.REVERSE_REQUESTED,
        Kind.REVERSE_REMINDER,
        Kind.REVERSE_WITHDRAWN,
        Kind.BILLING_ASKED,
        Kind.BILLING_REMINDER,
        Kind.CORRECTION_ASKED,
        Kind.INVITATION,
    }
)
#: Where dots in the name make no other inbox, and what those domains are called besides.
_WITHOUT_DOTS: Final[Mapping[str, str]] = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
_LONGEST: Final = 254


def inbox_of(kind: str, address: str) -> str:
    """Whose inbox a mail is counted for, however the address is written; empty where its kind is not counted."""
    if kind not in COUNTED:
        return ""
    name, _, domain = address.strip().lower().rpartition("@")
    # What stands after a plus is for the reader's own sorting.
    name = name.partition("+")[0] or name
    if domain in _WITHOUT_DOTS:
        name, domain = name.replace(".", ""), _WITHOUT_DOTS[domain]
    return f"{name}@{domain}"[:_LONGEST]


def require_room(inbox: str, *, now: datetime) -> None:
    """Refuse one more mail that a person asks for where that inbox has had enough.

    Who wrote there is not told, nor how often: the sentence is the same for one's own mails and those of others. Of
    several at the same moment each may be the last one.

    Raises:
        InboxFull.
    """
    if crossing.inbox_full(inbox, now - timedelta(days=1), A_DAY):
        raise InboxFull
