from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nts_office import NOW, document, identity

from dojang.nts import response
from dojang.nts.errors import NoAnswer, NotReached
from dojang.nts.outcomes import Finding, NotSent, OutcomeUnknown, Reconciled, Refused, Results, finding_of
from dojang.nts.reconciliation import APART, Answer, Reconciliation, may_resend
from dojang.nts.response import InvoiceResult

SUBMIT_ID = "41999999-20261122-" + "0" * 32
MISSING, UNKNOWN = Finding.NEVER_ARRIVED, Finding.UNKNOWN


def minutes(count):
    return NOW + timedelta(minutes=count)


def asked(*answers):
    return [Answer(finding, minutes(at)) for finding, at in answers]


@pytest.mark.parametrize(
    ("history", "allowed"),
    [
        ([], False),
        ([(MISSING, 1)], False),
        ([(MISSING, 1), (MISSING, 10.99)], False),
        ([(MISSING, 1), (MISSING, 11)], True),
        ([(MISSING, 1), (UNKNOWN, 5), (MISSING, 11), (UNKNOWN, 12)], True),
        ([(MISSING, 0), (MISSING, 10)], True),
        ([(MISSING, -1), (MISSING, 10)], False),
        ([(MISSING, 1), (MISSING, 21)], False),
        ([(UNKNOWN, 1), (UNKNOWN, 11)], False),
        ([(MISSING, 1), (MISSING, 11), (Finding.STILL_WORKING, 12)], False),
        ([(Finding.ACCEPTED, -5), (MISSING, 1), (MISSING, 11)], False),
        ([(Finding.REFUSED, 1), (MISSING, 2), (MISSING, 13)], False),
    ],
)
def test_only_two_times_sys003_ten_minutes_apart_since_the_sending_allow_another(history, allowed):
    for order in permutations(asked(*history)):
        assert may_resend(order, minutes(20), sent_at=NOW) is allowed


def test_after_another_sending_the_questions_begin_anew():
    record = Reconciliation(NOW)
    for answer in asked((MISSING, 1), (MISSING, 11)):
        assert not record.may_resend(minutes(30))
        record = record.heard(answer)
    assert record.may_resend(minutes(11))
    record = record.resent(minutes(12))
    assert not record.may_resend(minutes(60))
    assert record.heard(*asked((MISSING, 13))).heard(*asked((MISSING, 23))).may_resend(minutes(23))


def test_an_arrival_said_once_is_never_forgotten():
    record = Reconciliation(NOW).heard(*asked((Finding.STILL_WORKING, 1))).resent(minutes(2))
    for at in (3, 30, 300):
        record = record.heard(*asked((MISSING, at)))
    assert record.arrived
    assert not record.settled
    assert not record.may_resend(minutes(301))
    assert record.heard(*asked((Finding.ACCEPTED, 302))).settled


def test_the_next_question_is_due_at_once_and_then_ten_minutes_after_the_first_sys003():
    record = Reconciliation(NOW)
    assert record.ask_from() == NOW
    assert record.heard(*asked((UNKNOWN, 1))).ask_from() == NOW
    assert record.heard(*asked((MISSING, 1))).heard(*asked((MISSING, 5))).ask_from() == minutes(11)


@given(st.lists(st.tuples(st.sampled_from(list(Finding)), st.integers(-30, 60))), st.integers(-30, 60))
def test_whatever_was_heard_sending_again_needs_two_answers_that_far_apart(history, now):
    if may_resend(asked(*history), minutes(now), sent_at=NOW):
        times = [at for finding, at in history if finding is MISSING and 0 <= at <= now]
        assert timedelta(minutes=max(times) - min(times)) >= APART
        assert {finding for finding, _ in history} <= {MISSING, UNKNOWN}


def outcome(kind, **changes):
    xml = response.write(document(SUBMIT_ID, **changes), identity("NTS"))
    return kind(SUBMIT_ID, response.read(xml))


VERDICTS = (InvoiceResult("x", ("ERR001",)),)


@pytest.mark.parametrize(
    ("kind", "changes", "finding"),
    [
        (Results, {"process_status": "01", "results": VERDICTS}, Finding.ACCEPTED),
        (Results, {"results": VERDICTS}, Finding.ACCEPTED),
        (Results, {"process_status": "02", "results": VERDICTS}, Finding.STILL_WORKING),
        (Results, {"process_status": "02"}, Finding.STILL_WORKING),
        (Results, {"process_status": "01"}, Finding.STILL_WORKING),
        (Refused, {"fail_reason": "SYS003"}, Finding.NEVER_ARRIVED),
        (Refused, {"fail_reason": "SYN001"}, Finding.REFUSED),
        (Refused, {"fail_reason": "SYS001"}, Finding.UNKNOWN),
        (Refused, {"fail_reason": "SYS002"}, Finding.UNKNOWN),
        (Refused, {"fail_reason": "NEW001"}, Finding.UNKNOWN),
        (Refused, {"process_status": "03"}, Finding.UNKNOWN),
    ],
)
def test_an_answer_tells_this_much_about_the_submission(kind, changes, finding):
    assert finding_of(outcome(kind, **changes)) is finding


def test_no_answer_tells_nothing():
    assert finding_of(NotSent(SUBMIT_ID, NotReached(address="x"))) is UNKNOWN
    lost = OutcomeUnknown(SUBMIT_ID, NoAnswer(why_ko="시간 초과", why_en="time-out"))
    assert finding_of(lost) is UNKNOWN
    assert Answer.of(Reconciled(SUBMIT_ID, UNKNOWN, NOW, lost)) == Answer(UNKNOWN, NOW)


def test_sys002_is_an_earlier_arrival_and_a_refusal_without_reason_shows_the_status():
    assert outcome(Refused, fail_reason="SYS002").arrived_before
    assert not outcome(Refused, fail_reason="SYN001").arrived_before
    assert outcome(Refused, process_status="03").reason.code == "ProcessStatusCode 03"
    assert not outcome(Refused, process_status="03").reason.known
