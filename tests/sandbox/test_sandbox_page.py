"""The page for people: everything decoded and escaped, nothing personal, nothing that could be taken for real."""

import re
from html.parser import HTMLParser

import pytest
from sandbox_world import BUYER, SUPPLIER, invoice, party, supplier, world

from dojang.nts.package import PackagedInvoice
from dojang.sandbox.decoded import decode, masked, masked_xml

EVIL = '<script>alert("1")</script>&amp;'


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with world(tmp_path_factory.mktemp("page")) as running:
        yield running


def send(sandbox, *documents, **changes):
    submission = sandbox.submission(*(supplier().packaged(one) for one in documents), **changes)
    sandbox.submit(submission)
    return submission.submit_id


def page(sandbox, path="/"):
    answer = sandbox.get(path)
    assert answer.status_code == 200
    text = answer.text
    assert "모의 국세청 · SANDBOX" in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert_well_formed(text)
    return text


def assert_well_formed(text):
    opened = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag, _attrs):
            if tag not in {"meta", "link", "br"}:
                opened.append(tag)

        def handle_endtag(self, tag):
            assert opened.pop() == tag

    Checker().feed(text)
    assert opened == []


def document_page(sandbox, document):
    [found] = sandbox.control("GET", f"documents?issue_id={document.issue_id}")["documents"]
    return page(sandbox, f"/documents/{found['number']}")


def test_an_empty_sandbox_says_what_to_expect(tmp_path):
    with world(tmp_path) as empty:
        assert "아직 받은 전송이 없습니다" in page(empty)


def test_what_arrived_is_shown_decoded_with_its_verdict(sandbox):
    document = invoice()
    submit_id = send(sandbox, document)
    text = page(sandbox)
    assert "(주)도장상사 → 구매(주)" in text
    assert "11,000원" in text
    assert submit_id in text
    assert "성공 1건" in text
    assert page(sandbox, f"/submissions/{submit_id}").count("SUC001") == 1


def test_a_verdict_says_in_words_what_is_wrong_and_what_to_do(sandbox):
    document = invoice(purpose=None, document_type="0102")
    send(sandbox, document)
    text = document_page(sandbox, document)
    for words in ("공급가액, 세액 오류", "코드 유형 오류", "종류와 수정사유를 확인하고 다시 발급하세요"):
        assert words in text


def test_a_document_page_shows_parties_items_amounts_and_xml(sandbox):
    document = invoice(
        document_type="0203",
        amendment_reason="03",
        original_issue_id="202611014299999900000001",
        broker=party("9998600010", "수탁(주)"),
        remarks=["첫 비고"],
        items=[
            {"supplied_on": "2026-11-20", "name": "노트", "specification": "A5", "quantity": "-10", "unit_price": "1000",
             "supply_amount": -10000, "tax_amount": -1000, "remark": "환입분"},
            {"name": "설명만"},
        ],
    )  # fmt: skip
    send(sandbox, document)
    text = document_page(sandbox, document)
    for words in (
        "999-81-00015",
        "수탁자",
        "환입",
        "-11,000원",
        "11/20",
        "노트 (환입분)",
        "설명만",
        "첫 비고",
        "&lt;TaxInvoice ",
    ):
        assert words in text


def test_everything_from_outside_is_escaped(sandbox):
    document = invoice(
        supplier=party(SUPPLIER, EVIL),
        remarks=[EVIL],
        items=[{"name": EVIL, "supply_amount": 1, "tax_amount": 0}],
    )
    submit_id = send(sandbox, document, reply_to="http://127.0.0.1:9/<script>")
    for text in (page(sandbox), page(sandbox, f"/submissions/{submit_id}"), document_page(sandbox, document)):
        assert "<script" not in text.lower()
        assert "&lt;script&gt;" in text


def test_resident_numbers_are_masked_everywhere(sandbox):
    number = "9002301234561"
    buyer = {"kind": "individual", "number": number, "name": "김개인", "representative": "김개인"}
    document = invoice(buyer=buyer, remarks=["주민 900230-1234561"])
    sandbox.control("PUT", f"businesses/{number}", {"state": "unknown"})
    submit_id = send(sandbox, document)
    for text in (page(sandbox), page(sandbox, f"/submissions/{submit_id}"), document_page(sandbox, document)):
        assert "1234561" not in text
    assert "9002301******" in document_page(sandbox, document)
    sandbox.control("DELETE", f"businesses/{number}")


def test_what_cannot_be_read_is_shown_too(sandbox):
    xml = b"\xff<a>hello 9002301234561</a>"
    [codes] = sandbox.codes(PackagedInvoice(xml, bytes(20))).values()
    assert codes == ("SYN004",)
    assert "읽을 수 없는 문서" in page(sandbox)
    found = sandbox.control("GET", f"documents?issue_id={'0' * 24}")["documents"][-1]
    text = page(sandbox, f"/documents/{found['number']}")
    assert "hello 9002301******" in text


