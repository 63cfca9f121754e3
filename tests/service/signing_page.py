"""The signing page in a real browser: certificates of a test CA on disk, an office, and what a person does there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from dojang.etax import KST
from dojang.npki.testca import TestCA, TestIdentity
from etax.etax_samples import example
from service.signing.harness import Office

PASSPHRASE = "Dojang-시험!2026"
OWN, OTHER = "9998100015", "9998600010"
# Opening a certificate takes a while on a busy machine.
PATIENCE = 60_000


@cache
def authority() -> TestCA:
    return TestCA.create(datetime.now(KST))


@cache
def identity(number: str = OWN, *, expired: bool = False) -> TestIdentity:
    return authority().issue(number, "(주)도장상사", passphrase=PASSPHRASE, iterations=2048, expired=expired)


def write_folder(root: Path, found: TestIdentity) -> Path:
    """The files as they lie on a disk: `NPKI/<CA>/USER/<DN>/signCert.der` and `signPri.key`."""
    folder = root / "NPKI" / "TESTCA" / "USER" / found.certificate.subject.replace("/", "_")
    folder.mkdir(parents=True)
    (folder / "signCert.der").write_bytes(found.certificate.der)
    (folder / "signPri.key").write_bytes(found.encrypted_key)
    return root / "NPKI"


def invoice(number: int = 1, *, business: int = 1, supplier: str = OWN, **changes: Any) -> dict[str, Any]:
    """An invoice of the office: the example, told apart by its buyer's name."""
    data = example()
    data["supplier"]["business_number"] = supplier
    data["buyer"]["name"] = f"구매처 {number}호(주)"
    return {"business": business, "data": data | changes}


def office(count: int = 1, **values: Any) -> Office:
    businesses = [{"id": 1, "number": OWN, "name": "(주)도장상사"}]
    invoices = {number: invoice(number) for number in range(1, count + 1)}
    return Office(**({"businesses": businesses, "invoices": invoices} | values))


@contextmanager
def context_of(browser: Browser, **values: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(**({"locale": "ko-KR"} | values))
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


def pick_folder(page: Page, folder: Path) -> None:
    page.set_input_files("#pick-folder", folder)


def pick_files(page: Page, *files: Path) -> None:
    page.set_input_files("#pick-files", list(files))


def enter(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Type the passphrase and press the button."""
    page.get_by_label("인증서 비밀번호", exact=True).fill(passphrase)
    page.get_by_role("button", name=re.compile("발행하기$|^인증서 등록$")).click()


def expect_issued(page: Page, count: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{count:,}건을 발행했습니다", timeout=PATIENCE)
