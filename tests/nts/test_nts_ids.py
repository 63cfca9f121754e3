import re
from datetime import UTC, date, datetime

import pytest

from dojang.nts import ids
from dojang.nts.errors import InvalidIdentifier

RANDOM = bytes.fromhex("00112233445566778899aabbccddeeff")
# 10:11:12.123 on 30 June 2025 in Korea.
NOW = datetime(2025, 6, 30, 1, 11, 12, 123999, tzinfo=UTC)


def test_a_submit_id_is_registration_day_and_32_hex_digits():
    made = ids.new_submit_id("41999999", date(2025, 6, 30), RANDOM)
    assert made == "41999999-20250630-00112233445566778899aabbccddeeff"
    assert len(made) == 50
    parts = ids.parse_submit_id(made)
    assert parts == ids.SubmitId("41999999", date(2025, 6, 30), RANDOM.hex())
    assert str(parts) == made


def test_a_message_id_has_korean_time_to_the_millisecond_and_never_rounds_up():
    made = ids.new_message_id(NOW, RANDOM)
    assert made == "20250630101112123-00112233445566778899aabbccddeeff"
    assert ids.check_message_id(made) == made


def test_the_korean_day_counts_not_the_utc_day():
    late = datetime(2025, 12, 31, 15, 0, tzinfo=UTC)
    assert ids.new_result_id(late, RANDOM) == "20260101" + RANDOM.hex()
    assert ids.new_receipt_id(late, RANDOM).startswith("NTS-20260101000000-")


def test_result_and_receipt_ids_have_the_offices_shapes():
    result, receipt = ids.new_result_id(NOW, RANDOM), ids.new_receipt_id(NOW, RANDOM)
    assert re.fullmatch(r"\d{8}[0-9a-f]{32}", result)
    assert re.fullmatch(r"NTS-\d{14}-\d{5}", receipt)
    assert ids.check_result_id(result) == result
    assert ids.check_receipt_id(receipt) == receipt


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (ids.parse_submit_id, ""),
        (ids.parse_submit_id, "41999999-20250631-" + "0" * 32),
        (ids.parse_submit_id, "4199999-20250630-" + "0" * 32),
        (ids.parse_submit_id, "41999999-20250630-" + "A" * 32),
        (ids.parse_submit_id, "41999999-20250630-" + "0" * 32 + "\n"),
        (ids.parse_submit_id, "٤١٩٩٩٩٩٩-20250630-" + "0" * 32),
        (ids.check_message_id, "20251330101112123-" + "0" * 32),
        (ids.check_message_id, "x"),
        (ids.check_result_id, "20250230" + "0" * 32),
        (ids.check_receipt_id, "NTS-20250630101112-1"),
        (ids.check_receipt_id, "NTS-20250631101112-00001"),
    ],
)
def test_another_shape_or_an_impossible_day_is_refused(read, text):
    with pytest.raises(InvalidIdentifier):
        read(text)


def test_too_little_randomness_a_naive_time_and_a_wrong_registration_are_refused():
    with pytest.raises(InvalidIdentifier):
        ids.new_submit_id("41999999", date(2025, 6, 30), RANDOM[:8])
    with pytest.raises(InvalidIdentifier):
        ids.new_message_id(NOW.replace(tzinfo=None), RANDOM)
    with pytest.raises(InvalidIdentifier):
        ids.new_submit_id("4199999x", date(2025, 6, 30), RANDOM)
