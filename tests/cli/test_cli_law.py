"""`dojang options`, `amend` and `why`; what `amend` makes is signed, submitted and accepted."""

import json

import pytest
from cli_tools import NUMBER, PASSPHRASE

from dojang.cli import options
from dojang.etax import Invoice, sign, verify
from dojang.npki.identity import open_identity
from dojang.sandbox.server import running

TODAY = options.day_of(options.now()).isoformat()
OTHER = {
    "kind": "business",
    "number": "9998600010",
    "name": "다른(주)",
    "representative": "박다른",
    "contacts": [{"email": "other@example.com"}],
}
ON = ("--on", "2026-08-20")


@pytest.fixture
def world(shell):
    """A test certificate and a sandbox that trusts its CA."""
    pfx = shell.certificate()
    with running(shell.path("nts"), anchors=[shell.path("ids/testca")]):
        yield shell, pfx


def submit(shell, pfx, *files):
    credentials = ("--cert", pfx, "--passphrase-file", "pw")
    return shell.run("submit", *files, *credentials, "--nts", "nts", "--wait", "30")


def accepted_original(shell, pfx, **changes):
    """An invoice of today that 국세청 accepted, and the file of its chain."""
    path = shell.signed(pfx, written_on=TODAY, **changes)
    assert submit(shell, pfx, path) == 0
    invoice = verify(path.read_bytes()).invoice
    documents = [{"invoice": invoice.to_data(), "status": "accepted", "sent_at": None}]
    shell.write("chain.json", json.dumps({"documents": documents}))
    return invoice


REQUESTS = {
    "01": {"subtype": "mistake", "corrected": {"supply_amount": 9_000}},
    "01, another buyer": {"subtype": "non_mistake", "corrected": {"buyer": OTHER}},
    "01, taxable and exempt mixed": {
        "subtype": "mistake",
        "corrected": {"supply_amount": 6_000},
        "also": [{"document_type": "0301", "supply_amount": 4_000}],
    },
    "02": {"event_on": TODAY, "supply_delta": 2_000},
    "03": {"event_on": TODAY, "supply_amount": 3_000},
    "04": {"event_on": TODAY, "delivered": False},
    "05": {
        "evidence": "local_credit",
        "evidence_number": "LC-1",
        "evidence_on": TODAY,
        "supply_amount": "all",
    },
    "06": {"subtype": "not_taxable"},
    "06, an exempt supply": {"subtype": "not_taxable", "replace_with": "0301"},
}


@pytest.mark.parametrize("case", REQUESTS)
def test_what_amend_makes_is_signed_submitted_and_accepted(world, case):
    shell, pfx = world
    original = accepted_original(shell, pfx)
    request = {"reason": case[:2], "target": original.issue_id} | REQUESTS[case]
    shell.write("request.json", json.dumps(request))
    files = ("--chain", "chain.json", "--request", "request.json", "--on", TODAY)
    assert shell.run("amend", *files, "--out", "out", "--json") == 0
    planned = shell.json
    count = len(planned["documents"]) + len(planned["follow_ups"])
    assert shell.run("sign", "out", "--cert", pfx, "--passphrase-file", "pw", "--out", "amended") == 0, (
        shell.err
    )
    assert submit(shell, pfx, "amended") == 0, shell.out
    assert shell.out.count("SUC001") == count > 0


def forced(shell, pfx, invoice):
    """A document signed without any check."""
    identity = open_identity(pfx, PASSPHRASE)
    return shell.write("forced.xml", sign(invoice, identity.certificate.der, identity.sign))


def planned_return(shell, original):
    request = {"reason": "03", "target": original.issue_id, "event_on": TODAY, "supply_amount": 3_000}
    shell.write("request.json", json.dumps(request))
    files = ("--chain", "chain.json", "--request", "request.json", "--on", TODAY)
    assert shell.run("amend", *files, "--json") == 0
    [document] = shell.json["documents"]
    return document


def turned(document):
    """The same with a plus where it had a minus."""
    items = [
        item | {"supply_amount": -item["supply_amount"], "tax_amount": -item["tax_amount"]}
        for item in document["items"]
    ]
    totals = {name: -document[name] for name in ("supply_amount", "tax_amount", "total_amount")}
    return document | totals | {"items": items}


