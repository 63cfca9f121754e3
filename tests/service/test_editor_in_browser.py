"""Writing an invoice in Debian's Chromium: by keyboard alone, from Excel, with tax included, two at once, offline."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from editor_world import Desk
from playwright.sync_api import Browser, Page, expect
from served_site import prepared, served
from service_world import NOW, add_member, client_of, make_workspace
from signing_world import content

from browsers import chromium
from dojang.etax.invoice import KST
from dojang.service.accounts.models import User
from dojang.service.counterparties.services.items import SoldItem, remember_items
from dojang.service.invoices.models import Invoice, Template
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Branch, Business

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
PATIENCE = 20_000
pytestmark = pytest.mark.xdist_group("editor in a browser")

DISPLAYS = [(width, theme) for width in (360, 1280) for theme in ("light", "dark")]
SAVED = re.compile(r"^저장됨 \d\d:\d\d$")
RESIDENT = "9001019999999"


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), served() as address:
        yield address


@pytest.fixture(scope="module")
def browser(site) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as browser:
        yield browser


class Room:
    """A workspace with a known customer, and its people in the browser."""

    def __init__(self, site: str, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.desk = prepared(self._furnish)
        self.contexts: list[Any] = []

    def _furnish(self) -> Desk:
        desk = Desk(make_workspace())
        buyer = desk.add_buyer()
        desk.add_buyer(number="9988100012", name="한빛건설(주)", representative="한건설", contacts=())
        with in_workspace(desk.workspace.pk):
            remember_items(
                business_id=desk.business.pk,
                counterparty_id=buyer.pk,
                items=[SoldItem("복사용지", "A4", "25000")],
                now=NOW,
            )
        return desk

    def write(self, path: str = "new/", *, role: str | None = None, **options: Any) -> Page:
        """Somebody opens the editor: the owner, or a new member."""
        session = prepared(lambda: self._session(role))
        context = self.browser.new_context(**({"locale": "ko-KR"} | options))
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "sessionid", "value": session, "url": self.site}])
        self.contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda said: page.problems.append(said.text) if "Refused" in said.text else None)
        page.goto(f"{self.site}/w/{self.desk.workspace.slug}/invoices/{path}")
        expect(page.locator("html")).to_have_attribute("data-ready", "editor")
        return page

    def _session(self, role: str | None) -> str:
        client = self.desk.client
        if role is not None:
            client = client_of(User.objects.get(pk=add_member(self.desk.workspace, role).user_id))
        return client.cookies["sessionid"].value

    def invoices(self) -> list[Invoice]:
        return self.read(lambda: list(Invoice.objects.order_by("id")))

    def read(self, act: Callable[[], Any]) -> Any:
        def inside() -> Any:
            with in_workspace(self.desk.workspace.pk):
                return act()

        return prepared(inside)

    def leave(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def room(site, browser) -> Iterator[Room]:
    room = Room(site, browser)
    yield room
    room.leave()


def expect_saved(page: Page) -> None:
    expect(page.locator("#status")).to_have_text(SAVED)
    expect(page.locator("#status")).to_have_attribute("data-phase", "clean")
    assert page.problems == []


def cell(page: Page, line: int, name: str) -> Any:
    return page.get_by_label(f"{line}번째 줄 {name}", exact=True)


def choose_buyer(page: Page, typed: str = "새봄") -> None:
    page.get_by_label("거래처 찾기").fill(typed)
    page.get_by_role("option", name=re.compile("새봄")).first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen")).to_contain_text("(주)새봄")


def paste(page: Page, text: str) -> None:
    """What Ctrl+V does with cells of a spreadsheet on the clipboard."""
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def test_a_known_customer_is_invoiced_by_keyboard_alone(room):
    page = room.write()
    keyboard = page.keyboard
    # The page begins where one begins: at the customer, here by 초성.
    keyboard.type("ㅅㅂ")
    expect(page.get_by_role("option", name=re.compile("새봄"))).to_have_attribute("aria-selected", "true")
    keyboard.press("Enter")
    expect(cell(page, 1, "품목")).to_be_focused()
    keyboard.type("복사")
    page.get_by_role("option", name=re.compile("복사용지")).wait_for()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(cell(page, 1, "수량")).to_be_focused()
    keyboard.type("10")
    keyboard.press("Enter")
    keyboard.press("ArrowUp")
    expect(cell(page, 1, "단가")).to_have_value("25,000")
    expect(cell(page, 1, "공급가액")).to_have_value("250,000")
    cell(page, 2, "품목").focus()
    keyboard.type("배송비")
    for _ in range(4):
        keyboard.press("Tab")
    keyboard.type("5000")
    keyboard.press("Tab")
    expect(cell(page, 2, "세액")).to_have_value("500")
    expect(page.locator("#sum-total")).to_have_text("280,500원")
    expect_saved(page)
    assert page.url.endswith("/edit/")
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == "issue":
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/sign/\?invoices=\d+$"))
    [invoice] = room.invoices()
    assert (invoice.state, invoice.supply_amount, invoice.tax_amount) == ("ready", 255_000, 25_500)
    assert invoice.buyer_number == "9998100015"
    assert [item["name"] for item in invoice.content["items"]] == ["복사용지", "배송비"]


def test_twenty_rows_of_excel_are_pasted_as_they_are(room):
    page = room.write()
    choose_buyer(page)
    cell(page, 1, "품목").focus()
    rows = ["월일\t품목\t규격\t수량\t단가\t공급가액\t세액\t비고"]
    rows += [
        f'11/{day:02d}\t"품목 ""{day}""\n둘째"\tA{day}\t1,000\t{day}.50원\t₩{day * 1000 + 500:,}\t\t'
        for day in range(1, 20)
    ]
    rows += ["2026. 11. 20.\t할인\t\t\t\t(1,234)\t△123\t행사"]
    paste(page, "\r\n".join(rows) + "\r\n")
    expect(page.locator("#grid-said")).to_contain_text("20줄을 붙여 넣었습니다.")
    expect(cell(page, 1, "품목")).to_have_value('품목 "1" 둘째')
    expect(cell(page, 20, "공급가액")).to_have_value("-1,234")
    expect_saved(page)
    [invoice] = room.invoices()
    supply = sum(day * 1000 + 500 for day in range(1, 20)) - 1_234
    tax = sum((day * 1000 + 500) // 10 for day in range(1, 20)) - 123
    assert (invoice.item_count, invoice.supply_amount, invoice.tax_amount) == (20, supply, tax)
    first, last = invoice.content["items"][0], invoice.content["items"][-1]
    assert (first["quantity"], first["unit_price"]) == ("1000", "1.5")
    assert last["remark"] == "행사"
    assert last["supplied_on"] == "2026-11-20"


def test_more_than_ninety_nine_rows_are_not_lost_unsaid(room):
    page = room.write()
    cell(page, 1, "품목").focus()
    paste(page, "\n".join(f"품목 {at}\t규격" for at in range(120)))
    expect(page.locator("#grid-said")).to_contain_text("99줄이 넘는 21줄은 넣지 않았습니다")
    expect_saved(page)
    assert room.invoices()[0].item_count == 99


def test_prices_with_tax_add_up_to_the_won(room):
    page = room.write()
    choose_buyer(page)
    page.get_by_label("부가세 포함").check()
    cell(page, 1, "품목").fill("상담")
    cell(page, 1, "합계").fill("110,000")
    cell(page, 1, "합계").press("Enter")
    expect(cell(page, 1, "공급가액")).to_have_value("100,000")
    expect(cell(page, 1, "세액")).to_have_value("10,000")
    cell(page, 2, "품목").fill("자료")
    cell(page, 2, "수량").fill("3")
    cell(page, 2, "단가(부가세 포함)").fill("3,333")
    cell(page, 2, "단가(부가세 포함)").press("Tab")
    expect(cell(page, 2, "합계")).to_have_value("9,999")
    expect(page.locator("#sum-total")).to_have_text("119,999원")
    expect_saved(page)
    page.reload()
    expect(cell(page, 2, "단가(부가세 포함)")).to_have_value("3,333")
    expect(page.locator("#sum-total")).to_have_text("119,999원")
    [invoice] = room.invoices()
    assert (invoice.supply_amount, invoice.tax_amount, invoice.total_amount) == (109_090, 10_909, 119_999)
    assert invoice.content["items"][1]["unit_price"] == "3030"


def test_an_amount_typed_by_hand_stays_until_it_is_emptied(room):
    page = room.write()
    cell(page, 1, "품목").fill("용역")
    cell(page, 1, "공급가액").fill("99,999")
    cell(page, 1, "세액").fill("10000")
    cell(page, 1, "비고").focus()
    expect(cell(page, 1, "세액")).to_have_value("10,000")
    expect(cell(page, 1, "세액")).to_have_class(re.compile("typed"))
    cell(page, 1, "세액").fill("")
    cell(page, 1, "비고").focus()
    expect(cell(page, 1, "세액")).to_have_value("9,999")


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(room):
    first = room.write()
    choose_buyer(first)
    expect_saved(first)
    path = urlsplit(first.url).path.split("/invoices/")[1]
    second = room.write(path, role="writer")
    cell(second, 1, "품목").fill("둘째가 쓴 것")
    expect_saved(second)
    cell(first, 1, "품목").fill("첫째가 쓴 것")
    dialog = first.get_by_role("dialog")
    expect(dialog).to_contain_text("먼저 저장했습니다")
    expect(dialog).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(dialog.get_by_role("textbox")).to_have_value(re.compile("첫째가 쓴 것"))
    first.once("dialog", lambda leave: leave.accept())
    dialog.get_by_role("button", name="새로 고침").click()
    expect(cell(first, 1, "품목")).to_have_value("둘째가 쓴 것")
    assert room.invoices()[0].content["items"][0]["name"] == "둘째가 쓴 것"


def test_without_a_connection_the_text_stays_and_is_saved_afterwards(room):
    page = room.write()
    choose_buyer(page)
    expect_saved(page)
    page.context.set_offline(True)
    cell(page, 1, "품목").fill("지하철에서")
    expect(page.locator("#status")).to_contain_text("저장하지 못했습니다")
    expect(page.get_by_role("button", name="다시 시도")).to_be_visible()
    cell(page, 1, "수량").fill("2")
    asked = []
    page.once("dialog", lambda leave: (asked.append(leave.type), leave.dismiss()))
    page.close(run_before_unload=True)
    expect(cell(page, 1, "수량")).to_have_value("2")
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    expect_saved(page)
    [invoice] = room.invoices()
    assert (invoice.content["items"][0]["name"], invoice.content["items"][0]["quantity"]) == (
        "지하철에서",
        "2",
    )


def test_an_answer_that_is_lost_makes_neither_a_second_draft_nor_a_conflict(room):
    page = room.write()
    lost = []

    def lose(route):
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/drafts/", lose, times=1)
    page.route("**/draft/", lose, times=1)
    choose_buyer(page)
    expect(page.locator("#status")).to_contain_text("저장하지 못했습니다")
    page.get_by_role("button", name="다시 시도").click()
    expect_saved(page)
    cell(page, 1, "품목").fill("복사용지")
    expect(page.locator("#status")).to_contain_text("저장하지 못했습니다")
    page.get_by_role("button", name="다시 시도").click()
    expect_saved(page)
    assert len(lost) == 2
    [invoice] = room.invoices()
    assert invoice.item_name == "복사용지"


def test_what_is_wrong_stands_beside_its_field_and_leads_to_it(room):
    page = room.write()
    choose_buyer(page)
    cell(page, 1, "품목").fill("복사용지")
    cell(page, 1, "수량").fill("열 개")
    expect_saved(page)
    page.get_by_role("button", name="발행하기", exact=True).click()
    summary = page.locator("#summary")
    expect(summary).to_be_focused()
    expect(cell(page, 1, "수량")).to_have_attribute("aria-invalid", "true")
    summary.get_by_role("link", name=re.compile("숫자가 아닙니다")).click()
    expect(cell(page, 1, "수량")).to_be_focused()
    expect(page.locator("#line-1-problems")).to_contain_text("숫자가 아닙니다")


def test_the_law_stands_behind_a_finding(room):
    page = room.write()
    page.get_by_label("거래처 찾기").fill("한빛건설")
    page.get_by_role("option", name=re.compile("한빛건설")).first.wait_for()
    page.keyboard.press("Enter")
    cell(page, 1, "품목").fill("자재")
    cell(page, 1, "공급가액").fill("1000")
    expect_saved(page)
    page.get_by_role("button", name=re.compile("살펴볼 곳")).click()
    page.get_by_role("button", name="고치기").click()
    problem = page.locator("#email-0-problems")
    expect(problem).to_contain_text("공급받는자의 이메일이 없습니다")
    problem.get_by_text("근거").click()
    expect(problem).to_contain_text("제68조제11항")


def test_a_question_is_asked_before_issuing_and_once(room):
    prepared(lambda: room.desk.begin(content=today_content()))
    page = room.write()
    choose_buyer(page)
    cell(page, 1, "품목").fill("복사용지")
    cell(page, 1, "공급가액").fill("1,000,000")
    questions = page.locator("#questions")
    expect(questions).to_contain_text("이미 있습니다")
    page.get_by_role("button", name="발행하기", exact=True).click()
    expect(questions).to_be_focused()
    questions.get_by_role("button", name="맞아요").click()
    expect(questions).to_be_hidden()
    page.get_by_role("button", name="발행하기", exact=True).click()
    page.wait_for_url(re.compile("/sign/"))


def today_content() -> dict[str, Any]:
    return content(written_on=timezone.now().astimezone(KST).date().isoformat())


def test_deadline_and_price_follow_date_and_amount(room):
    page = room.write()
    page.get_by_label("작성일자").fill("2026-01-31")
    cell(page, 1, "공급가액").fill("1,000,000")
    expect(page.locator("#cost")).to_contain_text("발급기한 2월 10일(화)이 지났습니다")
    future = (timezone.now().astimezone(KST).date() + timedelta(days=2)).isoformat()
    page.get_by_label("작성일자").fill(future)
    expect(page.locator("#cost")).to_contain_text("(최대 10,000원)")
    page.keyboard.press("Tab")
    page.get_by_label("거래처 찾기").focus()
    expect(page.locator("#written_on-problems")).to_contain_text("오늘")


def test_a_persons_number_is_masked_once_it_is_saved(room):
    page = room.write()
    page.get_by_label("개인", exact=True).check()
    page.get_by_label("주민등록번호").fill(RESIDENT)
    page.get_by_label("상호(성명)").fill("박개인")
    expect(page.locator("#personal-masked")).to_have_text("900101-*******")
    expect(page.locator("#personal")).to_have_value("")
    cell(page, 1, "품목").fill("과외")
    cell(page, 1, "공급가액").fill("10000")
    expect_saved(page)
    [invoice] = room.invoices()
    assert RESIDENT not in str(invoice.content)
    page.reload()
    expect(page.locator("#personal-masked")).to_have_text("900101-*******")
    assert RESIDENT not in page.content()
    page.get_by_role("button", name="발행하기", exact=True).click()
    page.wait_for_url(re.compile("/sign/"))


def test_a_foreigners_number_takes_the_first_remark_and_what_stood_there_moves_on(room):
    page = room.write()
    page.get_by_text("비고 · 결제방법").click()
    page.get_by_label("비고", exact=True).fill("11월분")
    page.get_by_label("외국인", exact=True).check()
    page.get_by_label("외국인등록번호·여권번호").fill("M12345678")
    page.get_by_label("상호(성명)").fill("Jane Roe")
    cell(page, 1, "품목").fill("통역")
    cell(page, 1, "공급가액").fill("10000")
    expect_saved(page)
    expect(page.locator("#personal-masked")).to_have_text("M1*******")
    [invoice] = room.invoices()
    assert invoice.content["remarks"] == ["", "11월분"]
    assert invoice.content["buyer"]["number"] == "9999999999999"
    page.get_by_role("button", name="발행하기", exact=True).click()
    page.wait_for_url(re.compile("/sign/"))


def test_thirteen_digits_are_a_person_and_are_not_kept_as_a_business(room):
    page = room.write()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("거래처 찾기").fill("900101-9")
    page.get_by_label("거래처 찾기").fill(RESIDENT)
    page.get_by_role("option", name=re.compile("새 거래처")).click()
    expect(page.get_by_label("개인", exact=True)).to_be_checked()
    expect_saved(page)
    assert RESIDENT not in str(room.invoices()[0].content)
    assert not [url for url in asked if "900101" in url]


def test_a_new_customer_is_written_inline_and_kept(room):
    page = room.write()
    page.get_by_label("거래처 찾기").fill("가람상사")
    page.get_by_role("option", name=re.compile("새 거래처")).click()
    number = page.locator("#buyer-number")
    expect(number).to_be_focused()
    number.fill("999-86-00011")
    expect(page.locator("#buyer-number-hint")).to_contain_text("올바르지 않습니다")
    number.fill("999-86-00010")
    expect(page.locator("#buyer-number-hint")).to_contain_text("검증번호가 맞습니다")
    page.locator("#buyer-representative").fill("최가람")
    page.get_by_label("이메일", exact=True).fill("tax@garam.example")
    page.get_by_role("button", name="거래처로 저장").click()
    expect(page.locator("#chosen")).to_contain_text("가람상사")
    expect_saved(page)
    [invoice] = room.invoices()
    assert room.read(lambda: Invoice.objects.get(pk=invoice.pk).counterparty.name) == "가람상사"


def test_an_exempt_invoice_has_no_tax(room):
    page = room.write()
    choose_buyer(page)
    cell(page, 1, "품목").fill("도서")
    cell(page, 1, "공급가액").fill("10,000")
    page.get_by_label("면세(계산서)").check()
    expect(page.get_by_label("1번째 줄 세액", exact=True)).to_have_count(0)
    expect(page.locator("#vat")).to_be_hidden()
    expect_saved(page)
    [invoice] = room.invoices()
    assert (invoice.document_type, invoice.tax_amount, invoice.total_amount) == ("0301", 0, 10_000)


def test_the_legal_form_is_shown_with_both_copies(room):
    page = room.write()
    choose_buyer(page)
    cell(page, 1, "품목").fill("복사용지")
    cell(page, 1, "공급가액").fill("10,000")
    page.get_by_role("button", name="미리보기").click()
    form = page.frame_locator(".form-frame")
    expect(form.get_by_text("공급받는자 보관용").first).to_be_visible()
    expect(form.get_by_text("공급자 보관용").first).to_be_visible()
    expect(form.get_by_text("복사용지").first).to_be_visible()
    assert page.problems == []


def test_a_past_invoice_lends_its_items_and_a_template_is_kept_and_used(room):
    prepared(lambda: room.desk.begin(content=today_content(), counterparty=None))
    page = room.write()
    choose_buyer(page)
    page.get_by_role("button", name="지난 세금계산서에서").click()
    page.get_by_role("button", name=re.compile("가져오기: .* 복사용지")).click()
    expect(cell(page, 1, "공급가액")).to_have_value("1,000,000")
    page.get_by_role("button", name="양식", exact=True).click()
    page.get_by_label("지금 내용을 양식으로 저장").fill("월 복사용지")
    page.get_by_role("dialog").get_by_role("button", name="저장", exact=True).click()
    page.get_by_role("link", name="월 복사용지").click()
    page.wait_for_url(re.compile(r"\?template="))
    expect(cell(page, 1, "공급가액")).to_have_value("1,000,000")
    expect(page.locator("#chosen")).to_contain_text("(주)새봄")
    page.get_by_role("button", name="양식", exact=True).click()
    page.get_by_role("button", name="지우기: 월 복사용지").click()
    expect(page.get_by_text("아직 양식이 없습니다.")).to_be_visible()
    assert room.read(Template.objects.count) == 0


def test_a_writer_asks_for_an_approval(room):
    page = room.write(role="writer")
    choose_buyer(page)
    cell(page, 1, "품목").fill("복사용지")
    cell(page, 1, "공급가액").fill("10,000")
    page.get_by_role("button", name="발행 승인 요청").click()
    page.wait_for_url(re.compile(r"/approvals/new/\?invoices=\d+$"))
    assert room.invoices()[0].state == "draft"


def test_lines_are_added_copied_and_removed_by_keys(room):
    page = room.write()
    cell(page, 1, "품목").fill("하나")
    cell(page, 1, "공급가액").fill("1,000")
    cell(page, 1, "공급가액").press("Alt+Enter")
    expect(cell(page, 2, "품목")).to_have_value("하나")
    expect(cell(page, 2, "품목")).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.keyboard.type("셋")
    cell(page, 1, "품목").focus()
    page.keyboard.press("Alt+Delete")
    expect(cell(page, 1, "품목")).to_have_value("하나")
    expect(cell(page, 2, "품목")).to_have_value("셋")
    expect(cell(page, 3, "품목")).to_have_count(0)
    expect(page.locator("#sum-total")).to_have_text("1,100원")
    page.get_by_role("button", name="되돌리기").click()
    expect(cell(page, 3, "품목")).to_have_value("셋")
    expect(page.locator("#sum-total")).to_have_text("2,200원")


def test_nobody_is_caught_in_the_table(room):
    page = room.write()
    cell(page, 1, "품목").fill("하나")
    cell(page, 1, "비고").focus()
    page.keyboard.press("Tab")
    expect(cell(page, 2, "품목")).to_be_focused()
    cell(page, 2, "비고").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="줄 추가")).to_be_focused()


def test_a_place_of_business_is_chosen_where_there_are_some(room):
    def add() -> None:
        with in_workspace(room.desk.workspace.pk):
            business = Business.objects.get()
            Branch.objects.create(
                workspace_id=business.workspace_id, business=business, number="0001", name="부산점"
            )

    prepared(add)
    page = room.write()
    page.get_by_label("종사업장", exact=True).select_option("0001")
    expect_saved(page)
    assert room.invoices()[0].content["supplier"]["branch_number"] == "0001"


@pytest.mark.parametrize(("width", "theme"), DISPLAYS)
def test_everybody_can_use_it_at_any_width(room, width, theme):
    prepared(lambda: room.desk.begin(content=today_content()))
    page = room.write(viewport={"width": width, "height": 800}, color_scheme=theme)
    require_accessible(page)
    choose_buyer(page)
    page.get_by_role("button", name="고치기").click()
    cell(page, 1, "품목").fill("복사용지")
    cell(page, 1, "공급가액").fill("1,000,000")
    cell(page, 1, "수량").fill("하나")
    expect_saved(page)
    page.get_by_role("button", name="발행하기", exact=True).click()
    expect(page.locator("#summary")).to_be_visible()
    page.locator("#more").evaluate("more => more.open = true")
    require_accessible(page)
    page.get_by_label("거래처 찾기").fill("ㅎㅂ")
    page.get_by_role("option").first.wait_for()
    require_accessible(page)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0


def require_accessible(page: Page) -> None:
    """axe-core finds nothing; it runs beside the page's Content-Security-Policy."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    found = page.evaluate(
        "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})).violations"
    )
    told = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]
    assert told == []
