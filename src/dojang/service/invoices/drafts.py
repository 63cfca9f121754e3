"""Drafts: written, saved as one types, finished, thrown away, copied."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from dojang.etax import Invoice as Document
from dojang.etax import check
from dojang.etax.findings import Finding, errors
from dojang.service.invoices import content, guards, timing
from dojang.service.invoices.changes import Change, apply, lock, require, require_version
from dojang.service.invoices.errors import AnotherSupplier, ArchivedBusiness, NotFinished
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

_OF_ITS_LIFE = ("original_issue_id", "amendment_reason", "exchange_id", "reference_id")
_ORDINARY = {"02": "01", "04": "03"}
# Columns of an item that are negative where something is taken off.
_SIGNED = ("quantity", "supply_amount", "tax_amount")
_TOTALS = ("supply_amount", "tax_amount", "total_amount")
# 비고 that the law has on amendments alone (부가가치세법 시행령 제70조).
_OF_AN_AMENDMENT = re.compile(r"(당초 작성일자|내국신용장 개설일자|구매확인서 발급일자|사유발생일)\(")
# No row has this version.
_NEVER = 0
# Columns that follow from the content.
_DERIVED = (
    "content", "secret", "document_type", "supplier_number", "supplier_name", "amendment_reason", "original_issue_id", "buyer_number", "buyer_name",
    "buyer_email", "item_name", "item_count", "purpose", "written_on", "issue_by", "supply_amount", "tax_amount",
    "total_amount", "search",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What the editor sends beside the document.

    Attributes:
        kept: how it was typed, for the next time it is opened; `save` in it names this save.
        draft_key: made by the page before the first save of a draft.
        lost: names of saves of this page whose answers never came.
    """

    kept: Mapping[str, Any] = field(default_factory=dict)
    draft_key: UUID | None = None
    lost: frozenset[str] = frozenset()


@transaction.atomic
def create(
    *,
    member: Member,
    business: Business,
    given: Mapping[str, Any],
    now: datetime,
    counterparty_id: int | None = None,
    copied_from: Invoice | None = None,
    typed: Typed | None = None,
) -> Invoice:
    """A new draft. Where this first save was sent already, the draft that it made is saved once more.

    Raises:
        PermissionDenied, ArchivedBusiness, content.TooLarge, content.NoJson.
        ChangedMeanwhile: somebody else has saved that draft since, or it is another business's.
    """
    member.require(Right.WRITE, business.pk)
    if business.archived_at is not None:
        raise ArchivedBusiness(name=business.name)
    typed = typed or Typed()
    before = _made_before(typed)
    if before is not None:
        if before.business_id != business.pk:
            require_version(before, _NEVER)
        return save(
            member=member,
            invoice_id=before.pk,
            version=_NEVER,
            given=given,
            now=now,
            counterparty_id=counterparty_id,
            typed=typed,
        )
    invoice = Invoice(
        workspace_id=current_workspace(),
        business=business,
        counterparty_id=counterparty_id,
        copied_from=copied_from,
        editor=typed.kept,
        draft_key=typed.draft_key,
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
def create_exactly(
    *,
    member: Member,
    business: Business,
    document: Document,
    last_day: date | None,
    now: datetime,
    counterparty_id: int | None = None,
) -> Invoice:
    """A draft that says exactly this, supplier included: what follows from another document is not typed.

    Raises:
        PermissionDenied, ArchivedBusiness, content.TooLarge, content.NoJson.
    """
    member.require(Right.WRITE, business.pk)
    if business.archived_at is not None:
        raise ArchivedBusiness(name=business.name)
    invoice = Invoice(
        workspace_id=current_workspace(),
        business=business,
        counterparty_id=counterparty_id,
        created_by_id=member.user_id,
        created_at=now,
        changed_by_id=member.user_id,
        changed_at=now,
    )
    content.fill_exactly(invoice, document, last_day=last_day)
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
    typed: Typed | None = None,
) -> Invoice:
    """Save what was typed, if nobody else saved since `version`.

    A save whose answer was lost counts as `version`: the page that sent it knows what it wrote.

    Raises:
        Invoice.DoesNotExist, PermissionDenied, ChangedMeanwhile, NotPossible, content.TooLarge,
            content.NoJson.
    """
    typed = typed or Typed()
    invoice = _locked(member, invoice_id, version, lost=typed.lost)
    guards.require(Action.EDIT, [invoice], member=member, now=now)
    content.fill(invoice, given, invoice.business)
    invoice.counterparty_id = counterparty_id
    invoice.editor = typed.kept
    changes = [Change(invoice, (*_DERIVED, "counterparty", "editor"))]
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
    guards.require(Action.FINISH, [invoice], member=member, now=now)
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
    guards.require(Action.REOPEN, [invoice], member=member, now=now)
    invoice.orders.all().delete()
    invoice.content_hash = ""
    apply(Action.REOPEN, [Change(invoice, ("content_hash",))], actor=member.actor, now=now)
    return invoice


