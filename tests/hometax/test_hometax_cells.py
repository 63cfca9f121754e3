import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from dojang.hometax import cells
from dojang.hometax.cells import Unreadable


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,100,000", 1_100_000),
        ("-1,100", -1100),
        ("−5", -5),
        ("△3,000", -3000),
        ("(2,000)", -2000),
        ("12,000원", 12_000),
        ("₩ 500", 500),
        ("100.00", 100),
        (7.0, 7),
        (-3, -3),
        ("", None),
        (None, None),
        ("  ", None),
    ],
)
def test_an_amount_is_read_however_it_was_written(cell, amount):
    assert cells.won(cell) == amount


@pytest.mark.parametrize(
    "cell",
    [
        "1.5",
        1.5,
        True,
        "12,00",
        "천원",
        "1 000",
        "--1",
        "(-5)",
        "1e9",
        "٣",
        "9" * 30,
        float("inf"),
        10**19,
        "1,0000",
    ],
)
def test_what_is_no_amount_is_not_guessed(cell):
    with pytest.raises(Unreadable):
        cells.won(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-10", "20261110", "2026.11.10", "2026/11/10", "2026. 11. 10", "2026년 11월 10일", "2026-11-10 13:05:11",
        "2026-11-10T13:05", 20261110, 20261110.0, 46336, 46336.0, date(2026, 11, 10), datetime(2026, 11, 10, 9, tzinfo=UTC),
    ],
)  # fmt: skip
def test_a_day_is_read_as_text_number_or_date(cell):
    assert cells.day(cell) == date(2026, 11, 10)


@pytest.mark.parametrize(
    "cell", ["2026-13-01", "2026-02-30", "어제", "46336", 1, 99_999_999, "10", "0000-00-00"]
)
def test_what_is_no_day_is_not_guessed(cell):
    with pytest.raises(Unreadable):
        cells.day(cell)


def test_an_items_day_may_lack_its_year():
    assert cells.day_of_month("1109", date(2026, 11, 10)) == date(2026, 11, 9)
    assert cells.day_of_month("11/09", date(2026, 11, 10)) == date(2026, 11, 9)
    assert cells.day_of_month("2026-11-09", date(2026, 12, 1)) == date(2026, 11, 9)
    assert cells.day_of_month(None, date(2026, 11, 10)) is None


def test_quantities_keep_two_places_and_no_more():
    assert cells.exact("1,234.50") == Decimal("1234.50")
    assert cells.exact(0.1) == Decimal("0.1")
    assert cells.exact("10.00") == 10
    assert cells.exact("") is None
    for cell in ("1.234", "nan", "inf", "많이", "1e40", "9" * 40):
        with pytest.raises(Unreadable):
            cells.exact(cell)


def test_columns_have_the_letters_of_excel():
    assert [cells.letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@pytest.mark.parametrize("read", [cells.day, cells.won, cells.exact])
def test_a_cell_of_blanks_costs_no_more_than_any_other(read):
    hostile = "2026" + " " * 400 + "1" + " " * 400 + "x"
    began = time.process_time()
    for _ in range(200):
        with pytest.raises(Unreadable):
            read(hostile)
    assert time.process_time() - began < 1
