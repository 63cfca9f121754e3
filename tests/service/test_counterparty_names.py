"""초성, half-typed words and names of companies."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.service.counterparties.hangul import has_initials, initials, pattern
from dojang.service.counterparties.names import name_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("한빛상사", "ㅎㅂㅅㅅ"),
        ("(주)도장 2호점 AB", "(ㅈ)ㄷㅈ 2ㅎㅈ AB"),
        ("까따빠싸짜", "ㄲㄸㅃㅆㅉ"),
        ("가힣", "ㄱㅎ"),
        (unicodedata.normalize("NFD", "한빛"), "ㅎㅂ"),
        ("", ""),
    ],
)
def test_the_initials_of_syllables_are_taken_and_the_rest_stays(text, expected):
    assert initials(text) == expected


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ㅎㅂ", "한빛상사"),
        ("한ㅂ", "한빛상사"),
        ("하", "한빛상사"),
        ("한비", "한빛상사"),
        ("빛ㅅㅅ", "한빛상사"),
        ("a.b", "a.b"),
        ("(주)", "(주)도장"),
    ],
)
def test_what_is_being_typed_finds_the_name(typed, found):
    assert re.search(pattern(typed), found)


@pytest.mark.parametrize(
    ("typed", "other"),
    [("ㅎㄱ", "한빛상사"), ("하빛", "한빛상사"), ("간", "가나"), ("a.b", "axb"), ("ㄱ", "까치")],
)
def test_what_does_not_fit_is_not_found(typed, other):
    assert not re.search(pattern(typed), other)


@given(st.text(max_size=40))
def test_any_text_is_a_pattern_that_finds_itself(text):
    composed = unicodedata.normalize("NFC", text)
    assert re.fullmatch(pattern(text), composed)
    if has_initials(composed):
        assert re.search(pattern(initials(composed)), composed)


@pytest.mark.parametrize(
    "name",
    [
        "한빛상사",
        "(주)한빛상사",
        "주식회사 한빛상사",
        "한빛상사㈜",
        "한빛 상사 (주)",
        "한빛상사주식회사",
        "유한회사 한빛상사",
    ],
)
def test_a_company_is_one_however_its_kind_is_written(name):
    assert name_key(name) == "한빛상사"


@pytest.mark.parametrize(
    "name", ["ACME Co., Ltd.", "Acme Inc.", "(주)acme", "ACME　Corporation", "acme, limited"]
)
def test_english_kinds_and_letters_are_one_too(name):
    assert name_key(name) == "acme"


@pytest.mark.parametrize(("one", "other"), [("한빛상사", "한빛산업"), ("코인", "코"), ("income", "")])
def test_other_names_stay_others(one, other):
    assert name_key(one) != name_key(other)


@given(st.text(max_size=70))
def test_a_key_fits_its_column_whatever_the_name(name):
    assert len(name_key(name)) <= 70
    assert name_key(name_key(name)) is not None
