"""Facts: defaults, what null means, what is refused, and what is concluded from them."""

import json
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax import Buyer, BuyerKind, Contact, Party
from dojang.etax.calendar.periods import GENERAL, SupplierKind, TaxType, return_period
from dojang.etax.facts import Audit, BuyerTaxType, Facts, InvalidFacts, ReturnFiled, TaxTypeEntry
from etax.law_samples import DAYS, LAW

ALL = {
    "supplier_kind": "corporation",
    "e_obligated": True,
    "small_business": False,
    "sme": True,
    "fiscal_year_end": "12-31",
    "supplier_tax_types": [{"from": "2026-07-01", "type": "general"}],
    "supplier_closed_on": None,
    "buyer_closed_on": None,
    "buyer_tax_type": "general",
    "successors": {"buyer": None, "supplier": None},
    "files_preliminary": None,
    "returns_filed": [{"period": "2026-1-preliminary", "filed_on": "2026-04-27"}],
    "audit": {"ground": None, "received_on": None, "covers_this_supply": "no"},
    "contract_billing": None,
    "paid_on": None,
}

PARTY = {
    "business_number": "999-86-00010",
    "name": "승계상사",
    "representative": "홍길동",
    "contact": {"name": "김담당", "email": "someone@example.com"},
}

FIRST_HALF = return_period(date(2026, 5, 1), law=LAW)
FIRST_QUARTER = return_period(date(2026, 2, 1), law=LAW)


def facts(**given) -> Facts:
    return Facts.from_json(json.dumps(given))


def test_every_fact_can_be_given_and_comes_back_as_it_was():
    read = Facts.from_json(json.dumps(ALL))
    assert json.loads(read.to_json()) == ALL
    assert Facts.from_json(read.to_json(indent=None)) == read


def test_no_fact_is_known_by_another_name():
    assert set(Facts.model_fields) == set(ALL)


def test_what_is_left_out_takes_its_default():
    assert Facts.from_json("{}") == Facts()
    nothing = Facts()
    assert nothing.supplier_kind is SupplierKind.CORPORATION
    assert nothing.is_obliged is True
    assert nothing.sme is True
    assert nothing.fiscal_year_end == "12-31"
    assert nothing.supplier == GENERAL
    assert nothing.buyer_taxpayer == GENERAL
    assert nothing.buyer_deducts is True
    assert nothing.files_preliminary is True
    assert nothing.audit == Audit()
    assert nothing.successor_buyer is None
    assert Facts.from_json(nothing.to_json()) == nothing


@pytest.mark.parametrize("period", [FIRST_HALF, FIRST_QUARTER])
def test_by_default_every_return_is_filed_by_its_due_date(period):
    assert Facts().filed(period, on=period.due) is False
    assert Facts().filed(period, on=date(2026, 7, 28)) is True
    assert Facts().buyer_filed(period, on=period.due) is False
    assert Facts().buyer_filed(period, on=date(2026, 7, 28)) is True


def test_null_means_unknown():
    unknown = facts(
        supplier_kind="individual",
        e_obligated=None,
        supplier_tax_types=None,
        buyer_tax_type=None,
        returns_filed=None,
    )
    assert unknown.is_obliged is None
    assert unknown.supplier.tax_type(date(2026, 1, 1)) is None
    assert unknown.buyer_taxpayer.tax_type(date(2026, 1, 1)) is None
    assert unknown.buyer_deducts is None
    assert unknown.filed(FIRST_HALF, on=date(2026, 7, 1)) is None
    assert facts(buyer_tax_type="unknown").buyer_deducts is None


def test_a_return_of_a_period_that_has_not_ended_is_not_filed_even_if_nobody_knows():
    assert facts(returns_filed=None).filed(FIRST_HALF, on=date(2026, 6, 30)) is False


def test_one_unknown_tax_type_in_a_history_is_unknown_from_its_day():
    history = facts(supplier_tax_types=[{"from": "2026-01-01", "type": None}]).supplier
    assert history.tax_type(date(2026, 2, 1)) is None


def test_a_list_of_returns_is_complete_from_the_earliest_on_it():
    listed = facts(returns_filed=[{"period": "2026-1-preliminary", "filed_on": "2026-04-20"}])
    assert listed.filed(FIRST_QUARTER, on=date(2026, 4, 19)) is False
    assert listed.filed(FIRST_QUARTER, on=date(2026, 4, 20)) is True
    assert listed.filed(FIRST_HALF, on=date(2026, 9, 1)) is False
    year_before = return_period(date(2025, 11, 1), law=LAW)
    assert listed.filed(year_before, on=date(2026, 9, 1)) is True


