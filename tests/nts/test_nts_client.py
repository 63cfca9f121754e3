import gzip
import secrets
from datetime import timedelta

import httpx
import pytest
from nts_office import (
    ACCEPTED,
    NOW,
    Office,
    certificate,
    client,
    data,
    document,
    header,
    identity,
    operator,
    settings,
    submission,
)

from dojang.nts import certificates, response, soap, wire
from dojang.nts.certificates import RegisteredCertificate
from dojang.nts.client import NtsClient
from dojang.nts.errors import (
    AnotherMessage,
    ArchiveRefused,
    HttpRefused,
    MessageRefused,
    MessageSignatureRefused,
    MimeRefused,
    NoAnswer,
    NotReached,
    ResponseRefused,
    SoapFault,
    UnknownSigner,
)
from dojang.nts.outcomes import Finding, NotSent, OutcomeUnknown, Receipt, Refused, Results

SUBMISSION = submission()
SUBMIT_ID = SUBMISSION.submit_id
FAULT = (
    b'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Server</faultcode>'
    b"<faultstring>busy</faultstring></S:Fault></S:Body></S:Envelope>"
)


def submitted(office):
    transport = office.transport if isinstance(office, Office) else httpx.MockTransport(office)
    with client(transport) as nts:
        return nts.submit(SUBMISSION)


def asked(office):
    transport = office.transport if isinstance(office, Office) else httpx.MockTransport(office)
    with client(transport) as nts:
        return nts.results(SUBMIT_ID)


def test_a_receipt_is_a_receipt_and_the_message_was_the_prepared_one():
    office = Office()
    outcome = submitted(office)
    assert isinstance(outcome, Receipt)
    assert outcome.response == document(SUBMIT_ID)
    assert outcome.response.results == ()
    (received,) = office.received
    assert received.message.header.message_id == SUBMISSION.message_id
    assert received.message.submit_id == SUBMIT_ID


def test_the_request_has_the_standards_headers_and_no_others_of_weight():
    seen = []

    def office(request):
        seen.append(request)
        return Office()(request)

    assert isinstance(submitted(office), Receipt)
    (request,) = seen
    assert request.method == "POST"
    assert request.headers["SOAPAction"] == '"http://www.kec.or.kr/standard/Tax/TaxInvoiceSubmit"'
    assert request.headers["Content-Type"] == SUBMISSION.http.content_type
    assert request.headers["Accept-Encoding"] == "identity"
    assert request.content == SUBMISSION.http.body


@pytest.mark.parametrize("code", ["SYS001", "SYS002", "SYN001", "NEW999"])
def test_a_refusal_of_the_whole_submission_names_its_reason(code):
    outcome = submitted(Office({"process_status": "03", "fail_reason": code}))
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == code
    assert outcome.arrived_before == (code == "SYS002")


@pytest.mark.parametrize(
    ("error", "certain"),
    [
        (httpx.ConnectError, True),
        (httpx.ConnectTimeout, True),
        (httpx.PoolTimeout, True),
        (httpx.UnsupportedProtocol, True),
        (httpx.ReadTimeout, False),
        (httpx.WriteTimeout, False),
        (httpx.WriteError, False),
        (httpx.ReadError, False),
        (httpx.RemoteProtocolError, False),
        (httpx.LocalProtocolError, False),
        (httpx.DecodingError, False),
        (ConnectionResetError, False),
    ],
)
def test_not_sent_is_said_only_where_no_connection_ever_stood(error, certain):
    def office(request):
        raise error("no")

    for outcome in (submitted(office), asked(office)):
        assert isinstance(outcome, NotSent if certain else OutcomeUnknown)
        assert isinstance(outcome.why, NotReached if certain else NoAnswer)
        assert outcome.submit_id == SUBMIT_ID


def answers(status, body, content_type="text/xml"):
    return lambda _: httpx.Response(status, headers={"Content-Type": content_type}, content=body)


def redirect(_):
    return httpx.Response(307, headers={"Location": "http://127.0.0.1:9/elsewhere"})


