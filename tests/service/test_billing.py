"""발행정보 요청: asked, filled in behind the link, taken over by a member; states, mails and what is never shown."""

from datetime import timedelta

import pytest
from billing_world import CUSTOMER, Asking, answer_of
from counterparty_world import NUMBER, OTHER_NUMBER, RESIDENT, said
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from service_world import NOW, add_member, make_business

from dojang.service.billing import answers, asking, confirming, guests, rounds, selectors, tasks, terms
from dojang.service.billing.errors import (
    AnswerChanged,
    AnswerDayOver,
    ChooseWhere,
    NoIndividuals,
    NoMail,
    NoName,
    NoReason,
    NoSuchRequest,
    RequestOver,
    TooManyMails,
)
from dojang.service.billing.models import BillingRequest, State
from dojang.service.counterparties import personal
from dojang.service.counterparties.details import ContactDetails, Details
from dojang.service.counterparties.errors import ChangedMeanwhile, DetailsRefused, IsArchived
from dojang.service.counterparties.models import BusinessState, Counterparty
from dojang.service.counterparties.services import editing
from dojang.service.invoices.timing import today
from dojang.service.links.errors import LinkRevoked, NoSuchLink
from dojang.service.links.models import Purpose
from dojang.service.links.services import resolve
from dojang.service.links.terms import end_of
from dojang.service.notices.models import Kind, MailState, OutgoingMail
from dojang.service.notices.rendering import render
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def us():
    return Asking()


def confirm(us, row, *, target=None, now=LATER, **given):
    with us.open():
        fresh = BillingRequest.objects.select_related("counterparty").get(pk=row.pk)
        place = target or confirming.targets(fresh)[0]
        version = place.counterparty.version if place.counterparty else 0
        values = {
            "request_id": row.pk,
            "version": fresh.version,
            "target": place.key,
            "target_version": version,
        }
        return confirming.confirm(member=us.world.member, now=now, **(values | given))


def mails(us, kind):
    with us.open():
        return list(OutgoingMail.objects.filter(kind=kind).order_by("pk"))


def letter(us, mail, now=NOW):
    with us.open():
        found = render(mail, now=now)
        return found and f"{found.subject}\n{found.message.body}"


# --- asking -------------------------------------------------------------------------------------------------------


def test_a_customer_gets_a_mail_with_a_link_that_stands_nowhere_else(us):
    row = us.ask(now=NOW, message="이번 달부터 거래합니다")
    [mail] = mails(us, Kind.BILLING_ASKED)
    assert (mail.to, mail.state, mail.facts) == (CUSTOMER, MailState.WAITING, {"request": row.pk})
    text = letter(us, mail)
    assert us.path(row) in text
    assert "이번 달부터 거래합니다" in text
    assert us.steps(row) == ["asked"]
    with us.open(), connection.cursor() as cursor:
        for table in ("billing_billingrequest", "links_link", "notices_outgoingmail", "billing_billingevent"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{us.token(row)}%"])
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"name": "  "}, NoName),
        ({"email": " "}, NoMail),
        ({"last_day": today(NOW) - timedelta(days=1)}, AnswerDayOver),
        ({"last_day": today(NOW) + timedelta(days=61)}, AnswerDayOver),
    ],
)
def test_what_nobody_could_answer_is_not_asked(us, values, refusal):
    with pytest.raises(refusal):
        us.ask(now=NOW, **values)
    assert mails(us, Kind.BILLING_ASKED) == []


def test_one_address_is_not_written_to_without_end(us):
    for _ in range(asking.A_DAY):
        us.ask(now=NOW)
    with pytest.raises(TooManyMails):
        us.ask(now=NOW, email=CUSTOMER.upper())
    assert us.ask(now=NOW, email="other@saebom.example").state == State.ASKED
    assert us.ask(now=NOW + timedelta(days=1, minutes=1)).state == State.ASKED


def test_who_may_only_look_asks_nobody(us):
    viewer = add_member(us.world.workspace, "viewer")
    with pytest.raises(PermissionDenied):
        us.ask(now=NOW, member=viewer)


def test_to_another_address_it_goes_with_another_link_and_the_old_one_ends(us):
    row = us.ask(now=NOW)
    before = us.token(row)
    with us.open():
        asking.send_again(member=us.world.member, request_id=row.pk, to="new@saebom.example", now=LATER)
    assert us.token(row) != before
    with pytest.raises(LinkRevoked), guests.inside(before, LATER):
        pass
    first, second = mails(us, Kind.BILLING_ASKED)
    assert letter(us, first, LATER) is None
    assert us.path(row) in letter(us, second, LATER)


