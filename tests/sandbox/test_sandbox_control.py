"""The control API and script.json: one way to script the sandbox, from a test or from a file."""

import base64
import json

import pytest
from sandbox_world import (
    BUYER,
    NOW,
    SUPPLIER,
    Clock,
    authority,
    company,
    copied,
    invoice,
    issue_id,
    supplier,
    world,
)

from dojang.errors import DojangError
from dojang.npki.testca import TestCA
from dojang.nts.outcomes import OutcomeUnknown, Receipt
from dojang.sandbox import Sandbox, control
from dojang.sandbox.errors import ScriptUnreadable
from dojang.sandbox.web import Request


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with world(tmp_path_factory.mktemp("control")) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_it_was(sandbox):
    yield
    sandbox.control("POST", "reset", {})


def refused(sandbox, method, path, body=None, **options):
    answer = sandbox.http(method, f"/control/{path}", body, **options)
    assert answer.headers["X-Dojang-Sandbox"] == "1"
    return answer.status_code, answer.json()["code"]


# Settings


def test_the_state_tells_settings_faults_and_time(sandbox):
    sandbox.fault("slow", times=3)
    state = sandbox.control("GET", "state")
    assert state["now"] == NOW.isoformat()
    assert state["registrations"] == ["41000000"]
    assert state["faults"][0]["left"] == 3
    assert set(state["settings"]) == {
        "businesses", "systems", "anchors", "paper_originals", "clock", "delays", "callbacks",
    }  # fmt: skip


def test_only_the_parts_named_are_replaced(sandbox):
    sandbox.control("PUT", f"businesses/{BUYER}", {"state": "unknown"})
    changed = sandbox.control("PATCH", "settings", {"delays": {"reply_seconds": 0.0}})
    assert changed["settings"]["businesses"] == {
        BUYER: {"state": "unknown", "closed_on": None, "kind": "general"}
    }


def test_a_business_is_by_rule_again_when_it_is_taken_off_the_list(sandbox):
    sandbox.control("PUT", f"businesses/{BUYER}", {"state": "unknown"})
    assert sandbox.verdict(invoice()) == ("ERR002",)
    sandbox.control("DELETE", f"businesses/{BUYER}")
    assert sandbox.verdict(invoice()) == ("SUC001",)


def test_the_clock_moves_and_stands_still(sandbox):
    tomorrow = invoice(issued_at="2026-11-21T09:00:00+09:00")
    assert sandbox.verdict(tomorrow) == ("ERR005",)
    sandbox.control("PATCH", "settings", {"clock": {"offset_seconds": 86_400}})
    assert sandbox.verdict(tomorrow) == ("SUC001",)
    sandbox.control("PATCH", "settings", {"clock": {"frozen_at": "2026-11-01T00:00:00+09:00"}})
    assert sandbox.verdict(invoice()) == ("ERR005", "ERR006")
    assert sandbox.control("GET", "state")["now"] == "2026-11-01T00:00:00+09:00"


def test_the_newest_registration_of_a_number_counts(sandbox):
    certificates = [
        authority().issue_server("다른 전송", usage="signature").certificate.der for _ in range(2)
    ]
    for der in certificates:
        system = {
            "registration": "42000001",
            "business_number": BUYER,
            "name": "다른 전송",
            "certificate": base64.b64encode(der).decode(),
            "km_certificate": base64.b64encode(der).decode(),
            "email": "km@example.com",
        }
        sandbox.control("POST", "systems", system)
    [system] = sandbox.control("GET", "state")["settings"]["systems"]
    assert base64.b64decode(system["certificate"]) == certificates[1]
    with sandbox.client() as client:
        assert ("42000001", "km@example.com") in {
            (one.registration, one.email) for one in client.certificates().certificates
        }


def test_the_default_system_stays_what_it_is(sandbox):
    der = authority().issue_server("다른 전송", usage="signature").certificate.der
    system = {
        "registration": "41000000",
        "business_number": BUYER,
        "name": "x",
        "certificate": base64.b64encode(der).decode(),
    }
    assert refused(sandbox, "POST", "systems", system) == (400, "sandbox_control_refused")


def test_authorities_can_be_added_while_it_runs(sandbox, tmp_path):
    other = TestCA.load_or_create(tmp_path, now=NOW)
    signer = company(other, SUPPLIER)
    assert sandbox.verdict(invoice(), by=signer) == ("SYN002",)
    sandbox.control("POST", "anchors", {"folder": str(tmp_path)})
    sandbox.control("POST", "anchors", {"folder": str(tmp_path)})
    assert sandbox.control("GET", "state")["settings"]["anchors"] == [str(tmp_path)]
    assert sandbox.verdict(invoice(), by=signer) == ("SUC001",)


