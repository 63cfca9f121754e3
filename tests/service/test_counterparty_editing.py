"""Counterparties are added, changed, archived; nobody overwrites another, and no number stands twice."""

from datetime import timedelta

import pytest
from counterparty_world import (
    NUMBER,
    OTHER_NUMBER,
    OTHER_RESIDENT,
    RESIDENT,
    details,
    make_world,
    person,
    said,
)
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from service_world import NOW, add_member, first_business, make_workspace

from dojang.service.counterparties import personal
from dojang.service.counterparties.details import ContactDetails
from dojang.service.counterparties.errors import (
    ArchivedAlready,
    ChangedMeanwhile,
    DetailsRefused,
    IsArchived,
    ThereAlready,
)
from dojang.service.counterparties.models import BusinessState, Counterparty, CounterpartyChange
from dojang.service.counterparties.services import editing

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


# Adding


def test_what_was_typed_is_saved_without_blanks_and_hyphens(world):
    added = world.add(
        number=" 998-81-00012 ",
        branch_number="0001",
        name="  (주)  구매상사 ",
        memo="첫 줄 \r\n둘째 줄  \n",
        contacts=[{"name": " 이담당 ", "email": "b@example.com"}, {}],
    )
    saved = world.row(added)
    assert (saved.number, saved.branch_number, saved.name) == (NUMBER, "0001", "(주) 구매상사")
    assert saved.memo == "첫 줄\n둘째 줄"
    assert world.details(added).contacts == (ContactDetails(name="이담당", email="b@example.com"),)
    assert (saved.version, saved.created_at) == (1, NOW)


