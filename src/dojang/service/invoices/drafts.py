"""Drafts: written, saved as one types, finished, thrown away, copied."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dojang.etax import check
from dojang.etax.findings import Finding, errors
from dojang.service.invoices import content, timing
from dojang.service.invoices.changes import Change, apply, lock, require, require_version
from dojang.service.invoices.errors import AnotherSupplier, NotFinished
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

# Columns that follow from the content.
_DERIVED = (
    "content", "secret", "document_type", "amendment_reason", "original_issue_id", "buyer_number", "buyer_name",
    "buyer_email", "item_name", "item_count", "written_on", "supply_amount", "tax_amount", "total_amount",
)  # fmt: skip


@transaction.atomic
def create(
    *,
    member: Member,
    business: Business,
    given: Mapping[str, Any],
    now: datetime,
    counterparty_id: int | None = None,
    copied_from: Invoice | None = None,
) -> Invoice:
    """A new draft.

    Raises:
        PermissionDenied, content.TooLarge.
    """
    member.require(Right.WRITE, business.pk)
    invoice = Invoice(
        workspace_id=current_workspace(),
        business=business,
        counterparty_id=counterparty_id,
        copied_from=copied_from,
        created_by_id=member.user_id,
        created_at=now,
        changed_by_id=member.user_id,
        changed_at=now,
    )
    content.fill(invoice, given, business)
    invoice.save(force_insert=True)
    _record_creation(invoice, member, now)
    return invoice


@transaction.atomic
def save(
    *,
    member: Member,
    invoice_id: int,
    version: int,
    given: Mapping[str, Any],
    now: datetime,
    counterparty_id: int | None = None,
) -> Invoice:
    """Save what was typed, if nobody else saved since `version`.

    Raises:
        Invoice.DoesNotExist, PermissionDenied, ChangedMeanwhile, NotPossible, content.TooLarge.
    """
    invoice = _locked(member, invoice_id, version)
    content.fill(invoice, given, invoice.business)
    invoice.counterparty_id = counterparty_id
    changes = [Change(invoice, (*_DERIVED, "counterparty"))]
    apply(Action.EDIT, changes, actor=member.actor, now=now)
    return invoice


@transaction.atomic
def finish(*, member: Member, invoice_id: int, version: int, now: datetime) -> Invoice:
    """The draft is whole and waits for its signature. What is signed has exactly this content.

    Raises:
        Invoice.DoesNotExist, PermissionDenied, ChangedMeanwhile, NotPossible, NotFinished, AnotherSupplier.
    """
    invoice = _locked(member, invoice_id, version)
    require(invoice, Action.FINISH)
    document = require_whole(invoice, on=timing.today(now))
    invoice.content_hash = content.hash_of(document)
    apply(
        Action.FINISH,
        [Change(invoice, ("content_hash",), {"content_hash": invoice.content_hash})],
        actor=member.actor,
        now=now,
    )
    return invoice


@transaction.atomic
def reopen(*, member: Member, invoice_id: int, version: int, now: datetime) -> Invoice:
    """Back to a draft; orders to sign it are void."""
    invoice = _locked(member, invoice_id, version)
    require(invoice, Action.REOPEN)
    invoice.orders.all().delete()
    invoice.content_hash = ""
    apply(Action.REOPEN, [Change(invoice, ("content_hash",))], actor=member.actor, now=now)
    return invoice


@transaction.atomic
def delete(*, member: Member, invoice_id: int, version: int, now: datetime) -> None:
    """Throw a draft away: it was never a document. Its history stays."""
    invoice = _locked(member, invoice_id, version)
    require(invoice, Action.DELETE)
    invoice.orders.all().delete()
    apply(Action.DELETE, [Change(invoice)], actor=member.actor, now=now)


def copy(*, member: Member, source: Invoice, written_on: date, now: datetime) -> Invoice:
    """A new draft with the content of another document, dated anew and with nothing of its life."""
    given = content.whole(source)
    for name in ("original_issue_id", "amendment_reason", "exchange_id", "reference_id"):
        given.pop(name, None)
    kind = str(given.get("document_type", ""))
    # A copy of an amendment is an ordinary document: 02xx and 04xx are 수정.
    given["document_type"] = {"02": "01", "04": "03"}.get(kind[:2], kind[:2]) + kind[2:]
    given["written_on"] = written_on.isoformat()
    given["items"] = [{**item, "supplied_on": written_on.isoformat()} for item in given.get("items", ())]
    return create(
        member=member,
        business=source.business,
        given=given,
        now=now,
        counterparty_id=source.counterparty_id,
        copied_from=source,
    )


def require_whole(invoice: Invoice, *, on: date) -> Any:
    """The document of a row, without errors on that day.

    Raises:
        NotFinished, AnotherSupplier.
    """
    parsed = content.parse(invoice)
    if parsed.document is None:
        raise NotFinished(parsed.findings)
    found: Sequence[Finding] = errors(check(parsed.document, on=on))
    if found:
        raise NotFinished(found)
    if parsed.document.supplier.business_number != invoice.business.number:
        raise AnotherSupplier
    return parsed.document


def _locked(member: Member, invoice_id: int, version: int) -> Invoice:
    invoice = lock([invoice_id]).get(invoice_id)
    if invoice is None:
        raise Invoice.DoesNotExist
    member.require(Right.WRITE, invoice.business_id)
    require_version(invoice, version)
    return invoice


def _record_creation(invoice: Invoice, member: Member, now: datetime) -> None:
    from dojang.service.audit import chain  # noqa: PLC0415

    event = chain.NewEvent(
        invoice.pk,
        Action.CREATE.value,
        "",
        State.DRAFT.value,
        {"copied_from": invoice.copied_from_id} if invoice.copied_from_id else {},
    )
    chain.record([event], actor=member.actor, at=now)
