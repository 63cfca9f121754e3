"""Paper is typed in, changed and deleted; nothing that somebody signed is."""

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from pypdf import PdfReader
from record_world import BUYER, SUPPLIER, authority_of, records, signed, upload, workspace_of
from service_world import NOW, acting, add_member, business_number, first_business, member_client

from dojang.etax.codes import Taxation
from dojang.service.counterparties.models import Counterparty
from dojang.service.records import content, paper
from dojang.service.records.errors import AskedTwice, ChangedMeanwhile, OnlyPaper
from dojang.service.records.models import PartyKind, Record, RecordEvent, Side, Source
from dojang.service.records.paper import Paper, PaperItem
from dojang.service.records.refusals import PaperRefused
from dojang.service.records.taking import document_of
from dojang.service.tenancy.scope import in_workspace

TODAY = date(2026, 11, 20)
PERSON = "9001011234567"


@pytest.fixture
def buyer(db, monkeypatch):
    authority_of(monkeypatch)
    return workspace_of(BUYER, proved=False)


def typed(**values) -> Paper:
    given = {
        "side": Side.PURCHASE,
        "taxation": Taxation.TAXABLE,
        "written_on": TODAY,
        "name": "늘푸른식당",
        "number": SUPPLIER,
        "items": (PaperItem("회식비", 100_005),),
    }
    return Paper(**(given | values))


def add(workspace, one=None, *, member=None, **values) -> Record:
    business = first_business(workspace)
    with in_workspace(workspace.pk):
        return paper.add(
            member=member or acting(workspace),
            business_id=business.pk,
            paper=one or typed(),
            now=NOW,
            **values,
        )


def edit(workspace, record, one, *, version=1):
    with in_workspace(workspace.pk):
        return paper.edit(member=acting(workspace), record_id=record.pk, version=version, paper=one, now=NOW)


def delete(workspace, record, *, version=1):
    with in_workspace(workspace.pk):
        paper.delete(member=acting(workspace), record_id=record.pk, version=version, now=NOW)


def test_paper_is_a_record_without_an_issue_id(buyer):
    add(buyer, typed(issued_on=TODAY - timedelta(days=1), remark="수기"))
    [row] = records(buyer)
    assert (row.source, row.side, row.issue_id, row.sha256) == (Source.PAPER, Side.PURCHASE, "", "")
    assert (row.supply_amount, row.tax_amount, row.total_amount) == (100_005, 10_000, 110_005)
    assert (row.document_type, row.party_number, row.party_name) == ("0101", SUPPLIER, "늘푸른식당")
    assert row.issued_on == TODAY - timedelta(days=1)
    with in_workspace(buyer.pk):
        document = document_of(row)
    assert (document.buyer.number, document.supplier.business_number) == (BUYER, SUPPLIER)
    assert document.remarks == ("수기",)


@pytest.mark.parametrize(("rounding", "tax"), [("down", 10_000), ("half_up", 10_001), ("up", 10_001)])
def test_tax_that_was_left_out_is_rounded_as_the_business_does(buyer, rounding, tax):
    with in_workspace(buyer.pk):
        business = first_business(buyer)
        business.rounding = rounding
        business.save(update_fields=["rounding"])
    assert add(buyer).tax_amount == tax


def test_tax_that_was_typed_stays(buyer):
    assert add(buyer, typed(items=(PaperItem("a", 100_000, 9_999),))).tax_amount == 9_999


@pytest.mark.parametrize(("taxation", "kind"), [(Taxation.ZERO_RATED, "0102"), (Taxation.EXEMPT, "0301")])
def test_without_tax_there_is_none_whatever_was_typed(buyer, taxation, kind):
    row = add(buyer, typed(taxation=taxation, items=(PaperItem("a", 100_000, 10_000),)))
    assert (row.document_type, row.tax_amount) == (kind, 0)


