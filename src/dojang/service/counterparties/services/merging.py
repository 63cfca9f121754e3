"""Two counterparties that are one: one is kept, what hung on the other moves to it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from dojang.service.audit.actor import Actor
from dojang.service.counterparties import access, history
from dojang.service.counterparties.details import (
    MOST_CONTACTS,
    TEXT_FIELDS,
    ContactDetails,
    Details,
    limit,
)
from dojang.service.counterparties.errors import (
    CannotMerge,
    ChangedMeanwhile,
    NumbersDiffer,
    TooManyContacts,
    TooMuchMemo,
)
from dojang.service.counterparties.models import Contact, Counterparty, RememberedItem
from dojang.service.counterparties.services.editing import contact_rows, derive, locked
from dojang.service.invoices.models import Invoice
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


def merge(
    *,
    member: Member,
    keep_id: int,
    other_id: int,
    versions: tuple[int, int],
    now: datetime,
    numbers_may_differ: bool = False,
) -> Counterparty:
    """Make one counterparty of two.

    The kept one gets the other's contacts, memo, remembered items, invoices, and whatever text it had none of. Its own
    text and number stay. The other goes into the archive for good. What was issued says what it said.

    Args:
        member: needs `Right.WRITE`.
        keep_id: the one that stays.
        other_id: the one that goes.
        versions: of both, as they were shown.
        now: aware.
        numbers_may_differ: that a person has seen that the numbers are not the same.

    Raises:
        PermissionDenied, CannotMerge, ChangedMeanwhile, NumbersDiffer, TooManyContacts, TooMuchMemo.
    """
    access.require(member, Right.WRITE)
    if keep_id == other_id:
        raise CannotMerge
    with transaction.atomic():
        # In the order of ids, so that two merges of the same pair wait for each other.
        rows = {pk: locked(pk) for pk in sorted((keep_id, other_id))}
        keep, other = rows[keep_id], rows[other_id]
        _refuse(keep, other, versions, numbers_may_differ=numbers_may_differ)
        before = Details.of(keep)
        contacts = _contacts(before, Details.of(other))
        _take_text(keep, other)
        invoices = Invoice.objects.filter(counterparty=other).update(counterparty=keep)
        _move_items(keep, other)
        _put_away(other, keep, now)
        keep.version += 1
        derive(keep)
        keep.save()
        keep.contacts.all().delete()
        Contact.objects.bulk_create(contact_rows(keep, contacts))
        _record(keep, other, before, invoices, actor=member.actor, now=now)
    return keep


def _refuse(
    keep: Counterparty, other: Counterparty, versions: tuple[int, int], *, numbers_may_differ: bool
) -> None:
    if keep.archived_at is not None or other.archived_at is not None:
        raise CannotMerge
    if (keep.version, other.version) != versions:
        raise ChangedMeanwhile
    if numbers_differ(keep, other) and not numbers_may_differ:
        raise NumbersDiffer


def numbers_differ(one: Counterparty, other: Counterparty) -> bool:
    """Whether both have a number and they are not the same."""
    for name in ("number", "personal_number_hmac"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs and mine != theirs:
            return True
    return bool(one.number and other.number and one.branch_number != other.branch_number)


def _contacts(keep: Details, other: Details) -> tuple[ContactDetails, ...]:
    """The kept one's first, then those of the other who are not there yet."""
    there = {(contact.name, contact.email.lower()) for contact in keep.contacts}
    new = tuple(contact for contact in other.contacts if (contact.name, contact.email.lower()) not in there)
    if len(keep.contacts) + len(new) > MOST_CONTACTS:
        raise TooManyContacts(limit=MOST_CONTACTS)
    return (*keep.contacts, *new)


def _take_text(keep: Counterparty, other: Counterparty) -> None:
    for name in TEXT_FIELDS:
        if not getattr(keep, name):
            setattr(keep, name, getattr(other, name))
    if keep.kind == other.kind and not keep.personal_number_hmac:
        keep.personal_number = other.personal_number
        keep.personal_number_hmac = other.personal_number_hmac
    memos = [memo for memo in dict.fromkeys((keep.memo, other.memo)) if memo]
    keep.memo = "\n\n".join(memos)
    most = limit(Counterparty, "memo")
    if len(keep.memo) > most:
        raise TooMuchMemo(limit=most)


def _move_items(keep: Counterparty, other: Counterparty) -> None:
    """Where both remember the same item, the counts add up and the later price holds."""
    kept = {
        (item.business_id, item.name, item.specification): item
        for item in RememberedItem.objects.filter(counterparty=keep)
    }
    for item in RememberedItem.objects.filter(counterparty=other):
        twin = kept.get((item.business_id, item.name, item.specification))
        if twin is None:
            continue
        newest = max(twin, item, key=lambda one: one.used_at)
        RememberedItem.objects.filter(pk=twin.pk).update(
            times=F("times") + item.times,
            unit_price=newest.unit_price or twin.unit_price or item.unit_price,
            used_at=newest.used_at,
        )
        item.delete()
    RememberedItem.objects.filter(counterparty=other).update(counterparty=keep)


def _put_away(other: Counterparty, keep: Counterparty, now: datetime) -> None:
    other.archived_at = now
    other.merged_into = keep
    other.version += 1
    other.save(update_fields=["archived_at", "merged_into", "version"])


def _record(
    keep: Counterparty, other: Counterparty, before: Details, invoices: int, *, actor: Actor, now: datetime
) -> None:
    changes = history.differences(before, Details.of(keep))
    changes["merged"] = ("", other.name)
    changes["invoices"] = ("", str(invoices))
    history.record(keep, "merge", changes, actor=actor, now=now)
    history.record(other, "merged", {"merged": ("", keep.name)}, actor=actor, now=now)
