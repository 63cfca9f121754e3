"""불공제 사유 with the law of each, and words for pages: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dojang.service.records.models import NotDeductible


@dataclass(frozen=True, slots=True)
class Ground:
    """Why input tax is not deducted, and where the law says so."""

    ko: str
    en: str
    citation: str


GROUNDS: Final[Mapping[NotDeductible, Ground]] = {
    NotDeductible.MISSING_ENTRIES: Ground(
        NotDeductible.MISSING_ENTRIES.label, "A required entry is missing or wrong", "부가가치세법 §39①2"
    ),
    NotDeductible.NOT_FOR_BUSINESS: Ground(
        NotDeductible.NOT_FOR_BUSINESS.label, "Not for the business", "부가가치세법 §39①4"
    ),
    NotDeductible.PASSENGER_CAR: Ground(
        NotDeductible.PASSENGER_CAR.label, "A passenger car not used as the business", "부가가치세법 §39①5"
    ),
    NotDeductible.ENTERTAINMENT: Ground(
        NotDeductible.ENTERTAINMENT.label, "Business promotion", "부가가치세법 §39①6"
    ),
    NotDeductible.EXEMPT_BUSINESS: Ground(
        NotDeductible.EXEMPT_BUSINESS.label, "For an exempt business", "부가가치세법 §39①7"
    ),
    NotDeductible.LAND: Ground(
        NotDeductible.LAND.label, "Capital spent on land", "부가가치세법 §39①7, 시행령 §80"
    ),
    NotDeductible.BEFORE_REGISTRATION: Ground(
        NotDeductible.BEFORE_REGISTRATION.label,
        "Before the business was registered",
        "부가가치세법 §39①8",
    ),
    NotDeductible.GOLD_AND_COPPER: Ground(
        NotDeductible.GOLD_AND_COPPER.label,
        "Gold or scrap not paid through its account",
        "조세특례제한법 §106의4, §106의9",
    ),
    NotDeductible.SHARED: Ground(
        NotDeductible.SHARED.label, "Shared with an exempt business", "부가가치세법 §40, 시행령 §81"
    ),
    NotDeductible.BAD_DEBT: Ground(
        NotDeductible.BAD_DEBT.label, "Tax that the supplier wrote off", "부가가치세법 §45③"
    ),
    NotDeductible.RECALCULATED: Ground(
        NotDeductible.RECALCULATED.label, "Recalculated tax", "부가가치세법 §41, 시행령 §83"
    ),
}
