"""The eight messages between a transmitting system and 국세청, written and read.

    TaxInvoiceSubmit   → TaxInvoiceRecvAck     submit a package; the answer carries the receipt (접수증)
    ResultsSubmit      → ResultsRecvAck        the NTS sends results to our ReplyTo address
    ResultsReqSubmit   → ResultsReqRecvAck     we ask for results
    RequestCert        → RequestRecvCert       we ask for the certificates of all registered systems

Writing gives canonical bytes without a DOM. Reading goes by element name: it takes RequestMessage and
ResponseMessage, any prefix, any order and elements it does not know, since producers differ.

Source: KEC 표준전자세금계산서 v3.0, 전송 메시지; SOAP 1.1; WS-Addressing 1.0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, NamedTuple, TypeAlias

from dojang.etax.canonical import Element, local_name
from dojang.etax.xmldsig import DS
from dojang.nts import wsse
from dojang.nts.errors import MessageRefused, SoapFault
from dojang.nts.wsse import SOAP, WSSE, WSU, Signer
from dojang.nts.xmltext import element, optional

KEC = "http://www.kec.or.kr/standard/Tax/"
WSA = "http://www.w3.org/2005/08/addressing"
REQUEST_CERTIFICATES = "http://webservice.esero.go.kr/services/RequestCert"
CERTIFICATES = "http://webservice.esero.go.kr/services/RequestRecvCert"

ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"
"""The address of an answer that goes back over the connection of the request."""

VERSION = "3.0"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'

_NAMESPACES = (
    ("SOAP", SOAP),
    ("ds", DS),
    ("kec", KEC),
    ("wsa", WSA),
    ("wsse", WSSE),
    ("wsu", WSU),
    ("xsd", "http://www.w3.org/2001/XMLSchema"),
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
)
_OPEN = "".join(["<SOAP:Envelope", *(f' xmlns:{p}="{uri}"' for p, uri in _NAMESPACES), ">"]).encode()


class PartyId(NamedTuple):
    """Who sends or receives: business number and name."""

    number: str
    name: str


NTS_PARTY = PartyId("9999999999", "국세청")


@dataclass(frozen=True, slots=True)
class Header:
    """Addressing and MessageHeader of a message.

    Attributes:
        message_id: `wsa:MessageID`, see `ids.new_message_id`.
        to: the address it goes to.
        sender: From. What a reply of the NTS says there is not to be relied on.
        receiver: To.
        sent_at: TimeStamp, aware; None when a message read has none that can be understood.
        relates_to: in answers, the MessageID of the request.
        reply_to: in TaxInvoiceSubmit, our address for results.
    """

    message_id: str
    to: str
    sender: PartyId
    receiver: PartyId
    sent_at: datetime | None
    relates_to: str | None = None
    reply_to: str | None = None


class Kind(NamedTuple):
    """What is the same in every message of a kind; a certificate message has no operation and no header."""

    action: str
    operation: str
    direction: str
    wrapper: str


Body = Mapping[str, str]
_Fields = Iterable[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class TaxInvoiceSubmit:
    """Here are `total_count` invoices in the attached package."""

    kind: ClassVar = Kind(KEC + "TaxInvoiceSubmit", "01", "01", "RequestMessage")
    header: Header
    submit_id: str
    total_count: int
    reference_id: str

    def fields(self) -> _Fields:
        return (
            ("SubmitID", self.submit_id),
            ("TotalCount", str(self.total_count)),
            ("ReferenceID", self.reference_id),
        )

    @classmethod
    def of(cls, header: Header, body: Body) -> "TaxInvoiceSubmit":
        count = _need(body, "TotalCount")
        if not (count.isascii() and count.isdigit()):
            raise MessageRefused(why_ko="TotalCount가 숫자가 아닙니다", why_en="TotalCount is no number")
        return cls(header, _need(body, "SubmitID"), int(count[:9]), _need(body, "ReferenceID"))


@dataclass(frozen=True, slots=True)
class TaxInvoiceRecvAck:
    """Answer to TaxInvoiceSubmit: the attached TaxInvoiceResponse is the receipt, or says why there is none."""

    kind: ClassVar = Kind(KEC + "TaxInvoiceRecvAck", "01", "02", "ResponseMessage")
    header: Header
    result_id: str
    reference_id: str

    def fields(self) -> _Fields:
        return (("ResultID", self.result_id), ("ReferenceID", self.reference_id))

    @classmethod
    def of(cls, header: Header, body: Body) -> "TaxInvoiceRecvAck":
        return cls(header, body.get("ResultID", ""), _need(body, "ReferenceID"))


@dataclass(frozen=True, slots=True)
class ResultsSubmit:
    """The NTS tells results: the attached TaxInvoiceResponse."""

    kind: ClassVar = Kind(KEC + "ResultsSubmit", "02", "01", "RequestMessage")
    header: Header
    result_id: str
    reference_id: str

    def fields(self) -> _Fields:
        return (("ResultID", self.result_id), ("ReferenceID", self.reference_id))

    @classmethod
    def of(cls, header: Header, body: Body) -> "ResultsSubmit":
        return cls(header, _need(body, "ResultID"), _need(body, "ReferenceID"))


@dataclass(frozen=True, slots=True)
class ResultsRecvAck:
    """Our answer to ResultsSubmit."""

    kind: ClassVar = Kind(KEC + "ResultsRecvAck", "02", "02", "ResponseMessage")
    reference_id: ClassVar[None] = None
    header: Header
    ref_result_id: str

    def fields(self) -> _Fields:
        return (("RefResultID", self.ref_result_id),)

    @classmethod
    def of(cls, header: Header, body: Body) -> "ResultsRecvAck":
        return cls(header, _need(body, "RefResultID"))


@dataclass(frozen=True, slots=True)
class ResultsReqSubmit:
    """What became of the submission of this SubmitID?"""

    kind: ClassVar = Kind(KEC + "ResultsReqSubmit", "03", "01", "RequestMessage")
    reference_id: ClassVar[None] = None
    header: Header
    ref_submit_id: str

    def fields(self) -> _Fields:
        return (("RefSubmitID", self.ref_submit_id),)

    @classmethod
    def of(cls, header: Header, body: Body) -> "ResultsReqSubmit":
        return cls(header, _need(body, "RefSubmitID"))


@dataclass(frozen=True, slots=True)
class ResultsReqRecvAck:
    """Answer to ResultsReqSubmit: the attached TaxInvoiceResponse has the results, or says why not."""

    kind: ClassVar = Kind(KEC + "ResultsReqRecvAck", "03", "02", "ResponseMessage")
    header: Header
    result_id: str
    reference_id: str

    def fields(self) -> _Fields:
        return (("ResultID", self.result_id), ("ReferenceID", self.reference_id))

    @classmethod
    def of(cls, header: Header, body: Body) -> "ResultsReqRecvAck":
        return cls(header, body.get("ResultID", ""), _need(body, "ReferenceID"))


FILE_TYPE_ZIP = "1"


@dataclass(frozen=True, slots=True)
class RequestCert:
    """Send the certificates for encryption of the NTS and every registered system, as zip (1)."""

    kind: ClassVar = Kind(REQUEST_CERTIFICATES, "", "", "RequestMessage")
    header: ClassVar[None] = None
    reference_id: ClassVar[None] = None
    business_number: str
    registration: str
    file_type: str = FILE_TYPE_ZIP

    def fields(self) -> _Fields:
        return (
            ("BusnID", self.business_number),
            ("BusnCrfcNo", self.registration),
            ("FileType", self.file_type),
        )

    @classmethod
    def of(cls, header: Header | None, body: Body) -> "RequestCert":  # noqa: ARG003 - as all messages
        return cls(_need(body, "BusnID"), _need(body, "BusnCrfcNo"), body.get("FileType", FILE_TYPE_ZIP))


@dataclass(frozen=True, slots=True)
class RequestRecvCert:
    """Answer to RequestCert: the attachment is the archive; `reference_id` is None where nothing names it."""

    kind: ClassVar = Kind(CERTIFICATES, "", "", "ResponseMessage")
    header: ClassVar[None] = None
    reference_id: str | None = None

    def fields(self) -> _Fields:
        return (("ReferenceID", self.reference_id),)

    @classmethod
    def of(cls, header: Header | None, body: Body) -> "RequestRecvCert":  # noqa: ARG003 - as all messages
        return cls(body.get("ReferenceID"))


Addressed: TypeAlias = (
    TaxInvoiceSubmit
    | TaxInvoiceRecvAck
    | ResultsSubmit
    | ResultsRecvAck
    | ResultsReqSubmit
    | ResultsReqRecvAck
)
"""The messages with a Header."""

Message: TypeAlias = Addressed | RequestCert | RequestRecvCert

_ADDRESSED: dict[str, type[Addressed]] = {
    kind.kind.action.rpartition("/")[2]: kind
    for kind in (
        TaxInvoiceSubmit,
        TaxInvoiceRecvAck,
        ResultsSubmit,
        ResultsRecvAck,
        ResultsReqSubmit,
        ResultsReqRecvAck,
    )
}


def build(message: Message, signer: Signer, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """The signed envelope: UTF-8, canonical behind the XML declaration, LF only.

    Args:
        message: what to say; a header needs its `sent_at`.
        signer: the transmitting system's certificate and key.
        attachments: what the message's ReferenceID names, by Content-ID without brackets; covered by the signature.
    """
    header = b"" if message.header is None else _addressing(message.header, message.kind)
    body = element(f"kec:{message.kind.wrapper}", *(optional(f"kec:{n}", v) for n, v in message.fields()))
    envelope = b"".join(
        (
            _OPEN,
            element("SOAP:Header", header + wsse.security(signer.certificate)),
            element("SOAP:Body", body),
            b"</SOAP:Envelope>",
        )
    )
    return DECLARATION + wsse.sign(envelope, attachments or {}, signer)


def _addressing(header: Header, kind: Kind) -> bytes:
    message_header = element(
        "kec:MessageHeader",
        element("kec:Version", VERSION),
        _party("kec:From", header.sender),
        _party("kec:To", header.receiver),
        optional("kec:ReplyTo", header.reply_to),
        element("kec:OperationType", kind.operation),
        element("kec:MessageType", kind.direction),
        optional("kec:TimeStamp", header.sent_at and _timestamp(header.sent_at)),
    )
    return b"".join(
        (
            element("wsa:MessageID", header.message_id),
            optional("wsa:RelatesTo", header.relates_to),
            element("wsa:To", header.to),
            element("wsa:Action", kind.action),
            message_header,
        )
    )


def _party(name: str, party: PartyId) -> bytes:
    return element(name, element("kec:PartyID", party.number), element("kec:PartyName", party.name))


def _timestamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(root: Element) -> Message:
    """The message of an envelope whose signature was verified.

    Raises:
        MessageRefused: none of the eight messages, or without what it has to say.
        SoapFault: it is a fault.
    """
    raise_fault(root)
    namespace = str(root.tag).partition("}")[0][1:]
    header = wsse.only_child(root, namespace, "Header")
    body = wsse.only_child(root, namespace, "Body")
    action = _texts(header).get("Action", "").rstrip("/").rpartition("/")[2]
    texts = _texts(body[0]) if len(body) == 1 and local_name(body[0]) in _WRAPPERS else None
    if action in _ADDRESSED and texts is not None:
        return _ADDRESSED[action].of(_read_header(header), texts)
    if action in _WITHOUT_HEADER:
        # Of these answers only the attachment is certain.
        texts = texts or {}
        return RequestCert.of(None, texts) if "BusnID" in texts else RequestRecvCert.of(None, texts)
    raise MessageRefused(
        why_ko="표준에 있는 메시지가 아닙니다", why_en="it is none of the standard's messages"
    )


_WRAPPERS = frozenset({"RequestMessage", "ResponseMessage"})
_WITHOUT_HEADER = frozenset({"", "RequestCert", "RequestRecvCert"})


def raise_fault(root: Element) -> None:
    """Raise SoapFault when the envelope holds one. Nobody signs a fault, so it proves nothing."""
    for fault in (node for body in root if local_name(body) == "Body" for node in body):
        if local_name(fault) == "Fault":
            found = {local_name(node): (node.text or "").strip() for node in fault.iter()}
            code = found.get("faultcode") or found.get("Value") or "?"
            reason = found.get("faultstring") or found.get("Text") or "?"
            raise SoapFault(fault_code=code[:100], reason=reason[:300])


def _texts(parent: Element) -> dict[str, str]:
    """The text of each child by local name.

    Raises:
        MessageRefused: when a name stands twice; which one counts could be argued about.
    """
    texts: dict[str, str] = {}
    for child in parent:
        name = local_name(child)
        if name in texts:
            raise MessageRefused(
                why_ko=f"{name} 요소가 둘 이상입니다", why_en=f"{name} stands more than once"
            )
        texts[name] = (child.text or "").strip()
    return texts


def _need(texts: Body, name: str) -> str:
    value = texts.get(name)
    if not value:
        raise MessageRefused(why_ko=f"{name} 값이 없습니다", why_en=f"{name} is missing")
    return value


def _read_header(header: Element) -> Header:
    outer = _texts(header)
    inner_element = next((child for child in header if local_name(child) == "MessageHeader"), None)
    inner = {} if inner_element is None else _texts(inner_element)
    return Header(
        message_id=_need(outer, "MessageID"),
        to=outer.get("To", ""),
        sender=_read_party(inner_element, "From"),
        receiver=_read_party(inner_element, "To"),
        sent_at=_read_timestamp(inner.get("TimeStamp", "")),
        relates_to=outer.get("RelatesTo"),
        reply_to=inner.get("ReplyTo"),
    )


def _read_party(message_header: Element | None, name: str) -> PartyId:
    found = () if message_header is None else [child for child in message_header if local_name(child) == name]
    texts = _texts(found[0]) if found else {}
    return PartyId(texts.get("PartyID", ""), texts.get("PartyName", ""))


def _read_timestamp(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
