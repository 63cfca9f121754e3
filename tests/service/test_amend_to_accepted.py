"""Every event of the wizard, from answers to documents that the tax office accepted, or to a stop that issues nothing.

The ways are walked by the law engine alone; each is then gone in the product, on a document of its own. What the engine
can be asked for is read from the shapes of its requests, so that a new sub-type without a way through the product fails.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Literal, get_args, get_origin

import pytest
from amendment_world import Seller, item
from service_world import business_number, details, first_business, make_workspace
from signing_world import content, keeper, make_ready, register
from transmission_world import Company, Office, connect, open_office, same_books, transmit

from dojang.etax.amendments import plan
from dojang.etax.amendments.request import NoReason, Request
from dojang.etax.amendments.suggest import Ready, Stop, tree
from dojang.service.amendments import services
from dojang.service.amendments.chains import deal_of
from dojang.service.amendments.errors import NotPlanned
from dojang.service.amendments.facts import facts_of, setting_of
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.law import law
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business
from etax.suggest_samples import Wizard, ways

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 8, 1, 0, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
WRITTEN = "2026-05-06"
HOUR = timedelta(hours=1)
NUMBER = business_number(77, kind="81")
PERSON = {"kind": "individual", "number": "9002301234563", "name": "김가상", "representative": "김가상"}
RETURNED = {
    "returned_what": "part",
    "returned_exchanged": "no",
    "returned_on": "2026-06-01",
    "returned_items": 300_000,
}
PRICE_UP = {
    "price_when_issued": "yes",
    "price_why": "extra_work",
    "price_on": "2026-06-01",
    "price_to": {"delta": 200_000},
}
UNDONE = {
    "undone_performed": "nothing",
    "undone_on": "2026-06-01",
    "undone_agreed": "yes",
    "undone_damages": "no",
}


@dataclass(frozen=True)
class Sample:
    """A document to amend.

    Attributes:
        written: what is not as on the others.
        before: the event that it was amended for, and the answers.
        is_amendment: whether what came of that is amended, not the original.
        events: those that have an end of their own here; empty for all.
    """

    written: Mapping[str, Any]
    before: tuple[str, Mapping[str, Any]] | None = None
    is_amendment: bool = False
    events: frozenset[str] = frozenset()


SAMPLES = {
    "taxable": Sample({}),
    "zero-rated": Sample(
        {"document_type": "0102", "items": [item(1_000_000, tax=0)]},
        events=frozenset({"wrong_tax_kind", "lc_opened"}),
    ),
    "exempt": Sample(
        {"document_type": "0301", "items": [item(1_000_000) | {"tax_amount": None}]},
        events=frozenset({"wrong_tax_kind", "lc_opened"}),
    ),
    "several items": Sample(
        {"items": [item(600_000, name="가"), item(400_000, name="나")]},
        events=frozenset({"wrong_amount", "goods_returned"}),
    ),
    "a person": Sample({"buyer": PERSON}, events=frozenset({"wrong_buyer"})),
    "after a change of price": Sample(
        {}, ("price_changed", PRICE_UP), events=frozenset({"contract_undone", "goods_returned"})
    ),
    "a change of price": Sample(
        {},
        ("price_changed", PRICE_UP),
        is_amendment=True,
        events=frozenset({"amendment_unneeded", "amendment_wrong"}),
    ),
    "a return": Sample(
        {},
        ("goods_returned", RETURNED),
        is_amendment=True,
        events=frozenset({"amendment_unneeded", "amendment_wrong"}),
    ),
    "a cancelled contract": Sample(
        {},
        ("contract_undone", UNDONE),
        is_amendment=True,
        events=frozenset({"amendment_unneeded", "amendment_wrong"}),
    ),
}

Asked = tuple[str, str, object]


@cache
def can_be_asked() -> set[Asked]:
    """Every reason with every value of each field that has a fixed few."""
    found: set[Asked] = set()
    for shape in get_args(Request):
        if shape is NoReason:
            continue
        [reason] = get_args(shape.model_fields["reason"].annotation)
        found.add((reason, "reason", reason))
        for name, field in shape.model_fields.items():
            if name != "reason" and get_origin(field.annotation) is Literal:
                found |= {(reason, name, value) for value in get_args(field.annotation)}
    return found


def asked_by(request: Any) -> set[Asked]:
    """What of that a request asks for."""
    given = {(request.reason, name, value) for name, value in request if isinstance(value, str | bool)}
    return given & can_be_asked()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_office(tmp_path_factory.mktemp("sandbox")) as office:
        yield office


@pytest.fixture
def company(monkeypatch, tmp_path, sandbox) -> Company:
    authority = connect(monkeypatch, tmp_path / "data", sandbox)
    sandbox.clock.now = MAY
    owner = keeper(authority, NUMBER, "한빛상사", valid_from=MAY - HOUR, valid_to=SEPTEMBER + 999 * HOUR)
    workspace = make_workspace(business=details(NUMBER), now=MAY)
    register(workspace, first_business(workspace), owner, now=MAY)
    with in_workspace(workspace.pk):
        # Nothing that has to be asked about returns: the ways are told apart by what happened.
        Business.objects.update(facts={"returns_filed": "by_due_date", "audit": {}})
    return Company(workspace, owner)


_buyers = count(1000)


def sold(sample: Sample, seller: Seller) -> Invoice:
    """Ready to be issued, to a buyer of its own: no other document is of the same deal."""
    given = content(written_on=WRITTEN, items=[item(1_000_000)])
    buyer = given["buyer"] | {"number": business_number(next(_buyers), kind="88")}
    return make_ready(seller.workspace, now=MAY, **(given | {"buyer": buyer} | sample.written))


def sent(office: Office, seller: Seller, invoices: list[Invoice], at: datetime) -> list[Invoice]:
    """Signed, transmitted and, all of them, accepted."""
    for start in range(0, len(invoices), 100):
        done = seller.sign(invoices[start : start + 100], now=at)
        assert not done.refused, done.refused[0].why
    transmit(office, at=at + HOUR)
    rows = [seller.row(one) for one in invoices]
    assert {(one.state, one.result_code) for one in rows} <= {(State.ACCEPTED, "SUC001")}
    return rows


def targets(office: Office, seller: Seller, sample: Sample, number: int) -> list[Invoice]:
    """So many accepted documents of a sample."""
    originals = sent(office, seller, [sold(sample, seller) for _ in range(number)], MAY)
    if sample.before is None:
        return originals
    event, answers = sample.before
    made = [seller.amend(one, event, answers, now=JULY).invoices for one in originals]
    amendments = sent(office, seller, [one for group in made for one in group], JULY)
    return amendments if sample.is_amendment else originals


def wizard_of(seller: Seller, target: Invoice) -> Wizard:
    """The law engine alone, told what the service knows."""
    with in_workspace(seller.workspace.pk):
        deal = deal_of(invoice=target)
        facts = facts_of(target.business, None, deal.target.invoice, on=SEPTEMBER.date())
        setting = setting_of(target.business, deal, now=SEPTEMBER)
    return Wizard(deal.chain, SEPTEMBER.date().isoformat(), facts, deal.target_key, setting)


@dataclass(frozen=True)
class Way:
    """From an event to its end, as the law engine has it."""

    event: str
    answers: Mapping[str, Any]
    end: Ready | Stop
    is_lawful: bool


def ways_of(sample: Wizard, events: Collection[str], seen: set[Any]) -> Iterator[Way]:
    """For each end that an event can come to and that was not seen before, the first way there."""
    for group in sample.at(None).groups:
        for event in (one for one in group.events if not events or one.key in events):
            for answers, end in ways(sample, event.key):
                if not isinstance(end, Ready | Stop):
                    continue
                found = _way(sample, event.key, answers, end)
                told = frozenset(asked_by(end.request)) if isinstance(end, Ready) else end.key
                if (key := (event.key, told, found.is_lawful)) not in seen:
                    seen.add(key)
                    yield found


def of_buyer(answers: Mapping[str, Any], first: Invoice, target: Invoice) -> dict[str, Any]:
    """The same answers where they name the buyer of a document."""
    told = json.dumps(answers)
    if first.buyer_number:
        told = told.replace(first.buyer_number, target.buyer_number)
    found: dict[str, Any] = json.loads(told)
    return found


def _way(sample: Wizard, event: str, answers: Mapping[str, Any], end: Ready | Stop) -> Way:
    if isinstance(end, Stop):
        return Way(event, answers, end, is_lawful=False)
    planned = plan(sample.chain, end.request, end.facts, law=law(), on=SEPTEMBER.date())
    return Way(event, answers, end, planned.is_possible)


def test_every_event_comes_to_documents_that_are_accepted_or_to_a_stop_that_issues_nothing(company, sandbox):
    seller = Seller(company.workspace, company.owner)
    seen: set[Any] = set()
    events: set[str] = set()
    accepted: set[Asked] = set()
    stops: set[str] = set()
    made: list[Invoice] = []
    gone: list[Way] = []
    for sample in SAMPLES.values():
        [first] = targets(sandbox, seller, sample, 1)
        found = list(ways_of(wizard_of(seller, first), sample.events, seen))
        lawful = [one for one in found if one.is_lawful]
        for way in found:
            events.add(way.event)
            if not way.is_lawful:
                issues_nothing(seller, first, way)
                if isinstance(way.end, Stop):
                    stops.add(way.end.key)
        for way, target in zip(lawful, targets(sandbox, seller, sample, len(lawful)), strict=True):
            answers = of_buyer(way.answers, first, target)
            step = seller.walk(seller.begin(target, now=SEPTEMBER), way.event, answers, now=SEPTEMBER)
            prepared = seller.prepare(step, now=SEPTEMBER)
            made += [*prepared.invoices, *prepared.follow_ups]
            gone.append(way)
    assert made
    sent(sandbox, seller, made, SEPTEMBER)
    same_books(sandbox, company)
    for way in gone:
        accepted |= asked_by(way.end.request)
    assert accepted >= can_be_asked(), can_be_asked() - accepted
    assert events == set(tree().events)
    assert stops >= WITHOUT_DOCUMENT


WITHOUT_DOCUMENT = {
    "S-UNPAID", "S-REBATE", "S-FX", "S-INTEREST", "S-EXCHANGE", "S-PERFORMED", "S-ASSIGN", "S-MAIL", "S-RENAME",
    "S-CARD", "S-PURPOSE", "S-FAKE", "S-WHOLE", "S-LEAVE", "S-EXPORT",
}  # fmt: skip
"""What no document is made for, whatever else the engine comes to know."""


def issues_nothing(seller: Seller, target: Invoice, way: Way) -> None:
    """The end is told, preparing is refused, and no document is made."""
    with in_workspace(seller.workspace.pk):
        before = Invoice.objects.count()
    step = seller.walk(seller.begin(target, now=SEPTEMBER), way.event, way.answers, now=SEPTEMBER)
    if isinstance(way.end, Stop):
        assert step.stop is not None
        assert step.stop.key == way.end.key
    else:
        assert step.ready is not None
        assert not step.ready.is_possible
    with in_workspace(seller.workspace.pk):
        with pytest.raises(NotPlanned):
            services.prepare(
                member=seller.member,
                amendment_id=step.amendment.pk,
                confirmed=range(20),
                seen=step.seen,
                now=SEPTEMBER,
            )
        services.withdraw(member=seller.member, amendment_id=step.amendment.pk, now=SEPTEMBER)
        assert Invoice.objects.count() == before


def test_what_can_be_asked_for_is_every_reason_and_sub_type_of_the_engine():
    assert {reason for reason, _, _ in can_be_asked()} == {"01", "02", "03", "04", "05", "06"}
    assert {value for _, name, value in can_be_asked() if name == "subtype"} == {
        "mistake", "non_mistake", "tax_rate", "optional", "duplicate", "not_taxable", "wrong_supplier", "too_early",
    }  # fmt: skip
