"""What somebody does with what they bought: it comes by itself, as a file or on paper; checked, marked, asked back."""

from datetime import datetime, timedelta
from pathlib import Path

from demo_server import PASSPHRASE
from desk import Desk, business_number
from playwright.sync_api import expect

from dojang.etax import KST, Invoice
from dojang.etax.identifiers import IssueId
from dojang.etax.signature import sign
from dojang.npki.identity import open_identity

#: Not the sandbox's: of somebody who issues elsewhere.
ELSEWHERE = "41000001"


def test_purchases_come_are_decided_about_and_asked_back(person: Desk, desk_of, clerk, open_office, tmp_path):
    supplier, office = open_office("(주)큰솔문구"), open_office("(주)새길상사")
    person.register(office, office["kept"])
    suppliers = desk_of()
    suppliers.register(supplier, supplier["kept"])
    [sold] = clerk("ready", workspace=supplier["workspace"], number=office["number"])
    suppliers.issue(supplier, [sold], supplier["kept"])

    here = f"/w/{office['slug']}/records/"
    page = person.go(here)
    person.reload_until(page.locator("tr[data-row]"))
    person.see("purchases-1-delivered")

    page.get_by_role("link", name="XML 올리기").last.click()
    given = bought_elsewhere(supplier, office)
    files = {"받은 것.xml": given, "고친 것.xml": given.replace(b">500000<", b">900000<")}
    page.set_input_files("input[type=file]", written(files, tmp_path))
    page.get_by_role("button", name="올리기", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="새로 등록")).to_have_text(
        "새로 등록 1 · 이미 있음 0 · 받지 않음 1"
    )
    person.see("purchases-2-uploaded")

    page = person.go(f"{here}paper/")
    page.get_by_label("작성일자").fill(today().isoformat())
    for label, value in {
        "등록번호": business_number(),
        "상호(성명)": "늘푸른식당",
        "대표자": "조푸른",
    }.items():
        page.get_by_label(label, exact=True).or_(page.get_by_label(f"{label} (선택)", exact=True)).fill(value)
    page.get_by_label("품목 1").fill("거래처 식사")
    page.get_by_label("공급가액 1").fill("150000")
    page.get_by_label("공급가액 1").press("Tab")
    expect(page.get_by_label("세액 1")).to_have_value("15,000")
    person.see("purchases-3-paper")
    page.get_by_role("button", name="저장", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("늘푸른식당")
    page.get_by_label("공제 여부").select_option(label="불공제 · 기업업무추진비 (부가가치세법 §39①6)")
    page.get_by_role("button", name="저장하고 확인완료로").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("불공제")
    person.see("purchases-4-not-deductible")

    page = person.go(f"{here}?tab=all")
    expect(page.locator('[data-sum="count"]')).to_have_text("3")
    expect(page.locator('[data-sum="supply_amount"]')).to_have_text("1,650,000")
    page.get_by_role("row").filter(has_text="1,100,000").get_by_role("link").click()
    page.get_by_role("button", name="확인", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("확인완료")
    page.get_by_text("수정 요청하기").click()
    to = f"sales-{business_number()}@keunsol.example"
    page.get_by_label("금액이 다름").check()
    page.get_by_label("올바른 공급가액").fill("900,000")
    page.get_by_label("공급자에게 할 말").fill("할인된 금액으로 계약했습니다.")
    page.get_by_label("공급자 이메일").fill(to)
    person.see("purchases-5-asking")
    page.get_by_role("button", name="수정 요청 보내기").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("수정 요청함")
    person.see("purchases-6-asked")
    mail = person.read_mail(to)
    assert "할인된 금액으로 계약했습니다." in mail
    assert "900,000" in mail
    person.see("purchases-7-mail")


def today():
    return datetime.now(KST).date()


def written(files: dict[str, bytes], folder: Path) -> list[Path]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def bought_elsewhere(supplier: dict, buyer: dict) -> bytes:
    """A document over 500,000 won that the supplier issued elsewhere yesterday."""
    at = datetime.now(KST) - timedelta(days=1)
    day = at.date().isoformat()
    document = Invoice.from_data(
        {
            "document_type": "0101",
            "written_on": day,
            "purpose": "claim",
            "issue_id": str(IssueId(at.date(), ELSEWHERE, supplier["number"][-8:])),
            "issued_at": at.isoformat(),
            "supplier": {
                "business_number": supplier["number"],
                "name": "(주)큰솔문구",
                "representative": "송큰솔",
            },
            "buyer": {
                "kind": "business",
                "number": buyer["number"],
                "name": "(주)새길상사",
                "representative": "김하나",
            },
            "items": [{"supplied_on": day, "name": "서류함", "supply_amount": 500_000, "tax_amount": 50_000}],
        }
    )
    identity = open_identity(supplier["kept"].archive, PASSPHRASE)
    return sign(document, identity.certificate.der, identity.sign)
