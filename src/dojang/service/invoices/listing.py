"""The list of sales invoices as data: its tabs, columns, conditions and buttons; and the dates of one invoice."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from dojang.etax.codes import AmendmentReason
from dojang.service.invoices import consigned, lateness
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.stages import stages
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today
from dojang.service.lists.described import (
    Badge,
    Batch,
    Choice,
    Column,
    DateField,
    ListOf,
    OneOf,
    Shape,
    Tab,
)
from dojang.service.lists.kinds import AMENDED, KINDS, PURPOSES, kind_text, purpose_text, reason_text
from dojang.service.tenancy import crossing
from dojang.service.web.say import say, say_items
from dojang.service.web.templatetags.dojang import business_number, state_text
from dojang.service.workspaces.roles import Right


def _tab(name: str, ko: str, en: str, *states: State) -> Tab:
    return Tab(name, ko, en, "state", frozenset(state.value for state in states))


_TABS = (
    Tab("all", "전체", "All"),
    _tab("draft", "임시저장", "Drafts", State.DRAFT),
    _tab("awaiting", "승인대기", "Awaiting approval", State.AWAITING_APPROVAL),
    _tab("ready", "발행대기", "To sign", State.READY),
    _tab("issued", "전송 전", "Not sent", State.ISSUED),
    _tab("sending", "전송중", "Being sent", State.SUBMITTED, State.UNKNOWN),
    _tab("accepted", "전송완료", "Accepted", State.ACCEPTED),
    _tab("rejected", "전송실패", "Failed", State.REJECTED),
    Tab("amended", "수정", "Amendments", "amendment_reason", frozenset(one.value for one in AmendmentReason)),
    _tab("cancelled", "발행취소", "Cancelled", State.CANCELLED),
)


def _badges(row: Invoice) -> list[Badge]:
    found = [Badge(row.state, state_text(row.state))]
    if row.way_out == "sandbox":
        found.append(Badge("sandbox", say("모의", "Sandbox")))
    if row.document_type in consigned.TYPES:
        found.append(Badge("info", say("위수탁", "Consigned")))
    return found


def _item(row: Invoice) -> str:
    return say_items(row.item_name, row.item_count)


def _person(row: Invoice) -> str:
    return str(row.assigned_to or row.created_by)


_COLUMNS = (
    Column("state", "상태", "State", Shape.BADGES, _badges, sort="state", narrow=True, width=18),
    Column("buyer", "공급받는자", "Buyer", Shape.LINK, lambda row: row.buyer_name or "—", sort="buyer_name",
           narrow=True, width=28),
    Column("buyer_number", "등록번호", "Number", Shape.NUMBER, lambda row: business_number(row.buyer_number), shown=False, width=15),
    Column("supplier", "위탁자", "On behalf of", Shape.TEXT, lambda row: row.supplier_name, shown=False, width=24),
    Column("written_on", "작성일자", "Date written", Shape.DAY, lambda row: row.written_on, sort="written_on", width=12),
    Column("item", "품목", "Item", Shape.TEXT, _item, width=28),
    Column("supply_amount", "공급가액", "Supply amount", Shape.WON, lambda row: row.supply_amount,
           sort="supply_amount", width=16),
    Column("tax_amount", "세액", "Tax", Shape.WON, lambda row: row.tax_amount, sort="tax_amount"),
    Column("total_amount", "합계금액", "Total", Shape.WON, lambda row: row.total_amount, sort="total_amount",
           narrow=True, width=16),
    Column("issued_at", "발급일자", "Issued", Shape.DAY, lambda row: row.issued_at, sort="issued_at", shown=False,
           width=12),
    Column("sent_at", "전송일자", "Sent", Shape.DAY, lambda row: row.sent_on, sort="sent_on", shown=False, width=12),
    Column("issue_by", "발급기한", "Issue by", Shape.DAY, lambda row: row.issue_by, sort="issue_by", shown=False,
           width=12),
    Column("transmit_by", "전송기한", "Transmit by", Shape.DAY, lambda row: row.transmit_by, sort="transmit_by",
           shown=False, width=12),
    Column("kind", "과세구분", "Kind", Shape.TEXT, lambda row: kind_text(row.document_type), shown=False, width=10),
    Column("purpose", "영수·청구", "Purpose", Shape.TEXT, lambda row: purpose_text(row.purpose), shown=False, width=10),
    Column("reason", "수정사유", "Amendment reason", Shape.TEXT,
           lambda row: reason_text(row.amendment_reason), shown=False, width=22),
    Column("issue_id", "승인번호", "Issue id", Shape.NUMBER, lambda row: row.issue_id or "", shown=False, width=27),
    Column("original_issue_id", "당초승인번호", "Original issue id", Shape.NUMBER, lambda row: row.original_issue_id,
           shown=False, width=27),
    Column("email", "이메일", "E-mail", Shape.TEXT, lambda row: row.buyer_email, shown=False, width=24),
    Column("business", "사업장", "Business", Shape.TEXT, lambda row: row.business.name, width=20),
    Column("person", "담당자", "Person", Shape.TEXT, _person, shown=False, width=12),
)  # fmt: skip

_READ = (
    "id", "state", "way_out", "buyer_name", "buyer_number", "buyer_email", "supplier_name", "written_on", "item_name", "item_count",
    "supply_amount", "tax_amount", "total_amount", "issued_at", "sent_on", "issue_by", "transmit_by",
    "document_type", "purpose", "amendment_reason", "issue_id", "original_issue_id", "business__name",
    "created_by__name", "created_by__email", "assigned_to__name", "assigned_to__email",
)  # fmt: skip


_CONSIGNED = (
    Choice("no", "위수탁 제외", "Our own alone", ~consigned.IS_CONSIGNED),
    Choice("yes", "위수탁만", "Consigned alone", consigned.IS_CONSIGNED),
)


def _lateness(day: date) -> tuple[Choice, ...]:
    """지연: what was issued or sent after its day, and what is not and should have been (부가가치세법 §34③, §32③)."""
    return (
        Choice("issued", "지연발급", "Issued late", lateness.issued_late(day)),
        Choice("sent", "지연전송", "Sent late", lateness.sent_late(day)),
    )


def _of_person(user_id: int) -> Q:
    return Q(assigned_to_id=user_id) | Q(assigned_to_id=None, created_by_id=user_id)


SALES = ListOf(
    name="sales",
    ko="매출 세금계산서",
    en="Sales invoices",
    model=Invoice,
    base=Q(),
    tabs=_TABS,
    grouped=("state", "amendment_reason"),
    columns=_COLUMNS,
    dates=(
        DateField("written", "작성일자", "Date written", "written_on"),
        DateField("issued", "발급일자", "Date issued", "issued_at", instant=True),
        DateField("sent", "전송일자", "Date sent", "sent_on"),
        DateField("issue-by", "발급기한", "Issue by", "issue_by"),
        DateField("transmit-by", "전송기한", "Transmit by", "transmit_by"),
    ),
    one_of=(
        OneOf("stage", "단계", "Stage", stages),
        OneOf("kind", "과세구분", "Kind", lambda _day: KINDS),
        OneOf("consigned", "위수탁", "Consigned", lambda _day: _CONSIGNED),
        OneOf("amended", "수정 여부", "Amendment", lambda _day: AMENDED),
        OneOf("purpose", "영수·청구", "Purpose", lambda _day: PURPOSES),
        OneOf("late", "지연", "Late", _lateness),
    ),
    person=_of_person,
    search=crossing.search_invoices,
    url_name="invoice_list",
    excel_url_name="invoice_list_excel",
    totals_url_name="invoice_list_totals",
    row_url_name="invoice",
    tick="invoice",
    columns_read=_READ,
    related=("business", "created_by", "assigned_to"),
    batches=(
        Batch(
            "invoices_sign",
            "발행하기",
            "Issue",
            Right.ISSUE,
            frozenset({"all", "draft", "ready"}),
            primary=True,
        ),
        Batch("approval_new", "발행 승인 요청", "Ask for approval", Right.WRITE, frozenset({"draft"})),
        Batch("invoices_transmit", "지금 전송", "Send now", Right.ISSUE, frozenset({"all", "issued"})),
        Batch(
            "hometax_bulk",
            "홈택스 일괄발급 파일",
            "File for Hometax",
            Right.ISSUE,
            frozenset({"draft", "ready"}),
        ),
        Batch("invoices_pdf", "PDF", "PDF", Right.VIEW, reads=True),
        Batch("invoices_pdf", "인쇄", "Print", Right.VIEW, reads=True, sends=("print", "1")),
    ),
    party_ko="거래처",
    party_en="Customer",
)


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates that matter for one invoice, and whether they are past."""

    issue_by: str
    issue_late: bool
    transmit_by: str
    transmit_late: bool


def dates(invoice: Invoice, *, now: datetime) -> Dates | None:
    """발급기한 and 전송기한, as they are kept; None while there is neither, as where no calendar reaches 작성일자."""
    if invoice.issue_by is None and invoice.transmit_by is None:
        return None
    day = today(now)
    return Dates(
        invoice.issue_by.isoformat() if invoice.issue_by else "",
        lateness.is_issued_late(invoice, day),
        invoice.transmit_by.isoformat() if invoice.transmit_by else "",
        lateness.is_sent_late(invoice, day),
    )