def test_a_folder_without_authorities_changes_nothing(sandbox, tmp_path):
    assert refused(sandbox, "POST", "anchors", {"folder": str(tmp_path)}) == (400, "anchors_unusable")
    assert sandbox.control("GET", "state")["settings"]["anchors"] == []


def test_a_revocation_list_that_cannot_be_read_is_refused(sandbox, tmp_path):
    TestCA.load_or_create(tmp_path, now=NOW)
    (tmp_path / "testca/list.crl").mkdir()
    assert refused(sandbox, "POST", "anchors", {"folder": str(tmp_path)}) == (400, "anchors_unusable")


# What arrived


def test_documents_and_their_verdicts_can_be_asked_for(sandbox):
    document = invoice(
        remarks=["900230-1234561"],
        buyer={"kind": "individual", "number": "9002301234561", "name": "김개인", "representative": "김개인"},
    )
    sandbox.verdict(document)
    [found] = sandbox.control("GET", f"documents?issue_id={document.issue_id}")["documents"]
    assert (found["codes"], found["filed"]) == (["SUC001"], True)
    assert found["invoice"]["buyer"]["number"] == "9002301******"
    assert found["invoice"]["remarks"] == ["900230-1******"]
    assert sandbox.control("GET", f"documents?submit_id={found['submit_id']}")["documents"] == [found]
    assert sandbox.control("GET", "documents?issue_id=nothing")["documents"] == []
    [submission] = sandbox.control("GET", "submissions?limit=1")["submissions"]
    assert (submission["submit_id"], submission["state"]) == (found["submit_id"], "judged")
    assert sandbox.control("GET", "submissions?skip=100")["submissions"] == []


def test_a_document_that_cannot_be_read_is_listed_too(sandbox):
    from dojang.nts.package import PackagedInvoice

    sandbox.codes(PackagedInvoice(b"hello", bytes(20)))
    [found] = sandbox.control("GET", f"documents?issue_id={'0' * 24}")["documents"]
    assert (found["invoice"], found["codes"]) == (None, ["SYN004"])


def test_a_reset_empties_the_book_and_keeps_the_keys(sandbox):
    document = invoice()
    sandbox.verdict(document)
    sandbox.fault("slow")
    sandbox.control("PUT", f"businesses/{BUYER}", {"state": "unknown"})
    assert sandbox.control("POST", "reset", {}) == {"reset": True}
    state = sandbox.control("GET", "state")
    assert (state["faults"], state["filed"], state["settings"]["businesses"]) == ([], 0, {})
    assert sandbox.verdict(document) == ("SUC001",)


# Refusals

