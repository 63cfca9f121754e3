"""A company with issued invoices and the links to them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from service_world import NOW, first_business, make_workspace
from signing_world import Keeper, issue, keeper, make_ready, register, set_up

from dojang.npki.testca import TestCA
from dojang.service.invoices import documents
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.links import services
from dojang.service.links.models import Link
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace

READER = "sara@saebom.example"
PERSON = {"kind": "individual", "number": "9001011234567", "name": "김개인", "representative": "김개인"}
FOREIGNER = {"kind": "foreigner", "name": "Sam Roe", "representative": "Sam Roe"}


@dataclass
class Company:
    """A workspace whose owner can issue."""

    workspace: Workspace
    keeper: Keeper
    authority: TestCA

    def issued(self, *, now: datetime = NOW, **values) -> Invoice:
        invoice = make_ready(self.workspace, now=now, **values)
        issue(self.workspace, self.keeper, invoice, now=now)
        with in_workspace(self.workspace.pk):
            return Invoice.objects.select_related("business").get(pk=invoice.pk)

    def set(self, invoice: Invoice, **columns) -> None:
        with in_workspace(self.workspace.pk):
            Invoice.objects.filter(pk=invoice.pk).update(**columns)

    def link(self, invoice: Invoice, made_for: str = READER, *, now: datetime | None = None) -> Link:
        with in_workspace(self.workspace.pk):
            return services.for_invoice(invoice, made_for=made_for, now=now or timezone.now())

    def path(self, link: Link) -> str:
        """The address of a link's page on this server."""
        return services.address(link).removeprefix(settings.ENVIRONMENT.origin)

    def bytes_of(self, invoice: Invoice) -> bytes:
        with in_workspace(self.workspace.pk):
            signed = SignedDocument.objects.get(invoice_id=invoice.pk)
            return documents.unpack(bytes(signed.document), workspace_id=self.workspace.pk)


def make_company(monkeypatch, folder, *, name: str = "한빛상사", now: datetime = NOW) -> Company:
    authority = set_up(monkeypatch, folder / "data", now=now)
    workspace = make_workspace(now=now)
    who = keeper(authority, first_business(workspace).number, name)
    register(workspace, first_business(workspace), who, now=now)
    return Company(workspace, who, authority)
