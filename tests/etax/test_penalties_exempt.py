"""계산서: 법인세법 제75조의8, 소득세법 제81조의10."""

from datetime import date

import pytest

from dojang.etax.penalties import Falsity
from dojang.etax.penalties.fiscal_years import FiscalYear, day_after_year, fiscal_year
from etax.penalties_samples import day, exempt, facts, judged, owed

OBLIGED_PERSON = facts(supplier_kind="individual")
MARCH_COMPANY = facts(fiscal_year_end="03-31")


@pytest.mark.parametrize(
    ("written_on", "issued_on", "parties", "expected"),
    [
        ("2026-06-30", "2027-01-25", facts(), ("late_issue", 100_000, "law")),
        ("2026-06-30", "2027-01-26", facts(), ("non_issue", 200_000, "law")),
        ("2026-03-10", "2026-04-20", MARCH_COMPANY, ("late_issue", 100_000, "law")),
        ("2026-03-10", "2026-04-27", MARCH_COMPANY, ("late_issue", 100_000, "law")),
        ("2026-03-10", "2026-04-28", MARCH_COMPANY, ("non_issue", 200_000, "law")),
        ("2026-04-01", "2026-05-12", MARCH_COMPANY, ("late_issue", 100_000, "law")),
        ("2026-04-01", "2027-04-26", MARCH_COMPANY, ("late_issue", 100_000, "law")),
        ("2026-04-01", "2027-04-27", MARCH_COMPANY, ("non_issue", 200_000, "law")),
        ("2026-03-10", "2027-01-25", OBLIGED_PERSON, ("late_issue", 100_000, "law")),
        ("2026-03-10", "2027-01-26", OBLIGED_PERSON, ("non_issue", 200_000, "law")),
    ],
    ids=[
        "N26",
        "N27",
        "N28",
        "N28 last day",
        "N28 after it",
        "the next fiscal year",
        "its last day",
        "after that",
        "individual: 25 January",
        "after it",
    ],
)
def test_a_late_exempt_invoice_counts_by_the_suppliers_own_year(written_on, issued_on, parties, expected):
    assessment = judged(exempt(written_on, issued_on), parties)
    assert owed(assessment, "supplier") == [expected]
    assert owed(assessment, "buyer") == []
    assert (assessment.deduction, assessment.lost_tax) == ("none", 0)


def test_the_fiscal_year_of_an_individual_is_the_calendar_year_whatever_the_facts_say():
    person = facts(supplier_kind="individual", fiscal_year_end="03-31")
    assert owed(judged(exempt("2026-03-10", "2026-12-30"), person), "supplier")[0][0] == "late_issue"


@pytest.mark.parametrize(
    ("sent_on", "expected"),
    [
        ("2026-07-06", []),
        ("2026-07-07", [("late_send", 30_000, "law")]),
        ("2027-01-25", [("late_send", 30_000, "law")]),
        ("2027-01-26", [("non_send", 50_000, "law")]),
        (None, [("non_send", 50_000, "law")]),
    ],
    ids=["in time", "N29", "last day", "after it", "never"],
)
def test_n29_sending_an_exempt_invoice_late_corporate_act_75_8_1_5(sent_on, expected):
    made = exempt("2026-07-03", "2026-07-03", sent_on)
    assert owed(judged(made), "supplier") == expected
    assert owed(judged(made, OBLIGED_PERSON), "supplier") == expected


def test_paper_by_who_must_issue_electronically_costs_1_percent():
    assert owed(judged(exempt("2026-03-05", "2026-04-03", None, paper=True)), "supplier") == [
        ("paper", 100_000, "law")
    ]


def test_each_statute_is_cited_for_its_own():
    late = exempt("2026-06-30", "2027-01-25")
    assert judged(late).penalties[0].citation == "법인세법 제75조의8 제1항 제4호 가목"
    assert judged(late, OBLIGED_PERSON).penalties[0].citation == "소득세법 제81조의10 제1항 제4호 가목"
    assert "사업연도 말의 다음 달 25일(2027-01-25)" in judged(late).penalties[0].ko
    assert "다음 해 1월 25일(2027-01-25)" in judged(late, OBLIGED_PERSON).penalties[0].ko


@pytest.mark.parametrize(
    "made",
    [
        exempt("2026-06-30", "2027-01-26"),
        exempt("2026-06-30", "2026-07-01", None),
        exempt("2026-06-30", "2026-07-01", defective=True),
    ],
)
def test_small_businesses_owe_nothing_income_decree_147_6(made):
    small = facts(supplier_kind="individual", small_business=True)
    assert judged(made, small).penalties == ()
    assert judged(made, OBLIGED_PERSON).penalties != ()


def test_a_defect_stands_beside_lateness_as_the_statute_excludes_only_transmission():
    worst = exempt("2026-06-30", "2027-01-25", None, defective=True)
    assert owed(judged(worst), "supplier") == [("late_issue", 100_000, "law"), ("defect", 100_000, "law")]
    in_time = exempt("2026-06-30", "2026-07-10", None, defective=True)
    assert owed(judged(in_time), "supplier") == [("non_send", 50_000, "law"), ("defect", 100_000, "law")]


@pytest.mark.parametrize("falsity", [Falsity.FAKE, Falsity.NAME])
def test_an_untrue_exempt_invoice_costs_2_percent_on_each_side(falsity):
    for parties in (facts(), OBLIGED_PERSON, facts(buyer_tax_type="simplified")):
        assessment = judged(exempt("2026-06-30", "2027-03-02", falsity=falsity), parties)
        assert owed(assessment, "supplier") == [(falsity.value, 200_000, "law")]
        assert owed(assessment, "buyer") == [(falsity.value, 200_000, "law")]
        assert assessment.deduction == "none"


def test_an_overstated_exempt_invoice_is_an_untrue_entry():
    made = exempt("2026-06-30", "2026-07-10", falsity=Falsity.OVER, overstated_amount=4_000_000)
    assert owed(judged(made), "supplier") == [("defect", 100_000, "law")]
    assert owed(judged(made), "buyer") == []


def test_an_unlawfully_early_exempt_invoice_is_a_defect():
    made = exempt("2026-06-01", "2026-06-01", supplied_on=day("2027-03-10"))
    assert owed(judged(made, today=day("2026-06-02")), "supplier") == [("defect", 100_000, "law")]


@pytest.mark.parametrize(
    ("on", "year_end", "start", "end"),
    [
        ("2026-12-31", "12-31", "2026-01-01", "2026-12-31"),
        ("2026-03-31", "03-31", "2025-04-01", "2026-03-31"),
        ("2026-04-01", "03-31", "2026-04-01", "2027-03-31"),
        ("2024-02-29", "02-28", "2023-03-01", "2024-02-29"),
        ("2024-03-01", "02-28", "2024-03-01", "2025-02-28"),
        ("2025-02-28", "02-29", "2024-03-01", "2025-02-28"),
        ("2026-06-15", "06-15", "2025-06-16", "2026-06-15"),
        ("2026-06-16", "06-31", "2025-07-01", "2026-06-30"),
    ],
)
def test_fiscal_years(on, year_end, start, end):
    assert fiscal_year(day(on), year_end) == FiscalYear(day(start), day(end))


def test_the_month_after_a_year_may_be_in_the_next():
    assert day_after_year(date(2026, 12, 31), 25) == date(2027, 1, 25)
    assert day_after_year(date(2026, 6, 15), 25) == date(2026, 7, 25)
