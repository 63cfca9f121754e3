"""A message as it travels over HTTP: signed envelope and attachment in one multipart body, both ways.

Client and sandbox, and both sides of the callback, use nothing else to send and to receive.

Source: KEC 표준전자세금계산서 v3.0, 전송: POST, SOAPAction in quotes, multipart even without attachment.
"""

from dataclasses import dataclass, field

from dojang.nts import mime, soap, wsse
from dojang.nts.errors import MessageRefused
from dojang.nts.soap import Message
from dojang.nts.wsse import Signer

ROOT_ID = "SOAPPART"


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """What to put into an HTTP request or response."""

    content_type: str
    soap_action: str
    body: bytes = field(repr=False)

    def headers(self) -> dict[str, str]:
        """The headers of a request; a response needs Content-Type only."""
        return {"Content-Type": self.content_type, "SOAPAction": f'"{self.soap_action}"'}


@dataclass(frozen=True, slots=True)
class Received:
    """A message whose signature holds, its attachment as it was signed, and who signed it."""

    message: Message
    attachment: bytes | None = field(repr=False)
    certificate: bytes = field(repr=False)


def pack(message: Message, signer: Signer, attachment: bytes | None = None) -> HttpMessage:
    """Sign a message with the attachment that its ReferenceID names, and wrap both for HTTP."""
    name = message.reference_id
    if (name is None) != (attachment is None):
        raise MessageRefused(
            why_ko="첨부와 ReferenceID 중 하나만 있습니다",
            why_en="it has an attachment without ReferenceID, or the reverse",
        )
    attachments = {} if name is None or attachment is None else {name: attachment}
    envelope = soap.build(message, signer, attachments)
    parts = [mime.Part(ROOT_ID, mime.XML_TYPE, envelope)]
    parts += [mime.Part(key, mime.BINARY_TYPE, content) for key, content in attachments.items()]
    content_type, body = mime.write(parts)
    return HttpMessage(content_type, message.kind.action, body)


def unpack(content_type: str | None, body: bytes) -> Received:
    """Read and verify a message.

    The signature holds and covers all of it; who signed is for the caller to check: `wsse.require_pinned`
    where the certificate is known beforehand, a register of systems where it is not.

    Raises:
        MimeRefused, MessageRefused, MessageSignatureRefused: not a message, or not as it was sent.
        SoapFault: the other side reports a failure (unsigned).
    """
    root_part, *others = mime.read(content_type, body)
    soap.raise_fault(wsse.read_envelope(root_part.content))
    attachments = {part.content_id: part.content for part in others}
    if len(attachments) != len(others):
        raise MessageRefused(
            why_ko="같은 Content-ID의 첨부가 둘 이상입니다", why_en="two attachments have one Content-ID"
        )
    verified = wsse.verify(root_part.content, attachments)
    message = soap.parse(verified.root)
    return Received(message, _named(message, dict(verified.attachments)), verified.certificate)


def _named(message: Message, attachments: dict[str, bytes]) -> bytes | None:
    """The attachment that the message's ReferenceID names; the only one there is, where it names none."""
    name = message.reference_id
    if name is None:
        return next(iter(attachments.values())) if len(attachments) == 1 else None
    found = attachments.get(name.strip("<>"))
    if found is None:
        raise MessageRefused(
            why_ko="ReferenceID가 가리키는 첨부가 없습니다",
            why_en="the attachment that ReferenceID names is missing",
        )
    return found
