"""Numbers: check digits, classes, doubts, and the issue id."""

import json
from datetime import date
from itertools import count, islice, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax import IssueId
from dojang.etax import identifiers as ids
from dojang.etax.identifiers import BusinessClass, Likeness, ResidentDoubt
from etax.etax_samples import DATA

VECTORS = json.loads((DATA / "tax-rules" / "identifiers.json").read_text())["ids"]
DIGITS = st.text("0123456789", min_size=9, max_size=9)

# 사업자등록번호 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [*VECTORS["biz_ok"], "9998100015", "9998600010", "9988100012"])
def test_business_number_with_the_right_check_digit(number):
    assert ids.is_business_number(number)


@pytest.mark.parametrize("number", VECTORS["biz_bad"])
def test_business_number_with_a_wrong_check_digit_or_of_zeros_is_none(number):
    assert not ids.is_business_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "124810099",
        "12481009980",
        "124-81-00998",
        "124810099a",
        " 1248100998",
        "１２４８１００９９８",
        "²248100998",
    ],
)
def test_business_number_is_exactly_ten_ascii_digits(number):
    assert not ids.is_business_number(number)


@given(DIGITS.filter(lambda digits: digits != "0" * 9))
def test_exactly_one_check_digit_is_right(digits):
    assert sum(ids.is_business_number(f"{digits}{check}") for check in range(10)) == 1


@given(DIGITS, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_but_for_the_doubled_ninth(digits, place, change):
    number = next(f"{digits}{check}" for check in range(10) if _arithmetic(f"{digits}{check}"))
    wrong = f"{number[:place]}{(int(number[place]) + change) % 10}{number[place + 1 :]}"
    # The ninth counts five times and a half: there the sum may agree by accident, nowhere else.
    assert place == 8 or not _arithmetic(wrong)


def _arithmetic(number: str) -> bool:
    total = sum(
        int(digit) * weight for digit, weight in zip(number, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=False)
    )
    return (total + int(number[8]) * 5 // 10 + int(number[9])) % 10 == 0


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("124-81-00998", "1248100998"),
        (" 124 81\t00998\n", "1248100998"),
        ("124‐81–00998", "1248100998"),
        ("20261120-41000000-0000000a", "20261120410000000000000a"),
        ("", ""),
    ],
)
def test_hyphens_and_blanks_of_any_kind_are_dropped(typed, number):
    assert ids.normalize(typed) == number


@pytest.mark.parametrize(
    ("middle", "expected"),
    [
        ("00", None),
        ("01", BusinessClass.SOLE_TAXABLE),
        ("79", BusinessClass.SOLE_TAXABLE),
        ("80", BusinessClass.ASSOCIATION),
        ("81", BusinessClass.COMPANY),
        ("82", BusinessClass.NON_PROFIT),
        ("83", BusinessClass.GOVERNMENT),
        ("84", BusinessClass.FOREIGN_COMPANY),
        ("85", BusinessClass.COMPANY_BRANCH),
        ("86", BusinessClass.COMPANY),
        ("87", BusinessClass.COMPANY),
        ("88", BusinessClass.COMPANY),
        ("89", BusinessClass.RELIGIOUS),
        ("90", BusinessClass.SOLE_EXEMPT),
        ("99", BusinessClass.SOLE_EXEMPT),
    ],
)
def test_the_middle_digits_say_the_class(middle, expected):
    assert ids.business_class(f"999{middle}00000") is expected


def test_every_middle_but_00_has_a_class_with_labels():
    for middle in range(1, 100):
        found = ids.business_class(f"999{middle:02d}00000")
        assert found is not None
        assert found.ko
        assert found.en.isascii()


@pytest.mark.parametrize("number", ["", "999", "9998"])
def test_a_number_too_short_has_no_class(number):
    assert ids.business_class(number) is None


def test_who_as_a_rule_issues_no_tax_invoice():
    middles = [f"{middle:02d}" for middle in range(1, 100)]
    not_issuing = {m for m in middles if ids.business_class(f"999{m}00000") in ids.NOT_TAX_INVOICE_ISSUERS}
    assert not_issuing == {"80", "89", *map(str, range(90, 100))}


# 주민등록번호·외국인등록번호: only ever with an impossible birthday -------------------------------------------------


