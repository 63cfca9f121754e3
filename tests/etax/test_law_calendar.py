"""Business days: every holiday of the worked examples, substitutes in each version of the rule, rolling."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax.calendar import Calendar, lunar
from dojang.etax.parameters import Law
from etax.law_samples import ANY_DAYS, LAW, day, load

CALENDAR = LAW.calendar
EXAMPLES = load("calendar.json")


@pytest.mark.parametrize("year", range(2024, 2028))
def test_the_holidays_of_the_checked_years_are_exactly_these(year):
    expected = [day(text) for text in EXAMPLES["holidays"] if text.startswith(str(year))]
    assert list(CALENDAR.holidays(year)) == expected


@pytest.mark.parametrize("text", EXAMPLES["tax_only_holidays"])
def test_workers_day_before_2026_moves_tax_deadlines_but_is_no_holiday(text):
    assert not CALENDAR.is_holiday(day(text))
    assert not CALENDAR.is_business_day(day(text))
    assert CALENDAR.tax_only_holidays(day(text).year) == {day(text): "근로자의 날"}


def test_labor_day_is_a_holiday_since_2026():
    assert CALENDAR.holidays(2026)[date(2026, 5, 1)] == "노동절"
    assert CALENDAR.tax_only_holidays(2026) == {}


SUBSTITUTES = {
    2014: ["09-10"],
    2015: ["09-29"],
    2016: ["02-10"],
    2017: ["01-30", "10-06"],
    2018: ["05-07", "09-26"],
    2019: ["05-06"],
    2020: ["01-27"],
    2021: ["08-16", "10-04", "10-11"],
    2022: ["09-12", "10-10"],
    2023: ["01-24", "05-29"],
    2024: ["02-12", "05-06"],
    2025: ["03-03", "05-06", "10-08"],
    2026: ["03-02", "05-25", "08-17", "10-05"],
    2027: ["02-09", "05-03", "07-19", "08-16", "10-04", "10-11", "12-27"],
    2028: ["10-05"],
}


@pytest.mark.parametrize(("year", "expected"), SUBSTITUTES.items())
def test_substitutes_follow_the_version_of_the_rule_that_held(year, expected):
    found = [each for each, name in CALENDAR.holidays(year).items() if name.startswith("대체공휴일")]
    assert found == [day(f"{year}-{text}") for text in expected]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2021-06-07", "현충일 has no substitute, even on a Sunday"),
        ("2021-12-27", "성탄절 on a Saturday had none before 2023-05"),
        ("2022-05-09", "부처님오신날 on a Sunday had none before 2023-05"),
        ("2022-12-26", "성탄절 on a Sunday had none before 2023-05"),
        ("2023-01-02", "New Year's Day has none"),
        ("2021-02-15", "설 on a Saturday has none"),
        ("2019-07-17", "제헌절 was no holiday from 2008 to 2025"),
        ("2025-07-17", "제헌절 was no holiday from 2008 to 2025"),
        ("2020-10-05", "개천절 on a Saturday had none before 2021-08"),
    ],
)
def test_what_is_no_holiday_is_a_business_day(text, why):
    assert CALENDAR.is_business_day(day(text)), why


@pytest.mark.parametrize(
    "text",
    [
        "2019-05-06",
        "2020-04-15",
        "2020-08-17",
        "2022-03-09",
        "2022-06-01",
        "2023-10-02",
        "2024-10-01",
        "2025-01-27",
    ],
)
def test_elections_and_days_set_by_the_government_are_holidays(text):
    assert CALENDAR.is_holiday(day(text))
    assert not CALENDAR.is_business_day(day(text))


def test_two_holidays_on_one_weekday_lose_one_day_and_name_both():
    assert CALENDAR.holidays(2025)[date(2025, 5, 5)] == "어린이날·부처님오신날"
    assert CALENDAR.holidays(2025)[date(2025, 5, 6)] == "대체공휴일(어린이날·부처님오신날)"
    assert CALENDAR.is_business_day(date(2025, 5, 7))


def test_two_substitutes_never_share_a_day():
    # 2036: 개천절 meets 추석 전날 on Friday, 추석 다음 날 falls on Sunday.
    names = CALENDAR.holidays(2036)
    assert names[date(2036, 10, 6)] == "대체공휴일(개천절·추석 전날)"
    assert names[date(2036, 10, 7)] == "대체공휴일(추석 다음 날)"


def test_the_substitute_of_labor_day_does_not_move_a_transmission():
    monday = date(2027, 5, 3)
    assert not CALENDAR.is_business_day(monday)
    assert CALENDAR.is_business_day(monday, transmit=True)
    assert CALENDAR.is_open(monday)
    assert not CALENDAR.is_business_day(date(2027, 5, 1), transmit=True)


def test_why_a_day_is_closed_is_told_by_its_name():
    assert CALENDAR.why_closed(date(2026, 10, 5)) == "대체공휴일(개천절)"
    assert CALENDAR.why_closed(date(2025, 5, 1)) == "근로자의 날"
    assert CALENDAR.why_closed(date(2026, 10, 10)) == "토요일"
    assert CALENDAR.why_closed(date(2026, 10, 11)) == "일요일"


def test_the_known_years_are_2014_to_2028():
    assert CALENDAR.known(date(2014, 1, 1))
    assert CALENDAR.known(date(2028, 12, 31))
    assert not CALENDAR.known(date(2013, 12, 31))
    assert not CALENDAR.known(date(2029, 1, 1))


def test_lunar_days_end_with_the_tables():
    assert lunar.solar(2050, 1, 1) == date(2050, 1, 23)
    assert lunar.solar(2051, 1, 1) is None
    assert lunar.solar(999, 1, 1) is None
    assert lunar.solar(2026, 13, 1) is None
    assert "설날" not in CALENDAR.holidays(2051).values()
    assert "어린이날" in CALENDAR.holidays(2051).values()


def test_an_operator_adds_holidays_and_takes_away_others():
    added = Law.load(
        '[[holiday]]\non = 2027-09-17\nname = "임시공휴일"\n[[working_day]]\non = 2027-10-04\n'.encode()
    ).calendar
    assert added.holidays(2027)[date(2027, 9, 17)] == "임시공휴일"
    assert added.roll(date(2027, 9, 17)) == date(2027, 9, 20)
    assert added.is_business_day(date(2027, 10, 4))
    assert not CALENDAR.is_business_day(date(2027, 10, 4))


def test_a_working_day_takes_away_a_holiday_of_its_own():
    added = Law.load(b"[[working_day]]\non = 2026-07-17\n").calendar
    assert added.is_business_day(date(2026, 7, 17))


def test_an_operators_holiday_that_meets_another_moves_it():
    added = Law.load(b"[[holiday]]\non = 2027-05-05\n").calendar
    assert added.holidays(2027)[date(2027, 5, 6)] == "대체공휴일(어린이날)"


@given(ANY_DAYS, st.booleans())
def test_rolling_gives_a_business_day_never_earlier_and_rolls_no_further(when, transmit):
    rolled = CALENDAR.roll(when, transmit=transmit)
    assert rolled >= when
    assert CALENDAR.is_business_day(rolled, transmit=transmit)
    assert CALENDAR.roll(rolled, transmit=transmit) == rolled
    assert all(
        not CALENDAR.is_business_day(when + timedelta(days=step), transmit=transmit)
        for step in range((rolled - when).days)
    )


@given(ANY_DAYS)
def test_the_business_day_before_is_one_and_never_later(when):
    before = CALENDAR.before(when)
    assert before <= when <= CALENDAR.roll(when)
    assert CALENDAR.is_business_day(before)
    assert (before == when) == CALENDAR.is_business_day(when)


@given(ANY_DAYS, ANY_DAYS)
def test_rolling_keeps_the_order_of_days(one, other):
    first, second = sorted((one, other))
    assert CALENDAR.roll(first) <= CALENDAR.roll(second)


@given(ANY_DAYS)
def test_a_transmission_is_never_given_more_time_than_other_deadlines(when):
    assert CALENDAR.roll(when, transmit=True) <= CALENDAR.roll(when)


@given(st.integers(1978, 2998))
def test_every_substitute_stands_on_a_weekday_of_its_own(year):
    names = CALENDAR.holidays(year)
    substitutes = [each for each, name in names.items() if name.startswith("대체공휴일")]
    assert all(each.weekday() < 5 for each in substitutes)
    assert list(names) == sorted(names)
    assert all(each.year == year for each in names)


def test_calendars_of_the_same_tables_are_equal_and_say_nothing_in_a_repr():
    assert Calendar() == Calendar()
    assert hash(Calendar()) == hash(Calendar())
    assert repr(Calendar()) == "Calendar()"
