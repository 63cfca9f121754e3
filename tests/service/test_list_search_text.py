"""What is found by which words, without a database: the patterns against what is kept, as LIKE would read them."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.service.counterparties.hangul import INITIALS, composed, initials
from dojang.service.lists.searching import MOST_OF_QUERY, search_text, wanted

NAMES = ("삼성전자(주)", "㈜한빛상사", "LG 유플러스", "도서출판 푸른 숲", "K2코리아", "ㅋㅋ분식", "3M한국")


def like(pattern: str, text: str) -> bool:
    expression = "".join({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def found(query: str, *parts: str) -> bool:
    kept, words = search_text(*parts), wanted(query)
    return bool(words) and all(like(word.pattern, kept) for word in words)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("삼", "삼성전자(주)"), ("삼성", "삼성전자(주)"), ("성전", "삼성전자(주)"), ("자", "삼성전자(주)"),
        ("ㅅㅅㅈㅈ", "삼성전자(주)"), ("ㅅㅅ", "삼성전자(주)"), ("삼ㅅ", "삼성전자(주)"), ("ㅅ성ㅈ", "삼성전자(주)"),
        ("주식회사 삼성", "삼성전자(주)"), ("(주)삼성", "삼성전자(주)"), ("㈜ 삼성", "삼성전자(주)"), ("한빛", "㈜한빛상사"),
        ("lg", "LG 유플러스"), ("ＬＧ", "LG 유플러스"), ("l", "LG 유플러스"), ("lg유플", "LG 유플러스"), ("푸른숲", "도서출판 푸른 숲"),
        ("도서 숲", "도서출판 푸른 숲"), ("ㄷㅅㅊㅍ", "도서출판 푸른 숲"), ("k2", "K2코리아"), ("ㅋㅋ", "ㅋㅋ분식"), ("ㅋㅋ분", "ㅋㅋ분식"),
        ("3m", "3M한국"), ("123-45-67890", "1234567890"), ("12345 67890", "123-45-67890"), ("567", "123-45-67890"),
        ("발급", "발행 요청"), ("발행", "세금계산서 발급"), ("발급요청", "발행 요청"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_any_part_of_it(query, name):
    assert found(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("삼정", "삼성전자(주)"), ("서", "삼성전자(주)"), ("ㅅㅈㅅ", "삼성전자(주)"), ("성삼", "삼성전자(주)"), ("도", "독일상사"),
        ("ㅅ", "한빛나라"), ("가나", "가난"), ("ㄱ", "각하"[:0]), ("lg", "l-상사-g"), ("45", "123"), ("ㅅ삼", "삼성"),
    ],
)  # fmt: skip
def test_what_is_not_in_a_name_does_not_find_it(query, name):
    assert not found(query, name)


@pytest.mark.parametrize("query", ["", " ", "%", "_", "\\", "%_\\", "--", "'", "·", "\x00", "🙂"])
def test_signs_alone_ask_for_nothing(query):
    assert wanted(query) == ()


@pytest.mark.parametrize("query", ["%", "_", "\\", "100%_\\", "a%b_c\\d", "'; DROP TABLE x; --", "ㅅ%"])
def test_nothing_that_like_reads_as_a_sign_is_passed_on(query):
    for word in wanted(query):
        inside = word.pattern[1:-1]
        assert not set(inside.replace("__", "")) & set("%\\'\"")
        assert "_" not in inside or any(character in INITIALS for character in query)


@pytest.mark.parametrize(
    ("query", "indexed"),
    [("도", True), ("삼성", True), ("z", True), ("ㅅㅅ", True), ("123", True), ("12", False), ("ㅅ", False)],
)
def test_all_but_two_digits_and_one_consonant_are_long_enough_for_the_index(query, indexed):
    assert [word.indexed for word in wanted(query)] == [indexed]


def test_the_word_that_narrows_most_comes_first():
    assert [len(word.pattern) for word in wanted("12 삼성전자 볼펜")] == [14, 8, 4]


def test_a_long_query_is_cut_and_asks_for_few_words():
    assert len(wanted(" ".join(f"낱말{number}" for number in range(50)))) <= 8
    assert len(wanted("가" * 5000)[0].pattern) <= 3 * MOST_OF_QUERY + 2


def test_taken_apart_letters_of_macos_are_the_same():
    assert search_text(unicodedata.normalize("NFD", "삼성")) == search_text("삼성")
    assert wanted(unicodedata.normalize("NFD", "삼성")) == wanted("삼성")


def test_parts_are_lines_and_nothing_is_found_across_them():
    assert not found("자볼", "삼성전자", "볼펜")
    assert found("전자 볼펜", "삼성전자", "볼펜")
    assert search_text("", None, "%") == ""


LETTERS = st.sampled_from([*"가각나닭뷁한빛삼성전자ㅅㅋ", *"abZ09 -%_\\(㈜Ａ", "발급", "발행"])
WORDS = st.lists(LETTERS, min_size=1, max_size=6).map("".join)


def naive(query: str, parts: list[str]) -> bool:
    """The rule said plainly: every word is in a part, letters and digits compared, a consonant for its syllables."""

    def plain(text: str) -> str:
        text = "".join(
            one if 0x3130 <= ord(one) < 0x3190 else unicodedata.normalize("NFKC", one)
            for one in composed(text)
        )
        return text.casefold()

    def letters(text: str) -> str:
        return "".join(one for one in plain(text) if one.isalnum()).replace("발급", "발행")

    def here(word: str, part: str, at: int) -> bool:
        return all(
            one == other or (one in INITIALS and initials(other) == one)
            for one, other in zip(word, part[at : at + len(word)], strict=True)
        )

    def within(word: str, part: str) -> bool:
        return any(here(word, part, at) for at in range(len(part) - len(word) + 1))

    words = [word for word in map(letters, plain(query).replace("(주)", " ").split()) if word]
    words = words or [word for word in map(letters, plain(query).split()) if word]
    return bool(words) and all(any(within(word, letters(part)) for part in parts) for word in words)


@given(WORDS, st.lists(WORDS, max_size=3))
def test_patterns_find_what_the_rule_says(query, parts):
    assert found(query, *parts) == naive(query, parts)
