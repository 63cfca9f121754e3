"""What the filters of every template make of a text."""

import pytest

from dojang.service.web.templatetags.dojang import issue_id, signed_won, whole_days, whole_names

DAY = '<span class="number nowrap">{}</span>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("날짜가 없습니다.", "날짜가 없습니다."),
        ("2026-11-22", DAY.format("2026-11-22")),
        ("기한(2026-11-10)이 지나", f"기한({DAY.format('2026-11-10')})이 지나"),
        ("2026-11-10 ~ 2026-11-22 08:05.", f"{DAY.format('2026-11-10')} ~ {DAY.format('2026-11-22 08:05')}."),
        ("<b>2026-11-10</b>", f"&lt;b&gt;{DAY.format('2026-11-10')}&lt;/b&gt;"),
    ],
)
def test_a_date_in_a_sentence_stays_in_one_piece_and_the_rest_is_text(text, shown):
    assert whole_days(text) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("20261005419999990000000a", "20261005-41999999-0000000a"),
        ("20261005-41999999-0000000a", "20261005-41999999-0000000a"),
        ("", ""),
        ("20261305419999990000000a", "20261305419999990000000a"),
    ],
)
def test_the_number_of_a_document_stands_in_three_parts(number, shown):
    assert issue_id(number) == shown


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "0"), (1_234_567, "+1,234,567"), (-13_207_000, "\N{MINUS SIGN}13,207,000")]
)
def test_a_difference_has_a_sign(amount, shown):
    assert signed_won(amount) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("한빛상사", "한빛상사"),
        ("한빛상사(주)", '<span class="nowrap">한빛상사(주)</span>'),
        ("(주)한빛 종로점", '<span class="nowrap">(주)한빛</span> 종로점'),
        ("아주긴이름을가진상사(주)", "아주긴이름을가진상사(주)"),
        ("<i>(주)", '<span class="nowrap">&lt;i&gt;(주)</span>'),
    ],
)
def test_a_name_is_not_broken_beside_its_parentheses_unless_it_is_long(text, shown):
    assert whole_names(text) == shown
