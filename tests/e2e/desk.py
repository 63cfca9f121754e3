"""What people do at their desks: sign up, register a certificate, choose it, enter its passphrase, look at the list."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from demo_server import PASSPHRASE, Demo, Kept
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Response, expect

from page_faults import WIDE, axe_script, faults

# Everything runs on one machine, with whatever else runs there.
PATIENCE = 60_000
PASSWORD = "correct horse battery staple"
_CODE = re.compile(r"^\s*([A-Z0-9-]{6,10})\s*$", re.MULTILINE)
_OK = 400
_numbers = count(1)


def business_number() -> str:
    """A new number with a right check digit, of a tax office that doesn't exist."""
    digits = f"99787{next(_numbers):04d}"
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True)
    )
    return f"{digits}{-(total + int(digits[8]) * 5 // 10) % 10}"


class Clerk:
    """Asks clerk.py, which prepares things inside the demo."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    @contextmanager
    def at_work(cls, demo: Demo) -> Generator["Clerk"]:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("clerk.py"))],
            env=demo.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield cls(process)
        finally:
            process.communicate(timeout=PATIENCE / 1000)

    def __call__(self, what: str, **arguments: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([what, arguments]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"clerk.py failed at {what}"
        return json.loads(answer)


@dataclass
class Desk:
    """One person's browser.

    Attributes:
        complaints: what pages have written to the console, and every answer that was an error.
        strangers: addresses outside this machine that were asked.
    """

    demo: Demo
    clerk: Clerk
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    _expected: re.Pattern[str] | None = None
    _met: int = 0

    @classmethod
    @contextmanager
    def of(cls, demo: Demo, clerk: Clerk, browser: Browser, **values: Any) -> Generator["Desk"]:
        context = browser.new_context(base_url=demo.url, locale="ko-KR", **{"viewport": WIDE} | values)
        context.set_default_timeout(PATIENCE)
        desk = cls(demo, clerk, context, context.new_page())
        context.on("console", lambda message: desk._heard(message.type, message.text))
        context.on("weberror", lambda error: desk._heard("error", str(error.error)))
        context.on("request", desk._asked)
        context.on("response", desk._answered)
        try:
            yield desk
        finally:
            context.close()

    def _heard(self, kind: str, text: str) -> None:
        # "Failed to load resource" is told with its address by `_answered`.
        if kind in {"error", "warning"} and not text.startswith("Failed to load resource"):
            self._complain(text)

    def _answered(self, response: Response) -> None:
        if response.status >= _OK:
            self._complain(f"{response.status} {response.request.method} {response.url}")

    def _complain(self, text: str) -> None:
        if self._expected and self._expected.search(text):
            self._met += 1
        else:
            self.complaints.append(text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.demo.url}/", "data:", "blob:")):
            self.strangers.append(request.url)

    @contextmanager
    def expecting(self, complaint: str) -> Generator[None]:
        """What is done here makes such complaints, and at least one."""
        before, self._expected, self._met = self._expected, re.compile(complaint), 0
        try:
            yield
        finally:
            self._expected = before
        assert self._met, f"no complaint was {complaint}"

    # Coming and going

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def come_in(self, session: str) -> None:
        """Be logged in already."""
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.demo.url}])

    def sign_up(self, email: str, name: str = "김하나") -> None:
        """Sign up by form, with the code from the mail."""
        page = self.go("/account/signup/")
        page.get_by_label("이름", exact=True).fill(name)
        page.get_by_label("이메일", exact=True).fill(email)
        page.get_by_label("비밀번호", exact=True).fill(PASSWORD)
        page.locator("main").get_by_role("button", name="회원가입").click()
        page.get_by_label("확인 코드").fill(self.code_for(email))
        page.get_by_role("button", name="확인", exact=True).click()

    def code_for(self, email: str) -> str:
        """The code in the latest mail to somebody, read as a person of the demo reads it."""
        page = self.context.new_page()
        page.goto("/demo/mail/")
        page.get_by_role("row").filter(has_text=email).first.get_by_role("link").click()
        found = _CODE.search(page.locator("pre").first.inner_text())
        assert found
        page.close()
        return found[1]

    def read_mail(self, to: str, subject: str = "") -> str:
        """Wait for the latest mail to somebody (about something), open it in the demo's mails and read it."""
        page = self.go("/demo/mail/")
        mail = page.get_by_role("row").filter(has_text=to).filter(has_text=subject)
        self.reload_until(mail)
        mail.first.get_by_role("link").click()
        expect(page.get_by_text(to, exact=True)).to_be_visible()
        return page.locator("pre").first.inner_text()

    def reload_until(self, wanted: Locator) -> None:
        """Look again until it is there: what the worker does, a page tells when it is opened."""
        until = time.monotonic() + PATIENCE / 1000
        while not wanted.count():
            assert time.monotonic() < until, f"{self.page.url} never showed {wanted}"
            self.page.wait_for_timeout(200)
            self.page.reload()

    # Writing

    def write(self, buyer: str, number: str, email: str) -> None:
        """An invoice over 275,000 won to a buyer whom nobody knows yet."""
        page = self.page
        expect(page.locator("html")).to_have_attribute("data-ready", "editor")
        page.get_by_label("거래처 찾기").fill(buyer)
        page.get_by_role("option", name=re.compile("새 거래처")).click()
        new = page.locator("#buyer-fields")
        new.get_by_label("사업자등록번호").fill(number)
        new.get_by_label("성명(대표자)").fill("박봄내")
        new.get_by_label("이메일", exact=True).fill(email)
        for label, value in {"품목": "복사용지", "수량": "10", "단가": "25000"}.items():
            page.get_by_label(f"1번째 줄 {label}", exact=True).fill(value)
        expect(page.locator("#sum-total")).to_have_text("275,000원")

    # Certificates and signing

    def pick_folder(self, kept: Kept) -> None:
        self.page.set_input_files("#pick-folder", kept.folder)

    def pick_files(self, *files: Path) -> None:
        self.page.set_input_files("#pick-files", list(files))

    def enter(self, passphrase: str = PASSPHRASE) -> None:
        """Type the passphrase and press the button."""
        self.page.get_by_label("인증서 비밀번호", exact=True).fill(passphrase)
        self.page.get_by_role("button", name=re.compile("발행하기$|^인증서 등록$")).click()

    def expect_issued(self, number: int) -> None:
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(f"{number:,}건을 발행했습니다", timeout=PATIENCE)

    def register(self, office: dict[str, Any], kept: Kept) -> None:
        """Register a certificate as the owner of an office."""
        self.come_in(office["people"]["owner"]["session"])
        self.go(f"/w/{office['slug']}/sign/register/")
        self.pick_folder(kept)
        self.enter()
        expect(self.page.get_by_role("heading", name="인증서를 등록했습니다")).to_be_visible()

    def sign_page(self, slug: str, invoices: list[int]) -> Page:
        """The signing page, for these invoices, as the list opens it."""
        return self.go(f"/w/{slug}/sign/?invoices={','.join(map(str, invoices))}")

    def expect_accepted(self, workspace: int, number: int) -> None:
        """So many have been accepted by the NTS, and every one that was handed over."""
        until = time.monotonic() + PATIENCE / 1000
        while (states := self.clerk("states", workspace=workspace)).get("accepted", 0) < number:
            assert time.monotonic() < until, states
            time.sleep(0.2)
        assert states["accepted"] == number

    def issue(self, office: dict[str, Any], invoices: list[int], kept: Kept) -> None:
        """Sign invoices of an office, and see them accepted."""
        before = self.clerk("states", workspace=office["workspace"]).get("accepted", 0)
        self.sign_page(office["slug"], invoices)
        self.pick_folder(kept)
        self.enter()
        self.expect_issued(len(invoices))
        self.expect_accepted(office["workspace"], before + len(invoices))

    # Looking

    def see(self, name: str) -> None:
        """Nothing that is open now keeps anybody out or is wider than the window; and a picture of it."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(axe_script())
        self.picture(f"{name}-{self.page.viewport_size['width']}")
        found = faults(self.page)
        assert not found, f"{self.page.url}: {found}"

    def picture(self, name: str) -> None:
        """Keep what can be seen, where somebody asked for pictures."""
        if folder := os.environ.get("DOJANG_SCREENSHOTS"):
            self.page.evaluate("scrollTo(0, 0)")  # what sticks to the window stands where it belongs
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def look(self, name: str) -> None:
        """The page is no wider than the window; and a picture of it."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0, f"{self.page.url} is wider than the window"
        self.picture(name)
