"""Which document of a chain an amendment reaches, and how far: what was added later, corrected pairs, attached ones."""

from typing import Any

import pytest

from dojang.etax.amendments import options
from dojang.etax.amendments.chain import Status
from dojang.etax.facts import Facts
from etax.amendments_samples import BUYERS, chain, document, issued, key_of, original, planned
from etax.law_samples import LAW, codes, day
from etax.test_amendments_cases import cancelled, changed, corrected, credited, returned, shown, taken_back

ADDED = {"code": "02", "original": key_of(original())}


def added(written_on: str = "2026-07-10", **more: Any) -> Any:
    """A later price rise of 300,000 on A."""
    return document("A1", "0201", written_on, 300_000, 30_000, **ADDED, **more)


def test_a_05_reaches_only_what_its_document_brought_in():
    documents = [original(), added()]
    child = key_of(added())
    on_child = planned(documents, credited("2026-07-20", supply_amount="all", target=child), "2026-07-24")
    assert shown(on_child) == [
        ("0201", "2026-07-10", -300_000, -30_000),
        ("0202", "2026-07-10", 300_000, 0),
    ]
    on_root = planned(documents, credited("2026-07-20", supply_amount="all"), "2026-07-24")
    assert shown(on_root)[0] == ("0201", "2026-05-06", -1_000_000, -100_000)
    too_much = planned(documents, credited("2026-07-20", supply_amount=300_001, target=child), "2026-07-24")
    assert [(each.code, each.fact("max")) for each in too_much.errors] == [("balance_negative", 300_000)]


def test_a_05_never_reaches_more_than_what_is_left_of_the_chain():
    back = document("A2", "0201", "2026-07-11", -1_200_000, -120_000, code="03", original=key_of(original()))
    asked = credited("2026-07-20", supply_amount="all", target=key_of(added()))
    found = planned([original(), added(), back], asked, "2026-07-24")
    assert shown(found)[0] == ("0201", "2026-07-10", -100_000, -10_000)


def test_a_05_is_limited_by_the_date_of_its_own_document():
    asked = credited("2026-08-05", supply_amount="all", target=key_of(added()))
    assert planned([original(), added()], asked, "2026-08-07").is_possible
    before = credited("2026-07-01", supply_amount="all", target=key_of(added()))
    assert codes(planned([original(), added()], before, "2026-08-07").errors) == ["event_before_original"]


@pytest.mark.parametrize(
    "request_", [returned("2026-07-15", 300_001), changed("2026-07-15", -300_001)], ids=["03", "02"]
)
def test_what_is_aimed_at_an_addition_takes_off_no_more_than_it(request_):
    child = key_of(added())
    refused = planned([original(), added()], request_ | {"target": child}, "2026-07-24")
    assert [(each.code, each.fact("max")) for each in refused.errors] == [("balance_negative", 300_000)]
    assert planned([original(), added()], request_, "2026-07-24").is_possible


def test_an_addition_that_was_corrected_stands_for_its_new_amount():
    pair = planned(
        [original(), added()], corrected(target=key_of(added()), supply_amount=200_000), "2026-07-12"
    )
    right = issued(pair, ["m1", "m2"], "2026-07-12")
    asked = credited("2026-07-20", supply_amount="all", target=key_of(right[1]))
    found = planned([original(), added(), *right], asked, "2026-07-24")
    assert shown(found)[0] == ("0201", "2026-07-10", -200_000, -20_000)


def test_a_04_undoes_the_supply_whatever_document_was_chosen():
    found = planned([original(), added()], cancelled("2026-07-15", target=key_of(added())), "2026-07-24")
    assert shown(found) == [("0201", "2026-07-15", -1_300_000, -130_000)]
    assert found.documents[0].original_issue_id == key_of(original())
    assert found.documents[0].remarks == ("당초 작성일자(2026-05-06)",)


def test_a_04_of_a_supply_that_was_taken_back_refers_to_what_stands():
    gone = document("A3", "0201", "2026-05-06", -1_000_000, -100_000, code="06", original=key_of(original()))
    asked = cancelled("2026-07-15", target=key_of(added()))
    found = planned([original(), added(), gone], asked, "2026-07-24")
    assert found.documents[0].original_issue_id == key_of(added())


def test_of_a_04_the_date_is_corrected_but_never_the_amount():
    undone = document(
        "A4", "0201", "2026-06-01", -1_000_000, -100_000, code="04", original=key_of(original())
    )
    documents, target = [original(), undone], key_of(undone)
    refused = planned(documents, corrected(target=target, supply_amount=-900_000), "2026-06-10")
    assert codes(refused.errors) == ["cancelled_amount_fixed"]
    dated = planned(documents, corrected(target=target, written_on="2026-05-28"), "2026-06-10")
    assert shown(dated)[1] == ("0201", "2026-05-28", -1_000_000, -100_000)