FORBIDDEN = {
    "ERR006": lambda document: document | {"written_on": f"{int(TODAY[:4]) + 1}{TODAY[4:-2]}01"},
    "ERR007": turned,
    "ERR008": lambda document: document | {"amendment_reason": None},
    "ERR011": lambda document: (
        document | {"original_issue_id": document["original_issue_id"][:-8] + "zzzzzzzz"}
    ),
}


@pytest.mark.parametrize("code", FORBIDDEN)
def test_the_sandbox_refuses_what_the_rules_forbid(world, code):
    shell, pfx = world
    original = accepted_original(shell, pfx)
    document = planned_return(shell, original)
    issue_id = f"{original.issue_id[:16]}forced00"
    wrong = FORBIDDEN[code](document | {"issue_id": issue_id, "issued_at": f"{TODAY}T00:00:01+09:00"})
    invoice = Invoice.from_data(wrong)
    if code != "ERR011":  # only the book knows which documents there are
        assert shell.run("sign", shell.write("wrong.json", json.dumps(wrong)), *_signing(pfx)) == 1
    assert submit(shell, pfx, forced(shell, pfx, invoice)) == 1
    assert code in shell.out


def _signing(pfx):
    return ("--cert", pfx, "--passphrase-file", "pw", "--out", "wrong")


# Reading, telling, writing --------------------------------------------------------------------------------------


@pytest.fixture
def files(shell):
    """A chain of one invoice of 2,200,000 won dated 2026-05-06, and a function that writes requests on it."""
    assert shell.run("new") == 0
    invoice = shell.json | {
        "written_on": "2026-05-06",
        "items": [{"name": "노트", "supply_amount": 2_200_000, "tax_amount": 220_000}],
        "supply_amount": 2_200_000,
        "tax_amount": 220_000,
        "total_amount": 2_420_000,
        "issue_id": "20260506410000000000000a",
        "issued_at": "2026-05-06T10:00:00+09:00",
    }
    documents = [{"invoice": invoice, "status": "accepted", "sent_at": None}]
    shell.write("chain.json", json.dumps({"documents": documents}))

    def request(**fields):
        shell.write("request.json", json.dumps(fields))
        return ("--chain", "chain.json", "--request", "request.json", *ON)

    return request


RETURN = {"reason": "03", "event_on": "2026-08-19", "supply_amount": 700_000}


def test_the_preview_of_a_return_says_what_an_accountant_asks(shell, files):
    assert shell.run("amend", *files(**RETURN)) == 0
    for said in (
        "반품된 700,000원(세액 70,000원)을 빼는 마이너스 세금계산서 1건",
        "반품일 2026-08-19",
        "당초 작성일자(2026-05-06)",
        "2,200,000원 → 1,500,000원",
        "2026-09-10(목)",
        "2026년 2기 예정",
    ):
        assert said in shell.out
    assert shell.err == ""


def test_the_preview_speaks_english_too(shell, files, monkeypatch):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert shell.run("amend", *files(**RETURN)) == 0
    assert "Deadline and penalties" in shell.out
    assert "amended tax invoice(0201)" in shell.out


def test_a_follow_up_is_shown_with_its_own_deadline_and_written(shell, files):
    request = files(reason="06", subtype="not_taxable", replace_with="0301")
    assert shell.run("amend", *request, "--out", "out") == 0
    assert "계산서(0301) · 작성일자 2026-05-06 · 공급가액 +2,200,000 · 구매(주)" in shell.out
    assert "발급기한 2026-06-10(수)" in shell.out
    assert shell.lines[-2:] == ["out/amendment-1.json", "out/follow-up-1.json"]
    written = Invoice.from_json(shell.path("out/follow-up-1.json").read_bytes())
    assert (written.document_type, written.supply_amount) == ("0301", 2_200_000)


