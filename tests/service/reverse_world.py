"""Buyers that write what their suppliers are to sign, and suppliers with and without an account."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from record_world import BUYER, SUPPLIER, keeper_of, workspace_of
from service_world import acting, first_business
from signing_world import Keeper

from dojang.etax.codes import Taxation
from dojang.etax.signature import sign
from dojang.etax.xml_reader import read
from dojang.service.certificates import services as certificates
from dojang.service.certificates import transmitter
from dojang.service.certificates.models import Certificate
from dojang.service.invoices import issuing, orders
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.timing import today
from dojang.service.links.services import address
from dojang.service.reverse import guests, requesting, writing
from dojang.service.reverse.models import IncomingReverse, ReverseEvent, ReverseRequest
from dojang.service.reverse.writing import Line, Supplier, Typed
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace

SUPPLIER_MAIL = "sales@keunsol.example"


def typed(now: datetime, **values: Any) -> Typed:
    """What a buyer writes: 1,000,000 won and its tax, of today."""
    given: dict[str, Any] = {
        "taxation": Taxation.TAXABLE,
        "written_on": today(now),
        "supplier": Supplier(
            number=SUPPLIER, name="(주)큰솔상사", representative="최큰솔", email=SUPPLIER_MAIL
        ),
        "lines": (Line("복사용지", "", Decimal(10), Decimal(100_000)),),
        "purpose": "claim",
        "message": "11월분입니다",
    }
    return Typed(**(given | values))


def write(buyer: Workspace, *, now: datetime | None = None, **values: Any) -> ReverseRequest:
    """A request that was not sent yet."""
    now = now or timezone.now()
    business = first_business(buyer)
    with in_workspace(buyer.pk):
        return writing.add(member=acting(buyer), business_id=business.pk, typed=typed(now, **values), now=now)


def ask(buyer: Workspace, *, now: datetime | None = None, **values: Any) -> ReverseRequest:
    """A request that was sent."""
    now = now or timezone.now()
    row = write(buyer, now=now, **values)
    with in_workspace(buyer.pk):
        return requesting.request(member=acting(buyer), request_id=row.pk, version=row.version, now=now)


def read_again(buyer: Workspace, row: ReverseRequest) -> ReverseRequest:
    """The row as it stands now."""
    with in_workspace(buyer.pk):
        return ReverseRequest.objects.select_related("business", "link", "requested_by").get(pk=row.pk)


def steps(buyer: Workspace, row: ReverseRequest) -> list[str]:
    """Its time line."""
    with in_workspace(buyer.pk):
        return list(ReverseEvent.objects.filter(request=row).values_list("action", flat=True))


def path_of(buyer: Workspace, row: ReverseRequest) -> str:
    """The address of its link's page on this server."""
    with in_workspace(buyer.pk):
        link = ReverseRequest.objects.select_related("link").get(pk=row.pk).link
        assert link is not None
        return address(link).removeprefix(settings.ENVIRONMENT.origin)


def token_of(buyer: Workspace, row: ReverseRequest) -> str:
    """The secret part of it."""
    return path_of(buyer, row).strip("/").split("/")[-1]


def inbox(workspace: Workspace) -> list[IncomingReverse]:
    """What a workspace was asked."""
    with in_workspace(workspace.pk):
        return list(IncomingReverse.objects.select_related("invoice", "business").order_by("pk"))


def buyer_of(*, proved: bool = False) -> Workspace:
    """A buyer; what it wrote itself reaches it without a certificate."""
    return workspace_of(BUYER, proved=proved)


@dataclass
class Guest:
    """Whoever has a link and a certificate, as the page in the browser would act."""

    token: str
    keeper: Keeper
    now: datetime

    def begin(self) -> None:
        guests.begin(self.token, address="127.0.0.9", now=self.now)

    def register(self) -> Certificate:
        """Register the certificate and let the transmitter decide."""
        with guests.inside(self.token, address="127.0.0.9", now=self.now) as (member, incoming):
            challenge = certificates.new_challenge(member.known_as)
            given = certificates.Registration(
                certificate=self.keeper.der,
                chain=(),
                challenge=challenge,
                signature=self.keeper.sign(b"dojang-register:" + challenge.encode()),
                key_id=transmitter.public_key().key_id,
                sealed_random=self.keeper.sealed(),
            )
            row = certificates.register(member=member, business=incoming.business, given=given, now=self.now)
            certificates.decide(row.pk, now=self.now)
            row.refresh_from_db()
            return row

    def order(self) -> orders.Orders:
        with guests.inside(self.token, address="127.0.0.9", now=self.now) as (member, incoming):
            invoice = incoming.invoice
            assert invoice is not None
            return orders.place(
                member=member, wanted=[orders.Wanted(invoice.pk, invoice.version)], now=self.now
            )

    def hand_in(self, placed: orders.Orders) -> issuing.Issued:
        with guests.inside(self.token, address="127.0.0.9", now=self.now) as (member, _):
            return issuing.issue(
                member=member,
                signer=self.keeper.signer(),
                signed=signed_by(self.keeper, placed),
                now=self.now,
            )

    def sign(self) -> issuing.Issued:
        """All of it."""
        self.begin()
        self.register()
        return self.hand_in(self.order())


def signed_by(who: Keeper, placed: orders.Orders) -> list[issuing.Signed]:
    """What the page makes of orders."""
    return [
        issuing.Signed(one.order.pk, sign(read(one.xml).invoice, who.der, who.sign)) for one in placed.placed
    ]


def guest_of(buyer: Workspace, row: ReverseRequest, *, now: datetime, number: str = SUPPLIER) -> Guest:
    """The reader of a request's link, with a certificate of this number."""
    return Guest(token_of(buyer, row), keeper_of(number), now)


def only_invoice(workspace_id: int) -> Invoice:
    """The one invoice of a workspace."""
    with in_workspace(workspace_id):
        return Invoice.objects.select_related("business").get()
