"""The invoice as data: what it takes, what it refuses and how it says so, JSON in and out, and what it never shows."""

import copy
import json
import pickle
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dojang.etax import (
    KST,
    AmendmentReason,
    Buyer,
    BuyerKind,
    Contact,
    DocumentType,
    Finding,
    ImportDocument,
    InvalidInvoice,
    Invoice,
    LineItem,
    Party,
    Payment,
    PaymentMeans,
    Purpose,
    Severity,
    Taxation,
    Totals,
    json_schema,
)
from dojang.etax.findings import errors
from dojang.etax.invoice import Record
from etax.etax_samples import EXAMPLE, example
from etax.etax_strategies import invoices

RECORDS = [Buyer, Contact, ImportDocument, Invoice, LineItem, Party, Payment]


def changed(path: str, value: object) -> dict:
    """The example with one value, however deep, changed or added."""
    data = example()
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    inner = data
    for part in way:
        inner = inner[part]
    if isinstance(last, int):
        inner.insert(last, value)
    else:
        inner[last] = value
    return data


def refusals(data: dict | str | bytes) -> list[tuple[str, str]]:
    """Code and path of everything that is wrong."""
    with pytest.raises(InvalidInvoice) as caught:
        Invoice.from_json(data) if isinstance(data, str | bytes) else Invoice.from_data(data)
    return [(finding.code, finding.path) for finding in caught.value.findings]


# What it takes -----------------------------------------------------------------------------------------------


def test_the_example_is_an_invoice():
    invoice = Invoice.from_json(EXAMPLE)
    assert invoice.document_type is DocumentType.TAX
    assert invoice.purpose is Purpose.CLAIM
    assert invoice.written_on == date(2026, 11, 20)
    assert invoice.buyer.kind is BuyerKind.BUSINESS
    assert invoice.buyer.contacts == (Contact(email="b@example.com"),)
    assert invoice.items[0].quantity == Decimal(10)
    assert invoice.items[0].remark is None
    assert invoice.payments == (Payment(means=PaymentMeans.CASH, amount=11000),)
    assert (invoice.supply_amount, invoice.tax_amount, invoice.total_amount) == (10000, 1000, 11000)
    assert invoice.taxation is Taxation.TAXABLE
    assert Invoice.from_json(EXAMPLE.encode()) == invoice
    assert Invoice.from_data(json.loads(EXAMPLE)) == invoice


def test_only_what_the_standard_cannot_do_without_has_to_be_given():
    party = {"name": "가", "representative": "나"}
    invoice = Invoice.from_data(
        {
            "document_type": "0301",
            "written_on": "2026-11-20",
            "supplier": party | {"business_number": "9998100015"},
            "buyer": party | {"kind": "foreigner"},
        }
    )
    assert invoice.items == invoice.payments == invoice.remarks == invoice.buyer.contacts == ()
    assert invoice.total_amount == 0
    assert invoice.buyer.number == "9999999999999"


@pytest.mark.parametrize("kind", [BuyerKind.BUSINESS, BuyerKind.INDIVIDUAL])
def test_only_foreigners_have_a_number_by_themselves(kind):
    assert Buyer(kind=kind, name="가", representative="나").number == ""


def test_hyphens_in_numbers_are_dropped():
    data = changed("supplier/business_number", "999-81-00015") | {"issue_id": "20261120-41000000-0000000a"}
    data["buyer"] |= {"number": "900230-1234563", "branch_number": "00-01", "kind": "individual"}
    invoice = Invoice.from_data(data)
    assert invoice.supplier.business_number == "9998100015"
    assert invoice.buyer.number == "9002301234563"
    assert invoice.buyer.branch_number == "0001"
    assert invoice.issue_id == "20261120410000000000000a"


@pytest.mark.parametrize("blank", ["", None])
@pytest.mark.parametrize(
    "path", ["issue_id", "original_issue_id", "reference_id", "supplier/address", "items/0/unit"]
)
def test_left_out_null_and_empty_are_the_same(path, blank):
    assert Invoice.from_data(changed(path, blank)) == Invoice.from_data(changed(path, None))


