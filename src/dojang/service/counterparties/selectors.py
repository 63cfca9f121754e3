"""What is asked of counterparties: lists, matches while typing, likely duplicates, invoices, remembered items."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Lower

from dojang.service.counterparties import personal
from dojang.service.counterparties.models import Contact, Counterparty, CounterpartyChange, RememberedItem
from dojang.service.counterparties.search import matching, ranked
from dojang.service.invoices.consigned import IS_CONSIGNED
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

MOST_MATCHES: Final = 20
ON_INVOICE: Final = 2
"""How many contacts stand on an invoice."""
SORTS: Final[dict[str, tuple[str, ...]]] = {
    # By what stands in the key, so that (주) in front of a name does not put it before all others.
    "name": ("name_key", "name", "id"),
    "-name": ("-name_key", "-name", "-id"),
    "number": ("number", "name_key", "id"),
    "newest": ("-id",),
    "status": ("-tax_status", "name_key", "id"),
}
# What a supplier has sold: amendments count with their signs, what was taken back or refused does not.
_ISSUED: Final = (State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.ACCEPTED)
_FIRST_CONTACTS: Final = Prefetch("contacts", queryset=Contact.objects.order_by("position", "id"))


def listed(
    *, workspace_id: int, query: str = "", archived: bool = False, sort: str = "name"
) -> QuerySet[Counterparty]:
    """Counterparties in use, or in the archive; an unknown `sort` is by name."""
    rows = Counterparty.objects.filter(archived_at__isnull=not archived).prefetch_related(_FIRST_CONTACTS)
    return matching(rows, query, workspace_id=workspace_id).order_by(*SORTS.get(sort, SORTS["name"]))


def counts() -> tuple[int, int]:
    """How many are in use, and how many in the archive."""
    found = Counterparty.objects.aggregate(
        used=Count("pk", filter=Q(archived_at=None)), archived=Count("pk", filter=~Q(archived_at=None))
    )
    return found["used"], found["archived"]


def find(*, workspace_id: int, query: str) -> list[Counterparty]:
    """The best matches in use, for whoever is typing a name, a number or 초성."""
    rows = Counterparty.objects.filter(archived_at=None).prefetch_related(_FIRST_CONTACTS)
    return list(ranked(matching(rows, query, workspace_id=workspace_id), query)[:MOST_MATCHES])


def as_json(counterparty: Counterparty) -> dict[str, Any]:
    """A match as the invoice editor gets it. A person's number is masked; issuing reads it by `id`."""
    checked_at = counterparty.tax_status_checked_at
    return {
        "id": counterparty.pk,
        "version": counterparty.version,
        "kind": counterparty.kind,
        "code": counterparty.code,
        "name": counterparty.name,
        "number": counterparty.number,
        "branch_number": counterparty.branch_number,
        "personal_number": personal.masked(counterparty),
        "representative": counterparty.representative,
        "address": counterparty.address,
        "business_type": counterparty.business_type,
        "business_item": counterparty.business_item,
        "contacts": [
            {"name": one.name, "department": one.department, "email": one.email, "phone": one.phone}
            for one in list(counterparty.contacts.all())[:ON_INVOICE]
        ],
        "status": {
            "code": counterparty.tax_status,
            "tax_type": counterparty.tax_type,
            "text": counterparty.tax_status_text,
            "closed_on": counterparty.closed_on and counterparty.closed_on.isoformat(),
            "checked_at": checked_at and checked_at.isoformat(),
        },
    }


def possible_duplicates(counterparty: Counterparty) -> QuerySet[Counterparty]:
    """Others in use with the same name, apart from what companies add to it, or the same e-mail."""
    emails = [contact.email.lower() for contact in counterparty.contacts.all() if contact.email]
    same = Q(pk__in=[])
    if counterparty.name_key:
        same |= Q(name_key=counterparty.name_key)
    if emails:
        contacts = Contact.objects.alias(lower=Lower("email")).filter(lower__in=emails)
        same |= Q(pk__in=contacts.values("counterparty_id"))
    others = Counterparty.objects.filter(same, archived_at=None).exclude(pk=counterparty.pk)
    return others.prefetch_related(_FIRST_CONTACTS).order_by("name", "id")[:MOST_MATCHES]


@dataclass(frozen=True, slots=True)
class Sales:
    """Invoices issued to a counterparty: how many, and their sums in won."""

    count: int
    supply_amount: int
    tax_amount: int
    total_amount: int


def visible_businesses(member: Member) -> list[int]:
    """The businesses of which the member may see invoices."""
    return businesses_with(member, Right.VIEW)


def invoices_of(counterparty: Counterparty, *, member: Member) -> QuerySet[Invoice]:
    """Invoices to a counterparty that the member may see, newest first."""
    rows = Invoice.objects.filter(
        counterparty=counterparty, business_id__in=visible_businesses(member), deleted_at=None
    )
    return rows.order_by("-written_on", "-id")


def sales_to(counterparty: Counterparty, *, member: Member) -> Sales:
    """The sums of what was sold to a counterparty; what was issued for others (위수탁) is not ours."""
    sums = (
        invoices_of(counterparty, member=member)
        .filter(state__in=_ISSUED)
        .exclude(IS_CONSIGNED)
        .order_by()
        .aggregate(
            count=Count("pk"),
            supply_amount=Coalesce(Sum("supply_amount"), 0),
            tax_amount=Coalesce(Sum("tax_amount"), 0),
            total_amount=Coalesce(Sum("total_amount"), 0),
        )
    )
    return Sales(**sums)


def changes_of(counterparty: Counterparty) -> QuerySet[CounterpartyChange]:
    """The history, newest first."""
    return counterparty.changes.select_related("by")


def remembered(
    *, member: Member, query: str = "", counterparty_id: int | None = None, business_id: int | None = None
) -> list[RememberedItem]:
    """Items that fit, those sold to this counterparty first, then the most recent; each name and specification once."""
    businesses = visible_businesses(member)
    if business_id is not None:
        businesses = [one for one in businesses if one == business_id]
    rows = RememberedItem.objects.filter(business_id__in=businesses)
    text = " ".join(query.replace("\x00", "").split())
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(specification__icontains=text))
    rows = rows.order_by("-used_at", "-times", "-id")
    newest = list(rows[: MOST_MATCHES * 5])
    if counterparty_id is not None:
        own = rows.filter(counterparty_id=counterparty_id)[:MOST_MATCHES]
        newest = [*own, *newest]
    once: dict[tuple[str, str], RememberedItem] = {}
    for item in newest:
        once.setdefault((item.name, item.specification), item)
    return list(once.values())[:MOST_MATCHES]
