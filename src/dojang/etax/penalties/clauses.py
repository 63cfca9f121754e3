"""Which statute charges a document, where its rates stand, and which of its penalties are capped.

세금계산서 are charged by 부가가치세법 제60조, 계산서 by 법인세법 제75조의8 or, of an individual, 소득세법 제81조의10.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum


class Family(StrEnum):
    """The statute that charges a document."""

    VAT = "vat"
    CORPORATE = "corporate"
    INDIVIDUAL = "individual"


_OF_ALL = ("late_issue", "non_issue", "paper", "late_send", "non_send", "defect", "fake", "name")

_CODES: Mapping[Family, tuple[str, ...]] = {
    Family.VAT: (*_OF_ALL, "other_place", "over", "late_receive"),
    Family.CORPORATE: _OF_ALL,
    Family.INDIVIDUAL: _OF_ALL,
}

# Where the law's parameters give a penalty a longer name than its code.
_NAMES = {"name": "other_name", "over": "overstated"}

CAP_OF_SMALL = "cap_small"
CAP_OF_OTHERS = "cap_other"
CUTOFF_DAY = "exempt_cutoff_day"
EARLY_DEDUCTION = "early_issue_deduction"
NO_INVOICE = "no_invoice"

# 국세기본법 제49조제1항 names the clauses; kinds of duty are told apart by their content (영 제29조의2제1항), so
# sending late and not sending are one kind. Of 부가가치세법 제60조제2항 only items 1, 3, 4, 5; of 법인세법
# 제75조의8제1항제4호 only issuing late; of 소득세법 제81조의10 all.
_DUTIES: Mapping[Family, Mapping[str, str]] = {
    Family.VAT: {
        "late_issue": "issue",
        "late_send": "transmission",
        "non_send": "transmission",
        "defect": "entries",
        "late_receive": "receipt",
    },
    Family.CORPORATE: {
        "late_issue": "issue",
        "late_send": "transmission",
        "non_send": "transmission",
        "defect": "entries",
    },
    Family.INDIVIDUAL: {
        "late_issue": "issue",
        "non_issue": "issue",
        "paper": "issue",
        "late_send": "transmission",
        "non_send": "transmission",
        "defect": "entries",
        "fake": "truth",
        "name": "truth",
    },
}


def rate_name(family: Family, code: str) -> str:
    """The law's parameter that holds the rate of a penalty."""
    name = _NAMES.get(code, code)
    return name if family is Family.VAT else f"{family}_{name}"


def capped_duty(family: Family, code: str) -> str | None:
    """The kind of duty whose cap a penalty counts toward; None: it has no cap."""
    return _DUTIES[family].get(code)


def parameter_names() -> Iterator[str]:
    """Every parameter that penalties take from the law."""
    for family, codes in _CODES.items():
        yield from (rate_name(family, code) for code in codes)
    yield from (CAP_OF_SMALL, CAP_OF_OTHERS, CUTOFF_DAY, EARLY_DEDUCTION, NO_INVOICE)