def test_json_has_the_shape_that_programs_rely_on(shell, files):
    assert shell.run("amend", *files(**RETURN), "--json") == 0
    assert set(shell.json) == {
        "documents",
        "follow_ups",
        "follow_up_deadlines",
        "deadline",
        "deadline_kind",
        "penalties",
        "vat",
        "warnings",
        "errors",
    }
    assert shell.json["deadline"] == "2026-09-10"
    assert shell.json["vat"]["supplier"][0]["action"] == "event"


def test_a_refusal_says_why_and_writes_nothing(shell, files):
    too_much = files(**RETURN | {"supply_amount": 7_000_000})
    assert shell.run("amend", *too_much, "--out", "out") == 1
    assert "최대 2,200,000원" in shell.err
    assert shell.out == ""
    assert not shell.path("out").exists()
    assert shell.run("amend", *too_much, "--json") == 1
    assert shell.json["errors"][0]["code"] == "balance_negative"


def test_what_is_no_reason_is_refused(shell, files):
    assert shell.run("amend", *files(reason=None, event="rebate")) == 1
    assert "판매장려금은 공급가액에서 빼지 않습니다" in shell.err


def test_nothing_is_overwritten_and_a_pair_is_written_whole_or_not_at_all(shell, files):
    request = files(reason="01", subtype="mistake", corrected={"supply_amount": 2_000_000})
    shell.write("out/amendment-2.json", "mine")
    assert shell.run("amend", *request, "--out", "out") == 1
    assert "덮어쓰지 않습니다" in shell.err
    assert [path.name for path in shell.path("out").iterdir()] == ["amendment-2.json"]


def test_facts_decide(shell, files):
    shell.write("facts.json", '\ufeff{"buyer_closed_on": "2026-06-30"}')
    assert shell.run("amend", *files(**RETURN), "--facts", "facts.json") == 1
    assert "폐업했습니다" in shell.err


def test_an_operators_holiday_moves_a_deadline(shell, files):
    shell.write("law.toml", '[[holiday]]\non = 2026-09-10\nname = "임시공휴일"\n')
    assert shell.run("amend", *files(**RETURN), "--json") == 0
    assert shell.json["deadline"] == "2026-09-10"
    status = shell.run("amend", *files(**RETURN), "--json", "--law", "law.toml")
    assert (status, shell.err) == (0, ""), shell.err
    assert shell.json["deadline"] == "2026-09-11"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("chain.json", "{}", "거래의 문서들을 읽을 수 없습니다"),
        ("request.json", '{"reason": "07"}', "수정 요청을 읽을 수 없습니다"),
        ("facts.json", '{"unheard": 1}', "사실관계를 읽을 수 없습니다"),
        ("law.toml", "[", "파일을 읽을 수 없습니다"),
    ],
)
def test_what_cannot_be_read_is_named(shell, files, name, content, said):
    request = files(**RETURN)
    shell.write("facts.json", "{}")
    shell.write("law.toml", "")
    shell.write(name, content)
    assert shell.run("amend", *request, "--facts", "facts.json", "--law", "law.toml") == 1
    assert said in shell.err


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ("{}", ["reason: 빠졌습니다. 가능한 값: 01, 02, 03, 04, 05, 06"]),
        ('{"reason": "07"}', ["reason: 쓸 수 없는 값입니다. 가능한 값: 01, 02, 03, 04, 05, 06"]),
        ('{"reason": [3]}', ["reason: 쓸 수 없는 값입니다. 가능한 값: 01, 02, 03, 04, 05, 06"]),
        ("[]", ["항목의 묶음({ })이어야 합니다."]),
        ("{", ["JSON 문법에 어긋납니다"]),
        (
            '{"reason": "03", "supply_amount": 1.5, "foo": 1}',
            ["event_on: 빠졌습니다", "supply_amount: 원 단위 정수여야", "foo: 모르는 항목입니다"],
        ),
        (
            '{"reason": "05", "evidence": "x", "evidence_on": "2026-06-01", "supply_amount": "al"}',
            [
                "evidence: 쓸 수 없는 값입니다. 가능한 값: 'local_credit'",
                "supply_amount: 원",
                "supply_amount: 쓸 수",
            ],
        ),
    ],
)
def test_every_field_that_cannot_be_read_is_named_to_people_and_programs(shell, files, request_, named):
    arguments = files(**RETURN)
    shell.write("request.json", request_)
    assert shell.run("amend", *arguments) == 1
    assert shell.out == ""
    assert all(each in shell.err for each in named)
    assert shell.run("amend", *arguments, "--json") == 1
    assert shell.json["documents"] == []
    assert len(shell.json["errors"]) == len(named)
    for found, each in zip(shell.json["errors"], named, strict=True):
        assert found["code"] == "invalid_request"
        assert found["ko"].startswith(each)