def test_the_year_for_another_buyer_runs_from_the_true_day():
    late = original("2026-07-02", issued="2026-07-05")
    true = corrected("non_mistake", buyer=BUYERS["C"], written_on="2026-06-30")
    assert codes(planned([late], true, "2027-07-28").errors) == ["01_nonmistake_expired"]
    assert planned([late], true, "2027-07-26").deadline == day("2027-07-27")
    assert planned([late], corrected("non_mistake", buyer=BUYERS["C"]), "2027-07-28").is_possible


def test_what_goes_to_another_family_has_the_right_buyer_and_day():
    part = [{"document_type": "0301", "supply_amount": 400_000}]
    right = corrected("non_mistake", part, supply_amount=600_000, buyer=BUYERS["C"], written_on="2026-04-30")
    beside = planned([original()], right, "2026-05-25").follow_ups[0]
    assert (beside.buyer.number, beside.written_on) == (BUYERS["C"]["number"], day("2026-04-30"))


def test_a_document_is_not_cancelled_before_what_takes_something_off_it():
    back = document("A1", "0201", "2026-06-10", -500_000, -50_000, code="03", original=key_of(original()))
    asked = taken_back("not_taxable", target=key_of(original()))
    refused = planned([original(), back], asked, "2026-07-20").errors
    assert codes(refused) == ["balance_negative"]
    assert "먼저 취소(06)" in refused[0].ko
    offered = options(chain(original(), back), Facts(), law=LAW, on=day("2026-07-20"))
    assert {codes(each.why_not)[0] for each in offered if each.reason.value == "06"} == {"balance_negative"}


def test_half_of_a_05_follows_the_date_of_its_original():
    first = original(issued="2026-05-20")
    pair = issued(planned([first], credited(supply_amount=400_000), "2026-06-10"), ["m1", "m2"], "2026-06-10")
    found = planned([first, *pair], corrected(target=key_of(first), written_on="2026-05-10"), "2026-06-12")
    assert shown(found)[1::2] == [
        ("0201", "2026-05-10", 1_000_000, 100_000),
        ("0201", "2026-05-10", -400_000, -40_000),
        ("0202", "2026-05-10", 400_000, 0),
    ]


def test_an_original_is_not_dated_behind_what_happened_to_it():
    first = original(issued="2026-06-20")
    back = document("A1", "0201", "2026-06-10", -500_000, -50_000, code="03", original=key_of(first))
    refused = planned([first, back], corrected(written_on="2026-06-15"), "2026-07-20")
    assert codes(refused.errors) == ["event_before_original"]
    assert planned([first, back], corrected(written_on="2026-06-10"), "2026-07-20").is_possible


def test_of_a_correction_only_half_of_which_stands_the_other_is_issued_anew():
    fixed = planned([original()], corrected(supply_amount=900_000), "2026-05-10")
    minus, plus = issued(fixed, ["m1", "m2"], "2026-05-10")
    failed_minus, failed_plus = issued(fixed, ["m1", "m2"], "2026-05-10", status=Status.REJECTED)
    refused = planned([original(), minus, failed_plus], cancelled("2026-06-01"), "2026-06-10").errors
    assert codes(refused) == ["send_failed_reissue"]
    assert "2026-05-10" in refused[0].ko
    half = [original(), failed_minus, plus]
    for asked in (cancelled("2026-06-01"), changed(), returned(), credited()):
        refused = planned(half, asked, "2026-06-10")
        assert codes(refused.errors) == ["minus_missing"]
        assert "먼저 취소(−) 문서를 새로 발행하세요" in refused.errors[0].ko
        assert not refused.documents
    whole = planned([original(), minus, plus], cancelled("2026-06-01"), "2026-06-10")
    assert whole.is_possible
    assert "minus_missing" not in codes(whole.warnings)


def test_with_the_minus_of_a_correction_missing_only_what_leaves_the_balance_is_possible():
    fixed = planned([original()], corrected(supply_amount=900_000), "2026-05-10")
    plus = issued(fixed, ["m1", "m2"], "2026-05-10")[1]
    half = [original(), plus]
    moved = planned(half, corrected(remarks=["3차"]), "2026-06-10")
    assert shown(moved)[0][2] == -900_000
    assert "minus_missing" in codes(moved.warnings)
    raised = planned(half, corrected(supply_amount=950_000), "2026-06-10")
    assert codes(raised.errors) == ["minus_missing"]
    again = planned(half, corrected(remarks=["3차"], target=key_of(original())), "2026-06-10")
    assert codes(again.errors) == ["minus_missing"]
    for twin in half:
        back = planned(half, taken_back("not_taxable", target=key_of(twin)), "2026-06-10")
        assert back.after.supply_amount == 1_900_000 - twin.invoice.supply_amount


def test_options_tell_that_a_minus_is_missing():
    fixed = planned([original()], corrected(supply_amount=900_000), "2026-05-10")
    plus = issued(fixed, ["m1", "m2"], "2026-05-10")[1]
    found = options(chain(original(), plus), Facts(), law=LAW, on=day("2026-06-10"))
    barred = {option.reason.value for option in found if codes(option.why_not) == ["minus_missing"]}
    assert barred == {"02", "03", "04", "05"}
