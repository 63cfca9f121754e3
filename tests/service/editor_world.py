"""The editor's side of the wire for tests: what the page sends, and what it is told."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from service_world import NOW, acting, first_business, make_workspace, member_client
from signing_world import content

from dojang.service.counterparties.details import ContactDetails, Details
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.services import editing
from dojang.service.invoices.models import Invoice
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace

JSON = "application/json"


class Desk:
    """Somebody who writes invoices in a workspace."""

    def __init__(self, workspace: Workspace | None = None, role: str = "owner") -> None:
        self.workspace = workspace or make_workspace()
        self.client: Client = member_client(self.workspace, role)
        self.business = first_business(self.workspace)

    @classmethod
    def at(cls, monkeypatch: pytest.MonkeyPatch, now: datetime = NOW) -> "Desk":
        """One whose clock stands still."""
        monkeypatch.setattr(timezone, "now", lambda: now)
        return cls()

    def url(self, path: str = "") -> str:
        return f"/w/{self.workspace.slug}/invoices/{path}"

    def get(self, path: str, **query: object) -> Any:
        return self.client.get(self.url(path), query, headers={"accept": JSON})

    def post(self, path: str, body: object) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(self.url(path), data, content_type=JSON, headers={"accept": JSON})

    def begin(self, **changes: Any) -> Any:
        """The first save of a draft."""
        return self.post("drafts/", self.first(**changes))

    def first(self, **changes: Any) -> dict[str, Any]:
        return self.body() | {"business": self.business.pk, "key": str(uuid4())} | changes

    def body(self, **changes: Any) -> dict[str, Any]:
        return {"content": content(), "save": str(uuid4())} | changes

    def save(self, told: dict[str, Any], **changes: Any) -> Any:
        return self.post(f"{told['id']}/draft/", self.body(version=told["version"]) | changes)

    def row(self, told: dict[str, Any]) -> Invoice:
        with in_workspace(self.workspace.pk):
            return Invoice.objects.select_related("business", "counterparty").get(pk=told["id"])

    def add_buyer(self, **values: Any) -> Counterparty:
        given: dict[str, Any] = {"name": "(주)새봄", "number": "9998100015", "representative": "박세리"}
        given |= {"contacts": (ContactDetails(name="정사라", email="sara@saebom.example"),)} | values
        with in_workspace(self.workspace.pk):
            return editing.add(member=acting(self.workspace), details=Details(**given), now=NOW)
