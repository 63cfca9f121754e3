"""수정발행 from what happened to what the tax office took: each of the six reasons, and what is no reason at all."""

import re
from datetime import datetime
from itertools import count

import pytest
from demo_server import PASSPHRASE
from desk import Desk, business_number
from playwright.sync_api import expect
from wizard import Wizard, today

from dojang.etax import KST, Invoice
from dojang.etax.identifiers import IssueId
from dojang.etax.signature import sign
from dojang.npki.identity import open_identity

#: Not the sandbox's: of somebody who issues elsewhere.
ELSEWHERE = "41000001"
ORIGINAL = "세금계산서"
#: As Hometax names them.
REASONS = {
    "01": "기재사항 착오정정 등",
    "02": "공급가액 변동",
    "03": "환입",
    "04": "계약의 해제",
    "05": "내국신용장 등 사후개설",
    "06": "착오에 의한 이중발급 등",
}
_buyers = count(1)


def amended(code: str, kind: str = "수정세금계산서") -> str:
    """How the deal's page calls what amends."""
    return f"{kind} · {REASONS[code]}({code})"


@pytest.fixture(scope="module")
def office(open_office) -> dict:
    """A company that sells, with somebody else who may issue."""
    return open_office("(주)새길상사", registered=True, roles=["issuer"])


@pytest.fixture(scope="module")
def careful(open_office) -> dict:
    """A company that keeps what it issued for a while before it goes out."""
    return open_office("(주)신중상사", registered=True, at_once=False)


def buyer() -> dict:
    """Somebody who buys nothing else."""
    number = business_number()
    return {"name": f"(주)늘봄 {next(_buyers)}호", "number": number, "email": f"tax-{number}@neulbom.example"}


@pytest.fixture
def wizard_of(person: Desk, request):
    """The owner of an office, at what is to be amended; pictures are named by the test."""

    def sit_down(office: dict) -> Wizard:
        person.come_in(office["people"]["owner"]["session"])
        return Wizard(person, office, request.node.originalname.removeprefix("test_")[:24].rstrip("_"))

    return sit_down


@pytest.fixture
def wizard(wizard_of, office) -> Wizard:
    return wizard_of(office)


# The six reasons


def test_01_wrong_amount_is_put_right_by_a_pair(wizard: Wizard, office, sell):
    whom = buyer()
    [sold] = sell(office, whom)
    wizard.open(sold)
    wizard.see("1-events")
    wizard.happened("금액(공급가액·세액)을 잘못 적었어요", word="금액")
    wizard.answer_won("올바른 금액을 적어 주세요.", "900000")
    wizard.answer("금액이 다른 이유는?", "입력·계산 실수")
    wizard.previewed(
        "당초 세금계산서를 같은 날짜로 취소(−)하고 올바른 내용으로 다시(+) 발행합니다. 수정세금계산서 2건이 함께 발행됩니다.",
        "공급가액 1,000,000원 → 900,000원, 세액 100,000원 → 90,000원",
        "이 거래의 잔액: 공급가액 1,000,000원 → 900,000원",
        "정해진 기한은 없습니다.",
        "한 건만 따로 발행되지는 않습니다.",
    )
    wizard.see("2-preview")
    wizard.confirm(count=2)
    wizard.see("3-sign")
    wizard.sign(2)
    wizard.accepted(ORIGINAL, amended("01"), amended("01"), left="900,000")
    rows = wizard.files(3)
    assert [row[6] for row in rows] == [1_000_000, -1_000_000, 900_000]
    mail = wizard.desk.read_mail(whom["email"])
    assert "수정세금계산서" in mail


