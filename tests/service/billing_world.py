"""Customers that are asked for their billing data, and what they fill in behind their links."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from counterparty_world import NUMBER, World, make_world
from django.conf import settings
from django.test import Client
from django.utils import timezone
from service_world import first_business

from dojang.service.billing import asking, guests
from dojang.service.billing.models import BillingEvent, BillingRequest
from dojang.service.counterparties.details import ContactDetails, Details
from dojang.service.invoices.timing import today
from dojang.service.links.services import address

CUSTOMER = "billing@saebom.example"


def answer_of(**values: Any) -> Details:
    """What a customer fills in."""
    given = {
        "name": "(주)새봄",
        "number": NUMBER,
        "representative": "박세리",
        "address": "서울특별시 가상구 봄길 3",
        "contacts": (ContactDetails(name="김새봄", email="tax@saebom.example", phone="02-0000-0001"),),
    }
    return Details(**(given | values))


def posted(**values: str) -> dict[str, str]:
    """The same as a browser sends it."""
    return {
        "kind": "business",
        "number": NUMBER,
        "name": "(주)새봄",
        "representative": "박세리",
        "contact-0-name": "김새봄",
        "contact-0-email": "tax@saebom.example",
    } | values


@dataclass
class Asking:
    """A company, and the customers that it asks."""

    world: World = field(default_factory=make_world)

    @property
    def pk(self) -> int:
        return self.world.workspace.pk

    def open(self):
        return self.world.open()

    def ask(self, *, now: datetime | None = None, member=None, **values: Any) -> BillingRequest:
        """A request that was sent."""
        now = now or timezone.now()
        business = values.pop("business", None) or first_business(self.world.workspace)
        given = {
            "business": business,
            "counterparty": None,
            "name": "새봄",
            "email": CUSTOMER,
            "message": "",
            "last_day": today(now) + timedelta(days=14),
            "allow_individual": False,
        }
        wanted = asking.Wanted(**(given | values))
        with self.open():
            return asking.ask(member=member or self.world.member, wanted=wanted, now=now)

    def row(self, row: BillingRequest) -> BillingRequest:
        with self.open():
            return BillingRequest.objects.select_related("link", "counterparty").get(pk=row.pk)

    def path(self, row: BillingRequest) -> str:
        """The address of its link on this server."""
        with self.open():
            link = BillingRequest.objects.select_related("link").get(pk=row.pk).link
            return address(link).removeprefix(settings.ENVIRONMENT.origin)

    def token(self, row: BillingRequest) -> str:
        return self.path(row).split("/")[2]

    def fill_in(
        self, row: BillingRequest, *, now: datetime | None = None, status=None, **values: Any
    ) -> None:
        guests.answer(
            self.token(row),
            details=answer_of(**values),
            status=status,
            address="203.0.113.7",
            now=now or timezone.now(),
        )

    def steps(self, row: BillingRequest) -> list[str]:
        with self.open():
            return list(BillingEvent.objects.filter(request=row).values_list("action", flat=True))

    def send(self, row: BillingRequest, **values: str):
        """The form behind the link, sent by somebody without an account."""
        return Client().post(f"{self.path(row)}answer/", posted(**values))
