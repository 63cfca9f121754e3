"""Ordinary issuing: who is obliged, what goes on a month's total, what may be early, what is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax import Invoice, check
from dojang.etax.calendar.issuing import (
    AnnualSupplies,
    Continuing,
    EarlyFacts,
    EarlyGround,
    Family,
    Notification,
    SimplifiedBusiness,
    Span,
    Supply,
    before_issue,
    early_issue,
    group_month,
    obligation,
)
from dojang.etax.calendar.periods import SupplierKind, Taxpayer, TaxType, TaxTypeSince
from dojang.etax.facts import BuyerTaxType, Facts, TaxTypeEntry
from dojang.etax.parameters import DateOutOfReach
from etax.etax_samples import example
from etax.law_samples import ANY_DAYS, DAYS, LAW, codes, day

MAN = 10_000
INDIVIDUAL = SupplierKind.INDIVIDUAL


def individual(*supplies: AnnualSupplies, on: str, **told):
    return obligation(INDIVIDUAL, supplies, on=day(on), law=LAW, **told)


# 전자발급 의무 ----------------------------------------------------------------------------------------------------


def test_a_corporation_is_always_obliged_for_both_families():
    for family, since in ((Family.TAX_INVOICE, date(2011, 1, 1)), (Family.EXEMPT_INVOICE, date(2015, 7, 1))):
        found = obligation(SupplierKind.CORPORATION, on=date(2026, 3, 1), law=LAW, family=family)
        assert (found.obliged, found.since, found.until) == (True, since, None)
        assert found.findings == ()
        before = obligation(SupplierKind.CORPORATION, on=since - timedelta(days=1), law=LAW, family=family)
        assert (before.obliged, before.since) == (False, None)


@pytest.mark.parametrize(
    ("year", "least", "since"),
    [
        (2013, 30_000 * MAN, "2014-07-01"),
        (2018, 30_000 * MAN, "2019-07-01"),
        (2020, 30_000 * MAN, "2021-07-01"),
        (2021, 20_000 * MAN, "2022-07-01"),
        (2022, 10_000 * MAN, "2023-07-01"),
        (2023, 8_000 * MAN, "2024-07-01"),
        (2024, 8_000 * MAN, "2025-07-01"),
        (2025, 8_000 * MAN, "2026-07-01"),
    ],
)
def test_the_duty_begins_on_1_july_after_a_year_at_the_threshold(year, least, since):
    for family in Family:
        if family is Family.EXEMPT_INVOICE and year < 2015:
            continue
        reached = individual(AnnualSupplies(year, least), on=since, family=family)
        assert (reached.obliged, reached.since, reached.base_year, reached.threshold) == (
            True,
            day(since),
            year,
            least,
        )
        assert reached.citation
        eve = (day(since) - timedelta(days=1)).isoformat()
        assert individual(AnnualSupplies(year, least), on=eve, family=family).obliged is False
        below = individual(AnnualSupplies(year, least - 1), on=since, family=family)
        assert (below.obliged, below.since) == (False, None)


def test_a_duty_to_come_is_told_before_it_begins():
    found = individual(AnnualSupplies(2025, 8_500 * MAN), on="2026-03-01")
    assert (found.obliged, found.since, found.until) == (False, date(2026, 7, 1), None)


def test_once_obliged_always_obliged_since_2023_07():
    years = (AnnualSupplies(2025, 8_500 * MAN), AnnualSupplies(2026, 5_000 * MAN))
    found = individual(*years, on="2027-08-01")
    assert (found.obliged, found.since, found.base_year) == (True, date(2026, 7, 1), 2025)


def test_before_2023_07_the_duty_lasted_one_year():
    years = (AnnualSupplies(2020, 40_000 * MAN), AnnualSupplies(2021, 10_000 * MAN))
    assert individual(*years, on="2022-06-30").obliged is True
    assert individual(*years, on="2022-06-30").until == date(2022, 6, 30)
    assert individual(*years, on="2022-07-01").obliged is False


def test_exempt_supplies_count_since_2019_07():
    mixed = {"taxable": 20_000 * MAN, "exempt": 15_000 * MAN}
    assert individual(AnnualSupplies(2017, **mixed), on="2018-08-01").obliged is False
    assert individual(AnnualSupplies(2018, **mixed), on="2019-08-01").obliged is True
    assert (
        individual(AnnualSupplies(2017, **mixed), on="2018-08-01", family=Family.EXEMPT_INVOICE).obliged
        is False
    )
    whole = AnnualSupplies(2025, 0, 8_000 * MAN)
    assert individual(whole, on="2026-08-01").obliged is True


def test_whoever_issues_tax_invoices_electronically_also_issues_exempt_ones_so():
    # 2017: 3억 for 세금계산서, 10억 for 계산서.
    years = (AnnualSupplies(2017, 30_000 * MAN),)
    assert individual(*years, on="2018-08-01", family=Family.EXEMPT_INVOICE).obliged is True


def test_a_revision_obliges_from_the_next_period():
    found = individual(
        AnnualSupplies(2025, 7_900 * MAN),
        AnnualSupplies(2025, 8_100 * MAN, revised_on=date(2026, 9, 10)),
        on="2026-12-31",
    )
    assert (found.obliged, found.since) == (False, date(2027, 1, 1))


def test_a_revision_counts_the_taxpayers_own_periods():
    simplified = Taxpayer((TaxTypeSince(date(2021, 1, 1), TaxType.SIMPLIFIED),))
    found = individual(
        AnnualSupplies(2025, 8_100 * MAN, revised_on=date(2026, 3, 10)), on="2026-12-31", taxpayer=simplified
    )
    assert found.since == date(2027, 1, 1)


def test_a_revision_after_a_year_of_duty_obliges_nobody():
    found = individual(AnnualSupplies(2020, 40_000 * MAN, revised_on=date(2022, 9, 10)), on="2022-10-01")
    assert (found.obliged, found.since) == (False, None)


@pytest.mark.parametrize(
    ("received", "since"),
    [
        ("2026-05-31", "2026-07-01"),
        ("2026-06-01", "2026-08-01"),
        ("2026-06-15", "2026-08-01"),
        ("2026-07-01", "2026-09-01"),
        ("2026-11-30", "2027-01-01"),
    ],
)
def test_a_late_letter_puts_the_duty_off(received, since):
    found = individual(
        AnnualSupplies(2025, 8_500 * MAN), on="2026-07-15", notification=Notification(day(received))
    )
    assert found.since == day(since)


def test_without_a_letter_there_is_no_duty_and_that_is_said():
    found = individual(AnnualSupplies(2025, 8_500 * MAN), on="2026-08-15", notification=Notification())
    assert (found.obliged, found.since) == (False, None)
    assert codes(found.findings) == ["duty_not_notified"]
    nothing = individual(on="2026-08-15", notification=Notification())
    assert nothing.obliged is False


def test_a_letter_after_the_only_year_of_duty_obliges_nobody():
    found = individual(
        AnnualSupplies(2020, 40_000 * MAN), on="2022-10-01", notification=Notification(date(2022, 6, 15))
    )
    assert found.since is None


def test_a_late_letter_leaves_later_duties():
    years = (AnnualSupplies(2020, 40_000 * MAN), AnnualSupplies(2021, 40_000 * MAN))
    found = individual(*years, on="2022-08-01", notification=Notification(date(2021, 8, 1)))
    assert (found.obliged, found.since) == (True, date(2022, 7, 1))


def test_a_duty_by_a_law_that_is_not_known_is_marked():
    found = individual(AnnualSupplies(2027, 8_500 * MAN), on="2028-08-01")
    assert codes(found.findings) == ["outside_known_law"]
    assert codes(individual(on="2030-01-01").findings) == ["outside_known_law"]


def test_days_out_of_reach_are_refused_everywhere():
    with pytest.raises(DateOutOfReach):
        obligation(INDIVIDUAL, on=date.min, law=LAW)
    with pytest.raises(DateOutOfReach):
        group_month([Supply(date.max)], law=LAW)
    for issued, supplied in ((date.min, date(2026, 1, 1)), (date(2026, 1, 1), date.max)):
        with pytest.raises(DateOutOfReach):
            early_issue(EarlyFacts(issued, supplied), law=LAW)


ANNUAL = st.builds(
    AnnualSupplies,
    st.integers(2015, 2027),
    st.integers(0, 100_000 * MAN),
    st.integers(0, 100_000 * MAN),
    st.none() | DAYS,
)


@given(st.lists(ANNUAL, max_size=6), DAYS, st.sampled_from(Family))
def test_an_obligation_agrees_with_its_own_days(years, when, family):
    found = obligation(INDIVIDUAL, years, on=when, law=LAW, family=family)
    if found.obliged:
        assert found.since is not None
        assert found.since <= when
        assert found.until is None or when <= found.until
    elif found.since is not None:
        assert found.since > when


@given(st.lists(ANNUAL, max_size=6), st.dates(date(2023, 7, 1), date(2028, 1, 1)))
def test_nobody_who_is_obliged_for_good_becomes_free(years, when):
    found = obligation(INDIVIDUAL, years, on=when, law=LAW)
    if found.obliged and found.until is None:
        later = obligation(INDIVIDUAL, years, on=when + timedelta(days=400), law=LAW)
        assert later.obliged


# 월합계 -----------------------------------------------------------------------------------------------------------


def spans(*texts: str) -> list[Span]:
    return [Span(day(start), day(end)) for start, end in (text.split("~") for text in texts)]


JUNE = [Supply(date(2026, 6, each), 1000, 100) for each in (29, 3, 17)]


def test_n19_a_months_supplies_stand_on_one_document_dated_its_last_day():
    (total,) = group_month(JUNE, law=LAW).totals
    assert total.written_on == date(2026, 6, 30)
    assert total.deadline.on == date(2026, 7, 10)
    assert [each.supplied_on.day for each in total.supplies] == [3, 17, 29]
    assert (total.supply_amount, total.tax_amount) == (3000, 300)
    assert total.citation.endswith("제1호")
    assert total.findings == ()


def test_n20_totals_of_ten_days_are_dated_their_last_day():
    supplies = [Supply(date(2026, 6, each), 1000, 100) for each in (1, 10, 11, 20)]
    found = group_month(supplies, law=LAW, spans=spans("2026-06-01~2026-06-10", "2026-06-11~2026-06-20"))
    assert [total.written_on for total in found.totals] == [date(2026, 6, 10), date(2026, 6, 20)]
    assert {total.deadline.on for total in found.totals} == {date(2026, 7, 10)}
    assert all(total.citation.endswith("제2호") for total in found.totals)


def test_n21_a_total_may_not_cross_a_month():
    found = group_month([Supply(date(2026, 6, 25), 1000, 100)], law=LAW, spans=spans("2026-06-25~2026-07-05"))
    assert found.totals == ()
    assert codes(found.errors) == ["span_crosses_month"]
    assert found.errors[0].citation


def test_supplies_of_several_months_become_a_document_for_each():
    supplies = [Supply(date(2025, 12, 31)), Supply(date(2026, 1, 1)), Supply(date(2026, 2, 10))]
    found = group_month(supplies, law=LAW)
    assert [total.written_on for total in found.totals] == [
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
    ]


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        (spans("2026-06-30~2026-06-01"), "span_backwards"),
        (spans("2026-06-01~2026-06-20", "2026-06-17~2026-06-30"), "spans_overlap"),
        (spans("2026-06-01~2026-06-10"), "supply_left_out"),
        ([], "supply_left_out"),
        (spans("2026-06-01~2027-06-30"), "span_crosses_month"),
    ],
)
def test_wrong_periods_give_errors_and_no_documents(chosen, error):
    found = group_month(JUNE, law=LAW, spans=chosen)
    assert error in codes(found.errors)
    assert found.totals == ()


def test_a_period_without_supplies_gives_no_document():
    assert group_month([], law=LAW) == group_month([], law=LAW, spans=spans("2026-06-01~2026-06-30"))
    found = group_month(JUNE, law=LAW, spans=spans("2026-06-01~2026-06-30", "2026-07-01~2026-07-31"))
    assert len(found.totals) == 1


def test_returns_netted_to_nothing_are_warned_of():
    netted = [Supply(date(2026, 6, 3), 1000, 100), Supply(date(2026, 6, 9), -1000, -100)]
    (total,) = group_month(netted, law=LAW).totals
    assert codes(total.findings) == ["month_total_not_positive"]


@given(
    st.lists(
        st.builds(Supply, ANY_DAYS, st.integers(-(10**9), 10**9), st.integers(-(10**8), 10**8)), max_size=30
    )
)
def test_no_supply_is_lost_and_no_document_crosses_a_month(supplies):
    found = group_month(supplies, law=LAW)
    held = [each for total in found.totals for each in total.supplies]
    assert sorted(held, key=repr) == sorted(supplies, key=repr)
    assert sum(total.supply_amount for total in found.totals) == sum(each.supply_amount for each in supplies)
    for total in found.totals:
        assert {each.supplied_on.strftime("%Y-%m") for each in total.supplies} == {
            total.written_on.strftime("%Y-%m")
        }
        assert all(each.supplied_on <= total.written_on < total.deadline.on for each in total.supplies)


# 선발급 -----------------------------------------------------------------------------------------------------------


def early(issued: str, supplied: str, taxpayer: Taxpayer | None = None, **told):
    facts = EarlyFacts(day(issued), day(supplied), **told)
    return early_issue(facts, law=LAW, **({"taxpayer": taxpayer} if taxpayer else {}))


def test_n22_paid_within_seven_days():
    found = early("2026-06-01", "2026-09-10", paid_on=date(2026, 6, 5))
    assert (found.valid, found.ground) == (True, EarlyGround.PAID_SOON)
    assert found.supply_on == date(2026, 6, 1)
    assert found.citation == "부가가치세법 제17조 제2항"


def test_n23_supplied_in_the_same_period():
    found = early("2026-06-01", "2026-06-28", paid_on=date(2026, 8, 1))
    assert (found.valid, found.ground) == (True, EarlyGround.SAME_PERIOD)
    assert found.supply_on == date(2026, 6, 1)


def test_n24_unlawful_and_what_follows_for_both():
    found = early("2026-06-01", "2026-10-10")
    assert (found.valid, found.ground) == (False, None)
    assert found.supply_on == date(2026, 10, 10)
    assert found.deductible_until == date(2026, 12, 1)
    assert found.buyer_may_deduct
    assert codes(found.findings) == ["issued_too_early", "early_buyer_deducts_with_penalty"]


def test_n25_a_contract_with_both_dates():
    found = early("2026-06-01", "2026-10-01", billing_on=date(2026, 6, 1), payment_on=date(2026, 6, 30))
    assert (found.valid, found.ground) == (True, EarlyGround.CONTRACT)


@pytest.mark.parametrize(
    ("told", "ground"),
    [
        ({"paid_on": date(2026, 5, 30)}, EarlyGround.PAID_BEFORE),
        ({"paid_on": date(2026, 6, 1)}, EarlyGround.PAID_BEFORE),
        ({"paid_on": date(2026, 5, 30), "paid_amount_matches": False}, None),
        ({"paid_on": date(2026, 6, 8)}, EarlyGround.PAID_SOON),
        ({"paid_on": date(2026, 6, 9)}, None),
        ({"billing_on": date(2026, 6, 1), "payment_on": date(2026, 7, 1)}, EarlyGround.CONTRACT),
        ({"billing_on": date(2026, 6, 1), "payment_on": date(2026, 7, 2)}, None),
        ({"billing_on": date(2026, 6, 1), "payment_on": date(2026, 5, 31)}, None),
        ({"billing_on": date(2026, 6, 1)}, None),
        ({"payment_on": date(2026, 6, 10)}, None),
        ({"continuing": Continuing.INSTALMENTS}, EarlyGround.CONTINUING),
        ({"continuing": Continuing.CONTINUOUS}, EarlyGround.CONTINUING),
        ({"continuing": Continuing.SHIPPING}, None),
        (
            {"continuing": Continuing.SHIPPING, "bill_of_lading_on": date(2026, 7, 12)},
            EarlyGround.CONTINUING,
        ),
        ({"continuing": Continuing.SHIPPING, "bill_of_lading_on": date(2026, 7, 11)}, None),
    ],
)
def test_each_case_of_article_17_and_its_edge(told, ground):
    found = early("2026-06-01", "2026-10-10", **told)
    assert found.ground is ground
    assert found.valid is (ground is not None)


def test_a_billing_date_that_is_not_the_day_of_issue_is_told():
    found = early("2026-06-01", "2026-10-01", billing_on=date(2026, 6, 5), payment_on=date(2026, 6, 30))
    assert not found.valid
    assert "billing_day_is_not_issue_day" in codes(found.findings)


def test_after_an_early_refund_the_supply_has_to_follow_within_thirty_days():
    assert early("2026-03-02", "2026-04-01", early_refund=True).ground is EarlyGround.SAME_PERIOD
    assert early("2026-03-02", "2026-04-02", early_refund=True).valid is False
    assert early("2026-06-20", "2026-07-20", early_refund=True).valid is True


def test_a_simplified_suppliers_period_is_the_year():
    simplified = Taxpayer((TaxTypeSince(date(2021, 1, 1), TaxType.SIMPLIFIED),))
    assert early("2026-06-01", "2026-10-10", simplified).ground is EarlyGround.SAME_PERIOD


def test_six_months_later_the_buyer_deducts_nothing():
    assert early("2026-06-01", "2026-12-01").buyer_may_deduct
    late = early("2026-06-01", "2026-12-02")
    assert not late.buyer_may_deduct
    assert "early_buyer_cannot_deduct" in codes(late.findings)


def test_before_2022_02_15_it_was_thirty_days():
    assert early("2021-12-20", "2022-01-19").buyer_may_deduct
    assert not early("2021-12-20", "2022-01-20").buyer_may_deduct


@pytest.mark.parametrize("supplied", ["2026-06-01", "2026-05-30"])
def test_what_is_issued_at_or_after_the_supply_is_not_early(supplied):
    found = early("2026-06-01", supplied)
    assert (found.valid, found.ground, found.supply_on) == (True, EarlyGround.NOT_EARLY, day(supplied))


def test_an_early_invoice_of_a_year_that_is_not_known_is_marked():
    assert "outside_known_law" in codes(early("2030-06-01", "2031-10-10").findings)
    assert codes(early("2030-06-01", "2030-06-10").findings) == ["outside_known_law"]


@given(ANY_DAYS, ANY_DAYS, st.none() | ANY_DAYS)
def test_an_early_invoice_is_lawful_or_says_until_when_its_buyer_deducts(issued, supplied, paid):
    found = early_issue(EarlyFacts(issued, supplied, paid_on=paid), law=LAW)
    assert found.valid == (found.ground is not None) == (found.deductible_until is None)
    assert found.valid or found.supply_on == supplied
    assert found.supply_on in {issued, supplied}


# 발행 전 ----------------------------------------------------------------------------------------------------------


def invoice(**changes) -> Invoice:
    return Invoice.from_data(example(written_on="2026-05-08") | changes)


def supplier_is(tax_type: TaxType | None, **told) -> Facts:
    history = (TaxTypeEntry(since=date(2021, 1, 1), tax_type=tax_type),)
    return Facts(supplier_kind=INDIVIDUAL, supplier_tax_types=history, **told)


def ask(document: Invoice, facts: Facts | None = None, on: str = "2026-05-20", **told):
    return before_issue(document, facts or Facts(), on=day(on), law=LAW, **told)


def test_an_ordinary_document_in_time_raises_nothing():
    found = ask(invoice())
    assert (found.errors, found.warnings, found.transmit_at_once) == ((), (), False)
    assert found.issue.on == date(2026, 6, 10)
    assert found.transmit.on == date(2026, 5, 21)


def test_n30_a_number_of_exempt_businesses_on_a_tax_invoice_is_warned_of():
    supplier = example()["supplier"] | {"business_number": "9999000016"}
    found = check(invoice(supplier=supplier), on=date(2026, 5, 20))
    assert [each.severity.value for each in found if "면세사업자" in each.ko] == ["warning"]


@pytest.mark.parametrize(
    ("business", "error", "warning"),
    [
        (SimplifiedBusiness(4_000 * MAN), ["receipt_only"], []),
        (SimplifiedBusiness(4_800 * MAN - 1), ["receipt_only"], []),
        (SimplifiedBusiness(4_800 * MAN), [], []),
        (SimplifiedBusiness(10_400 * MAN - 1), [], []),
        (SimplifiedBusiness(10_400 * MAN), [], ["simplified_too_large"]),
        (SimplifiedBusiness(first_year=True), ["receipt_only"], []),
        (SimplifiedBusiness(6_000 * MAN, first_year=True), ["receipt_only"], []),
        (None, [], ["simplified_sales_unknown"]),
    ],
)
def test_n31_a_simplified_taxpayer_issues_tax_invoices_only_from_a_size_on(business, error, warning):
    found = ask(invoice(), supplier_is(TaxType.SIMPLIFIED), simplified=business)
    assert codes(found.errors) == error
    assert codes(found.warnings) == warning


def test_n32_a_date_in_the_future_is_refused():
    found = check(invoice(written_on="2026-05-21"), on=date(2026, 5, 20))
    assert "written_in_future" in codes(found)


def test_an_exempt_business_issues_no_tax_invoice_but_an_exempt_one():
    assert codes(ask(invoice(), supplier_is(TaxType.EXEMPT)).errors) == ["exempt_supplier"]
    assert codes(ask(invoice(document_type="0102"), supplier_is(TaxType.EXEMPT)).errors) == [
        "exempt_supplier"
    ]
    assert ask(invoice(document_type="0301"), supplier_is(TaxType.EXEMPT)).errors == ()
    assert ask(invoice(document_type="0301"), supplier_is(TaxType.SIMPLIFIED)).warnings == ()


def test_an_unknown_tax_type_forbids_nothing():
    assert ask(invoice(), supplier_is(None)).errors == ()


def test_nothing_is_dated_after_closing():
    closed = Facts(supplier_closed_on=date(2026, 5, 7), buyer_closed_on=date(2026, 5, 7))
    assert codes(ask(invoice(), closed).errors) == ["supplier_closed", "buyer_closed"]
    open_then = Facts(supplier_closed_on=date(2026, 5, 8), buyer_closed_on=date(2026, 5, 8))
    assert ask(invoice(), open_then).errors == ()


def test_a_person_cannot_have_closed():
    person = {"kind": "individual", "number": "9002301234567", "name": "홍길동", "representative": "홍길동"}
    document = invoice(buyer=person | {"contacts": [{"email": "a@example.com"}]})
    closed = Facts(buyer_tax_type=BuyerTaxType.INDIVIDUAL, buyer_closed_on=date(2026, 5, 1))
    assert ask(document, closed).errors == ()


def test_on_the_last_day_it_is_transmitted_at_once():
    found = ask(invoice(), on="2026-06-10")
    assert codes(found.warnings) == ["last_day"]
    assert found.transmit_at_once


def test_after_the_last_day_it_is_late():
    found = ask(invoice(), on="2026-06-11")
    assert codes(found.warnings) == ["late"]
    assert "2026-07-27" in found.warnings[0].ko
    assert found.transmit_at_once


def test_an_announced_extension_gives_more_time():
    september = invoice(written_on="2025-09-30")
    assert codes(ask(september, on="2025-10-14").warnings) == []
    assert codes(ask(september, on="2025-10-15").warnings) == ["last_day"]
    assert ask(september, on="2025-10-14").transmit.on == date(2025, 10, 16)


def test_without_an_address_it_is_transmitted_at_once():
    found = ask(invoice(buyer=example()["buyer"] | {"contacts": []}))
    assert codes(found.warnings) == ["no_mailbox"]
    assert found.transmit_at_once


def test_every_sentence_is_said_in_both_languages():
    for notice in ask(invoice(), supplier_is(TaxType.SIMPLIFIED), on="2026-06-11").warnings:
        assert notice.text("ko") != notice.text("en")
        assert notice.citation