@pytest.mark.parametrize("path", ["issue_id", "supplier/branch_number"])
def test_a_number_of_hyphens_only_is_none(path):
    assert Invoice.from_data(changed(path, " - ")) == Invoice.from_data(changed(path, None))


def test_an_instant_is_kept_in_korean_time_and_whole_seconds():
    invoice = Invoice.from_data(example(issued_at="2026-11-20T15:00:00.999999Z"))
    assert invoice.issued_at == datetime(2026, 11, 21, 0, 0, 0, tzinfo=KST)
    assert invoice.issued_at.utcoffset() == timedelta(hours=9)
    assert json.loads(invoice.to_json())["issued_at"] == "2026-11-21T00:00:00+09:00"
    assert invoice.replace(issued_at=datetime(2026, 11, 20, 15, tzinfo=UTC)) == invoice


@pytest.mark.parametrize(
    ("given_as", "written"),
    [
        ("10", "10"),
        (10, "10"),
        ("1.5", "1.5"),
        ("1.50", "1.50"),
        ("1.500000", "1.50"),
        ("-0.01", "-0.01"),
        ("0012", "12"),
        ("999999999999999.99", "999999999999999.99"),
    ],
)
def test_quantities_and_prices_are_exact(given_as, written):
    item = Invoice.from_data(changed("items/0/quantity", given_as)).items[0]
    assert item.quantity == Decimal(written)
    assert json.loads(item.model_dump_json())["quantity"] == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(Decimal("1E+3"), "1000.00"), (Decimal("0E-30"), "0.00"), (Decimal("1.100"), "1.10"), (7, "7")],
)
def test_a_decimal_of_another_exponent_is_written_out(value, written):
    item = LineItem(unit_price=value)
    assert item.unit_price == value
    assert json.loads(item.model_dump_json())["unit_price"] == written


# What it refuses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("colour", "red", "unknown_field"),
        ("buyer/colour", "red", "unknown_field"),
        ("buyer/business_number", "9998100015", "unknown_field"),
        ("buyer/contacts/0/fax", "1", "unknown_field"),
        ("items/0/vat", 1, "unknown_field"),
        ("document_type", "0302", "unknown_code"),
        ("document_type", 101, "unknown_code"),
        ("purpose", "01", "unknown_code"),
        ("buyer/kind", "01", "unknown_code"),
        ("payments/0/means", "CASH", "unknown_code"),
        ("amendment_reason", "1", "unknown_code"),
        ("items/0/supply_amount", 1.0, "not_won"),
        ("items/0/supply_amount", 1.5, "not_won"),
        ("items/0/supply_amount", "1", "not_won"),
        ("items/0/supply_amount", True, "not_won"),
        ("total_amount", 1e3, "not_won"),
        ("total_amount", False, "not_won"),
        ("payments/0/amount", None, "not_won"),
        ("payments/0/amount", "11000", "not_won"),
        ("items/0/quantity", 1.5, "float_refused"),
        ("items/0/quantity", 10.0, "float_refused"),
        ("items/0/unit_price", True, "float_refused"),
        ("items/0/quantity", "1.005", "too_many_places"),
        ("items/0/quantity", "1e3", "not_a_number"),
        ("items/0/quantity", "1_000", "not_a_number"),
        ("items/0/quantity", "1,000", "not_a_number"),
        ("items/0/quantity", "+1", "not_a_number"),
        ("items/0/quantity", " 1", "not_a_number"),
        ("items/0/quantity", "１", "not_a_number"),
        ("items/0/quantity", "NaN", "not_a_number"),
        ("items/0/quantity", "Infinity", "not_a_number"),
        ("items/0/quantity", "", "not_a_number"),
        ("items/0/quantity", "9" * 30, "not_a_number"),
        ("items/0/quantity", [1], "not_accepted"),
        ("items/0/name", 1, "not_text"),
        ("items/0/name", True, "not_text"),
        ("supplier/business_number", 9998100015, "not_text"),
        ("supplier/name", None, "not_text"),
        ("issue_id", 1, "not_text"),
        ("written_on", "2026-02-29", "not_a_date"),
        ("written_on", "20261120", "not_a_date"),
        ("written_on", "20131200", "not_a_date"),  # a number that would be a day of 1970 in seconds
        ("written_on", "0", "not_a_date"),
        ("written_on", 1700006400, "not_a_date"),
        ("written_on", "2026-11-20T00:00:00", "not_a_date"),
        ("written_on", "2026-W47-5", "not_a_date"),
        ("written_on", None, "not_a_date"),
        ("items/0/supplied_on", "", "not_a_date"),
        ("issued_at", "2026-11-20", "not_an_instant"),
        ("issued_at", "1700000000", "not_an_instant"),
        ("issued_at", 1700000000, "not_an_instant"),
        ("issued_at", "2026-11-20T25:00:00+09:00", "not_an_instant"),
        ("issued_at", "9999-12-31T23:59:59Z", "not_an_instant"),
        ("issued_at", "0001-01-01T00:00:00+23:59", "not_an_instant"),
        ("issued_at", "2026-11-20T09:00:00", "no_time_zone"),
        ("remarks", "한 줄", "not_a_list"),
        ("remarks", ["1", "2", "3", "4"], "too_many"),
        ("buyer/contacts", [{}, {}, {}], "too_many"),
        ("payments", [{"means": "cash", "amount": 1}] * 5, "too_many"),
        ("items", {}, "not_a_list"),
        ("supplier", [], "not_an_object"),
        ("broker", "none", "not_an_object"),
    ],
)
def test_a_wrong_value_is_named_with_its_path(path, value, code):
    readable = re.sub(r"/(\d+)", r"[\1]", path).replace("/", ".")
    assert refusals(changed(path, value)) == [(code, readable)]