@pytest.mark.parametrize(
    ("office", "why"),
    [
        (answers(500, b""), HttpRefused),
        (answers(500, b"<html>oops</html>", "text/html"), HttpRefused),
        (answers(503, FAULT), SoapFault),
        (answers(200, FAULT), SoapFault),
        (answers(404, b"no"), HttpRefused),
        (answers(202, b""), HttpRefused),
        (redirect, HttpRefused),
        (answers(200, b""), MessageRefused),
        (answers(200, b"garbage"), MessageRefused),
        (answers(200, b"--b\r\n\r\n<a/>", "multipart/related; boundary=b"), MimeRefused),
        (Office(status=500), HttpRefused),
        (Office(message_signer=operator()), UnknownSigner),
        (Office(document_signer=operator()), UnknownSigner),
        (Office(relates_to="another"), AnotherMessage),
        (Office(submit_id="41999999-20261122-" + "9" * 32), AnotherMessage),
        (Office(kind=soap.ResultsSubmit), AnotherMessage),
        (Office(tamper=lambda body: body[: len(body) // 2]), MimeRefused),
        (Office(tamper=lambda body: body.replace(b"NTS-2026", b"NTS-2027")), MessageSignatureRefused),
        (Office(tamper=lambda body: body.replace(b"<kec:ResultID>2026", b"<kec:ResultID>2027")), MessageSignatureRefused),
        (Office({"kind": ""}), ResponseRefused),
    ],
)  # fmt: skip
def test_anything_else_after_the_first_byte_is_unknown(office, why):
    outcome = submitted(office)
    assert isinstance(outcome, OutcomeUnknown)
    assert isinstance(outcome.why, why)


def test_an_answer_without_the_document_is_unknown():
    def office(request):
        got = wire.unpack(request.headers["Content-Type"], request.read())
        ack = soap.ResultsRecvAck(header(relates_to=got.message.header.message_id), "x")
        http = wire.pack(ack, identity("NTS"))
        return httpx.Response(200, headers={"Content-Type": http.content_type}, content=http.body)

    assert isinstance(submitted(office).why, AnotherMessage)
    assert isinstance(asked(office).why, AnotherMessage)


@pytest.mark.parametrize("fault", [httpx.ReadTimeout("x"), httpx.ConnectError("x"), None])
def test_a_submit_goes_out_once_whatever_happens(fault):
    tries = []

    def office(request):
        tries.append(request)
        if fault:
            raise fault
        return httpx.Response(503)

    submitted(office)
    assert len(tries) == 1


def test_sending_the_stored_submission_again_sends_the_same_bytes():
    office = Office()
    bodies = []

    def recording(request):
        bodies.append(request.read())
        return office(request)

    stored = SUBMISSION.to_bytes()
    with client(httpx.MockTransport(recording)) as nts:
        nts.submit(SUBMISSION)
        nts.submit(type(SUBMISSION).from_bytes(stored))
    assert bodies[0] == bodies[1]


def test_results_are_read_with_every_verdict():
    office = Office({"kind": "02", "process_status": "01", "total": 1, "results": ACCEPTED})
    outcome = asked(office)
    assert isinstance(outcome, Results)
    assert outcome.response.results == ACCEPTED
    (received,) = office.received
    assert received.message.ref_submit_id == SUBMIT_ID
    assert received.message.header.sender == settings().party


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        ({"kind": "02", "process_status": "01", "results": ACCEPTED}, Finding.ACCEPTED),
        ({"kind": "02", "process_status": "02"}, Finding.STILL_WORKING),
        ({"process_status": "03", "fail_reason": "SYS003"}, Finding.NEVER_ARRIVED),
        ({"process_status": "03", "fail_reason": "SYN001"}, Finding.REFUSED),
        ({"process_status": "03", "fail_reason": "SYS001"}, Finding.UNKNOWN),
    ],
)
def test_reconciling_tells_what_is_known_of_a_submission(answer, finding):
    with client(Office(answer).transport) as nts:
        found = nts.reconcile(SUBMIT_ID)
    assert (found.finding, found.asked_at, found.submit_id) == (finding, NOW, SUBMIT_ID)


@pytest.mark.parametrize(
    "office", [Office(message_signer=operator()), Office(relates_to="x"), answers(500, b"")]
)
def test_reconciling_without_a_good_answer_leaves_it_unknown(office):
    transport = office.transport if isinstance(office, Office) else httpx.MockTransport(office)
    with client(transport) as nts:
        assert nts.reconcile(SUBMIT_ID).finding is Finding.UNKNOWN


def test_a_stale_never_arrived_of_another_question_is_not_believed():
    # Recorded and played again by somebody on the line, it would allow a second sending.
    first = []

    def replaying(request):
        first.append(Office({"process_status": "03", "fail_reason": "SYS003"})(request))
        return httpx.Response(200, headers=first[0].headers, content=first[0].content)

    with client(httpx.MockTransport(replaying)) as nts:
        assert nts.reconcile(SUBMIT_ID).finding is Finding.NEVER_ARRIVED
        assert nts.reconcile(SUBMIT_ID).finding is Finding.UNKNOWN


def endless(_):
    def stream():
        while True:
            yield bytes(1 << 20)

    return httpx.Response(200, content=stream())


def test_a_reply_without_end_is_cut_off(monkeypatch):
    monkeypatch.setattr("dojang.nts.client.MAX_BYTES", 10 << 20)
    assert isinstance(submitted(endless).why, NoAnswer)


def test_a_reply_that_drips_is_given_up_after_the_time_set():
    seconds = iter(range(0, 10_000, 50))
    with NtsClient(
        settings(),
        operator().sign,
        clock=lambda: NOW,
        random=secrets.token_bytes,
        transport=httpx.MockTransport(endless),
        monotonic=lambda: float(next(seconds)),
    ) as nts:
        outcome = nts.submit(SUBMISSION)
    assert isinstance(outcome, OutcomeUnknown)
    assert "time-out" in str(outcome.why)


def test_a_compressed_reply_is_not_unpacked():
    def office(_):
        stream = httpx.ByteStream(gzip.compress(bytes(1000)))
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream)

    outcome = submitted(office)
    assert isinstance(outcome, OutcomeUnknown)
    assert "compressed" in str(outcome.why)


