"""Answers of the wrong kind are refused; answers that cannot be taken are asked for again."""

import json
from datetime import date

import pytest

from dojang.etax import Buyer, LineItem
from dojang.etax.amendments.suggest import Question, Ready, Setting, UnknownChoice, WrongAnswer
from etax.amendments_samples import BUYERS, PERSON, chain, document, key_of, original
from etax.suggest_samples import Wizard, wizard

RETURNED = {"returned_what": "part", "returned_exchanged": "no", "returned_on": "2026-09-02"}
PRICE = {"price_when_issued": "yes", "price_why": "settlement", "price_on": "2026-09-02"}
TWO_ITEMS = original(
    items=[
        {"name": "가", "supply_amount": 600_000, "tax_amount": 60_000},
        {"name": "나", "supply_amount": 400_000, "tax_amount": 40_000},
    ]
)


@pytest.mark.parametrize(
    ("event", "answers"),
    [
        ("goods_returned", {"returned_what": 1}),
        ("goods_returned", RETURNED | {"returned_on": "yesterday"}),
        ("goods_returned", RETURNED | {"returned_on": 20260902}),
        ("goods_returned", RETURNED | {"returned_on": object()}),
        ("goods_returned", RETURNED | {"returned_items": "much"}),
        ("goods_returned", RETURNED | {"returned_items": True}),
        ("goods_returned", RETURNED | {"returned_items": 1.5}),
        ("goods_returned", RETURNED | {"returned_items": []}),
        ("goods_returned", RETURNED | {"returned_items": [{"unheard": 1}]}),
        ("goods_returned", RETURNED | {"returned_items": [object()]}),
        ("goods_returned", RETURNED | {"returned_items": {"tax_amount": 1}}),
        ("goods_returned", RETURNED | {"returned_items": {"supply_amount": 1, "x": 1}}),
        ("price_changed", PRICE | {"price_to": "much"}),
        ("price_changed", PRICE | {"price_to": {"final": "much"}}),
        ("wrong_buyer", {"buyer_who": "other", "buyer_right": "C상사"}),
        ("wrong_buyer", {"buyer_who": "other", "buyer_right": object()}),
        ("wrong_buyer", {"buyer_who": "closed", "closed_on": "2026-05-01", "closed_person": 9002301234563}),
        ("wrong_date", {"date_right": "2026-09-02", "date_early": "paid_before"}),
        ("lc_opened", {"lc_kind": "local_credit", "lc_number": 7}),
    ],
)
def test_an_answer_of_another_kind_is_refused(event, answers):
    late = wizard(on="2026-09-10")
    with pytest.raises(WrongAnswer) as refused:
        _answered(late, event, answers)
    assert refused.value.facts["question"] in answers


def _answered(sample, event, answers):
    """The 8th question of dates is only asked of supplies in another period."""
    return sample.at(event, **answers)


@pytest.mark.parametrize(
    ("event", "answers"),
    [
        ("goods_returned", {"returned_what": "some"}),
        ("price_changed", PRICE | {"price_to": {"reduction": 1}}),
        ("price_changed", PRICE | {"price_to": {}}),
        ("price_changed", PRICE | {"price_to": {"final": 1, "delta": 1}}),
        ("wrong_date", {"date_right": "2026-09-02", "date_early": ["unheard"]}),
        ("issued_twice", {"twice_kept": "20260506"}),
    ],
)
def test_a_choice_that_there_is_not_is_refused_with_those_that_there_are(event, answers):
    with pytest.raises(UnknownChoice) as refused:
        wizard().at(event, **answers)
    assert refused.value.facts["choices"]


def problem(found) -> str:
    assert isinstance(found, Question)
    assert found.problem is not None
    assert found.problem.words.ko
    assert found.answer is not None
    return found.problem.code


@pytest.mark.parametrize(
    ("event", "answers", "code"),
    [
        ("goods_returned", RETURNED | {"returned_on": "2026-09-11"}, "event_in_future"),
        ("goods_returned", RETURNED | {"returned_items": 1_000_001}, "balance_negative"),
        ("goods_returned", RETURNED | {"returned_items": 0}, "too_small"),
        ("price_changed", PRICE | {"price_to": -1}, "balance_negative"),
        ("price_changed", PRICE | {"price_to": {"delta": -1_000_001}}, "balance_negative"),
        ("price_changed", PRICE | {"price_to": 1_000_000}, "no_change"),
        ("contract_partly_ended", {"ended_amount": 1_000_000}, "too_large"),
        ("contract_partly_ended", {"ended_amount": {"reduction": 1_000_001}}, "balance_negative"),
        ("wrong_amount", {"amount_correct": 1_000_000}, "no_change"),
        ("wrong_amount", {"amount_correct": -1}, "too_small"),
        ("wrong_date", {"date_right": "2026-05-06"}, "no_change"),
        ("wrong_supplier", {"supplier_whose": "branch", "supplier_branch": "12"}, "digits"),
        ("lc_opened", {"lc_kind": "local_credit", "lc_number": " "}, "empty"),
        (
            "lc_opened",
            {
                "lc_kind": "local_credit",
                "lc_number": "L",
                "lc_on": "2026-07-01",
                "lc_amount": 1_000_001,
            },
            "balance_negative",
        ),
        (
            "other_fields",
            {"fields_which": "party", "fields_party_wanted": "yes", "fields_buyer": dict(BUYERS["C"])},
            "same_number",
        ),
        (
            "other_fields",
            {"fields_which": "party", "fields_party_wanted": "yes", "fields_buyer": dict(BUYERS["B"])},
            "no_change",
        ),
        (
            "other_fields",
            {"fields_which": "items", "fields_items_wanted": "yes", "fields_items": 1_000_000},
            "items_needed",
        ),
        (
            "other_fields",
            {
                "fields_which": "items",
                "fields_items_wanted": "yes",
                "fields_items": [{"name": "가", "supply_amount": 999_999}],
            },
            "wrong_sum",
        ),
        (
            "other_fields",
            {
                "fields_which": "items",
                "fields_items_wanted": "yes",
                "fields_items": [{"name": "가", "supply_amount": 1_000_000, "tax_amount": 99_999}],
            },
            "wrong_tax_sum",
        ),
    ],
)
def test_an_answer_that_cannot_be_taken_is_asked_for_again(event, answers, code):
    assert problem(wizard().at(event, **answers)) == code