def test_the_history_begins_with_everything_that_was_entered(world):
    [(action, changes)] = world.actions(world.add(contacts=[{"name": "이담당", "phone": "02-000-0000"}]))
    assert action == "create"
    assert changes["number"] == ["", NUMBER]
    assert changes["contacts"] == ["", "이담당 · 02-000-0000"]
    assert "memo" not in changes


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "9988100013"}, "number"),
        ({"number": "0000000000"}, "number"),
        ({"branch_number": "12"}, "branch_number"),
        ({"name": " "}, "name"),
        ({"name": "가" * 71}, "name"),
        ({"memo": "가" * 4001}, "memo"),
        ({"kind": "company"}, "kind"),
        ({"contacts": [{"email": "nobody"}]}, "contacts.0.email"),
        ({"contacts": [{"name": "a"}, {"phone": "<script>"}]}, "contacts.1.phone"),
        ({"contacts": [{"name": "a"}] * 11}, "contacts"),
        ({"kind": "individual", "personal_number": "900101"}, "personal_number"),
        # A foreigner's who was born in 1900, before there were such numbers.
        ({"memo": "대표 000101-5000011"}, "memo"),
        ({"name": "김없음 0001015000011"}, "name"),
        ({"contacts": [{"name": "a", "phone": "000101-5000011"}]}, "contacts.0.phone"),
        ({"kind": "foreigner", "personal_number": "M-한글"}, "personal_number"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_saved(world, values, field):
    with pytest.raises(DetailsRefused) as refusal:
        world.add(**values)
    assert [problem.field for problem in refusal.value.problems] == [field]
    with world.open():
        assert not Counterparty.objects.exists()


def test_a_refusal_names_no_number_of_a_person(world):
    with pytest.raises(DetailsRefused) as refusal:
        world.add(given=person(personal_number="900101999999X"))
    assert "900101" not in str(refusal.value) + refusal.value.text("ko") + repr(refusal.value)
    assert "900101" not in repr(person(personal_number="900101999999X"))


def test_control_characters_do_not_reach_the_database(world):
    assert world.row(world.add(name="구매\x00상사\x07")).name == "구매 상사"


# The same number twice


def test_a_number_that_is_there_is_refused_with_the_way_to_it(world):
    first = world.add()
    with pytest.raises(ThereAlready) as refusal:
        world.add(name="다른 이름")
    assert refusal.value.counterparty_id == first.pk
    assert "(주)구매상사" in refusal.value.text("ko")


def test_two_branches_of_one_number_are_two_counterparties(world):
    world.add(branch_number="0001")
    world.add(branch_number="0002")
    with pytest.raises(ThereAlready):
        world.add(branch_number="0001")


def test_a_number_in_the_archive_is_refused_with_the_way_to_it(world):
    first = world.add()
    with world.open():
        editing.archive(member=world.member, counterparty_id=first.pk, now=NOW)
    with pytest.raises(ArchivedAlready) as refusal:
        world.add()
    assert refusal.value.counterparty_id == first.pk


def test_another_workspace_may_have_the_same_number(world):
    world.add()
    assert make_world().add().number == NUMBER


def test_the_database_itself_refuses_two_at_once(world):
    first = world.add()
    with pytest.raises(IntegrityError), world.open():
        Counterparty.objects.create(workspace=world.workspace, name="x", number=first.number)


def test_who_loses_the_race_for_a_number_is_refused_as_clearly(world, monkeypatch):
    first = world.add()
    look = editing.same_number
    looks = []

    def too_early(counterparty):
        looks.append(counterparty)
        return None if len(looks) == 1 else look(counterparty)

    monkeypatch.setattr(editing, "same_number", too_early)
    with pytest.raises(ThereAlready) as refusal:
        world.add(name="동시에")
    assert refusal.value.counterparty_id == first.pk


def test_changing_to_a_number_that_is_there_is_refused(world):
    world.add()
    second = world.add(number=OTHER_NUMBER)
    with pytest.raises(ThereAlready):
        world.edit(second, number=NUMBER)
    assert world.row(second).number == OTHER_NUMBER


# Changing


def test_a_change_is_saved_with_both_values_in_the_history(world):
    added = world.add(contacts=[{"name": "이담당"}])
    changed = world.edit(added, name="새 이름", contacts=[{"name": "김담당"}, {"name": "이담당"}])
    assert changed.version == 2
    assert world.actions(added)[-1] == (
        "edit",
        {"name": ["(주)구매상사", "새 이름"], "contacts": ["이담당", "김담당\n이담당"]},
    )
    assert [one.name for one in world.details(added).contacts] == ["김담당", "이담당"]


def test_the_second_editor_sees_a_conflict_and_overwrites_nothing(world):
    added = world.add()
    world.edit(added, name="먼저 저장")
    with pytest.raises(ChangedMeanwhile):
        world.edit(added, version=1, name="나중 저장")
    assert world.row(added).name == "먼저 저장"
    assert len(world.actions(added)) == 2


def test_saving_the_same_again_changes_nothing(world):
    added = world.add(contacts=[{"name": "이담당"}])
    world.edit(added, contacts=[{"name": "이담당"}])
    assert world.row(added).version == 1
    assert len(world.actions(added)) == 1


def test_a_memo_is_written_alone(world):
    added = world.add(contacts=[{"name": "이담당"}])
    with world.open():
        editing.write_memo(
            member=world.member, counterparty_id=added.pk, version=1, memo="월말 마감", now=NOW
        )
    assert world.row(added).memo == "월말 마감"
    assert world.details(added).contacts[0].name == "이담당"


def test_a_status_is_forgotten_with_the_number_it_was_said_of(world):
    added = world.add(status=said(state=BusinessState.CLOSED))
    assert world.row(world.edit(added, name="새 이름")).tax_status == "03"
    changed = world.edit(world.row(added), name="새 이름", number=OTHER_NUMBER)
    assert (world.row(changed).tax_status, world.row(changed).tax_status_checked_at) == ("", None)


# The archive


def test_the_archive_is_for_looking_only_and_can_be_left(world):
    added = world.add()
    with world.open():
        for _ in range(2):
            editing.archive(member=world.member, counterparty_id=added.pk, now=NOW)
    assert world.row(added).archived_at == NOW
    with pytest.raises(IsArchived):
        world.edit(added, version=2, name="x")
    with world.open():
        for _ in range(2):
            editing.unarchive(member=world.member, counterparty_id=added.pk, now=NOW)
    assert world.row(added).archived_at is None
    assert [action for action, _ in world.actions(added)] == ["create", "archive", "unarchive"]


def test_leaving_the_archive_is_refused_where_the_number_is_used_again(world):
    first = world.add()
    with world.open():
        editing.archive(member=world.member, counterparty_id=first.pk, now=NOW)
        Counterparty.objects.create(workspace=world.workspace, name="새 거래처", number=NUMBER)
        with pytest.raises(ThereAlready):
            editing.unarchive(member=world.member, counterparty_id=first.pk, now=NOW)


# Numbers of people


def test_a_resident_number_is_encrypted_and_found_by_its_fingerprint(world):
    added = world.row(world.add(given=person(personal_number="900101-9999999")))
    assert RESIDENT.encode() not in bytes(added.personal_number)
    assert RESIDENT not in added.search
    assert personal.plain(added) == RESIDENT
    assert personal.masked(added) == "900101-*******"
    with pytest.raises(ThereAlready):
        world.add(given=person(name="다른 이름", personal_number=RESIDENT))


def test_a_number_of_a_person_never_stands_in_the_history(world):
    added = world.add(given=person(personal_number=RESIDENT))
    world.edit(added, **vars_of_person(personal_number=OTHER_RESIDENT))
    with world.open():
        editing.reveal(member=world.member, counterparty_id=added.pk, now=NOW)
    text = str(world.actions(added))
    assert RESIDENT not in text
    assert OTHER_RESIDENT not in text
    assert world.actions(added)[1] == ("edit", {"personal_number": ["●", "●"]})


def vars_of_person(**values):
    return {"kind": "individual", "number": "", "name": "박개인", "representative": ""} | values


def test_an_edit_that_does_not_touch_the_number_keeps_it(world):
    added = world.add(given=person(personal_number=RESIDENT))
    changed = world.edit(added, **vars_of_person(name="박개명"))
    assert personal.plain(world.row(changed)) == RESIDENT


def test_a_number_can_be_taken_away(world):
    added = world.add(given=person(personal_number=RESIDENT))
    changed = world.row(world.edit(added, **vars_of_person(personal_number="")))
    assert (changed.personal_number, changed.personal_number_hmac) == (None, "")
    assert personal.masked(changed) == ""


def test_one_who_became_a_business_keeps_no_resident_number(world):
    added = world.add(given=person(personal_number=RESIDENT))
    changed = world.row(world.edit(added, name="박개인상사"))
    assert (changed.kind, changed.number, changed.personal_number) == ("business", NUMBER, None)


def test_a_foreigner_is_known_by_passport_or_registration_number(world):
    added = world.row(
        world.add(given=person(kind="foreigner", name="Jane Roe", personal_number="m12-345678"))
    )
    assert personal.plain(added) == "M12345678"
    assert personal.masked(added) == "M1*******"


def test_a_resident_number_with_an_odd_date_is_saved_with_a_doubt(world):
    assert personal.plain(world.add(given=person(personal_number="9913999999999"))) == "9913999999999"


def test_each_reveal_is_an_entry_with_who_when_and_from_where(world):
    added = world.add(given=person(personal_number=RESIDENT))
    writer = add_member(world.workspace, "writer")
    later = NOW + timedelta(hours=1)
    with world.open():
        for _ in range(2):
            assert editing.reveal(member=writer, counterparty_id=added.pk, now=later) == RESIDENT
        entries = CounterpartyChange.objects.filter(action="reveal")
        assert [(one.by_id, one.at, one.address) for one in entries] == [
            (writer.actor.user_id, later, "127.0.0.1")
        ] * 2


def test_where_there_is_no_number_nothing_is_revealed_and_nothing_recorded(world):
    added = world.add()
    with world.open():
        assert editing.reveal(member=world.member, counterparty_id=added.pk, now=NOW) == ""
    assert len(world.actions(added)) == 1


# Rights


def test_a_viewer_changes_and_reveals_nothing(world):
    added = world.add(given=person(personal_number=RESIDENT))
    viewer = add_member(world.workspace, "viewer")
    with world.open():
        for refused in (
            lambda: editing.add(member=viewer, details=details(), now=NOW),
            lambda: editing.edit(
                member=viewer, counterparty_id=added.pk, version=1, details=details(), now=NOW
            ),
            lambda: editing.archive(member=viewer, counterparty_id=added.pk, now=NOW),
            lambda: editing.unarchive(member=viewer, counterparty_id=added.pk, now=NOW),
            lambda: editing.reveal(member=viewer, counterparty_id=added.pk, now=NOW),
        ):
            with pytest.raises(PermissionDenied):
                refused()
    assert len(world.actions(added)) == 1


def test_whoever_writes_for_one_business_writes_the_common_address_book(world):
    business = first_business(world.workspace)
    member = add_member(world.workspace, "none", business_roles={business: "writer"})
    assert world.add(member=member).pk


def test_another_workspaces_counterparty_is_not_there(world):
    added = world.add()
    stranger = make_world(business=None)
    with stranger.open(), pytest.raises(Counterparty.DoesNotExist):
        editing.archive(member=stranger.member, counterparty_id=added.pk, now=NOW)
    assert make_workspace().pk != world.workspace.pk