def test_an_empty_list_says_that_nothing_was_filed():
    assert facts(returns_filed=[]).filed(FIRST_HALF, on=date(2027, 1, 1)) is False


def test_a_return_may_be_filed_late():
    late = facts(returns_filed=[{"period": "2026-1-final", "filed_on": "2026-09-01"}])
    assert late.filed(FIRST_HALF, on=date(2026, 8, 1)) is False
    assert late.filed(FIRST_HALF, on=date(2026, 9, 1)) is True


def test_the_return_of_a_day_is_the_early_refund_where_one_was_filed():
    refunded = facts(returns_filed=[{"period": "2026-04", "filed_on": "2026-05-20"}])
    april = refunded.return_of(date(2026, 4, 3), law=LAW)
    assert april.key == "2026-04"
    assert refunded.filed(april, on=date(2026, 5, 20)) is True
    assert refunded.return_of(date(2026, 5, 3), law=LAW).key == "2026-1-final"


def test_both_returns_of_a_day_are_told_where_it_is_unknown_who_files_preliminary_ones():
    unknown = facts(files_preliminary=None)
    day = date(2026, 2, 1)
    assert unknown.return_of(day, law=LAW).key == "2026-1-preliminary"
    assert unknown.return_of(day, law=LAW, preliminary=True).key == "2026-1-preliminary"
    assert unknown.return_of(day, law=LAW, preliminary=False).key == "2026-1-final"
    assert facts(files_preliminary=False).return_of(day, law=LAW, preliminary=True).key == "2026-1-final"


def test_a_corporation_is_always_obliged():
    assert facts(supplier_kind="corporation", e_obligated=False).is_obliged is True
    assert facts(supplier_kind="corporation", e_obligated=None).is_obliged is True
    assert facts(supplier_kind="individual").is_obliged is True
    assert facts(supplier_kind="individual", e_obligated=False).is_obliged is False


def test_an_unknown_duty_stays_unknown_unless_it_is_a_corporation():
    assert facts(e_obligated=None).is_obliged is None
    assert facts().is_obliged is True


@pytest.mark.parametrize("told", [{"e_obligated": False}, {"e_obligated": None}, {"small_business": True}])
def test_what_only_an_individual_can_be_makes_an_individual_unless_told_otherwise(told):
    assert facts(**told).supplier_kind is SupplierKind.INDIVIDUAL
    assert facts(**told, supplier_kind="corporation").supplier_kind is SupplierKind.CORPORATION


def test_a_corporation_never_was_simplified():
    entry = [{"from": "2026-07-01", "type": "general"}]
    corporation = facts(supplier_tax_types=entry)
    assert corporation.supplier.tax_type(date(2026, 1, 1)) is TaxType.GENERAL
    assert corporation.supplier.changed_between(date(2026, 1, 1), date(2026, 8, 1)) is None
    individual = facts(supplier_kind="individual", supplier_tax_types=entry)
    assert individual.supplier.tax_type(date(2026, 1, 1)) is TaxType.SIMPLIFIED


@pytest.mark.parametrize(
    ("kind", "deducts", "tax_type"),
    [
        ("general", True, TaxType.GENERAL),
        ("simplified", False, TaxType.SIMPLIFIED),
        ("exempt", False, TaxType.EXEMPT),
        ("public", False, TaxType.GENERAL),
        ("individual", False, TaxType.GENERAL),
        ("foreign", False, TaxType.GENERAL),
    ],
)
def test_who_deducts_input_tax(kind, deducts, tax_type):
    told = facts(buyer_tax_type=kind, buyer_closed_on="2026-03-31")
    assert told.buyer_deducts is deducts
    assert told.buyer_taxpayer.tax_type(date(2026, 1, 1)) is tax_type
    assert told.buyer_taxpayer.is_closed(date(2026, 4, 1))


def test_closing_ends_the_suppliers_last_period():
    for types in ([], None):
        told = facts(supplier_closed_on="2026-03-31", supplier_tax_types=types)
        assert told.supplier.closed_on == date(2026, 3, 31)


def test_a_successor_is_a_party_and_becomes_a_buyer():
    successor = facts(successors={"buyer": PARTY}).successors.buyer
    assert successor == Buyer(
        kind=BuyerKind.BUSINESS,
        number="9998600010",
        name="승계상사",
        representative="홍길동",
        contacts=(Contact(name="김담당", email="someone@example.com"),),
    )
    bare = {key: value for key, value in PARTY.items() if key != "contact"}
    told = facts(successors={"supplier": bare, "buyer": bare})
    assert isinstance(told.successors.supplier, Party)
    assert told.successor_buyer is not None
    assert told.successor_buyer.contacts == ()


