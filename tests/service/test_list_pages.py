"""Pages of a list: every row once in any order, kept conditions, chosen columns, Excel, and no other workspace's row."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError, connection, transaction
from list_world import add_invoice
from python_calamine import CalamineWorkbook
from service_world import add_member, client_of, first_business, make_business, make_workspace, member_client

from dojang.service.accounts.models import User
from dojang.service.invoices.listing import SALES
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.lists import excel, querying
from dojang.service.lists.models import SavedFilter
from dojang.service.lists.searching import wanted
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.web.spreadsheet import CONTENT_TYPE

pytestmark = pytest.mark.django_db
LINK = re.compile(r'class="row-link" href="/w/\w+/invoices/(\d+)/"')
NEXT = re.compile(r'rel="next" href="([^"]+)"')
BACK = re.compile(r'rel="prev" href="([^"]+)"')


def shown(page: str) -> list[int]:
    return [int(found) for found in LINK.findall(page)]


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def address(workspace, *parts) -> str:
    return "/".join(["", "w", workspace.slug, *parts, ""])


@pytest.fixture
def workspace():
    """Thirty invoices, some on the same day and some of the same amount; one draft without a day."""
    made = make_workspace()
    business = first_business(made)
    for serial in range(30):
        add_invoice(
            made,
            business,
            buyer=("(주)새봄", "삼성전자(주)", "가온상사")[serial % 3],
            written_on=date(2026, 11, 1) + timedelta(days=serial // 4),
            supply=(serial % 5) * 1000,
            state=State.ACCEPTED if serial % 2 else State.DRAFT,
        )
    draft = add_invoice(made, business, buyer="날짜 없는 곳")
    with in_workspace(made.pk):
        Invoice.objects.filter(pk=draft.pk).update(written_on=None)
    return made


def walked(client, start: str, pattern: re.Pattern, page: str | None = None) -> list[list[int]]:
    pages, at = [], start
    for _ in range(20):
        page = text(client.get(at))
        pages.append(shown(page))
        found = pattern.search(page)
        if found is None:
            return pages
        at = start.partition("?")[0] + found[1].replace("&amp;", "&")
    raise AssertionError("the pages don't end")


@pytest.mark.parametrize(
    "sort",
    [
        "",
        "written_on",
        "-total_amount",
        "total_amount",
        "buyer",
        "-buyer",
        "issued_at",
        "-issued_at",
        "state",
    ],
)
def test_every_row_is_on_one_page_and_back_again(workspace, sort, monkeypatch):
    monkeypatch.setattr(querying, "PER_PAGE", 7)
    client = member_client(workspace)
    start = f"{address(workspace, 'invoices')}?tab=all&sort={sort}"
    pages = walked(client, start, NEXT)
    assert [len(page) for page in pages] == [7, 7, 7, 7, 3]
    rows = [row for page in pages for row in page]
    with in_workspace(workspace.pk):
        assert sorted(rows) == sorted(Invoice.objects.values_list("pk", flat=True))
        field = {"buyer": "buyer_name"}.get(sort.lstrip("-"), sort.lstrip("-")) or "written_on"
        down = sort.startswith("-") or not sort
        expected = Invoice.objects.order_by(f"{'-' if down else ''}{field}", "-id" if down else "id")
        assert rows == list(expected.values_list("pk", flat=True))
    last = text(client.get(start))
    for _ in range(4):
        last = text(client.get(start.partition("?")[0] + NEXT.search(last)[1].replace("&amp;", "&")))
    back = start.partition("?")[0] + BACK.search(last)[1].replace("&amp;", "&")
    assert walked(client, back, BACK) == pages[3::-1]


def test_a_text_that_many_rows_hold_is_paged_and_summed_alike(workspace, monkeypatch):
    """What the newest of them and a look through the rest show is what a full search shows."""
    client = member_client(workspace)
    start = f"{address(workspace, 'invoices')}?tab=all&q=ㅅㅅ"
    whole = shown(text(client.get(start)))
    assert len(whole) == 20
    monkeypatch.setattr(querying, "PER_PAGE", 3)
    monkeypatch.setattr(querying, "FEW", 4)
    for looked_through, at_once in ((2, 1), (8, 3), (5000, 5), (5000, 500)):
        monkeypatch.setattr(querying, "_LOOKED_THROUGH", looked_through)
        monkeypatch.setattr(querying, "_AT_ONCE", at_once)
        for more in ("", "&sort=total_amount", "&tab=draft", "&min=2000"):
            pages = walked(client, start + more, NEXT)
            with in_workspace(workspace.pk):
                rows = Invoice.objects.filter(pk__in=whole)
                if "tab=draft" in more:
                    rows = rows.filter(state=State.DRAFT)
                if "min" in more:
                    rows = rows.filter(total_amount__gte=2000)
                order = ("total_amount", "id") if "sort" in more else ("-written_on", "-id")
                assert [row for page in pages for row in page] == list(
                    rows.order_by(*order).values_list("pk", flat=True)
                )
    page = text(client.get(start))
    assert "data-totals-url" in page
    assert 'data-sum="count">20<' in text(client.get(f"{start}&totals=now"))
    told = client.get(start.replace("/invoices/?", "/invoices/totals/?")).json()
    assert told["sums"]["count"] == "20"
    assert told["tabs"]["all"] == "20"


def test_a_long_list_is_shown_first_and_summed_after(workspace, monkeypatch):
    monkeypatch.setattr(querying, "LONG", 30)
    client = member_client(workspace)
    here = address(workspace, "invoices")
    assert "data-totals-url" in text(client.get(f"{here}?tab=all"))
    assert client.get(f"{here}totals/?tab=all").json()["sums"]["count"] == "31"


def test_the_function_finds_nothing_of_another_workspace(workspace):
    other = make_workspace()
    hidden = add_invoice(other, first_business(other), buyer="삼성전자(주)", remark="비밀")
    for query in ("삼성", "비밀", "ㅅㅅ"):
        patterns = [word.pattern for word in wanted(query)]
        with in_workspace(workspace.pk):
            found = crossing.search_invoices(patterns, since=None, until=None, how_many=1000)
            assert hidden.pk not in found
            assert set(found) <= set(Invoice.objects.values_list("pk", flat=True))
        with in_workspace(other.pk):
            assert crossing.search_invoices(patterns, since=None, until=None, how_many=1000) == [hidden.pk]
    assert hidden.pk not in shown(
        text(member_client(workspace).get(f"{address(workspace, 'invoices')}?q=비밀"))
    )


@pytest.mark.parametrize("patterns", [["%"], ["%%"], ["_%"], ["%' OR true --%"], ["\\"], []])
def test_the_function_takes_any_pattern_for_a_pattern(workspace, patterns):
    other = make_workspace()
    hidden = add_invoice(other, first_business(other))
    with in_workspace(workspace.pk):
        try:
            with transaction.atomic():
                found = crossing.search_invoices(patterns, since=None, until=None, how_many=1000)
        except DatabaseError as error:
            assert "LIKE pattern must not end with escape character" in str(error)  # noqa: PT017
        else:
            assert hidden.pk not in found
            assert len(found) in {0, 31}


def test_without_an_open_workspace_the_function_is_an_error():
    with pytest.raises(DatabaseError), transaction.atomic():
        crossing.search_invoices(["%a%"], since=None, until=None, how_many=1)


def test_the_function_only_reads():
    with connection.cursor() as cursor:
        cursor.execute("SELECT provolatile FROM pg_proc WHERE proname LIKE 'dojang_search_%%'")
        assert {kind for (kind,) in cursor.fetchall()} == {"s"}


def test_a_short_name_is_found_by_the_index_of_trigrams():
    """One syllable has three places, and letters of Hangul are letters to PostgreSQL."""
    [word] = wanted("삼")
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_length(show_trgm(%s), 1)", [word.pattern.strip("%")])
        assert cursor.fetchone()[0] >= 1


def test_conditions_are_kept_by_name_for_one_person(workspace):
    client, other = member_client(workspace), member_client(workspace, "viewer")
    here = address(workspace, "invoices")
    filters = address(workspace, "lists", "sales", "filters")
    answer = client.post(
        filters, {"name": " 삼성  것 ", "query": "?tab=draft&q=삼성&after=3~2026-11-01", "is_default": "on"}
    )
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"tab": ["draft"], "q": ["삼성"]}
    assert client.get(here).headers["Location"] == answer.headers["Location"]
    assert "삼성 것" in text(client.get(f"{here}?tab=all"))
    assert "삼성 것" not in text(other.get(here))
    client.post(filters, {"name": "다른 것", "query": "tab=ready", "is_default": "on"})
    assert client.get(here).headers["Location"].endswith("?tab=ready")
    with in_workspace(workspace.pk):
        row = SavedFilter.objects.get(is_default=True)
    one = f"{filters}{row.pk}/"
    assert other.post(one, {"action": "default"}).status_code == 404
    other.post(one, {"action": "delete"})
    client.post(one, {"action": "no_default"})
    assert client.get(here).status_code == 200
    client.post(one, {"action": "delete"})
    with in_workspace(workspace.pk):
        assert [row.name for row in SavedFilter.objects.all()] == ["삼성 것"]


def test_a_name_is_needed_and_there_is_a_most(workspace, monkeypatch):
    client = member_client(workspace)
    filters = address(workspace, "lists", "sales", "filters")
    assert client.post(filters, {"name": "  ", "query": "tab=all"}).status_code == 400
    monkeypatch.setattr("dojang.service.lists.keeping.MOST_FILTERS", 1)
    client.post(filters, {"name": "하나", "query": "tab=all"})
    assert client.post(filters, {"name": "둘", "query": "tab=all"}).status_code == 400
    assert client.post(filters, {"name": "하나", "query": "tab=draft"}).status_code == 302
    assert client.post(address(workspace, "lists", "nothing", "filters"), {"name": "x"}).status_code == 404


def headings(page: str) -> list[str]:
    head = re.search(r"<thead>.*?</thead>", page, re.DOTALL)[0]
    return [re.sub("<[^>]+>", "", one).strip() for one in re.findall(r"<th .*?</th>", head, re.DOTALL)]


def test_columns_are_chosen_and_put_in_order(workspace):
    client = member_client(workspace)
    here, columns = address(workspace, "invoices"), address(workspace, "lists", "sales", "columns")
    assert "사업장" not in headings(text(client.get(here)))
    usual = headings(text(client.get(here)))
    answer = client.post(
        columns,
        {
            "column": ["buyer", "issue_id", "total_amount", "nothing"],
            "place_issue_id": "1",
            "place_buyer": "2",
            "place_total_amount": "x",
        },
    )
    assert answer.status_code == 302
    assert headings(text(client.get(here)))[1:] == ["승인번호", "공급받는자", "합계금액"]
    assert headings(text(member_client(workspace, "viewer").get(here)))[-3:] == usual[-3:]
    page = text(client.get(columns))
    assert page.index("place_issue_id") < page.index("place_buyer") < page.index("place_state")
    assert client.post(columns, {"column": ["nothing"]}).status_code == 400
    client.post(columns, {"action": "usual"})
    assert headings(text(client.get(here))) == usual


def sheets(answer) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_excel_has_the_whole_result_and_its_sums(workspace, monkeypatch):
    monkeypatch.setattr(querying, "PER_PAGE", 5)
    client = member_client(workspace)
    answer = client.get(address(workspace, "invoices", "excel"), {"q": "삼성", "sort": "total_amount"})
    assert answer.headers["Content-Type"] == CONTENT_TYPE
    [rows] = sheets(answer).values()
    sums, head, *body = rows
    place = {name: at for at, name in enumerate(head)}
    assert len(body) == 10
    assert sums[0] == "합계 10건"
    totals = [row[place["합계금액"]] for row in body]
    assert totals == sorted(totals)
    assert sums[place["합계금액"]] == sum(totals)
    assert sums[place["공급가액"]] == sum(row[place["공급가액"]] for row in body)
    assert {type(one) for one in totals} <= {int, float}
    assert {row[place["공급받는자"]] for row in body} == {"삼성전자(주)"}
    assert isinstance(body[0][place["작성일자"]], date)


@pytest.mark.parametrize(
    "name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "https://example.com", "{=1}"]
)
def test_a_name_never_becomes_a_formula_or_a_link(workspace, name):
    add_invoice(workspace, first_business(workspace), buyer=name, written_on=date(2020, 1, 2))
    answer = member_client(workspace).get(address(workspace, "invoices", "excel"), {"to": "2020-12-31"})
    data = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert name in {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}


@dataclass
class Row:
    """All that one column needs."""

    total_amount: int


def test_what_a_sheet_has_no_room_for_stands_on_the_next():
    column = SALES.column("total_amount")
    sums = {"count": 5, "total_amount": 10}
    rows = (Row(number) for number in range(5))
    with excel.workbook([column], rows, name="매출/[1]", sums=sums, most_rows=4) as file:
        book = CalamineWorkbook.from_filelike(file)
        assert book.sheet_names == ["매출1", "매출1 2", "매출1 3"]
        found = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [len(sheet) for sheet in found] == [4, 4, 3]
    assert [row[0] for sheet in found for row in sheet[2:]] == [0, 1, 2, 3, 4]


def test_a_member_lists_and_takes_out_only_the_businesses_that_are_theirs(workspace):
    other = make_business(workspace)
    mine = add_invoice(workspace, other, buyer="내 거래처")
    member = add_member(workspace, "none", business_roles={other: "viewer"})
    client = client_of(User.objects.get(pk=member.user_id))
    here = address(workspace, "invoices")
    assert shown(text(client.get(here))) == [mine.pk]
    assert shown(text(client.get(f"{here}?business={first_business(workspace).pk}"))) == [mine.pk]
    assert client.get(f"{here}totals/").json()["sums"]["count"] == "1"
    [rows] = sheets(client.get(f"{here}excel/")).values()
    assert len(rows) == 3


def test_records_are_listed_by_the_same_means():
    workspace = make_workspace()
    client = member_client(workspace)
    here = address(workspace, "records")
    for query in (
        "",
        "?side=sales",
        "?q=삼성",
        "?tab=not-deductible&late=issued",
        "?sort=party",
        "?period=tax-period",
    ):
        assert client.get(here + query).status_code == 200
    assert client.get(f"{here}totals/?side=sales").json()["sums"]["count"] == "0"
    assert sheets(client.get(f"{here}excel/"))["매입 세금계산서"][0][0] == "합계 0건"
