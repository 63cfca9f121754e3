"""Whatever goes wrong on the wire: nothing is lost, nothing is filed twice, and both books say the same."""

from datetime import timedelta

import pytest
from transmission_world import (
    connect,
    look,
    make_company,
    open_office,
    same_books,
    transmit,
)

from dojang.npki.testca import TestCA
from dojang.nts.client import NtsClient
from dojang.nts.codes import FailReason
from dojang.nts.errors import NotReached
from dojang.nts.outcomes import NotSent
from dojang.nts.reconciliation import APART
from dojang.nts.submission import Submission as Message
from dojang.sandbox import submitting
from dojang.sandbox.faults import BEFORE, OF_EXCHANGES, FaultKind
from dojang.service.certificates.models import SealedRandom
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import carrying, claiming, outcomes, system
from dojang.service.transmission.models import (
    Condition,
    HeldInvoice,
    Submission,
    SubmissionCall,
    SubmissionState,
)

pytestmark = pytest.mark.django_db

_ON_THE_WIRE = sorted(OF_EXCHANGES - {FaultKind.HTTP_429, FaultKind.SLOW})
_UNDONE = sorted(BEFORE - {FaultKind.HTTP_429})


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def authority(monkeypatch, tmp_path, sandbox):
    return connect(monkeypatch, tmp_path / "data", sandbox)


@pytest.fixture
def company(authority):
    return make_company(authority)


def _go_on(sandbox, company, *, minutes: int = 60) -> None:
    """What the worker does each minute, until nothing is open."""
    for _ in range(minutes):
        look(sandbox)
        transmit(sandbox)
        if not set(company.states()) & {State.ISSUED, State.SUBMITTED, State.UNKNOWN}:
            return
        sandbox.clock.later(minutes=1)
    raise AssertionError(company.states())


@pytest.mark.parametrize("kind", _ON_THE_WIRE)
def test_a_fault_of_sending_makes_the_outcome_unknown_and_then_each_is_filed_once(sandbox, company, kind):
    sandbox.fault(kind, action="submit")
    [one, _] = company.issue(2)
    transmit(sandbox)
    assert company.states() == [State.UNKNOWN] * 2
    _go_on(sandbox, company)
    assert company.states() == [State.ACCEPTED] * 2
    assert sandbox.arrivals(one.issue_id) == 1
    assert "lose_answer" in company.actions(one)
    same_books(sandbox, company)


@pytest.mark.parametrize("kind", _ON_THE_WIRE)
def test_a_fault_of_asking_changes_nothing_and_the_next_question_is_answered(sandbox, company, kind):
    sandbox.fault(kind, action="results", times=4)
    company.issue(2)
    transmit(sandbox)
    _go_on(sandbox, company)
    assert company.states() == [State.ACCEPTED] * 2
    same_books(sandbox, company)


@pytest.mark.parametrize("kind", _ON_THE_WIRE)
def test_faults_of_everything_at_once_for_a_while(sandbox, company, kind):
    sandbox.fault(kind, times=6)
    company.issue(2)
    transmit(sandbox)
    _go_on(sandbox, company, minutes=200)
    assert company.states() == [State.ACCEPTED] * 2
    same_books(sandbox, company)


def test_a_slow_answer_is_waited_for(sandbox, company):
    sandbox.fault("slow", action="submit", seconds=0.3)
    company.issue()
    transmit(sandbox)
    assert company.states() == [State.ACCEPTED]
    same_books(sandbox, company)


@pytest.mark.parametrize("kind", _UNDONE)
def test_the_same_bytes_go_again_only_after_never_arrived_twice_ten_minutes_apart(sandbox, company, kind):
    sandbox.fault(kind, action="submit")
    company.issue()
    transmit(sandbox)
    [before] = Submission.objects.all()
    look(sandbox)  # SYS003 for the first time
    for _ in range(9):
        sandbox.clock.later(minutes=1)
        look(sandbox)
        assert SubmissionCall.objects.filter(kind="submit").count() == 1
        assert sandbox.store.submission_count() == 0
    sandbox.clock.later(minutes=1)
    look(sandbox)  # for the second time
    look(sandbox)
    [after] = Submission.objects.all()
    assert (after.submit_id, sandbox.store.submission_count()) == (before.submit_id, 1)
    asked = list(SubmissionCall.objects.filter(outcome="never_arrived").values_list("at", flat=True))
    assert asked[-1] - asked[0] >= APART
    _go_on(sandbox, company)
    same_books(sandbox, company)


