"""Likely duplicates are shown, and two that are one become one: nothing is lost, what was issued stays."""

import pytest
from counterparty_world import NUMBER, OTHER_NUMBER, RESIDENT, make_world, person
from django.core.exceptions import PermissionDenied
from service_world import NOW, add_member, business_number, first_business

from dojang.service.counterparties import personal, selectors
from dojang.service.counterparties.errors import (
    CannotMerge,
    ChangedMeanwhile,
    NumbersDiffer,
    ThereAlready,
    TooManyContacts,
    TooMuchMemo,
    WasMerged,
)
from dojang.service.counterparties.models import Counterparty, RememberedItem
from dojang.service.counterparties.services import editing
from dojang.service.counterparties.services.items import SoldItem, remember_items
from dojang.service.counterparties.services.merging import merge
from dojang.service.invoices.models import Invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def merged(world, keep, other, *, member=None, versions=None, may_differ=True):
    with world.open():
        keep, other = (Counterparty.objects.get(pk=one.pk) for one in (keep, other))
        return merge(
            member=member or world.member,
            keep_id=keep.pk,
            other_id=other.pk,
            versions=versions or (keep.version, other.version),
            now=NOW,
            numbers_may_differ=may_differ,
        )


def duplicates(world, counterparty):
    with world.open():
        return [one.name for one in selectors.possible_duplicates(counterparty)]


def test_the_same_name_without_what_companies_add_is_likely_the_same(world):
    one = world.add(name="(주)한빛상사")
    world.add(name="주식회사 한빛 상사", number=OTHER_NUMBER)
    world.add(name="한빛산업", number=business_number(7))
    assert duplicates(world, one) == ["주식회사 한빛 상사"]


def test_the_same_mail_address_is_likely_the_same(world):
    one = world.add(contacts=[{"email": "Tax@example.com"}])
    world.add(name="다른 이름", number=OTHER_NUMBER, contacts=[{"email": "tax@EXAMPLE.com"}])
    assert duplicates(world, one) == ["다른 이름"]


def test_one_in_the_archive_or_elsewhere_is_no_duplicate(world):
    one = world.add()
    other = world.add(number=OTHER_NUMBER)
    with world.open():
        editing.archive(member=world.member, counterparty_id=other.pk, now=NOW)
    make_world().add(number=OTHER_NUMBER)
    assert duplicates(world, one) == []


def test_contacts_memo_and_missing_text_come_together(world):
    keep = world.add(memo="앞", address="", contacts=[{"name": "하나", "email": "a@example.com"}])
    other = world.add(
        number=OTHER_NUMBER,
        name="옛이름",
        memo="뒤",
        address="주소",
        contacts=[{"name": "하나", "email": "A@example.com"}, {"name": "둘"}],
    )
    kept = world.row(merged(world, keep, other))
    assert (kept.name, kept.number, kept.address, kept.memo) == ("(주)구매상사", NUMBER, "주소", "앞\n\n뒤")
    assert [one.name for one in world.details(keep).contacts] == ["하나", "둘"]
    gone = world.row(other)
    assert (gone.archived_at, gone.merged_into_id, gone.number) == (NOW, keep.pk, OTHER_NUMBER)
    assert world.actions(keep)[-1][0] == "merge"
    assert world.actions(keep)[-1][1]["merged"] == ["", "옛이름"]
    assert world.actions(other)[-1] == ("merged", {"merged": ["", "(주)구매상사"]})


