"""보고서 as pages and workbooks: what they say, whose they are, and where each figure leads."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook
from report_world import CUSTOMERS, sold, taken
from service_world import (
    NOW,
    add_member,
    client_of,
    first_business,
    make_business,
    make_workspace,
    member_client,
)

from dojang.service.accounts.models import User
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.reports.views import PAGES
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.roles import Role

pytestmark = pytest.mark.django_db

NAMES = ["months", "parties", "summary", "vat", "late"]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def workspace():
    return make_workspace(name="한빛상사")


@pytest.fixture
def business(workspace):
    with in_workspace(workspace.pk):
        yield first_business(workspace)


@pytest.fixture
def browser(workspace):
    return member_client(workspace)


def address(workspace, name, suffix="/"):
    return f"/w/{workspace.slug}/reports/{name}{suffix}"


def get(browser, workspace, name, **asked):
    return browser.get(address(workspace, name), asked)


def report(response):
    return response.context["report"]


def tables(response):
    return {table.caption: table for table in report(response).tables}


def texts(table):
    return [[cell.value for cell in line.cells] for line in table.lines]


def book(browser, workspace, name, **asked):
    response = browser.get(address(workspace, name, ".xlsx"), asked)
    return response, CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))


# --- every report ---


@pytest.mark.parametrize("name", NAMES)
def test_a_report_of_nothing_is_a_report(browser, workspace, name):
    response = get(browser, workspace, name)
    assert response.status_code == 200
    assert "한빛상사" in response.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_report_in_english_is_wholly_in_english(business, workspace, name):
    sold(business, "2026-10-05", issued="2026-11-11")
    taken(business, "2026-10-05", source="paper", not_deductible="4")
    user = User.objects.order_by("id")[0]
    user.language = "en"
    user.save()
    response = get(client_of(user), workspace, name)
    assert response.status_code == 200
    captions = " ".join(table.caption for table in report(response).tables)
    columns = " ".join(column.title for table in report(response).tables for column in table.columns)
    assert not re.search("[가-힣]", f"{captions} {columns}".replace("작성일자", ""))


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_shows_what_the_page_shows(browser, business, workspace, name):
    sold(business, "2026-10-05", 1_234_567, issued="2026-11-11")
    taken(business, "2026-10-06", 40_000, source="paper")
    page = report(get(browser, workspace, name))
    response, found = book(browser, workspace, name)
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert len(found.sheet_names) == len(page.tables)
    for sheet, table in zip(found.sheet_names, page.tables, strict=True):
        rows = found.get_sheet_by_name(sheet).to_python()
        titles = [column.title for column in table.columns]
        head = next(place for place, row in enumerate(rows) if row[: len(titles)] == titles)
        assert len(rows) - head - 1 == len(table.lines) + (2 if table.total else 0)
        shown = [cell.value for line in table.lines for cell in line.cells if isinstance(cell.value, int)]
        written = [value for row in rows[head + 1 :] for value in row if isinstance(value, float)]
        assert set(shown) <= set(written)


def test_a_name_that_looks_like_a_formula_stays_text(browser, business, workspace):
    sold(business, "2026-10-05", buyer_name='=HYPERLINK("http://x")')
    _, found = book(browser, workspace, "parties")
    assert any('=HYPERLINK("http://x")' in row for row in found.get_sheet_by_index(0).to_python())


def test_markup_in_a_name_stays_text(browser, business, workspace):
    sold(business, "2026-10-05", buyer_name="<script>1</script>")
    assert "<script>1" not in get(browser, workspace, "parties").content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_figures_of_the_sandbox_say_so(browser, workspace, name):
    response = get(browser, workspace, name)
    assert report(response).is_sandbox
    assert "실제 신고에 쓰지 마세요" in response.content.decode()


@pytest.mark.parametrize(
    "asked", [{"period": "x", "year": "-1", "business": "0"}, {"business": "9" * 400}, {"side": "'--"}]
)
def test_what_makes_no_sense_in_the_address_is_what_one_most_likely_wants(browser, workspace, asked):
    for name in NAMES:
        assert get(browser, workspace, name, **asked).status_code == 200


def test_the_menu_leads_to_every_report(browser, workspace):
    menu = get(browser, workspace, "months").context["menu"]
    assert {page.ko for page in PAGES} <= {link.text for link in menu}
    assert [link.text for link in menu if link.current] == ["월별"]


# --- rights ---


def test_a_member_sees_the_figures_of_their_businesses_alone(business, workspace):
    hidden = make_business(workspace, name="숨은상사")
    sold(hidden, "2026-10-05")
    viewer = add_member(workspace, Role.VIEWER, business_roles={hidden: Role.NONE})
    browser = client_of(User.objects.get(pk=viewer.actor.user_id))
    for name in [*NAMES, "documents"]:
        response = get(browser, workspace, name, business=hidden.pk)
        assert "숨은상사" not in response.content.decode()
        assert response.context["chosen"].business == business


def test_who_may_see_no_business_is_told_so(workspace):
    browser = member_client(workspace, Role.NONE)
    for name in NAMES:
        assert "볼 수 있는 사업장이 없습니다" in get(browser, workspace, name).content.decode()


def test_strangers_get_nothing(workspace):
    other = member_client(make_workspace(name="남의 회사"))
    for name in NAMES:
        assert get(other, workspace, name).status_code == 404
        assert other.get(address(workspace, name, ".xlsx")).status_code == 404


# --- 월별 ---


def test_months_tell_kinds_and_what_changed(browser, business, workspace):
    sold(business, "2026-10-05", 1_000_000)
    sold(business, "2026-11-05", 300_000)
    sold(business, "2026-11-06", -100_000, kind="0201", amendment_reason="03")
    sold(business, "2026-11-07", 50_000, kind="0102")
    sold(business, "2026-11-08", 20_000, kind="0301")
    sold(business, "2025-11-05", 70_000)
    table = tables(get(browser, workspace, "months", year=2026))["매출 월별 금액"]
    november = texts(table)[10]
    assert november == [
        "11월",
        4,
        200_000,
        20_000,
        50_000,
        20_000,
        270_000,
        -100_000,
        290_000,
        -730_000,
        200_000,
    ]
    assert [cell.value for cell in table.total.cells][:7] == [
        "합계",
        5,
        1_200_000,
        120_000,
        50_000,
        20_000,
        1_270_000,
    ]


def test_january_is_compared_with_december(browser, business, workspace):
    sold(business, "2025-12-05", 70_000)
    sold(business, "2026-01-05", 100_000)
    table = tables(get(browser, workspace, "months", year=2026))["매출 월별 금액"]
    assert texts(table)[0][9] == 30_000


# --- 거래처별 ---


def test_parties_are_sorted_cut_and_still_add_up(browser, business, workspace, monkeypatch):
    monkeypatch.setattr("dojang.service.reports.views._TOPS", {"50": 1})
    sold(business, "2026-10-05", 10_000, buyer_name="가나")
    sold(business, "2026-11-05", 30_000, buyer_number=CUSTOMERS[2], buyer_name="다라")
    sold(business, "2026-11-06", 5_000, person="9002301234567")
    response = get(browser, workspace, "parties", top="50")
    [table] = report(response).tables
    assert [row[0] for row in texts(table)] == ["다라", "그 밖의 2곳"]
    assert table.total.cells[3].value == 45_000
    assert sum(row[3] for row in texts(table)) == 45_000


@pytest.mark.parametrize(
    ("sort", "first"), [("total", "다라"), ("name", "가나"), ("count", "가나"), ("x'--", "다라")]
)
def test_parties_come_in_the_order_asked_for(browser, business, workspace, sort, first):
    sold(business, "2026-10-05", 10_000, buyer_name="가나")
    sold(business, "2026-10-06", 10_000, buyer_name="가나")
    sold(business, "2026-11-05", 30_000, buyer_number=CUSTOMERS[2], buyer_name="다라")
    [table] = report(get(browser, workspace, "parties", sort=sort)).tables
    assert texts(table)[0][0] == first


# --- 합계표, 신고 금액, 가산세 ---


def test_the_summary_has_the_rows_of_the_form(browser, business, workspace):
    sold(business, "2026-10-05", 1_000_000)
    taken(business, "2026-10-06", 50_000, side="sales", source="paper")
    found = tables(get(browser, workspace, "summary"))
    assert texts(found["매출처별 세금계산서합계표"])[0][2:] == [2, 2, 1_050_000, 105_000]
    assert len(texts(found["매출처별 세금계산서합계표"])) == 7
    assert texts(found["매출처별 세금계산서합계표 · 거래처별 명세 (전자 외)"]) == [
        [1, "999-86-00010", "가온유통", 1, 50_000, 5_000]
    ]


def test_what_is_left_out_is_said_with_what_to_do(browser, business, workspace):
    sold(business, "2026-10-05", state=State.REJECTED)
    page = get(browser, workspace, "summary").content.decode()
    assert "포함되지 않은 문서: 전송실패 1건, 공급가액 100,000원." in page
    assert "다시 발행하세요" in page


def test_only_what_was_all_sent_in_time_need_not_be_submitted(browser, business, workspace):
    """제54조 제2항: nothing is known of it while something waits, and of nothing there is nothing to say."""

    def notes():
        found = tables(get(browser, workspace, "summary"))
        return {name: table.note.partition(" 근거")[0] for name, table in found.items()}

    nothing = "이 기간에 해당하는 문서가 없습니다."
    assert set(notes().values()) == {nothing}
    sold(business, "2026-10-05")
    taken(business, "2026-10-05")
    needless = "모두 기한 안에 전송되어 합계표를 내지 않아도 됩니다."
    told = {"매출처별 세금계산서합계표": needless, "매입처별 세금계산서합계표": needless}
    others = {"매출처별 계산서합계표": nothing, "매입처별 계산서합계표": nothing}
    assert notes() == told | others
    sold(business, "2026-11-05", state=State.ISSUED)
    waiting = notes()
    assert "전송된 뒤에 정해집니다" in waiting.pop("매출처별 세금계산서합계표")
    assert waiting == others | {"매입처별 세금계산서합계표": needless}


def test_every_return_has_a_button(browser, workspace):
    periods = get(browser, workspace, "summary").context["periods"]
    assert [text for _, text, _ in periods][:2] == ["2026년 2기 확정(10~12월)", "2026년 2기 예정(7~9월)"]
    response = get(browser, workspace, "summary", period="2026-2-preliminary")
    assert report(response).period == "2026년 2기 예정(7~9월)"


def test_penalties_stand_in_the_final_return_and_not_in_the_preliminary_one(browser, business, workspace):
    sold(business, "2026-08-05", 10_000_000, issued="2026-09-11", sent="2026-09-12")
    owed = {}
    for period in ("2026-2-preliminary", "2026-2-final"):
        table = tables(get(browser, workspace, "vat", period=period))["가산세액 명세"]
        owed[period] = {row[0]: row[4] for row in texts(table)}["(65)"]
    assert owed == {"2026-2-preliminary": 0, "2026-2-final": 100_000}


def test_late_documents_are_listed_with_their_penalty(browser, business, workspace):
    sold(business, "2026-08-05", 10_000_000, issued="2026-09-11", sent="2026-09-12")
    sold(business, "2026-11-02", 1_000_000, state=State.ISSUED, sent_at=None)
    found = tables(get(browser, workspace, "late"))
    assert texts(found["예상 가산세"])[0][5] == 100_000
    assert texts(found["늦거나 종이로 발급한 매출 문서"])[0][8] == 100_000
    assert "지연발급 가산세 1% = 100,000원" in texts(found["늦거나 종이로 발급한 매출 문서"])[0][9]
    assert texts(found["기한이 지난 미전송 문서"])[0][8] == 3_000


def test_what_was_signed_for_a_buyer_without_an_inbox_and_not_sent_is_not_issued_yet(
    browser, business, workspace
):
    """When it is sent now, it is issued now (시행령 §68⑪⑫), however early it was signed."""
    sold(business, "2026-08-05", 10_000_000, state=State.ISSUED, delivered_on=None)
    [line] = texts(tables(get(browser, workspace, "late"))["기한이 지난 미전송 문서"])[:1]
    assert line[3] is None
    assert "지연발급 가산세 1% = 100,000원" in line[9]


# --- the documents behind ---


def links_of(response):
    for table in report(response).tables:
        for line in [*table.lines, *([table.total] if table.total else [])]:
            count = next((cell for cell in line.cells if cell.url and "documents" in cell.url), None)
            if count is not None:
                yield table.caption, line, count.url


@pytest.mark.parametrize("name", ["months", "parties", "summary", "vat"])
def test_every_figure_leads_to_documents_that_add_up_to_it(browser, business, workspace, name):
    sold(business, "2026-10-05", 1_000_000)
    sold(business, "2026-11-05", -200_000, kind="0201", amendment_reason="02", sent="2027-01-20")
    sold(business, "2026-11-06", 30_000, kind="0102")
    sold(business, "2026-11-07", 4_000, kind="0301")
    sold(business, "2026-11-07", 500, person="9002301234567")
    sold(business, "2026-09-30", 60_000, issued="2026-11-02")
    taken(business, "2026-10-06", 7_000, side="sales", source="paper")
    taken(business, "2026-10-06", 80_000, fixed_asset=True)
    taken(business, "2026-10-06", 9_000, not_deductible="4")
    taken(business, "2026-10-06", 1_100, not_deductible="9", fixed_asset=True)
    response = get(browser, workspace, name)
    followed = 0
    for caption, line, url in links_of(response):
        page = browser.get(url)
        assert page.status_code == 200
        [table] = report(page).tables
        sums = [cell.value for cell in table.total.cells]
        for cell in line.cells:
            if cell.url == url and isinstance(cell.value, int):
                assert cell.value in {len(table.lines), sums[7]}, (
                    caption,
                    [one.value for one in line.cells],
                    url,
                )
                followed += 1
    assert followed > 4


def test_documents_lead_to_their_own_pages(browser, business, workspace):
    invoice = sold(business, "2026-10-05")
    response = get(browser, workspace, "documents", business=business.pk, side="sales")
    [table] = report(response).tables
    assert table.lines[0].cells[0].url == f"/w/{workspace.slug}/invoices/{invoice.pk}/"


def test_documents_that_do_not_count_can_be_seen(browser, business, workspace):
    sold(business, "2026-10-05", state=State.REJECTED)
    asked = {"left_out": "rejected", "period": "2026-2-final"}
    [table] = report(get(browser, workspace, "documents", **asked)).tables
    assert len(table.lines) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"line": "no_such_line", "period": "2026-2-final"},
        {"first": "2026-99-99", "last": "x"},
        {"left_out": "nonsense"},
        {"number": "'--"},
        {"taxation": "x", "family": "y", "party": "z", "told": "w", "period": "2026-2-final"},
    ],
)
def test_senseless_conditions_break_nothing(browser, business, workspace, asked):
    sold(business, "2026-10-05")
    assert get(browser, workspace, "documents", **asked).status_code == 200


def test_a_long_list_says_that_the_workbook_has_all(browser, business, workspace, monkeypatch):
    monkeypatch.setattr("dojang.service.reports.drilling.MOST_LISTED", 2)
    for day in (5, 6, 7):
        sold(business, date(2026, 10, day))
    [table] = report(get(browser, workspace, "documents", side="sales")).tables
    assert (len(table.lines), table.total.cells[7].value) == (2, 300_000)
    assert "3건 전부" in table.note
    _, found = book(browser, workspace, "documents", side="sales")
    assert len(found.get_sheet_by_index(0).to_python()) == 3 + 1 + 2 + 3
    assert Invoice.objects.count() == 3


# --- whose return it is ---


def facts(business, **told):
    business.facts = told
    business.save()


def notices(page):
    return " ".join(one.text for one in page.context["report"].notices)


def test_a_simplified_taxpayer_is_told_that_its_return_is_another_one(browser, business, workspace):
    since = [{"from": "2020-01-01", "type": "simplified"}]
    facts(business, supplier_kind="individual", supplier_tax_types=since)
    sold(business, "2026-11-02")
    page = get(browser, workspace, "vat")
    assert "별지 제44호서식" in notices(page)
    assert "납부(환급)세액" not in tables(page)


def test_an_exempt_business_is_told_that_it_files_none(browser, business, workspace):
    facts(business, supplier_kind="individual", supplier_tax_types=[{"from": "2020-01-01", "type": "exempt"}])
    page = get(browser, workspace, "vat")
    assert "부가가치세를 신고하지 않고" in notices(page)
    assert "납부(환급)세액" not in tables(page)


def test_a_general_taxpayer_is_told_neither(browser, business, workspace):
    page = get(browser, workspace, "vat")
    assert "별지 제44호서식" not in notices(page)
    assert "납부(환급)세액" in tables(page)


def test_shared_input_tax_is_told_to_be_divided(browser, business, workspace):
    taken(business, "2026-11-02", 1_000_000, not_deductible="9")
    assert "(54) 공통매입세액 1건은 세액 100,000원 전부를" in notices(get(browser, workspace, "vat"))


def test_the_form_says_where_late_documents_stand(browser, business, workspace):
    sold(business, "2026-09-30", issued="2026-11-02")
    final = get(browser, workspace, "summary", period="2026-2-final")
    assert "예정신고 누락분 1건이 들어 있습니다" in notices(final)
    preliminary = get(browser, workspace, "summary", period="2026-2-preliminary")
    assert "문서 1건은 확정신고의 합계표에 들어갑니다" in notices(preliminary)


def test_an_amendment_that_is_deducted_while_its_purchase_is_not_is_told_and_shown(
    browser, business, workspace
):
    """제39조: tax that was not deducted is not given back either."""
    bought = taken(business, "2026-10-06", 900_000, not_deductible="4")
    fair = taken(business, "2026-10-07", 500_000)
    amended = {"kind": "0201", "amendment_reason": "03"}
    back = taken(business, "2026-11-09", -400_000, original_issue_id=bought.issue_id, **amended)
    taken(business, "2026-11-09", -10_000, original_issue_id=fair.issue_id, **amended)
    taken(business, "2026-11-09", -20_000, original_issue_id=f"{bought.issue_id[:-1]}z", **amended)
    [told] = [one for one in report(get(browser, workspace, "vat")).notices if "공제 여부" in one.text]
    assert "매입 수정세금계산서 1건(세액 -40,000원)" in told.text
    [table] = report(browser.get(told.url)).tables
    assert [line.cells[0].url for line in table.lines] == [f"/w/{workspace.slug}/records/{back.pk}/"]
    back.not_deductible = "4"
    back.save()
    assert "공제 여부" not in notices(get(browser, workspace, "vat"))