def test_a_first_sending_that_was_only_late_makes_sys002_and_never_a_double(sandbox, company):
    sandbox.fault("lost_before", action="submit")
    [invoice] = company.issue()
    transmit(sandbox)
    [row] = Submission.objects.all()
    late = bytes(row.message)
    look(sandbox)
    sandbox.clock.later(minutes=11)
    look(sandbox)
    # The original arrives after all, just before the same bytes go again.
    with system.connection(now=sandbox.clock()).client(clock=sandbox.clock) as client:
        client.submit(Message.from_bytes(late))
    look(sandbox)
    assert SubmissionCall.objects.filter(outcome="arrived_before").count() == 1
    _go_on(sandbox, company)
    assert company.states() == [State.ACCEPTED]
    assert sandbox.arrivals(invoice.issue_id) == 1
    same_books(sandbox, company)


@pytest.fixture
def no_connection(monkeypatch):
    """Nobody is reached until `.undo()`."""
    with monkeypatch.context() as patched:
        patched.setattr(
            NtsClient, "submit", lambda _, message: NotSent(message.submit_id, NotReached(address="-"))
        )
        yield patched


def test_what_was_certainly_not_sent_is_kept_and_goes_out_as_it_was(sandbox, company, no_connection):
    [invoice] = company.issue()
    transmit(sandbox)
    [before] = Submission.objects.all()
    assert (before.state, before.sent_at) == (SubmissionState.PREPARED, None)
    assert company.states() == [State.SUBMITTED]
    look(sandbox)  # not yet
    assert SubmissionCall.objects.count() == 1
    no_connection.undo()
    sandbox.clock.later(seconds=10)
    look(sandbox)
    _go_on(sandbox, company)
    [after] = Submission.objects.all()
    assert after.submit_id == before.submit_id
    assert company.states() == [State.ACCEPTED]
    assert company.row(invoice).sent_at == after.sent_at
    same_books(sandbox, company)


def test_while_one_message_cannot_be_delivered_no_other_is_made(sandbox, company, no_connection):
    company.issue()
    transmit(sandbox)
    [later] = company.issue(now=sandbox.clock())
    transmit(sandbox, at=sandbox.clock.later(minutes=31))
    assert company.row(later).state == State.ISSUED  # its owner can still cancel it
    no_connection.undo()
    _go_on(sandbox, company)
    assert company.states() == [State.ACCEPTED] * 2


def test_pauses_grow_while_nobody_is_reached_and_then_stay_at_five_minutes(sandbox, company, no_connection):
    company.issue()
    transmit(sandbox)
    pauses = []
    for _ in range(9):
        [row] = Submission.objects.all()
        pauses.append(row.next_look_at - sandbox.clock())
        sandbox.clock.now = row.next_look_at
        look(sandbox)
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=5)


def test_a_message_turned_down_whole_gives_its_invoices_back_and_they_go_in_another(
    sandbox, company, monkeypatch
):
    [invoice] = company.issue()
    with monkeypatch.context() as patched:
        patched.setattr(system, "newest_nts_certificate", lambda *, now: _km_of_nobody(now))
        transmit(sandbox)
    [refused] = Submission.objects.all()
    assert (refused.state, refused.message) == (SubmissionState.REFUSED, None)
    assert company.states() == [State.ISSUED]
    transmit(sandbox)
    assert Submission.objects.count() == 1  # not at once
    sandbox.clock.later(seconds=31)
    transmit(sandbox)
    assert company.states() == [State.ACCEPTED]
    assert "not_sent" in company.actions(invoice)
    same_books(sandbox, company)


def _turned_down(monkeypatch, code: str):
    """From now on the NTS turns every submission down for a reason."""

    def known_system(*_):
        raise submitting.TurnedDown(code, "-")

    monkeypatch.setattr(submitting, "known_system", known_system)


def test_where_the_registration_is_wrong_invoices_wait_and_the_pauses_grow(sandbox, company, monkeypatch):
    [invoice] = company.issue()
    with monkeypatch.context() as patched:
        _turned_down(patched, FailReason.SYS001)
        for minutes in (31, 1, 6, 16):
            transmit(sandbox, at=sandbox.clock.later(minutes=minutes))
            assert company.states() == [State.ISSUED]
        assert Submission.objects.filter(state=SubmissionState.REFUSED).count() == 4
        transmit(sandbox, at=sandbox.clock.later(minutes=16))
        assert Submission.objects.count() == 4  # an hour by now
    transmit(sandbox, at=sandbox.clock.later(minutes=60))
    assert company.states() == [State.ACCEPTED]
    assert company.actions(invoice).count("not_sent") == 4
    same_books(sandbox, company)


@pytest.mark.parametrize("code", [FailReason.SYS003, "SYS999"])
def test_a_reason_that_makes_no_sense_for_a_submission_proves_nothing(sandbox, company, monkeypatch, code):
    company.issue()
    with monkeypatch.context() as patched:
        _turned_down(patched, code)
        transmit(sandbox)
    assert company.states() == [State.UNKNOWN]
    _go_on(sandbox, company)
    assert company.states() == [State.ACCEPTED]
    same_books(sandbox, company)