def test_01_wrong_buyer_is_put_right_by_a_pair(wizard: Wizard, office, sell):
    wrong, right = buyer(), buyer()
    [sold] = sell(office, wrong)
    wizard.open(sold)
    wizard.happened("거래처를 잘못 적었어요")
    wizard.answer("실제 거래한 상대방은 누구인가요?", "다른 회사(사람)와 거래했음")
    wizard.asks("올바른 거래처를 선택하세요.")
    wizard.fill(wizard.step.get_by_label("사업자등록번호"), right["number"])
    wizard.fill(wizard.step.get_by_label("상호(성명)"), right["name"])
    wizard.fill(wizard.step.get_by_label("대표자", exact=True), "박바름")
    wizard.see("1-party")
    wizard.go_on()
    wizard.answer("처음 발행할 때 다른 회사로 알고 있었나요, 부탁을 받아 바꾸는 건가요?", "착오·실수")
    wizard.previewed(
        f"공급받는자 {wrong['name']} → {right['name']}",
        "금액은 바뀌지 않습니다.",
        "수정세금계산서 2건이 함께",
    )
    wizard.see("2-preview")
    wizard.confirm(f"실제 거래 상대방은 {right['name']}입니다.", count=2)
    wizard.sign(2)
    wizard.accepted(ORIGINAL, amended("01"), amended("01"), left="1,000,000")
    rows = wizard.files(3)
    assert [row[3] for row in rows] == [wrong["name"], wrong["name"], right["name"]]


def test_02_a_price_that_changed_is_issued_as_the_difference(wizard: Wizard, office, sell):
    [sold] = sell(office, buyer())
    wizard.open(sold)
    wizard.happened("금액이 바뀌었어요", word="할인")
    wizard.answer("발행할 당시의 금액은 그때 계약대로였나요?", "예, 나중에 바뀌었어요")
    wizard.answer("왜 바뀌었나요?", "품질·수량·납기에 따른 할인(에누리)")
    wizard.answer_day("변경이 확정된 날은 언제인가요?")
    wizard.answer_won("얼마로 바뀌었나요?", "700000", form="최종 금액으로")
    wizard.previewed(
        "변경된 차액 -300,000원(세액 -30,000원)만 1건 발행합니다.",
        f"작성일자는 변경 확정일 {today()}",
        "비고에 ‘당초 작성일자",
        "이 거래의 잔액: 공급가액 1,000,000원 → 700,000원",
        "오늘 발행하면 가산세가 없습니다.",
    )
    wizard.see("1-preview")
    wizard.confirm("변경 합의 문서가 있습니다.")
    wizard.sign()
    wizard.accepted(ORIGINAL, amended("02"), left="700,000")
    assert [row[6] for row in wizard.files(2)] == [1_000_000, -300_000]


def test_03_part_of_the_goods_comes_back_by_its_items(wizard: Wizard, office, sell):
    [sold] = sell(office, buyer() | {"items": [("복사용지", 600_000), ("토너", 400_000)]})
    wizard.open(sold)
    wizard.happened("물건이 반품되었어요", word="반품")
    wizard.see("1-choice")
    wizard.answer("무엇이 돌아왔나요?", "일부")
    wizard.answer("같은 물건으로 교환해 주었나요?", "아니요")
    wizard.answer_day("반품된 날(입고일)은 언제인가요?")
    wizard.asks("반품된 품목과 수량을 적어 주세요.")
    if not (field := wizard.step.get_by_label("수량 1", exact=True)).is_visible():
        wizard.press(wizard.step.get_by_text("품목별로 적기"))
    wizard.fill(field, "2")
    wizard.fill(wizard.step.get_by_label("단가 1", exact=True), "700000")
    wizard.go_on()
    expect(wizard.step.get_by_role("alert")).to_contain_text("많이 뺄 수 없습니다")
    wizard.see("2-too-much")
    wizard.fill(wizard.step.get_by_label("단가 1", exact=True), "150000")
    expect(wizard.step.get_by_label("공급가액 1", exact=True)).to_have_value("300,000")
    wizard.see("3-items")
    wizard.go_on()
    wizard.previewed(
        "반품된 300,000원(세액 30,000원)을 빼는 마이너스 세금계산서 1건을 발행합니다.",
        f"작성일자는 반품일 {today()}",
        "비고에 ‘당초 작성일자",
        "이 거래의 잔액: 공급가액 1,000,000원 → 700,000원, 세액 100,000원 → 70,000원",
    )
    wizard.see("4-preview")
    wizard.confirm("물건이 실제로 돌아왔습니다.")
    wizard.sign()
    wizard.accepted(ORIGINAL, amended("03"), left="700,000")
    assert [row[6] for row in wizard.files(2)] == [1_000_000, -300_000]