def test_what_went_wrong_comes_first_and_the_rest_is_a_link_away(sandbox):
    documents = [invoice() for _ in range(7)] + [invoice(purpose=None)]
    submit_id = send(sandbox, *documents)
    first = page(sandbox)
    assert f'<a href="/submissions/{submit_id}">나머지 3건 보기</a>' in first
    assert first.index(documents[-1].issue_id[16:]) < max(
        first.index(found) for found in re.findall(r"documents/\d+", first)
    )
    assert "실패 1건" in first
    assert page(sandbox, f"/submissions/{submit_id}").count("/documents/") == 8


def test_faults_and_settings_switched_on_are_shown(sandbox):
    sandbox.fault("slow", action="submit", seconds=0.1, times=3)
    sandbox.fault("code", codes=["ERR999"], times=None, issue_id="20261120" + "x" * 16)
    for business in ({"state": "closed", "closed_on": "2026-10-31"}, {"kind": "simplified"}):
        sandbox.control("PUT", f"businesses/{BUYER if 'state' in business else SUPPLIER}", business)
    sandbox.control(
        "PATCH",
        "settings",
        {"clock": {"frozen_at": "2026-11-20T12:00:00+09:00"}, "delays": {"judging_seconds": 60}},
    )
    try:
        waiting = send(sandbox, invoice())
        text = page(sandbox)
        for words in (
            "0.1초 늦습니다",
            "2번 남음",
            "ERR999",
            "계속",
            "998-81-00012: 폐업",
            "(2026-10-31)",
            "제출",
            "간이과세자",
            "멈춤",
            "심사 60초",
            "처리 중",
        ):
            assert words in text
        assert "처리 중 · 1건" in page(sandbox, f"/submissions/{waiting}")
        sandbox.control("PATCH", "settings", {"clock": {"offset_seconds": 60}, "delays": {}})
        assert "시계: 2026-11-20 10:01:00 (KST)</li>" in page(sandbox)
    finally:
        sandbox.control("PATCH", "settings", {"clock": {}, "delays": {}, "businesses": {}})
        sandbox.control("DELETE", "faults")


def test_a_refused_package_says_why(sandbox):
    from sandbox_world import authority

    km = authority().issue_server("다른 국세청", usage="encryption").certificate.der
    send(sandbox, invoice(), nts_km_certificate=km)
    text = page(sandbox)
    assert "처리 불가" in text
    assert "SYN001 복호화 실패" in text


def test_callbacks_are_shown(sandbox):
    sandbox.control("PATCH", "settings", {"callbacks": {"attempts": 1}})
    submit_id = send(sandbox, invoice(), reply_to="http://127.0.0.1:9/results")
    while "확인받지 못함" not in page(sandbox, f"/submissions/{submit_id}"):
        pass
    sandbox.control("PATCH", "settings", {"callbacks": {}})


def test_older_submissions_are_on_further_pages(tmp_path):
    with world(tmp_path) as sandbox:
        ids = [send(sandbox, invoice()) for _ in range(21)]
        assert "더 오래된 전송" in page(sandbox)
        assert ids[0] not in page(sandbox)
        assert ids[0] in page(sandbox, "/?page=2")
        assert "더 새로운 전송" in page(sandbox, "/?page=2")
        assert page(sandbox, "/?page=x") == page(sandbox, "/?page=0") == page(sandbox)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/submissions/x",
        "/documents/0",
        "/documents/x",
        "/documents/" + "9" * 30,
        "/%ff",
        "/control",
    ],
)
def test_what_is_not_there_is_a_404_in_both_languages(sandbox, path):
    answer = sandbox.get(path)
    assert answer.status_code == 404
    assert "아무것도 없습니다" in answer.text
    assert "There is nothing" in answer.text
    assert answer.headers["X-Dojang-Sandbox"] == "1"


def test_the_style_is_a_file_of_its_own(sandbox):
    answer = sandbox.get("/page.css")
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in answer.text


@pytest.mark.parametrize("path", ["/", "/page.css", "/healthz", "/documents/1"])
def test_pages_are_only_read(sandbox, path):
    send(sandbox, invoice())  # the first document, whichever test comes first
    answer = sandbox.http("POST", path, {})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


# Masks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("9002301234561", "9002301******"),
        ("900230-1234561", "900230-1******"),
        ("(9002301234561)", "(9002301******)"),
        ("9999999999999", "9999999999999"),
        ("99981000159002301234561", "99981000159002301234561"),
        ("12345678901234", "12345678901234"),
    ],
)
def test_a_number_of_thirteen_digits_is_masked_unless_it_is_everybodys(text, shown):
    assert masked(text) == shown


def test_in_xml_amounts_stay():
    xml = b"<ID>9002301234561</ID><GrandTotalAmount>1234567890123</GrandTotalAmount>"
    assert masked_xml(xml) == "<ID>9002301******</ID><GrandTotalAmount>1234567890123</GrandTotalAmount>"


def test_what_is_no_invoice_is_not_decoded():
    assert decode(b"<a/>") is None
