"""Numbers that name people, companies and documents, and what can be told from them.

Business number 사업자등록번호 (10 digits), resident and foreign registration number 주민·외국인등록번호 (13),
corporate number 법인등록번호 (13), branch number 종사업장번호 (4), issue id 승인번호 (24).
All are plain strings without hyphens; `normalize` takes what people type.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

FOREIGNER_NUMBER = "9999999999999"
"""Stands for every foreign buyer; the real number goes into the first remark (KEC standard, InvoiceeParty)."""

_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_CENTURIES = {"9": 1800, "0": 1800} | dict.fromkeys("1256", 1900) | dict.fromkeys("3478", 2000)
_FOREIGN_SEX_DIGITS = "5678"
_RESIDENT_WITHIN = re.compile(r"(?<![0-9])[0-9]{6}\s{0,3}[-‐-―]?\s{0,3}[0-9]{7}(?![0-9])")
_RESIDENT_IN_TEXT = re.compile(
    r"(?<![0-9])(?<![0-9][-‐-―−])"
    r"(?P<birth>[0-9]{6})(?P<between>\s{0,3}[-‐-―−]?\s{0,3})(?P<rest>[1-8])(?P<tail>[0-9]{6})"
    r"(?![0-9]|[-‐-―−][0-9])"
)
#: Digits and a hyphen as a Korean keyboard may write them, each by one character.
_WIDE = str.maketrans("０１２３４５６７８９－", "0123456789-")
_FIRST_REGISTRIES, _LAST_REGISTRIES = "11", "22"
_BAR_CODE_WEIGHTS = (1, 3) * 6


def normalize(text: str) -> str:
    """Without the hyphens and blanks that people write in numbers."""
    return re.sub(r"[\s\-‐-―]", "", text)


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


# 사업자등록번호 -----------------------------------------------------------------------------------------------


def is_business_number(number: str) -> bool:
    """Ten digits whose check digit is right; 0000000000, which the arithmetic would accept, is none."""
    if not _is_digits(number, 10) or number == "0000000000":
        return False
    total = _weighted(number, _BUSINESS_WEIGHTS) + int(number[8]) * 5 // 10
    return int(number[9]) == (10 - total % 10) % 10


class BusinessClass(Enum):
    """What the two middle digits of a business number say. Only a hint: a 면세 company has 81 as well."""

    SOLE_TAXABLE = "개인 과세사업자", "sole proprietor, taxable"
    ASSOCIATION = "비사업 단체", "association that is no business"
    COMPANY = "영리법인 본점", "company"
    NON_PROFIT = "비영리법인", "non-profit corporation"
    GOVERNMENT = "국가·지방자치단체", "state or local government"
    FOREIGN_COMPANY = "외국법인", "foreign company"
    COMPANY_BRANCH = "영리법인 지점", "branch of a company"
    RELIGIOUS = "종교단체", "religious body"
    SOLE_EXEMPT = "개인 면세사업자", "sole proprietor, exempt"

    @property
    def ko(self) -> str:
        return self.value[0]

    @property
    def en(self) -> str:
        return self.value[1]


_CLASS_BY_MIDDLE = {
    "80": BusinessClass.ASSOCIATION,
    "82": BusinessClass.NON_PROFIT,
    "83": BusinessClass.GOVERNMENT,
    "84": BusinessClass.FOREIGN_COMPANY,
    "85": BusinessClass.COMPANY_BRANCH,
    "89": BusinessClass.RELIGIOUS,
    **dict.fromkeys(("81", "86", "87", "88"), BusinessClass.COMPANY),
    **{f"{middle:02d}": BusinessClass.SOLE_TAXABLE for middle in range(1, 80)},
    **{f"{middle:02d}": BusinessClass.SOLE_EXEMPT for middle in range(90, 100)},
}

NOT_TAX_INVOICE_ISSUERS = frozenset(
    {BusinessClass.ASSOCIATION, BusinessClass.RELIGIOUS, BusinessClass.SOLE_EXEMPT}
)
"""Classes that as a rule may not issue a 세금계산서: a warning, since digits prove nothing."""


def business_class(number: str) -> BusinessClass | None:
    """What the digits 4 and 5 of a business number say; None for 00, which is not given out."""
    return _CLASS_BY_MIDDLE.get(number[3:5])


# 주민등록번호·외국인등록번호 ------------------------------------------------------------------------------------


class ResidentDoubt(Enum):
    """Why a resident or foreign registration number looks odd. Never a refusal: see `resident_doubts`."""

    NO_SUCH_DATE = "no_such_date"
    CHECK_DIGIT = "check_digit"


def is_resident_number(number: str) -> bool:
    """Thirteen digits: all that 주민등록법 시행규칙 제2조 promises."""
    return _is_digits(number, 13)


def holds_resident_number(text: str) -> bool:
    """Whether what looks like a resident number stands somewhere in a text."""
    return _RESIDENT_WITHIN.search(text) is not None


class Likeness(Enum):
    """How much a number within a text is like somebody's resident number."""

    SURE = "sure"
    LIKELY = "likely"