def test_options_and_the_law_s_additions_say_it_the_same_way(shell, files):
    arguments = files(**RETURN)
    shell.write("facts.json", '{"sme": 3, "fiscal_year_end": "x", "returns_filed": [{"period": "x"}]}')
    assert shell.run("options", "chain.json", "--facts", "facts.json", "--json") == 1
    assert {each["code"] for each in shell.json["errors"]} == {"invalid_facts"}
    said = " ".join(each["ko"] for each in shell.json["errors"])
    assert all(each in said for each in ("true나 false", "12-31처럼", "2026-1-final"))
    shell.write("law.toml", "[")
    assert shell.run("amend", *arguments, "--law", "law.toml", "--json") == 1
    assert len(shell.json["errors"]) == 1
    shell.write("chain.json", '{"documents": []}')
    assert shell.run("amend", *arguments) == 1
    assert "documents: 1개 이상" in shell.err


def test_wrong_use_has_a_status_of_its_own(shell, files):
    assert shell.run("amend", "--chain", "chain.json") == 2
    assert shell.run("amend", *files(**RETURN)[:-1], "yesterday") == 2
    assert "2026-11-20처럼" in shell.err
    assert shell.run("amend", "--chain", "nowhere.json", "--request", "request.json") == 2
    assert shell.run("why", "07") == 2


def test_options_tell_what_is_possible_and_within_which_limits(shell, files):
    files(**RETURN)
    assert shell.run("options", "chain.json", *ON) == 0
    assert "✓ 03 환입" in shell.out
    assert "반품 공급가액: 1원 ~ 2,200,000원" in shell.out
    assert "2026-05-06(수) ~ 2026-08-20(목)" in shell.out


def test_options_tell_why_not(shell, files):
    files(**RETURN)
    shell.write("facts.json", json.dumps({"audit": {"covers_this_supply": "yes"}}))
    assert shell.run("options", "chain.json", *ON, "--facts", "facts.json") == 0
    assert "✓ 01" in shell.out  # what need not be stated can still be put right
    assert "세액이 고쳐질 것을 알고 있는 상태" in shell.out
    chain = json.loads(shell.path("chain.json").read_text())
    chain["documents"][0]["status"] = "submitted"
    shell.write("chain.json", json.dumps(chain))
    assert shell.run("options", "chain.json", *ON) == 1
    assert shell.out.count("결과를 확인하고 있습니다") == 6


def test_options_for_programs_hold_the_forms(shell, files):
    files(**RETURN)
    assert shell.run("options", "chain.json", *ON, "--json", "--target", "20260506410000000000000a") == 0
    [returned] = [option for option in shell.json if option["reason"] == "03"]
    assert returned["possible"] is True
    assert returned["schema"]["properties"]["event_on"]["title"] == "반품된 날(입고일)"
    assert (
        shell.run("options", "chain.json", *ON, "--target", f"{TODAY.replace('-', '')}4100000000000000") == 1
    )


@pytest.mark.parametrize("reason", ["01", "02", "03", "04", "05", "06"])
def test_why_explains_each_reason_in_both_languages(shell, reason, monkeypatch):
    assert shell.run("why", reason) == 0
    assert "발급기한" in shell.out
    assert "부가가치세법 시행령 제70조제1항" in shell.out
    assert "이럴 때는 발행할 수 없습니다" in shell.out
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert shell.run("why", reason) == 0
    assert "It is refused" in shell.out
    assert shell.run("why", reason, "--json") == 0
    assert shell.json["reason"] == reason
    assert shell.json["use"]["ko"]
    assert shell.json["cases"]
    assert NUMBER not in shell.out