def archive_office(archive, signer=None, message=None):
    def office(request):
        got = wire.unpack(request.headers["Content-Type"], request.read())
        assert got.message == soap.RequestCert("9998100015", "41999999")
        reply = message or soap.RequestRecvCert("archive")
        http = wire.pack(reply, signer or identity("NTS"), archive if reply.reference_id else None)
        return httpx.Response(200, headers={"Content-Type": http.content_type}, content=http.body)

    return httpx.MockTransport(office)


KM = certificate("NTS km", key_encipherment=True, not_before=NOW - timedelta(days=1))


def test_the_certificates_are_fetched_and_the_offices_own_is_found():
    archive = certificates.write(
        [
            RegisteredCertificate("41000001", "a@b", data("package/km.cert.der")),
            RegisteredCertificate("40000000", "n@t", KM),
        ]
    )
    with client(archive_office(archive)) as nts:
        found = nts.certificates()
        assert [c.registration for c in found.certificates] == ["41000001", "40000000"]
        assert nts.km_certificate(found) == KM


@pytest.mark.parametrize(
    ("transport", "error"),
    [
        (archive_office(b"no zip"), ArchiveRefused),
        (archive_office(b"", operator()), UnknownSigner),
        (archive_office(b"", message=soap.ResultsRecvAck(header(), "x")), AnotherMessage),
        (httpx.MockTransport(answers(500, b"")), HttpRefused),
    ],
)
def test_certificates_that_the_office_did_not_sign_are_not_taken(transport, error):
    with client(transport) as nts, pytest.raises(error):
        nts.certificates()


def test_a_receipt_keeps_the_signed_document_as_proof():
    outcome = submitted(Office())
    assert response.read(outcome.signed.xml) == outcome.signed


def test_tls_is_checked_unless_it_is_switched_off():
    import ssl

    from dojang.nts.client import _tls

    checked = _tls(settings())
    assert checked.verify_mode is ssl.CERT_REQUIRED
    assert checked.check_hostname
    assert _tls(settings(verify_tls=False)) is False


def test_outcomes_show_no_content():
    shown = repr(submitted(Office()))
    assert "Signature" not in shown
    assert "x82" not in shown
