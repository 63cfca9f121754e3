"""The law's figures: each is used and found, each says its source, and none is guessed silently."""

import ast
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dojang.etax
from dojang.errors import DojangError
from dojang.etax.parameters import DateOutOfReach, Law, UnreadableAdditions
from dojang.etax.parameters.law import within_reach
from dojang.etax.parameters.table import read_table, standard_table
from dojang.etax.penalties.clauses import parameter_names
from etax.law_samples import ANY_DAYS, LAW, codes

SOURCE = Path(dojang.etax.__file__).parent
NAMES = sorted(standard_table().histories)


def strings_in_code() -> set[str]:
    trees = (ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py"))
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def names_asked_for() -> set[str]:
    """Literal first arguments of `.parameter(…)` anywhere in the engine."""
    trees = (ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py"))
    return {
        node.args[0].value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "parameter"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_parameter_of_the_law_is_used_by_a_rule():
    used = strings_in_code() | set(parameter_names())
    assert [name for name in NAMES if name not in used] == []


def test_every_rule_finds_its_parameter():
    asked = names_asked_for() | set(parameter_names())
    assert asked
    assert asked - set(NAMES) == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_value_names_its_source_and_the_day_it_began(name):
    history = standard_table().histories[name]
    for since, value in zip(history.since, history.values, strict=True):
        assert value.citation
        assert value.since == since
        assert LAW.parameter(name, since) == value
        assert value.known


@pytest.mark.parametrize("name", NAMES)
def test_outside_the_known_range_the_nearest_value_is_marked(name):
    history = standard_table().histories[name]
    early = LAW.parameter(name, history.since[0] - timedelta(days=1))
    assert (early.value, early.known) == (history.values[0].value, False)
    late = LAW.parameter(name, LAW.known_until + timedelta(days=1))
    assert (late.value, late.known) == (history.values[-1].value, False)
    assert codes(LAW.notices(late)) == ["outside_known_law"]
    assert LAW.notices(LAW.parameter(name, LAW.known_until)) == ()


@pytest.mark.parametrize(
    ("name", "on", "value"),
    [
        ("fake", date(2025, 12, 31), Decimal("0.03")),
        ("fake", date(2026, 1, 1), Decimal("0.04")),
        ("e_threshold_individual", date(2022, 6, 30), 300_000_000),
        ("e_threshold_individual", date(2022, 7, 1), 200_000_000),
        ("e_threshold_individual", date(2023, 7, 1), 100_000_000),
        ("e_threshold_individual", date(2024, 7, 1), 80_000_000),
        ("non_mistake_months", date(2022, 2, 14), 0),
        ("non_mistake_months", date(2022, 2, 15), 12),
        ("late_deduction_months", date(2022, 2, 14), 6),
        ("early_issue_deduction", date(2022, 2, 14), "30 days"),
        ("early_issue_deduction", date(2022, 2, 15), "6 months"),
        ("cancellation_written_on", date(2012, 6, 30), "original"),
        ("cancellation_written_on", date(2012, 7, 1), "event"),
        ("local_credit_days", date(2014, 12, 31), 20),
        ("local_credit_days", date(2015, 1, 1), 25),
        ("simplified_max", date(2024, 6, 30), 80_000_000),
        ("simplified_max", date(2024, 7, 1), 104_000_000),
    ],
)
def test_a_change_of_law_takes_effect_on_its_day(name, on, value):
    assert LAW.parameter(name, on).value == value


def test_a_parameter_that_is_not_there_is_a_mistake_in_code():
    with pytest.raises(KeyError):
        LAW.parameter("no_such_rule", date(2026, 1, 1))


def test_a_value_is_read_as_what_it_is():
    day = date(2026, 1, 1)
    assert LAW.parameter("late_issue", day).rate == Decimal("0.01")
    assert LAW.parameter("issue_day", day).number == 10
    assert LAW.parameter("early_issue_deduction", day).policy == "6 months"
    for wrong in ("number", "policy"):
        with pytest.raises(TypeError, match="late_issue"):
            getattr(LAW.parameter("late_issue", day), wrong)
    with pytest.raises(TypeError, match="issue_day"):
        _ = LAW.parameter("issue_day", day).rate


def test_an_operator_who_has_checked_the_law_extends_what_is_known():
    law = Law.load(b"[known_until]\nlaw = 2030-12-31\ncalendar = 2031-12-31\n")
    assert law.notices(law.parameter("late_issue", date(2030, 12, 31))) == ()
    assert law.day_notices(date(2031, 12, 31)) == ()
    assert codes(law.day_notices(date(2032, 1, 1))) == ["outside_known_calendar"]


def test_an_operator_cannot_make_less_known():
    law = Law.load(b"[known_until]\nlaw = 2020-12-31\ncalendar = 2020-12-31\n")
    assert law.known_until == LAW.known_until
    assert law.calendar.known(date(2028, 12, 31))


def test_an_empty_file_adds_nothing():
    assert Law.load(b"") == LAW


@pytest.mark.parametrize(
    ("extra", "where"),
    [
        (b"\xff", "UTF-8"),
        (b"[[holiday]", "TOML"),
        (b"a = " + b"[" * 100_000, "TOML"),
        (b'[[holiday]]\nname = "x"\n', "holiday.0.on"),
        (b'[[holiday]]\non = "2027-01-02"\n', "holiday.0.on"),
        (b"[[holiday]]\non = 2027-01-02T00:00:00\n", "holiday.0.on"),
        (b"holidays = []\n", "holidays"),
        (b'[[extension]]\nwritten_in = "2025-13"\n', "extension.0.written_in"),
        (b'[[return_extension]]\nperiod = "2025-3-final"\ndue = 2025-08-01\n', "return_extension.0.period"),
        (b"[known_until]\nlaw = 1\n", "known_until.law"),
    ],
)
def test_an_unreadable_file_is_refused_by_the_place_that_is_wrong(extra, where):
    with pytest.raises(UnreadableAdditions) as refused:
        Law.load(extra)
    assert where in refused.value.text("ko")
    assert isinstance(refused.value, DojangError)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(extra):
    with suppress(UnreadableAdditions):
        assert Law.load(extra).known_until >= LAW.known_until


@pytest.mark.parametrize("wrong", [date.min, date(1977, 6, 30), date(3000, 1, 1), date.max])
def test_days_beyond_reach_are_refused(wrong):
    with pytest.raises(DateOutOfReach, match=str(wrong)):
        within_reach(wrong)


@given(ANY_DAYS)
def test_days_within_reach_are_taken(when):
    assert within_reach(when) == when


def test_of_two_extensions_of_a_month_the_operators_holds():
    law = Law.load(b'[[extension]]\nwritten_in = "2025-09"\nissue = 2025-10-20\n')
    extension = law.extension(date(2025, 9, 30))
    assert extension is not None
    assert extension.issue == date(2025, 10, 20)
    assert extension.transmit is None


ONE = """
[law]
read_on = 2026-06-08
known_until = 2027-12-31
[[parameter]]
name = "a"
unit = "won"
keyed_by = "supply"
values = [{ from = 2020-01-01, value = 1, citation = "x" }, { from = 2021-01-01, value = 2, citation = "y" }]
"""


def test_a_table_picks_the_value_of_the_day():
    history = read_table(ONE).histories["a"]
    days = (date(2020, 12, 31), date(2021, 1, 1), date(2028, 1, 1))
    picked = [history.on(each, date(2027, 12, 31)) for each in days]
    assert [(each.value, each.citation, each.known) for each in picked] == [
        (1, "x", True),
        (2, "y", True),
        (2, "y", False),
    ]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("2021-01-01", "2019-01-01"),
        ("2021-01-01", "2020-01-01"),
        ("value = 2", 'value = "2"'),
        ('citation = "y"', 'citation = ""'),
        ('"won"', '"policy"'),
        ('"won"', '"euro"'),
        ("[[parameter]]", ONE[ONE.index("[[parameter]]") :] + "[[parameter]]"),
    ],
    ids=["backwards", "same day", "text for won", "no source", "won for text", "no unit", "twice"],
)
def test_a_table_that_is_not_sound_is_refused(right, wrong):
    with pytest.raises(ValueError, match=r"validation|twice|is no"):
        read_table(ONE.replace(right, wrong))