# --- behind the link ----------------------------------------------------------------------------------------------


def test_what_a_customer_fills_in_waits_and_the_asker_is_told_once(us):
    row = us.ask(now=NOW)
    us.fill_in(row, now=NOW, status=said(NUMBER))
    us.fill_in(row, now=LATER, name="(주)새봄상사")
    row = us.row(row)
    assert (row.state, row.answered_at, row.answer["name"]) == (State.ANSWERED, LATER, "(주)새봄상사")
    assert us.steps(row) == ["asked", "answered", "corrected"]
    [mail] = mails(us, Kind.BILLING_ANSWERED)
    text = letter(us, mail)
    assert f"/billing/{row.pk}/" in text
    assert "새봄상사" not in text
    with us.open():
        assert not Counterparty.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "9988100013"}, "number"),
        ({"number": ""}, "number"),
        ({"name": ""}, "name"),
        ({"representative": ""}, "representative"),
        ({"branch_number": "12"}, "branch_number"),
        ({"contacts": ()}, "contacts"),
        ({"contacts": (ContactDetails(name="김새봄"),)}, "contacts.0.email"),
        ({"contacts": (ContactDetails(email="nobody"),)}, "contacts.0.email"),
        ({"name": "가" * 71}, "name"),
        ({"name": f"박개인 {RESIDENT}"}, "name"),
        ({"address": "서울 (900101-1234568)"}, "address"),
        ({"contacts": (ContactDetails(name=RESIDENT, email="a@saebom.example"),)}, "contacts.0.name"),
    ],
)
def test_half_an_answer_is_none(us, values, field):
    row = us.ask(now=NOW)
    with pytest.raises(DetailsRefused) as refusal:
        us.fill_in(row, now=NOW, **values)
    assert [one.field for one in refusal.value.problems] == [field]
    assert us.row(row).state == State.ASKED


def test_a_person_answers_only_where_the_asker_allows_it(us):
    person = {"kind": "individual", "number": "", "personal_number": RESIDENT, "name": "박개인"}
    with pytest.raises(NoIndividuals):
        us.fill_in(us.ask(now=NOW), now=NOW, **person)
    row = us.ask(now=NOW, allow_individual=True)
    with pytest.raises(NoIndividuals):
        us.fill_in(row, now=NOW, **(person | {"kind": "foreigner"}))
    with pytest.raises(DetailsRefused):
        us.fill_in(row, now=NOW, **(person | {"personal_number": None}))
    us.fill_in(row, now=NOW, **person)
    assert us.row(row).state == State.ANSWERED


def test_a_persons_number_is_kept_encrypted_and_stands_nowhere_else(us):
    row = us.ask(now=NOW, allow_individual=True)
    person = {"kind": "individual", "number": "", "name": "박개인"}
    us.fill_in(row, now=NOW, personal_number=RESIDENT, **person)
    us.fill_in(row, now=LATER, personal_number=None, address="새 주소", **person)
    row = us.row(row)
    with us.open():
        assert answers.number_of(row) == RESIDENT
        assert answers.masked_number(row) == "900101-*******"
        with connection.cursor() as cursor:
            for table in ("billing_billingrequest", "billing_billingevent", "notices_outgoingmail"):
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{RESIDENT}%"])
                assert cursor.fetchone() == (0,)
    us.fill_in(row, now=LATER)
    assert us.row(row).personal_number is None


def test_a_link_opens_its_one_request_and_nothing_of_another_purpose(us):
    row, other = us.ask(now=NOW), us.ask(now=NOW, email="other@saebom.example")
    us.fill_in(other, now=NOW)
    with guests.inside(us.token(row), NOW) as found:
        assert found.pk == row.pk
        assert found.answer == {}
    for purpose in (Purpose.VIEW_INVOICE, Purpose.REVERSE_REQUEST):
        with pytest.raises(NoSuchLink), resolve(us.token(row), purpose, NOW):
            pass


def test_another_workspace_sees_nothing_of_it(us):
    row = us.ask(now=NOW)
    stranger = Asking()
    with stranger.open():
        assert not BillingRequest.objects.exists()
        with pytest.raises(NoSuchRequest):
            asking.withdraw(member=stranger.world.member, request_id=row.pk, now=NOW)