@transaction.atomic
def delete(*, member: Member, invoice_id: int, version: int, now: datetime) -> None:
    """Throw a draft away: it was never a document. Its history stays."""
    invoice = _locked(member, invoice_id, version)
    require(invoice, Action.DELETE)
    guards.require(Action.DELETE, [invoice], member=member, now=now)
    invoice.orders.all().delete()
    apply(Action.DELETE, [Change(invoice)], actor=member.actor, now=now)


def copy(*, member: Member, source: Invoice, written_on: date, now: datetime) -> Invoice:
    """A new draft with the content of another document, dated anew and with nothing of its life."""
    return create(
        member=member,
        business=source.business,
        given=dated_anew(content.whole(source), written_on),
        now=now,
        counterparty_id=source.counterparty_id,
        copied_from=source,
    )


def dated_anew(given: dict[str, Any], written_on: date) -> dict[str, Any]:
    """The content of another document as that of a new one."""
    given = {name: value for name, value in given.items() if name not in _OF_ITS_LIFE}
    kind = str(given.get("document_type", ""))
    # A copy of an amendment is an ordinary document: 02xx and 04xx are 수정.
    if kind[:2] in _ORDINARY:
        given = _of_a_supply(given) | {"document_type": _ORDINARY[kind[:2]] + kind[2:]}
    given["written_on"] = written_on.isoformat()
    items = given.get("items")
    lines = items if isinstance(items, list) else []
    given["items"] = [
        {**item, "supplied_on": written_on.isoformat()} for item in lines if isinstance(item, dict)
    ]
    return given


def _of_a_supply(given: dict[str, Any]) -> dict[str, Any]:
    """The content of an amendment as that of a supply of its own: nothing taken off, nothing said of an original."""
    items = given.get("items")
    lines = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    remarks = given.get("remarks")
    kept = (
        [one for one in remarks if not _OF_AN_AMENDMENT.match(str(one))] if isinstance(remarks, list) else []
    )
    if lines and all(_is_taken_off(line.get("supply_amount")) for line in lines):
        turned = {name: _opposite(given[name]) for name in _TOTALS if name in given}
        given = given | turned | {"payments": []}
        lines = [
            line | {name: _opposite(line.get(name)) for name in _SIGNED if name in line} for line in lines
        ]
    return given | {"items": lines, "remarks": kept}


def _is_taken_off(value: Any) -> bool:
    """Of a number as content has it, typed or stored."""
    return str(value).strip().startswith("-")


def _opposite(value: Any) -> Any:
    if isinstance(value, int):
        return -value
    return value.removeprefix("-") if isinstance(value, str) else value


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
    if content.signer_of(parsed.document) != invoice.business.number:
        raise AnotherSupplier
    return parsed.document


def _locked(member: Member, invoice_id: int, version: int, *, lost: Collection[str] = ()) -> Invoice:
    invoice = lock([invoice_id]).get(invoice_id)
    if invoice is None:
        raise Invoice.DoesNotExist
    member.require(Right.WRITE, invoice.business_id)
    if invoice.changed_by_id != member.user_id or invoice.editor.get("save") not in lost:
        require_version(invoice, version)
    return invoice


def _made_before(typed: Typed) -> Invoice | None:
    """The draft that the same first save made; where it is just being made, the one that it becomes."""
    if typed.draft_key is None:
        return None
    with connection.cursor() as cursor:
        name = f"dojang.draft:{current_workspace()}:{typed.draft_key}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    return Invoice.objects.select_related("changed_by").filter(draft_key=typed.draft_key).first()


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