def test_invoices_and_remembered_items_move(world):
    keep, other = world.add(), world.add(number=OTHER_NUMBER)
    business = first_business(world.workspace)
    user_id = world.member.actor.user_id
    with world.open():
        invoice = Invoice.objects.create(
            workspace=world.workspace, business=business, counterparty=other, document_type="0101",
            created_by_id=user_id, changed_by_id=user_id, buyer_number=OTHER_NUMBER,
        )  # fmt: skip
        for at, buyer, items in (
            (1, keep, [SoldItem("노트", "", "1000")]),
            (2, other, [SoldItem("노트", "", "1100"), SoldItem("펜", "", "500")]),
        ):
            remember_items(
                business_id=business.pk, counterparty_id=buyer.pk, items=items, now=NOW.replace(hour=at)
            )
    merged(world, keep, other)
    with world.open():
        invoice.refresh_from_db()
        assert (invoice.counterparty_id, invoice.buyer_number) == (keep.pk, OTHER_NUMBER)
        assert sorted(
            RememberedItem.objects.values_list("counterparty_id", "name", "unit_price", "times")
        ) == [(keep.pk, "노트", "1100", 2), (keep.pk, "펜", "500", 1)]


def test_different_numbers_need_a_second_look(world):
    keep, other = world.add(), world.add(number=OTHER_NUMBER)
    with pytest.raises(NumbersDiffer):
        merged(world, keep, other, may_differ=False)
    assert world.row(other).archived_at is None


def test_a_person_and_a_business_merge_without_a_second_look(world):
    keep, other = world.add(), world.add(given=person(name="(주)구매상사"))
    assert merged(world, keep, other, may_differ=False).number == NUMBER


def test_the_number_of_a_person_moves_sealed_as_it_is(world):
    keep = world.add(given=person())
    other = world.add(given=person(personal_number=RESIDENT))
    assert personal.plain(world.row(merged(world, keep, other))) == RESIDENT
    with pytest.raises(ThereAlready):
        world.add(given=person(name="다른 이름", personal_number=RESIDENT))


def test_a_change_since_it_was_shown_stops_it(world):
    keep, other = world.add(), world.add(number=OTHER_NUMBER)
    world.edit(other, number=OTHER_NUMBER, name="바뀐 이름")
    with pytest.raises(ChangedMeanwhile):
        merged(world, keep, other, versions=(1, 1))


def test_what_would_not_fit_is_refused_and_nothing_moves(world):
    keep = world.add(memo="가" * 3000, contacts=[{"name": f"k{n}"} for n in range(6)])
    other = world.add(number=OTHER_NUMBER, memo="나" * 3000)
    with pytest.raises(TooMuchMemo):
        merged(world, keep, other)
    crowd = world.add(number=business_number(5), contacts=[{"name": f"o{n}"} for n in range(5)])
    with pytest.raises(TooManyContacts):
        merged(world, keep, crowd)
    assert world.row(keep).version == world.row(other).version == world.row(crowd).version == 1


def test_only_two_in_use_merge_and_only_once(world):
    keep, other = world.add(), world.add(number=OTHER_NUMBER)
    with pytest.raises(CannotMerge):
        merged(world, keep, keep)
    merged(world, keep, other)
    for pair in ((keep, other), (other, keep)):
        with pytest.raises(CannotMerge):
            merged(world, *pair)
    with pytest.raises(WasMerged), world.open():
        editing.unarchive(member=world.member, counterparty_id=other.pk, now=NOW)


def test_a_number_that_was_merged_away_can_be_entered_again(world):
    keep, other = world.add(), world.add(number=OTHER_NUMBER)
    merged(world, keep, other)
    assert world.add(number=OTHER_NUMBER).pk != other.pk


def test_a_viewer_merges_nothing_and_a_stranger_finds_nothing(world):
    keep, other = world.add(), world.add(number=OTHER_NUMBER)
    with pytest.raises(PermissionDenied):
        merged(world, keep, other, member=add_member(world.workspace, "viewer"))
    stranger = make_world()
    theirs = stranger.add(number=OTHER_NUMBER)
    with stranger.open(), pytest.raises(Counterparty.DoesNotExist):
        merge(
            member=stranger.member, keep_id=theirs.pk, other_id=keep.pk, versions=(1, 1), now=NOW,
            numbers_may_differ=True,
        )  # fmt: skip
