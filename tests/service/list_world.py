"""Rows of lists for tests, put into the table as services would: what is derived is derived by the same code."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from service_world import NOW, acting, business_number

from dojang.etax.invoice import KST
from dojang.service.invoices import content
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Business, Workspace

_serials = count(1)
ISSUED = frozenset(
    {State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.ACCEPTED, State.REJECTED, State.CANCELLED}
)
SENT = frozenset({State.SUBMITTED, State.UNKNOWN, State.ACCEPTED, State.REJECTED})


def add_invoice(
    workspace: Workspace,
    business: Business,
    *,
    buyer: str = "(주)새봄",
    number: str = "",
    items: tuple[str, ...] = ("복사용지",),
    remark: str = "",
    written_on: date | None = None,
    supply: int = 1000,
    tax: int = 100,
    kind: str = "0101",
    reason: str = "",
    purpose: str = "claim",
    state: State = State.DRAFT,
    issued_after: int = 0,
    sent_after: int = 1,
    **columns: Any,
) -> Invoice:
    """One invoice in any state, without what signing and transmitting would need."""
    serial = next(_serials)
    day = written_on or NOW.date()
    with in_workspace(workspace.pk):
        person = acting(workspace).user_id
        row = Invoice(
            workspace_id=workspace.pk, business=business, created_by_id=person, created_at=NOW,
            changed_by_id=person, changed_at=NOW,
        )  # fmt: skip
        given = {
            "document_type": kind,
            "written_on": day.isoformat(),
            "purpose": purpose,
            "amendment_reason": reason or None,
            "buyer": {"kind": "business", "number": number or business_number(serial % 9999), "name": buyer},
            "items": [
                {"name": name, "supply_amount": 0 if at else supply, "tax_amount": 0 if at else tax}
                for at, name in enumerate(items)
            ],
            "remarks": [remark] if remark else [],
        }
        content.fill(row, given, business)
        row.amendment_reason, row.state = reason, state
        if state in ISSUED:
            row.issue_id = f"{day:%Y%m%d}41000088{serial:08d}"
            row.issued_at = datetime.combine(day + timedelta(days=issued_after), time(10), KST)
            row.delivered_on = day + timedelta(days=issued_after)
            row.transmit_by = row.delivered_on + timedelta(days=1)
            row.way_out = "sandbox"
            row.search = content.text_of(row)
        if state in SENT:
            row.sent_at = row.issued_at + timedelta(days=sent_after)
        for name, value in columns.items():
            setattr(row, name, value)
        row.save(force_insert=True)
    return row
