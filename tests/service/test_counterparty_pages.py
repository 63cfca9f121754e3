"""The pages of counterparties: what each shows, to whom, and that the second editor loses nothing."""

import io
import zipfile
from datetime import date

import pytest
from counterparty_world import NUMBER, OTHER_NUMBER, RESIDENT, TaxOffice, make_world, person, said
from django.core.files.uploadedfile import SimpleUploadedFile
from service_world import NOW, business_number, first_business, member_client

from dojang.service.counterparties import taxstatus
from dojang.service.counterparties.models import BusinessState, Counterparty, CounterpartyChange, SheetUpload
from dojang.service.counterparties.services import editing
from dojang.service.counterparties.sheets import reading
from dojang.service.counterparties.taxstatus import Unavailable
from dojang.service.invoices.models import Invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def client(world):
    return member_client(world.workspace)


@pytest.fixture(autouse=True)
def office(monkeypatch):
    office = TaxOffice()
    monkeypatch.setattr(taxstatus, "configured", lambda: office)
    return office


def typed(**values):
    given = {"kind": "business", "number": "998-81-00012", "name": "(주)구매상사", "representative": "이구매"}
    return given | values


def contact(place, **values):
    given = {"name": "", "department": "", "email": "", "phone": ""} | values
    return {f"contact-{place}-{name}": value for name, value in given.items()}


def only(world):
    with world.open():
        return Counterparty.objects.get()


def text(response):
    return response.content.decode()


# Adding


def test_a_counterparty_is_added_and_its_status_asked_for(world, client, office):
    answer = client.post(world.url("add/"), typed() | contact(0, name="이담당", email="b@example.com"))
    added = only(world)
    assert answer.status_code == 302
    assert answer["Location"] == world.url(f"{added.pk}/")
    assert (added.number, added.tax_status) == (NUMBER, "01")
    assert office.asked == [[NUMBER]]
    page = text(client.get(answer["Location"]))
    assert "998-81-00012" in page
    assert "계속사업자" in page
    assert "b@example.com" in page


@pytest.mark.parametrize("down", [Unavailable.NO_ANSWER, Unavailable.NOT_SET_UP])
def test_it_is_saved_whatever_the_other_office_does(world, client, office, down):
    office.down = down
    page = client.post(world.url("add/"), typed(), follow=True)
    assert only(world).tax_status == ""
    assert down.ko in text(page)
    assert "미확인" in text(page)