def test_an_amendment_on_paper_may_be_below_zero(buyer):
    items = (PaperItem("반품", -100_000),)
    with pytest.raises(PaperRefused) as refusal:
        add(buyer, typed(items=items))
    assert set(refusal.value.problems) == {"items"}
    row = add(buyer, typed(items=items, amended=True))
    assert (row.document_type, row.total_amount) == ("0201", -110_000)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"number": "1234567890"}, "number"),
        ({"number": ""}, "number"),
        ({"party_kind": PartyKind.INDIVIDUAL}, "party_kind"),
        ({"written_on": TODAY + timedelta(days=1)}, "written_on"),
        ({"written_on": date(1999, 12, 31)}, "written_on"),
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"branch_number": "12"}, "branch_number"),
        ({"items": ()}, "items"),
        ({"items": (PaperItem("이름뿐"),)}, "items"),
        ({"items": (PaperItem("a", 10**16),)}, "items"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(buyer, values, field):
    with pytest.raises(PaperRefused) as refusal:
        add(buyer, typed(**values))
    assert field in refusal.value.problems
    assert records(buyer) == []


def test_the_same_party_day_and_amount_is_asked_about_once(buyer):
    add(buyer)
    with pytest.raises(AskedTwice):
        add(buyer)
    add(buyer, is_another=True)
    add(buyer, typed(written_on=TODAY - timedelta(days=1)))
    assert len(records(buyer)) == 3


def test_an_uploaded_document_of_the_same_deal_is_noticed_too(buyer):
    upload(buyer, signed())
    with pytest.raises(AskedTwice):
        add(buyer, typed(written_on=date(2026, 11, 10), items=(PaperItem("복사용지", 1_000_000),)))


def test_an_edit_tells_what_changed_and_keeps_the_rest(buyer):
    record = add(buyer)
    edit(buyer, record, typed(name="늘푸른식당 본점", items=(PaperItem("회식비", 200_000),)))
    [row] = records(buyer)
    assert (row.party_name, row.total_amount, row.version) == ("늘푸른식당 본점", 220_000, 2)
    with in_workspace(buyer.pk):
        event = RecordEvent.objects.get(action="edited")
    assert event.data["party_name"] == ["늘푸른식당", "늘푸른식당 본점"]
    assert event.data["total_amount"] == [110_005, 220_000]


def test_two_editors_do_not_overwrite_each_other(buyer):
    record = add(buyer)
    edit(buyer, record, typed(name="먼저"))
    for act in (lambda: edit(buyer, record, typed(name="나중")), lambda: delete(buyer, record)):
        with pytest.raises(ChangedMeanwhile):
            act()
    assert records(buyer)[0].party_name == "먼저"


def test_what_was_deleted_is_gone_from_lists_and_its_history_stays(buyer):
    record = add(buyer)
    delete(buyer, record)
    [row] = records(buyer)
    assert row.deleted_at == NOW
    owner = member_client(buyer)
    assert owner.get(f"/w/{buyer.slug}/records/{record.pk}/").status_code == 404
    with in_workspace(buyer.pk):
        assert list(row.events.values_list("action", flat=True)) == ["typed", "deleted"]
    add(buyer)


def test_nothing_that_was_signed_is_changed_or_deleted(buyer):
    record = upload(buyer, signed()).record
    for act in (lambda: edit(buyer, record, typed()), lambda: delete(buyer, record)):
        with pytest.raises(OnlyPaper):
            act()
    assert member_client(buyer).get(f"/w/{buyer.slug}/records/{record.pk}/edit/").status_code == 400


def test_who_may_only_look_types_nothing_in(buyer):
    with pytest.raises(PermissionDenied):
        add(buyer, member=add_member(buyer, "viewer"))


def test_a_sale_to_a_person_keeps_the_number_encrypted(buyer):
    sale = typed(
        side=Side.SALES,
        party_kind=PartyKind.INDIVIDUAL,
        personal_number="900101-1234567",
        number="",
        name="홍길동",
    )
    record = add(buyer, sale)
    assert (record.party_number, record.party_kind) == ("", "individual")
    assert PERSON not in str(record.content) + record.search
    with in_workspace(buyer.pk):
        assert content.whole(record).buyer.number == PERSON
        shown = paper.typed(record)
    assert (shown.personal_number, PERSON in repr(shown)) == (None, False)
    edit(buyer, record, replace(sale, personal_number=None, name="홍길순"))
    with in_workspace(buyer.pk):
        assert content.whole(records(buyer)[0]).buyer.number == PERSON
        assert PERSON not in str(list(RecordEvent.objects.values_list("data", flat=True)))


def test_the_masked_number_is_all_that_the_page_shows(buyer):
    record = add(
        buyer,
        typed(side=Side.SALES, party_kind=PartyKind.INDIVIDUAL, personal_number=PERSON, number="", name="홍"),
    )
    page = member_client(buyer).get(f"/w/{buyer.slug}/records/{record.pk}/").content.decode()
    assert PERSON not in page
    assert "1234567" not in page


@pytest.mark.parametrize(
    ("values", "title"),
    [({}, "세금계산서 (종이)"), ({"taxation": Taxation.EXEMPT, "amended": True}, "수정계산서 (종이)")],
)
def test_its_form_says_that_it_is_paper_and_never_that_it_is_electronic(buyer, values, title):
    record = add(buyer, typed(**values))
    browser, here = member_client(buyer), f"/w/{buyer.slug}/records/{record.pk}/"
    page, printed = (browser.get(here + path).content.decode() for path in ("", "form/"))
    pdf = browser.get(f"{here}pdf/").content
    drawn = "".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages)
    shown = page[page.index("dojang-form") :].partition("</main>")[0]
    for text in (re.sub(r"<[^>]+>|\s", "", one) for one in (shown, printed, drawn)):
        assert title.replace(" ", "") in text
        assert "종이문서의내용을옮겨적은것입니다" in text
        assert "전자세금계산서" not in text
        assert "전자계산서" not in text
        assert "발행전미리보기" not in text


