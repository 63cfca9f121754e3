"""Counterparties added, changed, put into the archive and taken out of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from dojang.service.counterparties import access, history, personal
from dojang.service.counterparties.details import FIELDS, ContactDetails, Details, refusals
from dojang.service.counterparties.errors import (
    ArchivedAlready,
    ChangedMeanwhile,
    DetailsRefused,
    IsArchived,
    ThereAlready,
    WasMerged,
)
from dojang.service.counterparties.models import Contact, Counterparty
from dojang.service.counterparties.names import name_key
from dojang.service.counterparties.search import search_text
from dojang.service.counterparties.services.statuses import apply_status, forget_status
from dojang.service.counterparties.taxstatus import TaxStatus
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


def add(*, member: Member, details: Details, now: datetime, status: TaxStatus | None = None) -> Counterparty:
    """Save a new counterparty.

    Args:
        member: needs `Right.WRITE`.
        details: as typed.
        now: aware.
        status: what the tax office said of the number, if it was asked.

    Raises:
        PermissionDenied, DetailsRefused, ThereAlready, ArchivedAlready.
    """
    access.require(member, Right.WRITE)
    details = accepted(details)
    counterparty = Counterparty(workspace=member.workspace, created_at=now)
    _fill(counterparty, details)
    if status is not None:
        apply_status(counterparty, status, now)
    with transaction.atomic():
        _save(counterparty)
        _put_contacts(counterparty, details.contacts)
        created = history.differences(Details(name="", kind=""), details)
        history.record(counterparty, "create", created, actor=member.actor, now=now)
    return counterparty


def edit(
    *, member: Member, counterparty_id: int, version: int, details: Details, now: datetime
) -> Counterparty:
    """Save what was typed over what `version` showed.

    Raises:
        PermissionDenied, DetailsRefused, ThereAlready, ArchivedAlready, IsArchived.
        ChangedMeanwhile: someone else saved after `version`; nothing is overwritten.
        Counterparty.DoesNotExist: not in this workspace.
    """
    access.require(member, Right.WRITE)
    details = accepted(details)
    with transaction.atomic():
        counterparty = locked(counterparty_id)
        if counterparty.archived_at is not None:
            raise IsArchived
        if counterparty.version != version:
            raise ChangedMeanwhile
        before = Details.of(counterparty)
        changes = history.differences(before, details)
        number_before = bytes(counterparty.personal_number or b"")
        _fill(counterparty, details)
        if bytes(counterparty.personal_number or b"") != number_before:
            changes["personal_number"] = (_kept(number_before), _kept(counterparty.personal_number))
        if not changes:
            return counterparty
        if "number" in changes:
            forget_status(counterparty)
        counterparty.version += 1
        _save(counterparty)
        if before.contacts != details.contacts:
            _put_contacts(counterparty, details.contacts)
        history.record(counterparty, "edit", changes, actor=member.actor, now=now)
    return counterparty


def write_memo(
    *, member: Member, counterparty_id: int, version: int, memo: str, now: datetime
) -> Counterparty:
    """Change the memo alone. Raises what `edit` raises."""
    saved = Details.of(Counterparty.objects.get(pk=counterparty_id))
    return edit(
        member=member,
        counterparty_id=counterparty_id,
        version=version,
        details=replace(saved, memo=memo),
        now=now,
    )


def archive(*, member: Member, counterparty_id: int, now: datetime) -> Counterparty:
    """Put into the archive, where it is not offered for new invoices. Done twice, it changes nothing more.

    Raises:
        PermissionDenied.
    """
    access.require(member, Right.WRITE)
    with transaction.atomic():
        counterparty = locked(counterparty_id)
        if counterparty.archived_at is None:
            counterparty.archived_at = now
            counterparty.version += 1
            counterparty.save(update_fields=["archived_at", "version"])
            history.record(counterparty, "archive", {}, actor=member.actor, now=now)
    return counterparty


def unarchive(*, member: Member, counterparty_id: int, now: datetime) -> Counterparty:
    """Take out of the archive.

    Raises:
        PermissionDenied.
        ThereAlready: another one has its number by now.
        WasMerged: it lives on in another one.
    """
    access.require(member, Right.WRITE)
    with transaction.atomic():
        counterparty = locked(counterparty_id)
        if counterparty.merged_into_id is not None:
            raise WasMerged
        if counterparty.archived_at is not None:
            counterparty.archived_at = None
            counterparty.version += 1
            _save(counterparty)
            history.record(counterparty, "unarchive", {}, actor=member.actor, now=now)
    return counterparty


def reveal(*, member: Member, counterparty_id: int, now: datetime) -> str:
    """The number of a person, unmasked; that it was looked at stands in the history before it is shown.

    Raises:
        PermissionDenied: it takes `Right.WRITE`.
        SecretUnreadable: it was sealed with another data key.
    """
    access.require(member, Right.WRITE)
    with transaction.atomic():
        counterparty = locked(counterparty_id)
        number = personal.plain(counterparty)
        if number:
            history.record(counterparty, "reveal", {}, actor=member.actor, now=now)
    return number


def accepted(details: Details) -> Details:
    """Cleaned details that may be saved.

    Raises:
        DetailsRefused: with everything that is wrong.
    """
    cleaned = details.cleaned()
    if found := refusals(cleaned):
        raise DetailsRefused(found)
    return cleaned


def locked(counterparty_id: int) -> Counterparty:
    """The row, which nobody else changes until the transaction ends."""
    return Counterparty.objects.select_for_update(of=("self",)).get(pk=counterparty_id)


def same_number(counterparty: Counterparty) -> Counterparty | None:
    """Another one with the same business or personal number, one in use before one in the archive."""
    others = Counterparty.objects.filter(merged_into=None).exclude(pk=counterparty.pk)
    if counterparty.number:
        others = others.filter(number=counterparty.number, branch_number=counterparty.branch_number)
    elif counterparty.personal_number_hmac:
        others = others.filter(personal_number_hmac=counterparty.personal_number_hmac)
    else:
        return None
    return others.order_by(F("archived_at").desc(nulls_first=True)).first()


def derive(counterparty: Counterparty) -> None:
    """Fill the columns that are derived from others."""
    counterparty.search = search_text(counterparty)
    counterparty.name_key = name_key(counterparty.name)


def _kept(number: object) -> str:
    return history.CHANGED if number else ""


def _fill(counterparty: Counterparty, details: Details) -> None:
    """Put details into a row. One that became another kind keeps no personal number of the old kind."""
    number = details.personal_number
    if number is None and counterparty.kind != details.kind:
        number = ""
    for name in FIELDS:
        setattr(counterparty, name, getattr(details, name))
    if number is not None and number != personal.plain(counterparty):
        personal.seal(counterparty, number)
    derive(counterparty)


def _save(counterparty: Counterparty) -> None:
    """Save, unless another one has the number; the constraint decides where two save at once."""
    _refuse_same_number(counterparty)
    try:
        with transaction.atomic():
            counterparty.save()
    except IntegrityError:
        _refuse_same_number(counterparty)
        raise


def _refuse_same_number(counterparty: Counterparty) -> None:
    other = same_number(counterparty)
    if other is not None:
        refusal = ThereAlready if other.archived_at is None else ArchivedAlready
        raise refusal(name=other.name, counterparty_id=other.pk)


def _put_contacts(counterparty: Counterparty, contacts: Sequence[ContactDetails]) -> None:
    counterparty.contacts.all().delete()
    Contact.objects.bulk_create(contact_rows(counterparty, contacts))


def contact_rows(counterparty: Counterparty, contacts: Sequence[ContactDetails]) -> list[Contact]:
    """Rows in the given order, not saved yet."""
    return [
        Contact(
            workspace_id=counterparty.workspace_id,
            counterparty=counterparty,
            position=position,
            name=contact.name,
            department=contact.department,
            email=contact.email,
            phone=contact.phone,
        )
        for position, contact in enumerate(contacts)
    ]
