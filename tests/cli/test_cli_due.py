"""`dojang due`: every deadline of a document, and what lateness costs."""

import json

import pytest

TEN_MILLION = ("--supply", "10000000")


def due(shell, *arguments):
    return shell.run("due", *arguments)


def test_deadlines_are_told_with_what_is_left(shell):
    assert due(shell, "--written", "2026-05-08", "--on", "2026-06-01") == 0
    assert "발급기한              2026-06-10(수)  9일 남았습니다" in shell.out
    assert "2027-07-27(화)" in shell.out
    assert "가산세" not in shell.out


@pytest.mark.parametrize(("today", "said"), [("2026-06-10", "오늘까지"), ("2026-06-11", "1일 지났습니다")])
def test_the_last_day_and_the_day_after(shell, today, said):
    assert due(shell, "--written", "2026-05-08", "--on", today) == 0
    assert said in shell.out


def test_penalties_are_told_in_won_where_an_amount_is_given(shell):
    late = ("--written", "2026-01-15", "--issued", "2026-02-11", "--sent", "2026-02-12")
    assert due(shell, *late, *TEN_MILLION, "--on", "2026-02-12") == 0
    assert "지연발급 가산세 1% = 100,000원" in shell.out
    assert "지연수취 가산세 0.5% = 50,000원" in shell.out
    assert "1일 늦었습니다" in shell.out
    assert "기한 안" in shell.out


def test_what_gets_worse_is_told_as_a_ladder(shell):
    assert due(shell, "--written", "2026-05-08", *TEN_MILLION, "--on", "2026-06-01") == 0
    assert "가산세가 없습니다." in shell.out
    assert "2026-06-11부터 150,000원" in shell.out
    assert "불공제" in shell.out


def test_exempt_documents_stand_in_no_vat_return(shell):
    assert due(shell, "--written", "2026-06-30", "--type", "0301", *TEN_MILLION, "--on", "2026-08-01") == 0
    assert "미발급 기준일  2027-01-25(월)" in shell.out
    assert "신고기한" not in shell.out
    assert due(shell, "--written", "2026-06-30", "--type", "0301", "--json") == 0
    assert shell.json["return_period"] is None


def test_zero_rated_documents_need_no_local_credit_afterwards(shell):
    assert due(shell, "--written", "2026-06-30", "--type", "0102", "--on", "2026-08-01") == 0
    assert "내국신용장" not in shell.out


def test_paper_is_not_transmitted(shell):
    paper = ("--written", "2026-03-05", "--issued", "2026-04-03", "--paper", "--on", "2026-04-03")
    assert due(shell, *paper, *TEN_MILLION) == 0
    assert "전송기한" not in shell.out
    assert "종이 발급 가산세 1% = 100,000원" in shell.out


def test_an_announced_extension_is_told_beside_the_statutory_day(shell):
    assert due(shell, "--written", "2025-09-08", "--on", "2025-10-11") == 0
    assert "2025-10-15(수)" in shell.out
    assert "2025-10-10(금)에서 연장" in shell.out


def test_doubts_name_the_deadline_that_they_are_about(shell):
    assert due(shell, "--written", "2026-05-08", "--on", "2026-06-01") == 0
    assert "주의 합계표 기준일:" in shell.out
    assert due(shell, "--written", "2040-05-08", "--on", "2040-06-01", *TEN_MILLION) == 0
    assert shell.out.count("확인되지 않아") == 1


def test_json_holds_everything(shell):
    arguments = ("--written", "2026-05-08", "--issued", "2026-06-11", "--on", "2026-06-20", "--json")
    assert due(shell, *arguments, *TEN_MILLION) == 0
    found = shell.json
    assert found["deadlines"]["issue"] == {
        "on": "2026-06-10",
        "statutory": "2026-06-10",
        "extended_by": None,
        "citation": found["deadlines"]["issue"]["citation"],
    }
    assert [(each["who"], each["code"], each["amount"]) for each in found["penalties"]] == [
        ("supplier", "late_issue", 100_000),
        ("buyer", "late_receive", 50_000),
    ]
    assert found["penalties"][0]["rate"] == "0.01"
    assert found["deduction"] == "late"
    assert found["return_period"] == "2026-1-final"
    assert found["ladder"]
    assert due(shell, *arguments) == 0
    assert shell.json["penalties"] is None


def test_facts_decide_the_periods(shell):
    types = [{"from": "2020-01-01", "type": "simplified"}]
    shell.write("facts.json", json.dumps({"supplier_kind": "individual", "supplier_tax_types": types}))
    assert due(shell, "--written", "2026-03-10", "--facts", "facts.json", "--on", "2026-03-10", "--json") == 0
    assert shell.json["deadlines"]["final_return"]["on"] == "2027-01-25"
    assert due(shell, "--written", "2026-03-10", "--facts", "facts.json", "--on", "2026-03-10") == 0
    assert "2026-07-27(월)  6월까지 세금계산서를 발급했으면 2026년 예정부과기간 신고에 넣습니다" in shell.out


