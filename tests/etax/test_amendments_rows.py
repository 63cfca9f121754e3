"""The worked examples of amendments, row by row: documents, deadlines, penalties, refusals, returns."""

from collections.abc import Mapping
from typing import Any

import pytest

from dojang.etax import check
from etax.amendments_samples import BUYERS, PARTY_C, PERSON, documents_of, key_of, planned
from etax.law_samples import codes, load

ROWS = load("amendments.json")["cases"]

WRONG_BUYER = {"subtype": "non_mistake", "corrected": {"buyer": BUYERS["B"]}}
SUPPLIER_C = PARTY_C | {"business_type": None}

# What each row asks for; `target` names a document of the row where it is not the default. Facts stand beside it.
REQUESTS: Mapping[str, dict[str, Any]] = {
    "E01-01": {"subtype": "mistake", "corrected": {"supply_amount": 200_000}},
    "E01-02": {"subtype": "mistake", "corrected": {"supply_amount": 2_700_000}},
    "E01-03": {"subtype": "mistake", "corrected": {"supply_amount": 3_500_000}},
    "E01-05": WRONG_BUYER,
    "E01-06": WRONG_BUYER,
    "E01-07": {"subtype": "mistake", "corrected": {"written_on": "2026-01-31"}},
    "E01-09": {"subtype": "mistake", "corrected": {"written_on": "2026-08-31"}},
    "E01-10": {"subtype": "mistake", "corrected": {"written_on": "2026-07-02"}},
    "E01-12": {"subtype": "tax_rate", "corrected": {"document_type": "0101"}},
    "E01-13": {"subtype": "optional"},
    "E01-14": {"subtype": "mistake", "corrected": {"supply_amount": 800_000}},
    "E01-16": {"subtype": "non_mistake", "corrected": {"buyer": PERSON}},
    "E01-17": {
        "subtype": "mistake",
        "corrected": {"supply_amount": 1_000_000},
        "also": [{"document_type": "0301", "supply_amount": 500_000}],
    },
    "E02-01": {"event_on": "2026-02-20", "supply_delta": -20_000},
    "E02-02": {"event_on": "2026-07-08", "supply_delta": 200_000},
    "E02-04": {"event_on": "2026-09-30", "supply_delta": -300_000},
    "E02-05": {"event_on": "2026-06-15", "supply_delta": -4_000_000},
    "E02-07": {"event_on": "2026-08-03", "supply_delta": -4_500_000},
    "E02-08": {"event_on": "2026-05-01", "supply_delta": 500_000},
    "E02-10": {"event_on": "2026-05-10", "supply_delta": -100_000},
    "E03-01": {"event_on": "2026-02-12", "supply_amount": 10_000},
    "E03-02": {"event_on": "2025-11-05", "supply_amount": 1_000_000},
    "E03-03": {"event_on": "2026-08-19", "supply_amount": 700_000},
    "E03-04": {"event_on": "2026-09-02", "supply_amount": 1_600_000},
    "E03-06": {"event_on": "2026-07-21", "supply_amount": 2_000_000},
    "E03-08": {"event_on": "2026-05-20", "supply_amount": 400_000},
    "E04-01": {"event_on": "2026-02-15", "delivered": False},
    "E04-02": {"event_on": "2025-11-15", "delivered": False},
    "E04-03": {"event_on": "2026-07-31", "delivered": False},
    "E04-07": {"event_on": "2026-03-20", "delivered": True},
    "E05-01": {"evidence_on": "2026-04-12", "supply_amount": 1_000_000},
    "E05-03": {"evidence_on": "2026-07-28"},
    "E05-04": {"evidence_on": "2026-07-20"},
    "E05-06": {"evidence_on": "2026-07-20", "supply_amount": 7_000_000},
    "E05-07": {"evidence_on": "2026-07-20"},
    "E06-01": {"target": "A2", "subtype": "duplicate", "twin": "A1"},
    "E06-02": {"target": "A2", "subtype": "duplicate", "twin": "A1"},
    "E06-04": {"subtype": "not_taxable"},
    "E06-05": {"subtype": "duplicate", "supply_amount": 500_000},
    "E07-01": {"subtype": "mistake", "corrected": {"supply_amount": 450_000}},
    "E07-02": {"event_on": "2026-04-20", "supply_amount": 100_000},
    "E08-01": {"event_on": "2026-06-25", "supply_amount": 300_000},
    "E08-03": {"event_on": "2026-06-25", "supply_delta": -50_000},
    "E09-01": {"target": "M1", "subtype": "duplicate"},
    "E09-03": {"target": "M2", "subtype": "mistake", "corrected": {"supply_amount": 250_000}},
    "E09-04": {"target": "A", "subtype": "mistake", "corrected": {"supply_amount": 250_000}},
    "E09-06": {"subtype": "mistake"},
    "E10-01": {"subtype": "mistake", "corrected": {"document_type": "0401"}},
    "E10-02": {"event_on": "2026-06-20", "supply_amount": -100_000},
    "E10-04": {"subtype": "mistake", "corrected": {"supplier": SUPPLIER_C}},
    "E10-05": {"event_on": "2026-06-20", "supply_delta": -100_000, "tax_delta": -10_000},
    "E10-07": {"event": "rebate"},
    "E10-08": {"event_on": "2026-07-15", "supply_delta": -250_000},
}