def resident_within(text: str, *, on: date | None = None) -> Likeness | None:
    """Whether somebody's resident or foreign registration number stands within a text that is none.

    Thirteen digits at one go, or six and seven with a hyphen or blanks between, that are no part of a longer number
    (as those of accounts and 승인번호 are), begin with a possible date of birth and have 1 to 8 as the seventh digit.
    A check digit that agrees makes it sure. Without it only a number that is written as 6-7 is likely to be one, since
    numbers given since 2020-10-05 have none while accounts and bar codes are written at one go. Two kinds of numbers
    look alike: bar codes (EAN-13) are likely at most, and so is what begins with 11 to 22 as numbers of corporations do
    (등기관서: nobody who was born in 1911 to 1922 or since 2011 is a party to much); where such a one's own check digit
    agrees as well, it is none.

    Args:
        text: as somebody typed it, in digits of any width.
        on: a day; nobody is born after it.
    """
    found = {_likeness(match, on) for match in _RESIDENT_IN_TEXT.finditer(text.translate(_WIDE))}
    return next((one for one in Likeness if one in found), None)


def without_residents(text: str) -> str:
    """A text in which the last six digits of every number that surely is a resident number are hidden."""
    letters = list(text)
    for match in _RESIDENT_IN_TEXT.finditer(text.translate(_WIDE)):
        if _likeness(match, None) is Likeness.SURE:
            letters[match.start("tail") : match.end("tail")] = "******"
    return "".join(letters)


def _likeness(match: re.Match[str], on: date | None) -> Likeness | None:
    number = match["birth"] + match["rest"] + match["tail"]
    doubts = resident_doubts(number)
    if ResidentDoubt.NO_SUCH_DATE in doubts or (on is not None and _birth(number) > on):
        return None
    agrees, at_one_go = ResidentDoubt.CHECK_DIGIT not in doubts, not match["between"]
    if at_one_go and not agrees:
        return None
    if _FIRST_REGISTRIES <= number[:2] <= _LAST_REGISTRIES:
        return None if corporate_check_digit_agrees(number) else Likeness.LIKELY
    if not agrees or (at_one_go and _is_bar_code(number)):
        return Likeness.LIKELY
    return Likeness.SURE


def _birth(number: str) -> date:
    return date(_CENTURIES[number[6]] + int(number[:2]), int(number[2:4]), int(number[4:6]))


def _is_bar_code(number: str) -> bool:
    return int(number[12]) == -_weighted(number[:12], _BAR_CODE_WEIGHTS) % 10