def test_04_a_contract_that_was_undone_takes_off_what_is_left(wizard: Wizard, office, sell):
    [sold] = sell(office, buyer())
    wizard.open(sold)
    wizard.happened("계약이 취소되었어요", word="계약")
    wizard.answer("이미 납품했거나 작업한 부분이 있나요?", "전혀 없음")
    wizard.answer_day("계약이 해제된 날은 언제인가요?")
    wizard.answer("상대방도 해제를 인정했나요?", "예(합의·판결)")
    wizard.see("1-optional")
    wizard.skip("위약금을 받거나 주나요?")
    wizard.previewed(
        "남은 금액 전액 1,000,000원(세액 100,000원)을 빼는 마이너스 세금계산서 1건을 발행합니다. 이후 이 거래의 잔액은 0원입니다.",
        f"작성일자는 해제일 {today()}",
    )
    wizard.see("2-preview")
    wizard.confirm("계약 해제를 확인할 문서")
    wizard.sign()
    wizard.accepted(ORIGINAL, amended("04"), left="0")
    assert [row[9] for row in wizard.files(2)] == [1_000_000, 0]


def test_05_a_local_credit_that_came_later_makes_part_of_it_zero_rated(wizard: Wizard, office, sell):
    [sold] = sell(office, buyer())
    wizard.open(sold)
    wizard.happened("내국신용장·구매확인서를 나중에 받았어요", word="신용장")
    wizard.answer("어떤 서류인가요?", "내국신용장")
    wizard.answer_text("서류번호를 적어 주세요.", "L12ABC2611001")
    wizard.answer_day("개설일(발급일)은 언제인가요?")
    wizard.asks("이 서류에 해당하는 금액은 얼마인가요?")
    expect(wizard.step.get_by_label("공급가액 (원)")).to_have_value("1,000,000")
    wizard.answer_won("이 서류에 해당하는 금액은 얼마인가요?", "400000")
    wizard.previewed(
        "400,000원을 10% 과세에서 영세율로 바꿉니다. 과세분 취소(−)와 영세율(+) 2건이 함께 발행됩니다. 거래처에서 받은 부가세 40,000원을 돌려주어야 합니다.",
        "과세 600,000원, 영세율 400,000원",
        "비고에 ‘내국신용장 개설일자",
    )
    wizard.see("1-preview")
    wizard.confirm("확인했습니다.", count=2)
    wizard.sign(2)
    wizard.accepted(ORIGINAL, amended("05"), amended("05", "수정영세율세금계산서"), left="1,000,000")
    assert [row[7] for row in wizard.files(3)] == [100_000, -40_000, 0]


def test_06_what_was_issued_twice_is_taken_back_whole(wizard: Wizard, office, sell):
    whom = buyer()
    kept, sold = sell(office, whom, whom)
    wizard.open(sold)
    wizard.happened("같은 거래를 두 번 발행했어요", word="두 번")
    wizard.asks("남길 문서를 선택하세요.")
    wizard.see("1-twins")
    wizard.tick(wizard.step.get_by_role("radio").first)
    wizard.go_on()
    expect(wizard.page.locator("#asking")).to_contain_text("두 문서가 같은 거래가 맞나요?")
    wizard.tick(wizard.step.get_by_label("예", exact=True))
    wizard.go_on()
    wizard.previewed("같은 내용의 마이너스 세금계산서 1건으로 전부 취소합니다. 남는 문서:")
    wizard.see("2-preview")
    wizard.confirm("같은 거래입니다.")
    wizard.sign()
    wizard.accepted(ORIGINAL, amended("06"), left="0")
    assert [row[6] for row in wizard.files(2)] == [1_000_000, -1_000_000]
    page = wizard.desk.go(f"/w/{office['slug']}/invoices/{kept}/")
    expect(page.locator("h1 .badge").first).to_have_text("전송완료")


