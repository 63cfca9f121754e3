"""What the filters of every template make of a text."""

import pytest

from dojang.service.web.templatetags.dojang import whole_days

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
