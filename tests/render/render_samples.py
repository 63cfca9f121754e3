"""Documents to be drawn. All of them are invented."""

from typing import Any

from dojang.etax import Invoice
from etax.etax_samples import numbered

ORIGINAL = "20261101-41999999-00000007"
RESIDENT = "9002301234563"  # 30 February
BROKER = {
    "business_number": "9988100012",
    "name": "수탁판매(주)",
    "representative": "박수탁",
    "business_type": "도매",
    "business_item": "위탁판매",
    "address": "가상시 위탁로 3, 2층",
    "contact": {"email": "broker@example.com"},
}
RETURNED = {
    "supplied_on": "2026-11-20",
    "name": "노트 (반품)",
    "specification": "A5",
    "quantity": "-4",
    "unit_price": "1000",
    "supply_amount": -4000,
    "tax_amount": -400,
}
RICE = {
    "supplied_on": "2026-11-20",
    "name": "쌀",
    "specification": "20kg",
    "quantity": "12.50",
    "unit": "포",
    "unit_price": "52000",
    "supply_amount": 650_000,
}


def taxed(**changes: Any) -> Invoice:
    return numbered(**changes)


def amended(**changes: Any) -> Invoice:
    return numbered(
        **{
            "document_type": "0201",
            "original_issue_id": ORIGINAL,
            "amendment_reason": "03",
            "remarks": ["당초 작성일자(2026-11-01)"],
            "items": [RETURNED],
            "payments": [],
        }
        | changes
    )


def exempt(**changes: Any) -> Invoice:
    return numbered(**{"document_type": "0301", "items": [RICE], "payments": []} | changes)


def consigned(**changes: Any) -> Invoice:
    line = {"name": "위탁품", "supply_amount": 10_000, "tax_amount": 0}
    return numbered(
        **{"document_type": "0105", "broker": BROKER, "items": [line], "payments": [], "purpose": None}
        | changes
    )


def imported(**changes: Any) -> Invoice:
    declared = {
        "declaration_number": "00000-26-000000U",
        "item_count": 1200,
        "accepted_from": "2026-11-01",
        "accepted_to": "2026-11-15",
    }
    return numbered(**{"document_type": "0104", "import_document": declared, "payments": []} | changes)


def long(count: int = 99, **changes: Any) -> Invoice:
    items = [
        {"supplied_on": "2026-11-20", "name": f"품목 {n}", "supply_amount": 1000, "tax_amount": 100}
        for n in range(1, count + 1)
    ]
    return numbered(**{"items": items, "payments": []} | changes)


def to_a_person(**changes: Any) -> Invoice:
    buyer = {"kind": "individual", "number": RESIDENT, "name": "홍길순", "representative": "홍길순"}
    return numbered(**{"buyer": buyer} | changes)


def empty() -> Invoice:
    """A draft in which hardly anything has been written yet."""
    return Invoice.from_data(
        {
            "document_type": "0101",
            "written_on": "2026-11-20",
            "supplier": {"business_number": "", "name": "", "representative": ""},
            "buyer": {"kind": "business", "number": "", "name": "", "representative": ""},
        }
    )
