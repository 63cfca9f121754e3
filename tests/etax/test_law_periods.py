"""과세기간 and return periods of every kind of taxpayer."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax.calendar.periods import (
    GENERAL,
    UNKNOWN,
    Taxpayer,
    TaxType,
    TaxTypeSince,
    VatPeriod,
    month_return,
    next_period_start,
    return_period,
    vat_period,
)
from etax.law_samples import ANY_DAYS, DAYS, LAW, day


def since(*entries: tuple[str, str | None], closed: str | None = None) -> Taxpayer:
    types = tuple(TaxTypeSince(day(when), TaxType(kind) if kind else None) for when, kind in entries)
    return Taxpayer(types, day(closed) if closed else None)


TO_GENERAL = since(("2020-01-01", "simplified"), ("2026-07-01", "general"))
TO_SIMPLIFIED = since(("2020-01-01", "general"), ("2026-07-01", "simplified"))
GIVEN_UP = since(("2020-01-01", "simplified"), ("2026-05-01", "general"))


@pytest.mark.parametrize(
    ("taxpayer", "when", "start", "end", "key"),
    [
        (GENERAL, "2026-01-01", "2026-01-01", "2026-06-30", "2026-1"),
        (GENERAL, "2026-06-30", "2026-01-01", "2026-06-30", "2026-1"),
        (GENERAL, "2026-12-31", "2026-07-01", "2026-12-31", "2026-2"),
        (UNKNOWN, "2026-12-31", "2026-07-01", "2026-12-31", "2026-2"),
        (since(("2020-01-01", "exempt")), "2026-03-01", "2026-01-01", "2026-06-30", "2026-1"),
        (since(("2020-01-01", "simplified")), "2026-03-01", "2026-01-01", "2026-12-31", "2026"),
        (TO_GENERAL, "2026-03-01", "2026-01-01", "2026-06-30", "2026-1"),
        (TO_GENERAL, "2026-08-01", "2026-07-01", "2026-12-31", "2026-2"),
        (TO_GENERAL, "2025-08-01", "2025-01-01", "2025-12-31", "2025"),
        (TO_SIMPLIFIED, "2026-03-01", "2026-01-01", "2026-06-30", "2026-1"),
        (TO_SIMPLIFIED, "2026-08-01", "2026-07-01", "2026-12-31", "2026-2"),
        (TO_SIMPLIFIED, "2027-08-01", "2027-01-01", "2027-12-31", "2027"),
        (GIVEN_UP, "2026-04-30", "2026-01-01", "2026-04-30", "2026-1"),
        (GIVEN_UP, "2026-05-01", "2026-05-01", "2026-06-30", "2026-1"),
        (since(closed="2026-03-31"), "2026-03-31", "2026-01-01", "2026-03-31", "2026-1"),
        (since(closed="2026-03-31"), "2026-04-01", "2026-04-01", "2026-06-30", "2026-1"),
        (
            since(("2020-01-01", "simplified"), closed="2026-09-15"),
            "2026-02-01",
            "2026-01-01",
            "2026-09-15",
            "2026",
        ),
    ],
)
def test_the_period_of_a_day(taxpayer, when, start, end, key):
    period = vat_period(day(when), taxpayer)
    assert (period.start, period.end, period.key) == (day(start), day(end), key)
    assert next_period_start(day(when), taxpayer) == day(end) + timedelta(days=1)


def test_entries_that_change_nothing_cut_no_period():
    steady = since(("2020-01-01", "general"), ("2026-03-01", "general"))
    assert vat_period(date(2026, 2, 1), steady) == VatPeriod(date(2026, 1, 1), date(2026, 6, 30), 2026, 1)


def test_of_two_entries_of_one_day_the_later_one_holds():
    corrected = since(("2026-07-01", "simplified"), ("2026-07-01", "general"))
    assert corrected.tax_type(date(2026, 8, 1)) is TaxType.GENERAL


def test_entries_may_come_in_any_order():
    assert vat_period(date(2026, 3, 1), Taxpayer(tuple(reversed(TO_GENERAL.tax_types)))) == vat_period(
        date(2026, 3, 1), TO_GENERAL
    )


@pytest.mark.parametrize(
    ("first", "before"), [("general", "simplified"), ("simplified", "general"), ("exempt", "general")]
)
def test_before_the_first_entry_stands_the_other_type_and_it_is_known_to_be_concluded(first, before):
    taxpayer = since(("2026-07-01", first))
    assert taxpayer.tax_type(date(2026, 6, 30)) is TaxType(before)
    assert taxpayer.type_is_assumed(date(2026, 6, 30))
    assert not taxpayer.type_is_assumed(date(2026, 7, 1))
    assert not GENERAL.type_is_assumed(date(2026, 6, 30))


def test_before_an_unknown_type_the_type_is_unknown():
    assert since(("2026-07-01", None)).tax_type(date(2026, 1, 1)) is None


def test_a_change_of_type_between_two_days_is_found():
    assert TO_GENERAL.changed_between(date(2026, 6, 30), date(2026, 7, 1)) == date(2026, 7, 1)
    assert TO_GENERAL.changed_between(date(2026, 7, 1), date(2026, 9, 1)) is None
    assert TO_GENERAL.changed_between(date(2026, 1, 1), date(2026, 6, 30)) is None
    there_and_back = since(("2020-01-01", "general"), ("2024-07-01", "simplified"), ("2025-07-01", "general"))
    assert there_and_back.changed_between(date(2024, 1, 1), date(2026, 1, 1)) is None


def test_a_business_is_open_on_the_day_of_closing():
    closed = since(closed="2026-03-31")
    assert not closed.is_closed(date(2026, 3, 31))
    assert closed.is_closed(date(2026, 4, 1))
    assert not GENERAL.is_closed(date(2026, 4, 1))


@pytest.mark.parametrize(
    ("taxpayer", "preliminary", "when", "key", "start", "end", "due"),
    [
        (GENERAL, True, "2026-02-01", "2026-1-preliminary", "2026-01-01", "2026-03-31", "2026-04-27"),
        (GENERAL, True, "2026-04-01", "2026-1-final", "2026-04-01", "2026-06-30", "2026-07-27"),
        (GENERAL, False, "2026-02-01", "2026-1-final", "2026-01-01", "2026-06-30", "2026-07-27"),
        (GENERAL, True, "2026-09-30", "2026-2-preliminary", "2026-07-01", "2026-09-30", "2026-10-26"),
        (GENERAL, True, "2026-12-31", "2026-2-final", "2026-10-01", "2026-12-31", "2027-01-25"),
        (TO_GENERAL, True, "2026-02-01", "2026-1-final", "2026-01-01", "2026-06-30", "2026-07-27"),
        (TO_GENERAL, True, "2025-02-01", "2025-1-preliminary", "2025-01-01", "2025-06-30", "2025-07-25"),
        (TO_GENERAL, True, "2025-08-01", "2025-2-final", "2025-01-01", "2025-12-31", "2026-01-26"),
        (TO_GENERAL, False, "2025-02-01", "2025-2-final", "2025-01-01", "2025-12-31", "2026-01-26"),
        (TO_GENERAL, True, "2026-08-01", "2026-2-preliminary", "2026-07-01", "2026-09-30", "2026-10-26"),
        (GIVEN_UP, True, "2026-05-15", "2026-1-final", "2026-05-01", "2026-06-30", "2026-07-27"),
        (
            since(closed="2026-03-31"),
            True,
            "2026-02-01",
            "2026-1-final",
            "2026-01-01",
            "2026-03-31",
            "2026-04-27",
        ),
        (
            since(closed="2026-05-20"),
            True,
            "2026-05-01",
            "2026-1-final",
            "2026-04-01",
            "2026-05-20",
            "2026-06-25",
        ),
        (
            since(closed="2026-02-10"),
            True,
            "2026-02-01",
            "2026-1-final",
            "2026-01-01",
            "2026-02-10",
            "2026-03-25",
        ),
    ],
)
def test_the_return_of_a_day(taxpayer, preliminary, when, key, start, end, due):
    found = return_period(day(when), taxpayer, preliminary, law=LAW)
    assert (found.key, found.start, found.end, found.due) == (key, day(start), day(end), day(due))
    assert found.statutory == found.due


def test_returns_have_names_in_both_languages():
    found = return_period(date(2026, 2, 1), law=LAW)
    assert (found.ko, found.en) == ("2026년 1기 예정", "preliminary return of 2026, half 1")
    assert return_period(date(2026, 8, 1), GENERAL, False, law=LAW).ko == "2026년 2기 확정"


@pytest.mark.parametrize(
    ("taxpayer", "when", "ko", "en", "is_levy"),
    [
        (
            TO_GENERAL,
            "2025-02-01",
            "2025년 예정부과기간",
            "simplified taxpayer's mid-year return of 2025",
            True,
        ),
        (TO_GENERAL, "2025-08-01", "2025년 확정", "final return of 2025", False),
        (TO_GENERAL, "2026-02-01", "2026년 1기 확정", "final return of 2026, half 1", False),
        (TO_SIMPLIFIED, "2026-08-01", "2026년 2기 확정", "final return of 2026, half 2", False),
        (TO_SIMPLIFIED, "2026-02-01", "2026년 1기 예정", "preliminary return of 2026, half 1", False),
    ],
)
def test_a_simplified_taxpayer_s_returns_are_those_of_its_year_vat_act_66_67(taxpayer, when, ko, en, is_levy):
    found = return_period(day(when), taxpayer, law=LAW)
    assert (found.ko, found.en, found.is_levy) == (ko, en, is_levy)


def test_an_early_refund_covers_a_month():
    april = month_return(date(2026, 4, 17), law=LAW)
    assert (april.key, april.start, april.end) == ("2026-04", date(2026, 4, 1), date(2026, 4, 30))
    # 25 May 2026 is the substitute of 부처님오신날.
    assert april.due == date(2026, 5, 26)
    assert april.ko == "2026년 4월 조기환급"


HISTORIES = st.builds(
    Taxpayer,
    st.lists(st.builds(TaxTypeSince, DAYS, st.sampled_from([*TaxType, None])), max_size=4).map(tuple),
    st.none() | DAYS,
)


@given(ANY_DAYS, HISTORIES)
def test_a_period_holds_its_day_and_so_does_its_return(when, taxpayer):
    period = vat_period(when, taxpayer)
    assert period.start <= when <= period.end
    assert period.year == period.start.year == period.end.year
    for preliminary in (True, False):
        found = return_period(when, taxpayer, preliminary, law=LAW)
        assert period.start <= found.start <= when <= found.end <= period.end
        assert found.end < found.due


@given(DAYS, HISTORIES)
def test_periods_follow_each_other_without_a_gap(when, taxpayer):
    period = vat_period(when, taxpayer)
    assert vat_period(period.start, taxpayer) == period
    assert vat_period(period.end, taxpayer) == period
    assert vat_period(period.end + timedelta(days=1), taxpayer).start == period.end + timedelta(days=1)