def test_the_page_finds_a_counterparty_and_fills_it_in(buyer):
    number = business_number(77)
    with in_workspace(buyer.pk):
        one = Counterparty.objects.create(
            workspace=buyer, number=number, name="새봄상사", representative="박새봄", search="새봄상사"
        )
    owner, url = member_client(buyer), f"/w/{buyer.slug}/records/paper/"
    business = str(first_business(buyer).pk)
    values = {"side": "purchase", "taxation": "taxable", "business": business, "item_1": "적던 품목"}
    found = owner.post(url, values | {"find": "새봄", "look_up": "1"}).content.decode()
    assert "새봄상사" in found
    assert "적던 품목" in found
    filled = owner.post(url, values | {"use": str(one.pk)}).content.decode()
    assert f"{number[:3]}-{number[3:5]}-{number[5:]}" in filled
    assert "적던 품목" in filled
    assert records(buyer) == []


def test_the_page_saves_asks_once_and_goes_on(buyer):
    owner, url = member_client(buyer), f"/w/{buyer.slug}/records/paper/"
    values = {
        "side": "purchase",
        "taxation": "taxable",
        "business": str(first_business(buyer).pk),
        "party_kind": "business",
        "number": SUPPLIER,
        "name": "늘푸른식당",
        "written_on": "2026-11-10",
        "item_1": "회식비",
        "supply_1": "1,000,000",
        "tax_1": "",
    }
    first = owner.post(url, values)
    [row] = records(buyer)
    assert (first.status_code, row.total_amount) == (302, 1_100_000)
    again = owner.post(url, values)
    assert again.status_code == 409
    assert "같은 내용의 다른 문서가 맞습니다" in again.content.decode()
    more = owner.post(url, values | {"is_another": "on", "more": "1"})
    assert more.headers["Location"] == url
    assert len(records(buyer)) == 2
    assert owner.post(url, values | {"supply_1": "백만원"}).status_code == 422
    here = f"/w/{buyer.slug}/records/{row.pk}/"
    assert "회식비" in owner.get(f"{here}edit/").content.decode()
    assert owner.post(f"{here}edit/", values | {"version": "1", "name": "본점"}).status_code == 409
    given = values | {"version": "1", "name": "본점", "is_another": "on"}
    assert owner.post(f"{here}edit/", given).status_code == 302
    assert owner.post(f"{here}delete/", {"version": "2"}).status_code == 302
