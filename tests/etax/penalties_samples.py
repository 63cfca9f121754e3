"""Short ways to write a document, the parties and a judgement in tests of penalties."""

import json
from datetime import date

from dojang.etax.codes import DocumentType
from dojang.etax.facts import Facts
from dojang.etax.parameters import Law
from dojang.etax.penalties import Assessment, DocumentFacts, assess

LAW = Law.load()


def facts(**told) -> Facts:
    """The parties, written as in facts.json; dates may be dates."""
    return Facts.from_json(json.dumps(told, default=str))


COMPANY = Facts()
PERSON = facts(supplier_kind="individual", e_obligated=False)
"""A supplier who may issue on paper."""
SUPPLY = 10_000_000
LATER = date(2030, 1, 2)
"""Long after everything, so that what a test does not do has not been done."""


def day(text: str) -> date:
    return date.fromisoformat(text)


def document(
    written_on: str, issued_on: str | None = None, sent_on: str | None = "", **more
) -> DocumentFacts:
    """A 세금계산서 over 10,000,000; sent on the day of issue unless said otherwise."""
    values = {"document_type": DocumentType.TAX, "supply_amount": SUPPLY} | more
    if issued_on and sent_on == "":
        sent_on = issued_on
    return DocumentFacts(
        written_on=day(written_on),
        issued_on=day(issued_on) if issued_on else None,
        sent_on=day(sent_on) if sent_on else None,
        **values,
    )


def exempt(written_on: str, issued_on: str | None = None, sent_on: str | None = "", **more) -> DocumentFacts:
    """A 계산서 over 10,000,000."""
    return document(written_on, issued_on, sent_on, document_type=DocumentType.EXEMPT, **more)


def judged(judged_document: DocumentFacts, parties: Facts = COMPANY, today: date = LATER) -> Assessment:
    return assess(judged_document, parties, law=LAW, today=today)


def owed(assessment: Assessment, who: str) -> list[tuple[str, int, str]]:
    """Code, won and certainty of what one party owes."""
    return [(each.code, each.amount, each.certainty) for each in assessment.penalties if each.who == who]


def codes(assessment: Assessment) -> set[str]:
    return {notice.code for notice in assessment.notices}
