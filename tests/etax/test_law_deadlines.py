"""Deadlines: every row of the worked examples, extensions, limits by the law of the day, and their order."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dojang.etax.calendar.deadlines import (
    early_deduction_limit,
    final_return_due,
    issue_deadline,
    late_deduction_limit,
    local_credit_limit,
    months_after,
    one_year_limit,
    return_due,
    summary_cutoff,
    transmit_deadline,
)
from dojang.etax.calendar.periods import Taxpayer, TaxType, TaxTypeSince, return_period, vat_period
from dojang.etax.parameters import DateOutOfReach, Law
from etax.law_samples import ANY_DAYS, DAYS, LAW, codes, day, load

EXAMPLES = load("calendar.json")
ISSUING = load("issuing.json")["cases"]

SIMPLIFIED = Taxpayer((TaxTypeSince(date(2021, 1, 1), TaxType.SIMPLIFIED),))


def case_name(case):
    return f"{case['id']} {case['case']}"


def half_starts(key: str) -> date:
    year, half = key.split("-")
    return date(int(year), 1 if half == "1" else 7, 1)


# Every row -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("month", "expected"), EXAMPLES["issue_deadlines"].items())
def test_issue_deadline_of_each_month(month, expected):
    first = issue_deadline(day(f"{month}-01"), law=LAW)
    last = issue_deadline(months_after(day(f"{month}-01"), 1) - timedelta(days=1), law=LAW)
    assert first == last
    assert first.statutory == day(expected)
    assert first.on == day(EXAMPLES["extensions"].get(month, {}).get("issue", expected))
    assert first.warnings == ()


@pytest.mark.parametrize(("key", "expected"), EXAMPLES["final_due"].items())
def test_final_return_of_each_half_year(key, expected):
    for months in range(6):
        due = final_return_due(months_after(half_starts(key), months), law=LAW)
        assert (due.on, due.statutory, due.warnings) == (day(expected), day(expected), ())


@pytest.mark.parametrize(("key", "expected"), EXAMPLES["one_year_limit"].items())
def test_one_year_limit_of_each_half_year(key, expected):
    assert one_year_limit(half_starts(key), law=LAW).on == day(expected)
    assert late_deduction_limit(half_starts(key), law=LAW).on == day(expected)


@pytest.mark.parametrize(("key", "expected"), EXAMPLES["prelim_due"].items())
def test_preliminary_return_of_each_quarter(key, expected):
    year, quarter = key.split("-")
    period = return_period(date(int(year), 2 if quarter == "Q1" else 8, 15), law=LAW)
    assert period.key == f"{year}-{1 if quarter == 'Q1' else 2}-preliminary"
    assert return_due(period, law=LAW).on == day(expected)


@pytest.mark.parametrize(("month", "row"), EXAMPLES["extensions"].items())
def test_announced_extensions_hold_for_all_documents_of_the_month(month, row):
    written = day(f"{month}-30")
    issue = issue_deadline(written, law=LAW)
    assert issue.on == day(row["issue"])
    assert issue.is_extended
    assert "국세기본법 제6조" in (issue.extended_by or "")
    # Signed inside the extra days, and on the last statutory one.
    for issued in ("2025-10-10", "2025-10-14", "2025-10-15"):
        assert transmit_deadline(day(issued), law=LAW, written_on=written).on == day(row["transmit"])


@pytest.mark.parametrize("case", ISSUING, ids=case_name)
def test_issue_deadline_of_each_case(case):
    assert issue_deadline(day(case["write_date"]), law=LAW).on == day(case["issue_deadline"])


@pytest.mark.parametrize("case", [each for each in ISSUING if each["send_deadline"] != "-"], ids=case_name)
def test_transmit_deadline_of_each_case(case):
    written = day(case["write_date"])
    found = transmit_deadline(day(case["issue_date"]), law=LAW, written_on=written)
    assert found.on == day(case["send_deadline"])


@pytest.mark.parametrize("case", ISSUING, ids=case_name)
def test_final_return_of_each_case(case):
    assert final_return_due(day(case["write_date"]), law=LAW).on == day(case["final_due"])


def test_n09_the_limit_of_the_buyers_deduction():
    assert late_deduction_limit(date(2026, 6, 20), law=LAW).on == date(2027, 7, 27)


def test_n28_an_exempt_document_has_the_same_issue_deadline():
    assert issue_deadline(date(2026, 3, 10), law=LAW).on == date(2026, 4, 10)


def test_n29_an_exempt_document_has_the_same_transmit_deadline():
    assert transmit_deadline(date(2026, 7, 3), law=LAW).on == date(2026, 7, 6)


# Extensions ------------------------------------------------------------------------------------------------------


def test_an_extension_keeps_the_statutory_day_beside_it():
    issue = issue_deadline(date(2025, 9, 1), law=LAW)
    assert issue.statutory == date(2025, 10, 10)
    transmit = transmit_deadline(date(2025, 10, 10), law=LAW, written_on=date(2025, 9, 30))
    assert transmit.statutory == date(2025, 10, 13)
    assert transmit.is_met(date(2025, 10, 16))
    assert not transmit.is_met(date(2025, 10, 17))


def test_without_the_month_written_no_extension_of_transmission_is_looked_for():
    found = transmit_deadline(date(2025, 10, 10), law=LAW)
    assert (found.on, found.extended_by) == (date(2025, 10, 13), None)


def test_documents_of_another_month_are_not_extended():
    assert issue_deadline(date(2025, 10, 1), law=LAW).extended_by is None
    assert transmit_deadline(date(2025, 10, 10), law=LAW, written_on=date(2025, 10, 10)).extended_by is None


def test_an_extension_never_shortens():
    law = Law.load(b'[[extension]]\nwritten_in = "2026-05"\nissue = 2026-06-01\ntransmit = 2026-06-01\n')
    assert issue_deadline(date(2026, 5, 8), law=law).on == date(2026, 6, 10)
    late = transmit_deadline(date(2026, 6, 10), law=law, written_on=date(2026, 5, 8))
    assert late.on == date(2026, 6, 11)


def test_an_extension_of_one_kind_leaves_the_other():
    law = Law.load(b'[[extension]]\nwritten_in = "2026-05"\ntransmit = 2026-06-20\n')
    assert issue_deadline(date(2026, 5, 8), law=law).extended_by is None
    assert transmit_deadline(date(2026, 5, 8), law=law, written_on=date(2026, 5, 8)).on == date(2026, 6, 20)


EXTENDED_RETURN = Law.load(b'[[return_extension]]\nperiod = "2026-1-final"\ndue = 2026-08-10\n')


def test_an_extended_return_moves_what_is_counted_from_it():
    due = final_return_due(date(2026, 3, 1), law=EXTENDED_RETURN)
    assert (due.on, due.statutory) == (date(2026, 8, 10), date(2026, 7, 27))
    assert due.is_extended
    limit = one_year_limit(date(2026, 3, 1), law=EXTENDED_RETURN)
    assert (limit.on, limit.statutory) == (date(2027, 8, 10), date(2027, 7, 27))
    period = return_period(date(2026, 5, 1), law=EXTENDED_RETURN)
    assert return_due(period, law=EXTENDED_RETURN).extended_by is not None


def test_an_extended_return_does_not_move_the_limit_of_local_credits():
    found = local_credit_limit(date(2026, 6, 5), law=EXTENDED_RETURN, opened_on=date(2026, 7, 20))
    assert found.on == date(2026, 7, 27)


# The taxpayer's own periods ---------------------------------------------------------------------------------------


def since(*entries: tuple[str, str | None], closed: str | None = None) -> Taxpayer:
    types = tuple(TaxTypeSince(day(when), TaxType(kind) if kind else None) for when, kind in entries)
    return Taxpayer(types, day(closed) if closed else None)


@pytest.mark.parametrize(
    ("supply", "taxpayer", "due", "limit"),
    [
        pytest.param("2026-03-10", SIMPLIFIED, "2027-01-25", "2028-01-25", id="간이: 다음 해 1월 25일"),
        pytest.param(
            "2026-03-10",
            since(("2025-01-01", "simplified"), ("2026-07-01", "general")),
            "2026-07-27",
            "2027-07-27",
            id="간이→일반 7. 1.: 상반기가 과세기간",
        ),
        pytest.param(
            "2026-09-10",
            since(("2025-01-01", "general"), ("2026-07-01", "simplified")),
            "2027-01-25",
            "2028-01-25",
            id="일반→간이 7. 1.: 하반기가 과세기간",
        ),
        pytest.param(
            "2026-03-10",
            since(("2025-01-01", "general"), ("2026-07-01", "simplified")),
            "2026-07-27",
            "2027-07-27",
            id="일반→간이: 상반기는 일반",
        ),
        pytest.param(
            "2026-02-10",
            since(("2025-01-01", "simplified"), ("2026-05-01", "general")),
            "2026-05-26",
            "2027-05-26",
            id="간이 포기: 포기한 달의 다음 달 25일 (5. 25. 대체공휴일)",
        ),
        pytest.param(
            "2026-02-10", since(closed="2026-03-31"), "2026-04-27", "2027-04-27", id="폐업: 다음 달 25일"
        ),
        pytest.param(
            "2026-05-10", since(closed="2026-03-31"), "2026-07-27", "2027-07-27", id="폐업 뒤의 공급"
        ),
    ],
)
def test_final_return_by_the_taxpayers_own_period(supply, taxpayer, due, limit):
    assert final_return_due(day(supply), law=LAW, taxpayer=taxpayer).on == day(due)
    assert one_year_limit(day(supply), law=LAW, taxpayer=taxpayer).on == day(limit)


@pytest.mark.parametrize(
    ("taxpayer", "code"),
    [
        (since(("2020-01-01", None)), "tax_type_unknown"),
        (since(("2026-07-01", "simplified")), "tax_type_concluded"),
        (since(("2020-01-01", "exempt")), "exempt_files_no_return"),
        (since(closed="2026-02-28"), "supply_after_closing"),
    ],
)
def test_what_was_assumed_of_the_taxpayer_is_said(taxpayer, code):
    assert codes(final_return_due(date(2026, 3, 10), law=LAW, taxpayer=taxpayer).warnings) == [code]
    found = local_credit_limit(date(2026, 3, 10), law=LAW, opened_on=date(2026, 4, 1), taxpayer=taxpayer)
    assert codes(found.warnings) == [code]


def test_an_unknown_taxpayer_is_counted_as_a_general_one():
    unknown = since(("2020-01-01", None))
    assert final_return_due(date(2026, 3, 10), law=LAW, taxpayer=unknown).on == date(2026, 7, 27)


# Limits by the law of the day -------------------------------------------------------------------------------------


def test_before_2022_02_15_other_than_mistakes_could_be_corrected_until_the_final_return():
    assert one_year_limit(date(2022, 2, 14), law=LAW).on == date(2022, 7, 25)
    assert one_year_limit(date(2022, 2, 15), law=LAW).on == date(2023, 7, 25)


def test_before_2022_02_15_late_deduction_lasted_six_months():
    assert late_deduction_limit(date(2022, 2, 14), law=LAW).on == date(2023, 1, 25)
    assert late_deduction_limit(date(2022, 2, 15), law=LAW).on == date(2023, 7, 25)
    assert "outside_known_law" in codes(late_deduction_limit(date(2019, 2, 11), law=LAW).warnings)


def test_before_2022_02_15_a_supply_had_to_follow_within_thirty_days():
    def limit(issued_on, supply_on):
        return early_deduction_limit(issued_on, law=LAW, supply_on=supply_on).on

    assert limit(date(2022, 1, 10), date(2022, 2, 14)) == date(2022, 2, 9)
    assert limit(date(2022, 1, 10), date(2022, 2, 15)) == date(2022, 7, 10)
    assert limit(date(2026, 6, 1), date(2026, 10, 10)) == date(2026, 12, 1)
    assert limit(date(2026, 8, 31), date(2026, 10, 10)) == date(2027, 2, 28)


def test_a_limit_that_was_rolled_names_the_business_day_before():
    limit = one_year_limit(date(2024, 9, 1), law=LAW)
    assert limit.on == date(2026, 2, 2)
    assert codes(limit.warnings) == ["limit_rolled"]
    assert "2026-01-30" in limit.warnings[0].ko
    assert "2026-01-30" in limit.warnings[0].text("en")
    assert one_year_limit(date(2026, 3, 10), law=LAW).warnings == ()


def test_the_limit_of_local_credits_is_25_days_and_was_20():
    found = local_credit_limit(date(2026, 6, 5), law=LAW, opened_on=date(2026, 7, 27))
    assert (found.on, found.warnings) == (date(2026, 7, 27), ())
    assert local_credit_limit(date(2014, 9, 1), law=LAW, opened_on=date(2014, 12, 31)).on == date(2015, 1, 20)
    assert local_credit_limit(date(2014, 9, 1), law=LAW, opened_on=date(2015, 1, 1)).on == date(2015, 1, 26)
    assert local_credit_limit(
        date(2026, 2, 1), law=LAW, opened_on=date(2026, 7, 1), taxpayer=SIMPLIFIED
    ).on == date(2027, 1, 25)


def test_the_cutoff_of_summaries_is_the_11th_after_the_period():
    first_quarter = return_period(date(2026, 2, 1), law=LAW)
    saturday = summary_cutoff(first_quarter, law=LAW)
    assert saturday.on == date(2026, 4, 13)
    assert codes(saturday.warnings) == ["limit_rolled"]
    assert "2026-04-10" in saturday.warnings[0].ko
    half = summary_cutoff(vat_period(date(2025, 9, 1)), law=LAW)
    assert half.on == date(2026, 1, 12)
    assert summary_cutoff(vat_period(date(2025, 3, 1)), law=LAW).on == date(2025, 7, 11)
    assert summary_cutoff(vat_period(date(2025, 3, 1)), law=LAW).warnings == ()


def test_where_the_law_on_transmission_is_open_the_earlier_day_is_shown_with_a_warning():
    found = transmit_deadline(date(2027, 4, 30), law=LAW)
    assert found.on == date(2027, 5, 3)
    assert codes(found.warnings) == ["transmit_day_open"]
    assert transmit_deadline(date(2027, 5, 3), law=LAW).warnings == ()


# Outside what is known --------------------------------------------------------------------------------------------


def test_beyond_the_known_days_a_deadline_says_so():
    far = issue_deadline(date(2040, 1, 5), law=LAW)
    assert codes(far.warnings) == ["outside_known_law", "outside_known_calendar"]
    assert codes(final_return_due(date(2040, 1, 5), law=LAW).warnings) == codes(far.warnings)
    assert codes(transmit_deadline(date(2040, 1, 5), law=LAW).warnings) == codes(far.warnings)
    assert codes(one_year_limit(date(2027, 9, 1), law=LAW).warnings) == ["outside_known_calendar"]
    assert "outside_known_law" in codes(
        return_due(return_period(date(2040, 1, 5), law=LAW), law=LAW).warnings
    )


def test_the_last_known_documents_warn_of_nothing():
    assert issue_deadline(date(2027, 12, 31), law=LAW).warnings == ()
    assert final_return_due(date(2027, 12, 31), law=LAW).warnings == ()


@pytest.mark.parametrize("wrong", [date.min, date.max])
def test_days_out_of_reach_are_refused(wrong):
    for ask in (issue_deadline, transmit_deadline, final_return_due, one_year_limit):
        with pytest.raises(DateOutOfReach):
            ask(wrong, law=LAW)
    with pytest.raises(DateOutOfReach):
        early_deduction_limit(wrong, law=LAW, supply_on=date(2026, 1, 1))


# Order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deadline", [issue_deadline, transmit_deadline, final_return_due, one_year_limit, late_deduction_limit]
)
@given(one=ANY_DAYS, other=ANY_DAYS)
def test_deadlines_keep_the_order_of_days(deadline, one, other):
    first, second = sorted((one, other))
    # 2022 lengthened two limits; before and after it they are each in order.
    assume((first < date(2022, 2, 15)) == (second < date(2022, 2, 15)))
    assert deadline(first, law=LAW).statutory <= deadline(second, law=LAW).statutory


@given(ANY_DAYS)
def test_every_deadline_is_a_business_day_after_its_start(when):
    for deadline in (issue_deadline(when, law=LAW), final_return_due(when, law=LAW)):
        assert deadline.on >= deadline.statutory > when
        assert LAW.calendar.is_business_day(deadline.on)
        assert deadline.citation


@given(DAYS)
def test_issuing_ends_before_the_final_return_and_that_before_the_limit(when):
    issue = issue_deadline(when, law=LAW).statutory
    due = final_return_due(when, law=LAW).on
    assert issue < due <= one_year_limit(when, law=LAW).on


@given(ANY_DAYS, st.integers(-24, 24))
def test_months_keep_the_day_or_end_with_the_month(when, months):
    assume(date(1979, 7, 1) < when < date(2997, 1, 1))
    there = months_after(when, months)
    assert (there.year * 12 + there.month) - (when.year * 12 + when.month) == months
    assert there.day == when.day or (there + timedelta(days=1)).day == 1
