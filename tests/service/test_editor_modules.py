"""The editor's arithmetic and reading in node: its own tests, and the library as its judge."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from dojang.etax import Invoice, amounts, check
from dojang.etax.identifiers import is_business_number
from etax.etax_samples import example
from service.signing_node import run, run_tests

HERE = Path(__file__).parent / "editor"
JUDGE = str(HERE / "judge_amounts.js")
ROUNDINGS = {
    "down": amounts.Rounding.TRUNCATE,
    "half_up": amounts.Rounding.ROUND,
    "up": amounts.Rounding.CEIL,
}
TEST_FILES = ["money.test.js", "rows.test.js", "saver.test.js", "table.test.js"]


@pytest.mark.parametrize("name", TEST_FILES)
def test_node_finds_nothing_wrong_in_the_editors(name):
    run_tests(str(HERE / name))


def test_no_test_file_of_the_editor_is_left_out():
    assert sorted(file.name for file in HERE.glob("*.test.js")) == TEST_FILES


def won(chance: Random) -> int:
    size = chance.choice([10**2, 10**5, 10**9, 10**17])
    return chance.choice(
        [chance.randrange(-size, size), chance.randrange(-20, 20), 10 * chance.randrange(size)]
    )


def decimal(chance: Random) -> str:
    size = chance.choice([10**1, 10**4, 10**9])
    whole = chance.randrange(-size, size)
    return chance.choice(
        [f"{whole}", f"{whole}.{chance.randrange(10)}", f"{whole}.{chance.randrange(100):02d}"]
    )


@pytest.mark.parametrize("seed", range(3))
def test_every_amount_is_the_librarys_to_the_won(seed):
    chance = Random(seed)
    questions, expected = [], []
    for _ in range(2_000):
        rounding = chance.choice(list(ROUNDINGS))
        rule, amount = ROUNDINGS[rounding], won(chance)
        quantity, price = decimal(chance), decimal(chance)
        questions += [
            {"kind": "tax", "supply": str(amount), "rounding": rounding},
            {"kind": "split", "total": str(amount), "rounding": rounding},
            {"kind": "product", "quantity": quantity, "price": price, "rounding": rounding},
        ]
        split = amounts.split_total(amount, rule)
        expected += [
            str(amounts.tax_of(amount, rule)),
            [str(split.supply_amount), str(split.tax_amount)],
            str(amounts.line_supply(Decimal(quantity), Decimal(price), rule)),
        ]
    assert run(JUDGE, questions) == expected


@pytest.mark.parametrize("seed", range(3))
def test_lines_with_and_without_tax_add_up_and_come_back_as_they_were_saved(seed):
    chance = Random(seed)
    columns = ["quantity", "price", "total", "supply", "tax", "name", "supplied_on"]
    texts = ["", "1,000", "110,000원", "0", "-5", "0.33", "7", "(300)", "x", "1.234", "99999999999999999"]
    questions = []
    for _ in range(600):
        rules = {
            "vat": chance.choice(["included", "excluded"]),
            "taxation": chance.choice(["taxable", "taxable", "zero_rated", "exempt"]),
            "rounding": chance.choice(list(ROUNDINGS)),
            "writtenOn": "2026-11-20",
        }
        cells = [
            [chance.choice(columns), chance.choice([*texts, decimal(chance), str(won(chance))])]
            for _ in range(chance.randrange(1, 7))
        ]
        questions.append({"kind": "item", "rules": rules, "cells": cells})
    for question, answer in zip(questions, run(JUDGE, questions), strict=True):
        item = json.loads(answer["item"])
        assert json.loads(answer["again"]) == item, question
        require_exact(item, question["rules"], dict(question["cells"]))


def require_exact(item: dict, rules: dict, cells: dict[str, str]) -> None:
    """Whatever was computed agrees with the library; whatever the library can't read is still the typed text."""
    supply, tax = item["supply_amount"], item["tax_amount"]
    if rules["taxation"] != "taxable":
        assert tax in {None, 0}
        return
    if isinstance(supply, int) and isinstance(tax, int) and not {"tax", "supply", "total"} & cells.keys():
        rounding = ROUNDINGS[rules["rounding"]]
        product = amounts.line_supply(Decimal(cells["quantity"].translate(_PLAIN)), _price(cells), rounding)
        if rules["vat"] == "included":
            assert (supply, tax) == amounts.split_total(product, rounding)
        else:
            assert (supply, tax) == (product, amounts.tax_of(product, rounding))


_PLAIN = str.maketrans({",": "", "원": "", "(": "-", ")": ""})


def _price(cells: dict[str, str]) -> Decimal:
    return Decimal(cells["price"].translate(_PLAIN))


def test_prices_with_tax_make_invoices_that_check_finds_nothing_wrong_with():
    """Up to a hundred pieces, a price to the hundredth of a won gives every supply amount back."""
    chance = Random(1)
    rules = {"vat": "included", "taxation": "taxable", "rounding": "down", "writtenOn": "2026-11-20"}
    cells = [
        [
            ["name", "x"],
            ["quantity", str(chance.randrange(1, 101))],
            ["price", str(chance.randrange(1, 10**6))],
        ]
        for _ in range(300)
    ]
    for answer in run(JUDGE, [{"kind": "item", "rules": rules, "cells": one} for one in cells]):
        invoice = Invoice.from_data(example() | {"items": [json.loads(answer["item"])], "payments": []})
        codes = {finding.code for finding in check(invoice, on=invoice.written_on)}
        assert not codes & {"line_product", "tax_wrong", "total_mismatch", "signs_differ"}


def test_business_numbers_are_judged_as_the_library_does():
    chance = Random(2)
    numbers = [f"{chance.randrange(10**10):010d}" for _ in range(3_000)] + ["", "1", "0" * 10, "9" * 11]
    answers = run(JUDGE, [{"kind": "number", "number": number} for number in numbers])
    assert answers == [is_business_number(number) for number in numbers]
    assert any(answers)


def test_every_day_is_read_in_every_way_it_is_written():
    days = [date(2024, 1, 1) + timedelta(days=3 * step) for step in range(250)]
    ways = ["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%y%m%d", "%Y년 %m월 %d일"]
    questions = [
        {"kind": "day", "text": day.strftime(way), "reference": "2026-11-20"} for day in days for way in ways
    ]
    assert run(JUDGE, questions) == [day.isoformat() for day in days for _ in ways]
