"""Questions about likely slips: asked when there is reason to, and never again once answered."""

from datetime import date

import pytest
from editor_world import Desk
from signing_world import content

from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices import slips
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture
def desk(monkeypatch):
    return Desk.at(monkeypatch)


def of(amount, **changes):
    item = {"name": "복사용지", "supply_amount": amount, "tax_amount": amount // 10}
    return content(items=[item], **changes)


def issued(desk, *amounts, state=State.ACCEPTED, **changes):
    for place, amount in enumerate(amounts):
        day = f"2026-{1 + place % 9:02d}-15"
        told = desk.begin(content=of(amount, written_on=day), **changes).json()
        with in_workspace(desk.workspace.pk):
            Invoice.objects.filter(pk=told["id"]).update(state=state)


def asked(desk, told, today=TODAY):
    with in_workspace(desk.workspace.pk):
        return [one.key.split(":")[0] for one in slips.unanswered(desk.row(told), today=today)]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1_000_000, []),
        (7_900_000, []),
        (8_000_000, ["large"]),
        (10_000_000, ["large"]),
        (126_000, []),
        (125_000, ["small"]),
        (100_000, ["small"]),
        (-10_000_000, ["large"]),
        (0, []),
    ],
)
def test_an_amount_ten_times_or_a_tenth_of_the_usual_is_asked_about(desk, amount, expected):
    issued(desk, 900_000, 1_000_000, 1_200_000)
    assert asked(desk, desk.begin(content=of(amount)).json()) == expected


def test_the_usual_is_the_median_of_the_last_twelve(desk):
    issued(desk, 10_000_000, *[1_000_000] * 11, 50_000_000)
    assert asked(desk, desk.begin(content=of(9_000_000)).json()) == ["large"]


def test_two_invoices_tell_nothing(desk):
    issued(desk, 1_000_000, 1_000_000)
    assert asked(desk, desk.begin(content=of(90_000_000)).json()) == []


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED, State.REJECTED])
def test_what_was_never_issued_tells_nothing(desk, state):
    issued(desk, *[1_000_000] * 5, state=state)
    assert asked(desk, desk.begin(content=of(90_000_000)).json()) == []


def test_another_buyers_amounts_tell_nothing(desk):
    issued(desk, *[1_000_000] * 5)
    other = {"kind": "business", "number": "9988100012", "name": "(주)구매", "representative": "이구매"}
    assert asked(desk, desk.begin(content=of(90_000_000, buyer=other)).json()) == []


def test_the_same_buyer_day_and_total_is_asked_about_with_the_other_one(desk):
    first = desk.begin().json()
    told = desk.begin().json()
    [question] = told["questions"]
    assert question["invoice"] == first["id"]
    assert "1,100,000원" in question["ko"]
    assert asked(desk, desk.begin(content=of(1_000_001)).json()) == []


def test_a_person_is_the_same_buyer_by_the_address_book(desk):
    person = {"kind": "individual", "number": "", "name": "박개인", "representative": "박개인"}
    buyer = desk.add_buyer(kind="individual", number="", name="박개인", contacts=())
    desk.begin(content=of(1_000, buyer=person), counterparty=buyer.pk)
    assert asked(desk, desk.begin(content=of(1_000, buyer=person), counterparty=buyer.pk).json()) == ["same"]
    assert asked(desk, desk.begin(content=of(1_000, buyer=person)).json()) == []


@pytest.mark.parametrize("state", [State.CANCELLED, State.REJECTED])
def test_one_that_came_to_nothing_is_not_the_same_again(desk, state):
    first = desk.begin().json()
    with in_workspace(desk.workspace.pk):
        Invoice.objects.filter(pk=first["id"]).update(state=state)
    assert asked(desk, desk.begin().json()) == []


@pytest.mark.parametrize(("status", "word"), [("02", "휴업"), ("03", "폐업"), ("00", "등록되지 않은")])
def test_a_buyer_whose_business_does_not_run_is_asked_about(desk, status, word):
    buyer = desk.add_buyer()
    with in_workspace(desk.workspace.pk):
        Counterparty.objects.filter(pk=buyer.pk).update(tax_status=status, closed_on=date(2026, 10, 31))
    [question] = desk.begin(counterparty=buyer.pk).json()["questions"]
    assert word in question["ko"]
    assert ("2026-10-31" in question["ko"]) == (status == "03")


@pytest.mark.parametrize("status", ["", "01"])
def test_a_buyer_who_is_open_or_unknown_is_not(desk, status):
    buyer = desk.add_buyer()
    with in_workspace(desk.workspace.pk):
        Counterparty.objects.filter(pk=buyer.pk).update(tax_status=status)
    assert desk.begin(counterparty=buyer.pk).json()["questions"] == []


def test_what_is_known_of_another_number_is_not_said_of_this_one(desk):
    buyer = desk.add_buyer(number="9988100012")
    with in_workspace(desk.workspace.pk):
        Counterparty.objects.filter(pk=buyer.pk).update(tax_status="03")
    assert desk.begin(counterparty=buyer.pk).json()["questions"] == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-09-30", ["late"]), ("2026-10-31", ["late"]), ("2026-11-01", []), ("2026-12-01", [])],
)
def test_a_date_whose_issue_deadline_has_passed_is_asked_about(desk, day, expected):
    assert asked(desk, desk.begin(content=content(written_on=day)).json()) == expected


def test_an_answer_holds_for_what_was_asked_and_nothing_else(desk):
    issued(desk, *[1_000_000] * 3)
    told = desk.begin(content=of(10_000_000)).json()
    keys = [one["key"] for one in told["questions"]]
    told = desk.save(told, content=of(10_000_000), kept={"confirmed": keys}).json()
    assert told["questions"] == []
    told = desk.save(told, content=of(100_000_000), kept={"confirmed": keys}).json()
    assert [one["key"] for one in told["questions"]] == ["large:100000000"]
