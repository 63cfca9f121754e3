"""Takes the guide's pictures: `make guide`. Starts a demo, does in Chromium what the guide tells, and keeps what is seen.

The demo is the one that the tests in tests/e2e drive, and so are the hands: `Desk` there.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

HERE = Path(__file__).resolve().parent
TESTS = HERE.parents[1] / "tests"
sys.path[:0] = [str(HERE), str(TESTS), str(TESTS / "service"), str(TESTS / "e2e")]

from demo_server import Demo, running  # noqa: E402
from desk import Clerk, Desk  # noqa: E402
from palette import reduced  # noqa: E402
from wizard import Wizard  # noqa: E402

from browsers import chromium  # noqa: E402

IMAGES = HERE / "images"
OWNER = "owner@demo.example"
PASSPHRASE = "dojang-demo!1"  # noqa: S105 (of the demo's invented certificates)
WIDTH, HEIGHT = 1280, 800
_TALLEST = 1100


@dataclass(frozen=True)
class Camera:
    """Somebody's desk, and where pictures of it go.

    Attributes:
        desk: the browser.
        dark_room: a page that turns pictures into small ones.
        slug: the workspace.
        rows: what there is in it, by kind.
        asked: the token of a link behind which a supplier is asked to sign.
    """

    desk: Desk
    dark_room: Page
    slug: str
    rows: dict[str, int]
    asked: str

    @property
    def page(self) -> Page:
        return self.desk.page

    def go(self, path: str) -> Page:
        """A page of the workspace, come to rest."""
        page = self.desk.go(f"/w/{self.slug}/{path}")
        page.wait_for_load_state("networkidle")
        return page

    def take(
        self, name: str, *, page: Page | None = None, whole: bool = False, tallest: int = _TALLEST
    ) -> None:
        """What stands in the window; the `whole` page up to a bearable height."""
        shown = page or self.page
        shown.evaluate("scrollTo(0, 0)")
        height = shown.evaluate("document.documentElement.scrollHeight") if whole else HEIGHT
        shown.set_viewport_size({"width": WIDTH, "height": min(max(height, 500), tallest)})
        shown.wait_for_load_state("networkidle")
        picture = shown.screenshot(animations="disabled", caret="hide")
        shown.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        (IMAGES / f"{name}.png").write_bytes(reduced(picture, page=self.dark_room))


def start(camera: Camera) -> None:
    page = _strangers_page(camera)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    camera.take("start-landing", page=page, whole=True)
    page.context.close()
    camera.go("")
    camera.take("start-home", whole=True)


def certificates(camera: Camera) -> None:
    page = camera.go("sign/register/")
    page.set_input_files("#pick-folder", camera.desk.demo.data / "certificates")
    page.get_by_role("radio", name="(주)도장상사", exact=True).check()
    expect(page.get_by_label("인증서 비밀번호", exact=True)).to_be_visible()
    camera.take("certificate-register", whole=True)
    camera.go("certificates/")
    camera.take("certificate-list", whole=True)


def invoice(camera: Camera) -> None:
    page = camera.go("invoices/new/")
    expect(page.locator("html")).to_have_attribute("data-ready", "editor")
    page.get_by_label("거래처 찾기").fill("ㅅㅂ")
    expect(page.get_by_role("option").filter(has_text="새봄유통")).to_be_visible()
    camera.take("invoice-find")
    page.get_by_role("option").filter(has_text="새봄유통").click()
    rows = [("복사용지 A4 80g", "2,500매/박스", "10", "23000"), ("레이저프린터 토너", "검정", "3", "89000")]
    for number, row in enumerate(rows, 1):
        if number > 1:
            page.get_by_role("button", name="줄 추가").click()
        for label, value in zip(("품목", "규격", "수량", "단가"), row, strict=True):
            page.get_by_label(f"{number}번째 줄 {label}", exact=True).fill(value)
    expect(page.locator("#sum-total")).to_have_text("546,700원")
    camera.take("invoice-write", whole=True)
    page.get_by_role("button", name="발행하기", exact=True).click()
    _answer_questions(page)
    page.wait_for_url(re.compile(r"/sign/\?invoices=\d+$"))
    _choose_certificate(camera)
    camera.take("invoice-sign", whole=True)
    _sign(page)
    camera.take("invoice-issued")
    page.get_by_role("link", name="목록으로 돌아가기").click()
    page.locator("main").get_by_role("link", name="(주)새봄유통").first.click()
    camera.desk.reload_until(page.get_by_text("전송완료", exact=True))
    camera.take("invoice-accepted", whole=True)


def _choose_certificate(camera: Camera) -> None:
    camera.page.set_input_files("#pick-folder", camera.desk.demo.data / "certificates")
    camera.page.get_by_label("인증서 비밀번호", exact=True).fill(PASSPHRASE)


def _sign(page: Page) -> None:
    page.get_by_role("button", name="1건 발행하기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1건을 발행했습니다", timeout=60_000)


def _answer_questions(page: Page) -> None:
    """What the editor asks once about what is not usual."""
    yes = page.locator("#questions").get_by_role("button", name="맞아요", exact=True)
    expect(yes.first.or_(page.locator("#pick-folder"))).to_be_attached(timeout=60_000)
    while yes.count():
        yes.first.click()
    if page.locator("#questions").count():
        page.get_by_role("button", name="발행하기", exact=True).click()


def lists(camera: Camera) -> None:
    camera.go("invoices/")
    camera.take("list-all")
    page = camera.go("invoices/?q=%EC%82%AC%EB%AC%B4%EC%9A%A9&period=this-quarter")
    more = page.locator("details.more-conditions")
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    camera.take("list-conditions")


def purchases(camera: Camera) -> None:
    camera.go("records/")
    camera.take("purchase-list")
    camera.go(f"records/{camera.rows['delivered']}/")
    camera.take("purchase-record", whole=True)
    camera.go("records/paper/")
    camera.take("purchase-paper", whole=True)


def reports(camera: Camera) -> None:
    for name in ("months", "summary", "vat"):
        camera.go(f"reports/{name}/")
        camera.take(f"report-{name}", whole=True)


def mails(camera: Camera) -> None:
    camera.go("mails/")
    camera.take("mail-log")
    camera.go("settings/notices/")
    camera.take("mail-settings", whole=True)
    page = _accepted(camera)
    link = page.locator("input[readonly]").first.input_value()
    page = _strangers_page(camera)
    page.goto(link)
    page.wait_for_load_state("networkidle")
    camera.take("mail-buyer", page=page, whole=True)
    page.context.close()


def verifying(camera: Camera) -> None:
    page = _accepted(camera)
    xml = page.get_by_role("link", name="XML", exact=True).get_attribute("href")
    document = page.request.get(camera.desk.demo.url + xml).body()
    page = _strangers_page(camera)
    page.goto("/verify/")
    chosen = {"name": "세금계산서.xml", "mimeType": "application/xml", "buffer": document}
    page.set_input_files("input[type=file]", chosen)
    page.get_by_role("button", name="검증하기").click()
    expect(page.get_by_role("heading", name="검증 결과")).to_be_visible()
    camera.take("verify-result", page=page, whole=True)
    page.context.close()


def settings(camera: Camera) -> None:
    for name, path in (
        ("business", "settings/businesses/"),
        ("members", "settings/members/"),
        ("history", "history/"),
        ("export", "export/"),
    ):
        page = camera.go(path)
        if name == "business":
            page.locator("main tbody a").first.click()
            page.wait_for_load_state("networkidle")
        camera.take(f"settings-{name}", whole=name != "history")


def amendments(camera: Camera) -> None:
    page = _accepted(camera)
    wizard = Wizard(camera.desk, {"slug": camera.slug}, "guide")
    wizard.press(page.get_by_role("link", name="수정발행", exact=True).and_(page.locator(".button")))
    expect(page.get_by_role("heading", name="무슨 일이 있었나요?")).to_be_visible()
    camera.take("amend-events", whole=True)
    wizard.happened("물건이 반품되었어요", word="반품")
    wizard.answer("무엇이 돌아왔나요?", "일부")
    wizard.answer("같은 물건으로 교환해 주었나요?", "아니요")
    wizard.answer_day("반품된 날(입고일)은 언제인가요?")
    wizard.asks("반품된 품목과 수량을 적어 주세요.")
    camera.take("amend-question", whole=True)
    wizard.answer_won("반품된 품목과 수량을 적어 주세요.", "50000")
    wizard.previewed()
    camera.take("amend-preview", whole=True, tallest=3 * _TALLEST)
    wizard.confirm("물건이 실제로 돌아왔습니다.")
    _choose_certificate(camera)
    _sign(page)
    wizard.press(page.get_by_role("link", name="이어서 하기"))
    camera.desk.reload_until(page.locator(".timeline .badge[data-state=accepted]").nth(1))
    camera.take("amend-deal", whole=True)


def approvals(camera: Camera) -> None:
    page = camera.go("invoices/?tab=draft")
    page.locator("tbody").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="발행 승인 요청").click()
    page.wait_for_url("**/approvals/new/**")
    page.get_by_label("전할 말 (선택)").fill("이번 달 정산분입니다.")
    page.get_by_role("button", name="1건 발행 승인 요청").click()
    expect(page.get_by_text("1건의 발행 승인을 요청했습니다.")).to_be_visible()
    camera.go("approvals/")
    camera.take("approval-list")
    page.locator("main tbody a").first.click()
    page.wait_for_load_state("networkidle")
    camera.take("approval-invoice", whole=True)


def partners(camera: Camera) -> None:
    camera.go(f"reverse/{camera.rows['request_id']}/")
    camera.take("partner-reverse", whole=True)
    camera.go(f"billing/{camera.rows['billing_id']}/")
    camera.take("partner-billing", whole=True)
    page = _strangers_page(camera)
    page.goto(f"/r/{camera.asked}/")
    page.wait_for_load_state("networkidle")
    camera.take("partner-reverse-link", page=page, whole=True)
    page.context.close()
    page = camera.go("invoices/new/")
    expect(page.locator("html")).to_have_attribute("data-ready", "editor")
    page.get_by_label("위수탁", exact=True).check()
    camera.take("partner-consigned", whole=True)


def hometax(camera: Camera) -> None:
    camera.go(f"hometax/lists/{camera.rows['listimport_id']}/")
    camera.take("hometax-list", whole=True)
    page = camera.go("invoices/?tab=draft")
    page.locator("tbody").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="홈택스 일괄발급 파일").click()
    page.wait_for_load_state("networkidle")
    camera.take("hometax-bulk", whole=True)


def _accepted(camera: Camera) -> Page:
    """The page of the newest invoice that the tax office has taken."""
    page = camera.go("invoices/?tab=accepted")
    page.locator("tbody a").first.click()
    page.wait_for_load_state("networkidle")
    return page


def _strangers_page(camera: Camera) -> Page:
    """A browser in which nobody is logged in."""
    context = camera.page.context.browser.new_context(
        base_url=camera.desk.demo.url, locale="ko-KR", viewport={"width": WIDTH, "height": HEIGHT}
    )
    return context.new_page()


CHAPTERS: tuple[Callable[[Camera], None], ...] = (
    start, certificates, invoice, lists, purchases, reports, mails, verifying, settings, amendments,
    approvals, partners, hometax,
)  # fmt: skip


@contextmanager
def opened(demo: Demo) -> Iterator[Camera]:
    """The owner of the demo's workspace, logged in."""
    with Clerk.at_work(demo) as clerk, chromium() as browser:
        furnished = clerk("furnish", email=OWNER)
        with Desk.of(demo, clerk, browser, color_scheme="light", reduced_motion="reduce") as desk:
            desk.come_in(furnished["session"])
            desk.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            yield Camera(desk, browser.new_page(), furnished["slug"], furnished["rows"], furnished["asked"])


def main() -> None:
    """Take all pictures, or those of the chapters named."""
    wanted = sys.argv[1:]
    IMAGES.mkdir(exist_ok=True)
    with running() as demo, opened(demo) as camera:
        for chapter in CHAPTERS:
            if not wanted or chapter.__name__ in wanted:
                chapter(camera)
        # What asks before it goes on is told by 409; anything else is no picture for a guide.
        wrong = [one for one in camera.desk.complaints if not one.startswith("409")]
    if wrong:
        sys.exit(f"pages went wrong: {wrong}")


if __name__ == "__main__":
    main()
