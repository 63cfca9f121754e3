"""The three services of the wire: a signed message in, a signed message out, faults in between.

A message whose signature does not hold is answered with an unsigned SOAP fault and nothing is done: whoever sent
it, it was not shown who. Faults on purpose fit only messages that could be read.

Source: KEC 표준전자세금계산서 v3.0, 전송 메시지; SOAP 1.1, 4.4.
"""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dojang.errors import DojangError
from dojang.nts import certificates, response, soap, wire
from dojang.nts.certificates import RegisteredCertificate
from dojang.nts.codes import FailReason
from dojang.nts.errors import MessageSignatureRefused
from dojang.nts.ids import RANDOM_BYTES, new_message_id, new_result_id
from dojang.nts.mime import XML_TYPE
from dojang.nts.response import ResponseKind, TaxInvoiceResponse
from dojang.nts.soap import NTS_PARTY, Header, RequestCert, ResultsReqSubmit, TaxInvoiceSubmit
from dojang.nts.wire import HttpMessage, Received
from dojang.nts.wsse import SOAP, Signer
from dojang.nts.xmltext import element
from dojang.sandbox import answers, submitting
from dojang.sandbox.errors import NotRegistered, WrongService
from dojang.sandbox.faults import BEFORE, OF_EXCHANGES, Action, Fault, FaultKind
from dojang.sandbox.identities import CERTIFICATES_PATH, EMAIL, NTS_REGISTRATION, RESULTS_PATH, SUBMIT_PATH
from dojang.sandbox.office import Office
from dojang.sandbox.submitting import Arrival, TurnedDown, known_system

_OK, _BAD_REQUEST, _FAILED = 200, 400, 500
_GARBAGE = b"\x00\xff\xfe<html>" + bytes(range(256)) * 4