def resident_doubts(number: str) -> tuple[ResidentDoubt, ...]:
    """What is odd about a thirteen-digit resident or foreign registration number.

    Numbers given since 2020-10-05 carry random digits, so a wrong check digit proves nothing.
    """
    doubts: list[ResidentDoubt] = []
    year, month, day = _CENTURIES[number[6]] + int(number[:2]), int(number[2:4]), int(number[4:6])
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):  # noqa: PLR2004
        doubts.append(ResidentDoubt.NO_SUCH_DATE)
    offset = 13 if number[6] in _FOREIGN_SEX_DIGITS else 11
    if int(number[12]) != (offset - _weighted(number, _RESIDENT_WEIGHTS) % 11) % 10:
        doubts.append(ResidentDoubt.CHECK_DIGIT)
    return tuple(doubts)


# 법인등록번호 -----------------------------------------------------------------------------------------------


def is_corporate_number(number: str) -> bool:
    """Thirteen digits: numbers given since 2025-01-31 have no check digit (법인 등의 등록번호 규칙 제2조)."""
    return _is_digits(number, 13)


def corporate_check_digit_agrees(number: str) -> bool:
    """Whether the last digit is the check digit of numbers given before 2025-01-31. Information only."""
    total = _weighted(number[:12], (1, 2) * 6)
    return int(number[12]) == (10 - total % 10) % 10


# 종사업장번호 -----------------------------------------------------------------------------------------------


def is_branch_number(number: str) -> bool:
    """Four digits."""
    return _is_digits(number, 4)


# 승인번호 -------------------------------------------------------------------------------------------------

_ISSUE_ID = re.compile(r"(?P<day>[0-9]{8})(?P<registration>[0-9]{8})(?P<serial>[0-9a-z]{8})")
_SERIAL_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SERIALS = len(_SERIAL_DIGITS) ** 8
"""How many serials one system has for one day: 36^8."""


@dataclass(frozen=True, slots=True)
class IssueId:
    r"""승인번호: 작성일자, the registration number of the transmitting system, a serial.

    Source: KEC 표준전자세금계산서 v3.0, IssueID (pattern `\d{8}\d{8}[a-z0-9]{8}`).
    """

    written_on: date
    registration: str
    serial: str

    def __str__(self) -> str:
        return f"{self._day}{self.registration}{self.serial}"

    @property
    def hyphenated(self) -> str:
        """As Hometax shows it: 8-8-8."""
        return f"{self._day}-{self.registration}-{self.serial}"

    @property
    def _day(self) -> str:
        return self.written_on.isoformat().replace("-", "")

    @classmethod
    def parse(cls, text: str) -> "IssueId | None":
        """From 24 characters, with or without hyphens; None when it is no issue id."""
        match = _ISSUE_ID.fullmatch(normalize(text))
        if match is None:
            return None
        try:
            day = date.fromisoformat(match["day"])
        except ValueError:
            return None
        return cls(day, match["registration"], match["serial"])

    @classmethod
    def make(cls, written_on: date, registration: str, number: int) -> "IssueId":
        """The issue id whose serial is this number in base 36.

        Raises:
            ValueError: the registration is not eight digits, or the number is out of 0 ≤ n < 36^8.
        """
        if not _is_digits(registration, 8):
            raise ValueError("a registration number has eight digits")
        if not 0 <= number < SERIALS:
            raise ValueError("a serial is a number from 0 to 36^8 - 1")
        digits = ""
        for _ in range(8):
            number, digit = divmod(number, len(_SERIAL_DIGITS))
            digits = _SERIAL_DIGITS[digit] + digits
        return cls(written_on, registration, digits)


def allocate(
    written_on: date, registration: str, numbers: Iterator[int], *, taken: Iterable[str] = ()
) -> Iterator[IssueId]:
    """Issue ids from a source of numbers (random or counting), never one that is taken or was given before.

    Args:
        written_on: 작성일자, which begins each id.
        registration: eight digits of the transmitting system.
        numbers: from 0 to 36^8 - 1, as `iter(lambda: secrets.randbelow(SERIALS), None)` gives.
        taken: ids that exist already.
    """
    used = set(taken)
    for number in numbers:
        issue_id = IssueId.make(written_on, registration, number)
        if str(issue_id) not in used:
            used.add(str(issue_id))
            yield issue_id