def test_both_cases_get_worse_where_the_duty_is_unknown(shell):
    shell.write("facts.json", json.dumps({"supplier_kind": "individual", "e_obligated": None}))
    unsent = ("--written", "2026-05-08", "--issued", "2026-05-11", "--on", "2026-05-12", *TEN_MILLION)
    assert due(shell, *unsent, "--facts", "facts.json") == 0
    assert "더 늦어지면(전자발급 의무자인 경우)\n  2026-05-13부터 30,000원" in shell.out
    assert "더 늦어지면(전자발급 의무자가 아닌 경우)" not in shell.out
    assert due(shell, *unsent, "--facts", "facts.json", "--json") == 0
    assert [rung["total"] for rung in shell.json["ladder"]] == [0]
    assert [rung["total"] for rung in shell.json["ladder_if_obliged"]] == [0, 30_000, 50_000]


@pytest.mark.parametrize("facts", [{"supplier_kind": "individual", "e_obligated": None}, {}])
def test_where_the_duty_changes_nothing_one_ladder_is_enough(shell, facts):
    shell.write("facts.json", json.dumps(facts))
    unissued = ("--written", "2026-05-08", "--on", "2026-06-01", *TEN_MILLION, "--facts", "facts.json")
    assert due(shell, *unissued) == 0
    assert shell.out.count("더 늦어지면") == 1
    assert due(shell, *unissued, "--json") == 0
    assert shell.json["ladder_if_obliged"] is None


def test_paper_gets_worse_in_both_cases(shell):
    shell.write("facts.json", json.dumps({"supplier_kind": "individual", "e_obligated": None}))
    paper = ("--written", "2026-03-05", "--paper", "--on", "2026-03-06", *TEN_MILLION)
    assert due(shell, *paper, "--facts", "facts.json") == 0
    free, obliged = shell.out.split("더 늦어지면(전자발급 의무자인 경우)")
    assert "더 늦어지면(전자발급 의무자가 아닌 경우)\n  2026-04-11부터 150,000원" in free
    assert "거래처 지연수취 가산세 최대 0.5%" in obliged


def test_today_is_the_default(shell):
    assert due(shell, "--written", "2026-05-08") == 0
    assert "지났습니다" in shell.out or "남았습니다" in shell.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--written", "2026-13-01"),
        ("--written", "2026-05-08", "--sent", "2026-05-09"),
        ("--written", "2026-05-08", "--issued", "2026-05-09", "--sent", "2026-05-08"),
        ("--written", "2026-05-08", "--issued", "2026-05-09", "--sent", "2026-05-09", "--paper"),
        ("--written", "2026-05-08", "--type", "0999"),
        ("--written", "2026-05-08", "--supply", "much"),
        ("--written", "2026-05-08", "--facts", "nowhere.json"),
    ],
)
def test_wrong_use_has_a_status_of_its_own(shell, arguments):
    assert due(shell, *arguments) == 2


def test_where_the_duty_is_unknown_both_cases_are_told(shell):
    shell.write("facts.json", '{"supplier_kind": "individual", "e_obligated": null}')
    late = ("--written", "2026-05-08", "--issued", "2026-05-08", "--sent", "2026-05-12", "--on", "2026-05-12")
    assert due(shell, *late, *TEN_MILLION, "--facts", "facts.json") == 0
    assert "\n가산세가 없습니다." not in shell.out
    assert "의무자가 아니라면 가산세가 없고, 의무자라면" in shell.out
    assert "의무자라면: 지연전송 가산세 0.3% = 30,000원" in shell.out


def test_nothing_is_issued_before_its_own_date(shell):
    early = ("--written", "2026-05-08", "--issued", "2026-05-07", "--on", "2026-06-01", *TEN_MILLION)
    assert due(shell, *early) == 1
    assert "제32조, 제34조" in shell.err
    assert "가산세가 없습니다" not in shell.out


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--supply", "1e7", "--supply 값이 올바르지 않습니다. 18자리까지의 원 단위 정수"),
        ("--supply", "1" + "0" * 18, "18자리까지"),
        ("--type", "0999", "--type 값이 올바르지 않습니다. 가능한 값: 0101, 0102"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_korean(shell, option, value, said):
    assert due(shell, "--written", "2026-05-08", option, value) == 2
    assert said in shell.err
    assert "is not" not in shell.err


def test_days_outside_any_calendar_are_refused(shell):
    assert due(shell, "--written", "1900-01-01") == 1
    assert "기한을 계산할 수 없습니다" in shell.err


def test_it_speaks_english_too(shell, monkeypatch):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    late = ("--written", "2026-05-08", "--issued", "2026-06-11", "--sent", "2026-06-11", "--on", "2026-06-20")
    assert due(shell, *late, *TEN_MILLION) == 0
    assert "to be issued by" in shell.out
    assert "1 day(s) late" in shell.out
    assert "in time" in shell.out
