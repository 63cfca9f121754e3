"""확인 and 공제·불공제: by whom, of what, one or many, each told; and what is to be noticed about a document."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from record_world import (
    BUYER,
    SUPPLIER,
    amendment_of,
    authority_of,
    document,
    records,
    signed,
    upload,
    workspace_of,
)
from service_world import NOW, acting, add_member, make_business, member_client

from dojang.service.counterparties.models import Counterparty
from dojang.service.law import law
from dojang.service.records import deciding
from dojang.service.records.deduction import GROUNDS
from dojang.service.records.errors import (
    ChangedMeanwhile,
    NoPurchase,
    NoSuchRecord,
    NothingToDeduct,
    UnknownChoice,
)
from dojang.service.records.flags import flags_of
from dojang.service.records.models import Check, NotDeductible, Record, RecordEvent
from dojang.service.records.selectors import with_flags
from dojang.service.records.words import badge
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def authority(monkeypatch):
    return authority_of(monkeypatch)


@pytest.fixture
def buyer(db, authority):
    return workspace_of(BUYER, proved=False)


def decide(workspace, versions, *, member=None, **values):
    with in_workspace(workspace.pk):
        return deciding.decide(
            member=member or acting(workspace),
            versions=versions,
            decision=deciding.Decision(**values),
            now=NOW,
        )


def check(workspace, versions, *, member=None, **values):
    with in_workspace(workspace.pk):
        return deciding.check(member=member or acting(workspace), versions=versions, now=NOW, **values)


def told(workspace):
    with in_workspace(workspace.pk):
        return [(one.action, one.data) for one in RecordEvent.objects.exclude(action="uploaded")]


def test_a_purchase_is_to_be_checked_until_somebody_does(buyer):
    record = upload(buyer, signed()).record
    assert badge(record) == ("warn", "확인 필요")
    check(buyer, {record.pk: record.version})
    [row] = records(buyer)
    assert badge(row) == ("good", "확인완료")
    check(buyer, {row.pk: row.version}, checked=False)
    assert [action for action, _ in told(buyer)] == ["checked", "unchecked"]
    assert records(buyer)[0].check_state == Check.TO_CHECK


def test_a_decision_is_a_check_and_tells_what_changed(buyer):
    record = upload(buyer, signed()).record
    decide(buyer, {record.pk: 1}, not_deductible="3", fixed_asset=True, note="  법인  차량 ")
    [row] = records(buyer)
    assert (row.check_state, row.not_deductible, row.fixed_asset, row.note) == (
        Check.CHECKED, "3", True, "법인 차량",
    )  # fmt: skip
    assert badge(row) == ("cancelled", "불공제")
    [(action, data)] = told(buyer)
    assert action == "decided"
    assert data["not_deductible"] == ["", "3"]


def test_what_is_decided_already_is_told_once(buyer):
    record = upload(buyer, signed()).record
    decide(buyer, {record.pk: 1}, note="같음")
    assert decide(buyer, {record.pk: None}, note="같음") == []
    assert len(told(buyer)) == 1


def test_many_at_once_or_none(buyer):
    one, two = (upload(buyer, signed()).record for _ in range(2))
    exempt = upload(
        buyer,
        signed(
            document(
                document_type="0301", items=[{"name": "쌀", "supply_amount": 50_000, "tax_amount": None}]
            )
        ),
    ).record
    with pytest.raises(NothingToDeduct):
        decide(buyer, dict.fromkeys([one.pk, two.pk, exempt.pk]), not_deductible="2")
    assert {row.not_deductible for row in records(buyer)} == {""}
    assert len(decide(buyer, dict.fromkeys([one.pk, two.pk]), not_deductible="2")) == 2
    assert len(check(buyer, dict.fromkeys([one.pk, two.pk, exempt.pk]))) == 1


def test_two_editors_do_not_overwrite_each_other(buyer):
    record = upload(buyer, signed()).record
    decide(buyer, {record.pk: 1}, note="먼저")
    with pytest.raises(ChangedMeanwhile):
        decide(buyer, {record.pk: 1}, note="나중")
    assert records(buyer)[0].note == "먼저"


def test_an_unknown_ground_is_refused(buyer):
    record = upload(buyer, signed()).record
    with pytest.raises(UnknownChoice):
        decide(buyer, {record.pk: 1}, not_deductible="99")


def test_a_sale_is_neither_checked_nor_deducted(db, authority):
    seller = workspace_of(SUPPLIER, proved=False)
    record = upload(seller, signed()).record
    assert badge(record) == ("", "")
    for act in (check, decide):
        with pytest.raises(NoPurchase):
            act(seller, {record.pk: None})


@pytest.mark.parametrize("role", ["viewer"])
def test_who_may_only_look_decides_nothing(buyer, role):
    record = upload(buyer, signed()).record
    member = add_member(buyer, role)
    for act in (check, decide):
        with pytest.raises(PermissionDenied):
            act(buyer, {record.pk: 1}, member=member)


def test_rights_are_of_each_business_and_what_one_may_not_see_is_not_there(buyer):
    record = upload(buyer, signed()).record
    other = make_business(buyer)
    with in_workspace(buyer.pk):
        first = Business.objects.exclude(pk=other.pk).get()
    member = add_member(buyer, "writer", business_roles={first: "none"})
    with pytest.raises(NoSuchRecord):
        check(buyer, {record.pk: 1}, member=member)


def test_a_record_of_another_workspace_is_not_there(buyer):
    record = upload(buyer, signed()).record
    stranger = workspace_of(SUPPLIER, proved=False)
    with pytest.raises(NoSuchRecord):
        check(stranger, {record.pk: 1})


def test_every_ground_has_its_law():
    assert set(GROUNDS) == set(NotDeductible)
    assert all(ground.citation and ground.ko and ground.en for ground in GROUNDS.values())


# The pages that lists and the page of one post to


def test_the_list_decides_about_what_was_ticked(buyer):
    ids = [upload(buyer, signed()).record.pk for _ in range(2)]
    owner = member_client(buyer)
    here = f"/w/{buyer.slug}/records/"
    answer = owner.post(f"{here}check/", {"record": ids})
    assert (answer.status_code, answer.headers["Location"]) == (302, here)
    owner.post(f"{here}decide/", {"record": ids, "not_deductible": "4"})
    assert {(row.check_state, row.not_deductible) for row in records(buyer)} == {("checked", "4")}
    assert owner.post(f"{here}check/", {}).status_code == 400
    assert owner.post(f"{here}check/", {"record": [*ids, 10**17]}).status_code == 404


def test_after_deciding_one_is_back_where_one_was_and_nowhere_else(buyer):
    record = upload(buyer, signed()).record
    owner = member_client(buyer)
    here = f"/w/{buyer.slug}/records/"
    for given, expected in (
        (f"{here}?tab=all", f"{here}?tab=all"),
        ("https://evil.example/", here),
        ("//evil.example/", here),
        ("/account/logout/", here),
    ):
        answer = owner.post(f"{here}check/", {"record": record.pk, "next": given})
        assert answer.headers["Location"] == expected


def test_a_box_that_is_not_ticked_takes_the_mark_back_where_it_was_shown(buyer):
    record = upload(buyer, signed()).record
    owner, url = member_client(buyer), f"/w/{buyer.slug}/records/decide/"
    owner.post(url, {"record": record.pk, "fixed_asset": "on"})
    owner.post(url, {"record": record.pk, "note": "그대로"})
    assert records(buyer)[0].fixed_asset
    owner.post(url, {"record": record.pk, "fixed_asset_shown": "1"})
    assert not records(buyer)[0].fixed_asset


# Flags


def codes(workspace, record):
    with in_workspace(workspace.pk):
        row = with_flags(Record.objects.filter(pk=record.pk)).get()
        return [flag.code for flag in flags_of(row, law=law())]


@pytest.mark.parametrize(
    ("written_on", "issued_at", "expected"),
    [
        ("2026-06-08", "2026-07-10", []),
        ("2026-04-08", "2026-05-12", ["late"]),
        ("2026-06-08", "2026-07-13", ["late_next_period"]),
        ("2025-12-08", "2026-05-12", ["late_after_return"]),
        ("2024-06-08", "2026-07-13", ["late_lost"]),
    ],
)
def test_what_was_received_late_says_so(buyer, written_on, issued_at, expected):
    one = document(written_on=written_on, issued_at=f"{issued_at}T10:00:00+09:00")
    record = upload(buyer, signed(one)).record if issued_at > "2026-05-10" else None
    assert record is not None
    assert codes(buyer, record) == expected


def late_by_a_month(buyer):
    one = document(written_on="2026-04-08", issued_at="2026-05-12T10:00:00+09:00")
    return upload(buyer, signed(one)).record


def test_what_is_not_deducted_costs_nothing_for_being_late(buyer):
    """부가가치세법 제60조 제7항 제1호: of the input tax that was deducted."""
    record = late_by_a_month(buyer)
    record.not_deductible = "4"
    with in_workspace(buyer.pk):
        [flag] = flags_of(record, law=law())
    assert (flag.code, "가산세" in flag.why_ko) == ("late", False)


@pytest.mark.parametrize("tax_type", ["simplified", "exempt"])
def test_who_deducts_nothing_owes_nothing_for_receiving_late(buyer, tax_type):
    record = late_by_a_month(buyer)
    record.business.facts = {
        "supplier_kind": "individual",
        "supplier_tax_types": [{"from": "2020-01-01", "type": tax_type}],
    }
    with in_workspace(buyer.pk):
        [flag] = flags_of(record, law=law())
    assert (flag.code, "가산세" in flag.why_ko) == ("late", False)


def test_late_without_tax_costs_nothing(buyer):
    one = document(
        document_type="0301",
        written_on="2026-05-08",
        issued_at="2026-06-12T10:00:00+09:00",
        items=[{"name": "쌀", "supply_amount": 50_000, "tax_amount": None}],
    )
    record = upload(buyer, signed(one)).record
    with in_workspace(buyer.pk):
        [flag] = flags_of(record, law=law())
    assert (flag.code, "가산세" in flag.why_ko) == ("late", False)


def test_an_amended_document_and_its_amendment_say_so(buyer):
    one = document()
    first = upload(buyer, signed(one)).record
    assert codes(buyer, first) == []
    second = upload(buyer, signed(amendment_of(one))).record
    assert codes(buyer, first) == ["amended"]
    assert codes(buyer, second) == ["amendment"]


@pytest.mark.parametrize(
    ("status", "closed_on", "expected"),
    [
        ("01", None, []),
        ("02", None, ["supplier_suspended"]),
        ("03", date(2026, 10, 1), ["supplier_closed"]),
        ("03", date(2026, 11, 19), []),
        ("00", None, ["supplier_unregistered"]),
    ],
)
def test_a_supplier_that_is_closed_is_told(buyer, status, closed_on, expected):
    with in_workspace(buyer.pk):
        Counterparty.objects.create(
            workspace=buyer, number=SUPPLIER, name="큰솔", tax_status=status, closed_on=closed_on
        )
    assert codes(buyer, upload(buyer, signed()).record) == expected


def test_a_consigned_document_says_so(buyer):
    broker = {"business_number": SUPPLIER, "name": "위탁센터", "representative": "수탁"}
    record = upload(buyer, signed(document(document_type="0103", broker=broker))).record
    assert codes(buyer, record) == ["consigned"]
