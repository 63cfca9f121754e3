"""A sandbox NTS over the real wire, with the service's clock, and its book compared with ours."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import signing_world
from django.conf import settings
from service_world import NOW, business_number, details, first_business, make_workspace
from signing_world import Keeper, forget_settings, issue, keeper, make_ready, register

from dojang.npki.testca import TestCA
from dojang.sandbox.faults import Fault
from dojang.sandbox.server import Running, running
from dojang.service.audit import chain
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import pipeline, tasks
from dojang.service.workspaces.models import Workspace

HALF_AN_HOUR = timedelta(minutes=30)
LATER = NOW + timedelta(minutes=31)
"""When what was issued at NOW is due."""


@dataclass
class Clock:
    """A clock that only a test moves, for the service and the sandbox alike."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def later(self, **duration: float) -> datetime:
        self.now += timedelta(**duration)
        return self.now


@dataclass
class Office:
    """The sandbox, and what a test switches in it."""

    running: Running
    clock: Any

    @property
    def store(self):
        return self.running.sandbox.office.store

    def fault(self, kind: str, **values) -> None:
        """One thing that goes wrong with the next request that it fits."""
        with self.store.transaction() as ledger:
            ledger.add_fault(Fault.model_validate_json(json.dumps({"kind": kind, **values})))

    def set(self, **parts) -> None:
        """Change parts of its settings."""
        office = self.running.sandbox.office
        office.change(
            lambda found: type(found).model_validate_json(json.dumps(found.model_dump(mode="json") | parts))
        )

    def filed(self) -> dict[str, str]:
        """Every accepted issue id with the submission that it came in."""
        found = {}
        for submission in self.store.submissions(1000):
            for document in self.store.documents(submission.submit_id):
                filed = self.store.filed(document.issue_id)
                if filed is not None and filed.document == document.number:
                    assert document.issue_id not in found, "filed twice"
                    found[document.issue_id] = submission.submit_id
        return found

    def arrivals(self, issue_id: str) -> int:
        """In how many submissions an invoice came."""
        return len({document.submit_id for document in self.store.documents_of(issue_id)})


@contextmanager
def open_office(folder: Path, clock: Callable[[], datetime] | None = None) -> Iterator[Office]:
    """A sandbox in a folder; its authority is its own."""
    chosen = clock or Clock()
    with running(folder, clock=chosen) as found:
        yield Office(found, chosen)


def connect(monkeypatch, folder: Path, office: Office) -> TestCA:
    """Settings of a service in `folder` that transmits to this sandbox; both believe the sandbox's authority."""
    signing_world.set_up(monkeypatch, folder)
    office.running.sandbox.office.reset()
    if isinstance(office.clock, Clock):
        office.clock.now = NOW
    office.set(callbacks={"attempts": 1, "retry_seconds": 0})
    environment = replace(
        settings.ENVIRONMENT, nts_settings=office.running.client_settings, origin="http://127.0.0.1:1"
    )
    monkeypatch.setattr(settings, "ENVIRONMENT", environment)
    forget_settings()
    return TestCA.load_or_create(office.running.client_settings.parent.parent, now=NOW)


@dataclass
class Company:
    """A workspace that can issue."""

    workspace: Workspace
    owner: Keeper

    def issue(self, count: int = 1, *, now: datetime = NOW, **values) -> list[Invoice]:
        """So many invoices, issued, in the order of their ids."""
        ready = [make_ready(self.workspace, now=now, **values) for _ in range(count)]
        result = issue(self.workspace, self.owner, *ready, now=now)
        assert not result.refused, result.refused[0].why
        return [invoice for _, invoice in result.issued]

    def states(self) -> list[str]:
        with in_workspace(self.workspace.pk):
            return list(Invoice.objects.order_by("pk").values_list("state", flat=True))

    def rows(self) -> list[Invoice]:
        with in_workspace(self.workspace.pk):
            return list(Invoice.objects.order_by("pk"))

    def row(self, invoice: Invoice) -> Invoice:
        with in_workspace(self.workspace.pk):
            return Invoice.objects.get(pk=invoice.pk)

    def actions(self, invoice: Invoice) -> list[str]:
        with in_workspace(self.workspace.pk):
            return list(invoice.events.order_by("sequence").values_list("action", flat=True))


_keepers: dict[tuple[str, int], Keeper] = {}


def make_company(authority: TestCA, name: str = "한빛상사", *, serial: int = 7) -> Company:
    """A workspace whose business has a certificate of the test authority, registered and decided.

    A certificate is made once for each authority: keys take long.
    """
    number = business_number(serial, kind="81")
    key = (authority.root.fingerprint, serial)
    if key not in _keepers:
        _keepers[key] = keeper(authority, number, name)
    workspace = make_workspace(name=name, business=details(number, name=name))
    register(workspace, first_business(workspace), _keepers[key])
    return Company(workspace, _keepers[key])


def transmit(office: Office, *, at: datetime | None = None) -> bool:
    """What the worker's job does, in one thread."""
    office.clock.now = at or max(office.clock.now, LATER)
    return pipeline.transmit(clock=office.clock, carriers=0, pause=office.clock.pause)


def look(office: Office) -> None:
    """What the worker does each minute."""
    tasks.look_at_due(clock=office.clock)


def same_books(office: Office, *companies: Company) -> None:
    """Our accepted invoices are the NTS's, each came in the submission that we know of, and histories hold."""
    filed = office.filed()
    ours = {}
    for company in companies:
        with in_workspace(company.workspace.pk):
            assert list(chain.verify()) == []
            for row in Invoice.objects.filter(state=State.ACCEPTED):
                items = row.submissions.filter(result_code="SUC001").select_related("submission")
                ours[row.issue_id] = items.get().submission.submit_id
    assert ours == filed
