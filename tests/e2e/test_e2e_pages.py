"""Every page in a workspace: usable by everybody, at both widths, light and dark; still; quiet; asking nobody but its server.

Pages of accounts are looked at in the same way by tests/service/test_account_pages_in_browser.py.
"""

import re
from collections.abc import Iterator
from time import sleep

import pytest
from desk import Clerk, Desk
from playwright.sync_api import expect

from page_faults import NARROW, THEMES, WIDE, axe_script, faults, moved, watch

OWNER = "owner@demo.example"

# Each page by the name of its address; behind the stroke what is shown there.
PAGES = [
    "home",
    "demo_mail",
    "demo_mail_read",
    "workspace_new",
    "workspace_home",
    "workspace_settings",
    "workspace_close",
    "history",
    "export",
    "business_list",
    "business_new",
    "business",
    "business_facts",
    "branch_new",
    "branch",
    "member_list",
    "member",
    "member_leave",
    "ownership",
    "counterparty_list",
    "counterparty_add",
    "counterparty",
    "counterparty_edit",
    "counterparty_merge",
    "counterparty_upload",
    "counterparty_preview",
    "billing_list",
    "billing_new",
    "billing_request",
    "billing_link",
    "certificate_list",
    "amendment_list",
    "amendment",
    "amendment_of_invoice/accepted",
    "amendment_chain",
    "amendment_elsewhere",
    "approval_list",
    "approval_new",
    "approval_policy",
    "mail_list",
    "notice_settings",
    "invoice_list",
    "list_columns",
    "invoice_new",
    "invoice_edit/draft",
    "invoice/draft",
    "invoice/ready",
    "invoice/issued",
    "invoice/accepted",
    "invoice/cancelled",
    "invoice_form/accepted",
    "report_months",
    "report_parties",
    "report_summary",
    "report_vat",
    "report_late",
    "report_documents",
    "reverse_list",
    "reverse_new",
    "reverse_request",
    "reverse_edit",
    "reverse_inbox",
    "reverse_incoming",
    "reverse_page",
    "reverse_sign",
    "record_list",
    "records_upload",
    "record_new",
    "hometax_lists",
    "hometax_list",
    "hometax_bulk",
    "record/delivered",
    "record/xml",
    "record/paper",
    "record_edit/paper",
    "record_form/paper",
    "sign/ready",
    "sign_register_page",
    "buyer_page",
    "verify",
    "operator",
]
# What answers with no page: files, data, and what only takes what a page sends.
NO_PAGES = {
    "amendment_chain_excel", "amendment_elsewhere_typed", "amendment_elsewhere_upload", "amendment_here", "amendment_of_number",
    "amendment_of_record", "amendment_prepare", "amendment_reissue", "amendment_reopen", "amendment_withdraw",
    "approval_answer", "approval_ask", "approval_take_back", "billing_again", "billing_answer", "billing_check", "billing_confirm", "billing_opened", "billing_send_back", "billing_withdraw", "business_archive", "business_defaults", "business_restore", "business_seal", "business_seal_remove",
    "business_seal_upload", "branch_remove", "certificate_remove", "counterparty_archive", "counterparty_check",
    "counterparty_export", "counterparty_find", "counterparty_items", "counterparty_memo", "counterparty_reveal",
    "counterparty_template", "counterparty_unarchive", "demo_certificate", "demo_certificates", "demo_mail_html", "draft_create",
    "draft_finish", "buyer_form_style", "buyer_opened", "buyer_pdf", "buyer_xml", "link_make", "link_revoke",
    "draft_save", "form_style", "healthz", "history_excel", "history_verify", "workspace_reopen", "invitation_new", "invitation_resend", "invitation_revoke", "invoice_ask_again", "invoice_buyer_add",
    "invoice_cancel", "invoice_mail", "invoice_copy", "invoice_delete", "invoice_past", "invoice_pdf", "invoice_reopen", "invoice_template_delete",
    "invoice_template_save", "invoice_templates", "invoice_xml", "invoices_pdf", "invoices_sign", "invoices_transmit", "language",
    "invoice_list_excel", "invoice_list_totals", "list_filter", "list_filters",
    "member_business_roles", "member_remove", "nts_results", "readyz", "report_documents_excel", "report_filed", "report_home",
    "report_late_excel", "report_months_excel", "report_parties_excel", "report_summary_excel", "report_vat_excel", "record_ask", "record_delete", "record_list_excel", "record_list_totals", "record_pdf",
    "reverse_accept", "reverse_again", "reverse_ask", "reverse_begin", "reverse_cancel", "reverse_copy", "reverse_delete",
    "reverse_link_refuse", "reverse_opened", "reverse_pdf", "reverse_refuse", "reverse_sign_certificate",
    "reverse_sign_issue", "reverse_sign_orders", "reverse_sign_register", "reverse_sign_session", "reverse_withdraw",
    "reverse_xml",
    "record_withdraw", "record_xml", "records_check", "records_decide", "sign_certificate", "sign_issue",
    "hometax_list_state", "hometax_list_take", "hometax_list_drop", "hometax_list_close", "hometax_list_sheet",
    "hometax_bulk_make", "hometax_bulk_release", "sign_module", "sign_orders", "sign_register", "sign_session", "theme",
}  # fmt: skip
ELSEWHERE = re.compile("account_|mfa_|usersessions_|invitation(_open)?$")


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_script()