def test_of_a_business_that_somebody_may_not_see_there_is_no_request(us):
    row = us.ask(now=NOW, business=make_business(us.world.workspace))
    other = us.ask(now=NOW)
    member = add_member(us.world.workspace, Role.WRITER, business_roles={row.business: Role.NONE})
    with us.open():
        assert list(selectors.requests(member)) == [other]
        with pytest.raises(NoSuchRequest):
            selectors.request_for(member, row.pk)
        with pytest.raises(NoSuchRequest):
            asking.withdraw(member=member, request_id=row.pk, now=NOW)


def test_events_are_added_and_never_changed(us):
    row = us.ask(now=NOW)
    with us.open():
        event = row.events.get()
        with pytest.raises(DatabaseError), transaction.atomic():
            type(event).objects.filter(pk=event.pk).update(action="opened")


# --- taken over ---------------------------------------------------------------------------------------------------


def test_an_answer_becomes_a_new_counterparty_by_the_hand_of_a_member(us):
    row = us.ask(now=NOW)
    us.fill_in(row, now=NOW, status=said(NUMBER))
    made = confirm(us, row)
    assert us.row(row).state == State.CONFIRMED
    assert us.row(row).counterparty == made
    assert us.world.details(made).name == "(주)새봄"
    fresh = us.world.row(made)
    assert (fresh.tax_status, fresh.tax_status_checked_at) == (BusinessState.ACTIVE, LATER)
    [(action, _)] = us.world.actions(made)
    assert action == "create"
    with us.open():
        assert fresh.changes.get().by_id == us.world.member.user_id
    with pytest.raises(RequestOver):
        us.fill_in(row, now=LATER)
    with pytest.raises(RequestOver):
        confirm(us, row, target=confirming.Target(None))


def test_what_is_left_open_stays_as_it_was_known(us):
    known = us.world.add(
        number=NUMBER,
        name="새봄",
        business_type="도매업",
        code="A-1",
        memo="단골",
        contacts=[{"name": "옛담당", "email": "old@saebom.example"}, {"email": "TAX@saebom.example"}],
    )
    row = us.ask(now=NOW, counterparty=known)
    us.fill_in(row, now=NOW, status=said(NUMBER, BusinessState.CLOSED))
    with us.open():
        fresh = BillingRequest.objects.select_related("counterparty").get(pk=row.pk)
        [place] = confirming.targets(fresh)
        marks = {one.field: one.mark for one in answers.comparison(place.counterparty, fresh)}
    assert marks["name"] == "changed"
    assert marks["number"] == "same"
    assert marks["business_type"] == "kept"
    assert marks["address"] == "new"
    made = confirm(us, row)
    details = us.world.details(made)
    assert made.pk == known.pk
    assert (details.name, details.business_type, details.code, details.memo) == (
        "(주)새봄",
        "도매업",
        "A-1",
        "단골",
    )
    assert [one.email for one in details.contacts] == ["tax@saebom.example", "old@saebom.example"]
    assert us.world.row(made).tax_status == BusinessState.CLOSED


def test_the_one_that_has_the_number_already_is_the_only_place(us):
    asked = us.world.add(number=OTHER_NUMBER, name="딴곳")
    twin = us.world.add(number=NUMBER, name="먼저 있던 곳")
    row = us.ask(now=NOW, counterparty=asked)
    us.fill_in(row, now=NOW)
    with us.open():
        fresh = BillingRequest.objects.select_related("counterparty").get(pk=row.pk)
        [place] = confirming.targets(fresh)
    assert (place.counterparty, place.is_twin) == (twin, True)
    with pytest.raises(ChooseWhere):
        confirm(us, row, target=confirming.Target(asked))
    assert confirm(us, row).pk == twin.pk
    assert us.world.row(asked).name == "딴곳"


def test_another_number_than_is_known_goes_there_or_becomes_a_new_one(us):
    asked = us.world.add(number=OTHER_NUMBER, name="딴곳", business_type="소매업")
    row = us.ask(now=NOW, counterparty=asked)
    us.fill_in(row, now=NOW)
    with us.open():
        fresh = BillingRequest.objects.select_related("counterparty").get(pk=row.pk)
        assert [one.key for one in confirming.targets(fresh)] == [str(asked.pk), "new"]
        # Another number is another registration: what was known of the old one is not mixed in.
        assert answers.merged(Details.of(asked), fresh).business_type == ""
    made = confirm(us, row, target=confirming.Target(None))
    assert made.pk != asked.pk


