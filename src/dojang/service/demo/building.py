"""Building the demo: people, two businesses, customers, and four months of invoices in every state.

Everything goes through the services that people use. What lies in the past is issued and sent at the time of then,
with the sandbox's clock set back; then it is set to the present, and what is left for the worker is left to it.
A demo that was not finished, since somebody stopped it, is begun anew in a workspace of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import httpx
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from dojang.etax.invoice import KST
from dojang.etax.signature import sign
from dojang.etax.xml_reader import read
from dojang.npki.identity import Identity, open_identity
from dojang.service.accounts.models import User
from dojang.service.audit.actor import Actor
from dojang.service.certificates import services as certificates
from dojang.service.certificates import transmitter
from dojang.service.counterparties.details import ContactDetails, Details
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.services.editing import add
from dojang.service.demo import purchases
from dojang.service.demo.accounts import ACCOUNTS, CERTIFICATE_PASSPHRASE, PASSWORD, certificate_folder
from dojang.service.demo.certificates import archive_of, supplier_folder
from dojang.service.demo.world import World, load
from dojang.service.invoices import drafts, issuing, orders, transmitting
from dojang.service.invoices.models import Invoice
from dojang.service.notices import sending
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import pipeline
from dojang.service.transmission.models import Submission
from dojang.service.web.say import say
from dojang.service.workspaces.details import BusinessDetails
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, Membership, TransmitPolicy, Workspace
from dojang.service.workspaces.services.businesses import insert_business
from dojang.service.workspaces.services.founding import create_workspace

_MONTHS = 4
_PER_MONTH = 7
_VAT_DIVISOR = 10
#: Every so many days on which something is issued, something is bought.
_BETWEEN_PURCHASES = 3
#: On which of these days something is issued that should have been long ago, and on which the day's are sent late.
_ISSUED_LATE, _SENT_LATE = 11, 13
_LATE_BY = timedelta(days=40)
_CONTROL_SECONDS = 10
_PAUSE_SECONDS = 0.05
#: What the NTS says of the one that it refused.
_REFUSAL = "ERR002"


def build() -> str:
    """Fill an empty demo, once; what there is to tell the person."""
    world = load()
    owner = _people()
    if not _is_built(owner):
        _Builder(world, owner, timezone.now()).everything()
    return _told()


def _told() -> str:
    folder = certificate_folder()
    return "\n".join(
        (
            say("로그인", "Log in") + f":   {ACCOUNTS[0].email} / {PASSWORD}",
            say("인증서", "Certificates")
            + f":   {folder} ({say('비밀번호', 'passphrase')} {CERTIFICATE_PASSPHRASE})",
        )
    )


def _people() -> User:
    for one in ACCOUNTS:
        user = User.objects.filter(email=one.email).first()
        if user is None:
            user = User.objects.create_user(one.email, PASSWORD, name=one.name, is_staff=one.is_operator)
        EmailAddress.objects.get_or_create(
            user=user, email=one.email, defaults={"verified": True, "primary": True}
        )
    return User.objects.get(email=ACCOUNTS[0].email)


def _is_built(owner: User) -> bool:
    """The last thing that is made is the other people's membership."""
    last = User.objects.get(email=ACCOUNTS[-1].email)
    return bool(crossing.memberships(owner.pk)) and bool(crossing.memberships(last.pk))


@dataclass(frozen=True)
class _Issuer:
    """A business with its opened certificate."""

    business: Business
    identity: Identity
    sealed: bytes

    def signer(self) -> issuing.Signer:
        key_id = transmitter.public_key().key_id
        return issuing.Signer(self.identity.certificate.der, key_id, self.sealed)

    def sign(self, placed: orders.Orders) -> list[issuing.Signed]:
        der = self.identity.certificate.der
        return [
            issuing.Signed(one.order.pk, sign(read(one.xml).invoice, der, self.identity.sign))
            for one in placed.placed
        ]