FACTS: Mapping[str, dict[str, Any]] = {
    "E01-14": {
        "audit": {"ground": "세무조사 통지", "received_on": "2026-09-01", "covers_this_supply": "yes"}
    },
    "E01-16": {"buyer_closed_on": "2026-04-01"},
    "E02-08": {"supplier_closed_on": "2026-03-31"},
    "E03-06": {"successors": {"buyer": dict(PARTY_C)}},
    "E05-01": {"returns_filed": [{"period": "2026-1-preliminary", "filed_on": "2026-04-27"}]},
}

# Deadlines and penalties where the row says them: (deadline, kind).
DEADLINES: Mapping[str, tuple[str | None, str]] = {
    **{row["id"]: (row["deadline"], "soft") for row in ROWS if row["deadline"][:2] == "20"},
    **{row["id"]: (None, "none") for row in ROWS if row["deadline"][:4] == "none" or row["deadline"] == "-"},
    "E01-05": ("2027-07-27", "hard"),
    "E01-06": ("2027-07-27", "hard"),
    "E01-16": ("2027-07-27", "hard"),
    "E04-07": ("2026-04-10", "soft"),
}
PENALTIES: Mapping[str, list[tuple[str, str, int, str]]] = {
    "E01-05": [("buyer", "late_receive", 5_000, "practice")],  # after the final return was due
    "E01-09": [("supplier", "late_issue", 50_000, "law"), ("buyer", "late_receive", 25_000, "law")],
    "E01-17": [("supplier", "late_issue", 5_000, "law")],
    "E02-04": [("supplier", "late_issue", 3_000, "practice")],
    "E03-08": [("supplier", "non_issue", 8_000, "practice")],
    "E04-03": [("supplier", "late_issue", 80_000, "practice")],
}