def test_a_twin_in_the_archive_has_to_come_out_first(us):
    twin = us.world.add(number=NUMBER, name="보관된 곳")
    with us.open():
        editing.archive(member=us.world.member, counterparty_id=twin.pk, now=NOW)
    row = us.ask(now=NOW)
    us.fill_in(row, now=NOW)
    with pytest.raises(IsArchived):
        confirm(us, row)
    assert us.row(row).state == State.ANSWERED
    with us.open():
        editing.unarchive(member=us.world.member, counterparty_id=twin.pk, now=NOW)
    assert confirm(us, row).pk == twin.pk


def test_a_person_becomes_a_counterparty_and_the_number_has_one_place(us):
    row = us.ask(now=NOW, allow_individual=True)
    us.fill_in(row, now=NOW, kind="individual", number="", personal_number=RESIDENT, name="박개인")
    made = confirm(us, row)
    assert us.row(row).personal_number is None
    with us.open():
        assert personal.plain(Counterparty.objects.get(pk=made.pk)) == RESIDENT
    again = us.ask(now=NOW, allow_individual=True)
    us.fill_in(again, now=NOW, kind="individual", number="", personal_number=RESIDENT, name="박개인")
    assert confirm(us, again).pk == made.pk


def test_whoever_looked_at_an_older_answer_or_counterparty_takes_nothing_over(us):
    known = us.world.add(number=NUMBER, name="새봄")
    row = us.ask(now=NOW, counterparty=known)
    us.fill_in(row, now=NOW)
    seen = us.row(row).version
    us.fill_in(row, now=NOW, name="고친 이름")
    with pytest.raises(AnswerChanged):
        confirm(us, row, version=seen)
    us.world.edit(known, number=NUMBER, name="우리가 고친 이름")
    with pytest.raises(ChangedMeanwhile):
        confirm(us, row, target_version=known.version)
    assert us.row(row).state == State.ANSWERED
    assert us.world.row(known).name == "우리가 고친 이름"


# --- sent back, withdrawn, expired --------------------------------------------------------------------------------


def test_an_answer_is_sent_back_with_a_reason_and_the_same_link_is_open_again(us):
    row = us.ask(now=NOW, last_day=today(NOW))
    us.fill_in(row, now=NOW)
    token, version = us.token(row), us.row(row).version
    late = NOW + timedelta(days=2)
    with us.open():
        for reason in ("", "   "):
            with pytest.raises(NoReason):
                asking.send_back(
                    member=us.world.member, request_id=row.pk, version=version, reason=reason, now=late
                )
        asking.send_back(
            member=us.world.member,
            request_id=row.pk,
            version=version,
            reason="이메일을 확인해 주세요",
            now=late,
        )
    assert us.token(row) == token
    assert us.row(row).state == State.ASKED
    assert us.row(row).expires_at > late + timedelta(days=6)
    assert "이메일을 확인해 주세요" in letter(us, mails(us, Kind.BILLING_ASKED)[-1], late)
    us.fill_in(row, now=late)
    assert us.row(row).reason == ""
    assert len(mails(us, Kind.BILLING_ANSWERED)) == 2


def test_withdrawn_it_keeps_nothing_and_its_mail_does_not_go(us):
    row = us.ask(now=NOW, allow_individual=True)
    us.fill_in(row, now=NOW, kind="individual", number="", personal_number=RESIDENT, name="박개인")
    with us.open():
        asking.withdraw(member=us.world.member, request_id=row.pk, now=LATER)
    row = us.row(row)
    assert (row.state, row.answer, row.personal_number) == (State.WITHDRAWN, {}, None)
    [mail] = mails(us, Kind.BILLING_ASKED)
    assert mail.state == MailState.DROPPED
    with pytest.raises(RequestOver):
        us.fill_in(row, now=LATER)


def test_a_customer_is_reminded_once_and_then_the_time_is_over(us):
    row = us.ask(now=NOW)
    us.ask(now=NOW, last_day=today(NOW))  # too short to be reminded of
    answered = us.ask(now=NOW, email="a@saebom.example")
    us.fill_in(answered, now=NOW)
    near = us.row(row).expires_at - timedelta(hours=20)
    for _ in range(2):
        tasks.see_to_all(near)
    [mail] = mails(us, Kind.BILLING_REMINDER)
    assert us.path(row) in letter(us, mail, near)
    over = us.row(row).expires_at
    assert us.pk in crossing.billing_workspaces(over, over)
    tasks.see_to_all(over)
    assert us.row(row).state == State.EXPIRED
    assert us.steps(row) == ["asked", "reminded", "expired"]
    # What was filled in waits for us.
    assert us.row(answered).state == State.ANSWERED
    assert us.pk not in crossing.billing_workspaces(over, over)


