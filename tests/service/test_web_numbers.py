"""Numbers that strangers type: an id, or none."""

import pytest

from dojang.service.web.numbers import row_id


@pytest.mark.parametrize(("text", "found"), [("1", 1), ("007", 7), (str(2**63 - 1), 2**63 - 1)])
def test_an_id_is_read(text, found):
    assert row_id(text) == found


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", " 1", "٣", "1e3", str(2**63), "9" * 5000])
def test_what_is_no_id_of_a_row_is_none(text):
    assert row_id(text) == 0