def test_a_wrong_entry_of_a_list_is_named_with_its_place():
    assert refusals(changed("remarks/0", 1)) == [("not_text", "remarks[0]")]
    assert refusals(changed("items/1", None)) == [("not_an_object", "items[1]")]


@pytest.mark.parametrize("field", ["document_type", "written_on", "supplier", "buyer"])
def test_a_missing_field_is_named(field):
    data = example()
    del data[field]
    assert refusals(data) == [("missing", field)]


def test_everything_wrong_is_named_at_once():
    data = changed("supplier/name", 1) | {"written_on": "never", "colour": 1}
    del data["buyer"]["kind"]
    assert refusals(data) == [
        ("not_a_date", "written_on"),
        ("not_text", "supplier.name"),
        ("missing", "buyer.kind"),
        ("unknown_field", "colour"),
    ]


@pytest.mark.parametrize("data", ["", "{", "{]", b"\xff", b'{"a": "\xed\xa0\x80"}', "[" * 5000, '"\\ud800"'])
def test_what_is_no_json_is_said_to_be_none(data):
    assert refusals(data) == [("not_json", "")]


@pytest.mark.parametrize("data", ["null", "[]", "1", '"text"', "true"])
def test_json_that_is_no_object_is_said_to_be_none(data):
    assert refusals(data) == [("not_an_object", "")]


def test_text_that_json_cannot_carry_is_refused():
    assert refusals(changed("supplier/name", "\ud800")) == [("not_text", "")]