def test_a_successor_may_be_a_buyer_already():
    buyer = {"kind": "business", "number": "9998600010", "name": "승계상사", "representative": "홍길동"}
    successor = facts(successors={"buyer": buyer}).successors.buyer
    assert successor is not None
    assert successor.name == "승계상사"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"supplier": "corporation"}, "supplier"),
        ({"supplier_kind": "company"}, "supplier_kind"),
        ({"supplier_kind": None}, "supplier_kind"),
        ({"sme": 1}, "sme"),
        ({"sme": None}, "sme"),
        ({"e_obligated": "yes"}, "e_obligated"),
        ({"fiscal_year_end": "13-31"}, "fiscal_year_end"),
        ({"fiscal_year_end": "1231"}, "fiscal_year_end"),
        ({"fiscal_year_end": "12-31-"}, "fiscal_year_end"),
        ({"supplier_tax_types": [{"from": "2026-07-01"}]}, "supplier_tax_types[0].type"),
        ({"supplier_tax_types": [{"from": "2026-07", "type": "general"}]}, "supplier_tax_types[0].from"),
        ({"supplier_tax_types": [{"from": "2026-07-01", "type": "vat"}]}, "supplier_tax_types[0].type"),
        ({"returns_filed": "yes"}, "returns_filed"),
        ({"returns_filed": [{"period": "2026-1P", "filed_on": "2026-04-27"}]}, "returns_filed[0].period"),
        ({"returns_filed": [{"period": "2026-13", "filed_on": "2026-04-27"}]}, "returns_filed[0].period"),
        ({"returns_filed": [{"period": "2026-1-final"}]}, "returns_filed[0].filed_on"),
        (
            {"successors": {"buyer": {"business_number": "9998600010", "name": "x"}}},
            "successors.buyer.representative",
        ),
        ({"successors": {"buyer": "x"}}, "successors.buyer"),
        ({"audit": {"covers_this_supply": "maybe"}}, "audit.covers_this_supply"),
        ({"contract_billing": {"billing_on": "2026-06-01"}}, "contract_billing.payment_on"),
        ({"paid_on": 20260601}, "paid_on"),
        ({"supplier_closed_on": "2026-02-30"}, "supplier_closed_on"),
    ],
)
def test_a_fact_that_cannot_be_read_is_refused_by_its_name(wrong, path):
    with pytest.raises(InvalidFacts) as refused:
        facts(**wrong)
    assert [finding.path for finding in refused.value.findings] == [path]
    assert refused.value.findings[0].ko in refused.value.text("ko")


@pytest.mark.parametrize("broken", ["", "[]", "null", "{", b"\xff"])
def test_what_is_no_object_is_refused(broken):
    with pytest.raises(InvalidFacts):
        Facts.from_json(broken)


def test_a_refusal_survives_being_sent_to_another_process():
    with pytest.raises(InvalidFacts) as refused:
        facts(sme=None)
    there = pickle.loads(pickle.dumps(refused.value))
    assert there.findings == refused.value.findings


def test_facts_can_be_built_in_python():
    built = Facts(
        supplier_kind=SupplierKind.INDIVIDUAL,
        supplier_tax_types=(TaxTypeEntry(since=date(2026, 7, 1), tax_type=TaxType.SIMPLIFIED),),
        buyer_tax_type=BuyerTaxType.PUBLIC,
        returns_filed=(ReturnFiled(period="2026-1-final", filed_on=date(2026, 7, 27)),),
    )
    assert Facts.from_json(built.to_json()) == built


def test_a_repr_names_nobody():
    told = facts(successors={"buyer": PARTY}, paid_on="2026-06-05")
    assert repr(told) == "Facts()"
    assert "홍길동" not in repr(told.successors)


def test_every_fact_has_a_label_in_both_languages():
    for name, field in Facts.model_json_schema()["properties"].items():
        assert field["title"], name
        assert field["x-title-en"], name


def test_facts_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        Facts().sme = False


@given(DAYS, DAYS, st.booleans())
def test_a_return_once_filed_stays_filed(one, other, preliminary):
    first, second = sorted((one, other))
    period = return_period(first, GENERAL, preliminary, law=LAW)
    told = Facts()
    assert told.filed(period, on=second) or not told.filed(period, on=first)