def test_the_largest_amount_is_named():
    found = wizard().at("goods_returned", **RETURNED, returned_items=1_000_001)
    assert found.problem.words.ko == "남은 금액 1,000,000원보다 많이 뺄 수 없습니다. 최대 1,000,000원입니다."
    assert "1,000,000 won" in found.problem.words.en


def test_zero_rated_and_exempt_documents_take_no_tax():
    zero = Wizard(chain(original(kind="0102")))
    assert (
        problem(zero.at("wrong_amount", amount_correct={"supply_amount": 1, "tax_amount": 1}))
        == "zero_rate_tax"
    )


def test_an_amount_does_not_divide_itself_among_several_items():
    sample = Wizard(chain(TWO_ITEMS))
    assert problem(sample.at("wrong_amount", amount_correct=900_000)) == "items_needed"
    items = [{"name": "가", "supply_amount": 500_000}, {"name": "나", "supply_amount": 400_000}]
    found = sample.at("wrong_amount", amount_correct=items, amount_why="mistake", cross_audit="no")
    assert isinstance(found, Ready)
    assert [item.supply_amount for item in found.request.corrected.items] == [500_000, 400_000]


def test_the_document_to_cancel_is_not_the_one_to_keep():
    assert problem(wizard().at("issued_twice", twice_kept=key_of(original()))) == "cannot_keep_itself"


def test_dates_of_an_amendment_stay_between_the_original_and_its_issue():
    returned = document("M1", "0201", "2026-06-08", -300_000, -30_000, code="03", original=key_of(original()))
    sample = Wizard(chain(original(), returned), target=key_of(returned))
    assert problem(sample.at("amendment_wrong", amended_what="date", amended_on="2026-05-05")) == "too_early"
    later = sample.at("amendment_wrong", amended_what="date", amended_on="2026-06-09")
    assert problem(later) == "01_new_date_after_original_issue"
    assert (
        problem(sample.at("amendment_wrong", amended_what="amount", amended_amount=1_000_001))
        == "balance_negative"
    )


def test_values_of_python_are_taken_like_those_of_json():
    answers = RETURNED | {"returned_on": date(2026, 9, 2)}
    items = (LineItem(name="노트", supply_amount=300_000),)
    found = wizard().at("goods_returned", **answers, returned_items=items)
    assert isinstance(found, Ready)
    assert found.request.supply_amount == 300_000
    right = wizard().at(
        "wrong_buyer", buyer_who="other", buyer_right=Buyer.model_validate_json(json.dumps(BUYERS["C"]))
    )
    assert right.key == "buyer_why"


def test_hyphens_in_numbers_are_dropped():
    found = wizard(on="2026-06-01").at(
        "wrong_buyer", buyer_who="closed", closed_on="2026-05-01", closed_person="900230-1234563"
    )
    assert found.request.corrected.buyer.number == PERSON["number"]


def test_changing_an_answer_is_simply_asking_again_and_stray_answers_are_not_looked_at():
    answers = {**RETURNED, "returned_items": 300_000}
    assert isinstance(wizard().at("goods_returned", **answers), Ready)
    changed = wizard().at("goods_returned", **answers | {"returned_exchanged": "yes"})
    assert changed.key == "S-EXCHANGE"
    assert wizard().at("price_changed", **answers) == wizard().at("price_changed")


def test_an_optional_question_is_skipped_with_null():
    undone = {"undone_performed": "nothing", "undone_on": "2026-09-02", "undone_agreed": "yes"}
    assert wizard().at("contract_undone", **undone).optional
    assert isinstance(wizard().at("contract_undone", **undone, undone_damages=None), Ready)


def test_everything_shown_is_json():
    twin = document("X", "0101", "2026-05-20", 1_000_000, 100_000)
    sample = wizard(setting=Setting(others=(twin.invoice,)))
    steps = [
        sample.at(None),
        sample.at("issued_twice"),
        sample.at("issued_twice", twice_kept=key_of(twin), twice_same="yes"),
        sample.at("rebate"),
        sample.at("price_changed", **PRICE, price_to=-1),
        sample.at("wrong_date", date_right="2026-05-01"),
        sample.at("lc_opened", lc_kind="local_credit", lc_number="L", lc_on="2026-07-01"),
    ]
    kinds = [json.loads(json.dumps(step.to_data()))["type"] for step in steps]
    assert kinds == ["events", "question", "ready", "stop", "question", "question", "question"]
