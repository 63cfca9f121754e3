"""Results that the NTS tells by itself: believed by its signatures alone, applied once, acknowledged when stored."""

import os

import pytest
from django.test import Client
from django.utils import timezone
from transmission_world import LATER, connect, look, make_company, open_office, same_books, transmit

from dojang.nts import response, soap, wire
from dojang.nts.client import NtsClient
from dojang.nts.codes import FailReason
from dojang.nts.ids import new_message_id, new_result_id
from dojang.nts.response import ResponseKind
from dojang.nts.soap import NTS_PARTY
from dojang.sandbox import answers
from dojang.service.invoices.states import State
from dojang.service.transmission import carrying, outcomes, system
from dojang.service.transmission.models import Submission, SubmissionCall, SubmissionState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def company(monkeypatch, tmp_path, sandbox):
    return make_company(connect(monkeypatch, tmp_path / "data", sandbox))


@pytest.fixture
def received(sandbox, company, monkeypatch):
    """A submission that has arrived and was not asked for."""
    company.issue(2)
    with monkeypatch.context() as patched:
        patched.setattr(carrying, "_received_until", lambda _: None)
        transmit(sandbox)
    return Submission.objects.get()


def notice(
    sandbox, submit_id: str, *, signer=None, content=None, address: str = "http://127.0.0.1:1/nts/results"
):
    """What the sandbox posts to ReplyTo."""
    office = sandbox.running.sandbox.office
    now, keys = office.now(), office.identities
    chosen = signer or keys.signer
    submission = office.store.submission(submit_id)
    header = soap.Header(
        message_id=new_message_id(now, os.urandom(16)),
        to=address,
        sender=NTS_PARTY,
        receiver=system.connection(now=now).settings.party,
        sent_at=now,
    )
    message = soap.ResultsSubmit(
        header, new_result_id(now, os.urandom(16)), "11111111-1111-4111-8111-111111111111"
    )
    return wire.pack(message, chosen, response.write(content or answers.results(office, submission), chosen))


def post(message, client: Client | None = None):
    return (client or Client(enforce_csrf_checks=True)).post(
        "/nts/results", data=message.body, content_type=message.content_type
    )


def test_results_are_applied_and_acknowledged_with_our_signature(sandbox, company, received):
    assert company.states() == [State.SUBMITTED] * 2
    told = notice(sandbox, received.submit_id)
    answer = post(told)
    assert answer.status_code == 200
    acknowledged = wire.unpack(answer.headers["Content-Type"], answer.content)
    assert isinstance(acknowledged.message, soap.ResultsRecvAck)
    read = wire.unpack(told.content_type, told.body).message
    assert acknowledged.message.ref_result_id == read.result_id
    assert acknowledged.certificate == system.connection(now=LATER).settings.certificate
    assert company.states() == [State.ACCEPTED] * 2
    assert Submission.objects.get().state == SubmissionState.SETTLED
    same_books(sandbox, company)


def test_the_same_notice_twice_is_acknowledged_twice_and_applied_once(sandbox, company, received):
    told = notice(sandbox, received.submit_id)
    assert [post(told).status_code, post(told).status_code] == [200, 200]
    assert company.actions(company.rows()[0]).count("accept") == 1
    same_books(sandbox, company)


def test_a_notice_that_comes_after_asking_changes_nothing(sandbox, company):
    company.issue()
    transmit(sandbox)
    [submission] = Submission.objects.all()
    assert post(notice(sandbox, submission.submit_id)).status_code == 200
    assert company.actions(company.rows()[0]).count("accept") == 1


def test_a_notice_that_comes_before_the_receipt_is_written_down_settles_it(sandbox, company, monkeypatch):
    company.issue()
    send = NtsClient.submit

    def told_first(client, message):
        outcome = send(client, message)
        assert post(notice(sandbox, message.submit_id)).status_code == 200
        return outcome

    monkeypatch.setattr(NtsClient, "submit", told_first)
    transmit(sandbox)
    assert company.states() == [State.ACCEPTED]
    assert Submission.objects.get().state == SubmissionState.SETTLED
    same_books(sandbox, company)


def test_a_notice_ends_the_doubt_about_a_lost_answer(sandbox, company):
    sandbox.fault("lost_after", action="submit")
    company.issue()
    transmit(sandbox)
    assert company.states() == [State.UNKNOWN]
    [submission] = Submission.objects.all()
    assert post(notice(sandbox, submission.submit_id)).status_code == 200
    assert company.states() == [State.ACCEPTED]
    same_books(sandbox, company)


def test_a_notice_that_is_replayed_is_not_written_down_for_ever(sandbox, company, received, monkeypatch):
    """Whoever has seen one can send it again: while nothing is settled, each would leave a row."""
    monkeypatch.setattr(outcomes, "_MOST_CALLBACKS", 3)
    office = sandbox.running.sandbox.office
    refusal = answers.refusal(office, received.submit_id, ResponseKind.RESULTS, FailReason.SYN001, "-")
    told = notice(sandbox, received.submit_id, content=refusal)
    for _ in range(5):
        assert post(told).status_code == 200
    assert SubmissionCall.objects.filter(kind="callback").count() == 3
    # What is true is applied all the same.
    assert post(notice(sandbox, received.submit_id)).status_code == 200
    assert company.states() == [State.ACCEPTED] * 2


def test_a_notice_that_turns_all_of_it_down_is_asked_about_first(sandbox, company, received):
    office = sandbox.running.sandbox.office
    refusal = answers.refusal(office, received.submit_id, ResponseKind.RESULTS, FailReason.SYN001, "-")
    assert post(notice(sandbox, received.submit_id, content=refusal)).status_code == 200
    assert company.states() == [State.SUBMITTED] * 2
    sandbox.clock.now = max(sandbox.clock.now, timezone.now())  # the page's clock is the real one
    look(sandbox)
    assert company.states() == [State.ACCEPTED] * 2  # the NTS knew better when it was asked


def test_what_is_told_again_and_again_leaves_nothing_behind(sandbox, company, received):
    told = notice(sandbox, received.submit_id)
    for _ in range(4):
        assert post(told).status_code == 200
    assert SubmissionCall.objects.filter(kind="callback").count() == 1


def test_a_notice_signed_by_somebody_else_is_refused_and_nothing_is_stored(sandbox, company, received):
    stranger = sandbox.running.sandbox.office.identities.stranger
    assert post(notice(sandbox, received.submit_id, signer=stranger)).status_code == 400
    assert company.states() == [State.SUBMITTED] * 2
    assert not SubmissionCall.objects.filter(kind="callback").exists()


def test_a_notice_about_another_systems_submission_is_not_acknowledged(sandbox, company, received):
    told = notice(sandbox, received.submit_id)
    Submission.objects.filter(pk=received.pk).update(submit_id="somebody else's")
    assert post(told).status_code == 404


@pytest.mark.parametrize("body", [b" ", b"\x00\xff", b"<xml/>", b"--a\r\n" * 1000])
def test_bytes_without_sense_are_refused(sandbox, company, body):
    answer = Client().post("/nts/results", data=body, content_type="multipart/related; boundary=a")
    assert answer.status_code == 400


def test_a_body_too_large_is_not_read(sandbox, company):
    answer = Client().post("/nts/results", data=b"a" * ((1 << 20) + 1), content_type="text/xml")
    assert answer.status_code == 413


def test_a_body_of_unknown_length_is_not_read(sandbox, company):
    assert Client().post("/nts/results", data=b"", content_type="text/xml").status_code == 411


def test_only_post_is_answered(sandbox, company):
    assert Client().get("/nts/results").status_code == 405