class ConnectionLost(Exception):
    """The connection is to break without an answer."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer over HTTP."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Request:
    """A request that could be read: what it is about, and how to answer it, signed by whom."""

    action: Action
    submit_id: str | None
    issue_ids: Callable[[], frozenset[str]]
    answer: Callable[[Signer], HttpMessage]


class Exchange:
    """The counter of one sandbox. `stopping` ends every wait for a slow reply."""

    def __init__(self, office: Office, stopping: threading.Event) -> None:
        self._office = office
        self._stopping = stopping

    def handle(self, path: str, content_type: str | None, body: bytes) -> HttpReply:
        """Answer what was posted to one of `SERVICES`.

        Raises:
            ConnectionLost: by a fault.
        """
        try:
            received = wire.unpack(content_type, body)
            request = SERVICES[path](self._office, received, body)
        except DojangError as error:
            return _fault_reply(error)
        fault = self._fault(request)
        return self._answer(request, fault)

    def _fault(self, request: _Request) -> Fault | None:
        """The fault waiting for such a request, which it uses up."""
        waiting = self._office.store.faults()
        if not any(found.fault.kind in OF_EXCHANGES for found in waiting):
            return None
        by_invoice = any(found.fault.issue_id is not None for found in waiting)
        issue_ids = request.issue_ids() if by_invoice else frozenset[str]()
        with self._office.store.transaction() as ledger:
            return ledger.use_fault(
                lambda fault: (
                    fault.kind in OF_EXCHANGES and fault.fits(request.action, request.submit_id, issue_ids)
                )
            )

    def _answer(self, request: _Request, fault: Fault | None) -> HttpReply:
        kind = fault.kind if fault else None
        self._stopping.wait(self._office.settings.delays.reply_seconds)
        if kind is not None and kind in BEFORE:
            return _INSTEAD[kind]()
        keys = self._office.identities
        signer = keys.stranger if kind is FaultKind.WRONGLY_SIGNED else keys.signer
        try:
            message = request.answer(signer)
        except DojangError as error:
            return _fault_reply(error)
        if fault is not None and kind is FaultKind.SLOW:
            self._stopping.wait(fault.seconds)
        if kind in _INSTEAD:
            return _INSTEAD[kind]()
        return HttpReply(_OK, message.content_type, message.body)


def _lose() -> HttpReply:
    raise ConnectionLost


def _http_500() -> HttpReply:
    return HttpReply(_FAILED, "text/plain; charset=utf-8", "모의 오류 (SANDBOX): HTTP 500\n".encode())


def _garbage() -> HttpReply:
    return HttpReply(_OK, "multipart/related; boundary=nothing", _GARBAGE)


_INSTEAD: dict[FaultKind | None, Callable[[], HttpReply]] = {
    FaultKind.LOST_BEFORE: _lose,
    FaultKind.LOST_AFTER: _lose,
    FaultKind.HTTP_500: _http_500,
    FaultKind.HTTP_500_AFTER: _http_500,
    FaultKind.GARBAGE: _garbage,
}
"""What comes instead of the reply."""


def _fault_reply(error: DojangError) -> HttpReply:
    """An unsigned SOAP fault: it proves nothing, and the sender has to reconcile."""
    code = "wsse:FailedCheck" if isinstance(error, MessageSignatureRefused) else "SOAP:Client"
    text = f"[모의 국세청 SANDBOX] {error.text('ko')} / {error.text('en')}"
    envelope = b"".join(
        (
            soap.DECLARATION,
            b'<SOAP:Envelope xmlns:SOAP="%b" xmlns:wsse="%b">' % (SOAP.encode(), soap.WSSE.encode()),
            element(
                "SOAP:Body",
                element("SOAP:Fault", element("faultcode", code), element("faultstring", _printable(text))),
            ),
            b"</SOAP:Envelope>",
        )
    )
    return HttpReply(_BAD_REQUEST, XML_TYPE, envelope)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


# Services


def _wrong_service(expected: str, received: Received) -> WrongService:
    return WrongService(expected=expected, got=received.message.kind.action.rpartition("/")[2])


def _submission(office: Office, received: Received, body: bytes) -> _Request:
    message = received.message
    if not isinstance(message, TaxInvoiceSubmit):
        raise _wrong_service("TaxInvoiceSubmit", received)
    arrival = Arrival.of(office, message, received, body)

    def answer(signer: Signer) -> HttpMessage:
        return _reply(office, message.header, submitting.submit(arrival), soap.TaxInvoiceRecvAck, signer)

    return _Request(Action.SUBMIT, message.submit_id, arrival.issue_ids, answer)


def _results(office: Office, received: Received, body: bytes) -> _Request:  # noqa: ARG001 - as all services
    message = received.message
    if not isinstance(message, ResultsReqSubmit):
        raise _wrong_service("ResultsReqSubmit", received)

    def answer(signer: Signer) -> HttpMessage:
        found = _results_of(office, message, received.certificate)
        return _reply(office, message.header, found, soap.ResultsReqRecvAck, signer)

    def issue_ids() -> frozenset[str]:
        return frozenset(document.issue_id for document in office.store.documents(message.ref_submit_id))

    return _Request(Action.RESULTS, message.ref_submit_id, issue_ids, answer)


def _results_of(office: Office, message: ResultsReqSubmit, certificate: bytes) -> TaxInvoiceResponse:
    """The results of a submission, for the system that sent it."""
    submit_id = message.ref_submit_id
    try:
        known_system(office, submit_id, certificate, message.header)
    except TurnedDown as error:
        return answers.refusal(office, submit_id, ResponseKind.RESULTS, error.reason, error.why)
    submitting.judge_due(office)
    submission = office.store.submission(submit_id)
    if submission is None:
        why = "이 SubmitID로 도착한 전송이 없습니다."
        return answers.refusal(office, submit_id, ResponseKind.RESULTS, FailReason.SYS003, why)
    return answers.results(office, submission)


def _certificates(office: Office, received: Received, body: bytes) -> _Request:  # noqa: ARG001 - as all services
    message = received.message
    if not isinstance(message, RequestCert):
        raise _wrong_service("RequestCert", received)

    def answer(signer: Signer) -> HttpMessage:
        system = office.systems.get(message.registration)
        if (
            system is None
            or received.certificate != system.certificate_der
            or message.business_number != system.business_number
        ):
            raise NotRegistered(registration=message.registration)
        reference = str(uuid.uuid4())
        return wire.pack(soap.RequestRecvCert(reference), signer, _archive(office))

    return _Request(Action.CERTIFICATES, None, frozenset, answer)


def _archive(office: Office) -> bytes:
    """Certificates for encryption: ours and those of registered systems that have one."""
    registered = [RegisteredCertificate(NTS_REGISTRATION, EMAIL, office.identities.km_certificate)]
    for system in office.systems.values():
        km_certificate = system.km_certificate_der
        if km_certificate is not None:
            registered.append(RegisteredCertificate(system.registration, system.email, km_certificate))
    return certificates.write(registered)


SERVICES: Mapping[str, Callable[[Office, Received, bytes], _Request]] = {
    SUBMIT_PATH: _submission,
    RESULTS_PATH: _results,
    CERTIFICATES_PATH: _certificates,
}


def _reply(
    office: Office,
    asked: Header,
    content: TaxInvoiceResponse,
    kind: type[soap.TaxInvoiceRecvAck | soap.ResultsReqRecvAck],
    signer: Signer,
) -> HttpMessage:
    """The answer to a message, with the response document attached; both signed."""
    now = office.now()
    header = Header(
        message_id=new_message_id(now, office.random(RANDOM_BYTES)),
        to=soap.ANONYMOUS,
        sender=NTS_PARTY,
        receiver=asked.sender,
        sent_at=now,
        relates_to=asked.message_id,
    )
    message = kind(header, new_result_id(now, office.random(RANDOM_BYTES)), str(uuid.uuid4()))
    return wire.pack(message, signer, response.write(content, signer))