def test_turned_down_at_the_door_says_nothing_of_the_same_message_sent_before(sandbox, company, monkeypatch):
    sandbox.fault("lost_before", action="submit")
    company.issue()
    transmit(sandbox)
    look(sandbox)
    sandbox.clock.later(minutes=11)
    look(sandbox)
    with monkeypatch.context() as patched:
        _turned_down(patched, FailReason.SYS001)
        look(sandbox)  # goes again, and is turned down
    assert company.states() == [State.UNKNOWN]
    _go_on(sandbox, company)
    assert company.states() == [State.ACCEPTED]
    assert Submission.objects.count() == 1
    same_books(sandbox, company)


def _km_of_nobody(now) -> bytes:
    """A certificate for encryption whose key the NTS does not have (any more)."""
    return TestCA.create(now).issue_server("모의국세청", usage="encryption").certificate.der


def test_rejected_ones_do_not_hold_up_the_others_of_their_package(sandbox, company):
    _, two, _ = company.issue(3)
    sandbox.fault("code", issue_id=two.issue_id, codes=["ERR002", "ERR999"])
    transmit(sandbox)
    assert company.states() == [State.ACCEPTED, State.REJECTED, State.ACCEPTED]
    assert company.row(two).result_code == "ERR002"
    assert company.actions(two)[-1] == "reject"
    same_books(sandbox, company)


def test_a_code_that_the_standard_does_not_know_is_kept_as_it_is(sandbox, company):
    [invoice] = company.issue()
    sandbox.fault("code", issue_id=invoice.issue_id, codes=["XYZ123"])
    transmit(sandbox)
    row = company.row(invoice)
    assert (row.state, row.result_code) == (State.REJECTED, "XYZ123")


def test_verdicts_that_take_long_are_waited_for(sandbox, company):
    sandbox.set(delays={"judging_seconds": 3600.0, "reply_seconds": 0.0})
    company.issue()
    transmit(sandbox)
    for _ in range(5):
        sandbox.clock.later(minutes=1)
        look(sandbox)
    assert company.states() == [State.SUBMITTED]
    assert Submission.objects.get().state == SubmissionState.RECEIVED


def test_one_that_cannot_be_packed_is_told_and_holds_up_no_other(sandbox, company):
    [broken] = company.issue()
    with in_workspace(company.workspace.pk):
        SealedRandom.objects.filter(erased_at=None).update(sealed=b"damaged")
    [good] = company.issue()
    transmit(sandbox)
    assert (company.row(broken).state, company.row(good).state) == (State.ISSUED, State.ACCEPTED)
    held = HeldInvoice.objects.get()
    assert (held.issue_id, held.code) == (broken.issue_id, "sealed_random_unreadable")


def test_without_the_certificate_of_the_nts_nothing_is_touched_and_the_operator_is_told(
    sandbox, company, monkeypatch
):
    company.issue()
    monkeypatch.setattr(system, "newest_nts_certificate", lambda *, now: b"no certificate")
    transmit(sandbox)
    assert company.states() == [State.ISSUED]
    assert not Submission.objects.exists()
    assert not Condition.objects.get(name="preparing").is_good


# Killed: what is committed at each step, and nothing after it.


def test_killed_before_the_commit_nothing_has_happened(sandbox, company, monkeypatch):
    company.issue(2)
    with monkeypatch.context() as patched:
        patched.setattr(claiming, "_store", _die)
        with pytest.raises(Killed):
            transmit(sandbox)
    assert company.states() == [State.ISSUED] * 2
    _go_on(sandbox, company)
    same_books(sandbox, company)


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (carrying, "send"),  # stored, not sent
        (NtsClient, "submit"),  # said that it is being sent, not sent
        (outcomes, "sent"),  # sent, not written down
        (carrying, "look"),  # received, not asked
        (outcomes, "asked"),  # judged, not written down
        (outcomes, "_apply"),  # in the middle of writing it down
    ],
)
def test_killed_at_a_step_the_next_worker_goes_on_from_it(sandbox, company, monkeypatch, where, name):
    invoices = company.issue(2)
    with monkeypatch.context() as patched:
        patched.setattr(where, name, _die)
        with pytest.raises(Killed):
            transmit(sandbox)
    _go_on(sandbox, company)
    assert company.states() == [State.ACCEPTED] * 2
    assert [sandbox.arrivals(one.issue_id) for one in invoices] == [1, 1]
    same_books(sandbox, company)


class Killed(BaseException):
    """The process ends here."""


def _die(*_, **__):
    raise Killed
