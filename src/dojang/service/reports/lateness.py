"""Which documents were late, added up for the law to judge; and one by one for a person to read."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from dojang.etax.calendar.deadlines import issue_deadline, transmit_deadline
from dojang.etax.returns import Late, Party, Side
from dojang.service.days import FirstOfMonth
from dojang.service.invoices import lateness
from dojang.service.invoices.models import Invoice
from dojang.service.law import law
from dojang.service.reports import selecting
from dojang.service.reports.codes import KINDS, REASONS
from dojang.service.reports.dated_right import First, too_late_for_their_date

_SAME = (
    "document_type", "judged_as", "party", "month", "issued", "sent", "decrease", "paper", "deducts", "issue_by",
)  # fmt: skip


def late_rows(business_id: int, side: Side, start: date, end: date) -> list[QuerySet[Any]]:
    """Documents that count and that were issued, or as our own sales transmitted, after their day.

    Our own are also those that were issued elsewhere, by a broker (위수탁) or another program: the duty is the
    supplier's (제32조 제3항). Those on paper are among them: who has to issue electronically owes for those as well
    (제60조 제2항 제2호 가목), and corrections to a date that the first document was issued too late for.
    """
    found = []
    for every in selecting.documents([business_id], side):
        rows = _judged(every.filter(written_on__range=(start, end)))
        wanted = _issued_late(start, end)
        if rows.model is Invoice:
            # Its term runs from what happened, which is not always the day written (시행령 §70②③).
            wanted &= ~Q(amendment_reason__in=lateness.DUE_LIKE_A_SUPPLY, issue_by__gte=F("issued"))
            wanted |= lateness.SENT_AFTER_ITS_DAY
        elif side is Side.SALES:
            wanted |= Q(paper=True) | _sent_late_elsewhere(rows)
        corrected = too_late_for_their_date(rows, business_id, side)
        if corrected:
            found.append(_judged_by(rows.filter(pk__in=corrected), corrected))
        found.append(rows.filter(wanted).exclude(pk__in=corrected))
    return found


def _judged(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the 수정사유 that penalties go by: a document's own."""
    found: QuerySet[Any] = rows.annotate(judged_as=F("amendment_reason"))
    return found


def _judged_by(rows: QuerySet[Any], firsts: Mapping[int, First]) -> QuerySet[Any]:
    """As the first document would be judged with the right date: a 01 as such has no term to miss."""
    issued = [When(pk=pk, then=Value(first.issued_on)) for pk, first in firsts.items()]
    reasons = [When(pk=pk, then=Value(first.reason)) for pk, first in firsts.items()]
    found: QuerySet[Any] = rows.annotate(
        issued=Case(*issued, output_field=DateField()),
        sent=Case(*issued, output_field=DateField()),
        judged_as=Case(*reasons, output_field=CharField()),
    )
    return found


def unsent_rows(business_id: int, start: date, end: date, today: date) -> QuerySet[Any]:
    """Signed invoices that 국세청 has not accepted, whose 전송기한 or 발급기한 is over."""
    rows = _judged(selecting.told_invoices(selecting.unfinished([business_id])))
    # Without an inbox it is not issued before 국세청 has it, whenever it was signed.
    rows = rows.annotate(issued=Coalesce("delivered_on", "sent_on"))
    overdue = lateness.issued_late(today) | Q(transmit_by__lt=today)
    found: QuerySet[Any] = rows.filter(overdue, written_on__range=(start, end))
    return found


def late(business_id: int, start: date, end: date) -> list[Late]:
    """What of a 과세기간 was late, ready to be charged: documents of one kind and dates together."""
    return [
        part
        for side in Side
        for rows in late_rows(business_id, side, start, end)
        for part in _added(rows, side)
    ]


def unsent(business_id: int, start: date, end: date, today: date) -> list[Late]:
    """The same of what is not with 국세청 yet."""
    return list(_added(unsent_rows(business_id, start, end, today), Side.SALES, is_sent=False))


