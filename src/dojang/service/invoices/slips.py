"""Questions about what looks like a slip of the hand. Each can be right: whoever answers [맞아요] is not asked again.

A question's key says what exactly was asked, amounts and dates included, so that an answer holds for nothing else.
What can't be right at all is `check`'s to say: a 작성일자 in the future is there.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from django.db.models import Q

from dojang.etax.calendar.deadlines import issue_deadline
from dojang.etax.parameters.law import DateOutOfReach
from dojang.service.counterparties.models import BusinessState
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.law import law

#: How many earlier invoices tell what is usual, and how few tell nothing.
_LAST: Final = 12
_FEWEST: Final = 3
#: A zero too many makes ten times; usual amounts vary, so it is asked from eight times on.
_TIMES: Final = 8
_DONE: Final = (State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.ACCEPTED)
_OVER: Final = (State.CANCELLED, State.REJECTED)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look at again.

    Attributes:
        key: names the question and what it was asked about.
        path: the field it stands at, as in a finding.
        ko, en: the question.
        invoice_id: another invoice to look at, if there is one.
    """

    key: str
    path: str
    ko: str
    en: str
    invoice_id: int | None = None

    def to_data(self) -> dict[str, str | int | None]:
        """For JSON."""
        return {
            "key": self.key,
            "path": self.path,
            "ko": self.ko,
            "en": self.en,
            "invoice": self.invoice_id,
        }


def questions(invoice: Invoice, *, today: date) -> tuple[Question, ...]:
    """Everything worth asking about a draft, answered or not.

    Args:
        invoice: with its counterparty, as it was saved.
        today: in Korea.
    """
    return (
        *_unusual_amount(invoice),
        *_same_again(invoice),
        *_state_of_buyer(invoice),
        *_past_deadline(invoice, today),
    )


def unanswered(invoice: Invoice, *, today: date) -> tuple[Question, ...]:
    """Those to which nobody has said [맞아요]."""
    answered = confirmed(invoice)
    return tuple(one for one in questions(invoice, today=today) if one.key not in answered)


def confirmed(invoice: Invoice) -> Collection[str]:
    """The keys that were answered on this draft."""
    kept = invoice.editor.get("confirmed")
    return {key for key in kept if isinstance(key, str)} if isinstance(kept, list) else set()


def _unusual_amount(invoice: Invoice) -> Iterator[Question]:
    amount = abs(invoice.supply_amount)
    if not amount or not _has_buyer(invoice):
        return
    rows = Invoice.objects.filter(
        _same_buyer(invoice), business_id=invoice.business_id, state__in=_DONE, supply_amount__gt=0
    )
    amounts = list(rows.order_by("-written_on", "-id").values_list("supply_amount", flat=True)[:_LAST])
    if len(amounts) < _FEWEST:
        return
    usual = int(median(amounts))
    if amount >= _TIMES * usual:
        yield Question(
            f"large:{invoice.supply_amount}",
            "supply_amount",
            f"이 거래처의 평소 공급가액은 {usual:,}원쯤인데 이번에는 {amount:,}원입니다. 0을 하나 더 적지 않았나요?",
            f"This buyer's usual supply amount is about {usual:,} won; this time it is {amount:,}. One zero too many?",
        )
    elif amount * _TIMES <= usual:
        yield Question(
            f"small:{invoice.supply_amount}",
            "supply_amount",
            f"이 거래처의 평소 공급가액은 {usual:,}원쯤인데 이번에는 {amount:,}원입니다. 0을 하나 빠뜨리지 않았나요?",
            f"This buyer's usual supply amount is about {usual:,} won; this time it is {amount:,}. One zero too few?",
        )


def _same_again(invoice: Invoice) -> Iterator[Question]:
    if invoice.written_on is None or not invoice.total_amount or not _has_buyer(invoice):
        return
    rows = Invoice.objects.filter(
        _same_buyer(invoice),
        business_id=invoice.business_id,
        written_on=invoice.written_on,
        total_amount=invoice.total_amount,
        deleted_at=None,
    )
    other = rows.exclude(pk=invoice.pk).exclude(state__in=_OVER).order_by("id").first()
    if other is not None:
        yield Question(
            f"same:{other.pk}:{invoice.total_amount}:{invoice.written_on}",
            "buyer.number",
            f"같은 거래처에 같은 날짜({invoice.written_on})로 합계 {invoice.total_amount:,}원인 문서가 이미 있습니다. 한 건 더 발행하는 것이 맞나요?",
            f"There is one for this buyer, date ({invoice.written_on}) and total ({invoice.total_amount:,} won) already. Is this another one?",
            other.pk,
        )


def _state_of_buyer(invoice: Invoice) -> Iterator[Question]:
    buyer = invoice.counterparty
    if buyer is None or not invoice.buyer_number or buyer.number != invoice.buyer_number:
        return
    if buyer.tax_status not in _STATES:
        return
    ko, en = _STATES[buyer.tax_status]
    closed = buyer.closed_on.isoformat() if buyer.closed_on else ""
    day_ko, day_en = (f" (폐업일 {closed})", f" (on {closed})") if closed else ("", "")
    yield Question(
        f"status:{buyer.number}:{buyer.tax_status}:{closed}",
        "buyer.number",
        ko.format(day=day_ko),
        en.format(day=day_en),
    )


_STATES: Final[dict[str, tuple[str, str]]] = {
    BusinessState.SUSPENDED.value: (
        "국세청 조회로는 휴업 중인 거래처입니다. 이 거래처에 발행하는 것이 맞나요?",
        "By the tax office this buyer has suspended its business. Is this the right buyer?",
    ),
    BusinessState.CLOSED.value: (
        "국세청 조회로는 폐업한 거래처입니다{day}. 폐업한 뒤의 거래라면 사업자등록번호로 발행할 수 없습니다. 이 거래처가 맞나요?",
        "By the tax office this buyer has closed its business{day}. A supply after that cannot be invoiced to the number. Is this the right buyer?",
    ),
    BusinessState.UNREGISTERED.value: (
        "국세청에 등록되지 않은 사업자등록번호입니다. 번호가 맞나요?",
        "The tax office has no business with this number. Is the number right?",
    ),
}


def _past_deadline(invoice: Invoice, today: date) -> Iterator[Question]:
    if invoice.written_on is None or invoice.written_on > today:
        return
    try:
        deadline = issue_deadline(invoice.written_on, law=law()).on
    except DateOutOfReach:
        return
    if deadline < today:
        yield Question(
            f"late:{invoice.written_on}",
            "written_on",
            f"작성일자가 {invoice.written_on}입니다. 발급기한({deadline})이 이미 지나 가산세가 붙을 수 있습니다. 작성일자가 맞나요?",
            f"The date written is {invoice.written_on}, whose issue deadline ({deadline}) has passed; a penalty may be due. Is the date right?",
        )


def _has_buyer(invoice: Invoice) -> bool:
    return bool(invoice.counterparty_id or invoice.buyer_number)


def _same_buyer(invoice: Invoice) -> Q:
    """By number where there is one: an invoice need not come from the address book."""
    if invoice.buyer_number:
        return Q(buyer_number=invoice.buyer_number)
    return Q(counterparty_id=invoice.counterparty_id)
