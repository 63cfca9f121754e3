"""Every rule of `check`: one invoice that trips it, and one close by that does not."""

from datetime import date, datetime
from typing import Any

import pytest

from dojang.etax import KST, Invoice, Severity, check
from dojang.etax.checks import RULES

ON = date(2026, 11, 20)
ISSUE_ID = "202611204100000000000001"
OTHER_ID = "202611194100000000000009"

PARTY = {"business_number": "9998100015", "name": "도장상사", "representative": "홍길동"}
BROKER = {"business_number": "9998600010", "name": "수탁상회", "representative": "박수탁"}
BUYER = {
    "kind": "business",
    "number": "9988100012",
    "name": "구매(주)",
    "representative": "이구매",
    "contacts": [{"email": "buyer@example.com"}],
}
ITEM = {"name": "노트", "supply_amount": 10_000, "tax_amount": 1_000}


def invoice(**changes: Any) -> Invoice:
    """A tax invoice with nothing wrong, and these fields instead of its own."""
    data: dict[str, Any] = {
        "document_type": "0101",
        "written_on": "2026-11-20",
        "purpose": "claim",
        "supplier": PARTY,
        "buyer": BUYER,
        "items": [ITEM],
    }
    return Invoice.from_data(data | changes)


def amendment(reason: str, **changes: Any) -> Invoice:
    defaults = {"document_type": "0201", "amendment_reason": reason, "original_issue_id": OTHER_ID}
    return invoice(**(defaults | changes))


def supplier(**changes: Any) -> dict[str, Any]:
    return {"supplier": PARTY | changes}


def buyer(**changes: Any) -> dict[str, Any]:
    return {"buyer": BUYER | changes}


def items(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"items": [ITEM | change for change in changes]}


NOBODY = "000101-5000011"
"""A foreigner who was born in 1900, before there were such numbers; its check digit is right."""
PERSON = {"kind": "individual", "number": "9002301234563"}
FOREIGNER = {"kind": "foreigner", "number": "9999999999999"}
MINUS = items({"supply_amount": -10_000, "tax_amount": -1_000})
NO_TAX = items({"tax_amount": None})

