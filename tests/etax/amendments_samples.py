"""Invented chains: short ways to write documents, and the rows of the worked examples as chains."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from dojang.etax import Invoice
from dojang.etax.amendments.chain import Chain, ChainDocument, Status
from dojang.etax.amendments.plan import Plan, plan
from dojang.etax.amendments.request import request_from_data
from dojang.etax.facts import Facts
from etax.etax_samples import example
from etax.law_samples import LAW, day

BUYERS: Mapping[str, dict[str, Any]] = {
    name: {
        "kind": "business",
        "number": number,
        "name": f"{name}상사",
        "representative": f"대표{name}",
        "contacts": [{"email": f"{name.lower()}@example.com"}],
    }
    for name, number in {"B": "9998600010", "C": "9988100012"}.items()
}
PERSON: Mapping[str, Any] = {
    "kind": "individual",
    "number": "9002301234563",  # 30 February
    "name": "대표B",
    "representative": "대표B",
    "contacts": [],
}
PARTY_C: Mapping[str, Any] = {"business_number": "9988100012", "name": "C상사", "representative": "대표C"}
BROKER: Mapping[str, Any] = {"business_number": "9988100012", "name": "수탁(주)", "representative": "박수탁"}
STATUSES = {"SEND_FAILED": "rejected"}


def issue_id(name: str, written_on: str) -> str:
    """The 승인번호 of a document that the examples call A, A1, M2."""
    return f"{written_on.replace('-', '')}41999999{name.lower().rjust(8, '0')}"


def document(
    name: str,
    kind: str,
    written_on: str,
    supply: int,
    tax: int,
    *,
    code: str | None = None,
    original: str | None = None,
    status: str = "accepted",
    issued: str | None = None,
    sent: str | None = None,
    buyer: Mapping[str, Any] = BUYERS["B"],
    **changes: Any,
) -> ChainDocument:
    """One document with one line; `original` is the 승인번호 of what it amends."""
    items = [{"name": "노트", "supply_amount": supply, "tax_amount": None if kind[1] in "34" else tax}]
    data = example(
        document_type=kind,
        written_on=written_on,
        buyer=dict(buyer),
        broker=dict(BROKER) if kind[2:] in {"03", "05"} else None,
        items=items,
        payments=[],
        issue_id=None if status == "paper" else issue_id(name, written_on),
        issued_at=f"{issued or written_on}T10:00:00+09:00",
        amendment_reason=code,
        original_issue_id=original,
    )
    sent_at = f"{sent}T09:00:00+09:00" if sent else None
    return Chain.from_data(
        {"documents": [{"invoice": data | changes, "status": status, "sent_at": sent_at}]}
    ).documents[0]


def original(
    written_on: str = "2026-05-06", supply: int = 1_000_000, kind: str = "0101", **changes: Any
) -> ChainDocument:
    """A of the examples: taxed at 10 % if its kind is."""
    tax = supply // 10 if kind[1] in "12" and kind[2:] in {"01", "03"} else 0
    return document("A", kind, written_on, supply, changes.pop("tax", tax), **changes)


def chain(*documents: ChainDocument) -> Chain:
    return Chain(documents)


def issued(
    planned: Plan, names: Iterable[str], on: str, *, status: Status = Status.ACCEPTED
) -> list[ChainDocument]:
    """The planned documents as they stand in a chain once issued."""
    return [
        ChainDocument(
            invoice=Invoice.from_data(
                each.to_data()
                | {
                    "issue_id": issue_id(name, each.written_on.isoformat()),
                    "issued_at": f"{on}T10:00:00+09:00",
                }
            ),
            status=status,
        )
        for name, each in zip(names, planned.documents, strict=True)
    ]


def planned(documents: Iterable[ChainDocument], request: Mapping[str, Any], on: str, **facts: Any) -> Plan:
    """The plan for a request as JSON has it."""
    told = Facts.from_json(json.dumps(facts, ensure_ascii=False))
    return plan(Chain(tuple(documents)), request_from_data(request), told, law=LAW, on=day(on))


def key_of(document: ChainDocument) -> str:
    assert document.invoice.issue_id is not None
    return document.invoice.issue_id


# The rows of amendments.json ----------------------------------------------------------------------------------

_Row = Mapping[str, Any]


def documents_of(row: _Row) -> dict[str, ChainDocument]:
    """The documents of a row by the names it gives them."""
    given = row["original"]
    roots = given.get("root", given) if "root" in given else given
    listed = roots if isinstance(roots, list) else [roots]
    found = {root["approval"]: _root(root) for root in listed}
    for place, prior in enumerate(given.get("prior", []), start=1):
        target = key_of(found[prior["org_approval"]])
        found[f"M{place}"] = document(
            f"M{place}",
            prior["type"],
            prior["write_date"],
            prior["supply"],
            prior["tax"],
            code=prior["amend_code"],
            original=target,
            remarks=[prior["remark"]] if prior["remark"] else [],
        )
    return found


def _root(root: _Row) -> ChainDocument:
    buyer = BUYERS[str(root.get("buyer", "B"))[0]]
    return document(
        root["approval"],
        root["type"],
        root["write_date"],
        root["supply"],
        root["tax"],
        issued=root.get("issue"),
        status=STATUSES.get(root.get("status", ""), "accepted"),
        buyer=buyer,
    )