def test_a_closed_business_is_added_with_a_warning(world, client, office):
    office.told[NUMBER] = said(state=BusinessState.CLOSED, closed_on=date(2026, 10, 31))
    page = text(client.post(world.url("add/"), typed(), follow=True))
    assert "폐업한 사업자입니다" in page
    assert "2026-10-31" in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world, client):
    answer = client.post(
        world.url("add/"), typed(number="1234567890", memo="메모") | contact(0) | contact(1, email="nobody")
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["number"]
    assert answer.context["rows"][1].errors["email"]
    assert not answer.context["rows"][0].errors
    assert 'value="1234567890"' in text(answer)
    with world.open():
        assert not Counterparty.objects.exists()


def test_the_same_number_is_refused_with_a_link_and_not_asked_for(world, client, office):
    there = world.add()
    answer = client.post(world.url("add/"), typed(name="다른 이름"))
    assert answer.status_code == 409
    assert world.url(f"{there.pk}/") in text(answer)
    assert office.asked == []
    with world.open():
        editing.archive(member=world.member, counterparty_id=there.pk, now=NOW)
    assert "보관함" in text(client.post(world.url("add/"), typed()))


def test_contacts_are_added_moved_and_removed_without_script(world, client):
    rows = typed() | contact(0, name="하나") | contact(1, name="둘")
    more = client.post(world.url("add/"), rows | {"more": "1"})
    assert [row["name"].value() or "" for row in more.context["rows"]] == ["하나", "둘", ""]
    assert more.context["form"]["name"].value() == "(주)구매상사"
    moved = client.post(world.url("add/"), rows | {"up": "1"})
    assert [row["name"].value() for row in moved.context["rows"]] == ["둘", "하나"]
    fewer = client.post(world.url("add/"), rows | {"drop": "0"})
    assert [row["name"].value() for row in fewer.context["rows"]] == ["둘"]
    for odd in ({"up": "0"}, {"up": "x"}, {"drop": "99"}, {"drop": "-1"}):
        kept = client.post(world.url("add/"), rows | odd)
        assert [row["name"].value() for row in kept.context["rows"]] == ["하나", "둘"]
    with world.open():
        assert not Counterparty.objects.exists()


# Changing


def test_an_edit_is_saved_and_stands_in_the_history(world, client):
    added = world.add(memo="앞")
    url = world.url(f"{added.pk}/edit/")
    form = client.get(url).context["form"]
    assert (form["version"].value(), form["memo"].value()) == (1, "앞")
    answer = client.post(url, typed(version=1, name="새 이름", memo="뒤"), follow=True)
    assert world.row(added).name == "새 이름"
    assert "<del" in text(answer)


def test_the_second_editor_sees_both_values_and_decides(world, client):
    added = world.add()
    url = world.url(f"{added.pk}/edit/")
    client.post(url, typed(version=1, representative="먼저"))
    answer = client.post(url, typed(version=1, representative="나중"))
    assert answer.status_code == 409
    assert answer.context["conflicts"] == {"representative": ("먼저", "나중")}
    assert answer.context["form"]["version"].value() == 2
    assert answer.context["form"]["representative"].value() == "나중"
    assert world.row(added).representative == "먼저"
    client.post(url, typed(version=2, representative="나중"))
    assert world.row(added).representative == "나중"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_an_odd_version_overwrites_nothing(world, client, version):
    added = world.add()
    answer = client.post(world.url(f"{added.pk}/edit/"), typed(version=version, name="x"))
    assert answer.status_code in {409, 422}
    assert world.row(added).name == "(주)구매상사"


def test_one_in_the_archive_is_not_edited(world, client):
    added = world.add()
    client.post(world.url(f"{added.pk}/archive/"))
    assert client.get(world.url(f"{added.pk}/edit/")).status_code == 409
    page = text(client.get(world.url(f"{added.pk}/")))
    assert "보관 해제" in page
    assert world.url(f"{added.pk}/edit/") not in page
    client.post(world.url(f"{added.pk}/unarchive/"))
    assert world.row(added).archived_at is None


def test_a_memo_is_saved_alone_and_a_conflict_keeps_what_was_typed(world, client):
    added = world.add()
    client.post(world.url(f"{added.pk}/memo/"), {"memo": "월말 마감", "version": 1})
    assert world.row(added).memo == "월말 마감"
    answer = client.post(world.url(f"{added.pk}/memo/"), {"memo": "다른 메모", "version": 1})
    assert answer.status_code == 409
    assert "다른 메모" in text(answer)
    assert world.row(added).memo == "월말 마감"
    assert client.post(world.url(f"{added.pk}/memo/"), {"memo": "가" * 4001, "version": 2}).status_code == 422
    assert client.post(world.url(f"{added.pk}/memo/"), {"memo": "x"}).status_code == 422


# One counterparty


def test_the_number_of_a_person_is_masked_until_it_is_asked_for(world, client):
    added = world.add(given=person(personal_number=RESIDENT))
    url = world.url(f"{added.pk}/")
    assert "900101-*******" in text(client.get(url))
    assert RESIDENT not in text(client.get(url))
    assert RESIDENT not in text(client.get(world.url(f"{added.pk}/edit/")))
    assert RESIDENT not in text(client.get(world.url()))
    revealed = client.post(f"{url}reveal/")
    assert "900101-9999999" in text(revealed)
    assert "no-store" in revealed["Cache-Control"]
    assert "9999999" not in text(client.get(url))
    with world.open():
        assert CounterpartyChange.objects.filter(action="reveal").count() == 1


def test_an_edit_without_the_number_keeps_it_and_the_box_takes_it_away(world, client):
    added = world.add(given=person(personal_number=RESIDENT))
    url = world.url(f"{added.pk}/edit/")
    values = {"kind": "individual", "name": "박개인", "version": 1, "memo": "x"}
    client.post(url, values)
    assert world.row(added).personal_number is not None
    client.post(url, values | {"version": 2, "remove_personal_number": "on"})
    assert world.row(added).personal_number is None


def test_there_is_nothing_to_reveal_of_a_business(world, client):
    assert client.post(world.url(f"{world.add().pk}/reveal/")).status_code == 404


def test_the_status_is_asked_for_on_demand(world, client, office):
    added = world.add()
    office.told[NUMBER] = said(state=BusinessState.SUSPENDED)
    page = text(client.post(world.url(f"{added.pk}/check/"), follow=True))
    assert "휴업 중인 사업자입니다" in page
    assert world.row(added).tax_status == "02"
    office.down = Unavailable.TOO_MANY
    assert Unavailable.TOO_MANY.ko in text(client.post(world.url(f"{added.pk}/check/"), follow=True))
    office.down, office.silent_about = None, {NUMBER}
    assert client.post(world.url(f"{added.pk}/check/"), follow=True).status_code == 200


def test_invoices_to_it_stand_there_with_their_sums(world, client):
    added = world.add()
    user_id = world.member.actor.user_id
    business = first_business(world.workspace)
    with world.open():
        for state, amount in (("accepted", 10_000), ("issued", 5_000), ("draft", 700), ("cancelled", 90)):
            Invoice.objects.create(
                workspace=world.workspace, business=business, counterparty=added, state=state,
                document_type="0101", written_on=date(2026, 11, 2), supply_amount=amount, tax_amount=amount // 10,
                total_amount=amount * 11 // 10, created_by_id=user_id, changed_by_id=user_id,
            )  # fmt: skip
    answer = client.get(world.url(f"{added.pk}/"))
    sales = answer.context["sales"]
    assert (sales.count, sales.supply_amount, sales.tax_amount, sales.total_amount) == (
        2,
        15_000,
        1_500,
        16_500,
    )
    assert len(answer.context["invoices"]) == 4


def test_likely_duplicates_are_shown_and_merged(world, client):
    keep = world.add()
    other = world.add(number=OTHER_NUMBER, name="주식회사 구매상사", memo="옮길 메모")
    merge = world.url(f"{keep.pk}/merge/{other.pk}/")
    assert merge in text(client.get(world.url(f"{keep.pk}/")))
    page = client.get(merge)
    assert "등록번호가 다릅니다" in text(page)
    values = {"keep_version": 1, "other_version": 1}
    assert client.post(merge, values).status_code == 400
    assert world.row(other).archived_at is None
    done = client.post(merge, values | {"numbers_may_differ": "on"}, follow=True)
    assert "옮길 메모" in text(done)
    assert "합쳐졌습니다" in text(client.get(world.url(f"{other.pk}/")))


def test_a_merge_of_what_has_changed_is_shown_again(world, client):
    keep, other = world.add(), world.add(number=OTHER_NUMBER)
    world.edit(keep, name="새 이름")
    values = {"keep_version": 1, "other_version": 1, "numbers_may_differ": "on"}
    answer = client.post(world.url(f"{keep.pk}/merge/{other.pk}/"), values)
    assert answer.status_code == 409
    assert answer.context["form"]["keep_version"].value() == 2
    assert client.post(world.url(f"{keep.pk}/merge/{other.pk}/"), {}).status_code == 422
    assert client.get(world.url(f"{keep.pk}/merge/999999/")).status_code == 404


# The list


def test_the_list_is_searched_sorted_and_paged(world, client):
    with world.open():
        Counterparty.objects.bulk_create(
            Counterparty(
                workspace=world.workspace, name=f"회사{n:03d}", number=f"{n:010d}", search=f"회사{n:03d}"
            )
            for n in range(120)
        )
    first = client.get(world.url())
    assert (len(first.context["page"].object_list), first.context["used"]) == (50, 120)
    assert first.context["page"][0].name == "회사000"
    assert client.get(world.url(), {"page": "3"}).context["page"].number == 3
    for odd in ("0", "-1", "x", "999"):
        assert client.get(world.url(), {"page": odd}).status_code == 200
    assert client.get(world.url(), {"sort": "-name"}).context["page"][0].name == "회사119"
    assert client.get(world.url(), {"sort": "password"}).context["page"][0].name == "회사000"
    found = client.get(world.url(), {"q": "회사11"})
    assert len(found.context["page"].object_list) == 10
    assert "회사000" not in text(client.get(world.url(), {"q": "없음"}))


def test_the_archive_has_its_own_tab(world, client):
    added = world.add(name="보관할곳")
    client.post(world.url(f"{added.pk}/archive/"))
    assert "보관할곳" not in text(client.get(world.url()))
    assert "보관할곳" in text(client.get(world.url(), {"tab": "archived"}))


# Spreadsheets


def sheet(*rows):
    return SimpleUploadedFile("목록.csv", "\n".join(",".join(row) for row in rows).encode())


def test_a_sheet_is_looked_at_then_taken_over(world, client):
    world.add(name="한빛", representative="옛대표")
    file = sheet(
        ("상호", "사업자번호", "대표자", "등급"),
        ("한빛", NUMBER, "새대표", "A"),
        ("새 회사", OTHER_NUMBER, "", ""),
        ("틀림", "123", "", ""),
    )
    preview = client.post(world.url("upload/"), {"file": file}, follow=True)
    page = text(preview)
    assert preview.context["counts"] == {"new": 1, "changed": 1, "unchanged": 0, "skipped": 1}
    for shown in ("목록.csv", "옛대표", "새대표", "등급", "사업자등록번호: "):
        assert shown in page
    assert world.row(only_named(world, "한빛")).representative == "옛대표"
    url = preview.redirect_chain[-1][0]
    done = client.post(url, follow=True)
    assert "새로 등록 1건" in text(done)
    assert world.row(only_named(world, "한빛")).representative == "새대표"
    assert client.post(url).status_code == 409


def only_named(world, name):
    with world.open():
        return Counterparty.objects.get(name=name)


def test_a_file_that_cannot_be_read_is_said_beside_the_field(world, client):
    for content, status in ((b"PK\x03\x04", 400), (b"x" * (reading.MOST_BYTES + 1), 413), (b"", 400)):
        answer = client.post(world.url("upload/"), {"file": SimpleUploadedFile("a.xlsx", content)})
        assert answer.status_code == status
        assert answer.context["form"].errors["file"]
    assert client.post(world.url("upload/")).status_code == 422
    with world.open():
        assert not SheetUpload.objects.exists()


def test_the_list_and_the_template_are_downloaded(world, client):
    world.add()
    world.add(number=business_number(3), name="다른 회사")
    answer = client.get(world.url("export/"))
    content = b"".join(answer.streaming_content)
    assert "attachment" in answer["Content-Disposition"]
    assert reading.read(content)[2][2] == "다른 회사"
    found = b"".join(client.get(world.url("export/"), {"q": "다른"}).streaming_content)
    assert len(reading.read(found)) == 2
    template = b"".join(client.get(world.url("template/")).streaming_content)
    assert zipfile.is_zipfile(io.BytesIO(template))


# Who


GETS = (
    "",
    "add/",
    "{id}/",
    "{id}/edit/",
    "{id}/merge/{id}/",
    "export/",
    "template/",
    "upload/",
    "find",
    "items",
)
POSTS = (
    "add/", "{id}/edit/", "{id}/memo/", "{id}/reveal/", "{id}/check/", "{id}/archive/", "{id}/unarchive/",
    "{id}/merge/{id}/", "upload/", "upload/1/",
)  # fmt: skip
FOR_VIEWERS = {"", "{id}/", "export/", "template/", "find", "items"}


@pytest.mark.parametrize("path", GETS)
def test_a_viewer_looks_and_does_nothing_else(world, path):
    added = world.add()
    answer = member_client(world.workspace, "viewer").get(world.url(path.format(id=added.pk)))
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    assert answer.status_code == (200 if path in FOR_VIEWERS else 403)
    assert member_client(world.workspace, "none").get(world.url(path.format(id=added.pk))).status_code == 403


@pytest.mark.parametrize("path", POSTS)
def test_a_viewer_changes_nothing(world, path):
    added = world.add(given=person(personal_number=RESIDENT))
    answer = member_client(world.workspace, "viewer").post(world.url(path.format(id=added.pk)))
    assert answer.status_code == 403
    assert len(world.actions(added)) == 1


@pytest.mark.parametrize("path", GETS + POSTS)
def test_another_workspaces_counterparty_is_not_there(world, path):
    added = world.add()
    stranger = make_world()
    client = member_client(stranger.workspace)
    inside, outside = path.format(id=added.pk), world.url(path.format(id=added.pk))
    assert client.get(outside).status_code == 404
    assert client.post(outside).status_code == 404
    if "{id}" in path:
        method = client.get if path in GETS else client.post
        assert method(stranger.url(inside)).status_code == 404
    assert len(world.actions(added)) == 1


@pytest.mark.parametrize("path", ["{id}/", "{id}/edit/", "{id}/merge/{id}/"])
def test_an_id_beyond_all_ids_is_not_there(world, client, path):
    assert client.get(world.url(path.format(id=10**30))).status_code == 404


def test_every_page_speaks_english_too(world):
    added = world.add(status=said())
    other = world.add(number=OTHER_NUMBER)
    client = member_client(world.workspace)
    client.cookies["dojang_language"] = "en"
    from dojang.service.accounts.models import User

    User.objects.filter(pk=world.member.actor.user_id).update(language="en")
    for path in ("", "add/", f"{added.pk}/", f"{added.pk}/edit/", f"{added.pk}/merge/{other.pk}/", "upload/"):
        page = text(client.get(world.url(path)))
        assert 'lang="en"' in page
        assert "거래처 " not in page.replace("거래처 엑셀", "")
