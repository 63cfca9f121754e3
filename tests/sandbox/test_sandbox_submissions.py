"""What happens to a submission as a whole, spoken to by the real client."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sandbox_world import BUYER, NOW, authority, invoice, issue_id, supplier, world

from dojang.npki.keys import from_private_key_info
from dojang.nts import cms, package, soap, wire
from dojang.nts.ids import new_message_id, new_submit_id
from dojang.nts.outcomes import Finding, OutcomeUnknown, Receipt, Refused
from dojang.nts.submission import Submission


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with world(tmp_path_factory.mktemp("submissions")) as running:
        yield running


def good():
    return supplier().packaged(invoice())


def refused(sandbox, submission):
    outcome = sandbox.submit(submission)
    assert isinstance(outcome, Refused), outcome
    assert "SANDBOX" in outcome.response.description
    return outcome.response.fail_reason


def built(sandbox, *packaged, submit_id=None, content=None, count=None, **changes):
    """A submission as `Submission.prepare` makes it, but for what is given."""
    settings, sign = sandbox.settings(**changes)
    message = soap.TaxInvoiceSubmit(
        header=soap.Header(
            new_message_id(NOW, bytes(16)), settings.submit_address, settings.party, soap.NTS_PARTY, NOW
        ),
        submit_id=submit_id
        or new_submit_id(
            "41000000",
            NOW.date(),
            hashlib.sha256(repr(packaged).encode() + issue_id().encode()).digest()[:16],
        ),
        total_count=len(packaged) if count is None else count,
        reference_id="payload",
    )
    if content is None:
        content = cms.envelope(package.encode(packaged), settings.nts_km_certificate)
    http = wire.pack(message, settings.signer(sign), content)
    return Submission(message.submit_id, message.header.message_id, message.total_count, http)


def test_a_receipt_says_that_it_arrived_and_names_the_sandbox(sandbox):
    outcome = sandbox.submit(sandbox.submission(good()))
    assert isinstance(outcome, Receipt)
    assert (outcome.response.kind, outcome.response.total) == ("01", 1)
    assert outcome.response.description.startswith("[모의 국세청 SANDBOX]")


def test_a_package_of_100_gets_100_verdicts(sandbox):
    packaged = [good() for _ in range(100)]
    submission = sandbox.submission(*packaged)
    assert isinstance(sandbox.submit(submission), Receipt)
    response = sandbox.results(submission.submit_id).response
    assert (response.total, response.success, response.fail, len(response.results)) == (100, 100, 0, 100)


def test_one_bad_invoice_fails_alone(sandbox):
    documents = [invoice(), invoice(purpose=None), invoice()]
    submission = sandbox.submission(*(supplier().packaged(document) for document in documents))
    sandbox.submit(submission)
    response = sandbox.results(submission.submit_id).response
    assert (response.success, response.fail) == (2, 1)
    assert response.result_of(documents[1].issue_id).codes == ("ERR008",)


def test_the_same_bytes_again_are_sys002_and_the_book_has_one(sandbox):
    document = invoice()
    submission = sandbox.submission(supplier().packaged(document))
    assert isinstance(sandbox.submit(submission), Receipt)
    again = sandbox.submit(submission)
    assert isinstance(again, Refused)
    assert again.arrived_before
    assert sandbox.filed(document.issue_id) == (True, 1)
    assert sandbox.reconcile(submission.submit_id).finding is Finding.ACCEPTED


def test_a_submission_that_never_arrived_is_sys003(sandbox):
    found = sandbox.reconcile(new_submit_id("41000000", NOW.date(), bytes(16)))
    assert found.finding is Finding.NEVER_ARRIVED


# SYS001: who sends


def other_system(sandbox):
    pair = authority().issue_server("다른 전송", usage="signature")
    key = from_private_key_info(pair.private_key_info, scheme="test")
    return {"certificate": pair.certificate.der, "sign": key.sign}


def test_an_unknown_registration_is_sys001(sandbox):
    submit_id = new_submit_id("42000001", NOW.date(), bytes(16))
    assert refused(sandbox, built(sandbox, good(), submit_id=submit_id)) == "SYS001"


def test_a_registration_signed_with_another_certificate_is_sys001(sandbox):
    submission = built(sandbox, good(), **other_system(sandbox))
    assert refused(sandbox, submission) == "SYS001"
    with sandbox.client(**other_system(sandbox)) as client:
        assert client.results(submission.submit_id).response.fail_reason == "SYS001"


def test_a_registration_under_another_business_number_is_sys001(sandbox):
    assert refused(sandbox, built(sandbox, good(), business_number=BUYER)) == "SYS001"


@pytest.mark.parametrize(
    "submit_id", ["41000000", "41000000-20261131-" + "0" * 32, "41000000-20261120-" + "G" * 32]
)
def test_a_submit_id_of_another_form_is_sys001_and_is_not_kept(sandbox, submit_id):
    assert refused(sandbox, built(sandbox, good(), submit_id=submit_id)) == "SYS001"
    assert sandbox.sandbox.office.store.submission(submit_id) is None


def test_another_systems_results_are_not_told(sandbox):
    submission = sandbox.submission(good())
    sandbox.submit(submission)
    with sandbox.client(**other_system(sandbox)) as client:
        assert client.results(submission.submit_id).response.fail_reason == "SYS001"


def test_a_registered_system_of_ones_own_may_submit(sandbox):
    import base64

    mine = other_system(sandbox)
    system = {
        "registration": "42000777",
        "business_number": BUYER,
        "name": "자체 전송",
        "certificate": base64.b64encode(mine["certificate"]).decode(),
    }
    sandbox.control("POST", "systems", system)
    document = invoice(issue_id=issue_id(registration="42000777"))
    submit_id = new_submit_id("42000777", NOW.date(), bytes(16))
    me = mine | {"business_number": BUYER, "registration": "42000777"}
    outcome = sandbox.submit(built(sandbox, supplier().packaged(document), submit_id=submit_id, **me))
    assert isinstance(outcome, Receipt)
    with sandbox.client(**me) as client:
        assert client.results(submit_id).response.result_of(document.issue_id).accepted


def test_only_customs_files_imports(sandbox):
    import base64

    mine = other_system(sandbox)
    system = {
        "registration": "10000001",
        "business_number": BUYER,
        "name": "모의 관세청",
        "certificate": base64.b64encode(mine["certificate"]).decode(),
        "customs": True,
    }
    sandbox.control("POST", "systems", system)
    document = invoice(document_type="0104", issue_id=issue_id(registration="10000001"))
    submit_id = new_submit_id("10000001", NOW.date(), bytes(16))
    me = mine | {"business_number": BUYER, "registration": "10000001"}
    sandbox.submit(built(sandbox, supplier().packaged(document), submit_id=submit_id, **me))
    with sandbox.client(**me) as client:
        assert client.results(submit_id).response.result_of(document.issue_id).accepted


# SYN001: the package


def encrypted(sandbox, content, certificate=None):
    return cms.envelope(content, certificate or sandbox.settings()[0].nts_km_certificate)


def test_a_package_that_cannot_be_opened_is_syn001_and_its_submit_id_stays_used(sandbox):
    other = authority().issue_server("다른 국세청", usage="encryption").certificate.der
    submission = built(sandbox, good(), content=encrypted(sandbox, package.encode([good()]), other))
    assert refused(sandbox, submission) == "SYN001"
    assert sandbox.reconcile(submission.submit_id).finding is Finding.REFUSED
    assert refused(sandbox, submission) == "SYS002"


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x30\x80" * 1000])
def test_what_is_no_encrypted_package_is_syn001(sandbox, content):
    assert refused(sandbox, built(sandbox, good(), content=content)) == "SYN001"


def test_what_is_not_encrypted_to_our_key_at_all_is_a_value_error_for_the_decryption(sandbox):
    with pytest.raises(ValueError, match="not encrypted to this key"):
        sandbox.sandbox.office.identities.decrypt(b"short")


def test_what_is_encrypted_but_no_package_is_syn001(sandbox):
    assert refused(sandbox, built(sandbox, good(), content=encrypted(sandbox, b"hello"))) == "SYN001"


@pytest.mark.parametrize("count", [0, 2, 101, 999999999])
def test_another_count_than_the_message_says_is_syn001(sandbox, count):
    assert refused(sandbox, built(sandbox, good(), count=count)) == "SYN001"


def test_a_hundred_and_one_invoices_are_syn001(sandbox, monkeypatch):
    monkeypatch.setattr("dojang.nts.package.MAX_INVOICES", 101)
    content = encrypted(sandbox, package.encode([good()] * 101))
    monkeypatch.undo()
    assert refused(sandbox, built(sandbox, content=content, count=101)) == "SYN001"


@pytest.mark.parametrize("readable", [True, False])
def test_the_same_submission_in_the_middle_of_itself_is_written_down_once(sandbox, monkeypatch, readable):
    submission = built(sandbox, good()) if readable else built(sandbox, good(), content=b"garbage")
    sandbox.submit(submission)
    kept = sandbox.sandbox.office.store.submission(submission.submit_id)
    with monkeypatch.context() as patch:
        # As two threads see it that both looked before either wrote.
        patch.setattr(sandbox.sandbox.office.store, "submission", lambda _: None)
        assert refused(sandbox, submission) == ("SYS002" if readable else "SYN001")
    assert sandbox.sandbox.office.store.submission(submission.submit_id) == kept


# The certificate request


def test_the_archive_has_the_certificate_to_encrypt_to(sandbox):
    with sandbox.client() as client:
        archive = client.certificates()
        assert client.km_certificate(archive) == sandbox.settings()[0].nts_km_certificate
    assert "41000000" in {registered.registration for registered in archive.certificates}


def test_nobody_unknown_gets_the_archive(sandbox):
    from dojang.nts.errors import SoapFault

    for changes in ({"registration": "42999999"}, {"business_number": BUYER}, other_system(sandbox)):
        with sandbox.client(**changes) as client, pytest.raises(SoapFault, match="SYS001"):
            client.certificates()


# Delay, threads, addresses


def test_until_its_verdicts_are_due_a_submission_is_being_processed(sandbox):
    sandbox.control("PATCH", "settings", {"delays": {"judging_seconds": 60}})
    try:
        document = invoice()
        submission = sandbox.submission(supplier().packaged(document))
        assert isinstance(sandbox.submit(submission), Receipt)
        assert sandbox.reconcile(submission.submit_id).finding is Finding.STILL_WORKING
        assert sandbox.filed(document.issue_id) == (False, 1)
        sandbox.clock.forward(seconds=60)
        assert sandbox.reconcile(submission.submit_id).finding is Finding.ACCEPTED
        assert sandbox.filed(document.issue_id) == (True, 1)
        assert sandbox.sandbox.office.store.package(submission.submit_id) is None, (
            "R is gone with the package"
        )
    finally:
        sandbox.control("PATCH", "settings", {"delays": {}})


def test_a_document_that_cannot_be_read_waits_for_its_verdict_too(sandbox):
    from dojang.nts.package import PackagedInvoice

    sandbox.control("PATCH", "settings", {"delays": {"judging_seconds": 60}})
    try:
        submission = sandbox.submission(PackagedInvoice(b"hello", bytes(20)))
        sandbox.submit(submission)
        [document] = sandbox.sandbox.office.store.documents(submission.submit_id)
        assert (document.issue_id, document.codes) == ("0" * 24, ())
        sandbox.clock.forward(seconds=60)
        assert sandbox.results(submission.submit_id).response.results[0].codes == ("SYN004",)
    finally:
        sandbox.control("PATCH", "settings", {"delays": {}})


def test_eight_threads_submit_at_once(sandbox):
    documents = [invoice() for _ in range(24)]
    submissions = [sandbox.submission(supplier().packaged(document)) for document in documents]
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(sandbox.submit, submissions))
    assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    assert all(sandbox.filed(document.issue_id) == (True, 1) for document in documents)


def test_of_one_submission_sent_eight_times_at_once_one_gets_the_receipt(sandbox):
    document = invoice()
    submission = sandbox.submission(supplier().packaged(document))
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(sandbox.submit, [submission] * 8))
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Refused) and outcome.arrived_before for outcome in outcomes) == 7
    assert sandbox.filed(document.issue_id) == (True, 1)


def test_one_invoice_in_eight_submissions_at_once_is_filed_once(sandbox):
    document = invoice()
    submissions = [sandbox.submission(supplier().packaged(document)) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(sandbox.submit, submissions))
    verdicts = [sandbox.results(one.submit_id).response.results[0].codes for one in submissions]
    assert sorted(verdicts) == [("SUC001",), *[("SYN003",)] * 7]


def test_a_message_at_the_wrong_address_is_a_fault_that_says_so(sandbox):
    addresses = sandbox.settings()[0]
    swapped = {
        "submit_address": addresses.results_address,
        "results_address": addresses.certificates_address,
        "certificates_address": addresses.submit_address,
    }
    with sandbox.client(**swapped) as client:
        outcome = client.submit(sandbox.submission(good()))
        assert isinstance(outcome, OutcomeUnknown)
        assert "TaxInvoiceSubmit" in outcome.why.text("en")
        assert "ResultsReqSubmit" in client.results("41000000-20261120-" + "0" * 32).why.text("en")
        from dojang.nts.errors import SoapFault

        with pytest.raises(SoapFault, match="RequestCert"):
            client.certificates()


def test_a_message_changed_on_its_way_is_a_fault_and_nothing_is_done(sandbox):
    document = invoice()
    submission = sandbox.submission(supplier().packaged(document))
    http = submission.http
    changed = replace(http, body=http.body.replace(b">1</kec:TotalCount>", b">2</kec:TotalCount>"))
    outcome = sandbox.submit(replace(submission, http=changed))
    assert isinstance(outcome, OutcomeUnknown)
    assert "wsse:FailedCheck" in outcome.why.text("en")
    assert sandbox.filed(document.issue_id) == (False, 0)
