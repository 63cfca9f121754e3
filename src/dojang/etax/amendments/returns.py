"""What putting a filed return right costs or brings, roughly: shown to a person, never booked.

과소신고 가산세 is a tenth of the tax that was missing, less a relief for correcting early; 납부지연 가산세 runs by the day.
A refund can be claimed for five years after the statutory due date.

Source: 국세기본법 제45조의2, 제47조의3, 제47조의4, 제48조제2항; figures in `returns.toml`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from dojang.etax.amounts import to_won
from dojang.etax.calendar.deadlines import months_after
from dojang.etax.calendar.periods import ReturnPeriod
from dojang.etax.parameters.law import Law


@cache
def _tables() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    data = resources.files("dojang.etax.amendments").joinpath("returns.toml").read_text(encoding="utf-8")
    return tomllib.loads(data)


def _figures(name: str, day: date) -> Mapping[str, Any]:
    """The newest figures that held on a day; the oldest for days before any."""
    rows = _tables()[name]
    return [row for row in rows if row["from"] <= day][-1] if rows[0]["from"] <= day else rows[0]


@dataclass(frozen=True, slots=True)
class Correction:
    """What 수정신고 of a return costs besides the tax.

    Attributes:
        under_reporting: 과소신고 가산세 after its relief, in won.
        daily_rate: 납부지연 가산세, share of the tax for each day.
    """

    under_reporting: int
    daily_rate: Decimal


def correction(tax: int, period: ReturnPeriod, *, on: date) -> Correction:
    """The cost of correcting on a day a return that was too low by this tax, in won."""
    rate = Decimal(_figures("under_reporting", period.statutory)["rate"])
    owed = Decimal(tax) * rate * _charged(period, on)
    return Correction(to_won(owed), Decimal(_figures("late_payment", on)["daily"]))


def zero_rated_correction(supply: int, period: ReturnPeriod, *, on: date) -> int:
    """가산세 after its relief for zero-rated supplies that a return left out, in won; nothing for what it stated too much."""
    rate = Decimal(_figures("zero_rated", period.statutory)["rate"])
    return to_won(Decimal(max(supply, 0)) * rate * _charged(period, on))


def _charged(period: ReturnPeriod, on: date) -> Decimal:
    """The share of a penalty that is left after the relief for correcting early."""
    reliefs = _figures("under_reporting", period.statutory)["relief"]
    found = (Decimal(share) for months, share in reliefs if on <= months_after(period.statutory, months))
    return 1 - next(found, Decimal(0))


def refund_until(period: ReturnPeriod, *, law: Law) -> date:
    """The last business day on which a refund is claimed without doubt (경정청구)."""
    months = int(_figures("refund_claim", period.statutory)["months"])
    return law.calendar.before(months_after(period.statutory, months))
