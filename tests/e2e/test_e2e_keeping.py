"""What happened is looked up and verified; everything is taken out; a workspace is closed, read, and opened again."""

from io import BytesIO
from zipfile import ZipFile

from desk import Desk
from playwright.sync_api import Page, expect

REFUSED = "409 POST"


def test_a_history_is_verified_everything_taken_out_and_the_workspace_closed_and_opened(
    person: Desk, clerk, open_office
):
    office = open_office("(주)새길상사")
    person.register(office, office["kept"])
    [invoice] = clerk("ready", workspace=office["workspace"])
    person.issue(office, [invoice], office["kept"])
    here = f"/w/{office['slug']}"

    page = person.go(f"{here}/history/")
    people = page.get_by_label("사람")
    people.select_option(label=people.locator("option", has_text="김하나").inner_text())
    page.get_by_role("button", name="찾기").click()
    rows = page.locator("main tbody tr")
    expect(rows.first).to_be_visible()
    assert all("김하나" in text for text in rows.all_inner_texts())
    person.see("keeping-1-person")
    page.get_by_role("link", name="조건 지우기").click()
    expect(rows.filter(has_text="접수했습니다(전송완료)")).to_have_count(1)
    page.get_by_role("button", name="지금 전체 확인").click()
    expect(page.get_by_role("status").filter(has_text="전체 이력을 확인하고 있습니다")).to_be_visible()
    person.reload_until(page.get_by_text("이상 없음", exact=True))
    person.go(f"{here}/history/?document={invoice}")
    page.get_by_role("button", name="이 문서의 이력 검증").click()
    expect(page.get_by_text("이 문서의 이력 검증: 이상 없음.")).to_be_visible()
    person.see("keeping-2-verified")

    page = person.go(f"{here}/invoices/{invoice}/")
    signed = downloaded(page, "link", "XML")
    page = person.go(f"{here}/export/")
    person.see("keeping-3-export")
    taken = ZipFile(BytesIO(downloaded(page, "button", "내려받기")))
    assert taken.testzip() is None
    [name] = [one for one in taken.namelist() if one.startswith("XML/")]
    assert taken.read(name) == signed
    assert {"README.txt", "세금계산서.xlsx", "매입.xlsx"} <= set(taken.namelist())

    page = person.go(f"{here}/settings/workspace/close/")
    page.locator("main form").get_by_role("textbox").fill("(주)새길상사")
    person.see("keeping-4-closing")
    stale = person.context.new_page()
    stale.goto(f"{here}/settings/workspace/")
    page.get_by_role("button", name="작업공간 닫기").click()
    expect(page.get_by_text("작업공간을 닫았습니다.")).to_be_visible()
    with person.expecting(REFUSED):
        stale.locator("main form").get_by_role("button", name="저장").first.click()
        expect(stale.get_by_text("닫은 작업공간이라 바꿀 수 없습니다.")).to_be_visible()
    stale.close()
    for path in (
        "",
        "/invoices/",
        f"/invoices/{invoice}/",
        "/records/",
        "/counterparties/",
        "/certificates/",
    ):
        person.go(f"{here}{path}")
        expect(page.get_by_text("닫은 작업공간입니다.")).to_be_visible()
        assert writing(page) == [], page.url
    person.see("keeping-5-closed")

    page = person.go(f"{here}/settings/workspace/close/")
    person.see("keeping-6-closed-settings")
    page.get_by_role("button", name="다시 열기").click()
    expect(page.get_by_text("작업공간을 다시 열었습니다.")).to_be_visible()
    person.go(f"{here}/invoices/")
    expect(page.get_by_text("닫은 작업공간입니다.")).to_have_count(0)
    assert writing(page)


def writing(page: Page) -> list[str]:
    """What offers to write something in the workspace."""
    offers = page.locator('main form[method="post"]:not([action$="/pdf/"]) button, main a.primary')
    return [text for one in offers.all() if one.is_visible() and (text := one.inner_text())]


def downloaded(page: Page, role: str, name: str) -> bytes:
    with page.expect_download() as told:
        page.locator("main").get_by_role(role, name=name, exact=True).click()
    return told.value.path().read_bytes()
