"""What is possible, why not, and the form that each reason needs."""

import json
from typing import Any

import pytest

from dojang.etax.amendments import Option, options
from dojang.etax.facts import Facts
from etax.amendments_samples import PARTY_C, chain, document, issued, key_of, original, planned
from etax.law_samples import LAW, codes, day

EVERY = [
    ("01", "mistake"),
    ("01", "non_mistake"),
    ("01", "tax_rate"),
    ("01", "optional"),
    ("02", None),
    ("03", None),
    ("04", None),
    ("05", "local_credit"),
    ("05", "purchase_confirmation"),
    ("06", "duplicate"),
    ("06", "not_taxable"),
    ("06", "wrong_supplier"),
    ("06", "too_early"),
]


def offered(
    *documents: Any, on: str = "2026-06-20", target: str | None = None, **facts: Any
) -> dict[Any, Option]:
    found = options(
        chain(*documents), Facts.model_validate_json(_json(facts)), law=LAW, on=day(on), target=target
    )
    return {(each.reason.value, each.subtype.code): each for each in found}


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False)


def test_every_reason_and_sub_type_is_there_in_order():
    found = offered(original())
    assert list(found) == EVERY
    assert all(each.is_possible for each in found.values())


def test_a_bar_says_why_in_both_languages_with_its_source():
    audit = {"ground": "세무조사 통지", "covers_this_supply": "yes"}
    found = offered(original(), audit=audit)
    assert [key for key, each in found.items() if not each.is_possible] == EVERY[:3]
    (why,) = found["01", "mistake"].why_not
    assert why.code == "01_audit_known"
    assert why.ko
    assert why.en
    assert "제70조" in why.citation


def test_after_the_limit_only_the_other_buyer_is_barred():
    found = offered(original("2026-03-10"), on="2027-07-28")
    assert [key for key, each in found.items() if not each.is_possible] == [("01", "non_mistake")]


def test_an_exempt_or_zero_rated_document_takes_no_05():
    for kind in ("0301", "0102"):
        found = offered(original(kind=kind))
        assert codes(found["05", "local_credit"].why_not) == ["05_original_not_taxable"]
        assert found["03", None].is_possible


def test_a_cancelled_chain_offers_its_04_for_01_and_06_only():
    cancel = document(
        "m1", "0201", "2026-05-20", -1_000_000, -100_000, code="04", original=key_of(original())
    )
    assert not any(each.is_possible for each in offered(original(), cancel).values())
    found = offered(original(), cancel, target=key_of(cancel))
    assert {key[0] for key, each in found.items() if each.is_possible} == {"01", "06"}


def test_nothing_is_offered_for_an_unknown_document():
    found = offered(original(), target="x")
    assert {codes(each.why_not)[0] for each in found.values()} == {"target_unknown"}


def test_what_came_back_cannot_come_back_again():
    back = document("m1", "0201", "2026-05-20", -300_000, -30_000, code="03", original=key_of(original()))
    found = offered(original(), back, target=key_of(back))
    assert codes(found["03", None].why_not) == ["sign"]
    assert codes(found["04", None].why_not) == ["sign"]
    assert codes(found["05", "local_credit"].why_not) == ["sign"]


def test_a_return_s_form_knows_what_is_left_and_when():
    back = document("m1", "0201", "2026-05-20", -300_000, -30_000, code="03", original=key_of(original()))
    form = offered(original(), back)["03", None].schema["properties"]
    assert form["supply_amount"]["anyOf"][0] == {"type": "integer", "minimum": 1, "maximum": 700_000}
    assert form["tax_amount"]["anyOf"][0] == {"type": "integer", "minimum": 0, "maximum": 70_000}
    assert (form["event_on"]["formatMinimum"], form["event_on"]["formatMaximum"]) == (
        "2026-05-06",
        "2026-06-20",
    )
    assert form["target"]["default"] == key_of(original())
    assert form["reason"]["const"] == "03"


def test_a_change_s_form_lets_it_grow():
    form = offered(original())["02", None].schema["properties"]
    assert form["supply_delta"]["anyOf"][0] == {"type": "integer", "minimum": -1_000_000}


def test_what_has_no_tax_asks_for_none():
    assert offered(original(kind="0301"))["03", None].schema["properties"]["tax_amount"]["anyOf"][0] == {
        "type": "integer",
        "const": 0,
    }
    form = offered(original(kind="0301"))["02", None].schema["properties"]
    assert form["tax_delta"]["anyOf"][0]["const"] == 0


def test_events_end_with_the_party_unless_another_follows():
    closed = {"buyer_closed_on": "2026-06-01"}
    form = offered(original(), **closed)["03", None].schema["properties"]
    assert form["event_on"]["formatMaximum"] == "2026-06-01"
    followed = closed | {"successors": {"buyer": dict(PARTY_C)}}
    form = offered(original(), **followed)["03", None].schema["properties"]
    assert form["event_on"]["formatMaximum"] == "2026-06-20"


def test_a_letter_s_form_knows_its_limit():
    form = offered(original(), on="2026-09-01")["05", "local_credit"].schema["properties"]
    assert form["evidence_on"]["formatMaximum"] == "2026-07-27"
    assert form["supply_amount"]["anyOf"][0]["maximum"] == 1_000_000
    assert form["evidence"]["const"] == "local_credit"


def test_a_cancellation_s_form_has_to_be_told_what_was_delivered():
    schema = offered(original())["04", None].schema
    assert schema["properties"]["delivered"]["type"] == "boolean"
    assert "default" not in schema["properties"]["delivered"]
    assert "delivered" in schema["required"]


def test_a_form_asks_only_what_its_sub_type_uses():
    found = offered(original())
    assert "twin" in found["06", "duplicate"].schema["properties"]
    assert "twin" not in found["06", "not_taxable"].schema["properties"]
    assert "replace_with" in found["06", "too_early"].schema["properties"]
    assert "replace_with" not in found["06", "duplicate"].schema["properties"]
    assert "also" in found["01", "mistake"].schema["properties"]
    assert "also" not in found["01", "tax_rate"].schema["properties"]


def test_paper_has_no_number_to_offer():
    form = offered(original(status="paper"))["03", None].schema["properties"]
    assert form["target"]["default"] is None


@pytest.mark.parametrize("key", EVERY, ids=str)
def test_every_field_has_both_names(key):
    schema = offered(original())[key].schema
    assert schema["$schema"].endswith("2020-12/schema")
    for name, field in schema["properties"].items():
        assert "x-title-en" in field, name
        assert any("가" <= char <= "힣" for char in field["title"]), name
    assert schema["x-title-en"]


def test_the_json_of_an_option():
    data = offered(original(), audit={"ground": "x", "covers_this_supply": "yes"})["01", "mistake"].to_data()
    assert (data["reason"], data["subtype"], data["possible"]) == ("01", "mistake", False)
    assert data["why_not"][0]["code"] == "01_audit_known"
    assert data["deadline_kind"] == "none"


def test_forms_do_not_remember_a_chain():
    small = offered(original(supply=10))["03", None].schema
    large = offered(original())["03", None].schema
    assert small["properties"]["supply_amount"]["anyOf"][0]["maximum"] == 10
    assert large["properties"]["supply_amount"]["anyOf"][0]["maximum"] == 1_000_000


def test_what_is_offered_with_its_largest_amount_can_be_done():
    found = planned(
        [original()], {"reason": "03", "event_on": "2026-06-20", "supply_amount": 1_000_000}, "2026-06-20"
    )
    assert not found.errors
    assert issued(found, ["m1"], "2026-06-20")
