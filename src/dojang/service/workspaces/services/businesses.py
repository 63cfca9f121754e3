"""Businesses of a workspace: added, changed, archived; their branches, seal and settings."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from dojang.etax.codes import Purpose
from dojang.etax.facts import Facts, ReturnFiled
from dojang.etax.identifiers import is_branch_number, normalize
from dojang.service.audit.actor import Actor
from dojang.service.certificates.models import Certificate
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces import seal_image
from dojang.service.workspaces.details import DETAIL_FIELDS, BusinessDetails, refuse_long
from dojang.service.workspaces.errors import (
    BranchThereAlready,
    BusinessArchived,
    BusinessInUse,
    BusinessThereAlready,
    ChoiceUnknown,
    DetailMissing,
    LastBusiness,
    NoBranchNumber,
    NoSuchBranch,
    NoSuchBusiness,
    NumberIsFixed,
)
from dojang.service.workspaces.facts import RETURNS_FILED, guess, returns_marked, with_returns
from dojang.service.workspaces.history import Subject, apply, changes_of, record, redacted
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Branch, Business, Rounding, Workspace
from dojang.service.workspaces.roles import Right

#: States in which something still has to happen to a document.
_UNFINISHED = (
    State.DRAFT, State.AWAITING_APPROVAL, State.READY, State.ISSUED, State.SUBMITTED, State.UNKNOWN,
)  # fmt: skip


def insert_business(details: BusinessDetails, *, actor: Actor, now: datetime) -> Business:
    """Put cleaned details into the open workspace; who may do so was asked before.

    Raises:
        BusinessThereAlready: the number is in the workspace.
    """
    values = {name: getattr(details, name) for name in DETAIL_FIELDS}
    try:
        with transaction.atomic():
            business = Business.objects.create(
                workspace_id=current_workspace(), facts=guess(details.number), **values
            )
    except IntegrityError:
        raise BusinessThereAlready(number=details.number) from None
    changes = {name: ("", value) for name, value in values.items() if value}
    record("create", Subject.BUSINESS, business, business.name, actor=actor, at=now, changes=changes)
    return business


@transaction.atomic
def add_business(*, member: Member, details: BusinessDetails, now: datetime) -> Business:
    """One more business.

    Raises:
        NoBusinessNumber, DetailMissing, BusinessThereAlready: see there.
        PermissionDenied: without the right to manage the workspace.
    """
    member.require(Right.MANAGE)
    return insert_business(details.cleaned(), actor=member.actor, now=now)


@transaction.atomic
def edit_business(*, member: Member, business_id: int, details: BusinessDetails, now: datetime) -> Business:
    """Change what is known of a business. Documents that were issued keep what stood there then.

    Raises:
        NumberIsFixed: documents or certificates exist under the old number.
        NoBusinessNumber, DetailMissing, BusinessThereAlready, BusinessArchived, NoSuchBusiness: see there.
    """
    business = _managed(member, business_id)
    cleaned = details.cleaned()
    changes = changes_of(business, {name: getattr(cleaned, name) for name in DETAIL_FIELDS})
    if "number" in changes and _has_history(business):
        raise NumberIsFixed
    try:
        with transaction.atomic():
            apply(business, changes)
    except IntegrityError:
        raise BusinessThereAlready(number=cleaned.number) from None
    return _recorded("edit", business, member, now, changes)


@transaction.atomic
def archive_business(*, member: Member, business_id: int, now: datetime) -> Business:
    """Put a business away: no new documents; what there is can still be read.

    Raises:
        BusinessInUse: documents are not finished.
        LastBusiness: no other one would be left.
    """
    Workspace.objects.select_for_update(no_key=True).get()
    member.require(Right.MANAGE)
    business = _managed(member, business_id)
    unfinished = Invoice.objects.filter(
        business=business, state__in=_UNFINISHED, deleted_at__isnull=True
    ).count()
    if unfinished:
        raise BusinessInUse(count=unfinished)
    if not Business.objects.filter(archived_at__isnull=True).exclude(pk=business.pk).exists():
        raise LastBusiness
    business.archived_at = now
    business.save(update_fields=["archived_at"])
    return _recorded("archive", business, member, now)


@transaction.atomic
def restore_business(*, member: Member, business_id: int, now: datetime) -> Business:
    """Bring an archived business back; nothing happens to one that isn't."""
    member.require(Right.MANAGE)
    business = _locked(business_id)
    if business.archived_at is None:
        return business
    business.archived_at = None
    business.save(update_fields=["archived_at"])
    return _recorded("restore", business, member, now)


@transaction.atomic
def set_defaults(*, member: Member, business_id: int, purpose: str, rounding: str, now: datetime) -> Business:
    """What a new document of this business begins with: `Purpose` (영수 or 청구), and `Rounding` of parts of a won.

    Raises:
        ChoiceUnknown, BusinessArchived, NoSuchBusiness: see there.
    """
    if purpose not in {each.value for each in Purpose}:
        raise ChoiceUnknown(label_ko="영수·청구", label_en="purpose")
    if rounding not in Rounding.values:
        raise ChoiceUnknown(label_ko="원 미만", label_en="rounding")
    business = _managed(member, business_id)
    changes = changes_of(business, {"default_purpose": purpose, "rounding": rounding})
    apply(business, changes)
    return _recorded("edit", business, member, now, changes)