@pytest.fixture(scope="module")
def furnished(clerk: Clerk) -> dict:
    """The demo's workspace, with something of each kind."""
    return clerk("furnish", email=OWNER)


@pytest.fixture(scope="module")
def owners_desk(demo, clerk, browser, furnished) -> Iterator[Desk]:
    """The owner's browser; without transitions colours are at once what they will be."""
    with Desk.of(demo, clerk, browser, reduced_motion="reduce") as desk:
        watch(desk.context)
        desk.come_in(furnished["session"])
        yield desk


@pytest.fixture(scope="module")
def uploaded(owners_desk, furnished, tmp_path_factory) -> int:
    """The list of counterparties, taken out and about to be taken in again."""
    here = f"/w/{furnished['slug']}/counterparties"
    sheet = tmp_path_factory.mktemp("sheet") / "거래처.xlsx"
    sheet.write_bytes(owners_desk.page.request.get(f"{here}/export/").body())
    page = owners_desk.go(f"{here}/upload/")
    page.set_input_files("input[type=file]", sheet)
    page.get_by_role("button", name="내용 확인하기").click()
    page.wait_for_url(re.compile(r"/upload/\d+/$"))
    return int(page.url.split("/")[-2])


def _row_of(name: str) -> str:
    return "record_id" if name.startswith("record") else "invoice_id"


@pytest.fixture(scope="module")
def address(clerk, furnished, uploaded):
    """The address of a page, with what is there filled in."""
    addresses, rows = clerk("addresses"), furnished["rows"]
    rows |= {"upload_id": uploaded, "other_id": rows["counterparty_id"] + 1}

    def fill(page: str) -> str:
        name, _, state = page.partition("/")
        path = addresses[name].replace("<slug:workspace>", furnished["slug"])
        tokens = {"reverse": "asked", "billing": "filled_in"}
        token = furnished[tokens.get(name.partition("_")[0], "token")]
        path = path.replace("<slug:key>", furnished["deal"])
        path = path.replace("<slug:name>", "sales").replace("<str:token>", token)
        for kind, row in (rows | ({_row_of(name): rows[state]} if state else {})).items():
            path = path.replace(f"<int:{kind}>", str(row))
        chosen = {"sign": "ready", "approval_new": "draft"}.get(name)
        return path + (f"?invoices={rows[chosen]}" if chosen else "")

    return fill


def test_no_page_is_left_out(clerk):
    named = {name.partition("/")[0] for name in PAGES}
    there = {name for name in clerk("addresses") if not ELSEWHERE.match(name)}
    assert there == named | NO_PAGES
    assert not named & NO_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_and_use_a_page_at_any_width_and_brightness(owners_desk, address, axe, name):
    desk, page = owners_desk, owners_desk.page
    desk.complaints.clear()
    problems = {}
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        answer = page.goto(address(name))
        assert answer.ok
        assert name == "home" or page.url == desk.demo.url + address(name)
        page.wait_for_load_state("networkidle")
        if what := moved(page):
            problems[f"{size['width']}"] = what
        page.evaluate(axe)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            if found := faults(page):
                problems[f"{size['width']} {theme}"] = found
            desk.picture(f"page-{name.replace('/', '-')}-{size['width']}-{theme}")
    assert problems == {}
    assert desk.complaints == []
    assert desk.strangers == []


def test_a_font_that_comes_late_moves_nothing_and_is_there_on_the_next_page(demo, clerk, browser, furnished):
    late = re.compile(r"\.woff2$")
    with Desk.of(demo, clerk, browser) as desk:
        watch(desk.context)
        desk.come_in(furnished["session"])
        desk.context.route(late, lambda route: (sleep(0.5), route.continue_()))
        page = desk.go(f"/w/{furnished['slug']}/counterparties/")
        page.wait_for_load_state("networkidle")
        assert moved(page) == []
        desk.context.unroute(late)
        page.reload()
        page.wait_for_load_state("networkidle")
        assert moved(page) == []
        assert page.evaluate("[...document.fonts].map((face) => face.status)") == ["loaded", "loaded"]


def test_the_language_is_changed_on_the_page_itself_and_the_page_stays(demo, clerk, browser):
    with Desk.of(demo, clerk, browser) as desk:
        page = desk.go("/account/login/?next=/w/")
        page.get_by_role("banner").get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert page.url.endswith("/account/login/?next=/w/")
        page.get_by_role("contentinfo").get_by_role("button", name="한국어").click()
        expect(page.get_by_role("heading", name="로그인")).to_be_visible()
