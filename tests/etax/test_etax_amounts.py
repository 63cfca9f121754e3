"""Won: no digit lost, no float, and a minus document mirrors its original."""

import json
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax import LineItem, Rounding, Split, Totals, line_supply, split_total, tax_of, totals_of
from dojang.etax.amounts import to_won
from etax.etax_samples import DATA
from etax.etax_strategies import exact, won

SPLITS = json.loads((DATA / "tax-rules" / "identifiers.json").read_text())["gross_split"]
LARGEST = 10**18 - 1
ROUNDINGS = st.sampled_from(Rounding)


@pytest.mark.parametrize(("total", "supply", "tax"), SPLITS)
def test_a_total_with_tax_in_it_is_taken_apart_at_10_in_11(total, supply, tax):
    assert split_total(total) == Split(supply, tax)
    assert split_total(-total) == Split(-supply, -tax)


@pytest.mark.parametrize(
    ("supply", "truncated", "rounded", "ceiled"),
    [
        (0, 0, 0, 0),
        (1, 0, 0, 1),
        (4, 0, 0, 1),
        (5, 0, 1, 1),
        (9, 0, 1, 1),
        (10, 1, 1, 1),
        (33_333, 3_333, 3_333, 3_334),
        (33_334, 3_333, 3_333, 3_334),
        (33_335, 3_333, 3_334, 3_334),
        (LARGEST, 99_999_999_999_999_999, 100_000_000_000_000_000, 100_000_000_000_000_000),
    ],
)
def test_tax_is_a_tenth_and_what_is_below_a_won_goes_as_one_chooses(supply, truncated, rounded, ceiled):
    assert tax_of(supply) == truncated
    for rounding, tax in zip(Rounding, (truncated, rounded, ceiled), strict=True):
        assert tax_of(supply, rounding) == tax
        assert tax_of(-supply, rounding) == -tax


def test_tax_of_lines_is_not_tax_of_their_sum():
    lines = [LineItem(supply_amount=supply, tax_amount=tax_of(supply)) for supply in (33_333, 33_333, 33_334)]
    assert totals_of(lines) == Totals(100_000, 9_999)
    assert totals_of(lines).total_amount == 109_999
    assert tax_of(100_000) == 10_000


@given(won(), ROUNDINGS)
def test_tax_is_within_a_won_of_a_tenth_and_mirrors(supply, rounding):
    tax = tax_of(supply, rounding)
    assert type(tax) is int
    assert abs(Fraction(supply, 10) - tax) < 1
    assert tax_of(-supply, rounding) == -tax


@given(won(), ROUNDINGS)
def test_the_parts_of_a_total_make_the_total_and_mirror(total, rounding):
    supply, tax = split_total(total, rounding)
    assert supply + tax == total
    assert abs(Fraction(total * 10, 11) - supply) < 1
    assert split_total(-total, rounding) == Split(-supply, -tax)


@given(won())
def test_truncation_is_toward_zero(total):
    assert split_total(total).supply_amount == int(Fraction(total * 10, 11))
    assert tax_of(total) == int(Fraction(total, 10))


@given(exact(11), exact(17), ROUNDINGS)
def test_quantity_times_price_is_exact_at_every_size(quantity, price, rounding):
    product = Fraction(quantity) * Fraction(price)
    supply = line_supply(quantity, price, rounding)
    assert type(supply) is int
    assert abs(product - supply) < 1
    if rounding is Rounding.TRUNCATE:
        assert supply == int(product)
    if rounding is Rounding.ROUND:
        assert abs(product - supply) <= Fraction(1, 2)
    if rounding is Rounding.CEIL:
        assert abs(supply) >= abs(product)
    assert line_supply(-quantity, price, rounding) == -supply


def test_the_largest_quantity_and_price_lose_no_digit():
    supply = line_supply(Decimal("999999999.99"), Decimal("999999999999999.99"))
    assert supply == 99999999999 * 99999999999999999 // 10_000


def test_the_decimal_context_around_does_not_matter():
    with localcontext(prec=3):
        assert tax_of(LARGEST) == LARGEST // 10
        assert split_total(LARGEST).supply_amount == LARGEST * 10 // 11
        assert line_supply(Decimal("123456.78"), Decimal("1000.01")) == 12345678 * 100001 // 10_000
        assert to_won(Decimal("123456789.99")) == 123456789
        assert LineItem(quantity=Decimal("123456.78")).quantity == Decimal("123456.78")


def test_totals_count_a_missing_amount_as_nothing():
    items = [
        LineItem(),
        LineItem(supply_amount=10),
        LineItem(tax_amount=-3),
        LineItem(supply_amount=0, tax_amount=0),
    ]
    assert totals_of(items) == Totals(10, -3)
    assert totals_of([]).total_amount == 0


@given(st.lists(st.tuples(won(), won()), max_size=99))
def test_totals_are_the_sums(amounts):
    totals = totals_of([LineItem(supply_amount=supply, tax_amount=tax) for supply, tax in amounts])
    assert totals == (sum(supply for supply, _ in amounts), sum(tax for _, tax in amounts))
    assert totals.total_amount == sum(map(sum, amounts))
