"""월합계 세금계산서: the supplies to one customer in a calendar month, or in a part of it, on one document.

Source: 부가가치세법 제34조 제3항 제1호 (a whole month, written on its last day) and 제2호 (any period inside one month,
written on the period's last day). A period never crosses the end of a month.
"""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from dojang.etax.calendar.deadlines import Deadline, issue_deadline
from dojang.etax.notices import Notice
from dojang.etax.parameters.law import Law, within_reach

_WHOLE_MONTH = "부가가치세법 제34조 제3항 제1호"
_PART_OF_MONTH = "부가가치세법 제34조 제3항 제2호"


@dataclass(frozen=True, slots=True)
class Supply:
    """One supply to the customer: its day (공급시기) and its amounts in won."""

    supplied_on: date
    supply_amount: int = 0
    tax_amount: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A period from its first to its last day."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """One document to come.

    Attributes:
        span: the days whose supplies it holds.
        supplies: these, in order.
        written_on: its 작성일자, also the first day on which it can be issued.
        deadline: by when it is issued.
        supply_amount: the sum in won.
        tax_amount: the sum in won.
        citation: the law.
        findings: warnings about it.
    """

    span: Span
    supplies: tuple[Supply, ...]
    written_on: date
    deadline: Deadline
    supply_amount: int
    tax_amount: int
    citation: str
    findings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """The documents of a customer's supplies, or the errors for which there are none."""

    totals: tuple[MonthTotal, ...]
    errors: tuple[Notice, ...] = ()


def group_month(supplies: Sequence[Supply], *, law: Law, spans: Sequence[Span] | None = None) -> MonthTotals:
    """Bring the supplies to one customer onto as few documents as the law allows.

    Args:
        supplies: any number, in any order, also of several months.
        law: the figures and the calendar.
        spans: parts of months with a document each; None for whole calendar months. A span without supplies gives
            no document.
    """
    ordered = sorted(supplies, key=lambda supply: supply.supplied_on)
    for each in ordered:
        within_reach(each.supplied_on)
    chosen = sorted(spans, key=lambda span: span.start) if spans is not None else _months(ordered)
    errors = tuple(_errors(ordered, chosen))
    if errors:
        return MonthTotals((), errors)
    held = ((span, tuple(each for each in ordered if each.supplied_on in span)) for span in chosen)
    return MonthTotals(tuple(_total(span, inside, law) for span, inside in held if inside))


def _months(supplies: Sequence[Supply]) -> list[Span]:
    firsts = sorted({each.supplied_on.replace(day=1) for each in supplies})
    return [Span(first, _end_of_month(first)) for first in firsts]


def _errors(supplies: Sequence[Supply], spans: Sequence[Span]) -> Iterator[Notice]:
    for span in spans:
        if span.end < span.start:
            yield _backwards(span)
        elif (span.start.year, span.start.month) != (span.end.year, span.end.month):
            yield _crosses_month(span)
    for one, other in pairwise(spans):
        if other.start <= one.end:
            yield _overlap(one, other)
    for each in supplies:
        if not any(each.supplied_on in span for span in spans):
            yield _left_out(each)


def _total(span: Span, supplies: tuple[Supply, ...], law: Law) -> MonthTotal:
    supply_amount = sum(each.supply_amount for each in supplies)
    tax_amount = sum(each.tax_amount for each in supplies)
    deadline = issue_deadline(span.end, law=law)
    whole = span.start.day == 1 and span.end == _end_of_month(span.end)
    netted = supply_amount <= 0 and any(each.supply_amount for each in supplies)
    return MonthTotal(
        span=span,
        supplies=supplies,
        written_on=span.end,
        deadline=deadline,
        supply_amount=supply_amount,
        tax_amount=tax_amount,
        citation=_WHOLE_MONTH if whole else _PART_OF_MONTH,
        findings=(*deadline.warnings, *((_NETTED,) if netted else ())),
    )


def _end_of_month(day: date) -> date:
    return day.replace(day=1) + timedelta(days=calendar.monthrange(day.year, day.month)[1] - 1)


def _backwards(span: Span) -> Notice:
    return Notice(
        "span_backwards",
        f"합계 기간의 끝({span.end})이 시작({span.start})보다 빠릅니다. 기간을 바로잡으세요.",
        f"The period ends ({span.end}) before it begins ({span.start}). Put its days right.",
    )


def _crosses_month(span: Span) -> Notice:
    return Notice(
        "span_crosses_month",
        f"합계 기간({span.start}~{span.end})이 달을 넘습니다. 달이 바뀌는 날에서 둘로 나누세요.",
        f"The period {span.start} to {span.end} crosses the end of a month. Split it there.",
        _PART_OF_MONTH,
    )


def _overlap(one: Span, other: Span) -> Notice:
    return Notice(
        "spans_overlap",
        f"합계 기간({one.start}~{one.end})과 ({other.start}~{other.end})이 겹칩니다. 한 거래가 두 번 발행됩니다.",
        f"The periods {one.start} to {one.end} and {other.start} to {other.end} overlap. Make them follow each other.",
        _PART_OF_MONTH,
    )


def _left_out(supply: Supply) -> Notice:
    return Notice(
        "supply_left_out",
        f"{supply.supplied_on} 거래가 어느 합계 기간에도 들지 않습니다. 기간을 늘리거나 따로 발행하세요.",
        f"The supply of {supply.supplied_on} lies in no period. Widen one, or issue it by itself.",
        _PART_OF_MONTH,
    )


_NETTED = Notice(
    "month_total_not_positive",
    "한 달 안의 반품을 상계한 합계가 0원 이하입니다. 월합계에서는 발행할 수 있지만 거래처와 금액을 확인하세요.",
    "Returns within the month bring the total to zero or less. It may be issued as a month's total; check it with the buyer.",
    _WHOLE_MONTH,
)
