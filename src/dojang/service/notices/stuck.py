"""What does not move by itself any more, and what runs out: counted for the daily digest and the reminders."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from dojang.etax.calendar.deadlines import issue_deadline, months_after
from dojang.service.invoices.lateness import DUE_LIKE_A_SUPPLY
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.notices.models import Kind, MailState, OutgoingMail
from dojang.service.reverse.models import IncomingReverse
from dojang.service.tenancy.scope import current_workspace
from dojang.service.transmission.models import HeldInvoice

#: Business days before 발급기한 on which it is reminded of.
STEPS = (3, 1)
#: Failed or forgotten longer ago: it was decided upon, or nobody will.
_BACK = timedelta(days=60)
#: So long after its time an issued invoice is not just about to go.
_SOON = timedelta(minutes=30)
_MOST = 1000
_UNSIGNED = (State.DRAFT, State.AWAITING_APPROVAL, State.READY)
#: Mails whose reader has no other way to learn of it.
TO_OTHERS = (
    Kind.INVOICE_ISSUED,
    Kind.INVOICE_CANCELLED,
    Kind.INVITATION,
    Kind.CORRECTION_ASKED,
    Kind.REVERSE_REQUESTED,
)


@dataclass(frozen=True, slots=True)
class Unissued:
    """What is written but not issued, with one 발급기한."""

    count: int
    total: int
    on: date
    step: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """So many of something, told in both languages, with the tab of the list where they are."""

    ko: str
    en: str
    count: int
    page: str
    query: str = ""


def unissued(business_ids: Collection[int], *, now: datetime) -> list[Unissued]:
    """Drafts whose 발급기한 is so many business days from today, for those numbers of `STEPS` that fit.

    Source: 부가가치세법 §34③ (the 10th of the month after 작성일자, moved over holidays).
    """
    day = today(now)
    found = []
    # An announced extension can put the deadline of the month before last into these days (국세기본법 §6).
    for back in (0, 1, 2):
        month = months_after(day.replace(day=1), -back)
        on = issue_deadline(month, law=law()).on
        step = next((step for step in STEPS if _business_days_before(on, step) == day), None)
        if step is None:
            continue
        of_month = Q(written_on__gte=month, written_on__lt=months_after(month, 1), amendment_reason="")
        # An amendment's term runs from what happened, which is not always the day written.
        of_event = Q(amendment_reason__in=DUE_LIKE_A_SUPPLY, issue_by=on)
        rows = _of(business_ids).filter(of_month | of_event, state__in=_UNSIGNED)
        sums = rows.aggregate(count=Count("id"), total=Sum("total_amount", default=0))
        if sums["count"]:
            found.append(Unissued(sums["count"], sums["total"], on, step))
    return found


def due_today(business_ids: Collection[int], *, now: datetime) -> list[Invoice]:
    """Issued ones whose 전송기한 is today and that will not go by themselves, the longest waiting first.

    Source: 부가가치세법 §32③ (the day after 발급, moved over holidays).
    """
    return [one for one in _not_going(business_ids, now) if one.transmit_by == today(now)]


def everything(business_ids: Collection[int], *, now: datetime) -> list[Stuck]:
    """What there is of each thing that somebody has to look at; nothing of what there is none of."""
    found = (Stuck(ko, en, count(business_ids, now), page, query) for ko, en, count, page, query in _THINGS)
    return [one for one in found if one.count]


def _of(business_ids: Collection[int]) -> QuerySet[Invoice]:
    return Invoice.objects.filter(deleted_at__isnull=True, business_id__in=business_ids)


def _business_days_before(day: date, steps: int) -> date:
    calendar = law().calendar
    for _ in range(steps):
        day = calendar.before(day - timedelta(days=1))
    return day


def _held() -> list[int]:
    rows = HeldInvoice.objects.filter(workspace_number=current_workspace())
    return list(rows.values_list("invoice_number", flat=True)[:_MOST])


def _not_going(business_ids: Collection[int], now: datetime) -> Iterator[Invoice]:
    late = Q(transmit_at__isnull=True) | Q(transmit_at__lt=now - _SOON) | Q(pk__in=_held())
    rows = _of(business_ids).filter(late, state=State.ISSUED).select_related("business")
    yield from rows.order_by("issued_at", "id")[:_MOST]


def _unknown(business_ids: Collection[int], now: datetime) -> int:
    return _of(business_ids).filter(state=State.UNKNOWN, issued_at__lt=now - _SOON).count()


def _rejected(business_ids: Collection[int], now: datetime) -> int:
    """Those that nobody has written anew."""
    failed = _of(business_ids).filter(state=State.REJECTED, answered_at__gt=now - _BACK)
    pks = list(failed.values_list("pk", flat=True)[:_MOST])
    again = Invoice.objects.filter(copied_from_id__in=pks, deleted_at__isnull=True)
    return len(set(pks) - set(again.values_list("copied_from_id", flat=True)))


def _awaiting_approval(business_ids: Collection[int], now: datetime) -> int:
    return _of(business_ids).filter(state=State.AWAITING_APPROVAL).count()


def _waiting(business_ids: Collection[int], now: datetime) -> int:
    return sum(1 for _ in _not_going(business_ids, now))


def _overdue_drafts(business_ids: Collection[int], now: datetime) -> int:
    day = today(now)
    month = months_after(day.replace(day=1), -1)
    before = day.replace(day=1) if issue_deadline(month, law=law()).on < day else month
    rows = _of(business_ids).filter(
        state__in=_UNSIGNED, written_on__gte=day - _BACK, written_on__lt=before, amendment_reason=""
    )
    return rows.count()


def _asked(business_ids: Collection[int], now: datetime) -> int:
    """What buyers wrote and wait for."""
    rows = IncomingReverse.objects.filter(state="requested", expires_at__gt=now)
    return rows.filter(business_id__in=business_ids).count()


def _not_delivered(business_ids: Collection[int], now: datetime) -> int:
    """Since the digest of the day before."""
    rows = OutgoingMail.objects.filter(
        state__in=[MailState.BOUNCED, MailState.FAILED],
        ended_at__gt=now - timedelta(days=1),
        kind__in=TO_OTHERS,
    )
    return rows.filter(Q(invoice__isnull=True) | Q(invoice__business_id__in=business_ids)).count()


_Count = Callable[[Collection[int], datetime], int]
_THINGS: tuple[tuple[str, str, _Count, str, str], ...] = (
    ("전송실패", "Not taken by the tax office", _rejected, "invoice_list", "tab=rejected"),
    ("발행 승인대기", "Awaiting approval", _awaiting_approval, "invoice_list", "tab=awaiting"),
    ("결과 확인중", "Result unknown", _unknown, "invoice_list", "tab=sending&stage=unknown"),
    ("전송하지 못하고 있음", "Not being sent", _waiting, "invoice_list", "tab=issued"),
    (
        "발급기한이 지난 임시저장·발행대기",
        "Drafts past the issue deadline",
        _overdue_drafts,
        "invoice_list",
        "stage=due",
    ),
    ("받은 역발행 요청", "Asked to sign", _asked, "reverse_inbox", "tab=open"),
    (
        "어제부터 전달되지 않은 메일",
        "Mails not delivered since yesterday",
        _not_delivered,
        "mail_list",
        "state=bad",
    ),
)
