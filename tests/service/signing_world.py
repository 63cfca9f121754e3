"""A test authority, the transmitter's key and signed invoices for tests of the service: all real, all invented."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from service_world import NOW, acting, first_business

from dojang.etax.signature import sign
from dojang.etax.xml_reader import read
from dojang.npki.keys import from_private_key_info
from dojang.npki.random_number import RandomNumber
from dojang.npki.testca import TestCA, TestIdentity
from dojang.service.certificates import judging, services, transmitter
from dojang.service.certificates.models import Certificate
from dojang.service.invoices import drafts, issuing, orders
from dojang.service.invoices.models import Invoice
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import system, way_out
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, Workspace

REGISTRATION = "42000088"


def forget_settings() -> None:
    """What was read from files once is read anew."""
    for cached in (
        judging.trust_store, transmitter.public_key, transmitter._private_key, way_out.way_out, system._of_file,
    ):  # fmt: skip
        cached.cache_clear()


def set_up(monkeypatch, folder: Path, *, now: datetime = NOW) -> TestCA:
    """Settings of a demo in `folder`: a test authority, the transmitter's key pair, a registration."""
    folder.mkdir(exist_ok=True)
    key = rsa.generate_private_key(65537, 2048)
    private, public = folder / "transmitter.pem", folder / "transmitter.pub.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    client = folder / "client" / "client.json"
    client.parent.mkdir(exist_ok=True)
    client.write_text(json.dumps({"registration": REGISTRATION}))
    environment = replace(
        settings.ENVIRONMENT,
        data=folder,
        nts_settings=client,
        transmitter_key_file=private,
        transmitter_public_key_file=public,
    )
    monkeypatch.setattr(settings, "ENVIRONMENT", environment)
    forget_settings()
    return TestCA.load_or_create(folder, now=now)


@dataclass(frozen=True)
class Keeper:
    """Somebody who holds a certificate and its key, as the page would after the passphrase."""

    identity: TestIdentity
    number: str

    @property
    def der(self) -> bytes:
        return self.identity.certificate.der

    def sign(self, data: bytes) -> bytes:
        return from_private_key_info(self.identity.private_key_info, scheme="test").sign(data)

    def sealed(self, random_number: RandomNumber | None = None) -> bytes:
        known = random_number or self.identity.random_number
        assert known is not None
        return transmitter.seal_random(known, self.identity.certificate.fingerprint)

    def signer(self) -> issuing.Signer:
        return issuing.Signer(self.der, transmitter.public_key().key_id, self.sealed())


def keeper(authority: TestCA, number: str, name: str = "(주)도장상사", **values) -> Keeper:
    """A certificate of the test authority."""
    return Keeper(authority.issue(number, name, passphrase="only for tests", iterations=1, **values), number)


def registration(member: Member, who: Keeper, **values) -> services.Registration:
    """What the registration page sends."""
    challenge = services.new_challenge(member.user_id)
    given = {
        "certificate": who.der,
        "chain": (),
        "challenge": challenge,
        "signature": who.sign(b"dojang-register:" + challenge.encode()),
        "key_id": transmitter.public_key().key_id,
        "sealed_random": who.sealed(),
    }
    return services.Registration(**(given | values))


def register(workspace: Workspace, business: Business, who: Keeper, *, now: datetime = NOW) -> Certificate:
    """Register a certificate and let the transmitter decide."""
    member = acting(workspace)
    with in_workspace(workspace.pk):
        row = services.register(member=member, business=business, given=registration(member, who), now=now)
        services.decide(row.pk, now=now)
        row.refresh_from_db()
    return row


def content(**values) -> dict:
    """A whole draft: 1,000,000 won and its tax to an invented buyer with an e-mail address."""
    given = {
        "document_type": "0101",
        "written_on": "2026-11-20",
        "purpose": "claim",
        "buyer": {
            "kind": "business",
            "number": "9998100015",
            "name": "(주)새봄",
            "representative": "박세리",
            "contacts": [{"name": "정사라", "email": "sara@saebom.example"}],
        },
        "items": [
            {
                "supplied_on": "2026-11-20",
                "name": "복사용지",
                "quantity": "10",
                "unit_price": "100000",
                "supply_amount": 1_000_000,
                "tax_amount": 100_000,
            }
        ],
    }
    return given | values


def make_ready(
    workspace: Workspace, *, member: Member | None = None, now: datetime = NOW, **values
) -> Invoice:
    """An invoice that waits for its signature."""
    someone = member or acting(workspace)
    business = first_business(workspace)
    with in_workspace(workspace.pk):
        draft = drafts.create(member=someone, business=business, given=content(**values), now=now)
        return drafts.finish(member=someone, invoice_id=draft.pk, version=draft.version, now=now)


def order(
    workspace: Workspace, *invoices: Invoice, member: Member | None = None, now: datetime = NOW
) -> orders.Orders:
    """Orders for them."""
    wanted = [orders.Wanted(one.pk, one.version) for one in invoices]
    with in_workspace(workspace.pk):
        return orders.place(member=member or acting(workspace), wanted=wanted, now=now)


def signed(placed: orders.Orders, who: Keeper) -> list[issuing.Signed]:
    """What the page makes of orders."""
    return [
        issuing.Signed(one.order.pk, sign(read(one.xml).invoice, who.der, who.sign)) for one in placed.placed
    ]


def issue(workspace: Workspace, who: Keeper, *invoices: Invoice, now: datetime = NOW) -> issuing.Issued:
    """Order, sign and issue."""
    placed = order(workspace, *invoices, now=now)
    with in_workspace(workspace.pk):
        return issuing.issue(
            member=acting(workspace), signer=who.signer(), signed=signed(placed, who), now=now
        )