# What is no reason, and what is done before there is one


def test_not_having_been_paid_issues_nothing_and_says_what_to_do(wizard: Wizard, office, sell, clerk):
    [sold] = sell(office, buyer())
    before = clerk("states", workspace=office["workspace"])
    wizard.open(sold)
    wizard.happened("대금을 못 받았어요", word="대금")
    expect(wizard.page.get_by_role("heading", name="수정 대상이 아닙니다")).to_be_visible()
    expect(wizard.step).to_contain_text("대금을 못 받은 것은 수정 사유가 아닙니다.")
    expect(wizard.step).to_contain_text("대손세액공제")
    expect(wizard.page.get_by_role("button", name=re.compile("발행$"))).to_have_count(0)
    wizard.see("1-stop")
    wizard.press(wizard.step.get_by_role("button", name="계약 취소로"))
    wizard.asks("이미 납품했거나 작업한 부분이 있나요?")
    expect(wizard.page.locator("#said + ol")).to_contain_text("계약이 취소되었어요")
    wizard.press(wizard.page.get_by_role("button", name="수정발행 그만두기"))
    expect(wizard.page.get_by_text("수정발행을 그만두었습니다.")).to_be_visible()
    assert clerk("states", workspace=office["workspace"]) == before


def test_a_changed_answer_is_worked_out_anew(wizard: Wizard, office, sell):
    [sold] = sell(office, buyer())
    wizard.open(sold)
    wizard.happened("물건이 반품되었어요")
    wizard.answer("무엇이 돌아왔나요?", "일부")
    wizard.answer("같은 물건으로 교환해 주었나요?", "아니요")
    wizard.answer_day("반품된 날(입고일)은 언제인가요?")
    wizard.answer_won("반품된 품목과 수량을 적어 주세요.", "300000")
    wizard.previewed("반품된 300,000원(세액 30,000원)")
    again = wizard.page.locator("details.answered").filter(has_text="반품된 품목과 수량")
    wizard.press(again.locator("summary").first)
    wizard.fill(again.get_by_label("공급가액 (원)"), "250000")
    wizard.see("1-changing")
    wizard.press(again.get_by_role("button", name="이 답으로 바꾸기"))
    wizard.previewed("반품된 250,000원(세액 25,000원)", "1,000,000원 → 750,000원")
    first = wizard.page.locator("details.answered").filter(has_text="교환해 주었나요")
    wizard.press(first.locator("summary").first)
    wizard.tick(first.get_by_label("예", exact=True))
    wizard.press(first.get_by_role("button", name="이 답으로 바꾸기"))
    expect(wizard.step).to_contain_text("같은 물건으로 교환한 것은 새로운 공급이나 반품이 아니므로")
    wizard.see("2-stop")
    # What was answered after it is still there when that is taken back.
    wizard.press(wizard.step.get_by_role("button", name="반품으로"))
    wizard.previewed("반품된 250,000원(세액 25,000원)")


def test_what_was_not_sent_yet_is_cancelled_and_not_amended(wizard_of, careful, sell):
    wizard = wizard_of(careful)
    [sold] = sell(careful, buyer(), wait=False)
    page = wizard.desk.go(f"/w/{careful['slug']}/invoices/{sold}/")
    wizard.press(page.get_by_role("link", name="수정발행", exact=True).and_(page.locator(".button")))
    expect(page.get_by_role("heading", name="지금은 수정할 수 없습니다")).to_be_visible()
    expect(wizard.step).to_contain_text("발행취소 후 다시 발행")
    wizard.see("1-gate")
    wizard.press(wizard.step.get_by_role("link", name="발행취소"))
    cancel = page.get_by_role("button", name="발행취소", exact=True)
    expect(cancel).to_be_visible()
    wizard.see("2-cancel")
    cancel.click()
    expect(page.locator("h1 .badge").first).to_have_text("발행취소")