class _Then:
    """A clock in the past: it goes on by itself only as far as something pauses."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def pause(self, seconds: float) -> None:
        self._at += timedelta(seconds=max(seconds, 0.01))
        sleep(min(seconds, _PAUSE_SECONDS))


class _Builder:
    """One run of building."""

    def __init__(self, world: World, owner: User, now: datetime) -> None:
        self._world = world
        self._owner = owner
        self._now = now
        # The same demo for everybody: pictures in the documentation stay true.
        self._random = Random(20260708)  # noqa: S311 (amounts of invented invoices)

    def everything(self) -> None:
        start = self._now - timedelta(days=32 * _MONTHS)
        workspace = self._workspace(start)
        member = self._member(workspace)
        with in_workspace(workspace.pk):
            customers = self._customers(member, start)
        issuers = self._issuers(workspace, member, start)
        seller, supplier = self._supplier(member, start)
        with _past() as go_to:
            for number, day in enumerate(self._days()):
                at = datetime.combine(day, time(10, 30), KST)
                go_to(at)
                if number % _BETWEEN_PURCHASES == 0:
                    self._sell(seller, supplier, issuers[0].business, number // _BETWEEN_PURCHASES, at)
                written_on = (at - _LATE_BY if number == _ISSUED_LATE else at).date()
                self._issue_day(workspace, member, issuers, customers, at, written_on)
                # What isn't sent now goes with the next day's: after 전송기한.
                if number != _SENT_LATE:
                    self._send(at)
        self._troubles(workspace, member, issuers[0], customers)
        self._present(workspace, member, issuers, customers)
        purchases.arrange(
            member=member,
            buyer=issuers[0].business,
            supplier=supplier.business,
            identity=supplier.identity,
            now=self._now,
        )
        self._others(workspace)

    def _workspace(self, at: datetime) -> Workspace:
        first, *others = (BusinessDetails(**values) for values in self._world.businesses)
        actor = Actor("user", self._owner.pk)
        workspace = create_workspace(
            name=say("도장 체험", "Dojang demo"), business=first, actor=actor, now=at
        )
        with in_workspace(workspace.pk):
            for details in others:
                insert_business(details.cleaned(), actor=actor, now=at)
            workspace.transmit_policy = TransmitPolicy.AT_ONCE
            workspace.save(update_fields=["transmit_policy"])
        return workspace

    def _supplier(self, buyer: Member, at: datetime) -> tuple[Member, _Issuer]:
        """Who sells to the first business: somebody else, in a workspace of their own, known there as a 거래처."""
        values = self._world.supplier
        owner = User.objects.filter(email=values["contact_email"]).first() or User.objects.create_user(
            values["contact_email"], None, name=values["contact_name"], is_active=False
        )
        workspace = create_workspace(
            name=values["name"], business=BusinessDetails(**values), actor=Actor("user", owner.pk), now=at
        )
        with in_workspace(workspace.pk):
            workspace.transmit_policy = TransmitPolicy.AT_ONCE
            workspace.save(update_fields=["transmit_policy"])
        seller = self._member(workspace, owner)
        with in_workspace(workspace.pk):
            business = Business.objects.get()
        with in_workspace(buyer.workspace.pk):
            details = Details(
                kind="business",
                **{name: values[name] for name in ("number", "name", "representative", "address")},
                contacts=(ContactDetails(name=values["contact_name"], email=values["contact_email"]),),
            )
            add(member=buyer, details=details, now=at)
        return seller, self._issuer(workspace, seller, business, at, folder=supplier_folder())

    def _sell(self, seller: Member, supplier: _Issuer, buyer: Business, number: int, at: datetime) -> None:
        """An invoice of the supplier to the first business; it goes out with the day's others."""
        with in_workspace(seller.workspace.pk):
            draft = drafts.create(
                member=seller,
                business=supplier.business,
                given=purchases.content(buyer, at.astimezone(KST).date(), number),
                now=at,
            )
            ready = drafts.finish(member=seller, invoice_id=draft.pk, version=draft.version, now=at)
            self._issue(seller, supplier, [ready], at)

    def _member(self, workspace: Workspace, owner: User | None = None) -> Member:
        person = owner or self._owner
        found = next(one for one in crossing.memberships(person.pk) if one.workspace_id == workspace.pk)
        return Member(found.membership_id, found.role, workspace, Actor("user", person.pk, "127.0.0.1"))

    def _customers(self, member: Member, at: datetime) -> list[Counterparty]:
        made = []
        for values in self._world.customers:
            contact = ContactDetails(
                name=values.get("contact_name", ""), email=values.get("contact_email", "")
            )
            plain = {name: value for name, value in values.items() if not name.startswith("contact_")}
            details = Details(**plain, contacts=() if contact.is_empty else (contact,))
            made.append(add(member=member, details=details, now=at))
        return made

    def _issuers(self, workspace: Workspace, member: Member, at: datetime) -> list[_Issuer]:
        with in_workspace(workspace.pk):
            businesses = list(Business.objects.order_by("pk"))
        return [self._issuer(workspace, member, business, at) for business in businesses]

    def _issuer(
        self,
        workspace: Workspace,
        member: Member,
        business: Business,
        at: datetime,
        *,
        folder: Path | None = None,
    ) -> _Issuer:
        archive = archive_of(business.number, business.name, now=self._now, folder=folder)
        identity = open_identity(archive, CERTIFICATE_PASSPHRASE)
        fingerprint = identity.certificate.fingerprint
        random_number = identity.key.random_number
        assert random_number is not None  # noqa: S101 (the test authority gives one)
        sealed = transmitter.seal_random(random_number, fingerprint)
        challenge = certificates.new_challenge(member.user_id)
        given = certificates.Registration(
            certificate=identity.certificate.der,
            chain=(),
            challenge=challenge,
            signature=identity.sign(b"dojang-register:" + challenge.encode()),
            key_id=transmitter.public_key().key_id,
            sealed_random=sealed,
        )
        with in_workspace(workspace.pk):
            row = certificates.register(member=member, business=business, given=given, now=self._now)
            certificates.decide(row.pk, now=self._now)
        return _Issuer(business, identity, transmitter.seal_random(random_number, fingerprint))

    def _days(self) -> Iterator[date]:
        """Working days of the last months on which something was issued, the last one before yesterday."""
        today = self._now.astimezone(KST).date()
        first = (today.replace(day=1) - timedelta(days=31 * (_MONTHS - 1))).replace(day=1)
        step = timedelta(days=30 // _PER_MONTH)
        day = first + timedelta(days=2)
        while day < today - timedelta(days=1):
            yield day
            day += step

    def _issue_day(
        self,
        workspace: Workspace,
        member: Member,
        issuers: list[_Issuer],
        customers: list[Counterparty],
        at: datetime,
        written_on: date,
    ) -> None:
        for issuer in issuers:
            chosen = self._random.sample(customers, self._random.randint(1, 2))
            with in_workspace(workspace.pk):
                invoices = [
                    self._ready(member, issuer, customer, at, written_on if issuer is issuers[0] else None)
                    for customer in chosen
                ]
                self._issue(member, issuer, invoices, at)
        # What was written to buyers went out at the time of then, too; what is issued today is the worker's to send.
        sending.send_due(workspace.pk, clock=lambda: at)

    def _troubles(
        self, workspace: Workspace, member: Member, issuer: _Issuer, customers: list[Counterparty]
    ) -> None:
        """One that the NTS refused, and one that was lost on the way, of which nothing is known yet."""
        at = self._now - timedelta(hours=2)
        with in_workspace(workspace.pk):
            refused, lost = (self._ready(member, issuer, customer, at) for customer in customers[:2])
            self._issue(member, issuer, [refused], at)
            refused.refresh_from_db()
        _fault({"kind": "code", "issue_id": refused.issue_id, "codes": [_REFUSAL]})
        self._send(at)
        with in_workspace(workspace.pk):
            self._issue(member, issuer, [lost], at)
        _fault({"kind": "lost_before", "action": "submit"})
        self._send(at)
        submission = Submission.objects.defer("message").latest("pk")
        _fault({"kind": "http_500", "action": "results", "submit_id": submission.submit_id, "times": None})

    def _send(self, at: datetime) -> None:
        then = _Then(at)
        pipeline.transmit(clock=then, carriers=0, pause=then.pause)

    def _present(
        self, workspace: Workspace, member: Member, issuers: list[_Issuer], customers: list[Counterparty]
    ) -> None:
        """What somebody finds on their desk today: drafts, ready ones, one that can still be cancelled, …"""
        issuer, now = issuers[0], self._now
        with in_workspace(workspace.pk):
            # One of last month was forgotten.
            forgotten = (_day(now).replace(day=1) - timedelta(days=5), _day(now))
            for customer, written_on in zip(customers, forgotten, strict=False):
                content = self._content(customer, written_on)
                drafts.create(
                    member=member,
                    business=issuer.business,
                    given=content,
                    now=now,
                    counterparty_id=customer.pk,
                )
            for customer in customers[2:5]:
                self._ready(member, issuer, customer, now)
            waiting, cancelled, at_once = (
                self._ready(member, issuer, customer, now)
                for customer in (customers[0], customers[1], customers[3])
            )
            self._issue(member, issuer, [waiting, cancelled, at_once], now)
            tomorrow = now + timedelta(hours=20)
            Invoice.objects.filter(pk__in=[waiting.pk, cancelled.pk]).update(transmit_at=tomorrow)
            cancelled.refresh_from_db()
            transmitting.cancel(member=member, invoice_id=cancelled.pk, version=cancelled.version, now=now)

    def _others(self, workspace: Workspace) -> None:
        with in_workspace(workspace.pk):
            for one in ACCOUNTS[1:]:
                user = User.objects.get(email=one.email)
                Membership.objects.create(workspace=workspace, user=user, role=one.role, joined_at=self._now)

    def _ready(
        self,
        member: Member,
        issuer: _Issuer,
        customer: Counterparty,
        at: datetime,
        written_on: date | None = None,
    ) -> Invoice:
        draft = drafts.create(
            member=member,
            business=issuer.business,
            given=self._content(customer, written_on or _day(at)),
            now=at,
            counterparty_id=customer.pk,
        )
        return drafts.finish(member=member, invoice_id=draft.pk, version=draft.version, now=at)

    def _issue(self, member: Member, issuer: _Issuer, invoices: list[Invoice], at: datetime) -> None:
        wanted = [orders.Wanted(one.pk, one.version) for one in invoices]
        placed = orders.place(member=member, wanted=wanted, now=at)
        result = issuing.issue(member=member, signer=issuer.signer(), signed=issuer.sign(placed), now=at)
        for why in (*(one.why for one in placed.refused), *(one.why for one in result.refused)):
            raise why

    def _content(self, customer: Counterparty, written_on: date) -> dict[str, Any]:
        day = written_on.isoformat()
        exempt = customer.name.endswith("학원")
        chosen = self._random.sample(self._world.items, self._random.randint(1, 3))
        items = [self._item(one, day, exempt=exempt) for one in chosen]
        return {
            "document_type": "0301" if exempt else "0101",
            "written_on": day,
            "purpose": self._random.choice(["claim", "claim", "receipt"]),
            "buyer": {
                "kind": "business",
                "number": customer.number,
                "name": customer.name,
                "representative": customer.representative,
                "business_type": customer.business_type or None,
                "business_item": customer.business_item or None,
                "address": customer.address or None,
                "contacts": [
                    {"name": one.name or None, "email": one.email or None}
                    for one in customer.contacts.all()[:2]
                ],
            },
            "items": items,
        }

    def _item(self, item: dict[str, Any], day: str, *, exempt: bool) -> dict[str, Any]:
        quantity = self._random.randint(1, 12)
        supply = quantity * int(item["unit_price"])
        return {
            "supplied_on": day,
            "name": item["name"],
            "specification": item["specification"],
            "quantity": str(quantity),
            "unit_price": str(item["unit_price"]),
            "supply_amount": supply,
            "tax_amount": None if exempt else supply // _VAT_DIVISOR,
        }


def _day(at: datetime) -> date:
    return at.astimezone(KST).date()


@contextmanager
def _past() -> Iterator[Any]:
    """Sets the sandbox's clock; at the end it shows the present again."""

    def set_clock(clock: dict[str, object]) -> None:
        _control("PATCH", "settings", {"clock": clock})

    try:
        yield lambda at: set_clock({"frozen_at": at.isoformat()})
    finally:
        set_clock({})


def _fault(fault: dict[str, object]) -> None:
    """Switch a fault of the sandbox on."""
    _control("POST", "faults", fault)


def _control(method: str, what: str, body: dict[str, object]) -> None:
    address = f"{settings.ENVIRONMENT.sandbox_url}/control/{what}"
    httpx.request(method, address, json=body, timeout=_CONTROL_SECONDS, trust_env=False).raise_for_status()
