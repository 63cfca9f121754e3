"""부가가치세 신고서: the lines that documents speak to, with the law's own arithmetic."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax.codes import AmendmentReason, DocumentType
from dojang.etax.facts import Facts
from dojang.etax.parameters import Law
from dojang.etax.returns import (
    NOT_DEDUCTIBLE,
    Cell,
    Key,
    Late,
    Party,
    Side,
    Sums,
    Told,
    charged,
    credit,
    vat_return,
)

LAW = Law.load()
TODAY = date(2027, 3, 1)
INDIVIDUAL = Facts.from_json('{"supplier_kind": "individual", "e_obligated": true}')


def cell(
    supply: int,
    tax: int | None = None,
    *,
    side: Side = Side.SALES,
    kind: DocumentType = DocumentType.TAX,
    told: Told = Told.IN_RETURN,
    reason: str = "",
    asset: bool = False,
) -> Cell:
    key = Key(side, kind, Party.BUSINESS, True, told, reason, asset)
    return Cell(key, Sums(1, supply, supply // 10 if tax is None else tax))


def purchase(supply: int, tax: int | None = None, **values) -> Cell:
    return cell(supply, tax, side=Side.PURCHASE, **values)


def amounts(found, key):
    sums = found.line(key).sums
    return (sums.supply_amount, sums.tax_amount)


def test_a_worked_return():
    found = vat_return(
        [
            cell(10_000_000),
            cell(-1_000_000, kind=DocumentType.AMENDED_TAX),
            cell(3_000_000, 0, kind=DocumentType.TAX_ZERO_RATED),
            cell(500_000, told=Told.MISSED),
            cell(900_000, told=Told.AFTER),
            cell(700_000, 0, kind=DocumentType.EXEMPT),
            purchase(4_000_000),
            purchase(2_000_000, asset=True),
            purchase(300_000, reason="4"),
            purchase(1_000_000, reason="3", asset=True),
            purchase(600_000, reason="9"),
            purchase(200_000, told=Told.MISSED),
            purchase(80_000, 0, kind=DocumentType.EXEMPT),
        ]
    )
    assert amounts(found, "sales_taxable") == (9_000_000, 900_000)  # (1)
    assert amounts(found, "sales_zero_rated") == (3_000_000, 0)  # (5)
    assert amounts(found, "sales_missed_line") == (500_000, 50_000)  # (7)
    assert amounts(found, "sales_total") == (12_500_000, 950_000)  # (9)
    assert amounts(found, "purchases") == (4_900_000, 490_000)  # (10)
    assert amounts(found, "fixed_assets") == (3_000_000, 300_000)  # (12)
    assert amounts(found, "purchases_missed_line") == (200_000, 20_000)  # (13)
    assert amounts(found, "purchases_total") == (8_100_000, 810_000)  # (16)
    assert amounts(found, "not_deductible_line") == (1_900_000, 190_000)  # (17)
    assert amounts(found, "deducted") == (6_200_000, 620_000)  # (18)
    assert amounts(found, "payable") == (0, 330_000)  # ㉰
    assert amounts(found, "exempt_sales") == (700_000, 0)  # (88)
    assert amounts(found, "exempt_purchases") == (80_000, 0)  # (89)


def test_not_deductible_is_told_by_reason():
    found = vat_return([purchase(300_000, reason="4"), purchase(600_000, reason="9"), purchase(1_000)])
    told = {code: sums.tax_amount for code, sums in found.not_deductible.items() if sums.count}
    assert told == {"4": 30_000, "9": 60_000}
    assert amounts(found, "not_deductible_plain") == (300_000, 30_000)
    assert amounts(found, "not_deductible_shared") == (600_000, 60_000)


def test_every_reason_stands_on_exactly_one_line():
    for reason in NOT_DEDUCTIBLE:
        found = vat_return([purchase(1_000, reason=reason.code)])
        lines = [line.key for line in found.lines if line.section == "not_deductible" and line.sums.count]
        assert len(lines) == 2  # its line and the total
        assert amounts(found, "not_deductible") == (1_000, 100)


def test_an_import_whose_payment_is_deferred_is_taken_off_by_its_tax_alone():
    found = vat_return([purchase(1_000_000), purchase(400_000, kind=DocumentType.TAX_IMPORT_DEFERRED)])
    assert amounts(found, "purchases") == (1_400_000, 140_000)
    assert amounts(found, "purchases_total") == (1_400_000, 100_000)


def test_lines_that_no_document_tells_say_so():
    found = vat_return([])
    outside = {line.number for line in found.lines if line.standing == "outside"}
    assert outside == {"(2)", "(3)", "(4)", "(6)", "(8)", "(14)", "(15)", "(58)", "(70)", "(71)"}


# --- penalties ---


def late(supply: int = 10_000_000, count: int = 1, **values) -> Late:
    given = {
        "side": Side.SALES,
        "document_type": DocumentType.TAX,
        "reason": None,
        "party": Party.BUSINESS,
        "written_on": date(2026, 10, 5),
        "issued_on": date(2026, 11, 11),
        "sent_on": date(2026, 11, 12),
    } | values
    return Late(count=count, supply_amount=supply, tax_amount=supply // 10, **given)


def owed(*found, facts=Facts(), today=TODAY):  # noqa: B008 (frozen)
    return {
        (each.side.value, each.code): (each.count, each.base, each.amount, each.certainty)
        for each in charged(found, facts, law=LAW, today=today)
    }


def test_issuing_a_day_late_costs_a_hundredth():
    assert owed(late()) == {("sales", "late_issue"): (1, 10_000_000, 100_000, "law")}


def test_transmitting_late_costs_three_thousandths_and_not_at_all_half_a_hundredth():
    in_time = date(2026, 11, 10)
    assert owed(late(issued_on=in_time)) == {("sales", "late_send"): (1, 10_000_000, 30_000, "law")}
    assert owed(late(issued_on=in_time, sent_on=None)) == {
        ("sales", "non_send"): (1, 10_000_000, 50_000, "law")
    }


def test_who_issues_electronically_of_their_own_will_owes_nothing_for_sending_late():
    free = INDIVIDUAL.model_copy(update={"e_obligated": False})
    assert owed(late(issued_on=date(2026, 11, 10)), facts=free) == {}


def test_what_was_in_time_costs_nothing():
    assert owed(late(issued_on=date(2026, 11, 6), sent_on=date(2026, 11, 9))) == {}  # Friday, Monday


def test_a_late_decrease_is_told_as_the_most_it_can_be():
    found = owed(late(-1_000_000, document_type=DocumentType.AMENDED_TAX, reason=AmendmentReason.RETURN))
    assert found == {("sales", "late_issue"): (1, 1_000_000, 10_000, "practice")}


def test_the_buyer_owes_half_a_hundredth_of_what_it_deducts():
    assert owed(late(side=Side.PURCHASE)) == {("purchase", "late_receive"): (1, 10_000_000, 50_000, "law")}
    assert owed(late(side=Side.PURCHASE, deducts=False)) == {}


def test_the_cap_holds_over_all_documents_together():
    found = charged(
        [late(4_000_000_000), late(3_000_000_000, written_on=date(2026, 9, 30))],
        Facts(),
        law=LAW,
        today=TODAY,
    )
    [one] = found
    assert (one.uncapped, one.amount) == (70_000_000, 50_000_000)


def test_penalties_stand_on_their_lines():
    found = vat_return([], charged=charged([late(), late(side=Side.PURCHASE)], Facts(), law=LAW, today=TODAY))
    assert amounts(found, "late_issue") == (10_000_000, 100_000)  # (65)
    assert amounts(found, "late_receive") == (10_000_000, 50_000)  # (66)
    assert found.line("late_issue").standing == "estimate"
    assert "제60조" in found.line("late_issue").citation


@given(st.lists(st.integers(10, 10**8).map(lambda won: won * 1000), min_size=1, max_size=8))
def test_many_documents_of_one_day_owe_as_their_sum(amounts_of_documents):
    each = charged([late(one) for one in amounts_of_documents], Facts(), law=LAW, today=TODAY)
    together = charged(
        [late(sum(amounts_of_documents), len(amounts_of_documents))], Facts(), law=LAW, today=TODAY
    )
    assert [replace(one, certainty="law") for one in each] == list(together)


# --- 발급세액공제 ---


def earned(
    in_time: int, *, facts: Facts = INDIVIDUAL, earlier: int = 0, last_year: int = 0, on=date(2026, 12, 31)
):
    return credit(in_time, earlier=earlier, last_year=last_year, facts=facts, on=on, law=LAW)


def test_a_small_sole_proprietor_has_two_hundred_won_for_each():
    found = earned(120)
    assert (found.count, found.amount, found.left) == (120, 24_000, 976_000)
    assert "제47조" in found.citation


def test_the_year_has_a_limit_of_a_million():
    assert earned(6_000).amount == 1_000_000
    assert earned(3_000, earlier=4_000).amount == 200_000
    assert earned(1, earlier=5_000).amount == 0


@pytest.mark.parametrize(
    "case",
    [
        {"facts": Facts()},  # a corporation
        {"last_year": 300_000_000},
        {"on": date(2028, 1, 31)},
    ],
)
def test_others_have_none(case):
    assert earned(10, **case) is None


def test_just_below_the_threshold_has_it():
    assert earned(10, last_year=299_999_999) is not None


def test_the_credit_stands_on_its_line():
    found = vat_return([], credit=earned(10)).line("credit")
    assert (found.number, found.sums.tax_amount, found.standing) == ("(58)", 2_000, "estimate")