# code: (the invoice that trips it, the path named, one that does not)
CASES: dict[str, list[tuple[Invoice, str, Invoice]]] = {
    "import_document": [
        (invoice(document_type="0104"), "document_type", invoice()),
        (invoice(document_type="0206"), "document_type", invoice(document_type="0102", **NO_TAX)),
        (invoice(import_document={"declaration_number": "1"}), "import_document", invoice()),
    ],
    "purpose_missing": [(invoice(purpose=None), "purpose", invoice(purpose="receipt"))],
    "amendment_reason_missing": [
        (amendment("02", amendment_reason=None), "amendment_reason", amendment("02")),
    ],
    "amendment_reason_unexpected": [(invoice(amendment_reason="02"), "amendment_reason", invoice())],
    "original_issue_id_missing": [
        (amendment("02", original_issue_id=None), "original_issue_id", amendment("02")),
    ],
    "original_issue_id_unexpected": [(invoice(original_issue_id=OTHER_ID), "original_issue_id", invoice())],
    "original_is_itself": [
        (amendment("02", issue_id=OTHER_ID), "original_issue_id", amendment("02", issue_id=ISSUE_ID)),
    ],
    "issue_id": [
        (
            invoice(issue_id="20261120-41000000-0000A001"),
            "issue_id",
            invoice(issue_id="20261120-41000000-0000a001"),
        ),
        (invoice(issue_id="202699994100000000000001"), "issue_id", invoice(issue_id=ISSUE_ID)),
        (amendment("02", original_issue_id="123"), "original_issue_id", amendment("02")),
    ],
    "issue_id_date": [(invoice(issue_id=OTHER_ID), "issue_id", invoice(issue_id=ISSUE_ID))],
    "written_in_future": [(invoice(written_on="2026-11-21"), "written_on", invoice(written_on="2026-11-20"))],
    "issued_before_written": [
        (
            invoice(issued_at="2026-11-19T23:59:59+09:00"),
            "issued_at",
            # The same instant as 2026-11-20 00:00 in Korea.
            invoice(issued_at="2026-11-19T15:00:00+00:00"),
        )
    ],
    "issued_in_future": [
        (
            invoice(issued_at="2026-11-21T00:00:00+09:00"),
            "issued_at",
            invoice(issued_at="2026-11-20T23:59:59+09:00"),
        ),
    ],
    "supplied_other_month": [
        (
            invoice(**items({}, {"supplied_on": "2026-10-31"})),
            "items[1].supplied_on",
            invoice(**items({"supplied_on": "2026-11-01"})),
        )
    ],
    "business_number": [
        (invoice(**supplier(business_number="9998100016")), "supplier.business_number", invoice()),
        (invoice(**supplier(business_number="0000000000")), "supplier.business_number", invoice()),
        (invoice(**buyer(number="123")), "buyer.number", invoice(**buyer(number="998-81-00012"))),
        (
            invoice(document_type="0103", broker=BROKER | {"business_number": "9998600011"}),
            "broker.business_number",
            invoice(document_type="0103", broker=BROKER),
        ),
    ],
    "resident_number": [
        (
            invoice(**buyer(kind="individual", number="9988100012")),
            "buyer.number",
            invoice(**buyer(**PERSON)),
        ),
    ],
    "resident_number_doubtful": [
        # 30 February; its check digit is right.
        (invoice(**buyer(**PERSON)), "buyer.number", invoice()),
        # A possible date, but the check digit is not; and the number as one that nothing is odd about.
        (
            invoice(**buyer(kind="individual", number="0000000000000")),
            "buyer.number",
            invoice(**buyer(kind="individual", number="12")),
        ),
    ],
    "resident_number_elsewhere": [
        (
            invoice(remarks=["", f"임차인 {NOBODY}"]),
            "remarks[1]",
            # Where the standard wants a foreigner's number, and nowhere else.
            invoice(remarks=[NOBODY], **buyer(**FOREIGNER)),
        ),
        (
            invoice(remarks=["M00000000", NOBODY], **buyer(**FOREIGNER)),
            "remarks[1]",
            invoice(remarks=["000101-5******"]),
        ),
        (
            invoice(**items({}, {"name": f"수강료({NOBODY.replace('-', '')})"})),
            "items[1].name",
            invoice(**buyer(kind="individual", number=NOBODY.replace("-", ""))),
        ),
        (
            invoice(**items({"specification": NOBODY})),
            "items[0].specification",
            invoice(**items({"specification": "110111-3000001"})),
        ),
        (
            invoice(**items({"remark": NOBODY})),
            "items[0].remark",
            amendment("02", **items({"remark": NOBODY})),
        ),
        (invoice(**buyer(name=f"김없음 {NOBODY}")), "buyer.name", invoice(reference_id=NOBODY)),
        (invoice(**supplier(address=NOBODY)), "supplier.address", invoice(issue_id=ISSUE_ID)),
        (invoice(**buyer(contacts=[{"phone": NOBODY}])), "buyer.contacts[0].phone", invoice()),
    ],
    "resident_number_likely": [
        (invoice(remarks=["000101-5000012"]), "remarks[0]", invoice(remarks=["0001015000012"])),
        (invoice(remarks=["000101-5000012"]), "remarks[0]", invoice(remarks=[NOBODY])),
        # Born tomorrow, and today.
        (invoice(remarks=["261120-3000001"]), "remarks[0]", invoice(remarks=["261121-3000001"])),
        (
            invoice(remarks=["000101-5000012"]),
            "remarks[0]",
            amendment("02", remarks=["000101-5000012"]),
        ),
    ],
    "resident_number_carried": [
        (amendment("02", remarks=[NOBODY]), "remarks[0]", invoice(remarks=[NOBODY])),
        (
            amendment("02", **items({"name": "000101-5000012"})),
            "items[0].name",
            amendment("02", remarks=[OTHER_ID, "110-123-456789"]),
        ),
    ],
    "foreigner_number": [
        (
            invoice(**buyer(kind="foreigner", number="9988100012")),
            "buyer.number",
            invoice(**buyer(**FOREIGNER)),
        ),
    ],
    "foreigner_remark": [
        (
            invoice(**buyer(**FOREIGNER)),
            "remarks[0]",
            invoice(remarks=["여권 M00000000"], **buyer(**FOREIGNER)),
        ),
        (invoice(remarks=[" ", "M00000000"], **buyer(**FOREIGNER)), "remarks[0]", invoice(remarks=[" "])),
    ],
    "branch_number": [
        (
            invoice(**supplier(branch_number="1")),
            "supplier.branch_number",
            invoice(**supplier(branch_number="0001")),
        ),
        (
            invoice(**buyer(branch_number="00a1")),
            "buyer.branch_number",
            invoice(**buyer(branch_number="0002")),
        ),
    ],
    "same_number": [
        (
            invoice(**buyer(number="9998100015")),
            "buyer.number",
            invoice(**buyer(kind="individual", number="9998100015")),
        )
    ],
    "broker_is_party": [
        (
            invoice(document_type="0103", broker=BROKER | {"business_number": "9998100015"}),
            "broker.business_number",
            invoice(document_type="0103", broker=BROKER),
        )
    ],
    "issuer_class": [
        (
            invoice(**supplier(business_number="9999000005")),
            "supplier.business_number",
            invoice(document_type="0301", **NO_TAX, **supplier(business_number="9999000005")),
        )
    ],
    "required_text": [
        (invoice(**supplier(name=" ")), "supplier.name", invoice()),
        (invoice(**buyer(representative="")), "buyer.representative", invoice()),
        (
            invoice(document_type="0103", broker=BROKER | {"name": ""}),
            "broker.name",
            invoice(document_type="0103", broker=BROKER),
        ),
    ],
    "buyer_email_missing": [
        (invoice(**buyer(contacts=[])), "buyer.contacts", invoice()),
        (
            invoice(**buyer(contacts=[{"name": "김담당"}])),
            "buyer.contacts",
            invoice(**buyer(contacts=[{}, {"email": "second@example.com"}])),
        ),
    ],
    "broker_missing": [
        (invoice(document_type="0103"), "broker", invoice(document_type="0103", broker=BROKER)),
        (invoice(document_type="0303", **NO_TAX), "broker", invoice()),
    ],
    "broker_unexpected": [
        (invoice(broker=BROKER), "broker", invoice(document_type="0105", broker=BROKER, **NO_TAX))
    ],
    "items_missing": [(invoice(items=[]), "items", invoice())],
    "item_name_missing": [
        (
            invoice(**items({"name": ""}, {"name": " "})),
            "items[0].name",
            invoice(**items({"name": None}, {})),
        ),
    ],
    "too_many_items": [(invoice(**items(*[{}] * 100)), "items", invoice(**items(*[{}] * 99)))],
    "total_mismatch": [(invoice(total_amount=10_999), "total_amount", invoice(total_amount=11_000))],
    "supply_sum_mismatch": [(invoice(supply_amount=9_999), "supply_amount", invoice(supply_amount=10_000))],
    "tax_sum_mismatch": [
        # 33,333 + 33,333 + 33,334: three truncated taxes make 9,999; the tenth of the sum would be 10,000.
        (
            invoice(
                tax_amount=10_000,
                **items(
                    {"supply_amount": 33_333, "tax_amount": 3_333},
                    {"supply_amount": 33_333, "tax_amount": 3_333},
                    {"supply_amount": 33_334, "tax_amount": 3_333},
                ),
            ),
            "tax_amount",
            invoice(
                **items(
                    {"supply_amount": 33_333, "tax_amount": 3_333},
                    {"supply_amount": 33_333, "tax_amount": 3_333},
                    {"supply_amount": 33_334, "tax_amount": 3_333},
                )
            ),
        )
    ],
    "payment_sum_mismatch": [
        (
            invoice(payments=[{"means": "cash", "amount": 10_999}]),
            "payments",
            invoice(payments=[{"means": "cash", "amount": 1_000}, {"means": "credit", "amount": 10_000}]),
        ),
        (
            invoice(payments=[{"means": "note", "amount": 1}, {"means": "check", "amount": -1}]),
            "payments",
            invoice(payments=[{"means": "cash", "amount": 0}]),
        ),
    ],
    "signs_differ": [
        (invoice(**items({"tax_amount": -1_000})), "tax_amount", amendment("02", **MINUS)),
        (
            invoice(**items({}, {"supply_amount": -10, "tax_amount": 1})),
            "items[1].tax_amount",
            invoice(**items({}, {"supply_amount": -10, "tax_amount": -1})),
        ),
    ],
    "amendment_positive": [
        (amendment("03"), "supply_amount", amendment("03", **MINUS)),
        (amendment("04"), "supply_amount", amendment("04", **MINUS)),
        (amendment("03", **items({"supply_amount": 0, "tax_amount": 1})), "supply_amount", amendment("02")),
    ],
    "duplicate_positive": [(amendment("06"), "supply_amount", amendment("06", **MINUS))],
    "amendment_zero": [
        (amendment("02", **items({"supply_amount": 0, "tax_amount": 0})), "supply_amount", amendment("02")),
    ],
    "not_positive": [
        (invoice(**items({}, {"supply_amount": -10_000, "tax_amount": -1_000})), "total_amount", invoice()),
        (invoice(**MINUS), "total_amount", amendment("03", **MINUS)),
    ],
    "zero_rated_tax": [
        (invoice(document_type="0102"), "tax_amount", invoice(document_type="0102", **NO_TAX)),
        (invoice(document_type="0102"), "items[0].tax_amount", invoice()),
    ],
    "exempt_tax": [
        (
            invoice(document_type="0301"),
            "items[0].tax_amount",
            invoice(document_type="0301", **items({"tax_amount": 0})),
        ),
    ],
    "tax_wrong": [
        (
            invoice(**items({"tax_amount": 2_001})),
            "tax_amount",
            invoice(**items({"tax_amount": 2_000})),
        )
    ],
    "tax_off": [
        (invoice(**items({"tax_amount": 1_001})), "tax_amount", invoice(**items({"supply_amount": 10_009}))),
        (invoice(**items({"tax_amount": 2_000})), "tax_amount", invoice(**items({"tax_amount": 2_001}))),
        # Two lines may drop less than two won together.
        (
            invoice(**items({"tax_amount": 999}, {"tax_amount": 999})),
            "tax_amount",
            invoice(**items({"supply_amount": 10_009}, {"supply_amount": 10_009})),
        ),
    ],
    "line_product": [
        (
            invoice(**items({"quantity": "3", "unit_price": "3333.80"})),
            "items[0].supply_amount",
            # 3 × 3333.50 = 10000.50: dropped or rounded, both are somebody's habit.
            invoice(**items({"quantity": "3", "unit_price": "3333.50"})),
        ),
        (
            invoice(**items({"quantity": "3", "unit_price": "1"})),
            "items[0].supply_amount",
            invoice(**items({"quantity": "3", "unit_price": None})),
        ),
    ],
    "unit_without_quantity": [
        (
            invoice(**items({"unit": "EA"})),
            "items[0].unit",
            invoice(**items({"unit": "EA", "quantity": "1"})),
        ),
    ],
    "too_long": [
        (invoice(**supplier(name="가" * 71)), "supplier.name", invoice(**supplier(name="가" * 70))),
        (
            invoice(remarks=["", "나" * 151]),
            "remarks[1]",
            invoice(remarks=["", "나" * 150]),
        ),
        (
            invoice(**buyer(contacts=[{}, {"email": f"{'a' * 30}@example.com"}])),
            "buyer.contacts[1].email",
            invoice(**buyer(contacts=[{}, {"email": f"{'a' * 28}@example.com"}])),
        ),
        (invoice(**items({"specification": "x" * 61})), "items[0].specification", invoice()),
    ],
    "out_of_range": [
        (invoice(supply_amount=10**18), "supply_amount", invoice(supply_amount=10**18 - 1)),
        (invoice(supply_amount=-(10**17)), "supply_amount", invoice(supply_amount=-(10**17) + 1)),
        (
            invoice(**items({"quantity": "1000000000"})),
            "items[0].quantity",
            invoice(**items({"quantity": "999999999.99"})),
        ),
        (
            invoice(**items({"unit_price": "-100000000000000"})),
            "items[0].unit_price",
            invoice(**items({"unit_price": "-99999999999999.99"})),
        ),
    ],
    "forbidden_character": [
        (invoice(**items({"name": "노트\x0b"})), "items[0].name", invoice(**items({"name": "노트\t\n"}))),
        (invoice(remarks=["\x00"]), "remarks[0]", invoice(remarks=["<&>\"'"])),
    ],
    "emoji": [
        (invoice(**items({"name": "노트 📒"})), "items[0].name", invoice(**items({"name": "㈜노트 ☎ 𠮷"}))),
        (invoice(remarks=["❤️"]), "remarks[0]", invoice(remarks=["❤"])),
    ],
    "email_form": [
        (
            invoice(**buyer(contacts=[{"email": "buyer.example.com"}])),
            "buyer.contacts[0].email",
            invoice(**buyer(contacts=[{"email": "a@b.co.kr"}])),
        ),
        (
            invoice(**buyer(contacts=[{"email": "a b@example.com"}])),
            "buyer.contacts[0].email",
            invoice(**supplier(contact={"email": "a@example.com"})),
        ),
        (invoice(**supplier(contact={"email": "a@localhost."})), "supplier.contact.email", invoice()),
    ],
}


