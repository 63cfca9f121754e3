"""The list of invoices: its tabs, rows and totals; and the dates of one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from dojang.etax.calendar.deadlines import issue_deadline, transmit_deadline
from dojang.etax.parameters.law import FIRST_DAY, LAST_DAY
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the list: its name in addresses, its words, and what it holds."""

    name: str
    ko: str
    en: str
    condition: Q

    @property
    def text(self) -> str:
        """The words in the person's language."""
        return say(self.ko, self.en)


TABS: tuple[Tab, ...] = (
    Tab("all", "전체", "All", Q()),
    Tab("draft", "임시저장", "Drafts", Q(state=State.DRAFT)),
    Tab("ready", "발행대기", "To sign", Q(state=State.READY)),
    Tab("issued", "전송 전", "Not sent", Q(state=State.ISSUED)),
    Tab("sending", "전송중", "Being sent", Q(state__in=[State.SUBMITTED, State.UNKNOWN])),
    Tab("accepted", "전송완료", "Accepted", Q(state=State.ACCEPTED)),
    Tab("rejected", "전송실패", "Failed", Q(state=State.REJECTED)),
    Tab("amended", "수정", "Amendments", ~Q(amendment_reason="")),
    Tab("cancelled", "발행취소", "Cancelled", Q(state=State.CANCELLED)),
)
_BY_NAME = {tab.name: tab for tab in TABS}

# What a row of the list shows; the content itself is not read.
_COLUMNS = (
    "id", "version", "state", "business_id", "document_type", "amendment_reason", "buyer_number", "buyer_name",
    "item_name", "item_count", "written_on", "supply_amount", "tax_amount", "total_amount", "issue_id", "issued_at",
    "transmit_at", "way_out", "result_code", "business__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Totals:
    """건수 and amounts in won of what is listed."""

    count: int
    supply_amount: int
    tax_amount: int
    total_amount: int


def tab(name: str) -> Tab:
    """The tab of this name, or the first."""
    return _BY_NAME.get(name, TABS[0])


def invoices(*, chosen: Tab, text: str = "", business_ids: list[int]) -> QuerySet[Invoice]:
    """Rows of the list, newest first: of these businesses, in a tab, with a text in name, number or issue id."""
    rows = Invoice.objects.filter(chosen.condition, deleted_at=None, business_id__in=business_ids)
    if text:
        digits = text.replace("-", "")
        rows = rows.filter(
            Q(buyer_name__icontains=text)
            | Q(item_name__icontains=text)
            | Q(buyer_number__startswith=digits)
            | Q(issue_id__startswith=digits)
        )
    return rows.select_related("business").only(*_COLUMNS).order_by("-id")


def totals(rows: QuerySet[Invoice]) -> Totals:
    """Sums over a list. Cancelled and failed ones are counted in it only where the tab asks for them."""
    sums = rows.order_by().aggregate(
        count=Count("id"),
        supply=Sum("supply_amount", default=0),
        tax=Sum("tax_amount", default=0),
        total=Sum("total_amount", default=0),
    )
    return Totals(sums["count"], sums["supply"], sums["tax"], sums["total"])


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates that matter for one invoice, and whether they are past."""

    issue_by: str
    issue_late: bool
    transmit_by: str
    transmit_late: bool


def dates(invoice: Invoice, *, now: datetime) -> Dates | None:
    """발급기한 and 전송기한; None while there is no 작성일자, or one (of a draft) that no calendar reaches."""
    if invoice.written_on is None or not FIRST_DAY <= invoice.written_on <= LAST_DAY:
        return None
    signed_on = today(invoice.issued_at) if invoice.issued_at else None
    issue_by = issue_deadline(invoice.written_on, law=law()).on
    transmit_by = (
        transmit_deadline(signed_on, law=law(), written_on=invoice.written_on).on if signed_on else None
    )
    sent = today(invoice.sent_at) if invoice.sent_at else today(now)
    return Dates(
        issue_by.isoformat(),
        _issued_on(invoice, now) > issue_by,
        transmit_by.isoformat() if transmit_by else "",
        transmit_by is not None and sent > transmit_by,
    )


def _issued_on(invoice: Invoice, now: datetime) -> date:
    """발급일 in law, today as long as there is none: a buyer without an inbox has it from the NTS (시행령 §68⑪⑫)."""
    if invoice.delivered_on is not None:
        return invoice.delivered_on
    if invoice.issued_at is not None and (invoice.buyer_email or invoice.state == State.CANCELLED):
        return today(invoice.issued_at)
    return today(invoice.sent_at or now)
