"""The pages of Hometax's lists and files: what is offered, to whom, and what is told."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hometax_world import (
    OTHER,
    OURS,
    THIRD,
    a_list,
    again,
    issue_id,
    looked,
    plain_id,
    row,
    rows_of,
    taken,
    upload,
    workspace_of_list,
)
from list_world import add_invoice
from python_calamine import CalamineWorkbook
from service_world import NOW, first_business, member_client
from spreadsheet_files import xlsx
from test_hometax_bulk import draft

from dojang.service.accounts.models import User
from dojang.service.hometax import importing, looking, reading, taking
from dojang.service.hometax.models import BulkInvoice, ListImport, ListState
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return workspace_of_list()


@pytest.fixture
def client(ours):
    return member_client(ours)


def at(workspace, path):
    return f"/w/{workspace.slug}/hometax/{path}"


def text(answer):
    return answer.content.decode()


def test_a_file_is_uploaded_looked_at_and_taken_over(ours, client):
    data = SimpleUploadedFile("매출 목록.xlsx", xlsx(*a_list(row(1), row(2, 세액="x"))))
    answer = client.post(at(ours, "lists/"), {"file": data})
    assert answer.status_code == 302
    with in_workspace(ours.pk):
        found = ListImport.objects.get()
    page = text(client.get(answer.url))
    assert "읽고 있습니다" in page
    assert "hometax/waiting.js" in page
    assert client.get(f"{answer.url}state/").json() == {"state": "waiting", "rows": 0, "taken": 0}
    looking.read_list(ours.pk, found.pk, clock=lambda: NOW)
    page = text(client.get(answer.url))
    assert "1건 가져오기" in page
    assert "Q8" in page
    assert "hometax/waiting.js" not in page
    assert client.post(f"{answer.url}take/").status_code == 302
    assert "가져오는 중입니다" in text(client.get(answer.url))
    taking.take_list(ours.pk, found.pk, clock=lambda: NOW)
    page = text(client.get(f"{answer.url}?show=new"))
    assert "건을 가져왔습니다" in page
    assert issue_id(1) in page
    assert "매출 목록.xlsx" in text(client.get(at(ours, "lists/")))


def test_a_file_that_is_none_is_refused_on_the_page(ours, client, monkeypatch):
    for data in (b"", b"hello", b"PK\x03\x04"):
        answer = client.post(at(ours, "lists/"), {"file": SimpleUploadedFile("a.xlsx", data)})
        assert answer.status_code == 400
        assert "엑셀 파일로 읽을 수 없습니다" in text(answer)
    assert client.post(at(ours, "lists/")).status_code == 400
    monkeypatch.setattr("dojang.service.hometax.views.MOST_BYTES", 10)
    assert (
        client.post(at(ours, "lists/"), {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04" * 9)}).status_code
        == 413
    )


def test_a_list_that_could_not_be_read_says_why_and_can_be_dropped(ours, client):
    found = looked(ours, content=xlsx(["가", "나"]))
    page = text(client.get(at(ours, f"lists/{found.pk}/")))
    assert "홈택스의 매출·매입 목록이 아니거나" in page
    assert client.post(at(ours, f"lists/{found.pk}/drop/")).status_code == 302
    assert again(ours, found).state == ListState.DROPPED


def test_differences_are_told_with_links_to_both(ours, client):
    taken(ours, row(1))
    one = add_invoice(
        ours, first_business(ours), state=State.REJECTED, issue_id=plain_id(2), number=OTHER, supply=1_000_000,
        tax=100_000, written_on=NOW.date().replace(day=10),
    )  # fmt: skip
    found = looked(ours, row(1, 공급가액="900,000", 세액="90,000", 합계금액="990,000"), row(2))
    page = text(client.get(at(ours, f"lists/{found.pk}/")))
    assert "공급가액: 여기 1,000,000원 · 목록 900,000원" in page
    assert "상태: 여기 전송실패 · 목록 전송완료" in page
    assert f"/w/{ours.slug}/invoices/{one.pk}/" in page
    assert f"/w/{ours.slug}/records/" in page
    assert "새로 가져올 문서가 없습니다" in page


def test_rows_that_could_not_be_read_come_back_as_a_sheet_without_numbers_of_persons(ours, client):
    found = looked(
        ours,
        row(1),
        row(2, 합계금액="1", 공급받는자사업자등록번호="900101-1234567"),
        row(3, 공급받는자사업자등록번호=9001011234567, 공급가액="x", 비고="M12345678"),
    )
    answer = client.get(at(ours, f"lists/{found.pk}/sheet/"))
    data = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [one[0] for one in rows] == ["행", 8, 9]
    assert rows[0][2:4] == ["A", "B"]
    assert rows[1][1].startswith("O8: 공급가액과 세액을 더한 금액이")
    assert rows[1][1].endswith("→ 1,100,000?")
    for one in rows:
        assert not any("1234567" in str(cell) for cell in one)
    importing.forget_old(ours.pk, now=NOW + importing.KEPT * 2)
    assert client.get(at(ours, f"lists/{found.pk}/sheet/")).status_code == 409


def test_drafts_that_were_issued_there_are_closed_from_the_page(ours, client):
    one = draft(ours)
    found = taken(ours, row(1))
    address = at(ours, f"lists/{found.pk}/")
    page = text(client.get(f"{address}?show=draft"))
    assert "고른 임시저장 닫기" in page
    [shown] = rows_of(ours, found)
    assert client.post(f"{address}close/", {"row": shown.pk}, follow=True).status_code == 200
    with in_workspace(ours.pk):
        assert Invoice.objects.get(pk=one.pk).deleted_at is not None
    assert "닫음" in text(client.get(f"{address}?show=draft"))
    assert "닫을 문서가 없습니다" in text(client.post(f"{address}close/", {"row": shown.pk}, follow=True))
    assert client.post(f"{address}close/", {"row": "x"}).status_code == 400
    history = text(client.get(f"/w/{ours.slug}/history/"))
    assert "홈택스에서 발급한 것을 목록으로 확인하고" in history


def test_the_way_to_hometax_begins_in_the_list_and_ends_in_a_file(ours, client):
    one, many = (
        draft(ours),
        draft(ours, items=[{"name": f"품목{at}", "supply_amount": 10, "tax_amount": 1} for at in range(5)]),
    )
    assert "홈택스 일괄발급 파일" in text(client.get(f"/w/{ours.slug}/invoices/?tab=draft"))
    ids = {"invoice": [one.pk, many.pk]}
    page = text(client.post(at(ours, "bulk/"), ids))
    assert "1건 파일 만들기" in page
    assert "품목이 5개입니다" in page
    assert "두 번 발급되어" in page
    assert "2건 파일 만들기" in text(client.post(at(ours, "bulk/"), ids | {"combine": "1"}))
    answer = client.post(at(ours, "bulk/make/"), ids | {"combine": "1"})
    assert answer.status_code == 200
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    assert len(sheet.to_python(skip_empty_area=False)) == 8
    page = text(client.get(at(ours, "bulk/")))
    assert "파일에서 빼기" in page
    assert page.count('name="invoice"') == 2
    assert client.post(at(ours, "bulk/make/"), ids).status_code == 400
    assert "전에 파일에 담은 문서" in text(client.post(at(ours, "bulk/"), ids))
    assert client.post(at(ours, "bulk/release/"), {"invoice": one.pk}, follow=True).status_code == 200
    with in_workspace(ours.pk):
        assert list(BulkInvoice.objects.filter(released_at=None).values_list("invoice_id", flat=True)) == [
            many.pk
        ]
    assert client.post(at(ours, "bulk/"), {}).status_code == 400


def test_pages_open_to_those_who_may_use_them(ours):
    found = upload(ours, row(1))
    viewer, writer = member_client(ours, Role.VIEWER), member_client(ours, Role.WRITER)
    for path in ("lists/", "bulk/"):
        assert viewer.get(at(ours, path)).status_code == 403
    assert viewer.get(at(ours, f"lists/{found.pk}/")).status_code == 404
    assert writer.get(at(ours, f"lists/{found.pk}/")).status_code == 200
    assert writer.get(at(ours, "bulk/")).status_code == 403
    assert "홈택스 일괄발급" not in text(writer.get(at(ours, "lists/")))
    assert "홈택스 목록 가져오기" in text(writer.get(f"/w/{ours.slug}/records/"))


def test_long_lists_are_paged_and_say_how_many_there_are(ours, client, monkeypatch):
    monkeypatch.setitem(looking.MOST_SHOWN, "wrong", 3)
    monkeypatch.setattr("dojang.service.hometax.views._ROWS_OF_PAGE", 2)
    found = looked(ours, *(row(serial, 세액="x") for serial in range(1, 6)))
    page = text(client.get(at(ours, f"lists/{found.pk}/")))
    assert "?show=wrong&amp;page=2" in page
    assert "(3 / 5)" in page
    assert "Q9" in text(client.get(at(ours, f"lists/{found.pk}/?show=wrong&page=2")))
    assert client.get(at(ours, f"lists/{found.pk}/?show=nothing&page=x")).status_code == 200


def test_everything_is_said_in_english_too(ours, client):
    found = looked(ours, row(1), row(2, 세액="x"), row(3, 공급자사업자등록번호=THIRD))
    User.objects.update(language="en")
    page = text(client.get(at(ours, f"lists/{found.pk}/")))
    assert "take over" in page
    assert "is no amount of whole won" in page


def test_reading_is_bounded_by_what_the_page_says():
    assert (reading.MOST_BYTES, reading.MOST_ROWS) == (30 << 20, 300_000)
    assert OURS != OTHER
