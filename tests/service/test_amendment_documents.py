"""From what happened to documents: exactly those of the law engine, made once, signed together."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from amendment_world import Seller, item, seller

from dojang.etax.amendments import plan
from dojang.etax.amendments.suggest import Ready
from dojang.service.amendments import services
from dojang.service.amendments.chains import deal_of
from dojang.service.amendments.facts import facts_of, setting_of
from dojang.service.invoices import content
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.law import law
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business
from etax.suggest_samples import Wizard, ways

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
ON = "2026-09-10"
ORIGINALS: Mapping[str, Mapping[str, Any]] = {
    "taxable": {},
    "zero-rated": {"document_type": "0102", "items": [item(1_000_000, tax=0)]},
    "exempt": {"document_type": "0301", "items": [item(1_000_000) | {"tax_amount": None}]},
    "several items": {"items": [item(600_000, name="가"), item(400_000, name="나")]},
    "a person": {
        "buyer": {
            "kind": "individual",
            "number": "9002301234563",
            "name": "김가상",
            "representative": "김가상",
            "contacts": [{"email": "kim@person.example"}],
        }
    },
}
SORTS = {
    *(("01", subtype) for subtype in ("mistake", "non_mistake", "tax_rate", "optional")),
    *((reason, None) for reason in ("02", "03", "04", "05")),
    *(("06", subtype) for subtype in ("duplicate", "not_taxable", "wrong_supplier", "too_early")),
}
"""Every reason with its sub-types."""
MISSING = {
    "taxable": set(),
    "zero-rated": {("05", None)},
    "exempt": {("05", None), ("01", "tax_rate")},
    "several items": set(),
    "a person": {("01", "non_mistake")},
}
"""What the law has no use for there; of a person it is a way that begins with a business that closed."""


@pytest.fixture
def company(monkeypatch) -> Seller:
    found = seller(monkeypatch)
    with in_workspace(found.workspace.pk):
        # Nothing that has to be asked about returns: the ways are told apart by what happened.
        Business.objects.update(facts={"returns_filed": "by_due_date", "audit": {}})
    return found


def wizard_of(company: Seller, sold: Invoice) -> Wizard:
    """The law engine alone, told what the service knows."""
    with in_workspace(company.workspace.pk):
        deal = deal_of(invoice=sold)
        facts = facts_of(sold.business, None, deal.target.invoice, on=SEPTEMBER.date())
        setting = setting_of(sold.business, deal, now=SEPTEMBER)
    return Wizard(deal.chain, ON, facts, deal.target_key, setting)


def one_way_each(sample: Wizard) -> Iterator[tuple[str, Mapping[str, Any], Ready]]:
    """For each reason and sub-type that each event can come to, one way."""
    seen = set()
    for event in offered(sample):
        for answers, end in ways(sample, event):
            if not isinstance(end, Ready):
                continue
            key = (end.event, *sort_of(end))
            if key not in seen:
                seen.add(key)
                yield event, answers, end


def sort_of(end: Ready) -> tuple[str, str | None]:
    return end.request.reason, getattr(end.request, "subtype", None)


def said(document) -> dict[str, Any]:
    return {
        name: value for name, value in document.to_data().items() if name not in {"issue_id", "issued_at"}
    }


@pytest.mark.parametrize("name", ORIGINALS)
def test_every_reason_from_the_event_to_its_documents_is_what_the_law_engine_plans(company, name):
    sold = company.sold(now=MAY, **({"written_on": "2026-05-06"} | ORIGINALS[name]))
    sample = wizard_of(company, sold)
    met = set()
    for event, answers, end in one_way_each(sample):
        planned = plan(sample.chain, end.request, end.facts, law=law(), on=SEPTEMBER.date())
        if not planned.is_possible:
            continue
        amendment = company.begin(sold, now=SEPTEMBER)
        step = company.walk(amendment, event, answers, now=SEPTEMBER)
        prepared = company.prepare(step, now=SEPTEMBER)
        with in_workspace(company.workspace.pk):
            made = [said(content.parse(one).document) for one in prepared.invoices]
            others = [said(content.parse(one).document) for one in prepared.follow_ups]
            services.withdraw(member=company.member, amendment_id=amendment.pk, now=SEPTEMBER)
        assert made == [said(one) for one in planned.documents], (event, answers)
        assert others == [said(one) for one in planned.follow_ups], (event, answers)
        assert {one.issue_by for one in prepared.invoices} == {planned.deadline}
        assert tuple(one.issue_by for one in prepared.follow_ups) == planned.follow_up_deadlines
        assert {one.state for one in (*prepared.invoices, *prepared.follow_ups)} == {State.READY}
        met.add(sort_of(end))
    assert met == SORTS - MISSING[name]


def offered(sample: Wizard) -> list[str]:
    return [event.key for group in sample.at(None).groups for event in group.events]
