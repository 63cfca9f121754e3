"""What mail servers send back: delivery status notifications (RFC 3464), as an MTA pipes them in.

Anybody can send such a message, so it is read within bounds and believed only where it carries the token of a mail of
ours, which nobody else can make; and then all it does is what a bounce does.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import Final

from dojang.service.notices import sending
from dojang.service.notices.addresses import MailPlace, places

MOST_BYTES: Final = 1 << 20
"""Our mails have some 20 kB, and a notification holds one of them at most."""
_MOST_PARTS: Final = 50
"""More headers of parts than this and it is not read: nesting costs the parser a call each."""
_PART: Final = re.compile(rb"^content-type\s*:", re.IGNORECASE | re.MULTILINE)
_RECIPIENTS: Final = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
_STATUS: Final = re.compile(r"([45])\.[0-9]{1,3}\.[0-9]{1,3}")
_LONGEST: Final = 300
_MOST_TEXT: Final = 4000


@dataclass(frozen=True, slots=True)
class Report:
    """A notification that a mail was given up.

    Attributes:
        tokens_in: the texts in which the token of the mail may stand, the surer first.
        status: the enhanced status code (RFC 3463), such as 5.1.1.
        detail: what the other server said.
    """

    tokens_in: tuple[str, ...]
    status: str
    detail: str


def read(data: bytes, *, recipient: str = "") -> Report | None:
    """The report in a message; None where it is none, or says that a mail is late and not that it was given up.

    Args:
        data: the whole message, untrusted; more than `MOST_BYTES` of it is not looked at.
        recipient: the address that it came to, where the MTA tells it.
    """
    data = data[:MOST_BYTES]
    if sum(1 for _ in _PART.finditer(data)) > _MOST_PARTS:
        return None
    message = message_from_bytes(data)
    found = next((block for block in _blocks(message) if _is_final(block)), None)
    if found is None:
        return None
    texts = (recipient, *_headers(message, _RECIPIENTS), *_returned_ids(message))
    status, detail = _text(found, "Status").strip(), _text(found, "Diagnostic-Code")
    return Report(tuple(texts), status, " ".join(detail.split())[:_LONGEST])


def take(data: bytes, *, recipient: str = "", now: datetime) -> MailPlace | None:
    """Mark the mail that came back; where it is, or None where the message changes nothing."""
    report = read(data, recipient=recipient)
    if report is None:
        return None
    for text in report.tokens_in:
        for place in places(text):
            code = f"dsn_{report.status}"
            if sending.come_back(place.workspace_id, place.mail_id, code=code, detail=report.detail, now=now):
                return place
    return None


def _is_final(block: Message) -> bool:
    """Given up: what is delayed may still arrive, and a server that says 2.x.x failed nothing."""
    action = _text(block, "Action").strip().lower()
    return action == "failed" and bool(_STATUS.fullmatch(_text(block, "Status").strip()))


def _blocks(message: Message) -> Iterator[Message]:
    """The fields of each recipient (RFC 3464 §2.3)."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            if isinstance(payload, list):
                yield from (one for one in payload if isinstance(one, Message))


def _returned_ids(message: Message) -> Iterator[str]:
    """The Message-ID of what came back, whole or its headers alone (RFC 3462)."""
    for part in message.walk():
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list) and payload:
            first = payload[0]
            if isinstance(first, Message):
                yield from _headers(first, ["Message-ID"])
        elif kind == "text/rfc822-headers" and isinstance(payload, str):
            yield from _headers(message_from_bytes(payload.encode("utf-8", "replace")), ["Message-ID"])


def _headers(message: Message, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (str(value)[:_MOST_TEXT] for value in message.get_all(name, []))


def _text(message: Message, name: str) -> str:
    return str(message.get(name, ""))[:_MOST_TEXT]
