"""What pages show of mails."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Prefetch, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from dojang.service.amendments.models import AmendmentDocument
from dojang.service.amendments.models import Kind as DocumentKind
from dojang.service.invoices.models import Invoice
from dojang.service.notices.models import Kind, MailAttempt, MailState, OutgoingMail
from dojang.service.records.models import Record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

#: Of the filter by state: everything that did not arrive.
BAD = "bad"
_BAD = (MailState.BOUNCED, MailState.FAILED)
#: Mails that somebody may still want to do something about.
LATELY = timedelta(days=14)


def mails_of(invoice: Invoice) -> Sequence[OutgoingMail]:
    """The mails about one invoice to people outside, the newest first, with what became of each try."""
    tries = Prefetch("tries", MailAttempt.objects.order_by("id"))
    rows = OutgoingMail.objects.filter(
        invoice_id__in=[invoice.pk, *together(invoice)],
        kind__in=[Kind.INVOICE_ISSUED, Kind.INVOICE_CANCELLED],
    )
    found = rows.select_related("asked_by").prefetch_related(tries).order_by("-id")
    return [mail for mail in found if invoice.pk in mail.invoice_ids]


def together(invoice: Invoice) -> list[int]:
    """The documents that were issued with one, and share its mails."""
    amendments = AmendmentDocument.objects.filter(invoice=invoice).values("amendment_id")
    others = AmendmentDocument.objects.filter(amendment_id__in=amendments, kind=DocumentKind.AMENDMENT)
    return list(others.exclude(invoice=invoice).values_list("invoice_id", flat=True))


def log(
    member: Member, *, state: str = "", kind: str = "", since: datetime | None = None
) -> QuerySet[OutgoingMail]:
    """The delivery log: mails to others about what this member may see, and those to the member; the newest first.

    Args:
        member: who looks; mails to other members are theirs alone.
        state: one of `MailState` or `BAD`; anything else filters nothing.
        kind: one of `Kind`, likewise.
        since: only those written after that.
    """
    rows = OutgoingMail.objects.annotate(
        record_id=Cast(KeyTextTransform("record", "facts"), BigIntegerField())
    ).filter(_visible(member))
    if state in MailState.values:
        rows = rows.filter(state=state)
    elif state == BAD:
        rows = rows.filter(state__in=_BAD)
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if since is not None:
        rows = rows.filter(created_at__gt=since)
    return rows.select_related("invoice", "asked_by").order_by("-id")


def may_see_log(member: Member, business_ids: Collection[int]) -> bool:
    """Owners, administrators, and whoever issues for one of the businesses."""
    return member.may(Right.MANAGE) or any(member.may(Right.ISSUE, one) for one in business_ids)


def _visible(member: Member) -> Q:
    mine = Q(person=member.user_id)
    if member.may(Right.MANAGE) and not member.business_roles:
        return mine | Q(person__isnull=True)
    theirs = businesses_with(member, Right.ISSUE)
    records = Record.objects.filter(business_id__in=theirs).values("pk")
    seen = Q(invoice__business_id__in=theirs) | Q(kind=Kind.CORRECTION_ASKED, record_id__in=records)
    of_workspace = Q(kind=Kind.INVITATION) if member.may(Right.MANAGE) else Q(pk__in=[])
    return mine | Q(person__isnull=True) & (seen | of_workspace)
