"""The table from findings to result codes has no hole, and every sentence of the sandbox is whole."""

import pytest

from dojang.errors import DojangError
from dojang.etax.checks import RULES
from dojang.etax.findings import Finding, Severity
from dojang.nts.codes import ResultCode
from dojang.sandbox import errors
from dojang.sandbox.mapping import (
    NOT_JUDGED,
    RESULT_OF_ELEMENT,
    RESULT_OF_RULE,
    in_order,
    result_of_element,
    results_of_rules,
)


def finding(code, path=""):
    return Finding(code, Severity.ERROR, path, "", "")


def test_every_rule_makes_a_result_code_or_is_named_as_none_of_the_ntss_business():
    rules = {rule.code for rule in RULES}
    assert rules == RESULT_OF_RULE.keys() | NOT_JUDGED.keys()
    assert not RESULT_OF_RULE.keys() & NOT_JUDGED.keys()


def test_a_doubt_for_people_never_makes_a_result_code():
    warnings = {rule.code for rule in RULES if rule.severity is Severity.WARNING}
    assert warnings <= NOT_JUDGED.keys()


def test_whose_number_it_is_decides():
    found = [finding("business_number", f"{side}.business_number") for side in ("supplier", "broker")]
    assert [code for _, code in results_of_rules(tuple(found))] == [ResultCode.ERR001, ResultCode.ERR003]


def test_what_is_not_judged_makes_nothing():
    assert list(results_of_rules(tuple(map(finding, NOT_JUDGED)))) == []


@pytest.mark.parametrize("path", RESULT_OF_ELEMENT)
def test_only_a_wrong_value_has_a_code_of_its_own(path):
    assert result_of_element(finding("element_value", path)) is RESULT_OF_ELEMENT[path]
    assert result_of_element(finding("element_missing", path)) is ResultCode.SYN004


def test_codes_come_in_the_order_of_the_list_and_unknown_ones_last():
    assert in_order({"XXX001", "ERR010", "SYN002", "ERR001"}) == ("SYN002", "ERR001", "ERR010", "XXX001")


ALL = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DojangError) and kind is not DojangError
]


@pytest.mark.parametrize("kind", ALL)
def test_every_refusal_says_in_both_languages_what_to_do(kind):
    facts = dict.fromkeys(
        (
            "folder",
            "why",
            "host",
            "file",
            "where",
            "path",
            "method",
            "allowed",
            "expected",
            "got",
            "registration",
        ),
        "x",
    )
    error = kind(port=1, limit=2, **facts)
    assert error.text("ko").endswith(".")
    assert error.text("en").endswith(".")
    assert len({kind.code for kind in ALL}) == len(ALL)