@pytest.mark.parametrize(
    "changes",
    [
        {"document_type": "0101"},
        {"written_on": "2026-11-20"},
        {"written_on": datetime(2026, 11, 20, tzinfo=KST)},
        {"issued_at": "2026-11-20T09:00:00+09:00"},
        {"issued_at": datetime(2026, 11, 20)},  # noqa: DTZ001 (that is the point)
        {"issued_at": date(2026, 11, 20)},
        {"issued_at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))},
        {"supply_amount": 1.0},
        {"supply_amount": True},
        {"supply_amount": Decimal(1)},
        {"remarks": "one"},
        {"remarks": (1,)},
        {"supplier": None},
        {"unknown": 1},
    ],
)
def test_python_is_held_to_the_same(changes):
    invoice = Invoice.from_json(EXAMPLE)
    with pytest.raises(ValidationError) as caught:
        invoice.replace(**changes)
    assert len(caught.value.errors()) == 1


@pytest.mark.parametrize("value", [1.5, 0.1, float("nan"), True])
def test_python_floats_are_refused_even_where_they_would_be_exact(value):
    with pytest.raises(ValidationError):
        LineItem(quantity=value)


@pytest.mark.parametrize("value", ["Infinity", "-Infinity", "NaN", "sNaN", "1E+21", "1E+999999", "0E+999999"])
def test_python_decimals_are_numbers_of_a_sensible_size(value):
    with pytest.raises(ValidationError):
        LineItem(unit_price=Decimal(value))


# Sentences ---------------------------------------------------------------------------------------------------


def test_a_refusal_says_what_is_wrong_and_what_to_do_in_both_languages():
    with pytest.raises(InvalidInvoice) as caught:
        Invoice.from_data(changed("items/0/quantity", 1.5) | {"colour": 1})
    error = caught.value
    assert error.text("ko") == (
        '세금계산서 내용을 읽을 수 없습니다: items[0].quantity: 소수는 오차 없이 따옴표로 적으세요(예: "1.50").'
        " 표시된 항목 2개를 고치세요."
    )
    assert str(error) == (
        "The invoice cannot be read: items[0].quantity: must be text, so that no digit is lost"
        ' (for example "1.50"). Mend the 2 field(s) named.'
    )
    assert all(finding.severity is Severity.ERROR for finding in error.findings)


def test_a_refusal_of_the_whole_names_no_field():
    with pytest.raises(InvalidInvoice) as caught:
        Invoice.from_json("[]")
    assert ": :" not in caught.value.text()
    assert str(caught.value).startswith("The invoice cannot be read: must be an object ({ }).")


def test_possible_values_are_listed_without_the_words_of_either_language():
    with pytest.raises(InvalidInvoice) as caught:
        Invoice.from_data(example(purpose="gift"))
    assert caught.value.findings[0].ko == "쓸 수 없는 값입니다. 가능한 값: 'receipt', 'claim'."
    assert caught.value.findings[0].en == "has no such value. Possible: 'receipt', 'claim'."


def test_a_finding_is_told_with_its_field_unless_it_is_about_the_whole():
    warning = Finding("w", Severity.WARNING, "", "경고.", "Warning.")
    error = Finding("e", Severity.ERROR, "items[0].name", "오류.", "Error.", "부가가치세법 제32조")
    assert (warning.located(), error.located(), error.located("en")) == (
        "경고.",
        "items[0].name: 오류.",
        "items[0].name: Error.",
    )
    assert errors((warning, error)) == (error,)


SECRETS = ["9002301234563", "900230-1234563", "홍길동비밀", "secret@example.com", "010-9999-9999"]


def test_a_refusal_never_repeats_what_was_given():
    data = example(written_on="900230-1234563", purpose="홍길동비밀", issued_at="secret@example.com")
    data["buyer"] |= {"kind": "900230-1234563", "number": 9002301234563, "name": ["홍길동비밀"]}
    data["buyer"]["contacts"] = [{"email": {"secret@example.com": 1}, "phone": ["010-9999-9999"]}]
    data["items"][0] |= {
        "quantity": "900230-1234563",
        "supply_amount": "홍길동비밀",
        "unit_price": 9002301.234563,
    }
    with pytest.raises(InvalidInvoice) as caught:
        Invoice.from_data(data)
    error = caught.value
    again = pickle.loads(pickle.dumps(error))
    assert again.findings == error.findings
    assert error.__cause__ is error.__context__ is None
    for shown in (str(error), repr(error), error.text(), repr(error.findings), str(again), repr(again.facts)):
        assert not [secret for secret in SECRETS if secret in shown]
    assert b"secret" not in pickle.dumps(error)


def test_a_refusal_of_the_constructor_does_not_repeat_it_either():
    with pytest.raises(ValidationError) as caught:
        Buyer(kind="홍길동비밀", name=9002301234563, representative="나", email="secret@example.com")
    assert not [secret for secret in SECRETS if secret in f"{caught.value}{caught.value!r}"]


def test_a_repr_names_no_person():
    data = example(remarks=["900230-1234563"], reference_id="홍길동비밀")
    data["buyer"] |= {"kind": "individual", "number": "900230-1234563", "name": "홍길동비밀"}
    data["buyer"]["contacts"] = [{"email": "secret@example.com", "phone": "010-9999-9999"}]
    invoice = Invoice.from_data(data)
    parts = [
        invoice,
        invoice.supplier,
        invoice.buyer,
        *invoice.buyer.contacts,
        *invoice.items,
        *invoice.payments,
    ]
    for part in [*parts, parts, {"key": invoice}]:
        shown = f"{part!r} {part!s} {part}"
        assert not [secret for secret in [*SECRETS, "홍길동", "a@example.com", "11000"] if secret in shown]
    assert repr(invoice) == "Invoice(document_type='0101', written_on='2026-11-20', issue_id=None)"
    assert repr(invoice.buyer) == "Buyer()"


# Frozen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", RECORDS)
def test_no_field_can_be_set(record):
    invoice = Invoice.from_data(example(import_document={}))
    found = [invoice, invoice.supplier, invoice.buyer, invoice.supplier.contact, invoice.import_document]
    one = next(part for part in (*found, *invoice.items, *invoice.payments) if type(part) is record)
    before = one.model_dump()
    for field in record.model_fields:
        with pytest.raises(ValidationError):
            setattr(one, field, getattr(one, field))
        with pytest.raises(ValidationError):
            delattr(one, field)
    with pytest.raises(ValidationError):
        one.unknown = 1
    assert one.model_dump() == before


@given(invoices())
def test_equal_invoices_hash_alike_and_survive_copy_and_pickle(invoice):
    for again in (copy.deepcopy(invoice), pickle.loads(pickle.dumps(invoice))):
        assert again == invoice
        assert hash(again) == hash(invoice)


def test_a_copy_with_other_values_is_checked_and_leaves_the_first_alone():
    first = Invoice.from_json(EXAMPLE)
    second = first.replace(purpose=Purpose.RECEIPT, remarks=["가"])
    assert (first.purpose, second.purpose, second.remarks) == (Purpose.CLAIM, Purpose.RECEIPT, ("가",))
    assert second.replace(purpose=Purpose.CLAIM, remarks=()) == first


# Totals ------------------------------------------------------------------------------------------------------


def test_totals_are_sums_of_the_items_unless_given():
    assert Invoice.from_json(EXAMPLE).derived_totals == Totals(10000, 1000)
    stated = Invoice.from_data(example(supply_amount=1, tax_amount=2, total_amount=4))
    assert (stated.supply_amount, stated.tax_amount, stated.total_amount) == (1, 2, 4)
    assert stated.derived_totals == Totals(10000, 1000)


def test_other_items_have_other_totals():
    items = (LineItem(supply_amount=7, tax_amount=1), LineItem(supply_amount=-2))
    stated = Invoice.from_data(example(supply_amount=1, tax_amount=2, total_amount=4))
    assert stated.replace(items=items).total_amount == 6
    assert stated.replace(items=items, total_amount=9).total_amount == 9
    assert stated.replace(remarks=("x",)).total_amount == 4


def test_totals_of_unreadable_items_are_not_reported_on_top():
    assert refusals(example(items=[{"supply_amount": "1"}])) == [("not_won", "items[0].supply_amount")]


def test_the_broker_signs_what_is_consigned():
    data = example(broker=example()["supplier"] | {"business_number": "9988100012"})
    assert Invoice.from_data(data).signer.business_number == "9998100015"
    assert Invoice.from_data(data | {"document_type": "0103"}).signer.business_number == "9988100012"
    assert (
        Invoice.from_data(data | {"document_type": "0103", "broker": None}).signer.business_number
        == "9998100015"
    )


# JSON --------------------------------------------------------------------------------------------------------


@given(invoices(), st.sampled_from([None, 2]))
def test_json_goes_out_and_in_without_loss(invoice, indent):
    text = invoice.to_json(indent=indent)
    assert Invoice.from_json(text) == invoice
    assert Invoice.from_json(text.encode()) == invoice
    assert Invoice.from_data(json.loads(text)) == invoice
    assert Invoice.from_json(text).to_json(indent=indent) == text
    assert invoice.to_data() == json.loads(text)


@given(invoices(numbered=False))
def test_a_draft_goes_out_and_in_too(invoice):
    assert Invoice.from_json(invoice.to_json()) == invoice


def test_json_has_every_field():
    assert set(json.loads(Invoice.from_json(EXAMPLE).to_json())) == set(Invoice.model_fields)
    assert set(json.loads(EXAMPLE)) == set(Invoice.model_fields) - {
        "supply_amount",
        "tax_amount",
        "total_amount",
    }


# JSON Schema -------------------------------------------------------------------------------------------------

SCHEMA = json_schema()
KNOWN_WORDS = {
    "$defs", "$id", "$ref", "$schema", "additionalProperties", "anyOf", "default", "description", "enum", "format",
    "items", "maxItems", "pattern", "properties", "required", "title", "type", "x-title-en",
}  # fmt: skip
TYPES = {"string": str, "array": list, "object": dict, "null": type(None)}
FORMATS = {
    "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
}


def is_of_type(value: object, name: str) -> bool:
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def violations(value: object, schema: dict, path: str = "") -> list[str]:
    """A validator of the part of JSON Schema 2020-12 that the schema uses; it refuses words it does not know."""
    assert set(schema) <= KNOWN_WORDS, set(schema) - KNOWN_WORDS
    found = []
    if "$ref" in schema:
        found += violations(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], path)
    if "anyOf" in schema and all(violations(value, one, path) for one in schema["anyOf"]):
        found.append(f"{path}: none of anyOf")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: enum")
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(is_of_type(value, name) for name in types):
        return [*found, f"{path}: type"]
    if isinstance(value, str):
        patterns = [schema.get("pattern"), schema.get("format") and f"^{FORMATS[schema['format']]}$"]
        found += [f"{path}: {pattern}" for pattern in patterns if pattern and not re.search(pattern, value)]
    if isinstance(value, list) and "items" in schema:
        found += [f"{path}: maxItems"] if len(value) > schema.get("maxItems", len(value)) else []
        for index, one in enumerate(value):
            found += violations(one, schema["items"], f"{path}[{index}]")
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{path}.{name}: missing" for name in schema.get("required", []) if name not in value]
        for name, one in value.items():
            inner = schema["properties"].get(name)
            found += violations(one, inner, f"{path}.{name}") if inner else [f"{path}.{name}: unknown"]
    return found


