"""Results on their way to ReplyTo, and verdicts whose time has come: the one thread that works by itself.

Results go again, later and later, until the transmitting system acknowledges them, and are given up after as many
attempts as scripted. Polling tells the same at any time.

Source: KEC 표준전자세금계산서 v3.0, 처리결과 전송 (ResultsSubmit, ResultsRecvAck).
"""

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace

import httpx

from dojang.errors import DojangError
from dojang.nts import response, soap, wire
from dojang.nts.ids import RANDOM_BYTES, new_message_id
from dojang.nts.soap import NTS_PARTY, PartyId
from dojang.nts.wire import HttpMessage
from dojang.sandbox import answers, submitting
from dojang.sandbox.faults import FaultKind
from dojang.sandbox.office import Office
from dojang.sandbox.rows import Callback, CallbackState, Submission
from dojang.sandbox.settings import System

MARK = {"X-Dojang-Sandbox": "1"}
"""On every HTTP message of the sandbox."""

LONGEST_PAUSE = 600.0
_TIMEOUT_SECONDS = 10.0
_MAX_ACKNOWLEDGEMENT = 256 << 10
_OK = 200
_LOOK_AGAIN = 0.2
"""Longest pause, in seconds, while something waits: the clock may be anybody's, and be moved."""
_AT_ONCE = 0.005
"""Shortest pause: what fails at once again and again must not keep a core busy."""

_log = logging.getLogger(__name__)


class NotAcknowledged(Exception):
    """The receiver did not acknowledge; the text says why, for people."""


class Worker:
    """The thread. `stop` lets it finish what it does."""

    def __init__(self, office: Office, stopping: threading.Event) -> None:
        self._office = office
        self._stopping = stopping
        self._http = httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)
        self._thread = threading.Thread(target=self._run, name="dojang-sandbox-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread. Called once, after `stopping` is set."""
        self._office.wake()
        self._thread.join()
        self._http.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for work in (self._judge, self._deliver):
                self._safely(work)
            self._office.wait(self._pause())

    def _pause(self) -> float | None:
        next_at = self._office.store.next_at()
        if next_at is None:
            return None
        return min(max(next_at - self._office.real_seconds(), _AT_ONCE), _LOOK_AGAIN)

    def _safely(self, work: Callable[[], None]) -> None:
        """Whatever happens, the thread goes on; what it could not do it tries again."""
        try:
            work()
        except Exception:  # noqa: BLE001 - a boundary: what it was is logged whole
            _log.exception("the sandbox's worker failed; it goes on")

    def _judge(self) -> None:
        submitting.judge_due(self._office)

    def _deliver(self) -> None:
        for callback in self._office.store.callbacks_due(self._office.real_seconds()):
            if self._stopping.is_set():
                return
            deliver(self._office, callback, self._http)


def deliver(office: Office, callback: Callback, http: httpx.Client) -> None:
    """Send results once, and write down what came of it."""
    submission = office.store.submission(callback.submit_id)
    if submission is None:
        return
    attempts = callback.attempts + 1
    try:
        system = _receiver(office, submission)
        _send(office, submission, callback, system, http)
    except NotAcknowledged as why:
        policy = office.settings.callbacks
        pause = min(policy.retry_seconds * 2 ** min(attempts - 1, 16), LONGEST_PAUSE)
        state = CallbackState.GIVEN_UP if attempts >= policy.attempts else CallbackState.PENDING
        with office.store.transaction() as ledger:
            ledger.update_callback(
                replace(
                    callback,
                    attempts=attempts,
                    next_at=office.real_seconds() + pause,
                    state=state,
                    problem=str(why),
                )
            )
        return
    with office.store.transaction() as ledger:
        again = ledger.use_fault(
            lambda fault: (
                fault.kind is FaultKind.DUPLICATE_CALLBACK
                and fault.fits(None, submission.submit_id, _issue_ids(office, submission))
            )
        )
        state = CallbackState.PENDING if again else CallbackState.ACKNOWLEDGED
        ledger.update_callback(replace(callback, attempts=attempts, state=state, problem=None))


def _issue_ids(office: Office, submission: Submission) -> frozenset[str]:
    return frozenset(document.issue_id for document in office.store.documents(submission.submit_id))


def _receiver(office: Office, submission: Submission) -> System:
    system = office.systems.get(submission.registration)
    if system is None:
        raise NotAcknowledged("등록이 지워졌습니다")
    return system


def _send(
    office: Office, submission: Submission, callback: Callback, system: System, http: httpx.Client
) -> None:
    """Post the results and check the acknowledgement.

    Raises:
        NotAcknowledged: no answer, or not the one that counts.
    """
    message = _message(office, submission, callback, system)
    try:
        with http.stream(
            "POST", callback.reply_to, content=message.body, headers=message.headers() | MARK
        ) as answer:
            status, content_type, body = answer.status_code, answer.headers.get("Content-Type"), _body(answer)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotAcknowledged(type(error).__name__) from None
    if status != _OK:
        raise NotAcknowledged(f"HTTP {status}")
    try:
        received = wire.unpack(content_type, body)
    except DojangError as error:
        raise NotAcknowledged(error.code) from None
    acknowledged = received.message
    if (
        not isinstance(acknowledged, soap.ResultsRecvAck)
        or acknowledged.ref_result_id != callback.result_id
        or received.certificate != system.certificate_der
    ):
        raise NotAcknowledged("다른 메시지이거나 등록된 인증서로 서명되지 않았습니다")


def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) > _MAX_ACKNOWLEDGEMENT:
            raise NotAcknowledged("응답이 너무 큽니다")
    return bytes(body)


def _message(office: Office, submission: Submission, callback: Callback, system: System) -> HttpMessage:
    """ResultsSubmit; every attempt has its own MessageID and the same ResultID."""
    now, signer = office.now(), office.identities.signer
    header = soap.Header(
        message_id=new_message_id(now, office.random(RANDOM_BYTES)),
        to=callback.reply_to,
        sender=NTS_PARTY,
        receiver=PartyId(system.business_number, system.name),
        sent_at=now,
    )
    message = soap.ResultsSubmit(header, callback.result_id, str(uuid.uuid4()))
    document = response.write(answers.results(office, submission), signer)
    return wire.pack(message, signer, document)
