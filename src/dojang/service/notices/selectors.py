"""What pages show of mails."""

from collections.abc import Collection, Sequence

from django.db.models import Prefetch, Q, QuerySet

from dojang.service.invoices.models import Invoice
from dojang.service.notices.models import Kind, MailAttempt, MailState, OutgoingMail
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

#: Of the filter by state: everything that did not arrive.
BAD = "bad"
_BAD = (MailState.BOUNCED, MailState.FAILED)


def mails_of(invoice: Invoice) -> Sequence[OutgoingMail]:
    """The mails about one invoice to people outside, the newest first, with what became of each try."""
    tries = Prefetch("tries", MailAttempt.objects.order_by("id"))
    rows = OutgoingMail.objects.filter(
        invoice=invoice, kind__in=[Kind.INVOICE_ISSUED, Kind.INVOICE_CANCELLED]
    )
    return list(rows.select_related("asked_by").prefetch_related(tries).order_by("-id"))


def log(member: Member, *, state: str = "", kind: str = "") -> QuerySet[OutgoingMail]:
    """The delivery log: mails to others about what this member may see, and those to the member; the newest first.

    Args:
        member: who looks; mails to other members are theirs alone.
        state: one of `MailState` or `BAD`; anything else filters nothing.
        kind: one of `Kind`, likewise.
    """
    rows = OutgoingMail.objects.filter(_visible(member))
    if state in MailState.values:
        rows = rows.filter(state=state)
    elif state == BAD:
        rows = rows.filter(state__in=_BAD)
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    return rows.select_related("invoice", "asked_by").order_by("-id")


def may_see_log(member: Member, business_ids: Collection[int]) -> bool:
    """Owners, administrators, and whoever issues for one of the businesses."""
    return member.may(Right.MANAGE) or any(member.may(Right.ISSUE, one) for one in business_ids)


def _visible(member: Member) -> Q:
    mine = Q(person=member.user_id)
    if member.may(Right.MANAGE) and not member.business_roles:
        return mine | Q(person__isnull=True)
    every = list(Business.objects.values_list("pk", flat=True))
    seen = Q(invoice__business_id__in=member.businesses_with(Right.ISSUE, every))
    of_workspace = Q(invoice__isnull=True) if member.may(Right.MANAGE) else Q(pk__in=[])
    return mine | Q(person__isnull=True) & (seen | of_workspace)