def test_what_the_tax_office_refused_is_issued_anew(wizard_of, careful, sell, clerk):
    wizard = wizard_of(careful)
    [sold] = sell(careful, buyer(), wait=False)
    clerk("refuse", workspace=careful["workspace"], invoice=sold)
    page = wizard.desk.go(f"/w/{careful['slug']}/invoices/{sold}/")
    wizard.press(page.get_by_role("button", name="지금 전송"))
    wizard.desk.reload_until(page.locator("h1 .badge[data-state=rejected]"))
    wizard.press(page.get_by_role("link", name="수정발행", exact=True).and_(page.locator(".button")))
    expect(wizard.step).to_contain_text("국세청이 접수하지 않은 문서입니다")
    expect(wizard.step).to_contain_text("수정세금계산서 대상이 아니므로 고쳐서 새로 발행하세요.")
    wizard.see("1-gate")
    wizard.press(wizard.step.get_by_role("button", name="고쳐서 새로 발행"))
    page.wait_for_url(re.compile(r"/invoices/\d+/edit/$"))
    expect(page.get_by_label("1번째 줄 품목", exact=True)).to_have_value("복사용지")
    wizard.see("2-anew")


# Twice, and by two


def test_pressed_twice_it_is_made_and_issued_once(wizard: Wizard, office, sell, clerk):
    [sold] = sell(office, buyer())
    before = clerk("states", workspace=office["workspace"])
    undo_contract(wizard, sold)
    wizard.tick(wizard.step.get_by_label(re.compile("계약 해제를 확인할 문서")))
    wizard.button().dblclick()
    wizard.page.wait_for_url("**/sign/?**")
    ready = before.get("ready", 0)
    assert clerk("states", workspace=office["workspace"]) == before | {"ready": ready + 1}
    wizard.desk.pick_folder(office["kept"])
    wizard.page.get_by_label("인증서 비밀번호", exact=True).fill(PASSPHRASE)
    wizard.page.get_by_role("button", name=re.compile("발행하기$")).dblclick()
    wizard.desk.expect_issued(1)
    wizard.press(wizard.page.get_by_role("link", name="이어서 하기"))
    wizard.accepted(ORIGINAL, amended("04"), left="0")
    assert clerk("states", workspace=office["workspace"]) == before | {"accepted": before["accepted"] + 1}


def test_of_two_people_the_second_sees_who_was_first(wizard: Wizard, desk_of, office, sell, clerk):
    [sold] = sell(office, buyer())
    before = clerk("states", workspace=office["workspace"])["accepted"]
    undo_contract(wizard, sold)
    wizard.confirm("계약 해제를 확인할 문서")
    other = desk_of()
    other.come_in(office["people"]["issuer"]["session"])
    theirs = Wizard(other, office, f"{wizard.name}-other")
    theirs.open(sold)
    theirs.happened("물건이 반품되었어요")
    theirs.answer("무엇이 돌아왔나요?", "일부")
    theirs.answer("같은 물건으로 교환해 주었나요?", "아니요")
    theirs.answer_day("반품된 날(입고일)은 언제인가요?")
    theirs.answer_won("반품된 품목과 수량을 적어 주세요.", "300000")
    theirs.confirm("물건이 실제로 돌아왔습니다.")
    theirs.sign()
    theirs.accepted(ORIGINAL, amended("03"), left="700,000")

    wizard.desk.pick_folder(office["kept"])
    wizard.desk.enter()
    expect(wizard.page.locator("main")).to_contain_text(f"방금 {office['people']['issuer']['name']} 님이")
    wizard.see("1-refused")
    assert clerk("states", workspace=office["workspace"])["accepted"] == before + 1