def codes(document: Invoice) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in check(document, on=ON):
        found.setdefault(finding.code, set()).add(finding.path)
    return found


@pytest.mark.parametrize(
    ("code", "tripping", "path", "clean"),
    [(code, *case) for code, cases in CASES.items() for case in cases],
    ids=[f"{code}-{number}" for code, cases in CASES.items() for number in range(len(cases))],
)
def test_a_rule_is_tripped_where_it_says_and_only_there(code, tripping, path, clean):
    assert path in codes(tripping).get(code, set())
    assert code not in codes(clean)


def test_every_rule_has_its_cases():
    assert [rule.code for rule in RULES if rule.code not in CASES] == []
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_an_ordinary_invoice_has_no_findings():
    issued = invoice(issue_id=ISSUE_ID, issued_at=datetime(2026, 11, 20, 9, tzinfo=KST).isoformat())
    assert check(issued, on=ON) == ()


def test_every_sentence_is_in_both_languages_and_errors_name_their_source():
    for rule in RULES:
        assert any("가" <= character <= "힣" for character in rule.ko)
        assert rule.en.isascii()
        assert rule.ko.endswith((".", "요."))
        assert rule.citation or rule.severity is Severity.WARNING


def test_no_finding_repeats_a_resident_number():
    number = "9002301234560"
    document = invoice(**buyer(kind="individual", number=number, branch_number=number, name=""))
    assert not [finding for finding in check(document, on=ON) if number in repr(finding)]