def sent_in_time(business_id: int, start: date, end: date) -> int:
    """세금계산서 of a time that were issued electronically here and transmitted by 전송기한 (제47조 제1항)."""
    if end < start:
        return 0
    rows = selecting.told_invoices(selecting.invoices([business_id]))
    in_time = rows.filter(written_on__range=(start, end), sent__lte=F("transmit_by"))
    return in_time.exclude(Q(document_type__startswith="03") | Q(document_type__startswith="04")).count()


def one(row: Any, side: Side, *, is_sent: bool = True) -> Late:
    """One document, to be charged by itself."""
    return Late(
        side=side,
        document_type=KINDS[row.document_type],
        reason=REASONS.get(row.judged_as),
        party=Party(row.party),
        written_on=row.written_on,
        issued_on=row.issued,
        sent_on=row.sent if is_sent else None,
        count=1,
        supply_amount=row.supply_amount,
        tax_amount=row.tax_amount,
        paper=row.paper,
        deducts=not row.refused,
        supplied_on=_supplied_on(row.written_on, row.issue_by, row.judged_as),
    )


def _issued_late(start: date, end: date) -> Q:
    """By the month of 작성일자, as the law has it; not what has no such term (01, 05, 06)."""
    late = Q(pk__in=[])
    for first in _months(start, end):
        late |= Q(
            written_on__year=first.year,
            written_on__month=first.month,
            issued__gt=issue_deadline(first, law=law()).on,
        )
    return late & Q(amendment_reason__in=lateness.HAS_TERM)


def _sent_late_elsewhere(rows: QuerySet[Any]) -> Q:
    """What other programs sent late: 전송기한 is worked out, since no column of a record has it.

    An unknown 전송일 is none.
    """
    sent = rows.filter(sent_on__gt=F("issued")).order_by().values_list("issued", "written_on", "sent_on")
    found: dict[tuple[date, date], set[date]] = {}
    for issued, written_on, sent_on in sent.distinct():
        limit = transmit_deadline(issued, law=law(), written_on=written_on).on
        if sent_on > limit:
            found.setdefault((issued, limit), set()).add(written_on)
    late = Q(pk__in=[])
    for (issued, limit), written in found.items():
        late |= Q(issued=issued, sent_on__gt=limit, written_on__in=written)
    return late


def _months(start: date, end: date) -> Iterable[date]:
    day = start.replace(day=1)
    while day <= end:
        yield day
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _added(rows: QuerySet[Any], side: Side, *, is_sent: bool = True) -> Iterable[Late]:
    grouped = (
        rows.annotate(
            month=FirstOfMonth("written_on"),
            decrease=Case(
                When(supply_amount__lt=0, then=Value(value=True)),
                default=Value(value=False),
                output_field=BooleanField(),
            ),
            deducts=Case(
                When(refused="", then=Value(value=True)),
                default=Value(value=False),
                output_field=BooleanField(),
            ),
        )
        .order_by()
        .values(*_SAME)
        .annotate(first=Min("written_on"), n=Count("id"), supply=Sum("supply_amount"), tax=Sum("tax_amount"))
    )
    for row in grouped:
        yield Late(
            side=side,
            document_type=KINDS[row["document_type"]],
            reason=REASONS.get(row["judged_as"]),
            party=Party(row["party"]),
            written_on=row["first"],
            issued_on=row["issued"],
            sent_on=row["sent"] if is_sent else None,
            count=row["n"],
            supply_amount=row["supply"],
            tax_amount=row["tax"],
            paper=row["paper"],
            deducts=row["deducts"],
            supplied_on=_supplied_on(row["first"], row["issue_by"], row["judged_as"]),
        )


def issue_by(row: Any) -> date:
    """발급기한 of one document, as it is judged."""
    counted_from = _supplied_on(row.written_on, row.issue_by, row.judged_as) or row.written_on
    return issue_deadline(counted_from, law=law()).on


def _supplied_on(written_on: date, issue_by: date | None, reason: str) -> date | None:
    """Of an event that is not dated by itself, as after a switch of tax type: a day of the month that its term is of."""
    if reason not in lateness.DUE_LIKE_A_SUPPLY or issue_by is None:
        return None
    if issue_by == issue_deadline(written_on, law=law()).on:
        return None
    return issue_by.replace(day=1) - timedelta(days=1)
