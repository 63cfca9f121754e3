"""Won: tax from supply, supply from a total with tax in it, totals from items.

Amounts are integers in won (KRW). Source: 부가가치세법 제30조 (10 %), 제29조제7항 (100/110);
국고금 관리법 제47조 (fractions of a won are dropped).
"""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

TAX_RATE = Decimal("0.1")

# Python's 28 digits are too few for a quantity of 12 times a unit price of 18.
_EXACT = Context(prec=60)


class Rounding(StrEnum):
    """원 미만 처리. Applied to the size of the amount, so that a minus document mirrors its original."""

    TRUNCATE = "truncate"
    ROUND = "round"
    CEIL = "ceil"


_TOWARDS = {Rounding.TRUNCATE: ROUND_DOWN, Rounding.ROUND: ROUND_HALF_UP}


def to_won(amount: Decimal, rounding: Rounding = Rounding.TRUNCATE) -> int:
    """Whole won; sizes are rounded, the sign kept."""
    if rounding is Rounding.CEIL:
        return int(amount.to_integral_value(ROUND_CEILING if amount > 0 else ROUND_FLOOR))
    return int(amount.to_integral_value(_TOWARDS[rounding]))


def tax_of(supply_amount: int, rounding: Rounding = Rounding.TRUNCATE) -> int:
    """세액 of a 공급가액 at 10 %, in won."""
    return to_won(_EXACT.multiply(Decimal(supply_amount), TAX_RATE), rounding)


class Split(NamedTuple):
    """A total taken apart, in won."""

    supply_amount: int
    tax_amount: int


def split_total(total_amount: int, rounding: Rounding = Rounding.TRUNCATE) -> Split:
    """공급가액 and 세액 in a total with tax included, in won: supply = total × 10/11, tax = the rest."""
    supply = to_won(_EXACT.divide(Decimal(total_amount * 10), Decimal(11)), rounding)
    return Split(supply, total_amount - supply)


def line_supply(quantity: Decimal, unit_price: Decimal, rounding: Rounding = Rounding.TRUNCATE) -> int:
    """공급가액 of one item, in won: quantity × unit price."""
    return to_won(_EXACT.multiply(quantity, unit_price), rounding)


class Amounts(Protocol):
    """Anything with the two amounts of an item."""

    @property
    def supply_amount(self) -> int | None: ...
    @property
    def tax_amount(self) -> int | None: ...


class Totals(NamedTuple):
    """The sums of a document, in won."""

    supply_amount: int
    tax_amount: int

    @property
    def total_amount(self) -> int:
        """합계금액."""
        return self.supply_amount + self.tax_amount


def totals_of(items: Iterable[Amounts]) -> Totals:
    """Sums of the items; an amount left out counts as 0. Never tax computed anew from the sum of supply."""
    supply = tax = 0
    for item in items:
        supply += item.supply_amount or 0
        tax += item.tax_amount or 0
    return Totals(supply, tax)