@transaction.atomic
def set_facts(*, member: Member, business_id: int, facts: Mapping[str, Any], now: datetime) -> Business:
    """What deadlines, penalties and returns are computed from: fields of `dojang.etax.facts.Facts`, as JSON.

    Raises:
        InvalidFacts: with a finding for each field that can't be read.
        BusinessArchived, NoSuchBusiness: see there.
    """
    kept = Facts.from_json(json.dumps(dict(facts))).model_dump(mode="json", by_alias=True, include=set(facts))
    business = _managed(member, business_id)
    # Which returns were filed is told on another page.
    filed = {name: told for name, told in business.facts.items() if name == RETURNS_FILED}
    changes = changes_of(business, {"facts": filed | kept})
    apply(business, changes)
    return _recorded("edit", business, member, now, changes)


@transaction.atomic
def mark_filed(*, member: Member, business_id: int, filed: ReturnFiled, now: datetime) -> Business:
    """신고 완료: the day on which a VAT return was filed, in place of the one told before.

    Raises:
        BusinessArchived, NoSuchBusiness: see there.
    """
    return _told_of_return("mark_filed", member, business_id, filed.period, filed.filed_on.isoformat(), now)


@transaction.atomic
def unmark_filed(*, member: Member, business_id: int, period: str, now: datetime) -> Business:
    """Take a 신고 완료 back; nothing happens where there is none."""
    return _told_of_return("unmark_filed", member, business_id, period, "", now)


def _told_of_return(
    action: str, member: Member, business_id: int, period: str, filed_on: str, now: datetime
) -> Business:
    business = _managed(member, business_id)
    marks = returns_marked(business.facts)
    before = marks.get(period, "")
    if before == filed_on:
        return business
    business.facts = with_returns(business.facts, marks | {period: filed_on})
    business.save(update_fields=["facts"])
    changes = {"period": ("", period), "filed_on": (before, filed_on)}
    return _recorded(action, business, member, now, changes)


@transaction.atomic
def set_seal(*, member: Member, business_id: int, image: bytes, now: datetime) -> Business:
    """The picture of the seal, cleaned.

    Raises:
        NotAnImage: it can't be shown safely.
    """
    content, kind = seal_image.clean(image)
    business = _managed(member, business_id)
    return _with_seal(business, content, kind, member, now)


@transaction.atomic
def remove_seal(*, member: Member, business_id: int, now: datetime) -> Business:
    """Documents are shown without a seal again."""
    return _with_seal(_managed(member, business_id), None, "", member, now)


@transaction.atomic
def save_branch(
    *,
    member: Member,
    business_id: int,
    number: str,
    name: str,
    address: str = "",
    branch_id: int | None = None,
    now: datetime,
) -> Branch:
    """Add a 종사업장, or change the one that `branch_id` names.

    Raises:
        NoBranchNumber, DetailMissing, BranchThereAlready, NoSuchBranch: see there.
    """
    business = _managed(member, business_id)
    branch = Branch(workspace_id=current_workspace(), business=business)
    if branch_id is not None:
        branch = _branch(business, branch_id)
    values = {
        "number": normalize(number),
        "name": " ".join(name.split()),
        "address": " ".join(address.split()),
    }
    if not is_branch_number(values["number"]):
        raise NoBranchNumber
    if not values["name"]:
        raise DetailMissing(label_ko="종사업장 이름", label_en="name of the branch")
    refuse_long(Branch, values)
    changes = changes_of(branch, values)
    for field, value in values.items():
        setattr(branch, field, value)
    try:
        with transaction.atomic():
            branch.save()
    except IntegrityError:
        raise BranchThereAlready(number=values["number"]) from None
    if changes:
        action = "create" if branch_id is None else "edit"
        record(
            action, Subject.BRANCH, branch, _branch_name(branch), actor=member.actor, at=now, changes=changes
        )
    return branch


@transaction.atomic
def remove_branch(*, member: Member, business_id: int, branch_id: int, now: datetime) -> None:
    """Take a 종사업장 out; documents that name it keep its number."""
    branch = _branch(_managed(member, business_id), branch_id)
    record("remove", Subject.BRANCH, branch, _branch_name(branch), actor=member.actor, at=now)
    branch.delete()


def _locked(business_id: int) -> Business:
    try:
        return Business.objects.select_for_update(no_key=True).get(pk=business_id)
    except Business.DoesNotExist:
        raise NoSuchBusiness from None


def _managed(member: Member, business_id: int) -> Business:
    """A business this member may change, locked."""
    business = _locked(business_id)
    member.require(Right.MANAGE, business.pk)
    if business.archived_at is not None:
        raise BusinessArchived
    return business


def _branch(business: Business, branch_id: int) -> Branch:
    try:
        return Branch.objects.select_for_update().get(pk=branch_id, business=business)
    except Branch.DoesNotExist:
        raise NoSuchBranch from None


def _branch_name(branch: Branch) -> str:
    return f"{branch.business.name} {branch.number} {branch.name}"


def _has_history(business: Business) -> bool:
    return (
        Invoice.objects.filter(business=business).exists()
        or Certificate.objects.filter(business=business).exists()
    )


def _with_seal(
    business: Business, content: bytes | None, kind: str, member: Member, now: datetime
) -> Business:
    # What comes from the database is a memoryview.
    before = bytes(business.seal_image) if business.seal_image is not None else None
    if before == content:
        return business
    business.seal_image, business.seal_image_type = content, kind
    business.save(update_fields=["seal_image", "seal_image_type"])
    changes = redacted({"seal_image": (None, None)}, ["seal_image"])
    return _recorded("edit", business, member, now, changes)


def _recorded(
    action: str,
    business: Business,
    member: Member,
    now: datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> Business:
    """The business, its change in the history; where nothing changed, nothing is written."""
    if changes is None or changes:
        record(action, Subject.BUSINESS, business, business.name, actor=member.actor, at=now, changes=changes)
    return business