def test_the_schema_takes_the_example():
    assert violations(json.loads(EXAMPLE), SCHEMA) == []
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@given(invoices() | invoices(numbered=False))
def test_the_schema_takes_everything_that_is_written(invoice):
    assert violations(invoice.to_data(), SCHEMA) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("colour", 1),
        ("document_type", "0302"),
        ("written_on", "20261120"),
        ("items/0/supply_amount", 1.5),
        ("items/0/supply_amount", True),
        ("items/0/quantity", 1.5),
        ("items/0/quantity", "1.005"),
        ("items/0/quantity", "1e3"),
        ("remarks", ["1", "2", "3", "4"]),
        ("buyer/contacts", [{}, {}, {}]),
        ("payments", [{"means": "cash", "amount": 1}] * 5),
        ("buyer/kind", None),
        ("broker", "none"),
    ],
)
def test_the_schema_refuses_what_the_invoice_refuses(path, value):
    assert violations(changed(path, value), SCHEMA)
    assert refusals(changed(path, value))


@pytest.mark.parametrize("record", [record for record in RECORDS if record is not Invoice])
def test_the_schema_closes_every_record(record):
    assert SCHEMA["$defs"][record.__name__]["additionalProperties"] is False


def test_the_schema_closes_the_invoice_and_requires_what_has_no_default():
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["required"] == ["document_type", "written_on", "supplier", "buyer"]


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_is_labelled_in_both_languages_and_the_schema_says_so(record: type[Record]):
    properties = (SCHEMA if record is Invoice else SCHEMA["$defs"][record.__name__])["properties"]
    assert set(properties) == set(record.model_fields)
    for field, inner in properties.items():
        label = record.label(field)
        assert label.text("ko") == label.ko == inner["title"]
        assert label.text("en") == label.en == inner["x-title-en"]
        assert any("가" <= char <= "힣" for char in label.ko)
        assert label.en.isascii()


def test_an_amendment_reason_is_its_two_digits():
    amended = Invoice.from_data(example(document_type="0201", amendment_reason="03"))
    assert amended.amendment_reason is AmendmentReason.RETURN
    assert amended.to_data()["amendment_reason"] == "03"