@pytest.mark.parametrize(
    ("digits", "check"), VECTORS["rrn_checksum_arithmetic"] + VECTORS["arc_checksum_arithmetic"]
)
def test_resident_check_digit(digits, check):
    right, wrong = f"{digits}{check}", f"{digits}{(check + 1) % 10}"
    assert ids.resident_doubts(right) == (ResidentDoubt.NO_SUCH_DATE,)
    assert ids.resident_doubts(wrong) == (ResidentDoubt.NO_SUCH_DATE, ResidentDoubt.CHECK_DIGIT)


@pytest.mark.parametrize("sex", range(10))
def test_the_foreign_and_the_domestic_check_digit_differ_by_two(sex):
    digits = f"900230{sex}23456"
    right = [
        check
        for check in range(10)
        if ResidentDoubt.CHECK_DIGIT not in ids.resident_doubts(f"{digits}{check}")
    ]
    total = sum(int(d) * w for d, w in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=True))
    assert right == [((13 if sex in {5, 6, 7, 8} else 11) - total % 11) % 10]


@pytest.mark.parametrize(
    ("number", "exists"),
    [
        ("000229000000", False),  # 1800 was no leap year
        ("000229100000", False),  # nor was 1900
        ("000229300000", True),  # 2000 was one
        ("000229700000", True),
        ("000229500000", False),
        ("000229900000", False),
        ("991332100000", False),
        ("990010100000", False),
        ("990100100000", False),
    ],
)
def test_the_seventh_digit_says_the_century(number, exists):
    assert (ResidentDoubt.NO_SUCH_DATE not in ids.resident_doubts(f"{number}0")) == exists


@pytest.mark.parametrize("check", [ids.is_resident_number, ids.is_corporate_number])
@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("9" * 13, True),
        ("0" * 13, True),
        ("9" * 12, False),
        ("9" * 14, False),
        ("９" * 13, False),
        ("", False),
    ],
)
def test_resident_and_corporate_numbers_are_thirteen_digits_and_no_more_is_asked(check, number, good):
    assert check(number) == good


# 글 속의 주민등록번호 --------------------------------------------------------------------------------------
# Those here would be of people born in 1900, before there were such numbers.
SURE, LIKELY = Likeness.SURE, Likeness.LIKELY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("000101-5000011", SURE),
        ("0001015000011", SURE),
        ("임차인 김없음(000101-5000011) 12월분", SURE),
        ("김없음000101 - 5000011님", SURE),
        ("０００１０１－５００００１１", SURE),
        ("000101–5000011", SURE),
        ("000101−5000011", SURE),
        ("000101 5000011", SURE),
        ("하나 000101-5000012, 둘 000101-5000011", SURE),
        # Since 2020-10-05 numbers have no check digit: likely only as people write them.
        ("000101-5000012", LIKELY),
        ("0001015000012", None),
        # No such day, and a digit that nobody living has.
        ("001301-5000011", None),
        ("000132-5000011", None),
        ("000101-9000011", None),
        ("000101-0000011", None),
        # Parts of a longer number.
        ("1000101-5000011", None),
        ("000101-50000112", None),
        ("00010150000110", None),
        ("12-000101-5000011", None),
        ("000101-5000011-01", None),
        # Masked already, or only a day of birth.
        ("000101-5******", None),
        ("000101", None),
        # Accounts, issue ids, telephones, business numbers.
        ("국민 123456-01-123456", None),
        ("신한 110-123-456789", None),
        ("농협 301-0123-4567-81", None),
        ("하나 123-456789-01234", None),
        ("기업 123-456789-01-012", None),
        ("20261102-41000000-00000001", None),
        ("202611024100000000000001", None),
        ("02-0000-0001 010-0000-0001", None),
        ("999-81-00015", None),
        # Corporations: their own check digit agrees, or there is none (since 2025-01-31).
        ("110111-3000009", None),
        ("110111-3000001", LIKELY),
        # A bar code that begins like a day of birth.
        ("8801056123451", None),
        ("", None),
        ("0" * 100_000, None),
    ],
)
def test_a_resident_number_within_a_text(text, found):
    assert ids.resident_within(text) is found


def test_nobody_is_born_after_the_day_of_the_document():
    text = "261121-3000001"
    assert ids.resident_within(text) is not None
    assert ids.resident_within(text, on=date(2026, 11, 21)) is not None
    assert ids.resident_within(text, on=date(2026, 11, 20)) is None


