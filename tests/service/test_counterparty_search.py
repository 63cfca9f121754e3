"""Finding counterparties by whatever one remembers of them, fast, and nobody else's."""

import json
import time

import pytest
from counterparty_world import NUMBER, RESIDENT, make_world, person, said
from service_world import NOW, add_member, business_number, client_of, first_business, member_client

from dojang.service.accounts.models import User
from dojang.service.counterparties import looking_up, selectors
from dojang.service.counterparties.models import BusinessState, Counterparty, RememberedItem
from dojang.service.counterparties.names import name_key
from dojang.service.counterparties.search import search_text
from dojang.service.counterparties.services import editing
from dojang.service.counterparties.services.items import SoldItem, remember_items

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def full(world):
    world.add(name="(주)한빛상사", number=business_number(1), representative="김대표", code="A-001")
    world.add(name="한빛전자 부산", number=business_number(2), representative="이대표")
    world.add(name="새벽 유통", number=business_number(3), representative="한대표")
    world.add(name="ACME Korea", number=business_number(4))
    world.add(given=person(name="박개인", personal_number=RESIDENT))
    return world


def names(world, query):
    with world.open():
        return [one.name for one in selectors.find(workspace_id=world.workspace.pk, query=query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("한빛", ["(주)한빛상사", "한빛전자 부산"]),
        ("ㅎㅂ", ["(주)한빛상사", "한빛전자 부산"]),
        ("ㅎㅂㅅ", ["(주)한빛상사"]),
        ("ㅎㅂㅈㅈㅂㅅ", ["한빛전자 부산"]),
        ("한비", ["(주)한빛상사", "한빛전자 부산"]),
        ("한빛ㅈ", ["한빛전자 부산"]),
        ("새벽유통", ["새벽 유통"]),
        ("새벽 유", ["새벽 유통"]),
        ("ㅅㅂ ㅇㅌ", ["새벽 유통"]),
        ("acme", ["ACME Korea"]),
        ("ACME k", ["ACME Korea"]),
        ("a-001", ["(주)한빛상사"]),
        ("김대표", ["(주)한빛상사"]),
        ("9999999999", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        (".*", []),
        ("[", []),
        ("\x00한빛", ["(주)한빛상사", "한빛전자 부산"]),
        ("가" * 500, []),
    ],
)
def test_it_is_found_by_what_was_typed(full, query, expected):
    assert names(full, query) == expected


def test_it_is_found_by_a_part_of_its_number_with_or_without_hyphens(full):
    number = business_number(2)
    for query in (number, f"{number[:3]}-{number[3:5]}-{number[5:]}", number[2:8]):
        assert "한빛전자 부산" in names(full, query)
    assert names(full, number)[0] == "한빛전자 부산"


def test_a_person_is_found_by_the_whole_number_only(full):
    assert names(full, "900101-9999999") == ["박개인"]
    assert names(full, "900101") == []


def test_nothing_typed_is_everything_in_the_order_of_names(full):
    assert len(names(full, "  ")) == 5


def test_the_archive_and_other_workspaces_are_not_offered(full):
    added = full.add(name="한빛보관", number=business_number(9))
    with full.open():
        editing.archive(member=full.member, counterparty_id=added.pk, now=NOW)
    make_world().add(name="한빛남의것", number=business_number(10))
    assert names(full, "한빛") == ["(주)한빛상사", "한빛전자 부산"]


def test_a_name_that_changed_is_found_by_the_new_one_only(world):
    added = world.add(name="옛이름")
    world.edit(added, name="새이름")
    assert names(world, "ㅅㅇㄹ") == ["새이름"]
    assert names(world, "옛이름") == []


# For the invoice editor


def test_the_editor_gets_what_an_invoice_needs(world):
    added = world.add(
        status=said(state=BusinessState.CLOSED, closed_on=NOW.date()),
        contacts=[{"name": "하나", "email": "1@example.com"}, {"name": "둘"}, {"name": "셋"}],
        address="서울특별시 가상구 없는로 1",
    )
    answer = member_client(world.workspace, "viewer").get(world.url("find"), {"q": "ㄱㅁ"})
    assert answer.status_code == 200
    [found] = answer.json()["counterparties"]
    assert (found["id"], found["kind"], found["number"], found["representative"]) == (
        added.pk, "business", NUMBER, "이구매",
    )  # fmt: skip
    assert [one["name"] for one in found["contacts"]] == ["하나", "둘"]
    assert found["status"] == {
        "code": "03",
        "tax_type": "01",
        "text": "부가가치세 일반과세자",
        "closed_on": "2026-11-20",
        "checked_at": NOW.isoformat(),
    }


def test_the_number_of_a_person_goes_out_masked(world):
    world.add(given=person(personal_number=RESIDENT))
    answer = member_client(world.workspace).get(world.url("find"), {"q": "박개인"})
    assert answer.json()["counterparties"][0]["personal_number"] == "900101-*******"
    assert RESIDENT not in answer.content.decode()


def test_twenty_at_most(world):
    with world.open():
        many(world, 30)
    assert len(member_client(world.workspace).get(world.url("find")).json()["counterparties"]) == 20


def test_who_is_no_member_learns_nothing(world):
    world.add()
    stranger = client_of(User.objects.get(pk=make_world().member.actor.user_id))
    assert stranger.get(world.url("find"), {"q": "구매"}).status_code == 404
    assert member_client(world.workspace, "none").get(world.url("find")).status_code == 403


def many(world, count):
    """Rows as the services would have made them, without the history."""
    rows = []
    for serial in range(count):
        name = f"{'가나다라마바사아자차'[serial % 10]}{'한빛도장상사'[serial % 6]}물산 {serial}"
        row = Counterparty(
            workspace_id=world.workspace.pk, name=name, number=f"{serial:010d}", representative="홍길동"
        )
        row.search, row.name_key = search_text(row), name_key(row.name)
        rows.append(row)
    Counterparty.objects.bulk_create(rows, batch_size=2000)


def test_ten_thousand_are_searched_in_the_time_between_two_keys(world):
    with world.open():
        many(world, 10_000)
        took = {
            query: best_of_three(world, query)
            for query in ("ㄱㅎ", "가하", "물산 77", "00077", "없음", "홍길동", "ㄱ", "")
        }
    # 4 to 12 ms on a quiet machine, 50 are promised; a loaded one gets twice that.
    assert max(took.values()) < 0.1, took


def best_of_three(world, query):
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        found = selectors.find(workspace_id=world.workspace.pk, query=query)
        json.dumps([selectors.as_json(one) for one in found])
        took.append(time.perf_counter() - begun)
    return min(took)


# Remembered items


@pytest.fixture
def sold(world):
    buyer = world.add()
    business = first_business(world.workspace)

    def sell(*items, to=buyer, now=NOW):
        with world.open():
            remember_items(
                business_id=business.pk,
                counterparty_id=to.pk if to else None,
                items=[SoldItem(*item) for item in items],
                now=now,
            )

    sell.buyer, sell.business = buyer, business
    return sell


def remembered(world, **asked):
    with world.open():
        return [
            (one.name, one.specification, one.unit_price, one.times)
            for one in selectors.remembered(member=world.member, **asked)
        ]


def test_an_item_is_remembered_with_its_last_price_and_counted(world, sold):
    sold(("노트", "A4", "1000"))
    sold(("노트", "A4", "1200.5"), ("펜", "", ""))
    sold(("노트", "A4", ""))
    assert remembered(world, counterparty_id=sold.buyer.pk) == [
        ("노트", "A4", "1200.5", 3),
        ("펜", "", "", 1),
    ]


def test_a_line_that_stands_twice_counts_once_and_one_without_a_name_not_at_all(world, sold):
    sold(("노트", "", "1000"), (" 노트 ", "", "900"), ("", "A4", "1"), (" ", "", ""))
    assert remembered(world) == [("노트", "", "900", 1)]


def test_a_long_line_is_remembered_as_far_as_it_goes(world, sold):
    sold(("가" * 300, "나" * 300, "1" * 40))
    [(name, specification, price, _)] = remembered(world)
    assert (len(name), len(specification), len(price)) == (100, 60, 20)


def test_what_this_customer_bought_comes_first(world, sold):
    sold(("펜", "", "1"), to=None, now=NOW.replace(hour=3))
    sold(("펜", "", "2"), now=NOW.replace(hour=2))
    assert remembered(world, counterparty_id=sold.buyer.pk) == [("펜", "", "2", 1)]
    assert remembered(world) == [("펜", "", "1", 1)]


def test_items_without_a_customer_are_counted_too(world, sold):
    sold(("펜", "", "1"), to=None)
    sold(("펜", "", "1"), to=None)
    with world.open():
        assert RememberedItem.objects.get().times == 2


def test_the_editor_gets_items_by_a_part_of_their_name(world, sold):
    sold(("복사용지", "A4", "5000"), ("볼펜", "0.5mm", "700"))
    client = member_client(world.workspace, "writer")
    answer = client.get(world.url("items"), {"q": "0.5", "counterparty": sold.buyer.pk})
    assert answer.json() == {
        "items": [{"name": "볼펜", "specification": "0.5mm", "unit_price": "700", "used_at": NOW.isoformat()}]
    }
    assert client.get(world.url("items"), {"counterparty": "x"}).status_code == 400


def test_items_of_a_business_one_may_not_see_are_not_told(world, sold):
    sold(("비밀품목", "", "1"))
    member = add_member(world.workspace, "viewer", business_roles={sold.business: "none"})
    with world.open():
        assert selectors.remembered(member=member) == []


# Looked up while a form is filled in


def look_up(world, **posted):
    with world.open():
        return looking_up.look_up(posted, workspace_id=world.workspace.pk)


def test_the_button_of_a_form_finds_or_takes_one(full):
    found = look_up(full, find="새벽")
    assert (found.used, [one.name for one in found.matches]) == (None, ["새벽 유통"])
    [one] = found.matches
    chosen = look_up(full, find="한빛", use=str(one.pk))
    assert (chosen.used, chosen.matches) == (one, None)


@pytest.mark.parametrize("use", ["", "0", "-1", "x", "9" * 30])
def test_a_button_that_names_nobody_takes_nobody(full, use):
    found = look_up(full, find="새벽", use=use)
    assert (found.used, len(found.matches)) == (None, 1)


def test_what_was_archived_meanwhile_is_not_taken(full):
    [one] = look_up(full, find="새벽").matches
    with full.open():
        Counterparty.objects.filter(pk=one.pk).update(archived_at=NOW)
    assert look_up(full, find="새벽", use=str(one.pk)) == looking_up.LookedUp(None, ())