def test_no_finding_repeats_a_number_that_stands_in_a_text():
    for document in (invoice(remarks=[NOBODY]), amendment("02", remarks=[NOBODY])):
        [finding] = [one for one in check(document, on=ON) if one.code.startswith("resident_number_")]
        assert NOBODY[-6:] not in repr(finding)
        assert "비고" in finding.ko


def test_labels_name_the_way_to_the_field():
    [finding] = check(invoice(**buyer(contacts=[{"email": "b@example.com", "phone": "0" * 21}])), on=ON)
    assert "공급받는자 담당자 전화" in finding.ko
    assert "buyer contacts phone" in finding.en
    assert "20자까지" in finding.ko


@pytest.mark.parametrize("tax", [1_900, 5_000])
def test_a_tenth_is_told_in_whole_won(tax):
    [finding] = check(invoice(items=[ITEM | {"supply_amount": 10_009, "tax_amount": tax}]), on=ON)
    assert "10%(1,000원)" in finding.ko
    assert "(1,000 won)" in finding.en


@pytest.mark.parametrize("name", ["0301", "0303", "0401", "0403"])
def test_exempt_documents_need_no_tax_amount(name):
    document = invoice(document_type=name, **NO_TAX)
    assert not {"tax_off", "tax_wrong", "exempt_tax"} & set(codes(document))