def test_what_could_be_a_bar_code_as_well_is_likely_only_where_it_is_written_as_one():
    number = "0001015000047"
    assert ids.resident_within(number) is LIKELY
    assert ids.resident_within(f"{number[:6]}-{number[6:]}") is SURE


@given(st.text(alphabet="0123456789- ()가", max_size=60))
def test_what_is_hidden_of_a_text_is_sure_and_nothing_else(text):
    hidden = ids.without_residents(text)
    assert ids.resident_within(hidden) is not SURE
    assert len(hidden) == len(text)
    assert (hidden == text) == (ids.resident_within(text) is not SURE)


def test_the_rest_of_a_text_stays_letter_for_letter():
    text = "㈜없음 ０００１０１－５００００１１ / 000101-5000011, 000101-5000012"
    assert ids.without_residents(text) == "㈜없음 ０００１０１－５****** / 000101-5******, 000101-5000012"


# 법인등록번호 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", VECTORS["corp_ok"])
def test_corporate_check_digit_of_numbers_before_2025_01_31(number):
    assert ids.corporate_check_digit_agrees(number)
    assert not ids.corporate_check_digit_agrees(f"{number[:12]}{(int(number[12]) + 1) % 10}")


@pytest.mark.parametrize(
    ("number", "good"), [("0001", True), ("1", False), ("00010", False), ("000a", False)]
)
def test_a_branch_number_has_four_digits(number, good):
    assert ids.is_branch_number(number) == good


# 승인번호 -------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "typed", ["20261120410000730000000a", "20261120-41000073-0000000a", " 20261120 41000073 0000000a\n"]
)
def test_an_issue_id_is_read_with_or_without_hyphens(typed):
    issue_id = IssueId.parse(typed)
    assert issue_id == IssueId(DAY, "41000073", "0000000a")
    assert str(issue_id) == "20261120410000730000000a"
    assert issue_id.hyphenated == "20261120-41000073-0000000a"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "20230706-original-TI00001",
        "20261120410000730000000A",
        "20261320410000730000000a",
        "20260229410000730000000a",
        "00000000410000730000000a",
        "2026112041000073000000a",
        "20261120410000730000000aa",
        "2026112041000073000000_a",
        "２０２６１１２０410000730000000a",
        "2026112041000073가나다라마바사아",
    ],
)
def test_what_is_no_issue_id(typed):
    assert IssueId.parse(typed) is None


@given(st.dates(), st.text("0123456789", min_size=8, max_size=8), st.integers(0, ids.SERIALS - 1))
def test_an_issue_id_is_read_back_as_it_was_made(written_on, registration, number):
    made = IssueId.make(written_on, registration, number)
    assert IssueId.parse(str(made)) == made
    assert IssueId.parse(made.hyphenated) == made
    assert len(str(made)) == 24
    assert int(made.serial, 36) == number


def test_serials_run_from_zeros_to_zs():
    assert IssueId.make(DAY, "41000000", 0).serial == "00000000"
    assert IssueId.make(DAY, "41000000", 35).serial == "0000000z"
    assert IssueId.make(DAY, "41000000", 36).serial == "00000010"
    assert IssueId.make(DAY, "41000000", ids.SERIALS - 1).serial == "zzzzzzzz"


@pytest.mark.parametrize("number", [-1, ids.SERIALS])
def test_there_are_no_serials_beyond(number):
    with pytest.raises(ValueError, match="serial"):
        IssueId.make(DAY, "41000000", number)


@pytest.mark.parametrize("registration", ["", "4100000", "410000000", "4100000a", "４１００００００"])
def test_a_registration_number_has_eight_digits(registration):
    with pytest.raises(ValueError, match="registration"):
        IssueId.make(DAY, registration, 0)


def test_allocation_gives_no_id_twice_and_none_that_is_taken():
    taken = {str(IssueId.make(DAY, "41000000", number)) for number in (1, 3)}
    numbers = iter([0, 0, 1, 2, 2, 3, 4])
    given_out = list(ids.allocate(DAY, "41000000", numbers, taken=taken))
    assert [int(issue_id.serial, 36) for issue_id in given_out] == [0, 2, 4]


def test_allocation_takes_numbers_only_as_they_are_asked_for():
    assert [i.serial[-1] for i in islice(ids.allocate(DAY, "41000000", count()), 3)] == ["0", "1", "2"]
    assert next(ids.allocate(DAY, "41000000", repeat(7))).serial == "00000007"
