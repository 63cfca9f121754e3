"""상태조회 as the public service answers it, from the sandbox's own register."""

import json

import httpx
import pytest
from sandbox_world import BUYER, SUPPLIER, invoice, supplier, world

PATH = "/api/nts-businessman/v1/status"
NOT_REGISTERED = "국세청에 등록되지 않은 사업자등록번호입니다."


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with world(tmp_path_factory.mktemp("taxstatus")) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_it_was(sandbox):
    yield
    sandbox.control("POST", "reset", {})


def ask(sandbox, *numbers, key="any", **options):
    return sandbox.http("POST", f"{PATH}?serviceKey={key}", {"b_no": list(numbers)}, **options)


def status(sandbox, number=BUYER):
    [found] = ask(sandbox, number).json()["data"]
    return found["b_stt_cd"], found["b_stt"], found["tax_type_cd"], found["tax_type"], found["end_dt"]


def test_a_right_number_is_a_general_taxpayer_in_business(sandbox):
    answer = ask(sandbox, BUYER, SUPPLIER)
    assert answer.status_code == 200
    assert answer.headers["X-Dojang-Sandbox"] == "1"
    body = answer.json()
    assert (body["status_code"], body["request_cnt"], body["match_cnt"]) == ("OK", 2, 2)
    assert [one["b_no"] for one in body["data"]] == [BUYER, SUPPLIER]
    assert body["data"][0] == {
        "b_no": BUYER,
        "b_stt": "계속사업자",
        "b_stt_cd": "01",
        "tax_type": "부가가치세 일반과세자",
        "tax_type_cd": "01",
        "end_dt": "",
        "utcc_yn": "N",
        "tax_type_change_dt": "",
        "invoice_apply_dt": "",
        "rbf_tax_type": "해당없음",
        "rbf_tax_type_cd": "99",
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"state": "suspended"}, ("02", "휴업자", "01", "부가가치세 일반과세자", "")),
        (
            {"state": "closed", "closed_on": "2026-10-31"},
            ("03", "폐업자", "01", "부가가치세 일반과세자", "20261031"),
        ),
        ({"state": "unknown"}, ("", "", "", NOT_REGISTERED, "")),
        ({"kind": "simplified"}, ("01", "계속사업자", "02", "부가가치세 간이과세자", "")),
        ({"kind": "exempt"}, ("01", "계속사업자", "04", "부가가치세 면세사업자", "")),
    ],
)
def test_what_the_register_was_told_is_what_it_says(sandbox, said, expected):
    sandbox.control("PUT", f"businesses/{BUYER}", said)
    assert status(sandbox) == expected
    sandbox.control("DELETE", f"businesses/{BUYER}")
    assert status(sandbox)[0] == "01"


def test_a_number_that_cannot_be_is_not_registered_and_not_counted(sandbox):
    body = ask(sandbox, "1234567890", BUYER).json()
    assert (body["request_cnt"], body["match_cnt"]) == (2, 1)
    assert body["data"][0]["tax_type"] == NOT_REGISTERED


def test_a_suspended_business_may_still_issue(sandbox):
    sandbox.control("PUT", f"businesses/{SUPPLIER}", {"state": "suspended"})
    assert sandbox.verdict(invoice(), supplier()) == ("SUC001",)


def test_a_hundred_numbers_at_once_and_not_one_more(sandbox):
    assert ask(sandbox, *[BUYER] * 100).json()["request_cnt"] == 100
    refused = ask(sandbox, *[BUYER] * 101)
    assert (refused.status_code, refused.json()["status_code"]) == (413, "TOO_LARGE_REQUEST")


@pytest.mark.parametrize(
    ("body", "status_code", "code"),
    [
        (b"{", 400, "BAD_JSON_REQUEST"),
        (b"", 400, "BAD_JSON_REQUEST"),
        (b"[]", 411, "REQUEST_DATA_MALFORMED"),
        (b'{"b_no": []}', 411, "REQUEST_DATA_MALFORMED"),
        (b'{"b_no": "9988100012"}', 411, "REQUEST_DATA_MALFORMED"),
        (b'{"b_no": [9988100012]}', 411, "REQUEST_DATA_MALFORMED"),
    ],
)
def test_what_is_not_a_question_is_refused_by_its_code(sandbox, body, status_code, code):
    answer = sandbox.http("POST", f"{PATH}?serviceKey=any", content=body)
    assert (answer.status_code, answer.json()) == (status_code, {"status_code": code})


def test_without_a_key_nothing_is_told(sandbox):
    assert sandbox.http("POST", PATH, {"b_no": [BUYER]}).status_code == 401
    assert ask(sandbox, BUYER, key="").json()["code"] == -401


def test_only_a_post_is_answered(sandbox):
    assert sandbox.http("GET", f"{PATH}?serviceKey=any").status_code == 405


@pytest.mark.parametrize(("kind", "code"), [("http_429", 429), ("http_500", 500)])
def test_a_fault_is_used_up_by_one_question(sandbox, kind, code):
    sandbox.fault(kind, action="tax_status")
    assert ask(sandbox, BUYER).status_code == code
    assert ask(sandbox, BUYER).status_code == 200


def test_the_answer_is_lost_is_garbage_or_late(sandbox):
    sandbox.fault("lost_before", action="tax_status")
    with pytest.raises(httpx.RemoteProtocolError):
        ask(sandbox, BUYER)
    sandbox.fault("garbage", action="tax_status")
    with pytest.raises(json.JSONDecodeError):
        ask(sandbox, BUYER).json()
    sandbox.fault("slow", action="tax_status", seconds=0.01)
    assert ask(sandbox, BUYER).status_code == 200
    assert sandbox.control("GET", "faults")["faults"] == []


def test_a_fault_of_another_action_waits_for_it(sandbox):
    sandbox.fault("http_500")
    sandbox.fault("slow", action="submit", seconds=0)
    assert ask(sandbox, BUYER).status_code == 200
    assert len(sandbox.control("GET", "faults")["faults"]) == 2


def test_a_fault_of_this_service_waits_while_invoices_are_submitted(sandbox):
    sandbox.fault("http_500", action="tax_status")
    assert sandbox.verdict(invoice()) == ("SUC001",)
    assert ask(sandbox, BUYER).status_code == 500


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "wrongly_signed", "action": "tax_status"},
        {"kind": "http_429"},
        {"kind": "http_429", "action": "submit"},
    ],
)
def test_a_fault_that_cannot_be_is_refused(sandbox, fault):
    assert sandbox.http("POST", "/control/faults", fault).status_code == 400
