"""The operator's page: for staff alone, with what does not move and what to do about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from service_world import client_of, make_user
from transmission_world import connect, make_company, open_office, transmit

from dojang.service.transmission import conditions, nts_certificate, operating
from dojang.service.transmission.clockskew import ClockIsOff
from dojang.service.transmission.models import Condition, NtsCertificate, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def company(monkeypatch, tmp_path, sandbox):
    return make_company(connect(monkeypatch, tmp_path / "data", sandbox))


def _staff() -> Client:
    user = make_user()
    user.is_staff = True
    user.save()
    return client_of(user)


def test_others_find_nothing_there(company):
    assert client_of(make_user()).get("/operator/").status_code == 404
    assert Client().get("/operator/").status_code == 302


def test_it_shows_the_system_and_that_no_worker_runs(company):
    page = _staff().get("/operator/").content.decode()
    assert "41000000" in page
    assert "dojang worker" in page


def test_a_message_that_does_not_move_is_shown_with_its_calls_and_what_to_do(sandbox, company):
    sandbox.fault("lost_after", action="submit")
    company.issue()
    transmit(sandbox)
    [stuck] = operating.stuck(now=sandbox.clock() + timedelta(minutes=11))
    assert [call.outcome for call in stuck.calls] == ["unknown"]
    assert "SYS003" in stuck.ko
    Submission.objects.update(prepared_at=timezone.now() - timedelta(hours=1))
    page = _staff().get("/operator/").content.decode()
    assert stuck.submission.submit_id in page
    assert "nts_no_answer" in page


def test_what_should_have_gone_long_ago_is_counted(sandbox, company):
    company.issue(2)
    assert operating.overdue(now=sandbox.clock() + timedelta(minutes=35)) == 0
    assert operating.overdue(now=sandbox.clock() + timedelta(minutes=41)) == 2


def test_a_condition_keeps_since_when_it_is_so(company):
    first, later = timezone.now(), timezone.now() + timedelta(hours=1)
    error = ClockIsOff(seconds=90, which_ko="빠릅니다", which_en="ahead of")
    conditions.bad(conditions.CLOCK, error, at=first, value=90)
    conditions.bad(conditions.CLOCK, error, at=later, value=95)
    row = Condition.objects.get(name=conditions.CLOCK)
    assert (row.since, row.at, row.is_good) == (first, later, False)
    assert "90" in _staff().get("/operator/").content.decode()
    conditions.good(conditions.CLOCK, at=later)
    assert Condition.objects.get(name=conditions.CLOCK).since == later


def test_the_clock_is_compared_with_the_answers_of_the_nts(sandbox, company):
    company.issue()
    transmit(sandbox)
    assert Condition.objects.get(name=conditions.CLOCK).is_good
    sandbox.set(clock={"offset_seconds": 300, "frozen_at": None})
    company.issue(now=sandbox.clock())
    transmit(sandbox, at=sandbox.clock.later(minutes=31))
    row = Condition.objects.get(name=conditions.CLOCK)
    assert (row.is_good, round(row.value)) == (False, -300)


def test_the_certificate_of_the_nts_is_fetched_kept_once_and_used(sandbox, company):
    assert nts_certificate.refresh(clock=sandbox.clock)
    assert nts_certificate.refresh(clock=sandbox.clock)
    row = NtsCertificate.objects.get()
    assert bytes(row.der) == sandbox.running.sandbox.office.identities.km_certificate
    company.issue()
    transmit(sandbox)
    assert company.states() == ["accepted"]


def test_a_certificate_that_ends_soon_or_was_fetched_long_ago_is_asked_for_again(sandbox, company):
    nts_certificate.refresh_when_due(clock=sandbox.clock)
    fetched = NtsCertificate.objects.get().fetched_at
    nts_certificate.refresh_when_due(clock=sandbox.clock)
    assert NtsCertificate.objects.get().fetched_at == fetched
    sandbox.clock.later(days=31)
    nts_certificate.refresh_when_due(clock=sandbox.clock)
    assert NtsCertificate.objects.get().fetched_at == sandbox.clock()


@pytest.mark.parametrize("kind", ["lost_before", "garbage", "wrongly_signed", "http_500"])
def test_without_an_answer_the_one_at_hand_stays_and_the_operator_is_told(sandbox, company, kind):
    sandbox.fault(kind, action="certificates")
    assert not nts_certificate.refresh(clock=sandbox.clock)
    assert not Condition.objects.get(name=conditions.NTS_CERTIFICATE).is_good
    assert not NtsCertificate.objects.exists()