# (supplier, buyer): period, action, change of the tax owed.
Effects = list[tuple[str, str, int]]
VAT: Mapping[str, tuple[Effects, Effects]] = {
    "E01-01": ([("2026-1-preliminary", "include", 10_000)], [("2026-1-preliminary", "include", -10_000)]),
    "E01-02": ([("2026-1-final", "claim_refund", -30_000)], [("2026-1-final", "amend_return", 30_000)]),
    "E01-03": ([("2026-1-final", "amend_return", 50_000)], [("2026-1-final", "claim_refund", -50_000)]),
    "E01-05": (
        [("2026-1-final", "none", 0)],
        [("2026-1-final", "amend_return", 100_000), ("2026-1-final", "claim_refund", -100_000)],
    ),
    "E01-07": ([("2026-1-preliminary", "none", 0)], [("2026-1-preliminary", "none", 0)]),
    "E01-09": ([("2026-2-preliminary", "none", 0)], [("2026-2-preliminary", "none", 0)]),
    "E01-12": ([("2026-1-final", "include", 700_000)], [("2026-1-final", "include", -700_000)]),
    "E01-13": ([("2026-2-preliminary", "none", 0)], [("2026-2-preliminary", "none", 0)]),
    "E01-16": (
        [("2026-1-final", "none", 0)],
        [("2026-1-final", "none", 0), ("2026-1-final", "none", 0)],
    ),
    "E01-17": ([("2026-1-final", "include", -50_000)], [("2026-1-final", "include", 50_000)]),
    "E02-01": ([("2026-1-preliminary", "event", -2_000)], [("2026-1-preliminary", "event", 2_000)]),
    "E02-02": ([("2026-2-preliminary", "event", 20_000)], [("2026-2-preliminary", "event", -20_000)]),
    # An event of a quarter whose 예정신고 (2026-10-26) was filed before the document was issued (2026-11-10).
    "E02-04": (
        [("2026-2-preliminary", "preliminary_down", -30_000)],
        [("2026-2-preliminary", "preliminary_up", 30_000)],
    ),
    "E03-02": ([("2025-2-final", "event", -100_000)], [("2025-2-final", "event", 100_000)]),
    "E03-03": ([("2026-2-preliminary", "event", -70_000)], [("2026-2-preliminary", "event", 70_000)]),
    "E03-08": ([("2026-1-final", "claim_refund", -40_000)], [("2026-1-final", "amend_return", 40_000)]),
    "E04-02": ([("2025-2-final", "event", -450_000)], [("2025-2-final", "event", 450_000)]),
    "E04-03": ([("2026-2-preliminary", "event", -800_000)], [("2026-2-preliminary", "event", 800_000)]),
    "E05-01": (
        [("2026-1-preliminary", "preliminary_down", -100_000)],
        [("2026-1-preliminary", "preliminary_up", 100_000)],
    ),
    "E05-04": ([("2026-1-final", "claim_refund", -900_000)], [("2026-1-final", "amend_return", 900_000)]),
    "E06-02": ([("2025-2-final", "claim_refund", -100_000)], [("2025-2-final", "amend_return", 100_000)]),
    "E07-01": ([("2026-1-preliminary", "none", 0)], [("2026-1-preliminary", "none", 0)]),
    "E07-02": ([("2026-1-final", "none", 0)], [("2026-1-final", "none", 0)]),
    "E09-01": ([("2026-1-final", "include", 100_000)], [("2026-1-final", "include", -100_000)]),
    "E10-08": ([("2026-2-preliminary", "event", -25_000)], [("2026-2-preliminary", "event", 25_000)]),
}
WARNINGS: Mapping[str, set[str]] = {
    "E04-07": {"use_03"},
    "E05-04": {"late", "zero_rate_after_return"},
    "E01-05": {"non_mistake_after_final_return"},
    "E01-09": {"late"},
    "E09-01": {"positive_06"},
    "E01-13": {"amounts_unchanged"},
    "E03-08": {"late"},
}


def request_of(row: Mapping[str, Any], documents: Mapping[str, Any]) -> dict[str, Any]:
    reason = row["reason"] if row["reason"] != "(none)" else None
    asked = {"reason": reason} | REQUESTS[row["id"]]
    if row["reason"] == "05":
        asked = {"evidence": "local_credit", "evidence_number": "L-1"} | asked
    named = {name: key_of(documents[asked[name]]) for name in ("target", "twin") if name in asked}
    return asked | named


def shown(row: Mapping[str, Any]) -> str:
    return f"{row['id']}: {row['title']}"


@pytest.fixture(params=ROWS, ids=shown)
def row(request):
    return request.param