def undo_contract(wizard: Wizard, sold: int) -> None:
    """To the preview of a 계약의 해제."""
    wizard.open(sold)
    wizard.happened("계약이 취소되었어요")
    wizard.answer("이미 납품했거나 작업한 부분이 있나요?", "전혀 없음")
    wizard.answer_day("계약이 해제된 날은 언제인가요?")
    wizard.answer("상대방도 해제를 인정했나요?", "예(합의·판결)")
    wizard.skip("위약금을 받거나 주나요?")
    wizard.previewed("이후 이 거래의 잔액은 0원입니다.")


# Originals of elsewhere


@pytest.mark.parametrize("by", ["file", "hand"])
def test_what_was_issued_elsewhere_is_amended_here(wizard: Wizard, office, tmp_path, by):
    whom, number = buyer(), str(IssueId(datetime.now(KST).date(), ELSEWHERE, business_number()[-8:]))
    page = wizard.desk.go(f"/w/{office['slug']}/amendments/")
    wizard.press(page.get_by_role("link", name="다른 곳에서 발행한 문서 수정"))
    if by == "file":
        (tmp_path / "홈택스.xml").write_bytes(issued_elsewhere(office, whom, number))
        wizard.see("1-upload")
        page.set_input_files("#file", tmp_path / "홈택스.xml")
        wizard.press(page.get_by_role("button", name="올리고 수정발행"))
    else:
        wizard.press(page.get_by_text("직접 입력", exact=True))
        form = page.locator("#typed")
        for label, value in {
            "승인번호": number, "등록번호": whom["number"], "상호(성명)": whom["name"], "품목 1": "서류함",
            "공급가액 1": "500000",
        }.items():  # fmt: skip
            wizard.fill(form.get_by_label(label, exact=True), value)
        wizard.fill(form.get_by_label(re.compile("^대표자")), "박봄내")
        page.keyboard.press("Tab")
        wizard.see("1-typed")
        wizard.press(form.get_by_role("button", name="저장하고 수정발행"))
    expect(page.locator(".gate")).to_contain_text(whom["name"])
    expect(page.locator(".gate")).to_contain_text("공급가액 500,000원")
    wizard.happened("금액이 바뀌었어요")
    wizard.answer("발행할 당시의 금액은 그때 계약대로였나요?", "예, 나중에 바뀌었어요")
    wizard.answer("왜 바뀌었나요?", "정산")
    wizard.answer_day("변경이 확정된 날은 언제인가요?")
    wizard.answer_won("얼마로 바뀌었나요?", "450000", form="최종 금액으로")
    wizard.previewed("변경된 차액 -50,000원(세액 -5,000원)만 1건 발행합니다.")
    wizard.see("2-preview")
    wizard.confirm("변경 합의 문서가 있습니다.")
    wizard.sign()
    wizard.desk.reload_until(page.locator(".timeline .badge[data-state=accepted]"))
    titles = page.locator(".timeline article h2")
    expect(titles).to_have_text([ORIGINAL, amended("02")])
    expect(page.locator(".timeline article").first).to_contain_text("다른 곳에서 발행")
    expect(page.locator("dl.facts")).to_contain_text("공급가액 450,000원")
    wizard.see("3-deal")
    assert [row[6] for row in wizard.files(2)] == [500_000, -50_000]


def issued_elsewhere(office: dict, whom: dict, number: str) -> bytes:
    """A sale over 500,000 won of today, signed by the office's certificate, that another service transmitted."""
    at = datetime.now(KST)
    document = Invoice.from_data(
        {
            "document_type": "0101",
            "written_on": today(),
            "purpose": "claim",
            "issue_id": number,
            "issued_at": at.isoformat(),
            "supplier": {
                "business_number": office["number"], "name": "(주)새길상사", "representative": "김하나",
            },
            "buyer": {
                "kind": "business", "number": whom["number"], "name": whom["name"], "representative": "박봄내",
            },
            "items": [
                {"supplied_on": today(), "name": "서류함", "supply_amount": 500_000, "tax_amount": 50_000}
            ],
        }
    )  # fmt: skip
    identity = open_identity(office["kept"].archive, PASSPHRASE)
    return sign(document, identity.certificate.der, identity.sign)
