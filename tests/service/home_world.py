"""Documents and certificates for the home page: rows as they stand, without what made them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dojang.service.accounts.models import User
from dojang.service.certificates.models import Certificate
from dojang.service.invoices.content import issue_by
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import transmit_by
from dojang.service.workspaces.models import Business

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = NOW.date()


def add_invoice(business: Business, state: State = State.DRAFT, **values: Any) -> Invoice:
    """One invoice in any state."""
    user = User.objects.first()
    given = {"buyer_name": "가온유통", "written_on": TODAY} | values
    given.setdefault("issue_by", issue_by(given["written_on"]))
    if issued_at := given.get("issued_at"):
        given["transmit_by"] = transmit_by(written_on=given["written_on"], issued_at=issued_at)
    return Invoice.objects.create(
        workspace_id=business.workspace_id,
        business=business,
        state=state,
        document_type="0101",
        created_by=user,
        changed_by=user,
        **given,
    )


def add_certificate(
    business: Business, *, days: float, fingerprint: str = "a" * 64, **values: Any
) -> Certificate:
    """A certificate that was found to be the business's own, and ends in so many days."""
    return Certificate.objects.create(
        workspace_id=business.workspace_id,
        business=business,
        fingerprint=fingerprint,
        der=b"",
        owner="한빛상사",
        authority="시험기관",
        serial="1",
        not_before=NOW - timedelta(days=300),
        not_after=NOW + timedelta(days=days),
        registered_by=User.objects.first(),
        **({"verdict": "matches"} | values),
    )