def waiting(us, *, now=NOW, **values):
    """A person's answer that nobody has taken over."""
    row = us.ask(now=now, allow_individual=True, **values)
    us.fill_in(row, now=now, kind="individual", number="", personal_number=RESIDENT, name="박개인")
    assert us.row(row).personal_number is not None
    return row


def kept(us, row):
    """The last day on which it is there."""
    return answers.kept_until(us.row(row))


def test_an_answer_that_nobody_takes_over_is_erased_and_the_request_stays(us):
    row = waiting(us)
    assert kept(us, row) == today(NOW) + terms.ANSWER_KEPT
    assert str(kept(us, row)) in letter(us, mails(us, Kind.BILLING_ANSWERED)[0])
    over = end_of(kept(us, row))
    tasks.see_to_all(over - timedelta(seconds=1))
    assert us.row(row).state == State.ANSWERED
    for _ in range(2):
        tasks.see_to_all(over)
    after = us.row(row)
    assert (after.state, after.answer, after.personal_number, after.status) == (State.EXPIRED, {}, None, {})
    assert (after.name, after.email, after.answered_at) == ("새봄", CUSTOMER, NOW)
    assert us.steps(row) == ["asked", "answered", "lapsed"]
    with pytest.raises(RequestOver):
        confirm(us, row, target=confirming.Target(None), now=over)


def test_an_answer_is_kept_as_long_as_its_customer_may_correct_it(us):
    last = today(NOW) + timedelta(days=50)
    row = waiting(us, last_day=last)
    assert kept(us, row) == last
    tasks.see_to_all(end_of(last) - timedelta(seconds=1))
    assert us.row(row).personal_number is not None
    tasks.see_to_all(end_of(last))
    assert us.row(row).personal_number is None


def test_a_correction_begins_the_term_anew(us):
    row = waiting(us)
    later = NOW + timedelta(days=10)
    us.fill_in(row, now=later, kind="individual", number="", personal_number=RESIDENT, name="박개인")
    assert kept(us, row) == today(later) + terms.ANSWER_KEPT


def test_what_was_taken_over_in_time_is_not_touched(us):
    row = waiting(us)
    confirm(us, row)
    tasks.see_to_all(NOW + timedelta(days=400))
    assert us.row(row).state == State.CONFIRMED
    with us.open():
        assert personal.plain(Counterparty.objects.get()) == RESIDENT


def test_in_a_closed_workspace_nothing_of_it_is_kept_either(us):
    answered, back = waiting(us), waiting(us, email="b@saebom.example")
    with us.open():
        row = us.row(back)
        asking.send_back(
            member=us.world.member, request_id=row.pk, version=row.version, reason="번호", now=LATER
        )
        Workspace.objects.update(closed_at=LATER)
    tasks.see_to_all(end_of(kept(us, answered)) - timedelta(seconds=1))
    assert us.row(answered).personal_number is not None
    assert us.row(back).personal_number is not None
    tasks.see_to_all(us.row(back).expires_at + terms.ANSWER_KEPT + timedelta(days=1))
    for row in (answered, back):
        assert (us.row(row).state, us.row(row).personal_number) == (State.EXPIRED, None)


def test_time_is_over_for_its_reader_before_the_worker_has_written_it_down(us):
    row = us.ask(now=NOW)
    over = us.row(row).expires_at
    with pytest.raises(RequestOver):
        us.fill_in(row, now=over)
    us.fill_in(row, now=over - timedelta(seconds=1))
    with pytest.raises(RequestOver):
        us.fill_in(row, now=over, name="너무 늦게 고침")
    with us.open():
        assert rounds.expire(now=over) == 0


def test_a_closed_workspace_takes_no_answers(us):
    row = us.ask(now=NOW)
    with in_workspace(us.pk):
        Workspace.objects.update(closed_at=NOW)
    with pytest.raises(RequestOver):
        us.fill_in(row, now=LATER)
    tasks.see_to_all(us.row(row).expires_at)
    assert us.row(row).state == State.ASKED


def test_an_answer_says_nothing_of_the_number_that_somebody_else_has(us):
    row = us.ask(now=NOW)
    us.fill_in(row, now=NOW, status=said(OTHER_NUMBER))
    with us.open():
        assert answers.status_of(us.row(row)) is None
    assert answer_of().number == NUMBER
