"""수정발행 as a person does it: what happened, the questions, the preview, the signature, the deal."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from desk import Desk
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from dojang.etax import KST
from page_faults import NARROW

ACCEPTED = "전송완료"
_FEW_KEYS = 200


def today() -> str:
    """Today in Korea, as fields of dates take it."""
    return datetime.now(KST).date().isoformat()


@dataclass(frozen=True)
class Wizard:
    """One person at it: with the keyboard alone at a desk, with a finger on a telephone."""

    desk: Desk
    office: dict[str, Any]
    name: str

    @property
    def page(self) -> Page:
        return self.desk.page

    @property
    def step(self) -> Locator:
        """What is asked or told now."""
        return self.page.locator("#step")

    @property
    def _by_keys(self) -> bool:
        return self.page.viewport_size["width"] > NARROW["width"]

    # Hands

    def press(self, what: Locator) -> None:
        """A button or a link; where a link leads, the next page stands when this returns."""
        expect(what).to_be_visible()
        leads = what.evaluate("one => one.tagName === 'A' && !one.hasAttribute('download')")
        with self.page.expect_event("domcontentloaded") if leads else nullcontext():
            self._press(what)

    def _press(self, what: Locator) -> None:
        if self._by_keys:
            self._tab_to(what)
            self.page.keyboard.press("Enter")
        else:
            what.click()

    def tick(self, what: Locator) -> None:
        """A radio button or a box."""
        if not self._by_keys:
            what.check()
        elif what.get_attribute("type") == "radio":
            self._turn_to(what)
        else:
            self._tab_to(what)
            self.page.keyboard.press("Space")
        expect(what).to_be_checked()

    def fill(self, what: Locator, value: str) -> None:
        """A field. Fields of dates are typed into differently on every machine; they are filled."""
        if self._by_keys and what.get_attribute("type") != "date":
            self._tab_to(what)
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.type(value)
        else:
            what.fill(value)

    def _tab_to(self, what: Locator) -> None:
        has_focus = "one => one === document.activeElement"
        for _ in range(_FEW_KEYS):
            if what.evaluate(has_focus):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by Tab to {what}")

    def _turn_to(self, what: Locator) -> None:
        """Tab goes to a group of radio buttons; the arrows choose within."""
        group = (
            "one => document.activeElement?.name === one.name && document.activeElement?.form === one.form"
        )
        for _ in range(_FEW_KEYS):
            if what.evaluate(group):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(_FEW_KEYS):
            if what.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no way by arrows to {what}")

    # The way

    def open(self, invoice: int) -> None:
        """From the document's page to what may have happened."""
        self.desk.go(f"/w/{self.office['slug']}/invoices/{invoice}/")
        self.press(
            self.page.get_by_role("link", name="수정발행", exact=True).and_(self.page.locator(".button"))
        )
        expect(self.page.get_by_role("heading", name="무슨 일이 있었나요?")).to_be_visible()

    def happened(self, event: str, *, word: str = "") -> None:
        """Choose it, found by a word where there are many."""
        if word:
            self.fill(self.page.get_by_label("찾기", exact=True), word)
        self.press(self.page.get_by_role("button", name=event))
        expect(self.page.locator("#said")).to_be_visible()

    def asks(self, question: str) -> None:
        expect(self.page.locator("#asking")).to_have_text(question)

    def answer(self, question: str, label: str) -> None:
        """One of the choices."""
        self.asks(question)
        self.tick(self.step.get_by_label(label, exact=True))
        self.go_on()

    def answer_day(self, question: str, day: str | None = None) -> None:
        self.asks(question)
        self.fill(self.step.locator("input[type=date]"), day or today())
        self.go_on()

    def answer_won(self, question: str, won: str, *, form: str = "") -> None:
        self.asks(question)
        if form:
            self.tick(self.step.get_by_label(form, exact=True))
        self.fill(self.step.get_by_label("공급가액 (원)"), won)
        self.go_on()

    def answer_text(self, question: str, text: str) -> None:
        self.asks(question)
        self.fill(self.step.locator("input[name=answer]"), text)
        self.go_on()

    def go_on(self) -> None:
        self.press(self.step.get_by_role("button", name="다음", exact=True))

    def skip(self, question: str) -> None:
        self.asks(question)
        self.press(self.step.get_by_role("button", name="건너뛰기"))

    def see(self, what: str) -> None:
        self.desk.see(f"amend-{self.name}-{what}")

    # The end

    def previewed(self, *texts: str) -> None:
        """이렇게 발행됩니다."""
        expect(self.page.get_by_role("heading", name="이렇게 발행됩니다")).to_be_visible()
        for text in texts:
            expect(self.step).to_contain_text(text)

    def confirm(self, *texts: str, count: int = 1) -> None:
        """Tick what is confirmed, press, and come to the page that signs."""
        for text in texts:
            self.tick(self.step.get_by_label(re.compile(re.escape(text))))
        self.press(self.button(count))
        self.page.wait_for_url("**/sign/?**")

    def button(self, count: int = 1) -> Locator:
        name = "서명하고 발행" if count == 1 else f"서명하고 {count}건 함께 발행"
        return self.step.get_by_role("button", name=name, exact=True)

    def sign(self, count: int = 1) -> None:
        """Sign, go on to the deal, and see the tax office take all of it."""
        self.desk.pick_folder(self.office["kept"])
        self.desk.enter()
        self.desk.expect_issued(count)
        self.press(self.page.get_by_role("link", name="이어서 하기"))
        self.page.wait_for_url("**/amendments/chain/**")

    def accepted(self, *titles: str, left: str) -> None:
        """The deal: its documents from the first to the newest, all accepted, and what is left of it."""
        badges = self.page.locator(".timeline article .badge[data-state=accepted]")
        self.desk.reload_until(badges.nth(len(titles) - 1))
        expect(self.page.locator(".timeline article h2")).to_have_text(list(titles))
        expect(badges).to_have_text([ACCEPTED] * len(titles))
        expect(self.page.locator("dl.facts")).to_contain_text(f"공급가액 {left}원")
        for one in self.page.locator(".timeline details > summary").all():
            one.click()
        self.see("deal")

    def files(self, count: int) -> list[list]:
        """The rows of the deal's spreadsheet; and each document comes as a PDF."""
        with self.page.expect_download() as told:
            self.page.get_by_role("link", name="엑셀", exact=True).click()
        book = CalamineWorkbook.from_filelike(BytesIO(told.value.path().read_bytes()))
        [_, *rows] = book.get_sheet_by_index(0).to_python()
        links = self.page.locator(".timeline a", has_text="PDF")
        expect(links).to_have_count(count)
        answer = self.page.request.get(links.last.get_attribute("href"))
        assert answer.body().startswith(b"%PDF-")
        assert len(rows) == count
        return rows
