"""The client of 국세청: submit, ask for results, fetch certificates.

A submit is never repeated by itself. What is certain and what is not is told apart at one line: while no
connection stands nothing was sent; from then on only a signed answer of the NTS that refers to this very
message and SubmitID tells anything, and everything else is unknown and leaves by `reconcile`.

Source: KEC 표준전자세금계산서 v3.0, 전송; OASIS SOAP with Attachments over HTTP.
"""

import ssl
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx

from dojang.nts import certificates, response, soap, wire, wsse
from dojang.nts.certificates import CertificateArchive
from dojang.nts.errors import AnotherMessage, HttpRefused, NoAnswer, NotReached, NtsError, SoapFault
from dojang.nts.ids import RANDOM_BYTES, new_message_id
from dojang.nts.mime import MAX_BYTES
from dojang.nts.outcomes import (
    NotSent,
    OutcomeUnknown,
    Receipt,
    Reconciled,
    Refused,
    Results,
    ResultsOutcome,
    SubmitOutcome,
    finding_of,
)
from dojang.nts.response import SignedResponse
from dojang.nts.settings import NtsSettings
from dojang.nts.submission import Submission
from dojang.nts.wire import HttpMessage, Received

_NEVER_CONNECTED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
_OK = 200


class NtsClient:
    """Speaks with the NTS for one transmitting system. Close it, or use it in a `with`.

    Threads may share one. Each message gets its own connection, so that a connection the server closed
    meanwhile never raises the question whether a message went out.
    """

    def __init__(
        self,
        settings: NtsSettings,
        sign: Callable[[bytes], bytes],
        *,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a client; nothing is sent yet.

        Args:
            settings: addresses, numbers, certificates, time-outs.
            sign: signs bytes with the key of `settings.certificate` (RSASSA-PKCS1-v1_5, SHA-256).
            clock: gives the time, aware.
            random: gives so many random bytes.
            transport: instead of the network.
            monotonic: measures how long a reply takes, in seconds.
        """
        self._settings = settings
        self._signer = settings.signer(sign)
        self._clock = clock
        self._random = random
        self._monotonic = monotonic
        self._http = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(
                connect=settings.connect_timeout,
                read=settings.read_timeout,
                write=settings.write_timeout,
                pool=settings.connect_timeout,
            ),
            limits=httpx.Limits(max_keepalive_connections=0),
            verify=_tls(settings),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "dojang"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def submit(self, submission: Submission) -> SubmitOutcome:
        """Send a submission once.

        Store the submission before; on OutcomeUnknown, and on Refused with `arrived_before`, `reconcile`.
        Never make a new submission of the same invoices before that said never arrived.
        """
        try:
            received = self._post(self._settings.submit_address, submission.http)
            if not isinstance(received.message, soap.TaxInvoiceRecvAck):
                raise _another("Action", received.message.kind.action)
            signed = self._answer(received, submission.message_id, submission.submit_id)
        except NotReached as error:
            return NotSent(submission.submit_id, error)
        except NtsError as error:
            return OutcomeUnknown(submission.submit_id, error)
        if signed.response.refused:
            return Refused(submission.submit_id, signed)
        return Receipt(submission.submit_id, signed)

    def results(self, submit_id: str) -> ResultsOutcome:
        """Ask what became of a submission. Asking changes nothing and may be repeated at will."""
        now = self._clock()
        message = soap.ResultsReqSubmit(
            header=soap.Header(
                message_id=new_message_id(now, self._random(RANDOM_BYTES)),
                to=self._settings.results_address,
                sender=self._settings.party,
                receiver=soap.NTS_PARTY,
                sent_at=now,
            ),
            ref_submit_id=submit_id,
        )
        try:
            received = self._post(self._settings.results_address, wire.pack(message, self._signer))
            if not isinstance(received.message, soap.ResultsReqRecvAck):
                raise _another("Action", received.message.kind.action)
            signed = self._answer(received, message.header.message_id, submit_id)
        except NotReached as error:
            return NotSent(submit_id, error)
        except NtsError as error:
            return OutcomeUnknown(submit_id, error)
        return Refused(submit_id, signed) if signed.response.refused else Results(submit_id, signed)

    def reconcile(self, submit_id: str) -> Reconciled:
        """Find out about a submission whose answer was lost.

        Never arrived is what the NTS can tell now: see `reconciliation.may_resend` for when to send again.
        """
        asked_at = self._clock()
        outcome = self.results(submit_id)
        return Reconciled(submit_id, finding_of(outcome), asked_at, outcome)

    def certificates(self) -> CertificateArchive:
        """Fetch the certificates for encryption of the NTS and of every registered system.

        Raises:
            NtsError: no answer, or none to be trusted. These messages have no MessageID: an old answer cannot
                be told from a new one, so take no certificate that is older than the one at hand.
        """
        message = soap.RequestCert(self._settings.business_number, self._settings.registration)
        received = self._post(self._settings.certificates_address, wire.pack(message, self._signer))
        if not isinstance(received.message, soap.RequestRecvCert) or received.attachment is None:
            raise _another("Action", received.message.kind.action)
        return certificates.read(received.attachment)

    def km_certificate(self, archive: CertificateArchive) -> bytes:
        """The NTS's own certificate for encryption out of an archive, the newest in force (DER)."""
        return archive.current(self._settings.nts_registration, self._clock())

    def _answer(self, received: Received, message_id: str, submit_id: str) -> SignedResponse:
        """The response document in an answer, when all of it refers to what we sent."""
        header = received.message.header
        relates_to = header.relates_to if header else None
        if relates_to != message_id:
            raise _another("RelatesTo", relates_to)
        signed = response.read(received.attachment or b"")
        wsse.require_pinned(signed.certificate, self._settings.nts_certificates)
        if signed.response.ref_submit_id != submit_id:
            raise _another("RefSubmitID", signed.response.ref_submit_id)
        return signed

    def _post(self, address: str, message: HttpMessage) -> Received:
        """Send once and read a message of the NTS.

        Raises:
            NotReached: certainly nothing was sent.
            NtsError: anything else went wrong.
        """
        status, content_type, body = self._exchange(address, message)
        try:
            received = wire.unpack(content_type, body)
        except SoapFault:
            raise
        except NtsError:
            if status == _OK:
                raise
            raise HttpRefused(status=status) from None
        if status != _OK:
            raise HttpRefused(status=status)
        wsse.require_pinned(received.certificate, self._settings.nts_certificates)
        return received

    def _exchange(self, address: str, message: HttpMessage) -> tuple[int, str | None, bytes]:
        try:
            with self._http.stream(
                "POST", address, content=message.body, headers=message.headers()
            ) as answer:
                return answer.status_code, answer.headers.get("Content-Type"), self._body(answer)
        except _NEVER_CONNECTED:
            raise NotReached(address=address) from None
        except httpx.TimeoutException:
            raise NoAnswer(why_ko="시간 초과", why_en="time-out") from None
        except (httpx.HTTPError, OSError):
            raise NoAnswer(why_ko="연결 끊김", why_en="the connection broke") from None

    def _body(self, answer: httpx.Response) -> bytes:
        """The body, bounded in size and time; we asked for no compression, which has no bound."""
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise NoAnswer(why_ko="압축된 응답", why_en="the reply is compressed")
        deadline = self._monotonic() + self._settings.reply_timeout
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > MAX_BYTES:
                raise NoAnswer(why_ko="응답이 너무 큼", why_en="the reply is too large")
            if self._monotonic() > deadline:
                raise NoAnswer(why_ko="시간 초과", why_en="time-out")
        return bytes(body)


def _tls(settings: NtsSettings) -> ssl.SSLContext | bool:
    if not settings.verify_tls:
        return False
    return ssl.create_default_context(cafile=settings.ca_file)


def _another(what: str, got: str | None) -> AnotherMessage:
    return AnotherMessage(what=what, got=(got or "-")[:100])
