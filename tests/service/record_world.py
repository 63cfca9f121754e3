"""Documents of others: signed by invented suppliers under the test authority, and what the service makes of them."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from service_world import NOW, acting, business_number, details, first_business, make_workspace
from signing_world import Keeper, forget_settings, keeper, register, set_up

from dojang.etax import Invoice as Document
from dojang.etax.signature import sign
from dojang.npki.testca import TestCA
from dojang.service.audit.actor import NTS
from dojang.service.invoices.changes import Change, apply
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.records import delivering, taking
from dojang.service.records.models import Record
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business, Workspace

SUPPLIER = business_number(901, kind="81")
BUYER = business_number(902, kind="81")
STRANGER = business_number(903, kind="81")
_MONTHS = timedelta(days=200)
NAMES = {SUPPLIER: "(주)큰솔상사", BUYER: "한빛상사", STRANGER: "남의상사(주)"}


@cache
def _folder() -> Path:
    """One authority for a whole run: keys take long."""
    return Path(mkdtemp(prefix="dojang-records-"))


def authority_of(monkeypatch) -> TestCA:
    """Settings of a service that believes the run's authority."""
    found = set_up(monkeypatch, _folder())
    forget_settings()
    return found


@cache
def keeper_of(number: str) -> Keeper:
    """Somebody with a certificate for a number; `authority_of` was called before."""
    authority = TestCA.load_or_create(_folder(), now=NOW)
    return keeper(
        authority, number, NAMES.get(number, "한빛상사"), valid_from=NOW - _MONTHS, valid_to=NOW + _MONTHS
    )


def workspace_of(number: str, *, proved: bool = True) -> Workspace:
    """A workspace with one business, with or without its certificate."""
    name = NAMES.get(number, "한빛상사")
    workspace = make_workspace(name=name, business=details(number, name=name))
    if proved:
        register(workspace, first_business(workspace), keeper_of(number))
    return workspace


_serial = iter(range(1, 100_000))


def document(**values: Any) -> Document:
    """What a supplier issues: 1,000,000 won and its tax."""
    written_on = values.get("written_on", "2026-11-10")
    given = {
        "document_type": "0101",
        "written_on": written_on,
        "purpose": "claim",
        "issue_id": f"20261110{'42000099'}{next(_serial):08x}",
        "issued_at": "2026-11-10T15:00:00+09:00",
        "supplier": {
            "business_number": SUPPLIER,
            "name": "(주)큰솔상사",
            "representative": "큰솔",
            "contact": {"name": "영업부", "email": "sales@keunsol.example"},
        },
        "buyer": {"kind": "business", "number": BUYER, "name": "한빛상사", "representative": "김하나"},
        "items": [
            {
                "supplied_on": written_on,
                "name": "복사용지",
                "supply_amount": 1_000_000,
                "tax_amount": 100_000,
            }
        ],
    }
    return Document.from_data(given | values)


def signed(one: Document | None = None, *, by: str = SUPPLIER) -> bytes:
    """Its XML, signed."""
    who = keeper_of(by)
    return sign(one or document(), who.der, who.sign)


def amendment_of(one: Document, **values: Any) -> Document:
    """A 수정세금계산서 that takes all of it back."""
    data = one.to_data()
    amounts = ("supply_amount", "tax_amount")
    items = [
        item | {name: -item[name] for name in amounts if item[name] is not None} for item in data["items"]
    ]
    given = {
        "document_type": "0201",
        "amendment_reason": "04",
        "original_issue_id": one.issue_id,
        "items": items,
        "buyer": data["buyer"],
        "supplier": data["supplier"],
    }
    return document(**(given | values))


def upload(workspace: Workspace, data: bytes, *, now: datetime = NOW) -> taking.Taken:
    """What the upload page does with one file."""
    with in_workspace(workspace.pk):
        return taking.take_xml(member=acting(workspace), data=data, now=now)[0]


def records(workspace: Workspace) -> list[Record]:
    """All that a workspace has."""
    with in_workspace(workspace.pk):
        return list(Record.objects.select_related("business").order_by("pk"))


def accept(workspace: Workspace, *invoices: Invoice, at: datetime = NOW) -> None:
    """The NTS took them: what `transmission.results` does, without a wire."""
    with in_workspace(workspace.pk):
        rows = list(Invoice.objects.filter(pk__in=[one.pk for one in invoices]).order_by("pk"))
        apply(Action.SUBMIT, [Change(row) for row in rows], actor=NTS, now=at)
        for row in rows:
            row.sent_at = at
        apply(Action.ACCEPT, [Change(row, ("sent_at",)) for row in rows], actor=NTS, now=at)
        delivering.deliver([row.pk for row in rows], now=at)


def business_of(workspace: Workspace) -> Business:
    """Its first business."""
    return first_business(workspace)