@pytest.fixture
def documents(row):
    return documents_of(row)


@pytest.fixture
def result(row, documents):
    facts = FACTS.get(row["id"], {})
    return planned(documents.values(), request_of(row, documents), row["issue_date"], **facts)


def test_every_row_has_a_request():
    assert [row["id"] for row in ROWS] == list(REQUESTS)


def test_documents(row, documents, result):
    expected = row["result"]
    if row["id"] == "E04-07":  # with 04 chosen after all: those of reason 04
        expected = [{"type": "0201", "write_date": "2026-03-20", "supply": -600_000, "tax": -60_000,
                     "total": -660_000, "amend_code": "04", "org_approval": "A",
                     "remark": "당초 작성일자(2026-03-03)"}]  # fmt: skip
    got = [*result.documents, *result.follow_ups]
    assert [_described(each) for each in got] == [
        (
            each["type"],
            each["write_date"],
            each["supply"],
            each["tax"],
            each["total"],
            each["amend_code"] or None,
            key_of(documents[each["org_approval"]]) if each["org_approval"] else None,
            each["remark"],
        )
        for each in expected
    ]


def _described(invoice: Any) -> tuple[Any, ...]:
    return (
        invoice.document_type.value,
        invoice.written_on.isoformat(),
        invoice.supply_amount,
        invoice.tax_amount,
        invoice.total_amount,
        invoice.amendment_reason and invoice.amendment_reason.value,
        invoice.original_issue_id,
        " ".join(invoice.remarks),
    )


def test_buyers(row, result):
    for invoice, expected in zip(result.documents, row["result"], strict=False):
        if "buyer" in expected:
            named = "대표B" if expected["buyer"].startswith("대표자") else f"{expected['buyer'][0]}상사"
            assert invoice.buyer.name == named


def test_errors(row, result):
    error = row["error"]
    expected = [] if error is None else [error.split()[0].removeprefix("ERR_").lower()]
    assert codes(result.errors) == expected


def test_deadline(row, result):
    on, kind = DEADLINES[row["id"]]
    assert (result.deadline and result.deadline.isoformat(), result.deadline_kind.value) == (on, kind)


def test_penalties(row, result):
    got = [(each.who, each.code, each.amount, each.certainty) for each in result.penalties]
    assert got == PENALTIES.get(row["id"], [])


def test_vat(row, result):
    if row["id"] in VAT:
        supplier, buyer = VAT[row["id"]]
        assert [_effect(each) for each in result.vat.supplier] == supplier
        assert [_effect(each) for each in result.vat.buyer] == buyer


def _effect(effect: Any) -> tuple[str, str, int]:
    assert effect.condition is None
    return (effect.period.key, effect.action.value, effect.tax_delta)


def test_warnings(row, result):
    assert WARNINGS.get(row["id"], set()) <= set(codes(result.warnings))
    assert "late" not in codes(result.warnings) or row["id"] in {
        "E01-09",
        "E02-04",
        "E03-08",
        "E04-03",
        "E05-04",
    }


def test_documents_are_sound(row, result):
    for invoice in (*result.documents, *result.follow_ups):
        findings = check(invoice, on=result.case.on)
        assert [each.code for each in findings if each.severity.value == "error"] == []
        assert invoice.issue_id is None
        assert invoice.issued_at is None


def test_what_a_row_said_beside_its_codes(row, result):
    """The largest amount and the limits that the rows name."""
    facts = {name: fact for error in result.errors for name, fact in getattr(error, "facts", ())}
    if row["id"] == "E03-04":
        assert facts["max"] == 1_500_000
    if row["id"] == "E05-03":
        assert str(facts["limit"]) == "2026-07-27"
    if row["id"] == "E01-10":
        assert str(facts["deadline"]) == "2026-08-10"
    if row["id"] == "E01-17":
        assert [each.isoformat() for each in result.follow_up_deadlines] == ["2026-06-10"]
