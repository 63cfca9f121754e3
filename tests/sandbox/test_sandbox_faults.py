"""Each fault, what the client makes of it, and that nothing is filed twice and nothing lost."""

import pytest
from sandbox_world import authority, invoice, supplier, world

from dojang.nts.errors import HttpRefused, MessageSignatureRefused, NoAnswer, NtsError, UnknownSigner
from dojang.nts.outcomes import Finding, OutcomeUnknown, Receipt, Refused
from dojang.nts.reconciliation import Answer, Reconciliation


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with world(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_fault_is_left(sandbox):
    yield
    assert sandbox.control("DELETE", "faults")["removed"] == 0


@pytest.fixture
def document():
    return invoice()


@pytest.fixture
def submission(sandbox, document):
    return sandbox.submission(supplier().packaged(document))


PROCESSED = {
    "lost_after": NoAnswer,
    "http_500_after": HttpRefused,
    "garbage": NtsError,
    "wrongly_signed": UnknownSigner,
}


@pytest.mark.parametrize("kind", PROCESSED)
def test_an_answer_that_was_lost_leaves_the_outcome_unknown_and_the_invoice_filed_once(
    sandbox, document, submission, kind
):
    sandbox.fault(kind, action="submit")
    outcome = sandbox.submit(submission)
    assert isinstance(outcome, OutcomeUnknown), outcome
    assert isinstance(outcome.why, PROCESSED[kind])
    # What the client may do next: ask, and it is there.
    assert sandbox.reconcile(submission.submit_id).finding is Finding.ACCEPTED
    # Even if it sent again before asking, nothing would be filed twice.
    again = sandbox.submit(submission)
    assert isinstance(again, Refused)
    assert again.arrived_before
    assert sandbox.filed(document.issue_id) == (True, 1)


@pytest.mark.parametrize(("kind", "error"), [("lost_before", NoAnswer), ("http_500", HttpRefused)])
def test_a_request_that_was_lost_is_sent_again_by_the_rule_and_filed_once(
    sandbox, document, submission, kind, error
):
    sandbox.fault(kind, action="submit")
    outcome = sandbox.submit(submission)
    assert isinstance(outcome, OutcomeUnknown)
    assert isinstance(outcome.why, error)
    assert sandbox.filed(document.issue_id) == (False, 0)

    story = Reconciliation(sandbox.clock())
    for _ in range(2):
        assert not story.may_resend(sandbox.clock())
        found = sandbox.reconcile(submission.submit_id)
        assert found.finding is Finding.NEVER_ARRIVED
        story = story.heard(Answer.of(found))
        sandbox.clock.forward(minutes=10)
    assert story.may_resend(sandbox.clock())

    assert isinstance(sandbox.submit(submission), Receipt)
    assert sandbox.filed(document.issue_id) == (True, 1)


def test_a_reply_slower_than_the_clients_patience_is_unknown_and_filed_once(sandbox, document, submission):
    sandbox.fault("slow", action="submit", seconds=0.5)
    with sandbox.client(read_timeout=0.1) as client:
        outcome = client.submit(submission)
    assert isinstance(outcome, OutcomeUnknown)
    assert isinstance(outcome.why, NoAnswer)
    assert sandbox.reconcile(submission.submit_id).finding is Finding.ACCEPTED
    assert sandbox.filed(document.issue_id) == (True, 1)


def test_a_slow_reply_within_the_clients_patience_is_a_receipt(sandbox, submission):
    sandbox.fault("slow", action="submit", seconds=0.1)
    assert isinstance(sandbox.submit(submission), Receipt)


def test_every_reply_can_be_delayed(sandbox, submission):
    sandbox.control("PATCH", "settings", {"delays": {"reply_seconds": 0.4}})
    try:
        with sandbox.client(read_timeout=0.1) as client:
            assert isinstance(client.submit(submission), OutcomeUnknown)
    finally:
        sandbox.control("PATCH", "settings", {"delays": {}})
    while sandbox.reconcile(submission.submit_id).finding is Finding.NEVER_ARRIVED:
        pass


@pytest.mark.parametrize("kind", ["lost_before", "lost_after", "http_500", "garbage", "wrongly_signed"])
def test_a_question_whose_answer_is_lost_says_nothing_and_may_be_asked_again(sandbox, submission, kind):
    sandbox.submit(submission)
    sandbox.fault(kind, action="results")
    assert sandbox.reconcile(submission.submit_id).finding is Finding.UNKNOWN
    assert sandbox.reconcile(submission.submit_id).finding is Finding.ACCEPTED


def test_a_request_for_certificates_fails_and_may_be_repeated(sandbox):
    sandbox.fault("garbage", action="certificates")
    with sandbox.client() as client:
        with pytest.raises((NtsError, MessageSignatureRefused)):
            client.certificates()
        assert client.certificates().certificates


# Which requests a fault fits


def test_a_fault_fits_as_often_as_it_says(sandbox, submission):
    sandbox.submit(submission)
    sandbox.fault("lost_after", action="results", times=3)
    found = [sandbox.reconcile(submission.submit_id).finding for _ in range(4)]
    assert found == [*[Finding.UNKNOWN] * 3, Finding.ACCEPTED]


def test_a_permanent_fault_stays_until_it_is_taken_away(sandbox, submission):
    sandbox.submit(submission)
    number = sandbox.fault("http_500", times=None)
    assert [sandbox.reconcile(submission.submit_id).finding for _ in range(3)] == [Finding.UNKNOWN] * 3
    assert sandbox.control("DELETE", f"faults/{number}") == {"removed": 1}
    assert sandbox.reconcile(submission.submit_id).finding is Finding.ACCEPTED


def test_a_fault_of_one_submission_leaves_others_alone(sandbox, document, submission):
    other = sandbox.submission(supplier().packaged(invoice()))
    sandbox.fault("lost_after", submit_id=submission.submit_id)
    assert isinstance(sandbox.submit(other), Receipt)
    assert isinstance(sandbox.submit(submission), OutcomeUnknown)


def test_a_fault_of_one_invoice_fits_the_package_that_holds_it(sandbox, document, submission):
    other = sandbox.submission(supplier().packaged(invoice()))
    sandbox.fault("lost_after", issue_id=document.issue_id, times=2)
    assert isinstance(sandbox.submit(other), Receipt)
    assert isinstance(sandbox.submit(submission), OutcomeUnknown)
    assert sandbox.reconcile(submission.submit_id).finding is Finding.UNKNOWN
    assert sandbox.reconcile(submission.submit_id).finding is Finding.ACCEPTED


def test_a_fault_of_one_invoice_does_not_fit_what_cannot_be_opened(sandbox, document):
    km = authority().issue_server("다른 국세청", usage="encryption").certificate.der
    unreadable = sandbox.submission(supplier().packaged(document), nts_km_certificate=km)
    sandbox.fault("lost_after", issue_id=document.issue_id)
    assert isinstance(sandbox.submit(unreadable), Refused)
    assert sandbox.control("DELETE", "faults") == {"removed": 1}


# A given code for a given invoice


def test_a_forced_code_is_the_verdict_on_that_invoice_and_it_is_not_filed(sandbox, document):
    other = invoice()
    sandbox.fault("code", issue_id=document.issue_id, codes=["ERR999", "ERR004"])
    codes = sandbox.codes(*(supplier().packaged(one) for one in (document, other)))
    assert codes == {document.issue_id: ("ERR999", "ERR004"), other.issue_id: ("SUC001",)}
    assert sandbox.filed(document.issue_id) == (False, 1)
    assert sandbox.verdict(document) == ("SUC001",), "it may be sent again"


def test_a_code_that_no_list_knows_reaches_the_client_as_it_is(sandbox, document):
    sandbox.fault("code", codes=["TIM009"])
    assert sandbox.verdict(document) == ("TIM009",)


def test_faults_of_codes_and_callbacks_do_not_touch_requests(sandbox, submission):
    number = sandbox.fault("duplicate_callback")
    assert isinstance(sandbox.submit(submission), Receipt)
    assert sandbox.control("DELETE", f"faults/{number}") == {"removed": 1}