WRONG = {
    "no such thing": ("GET", "nothing", None, (404, "sandbox_no_such_page")),
    "wrong method": ("GET", "reset", None, (405, "sandbox_wrong_method")),
    "unknown setting": ("PATCH", "settings", {"colour": 1}, (400, "sandbox_control_refused")),
    "wrong type": ("PATCH", "settings", {"clock": {"offset_seconds": "1"}}, (400, "sandbox_control_refused")),
    "naive time": (
        "PATCH",
        "settings",
        {"clock": {"frozen_at": "2026-11-01T00:00:00"}},
        (400, "sandbox_control_refused"),
    ),
    "closed without a date": (
        "PUT",
        f"businesses/{BUYER}",
        {"state": "closed"},
        (400, "sandbox_control_refused"),
    ),
    "no number": ("PUT", "businesses/12", {}, (400, "sandbox_control_refused")),
    "no certificate": (
        "POST",
        "systems",
        {"registration": "42000001", "business_number": BUYER, "name": "x", "certificate": "AAAA"},
        (400, "sandbox_control_refused"),
    ),
    "no business number": (
        "POST",
        "systems",
        {"registration": "42000001", "business_number": "1", "name": "x", "certificate": "AAAA"},
        (400, "sandbox_control_refused"),
    ),
    "no issue id": ("POST", "paper-originals", {"issue_id": "1"}, (400, "sandbox_control_refused")),
    "unknown fault": ("POST", "faults", {"kind": "fire"}, (400, "sandbox_control_refused")),
    "code without codes": ("POST", "faults", {"kind": "code"}, (400, "sandbox_control_refused")),
    "codes without code": (
        "POST",
        "faults",
        {"kind": "slow", "codes": ["ERR001"]},
        (400, "sandbox_control_refused"),
    ),
    "forced success": (
        "POST",
        "faults",
        {"kind": "code", "codes": ["SUC001"]},
        (400, "sandbox_control_refused"),
    ),
    "callback of an action": (
        "POST",
        "faults",
        {"kind": "duplicate_callback", "action": "submit"},
        (400, "sandbox_control_refused"),
    ),
    "never": ("POST", "faults", {"kind": "slow", "times": 0}, (400, "sandbox_control_refused")),
    "documents of what": ("GET", "documents", None, (400, "sandbox_control_refused")),
    "no number of rows": ("GET", "submissions?limit=x", None, (400, "sandbox_control_refused")),
    "an endless number": (
        "GET",
        "submissions?skip=99999999999999999999",
        None,
        (400, "sandbox_control_refused"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_understood_is_refused_in_both_languages(sandbox, name):
    method, path, body, expected = WRONG[name]
    assert refused(sandbox, method, path, body) == expected


def test_a_wrong_method_names_the_right_ones(sandbox):
    assert sandbox.http("GET", "/control/reset").headers["Allow"] == "POST"


def test_a_browser_form_cannot_script_it(sandbox):
    answer = sandbox.http("POST", "/control/reset", content=b"{}", headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (400, "sandbox_control_refused")


@pytest.mark.parametrize(
    ("remote", "local"), [("127.0.0.1", True), ("::1", True), ("192.0.2.7", False), ("", False)]
)
def test_only_this_machine_may_script_it(sandbox, remote, local):
    request = Request("GET", "/control/state", {}, None, remote, b"")
    assert (control.handle(sandbox.sandbox.office, request).status == 200) is local


def test_who_may_get_may_ask_for_the_head(sandbox):
    answer = sandbox.http("HEAD", "/control/state")
    assert (answer.status_code, answer.content) == (200, b"")


# The file


def script(folder, content):
    data = copied(folder)
    text = content if isinstance(content, str) else json.dumps(content)
    (data / "script.json").write_text(text, "utf-8")
    return data


def test_a_script_file_says_the_same_as_the_api(tmp_path):
    paper = issue_id("2026-01-02")
    whole = {
        "businesses": {BUYER: {"state": "closed", "closed_on": "2026-10-31"}, SUPPLIER: {"kind": "exempt"}},
        "paper_originals": [paper],
        "clock": {"frozen_at": "2026-11-20T12:00:00+09:00"},
        "delays": {"judging_seconds": 0, "reply_seconds": 0},
        "callbacks": {"attempts": 2, "retry_seconds": 0.5},
        "anchors": ["."],
        "faults": [{"kind": "lost_after", "action": "submit", "times": None}],
    }
    script(tmp_path, whole)
    with world(tmp_path) as running:
        state = running.control("GET", "state")
        assert state["now"] == "2026-11-20T12:00:00+09:00"
        assert state["settings"]["paper_originals"] == [paper]
        assert isinstance(running.submit(running.submission(supplier().packaged(invoice()))), OutcomeUnknown)


def test_an_unchanged_script_does_not_bring_used_faults_back(tmp_path):
    script(tmp_path, {"faults": [{"kind": "lost_after", "action": "submit"}]})
    for expected in (OutcomeUnknown, Receipt):
        with world(tmp_path) as running:
            assert isinstance(running.submit(running.submission(supplier().packaged(invoice()))), expected)
    script(tmp_path, {"faults": [{"kind": "http_500", "action": "submit"}]})
    with world(tmp_path) as running:
        assert isinstance(running.submit(running.submission(supplier().packaged(invoice()))), OutcomeUnknown)
        running.control("POST", "reset", {})
        assert [fault["kind"] for fault in running.control("GET", "state")["faults"]] == ["http_500"]
        (tmp_path / "data/script.json").write_text("{", "utf-8")
        assert refused(running, "POST", "reset", {}) == (400, "sandbox_script_unreadable")
        assert len(running.control("GET", "state")["faults"]) == 1


@pytest.mark.parametrize("content", ["{", "[]", '{"colour": 1}', '{"faults": [{"kind": "fire"}]}', "\x00"])
def test_a_script_that_cannot_be_understood_says_where(tmp_path, content):
    data = script(tmp_path, content)
    with pytest.raises(ScriptUnreadable, match=r"script\.json"):
        Sandbox.open(data, base_address="http://127.0.0.1:1", clock=Clock())


def test_a_script_that_cannot_be_opened_is_refused(tmp_path):
    data = copied(tmp_path)
    (data / "script.json").mkdir()
    with pytest.raises(ScriptUnreadable):
        Sandbox.open(data, base_address="http://127.0.0.1:1", clock=Clock())


def test_an_anchor_folder_that_is_not_there_is_refused_and_the_book_closed(tmp_path):
    data = copied(tmp_path)
    for _ in range(2):
        with pytest.raises(DojangError):
            Sandbox.open(data, base_address="http://127.0.0.1:1", anchors=[tmp_path / "gone"], clock=Clock())
