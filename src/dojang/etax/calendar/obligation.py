"""전자발급 의무: who has to issue electronically, and from when.

Corporations always. Individuals (개인사업자) from 1 July after a year in which one place of business supplied for the
threshold; since supplies of 2023-07-01 for good, before that for one year.
Source: 부가가치세법 제32조 제2항, 시행령 제68조 제1항–제4항; for 계산서 법인세법 제121조, 소득세법 시행령 제211조의2.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import chain

from dojang.etax.calendar.deadlines import months_after
from dojang.etax.calendar.periods import GENERAL, SupplierKind, Taxpayer, next_period_start
from dojang.etax.notices import Notice, distinct
from dojang.etax.parameters.law import Law, within_reach
from dojang.etax.parameters.table import Parameter


class Family(StrEnum):
    """세금계산서 or 계산서."""

    TAX_INVOICE = "tax_invoice"
    EXEMPT_INVOICE = "exempt_invoice"


@dataclass(frozen=True, slots=True)
class AnnualSupplies:
    """What one place of business supplied in a calendar year, in won.

    Attributes:
        year: the calendar year.
        taxable: 과세 공급가액, zero-rated included.
        exempt: 면세 공급가액.
        revised_on: the day on which this figure was reached by 수정신고, 결정 or 경정; None as first filed.
    """

    year: int
    taxable: int
    exempt: int = 0
    revised_on: date | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """과세관청의 통지: whether and when the tax office told the taxpayer (시행령 제68조 제3항)."""

    received_on: date | None = None
    """None: not received."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """Whether somebody has to issue electronically on a day.

    Attributes:
        obliged: whether on the day that was asked about.
        since: the first day of the duty that holds then, or of the next one to come; None if there is none.
        until: its last day; None if it has no end.
        base_year: the year whose supplies decided it; None for corporations.
        threshold: in won; None for corporations.
        citation: the law.
        findings: what to know about it.
    """

    obliged: bool
    since: date | None
    until: date | None
    base_year: int | None
    threshold: int | None
    citation: str
    findings: tuple[Notice, ...] = ()


def obligation(
    kind: SupplierKind,
    supplies: Sequence[AnnualSupplies] = (),
    *,
    on: date,
    law: Law,
    family: Family = Family.TAX_INVOICE,
    notification: Notification | None = None,
    taxpayer: Taxpayer = GENERAL,
) -> Obligation:
    """Whether a supplier has to issue electronically what it supplies on a day.

    Args:
        kind: corporation or individual.
        supplies: the individual's years, each place of business by itself; a year may stand twice, as first filed
            and as revised.
        on: the day of supply.
        law: the figures.
        family: 세금계산서 or 계산서. Whoever has the duty for the first has it for the second.
        notification: the tax office's letter; None means that it came in time.
        taxpayer: whose 과세기간 count for a revised year.
    """
    within_reach(on)
    if kind is SupplierKind.CORPORATION:
        return _corporation(on, law, family)
    families = (Family.TAX_INVOICE,) if family is Family.TAX_INVOICE else tuple(Family)
    duties = sorted(
        chain.from_iterable(_duties(supplies, law, each, taxpayer) for each in families),
        key=lambda duty: (duty.since, duty.until is not None),
    )
    return _answer(_notified(duties, notification), on, law, family, notification)


def _corporation(on: date, law: Law, family: Family) -> Obligation:
    name = "e_duty_corporation" if family is Family.TAX_INVOICE else "exempt_e_duty_corporation"
    rule = law.parameter(name, on)
    always = rule.policy == "always"
    return Obligation(
        obliged=always,
        since=rule.since if always else None,
        until=None,
        base_year=None,
        threshold=None,
        citation=rule.citation,
        findings=law.notices(rule),
    )


@dataclass(frozen=True, slots=True)
class _Duty:
    """A stretch of time in which one year's supplies oblige."""

    since: date
    until: date | None
    base_year: int
    threshold: Parameter
    lasts: Parameter


_THRESHOLDS = {
    Family.TAX_INVOICE: "e_threshold_individual",
    Family.EXEMPT_INVOICE: "exempt_e_threshold_individual",
}


def _duties(
    supplies: Iterable[AnnualSupplies], law: Law, family: Family, taxpayer: Taxpayer
) -> Iterator[_Duty]:
    for each in supplies:
        starts = date(each.year + 1, 7, 1)
        threshold = law.parameter(_THRESHOLDS[family], starts)
        lasts = law.parameter("e_duty_lasts", starts)
        if _counted(each, law, family, starts) < threshold.number:
            continue
        since = starts if each.revised_on is None else next_period_start(each.revised_on, taxpayer)
        until = None if lasts.policy == "for good" else date(starts.year + 1, 6, 30)
        if until is None or since <= until:
            yield _Duty(since, until, each.year, threshold, lasts)


def _counted(supplies: AnnualSupplies, law: Law, family: Family, starts: date) -> int:
    """과세분 alone or with 면세분; 계산서 always counts everything (총수입금액)."""
    together = (
        family is Family.EXEMPT_INVOICE or law.parameter("e_threshold_counts", starts).policy != "taxable"
    )
    return supplies.taxable + (supplies.exempt if together else 0)


def _notified(duties: Sequence[_Duty], notification: Notification | None) -> list[_Duty]:
    """The duties with the first one put off, if its letter came late; none, if no letter came at all."""
    if notification is None or not duties:
        return list(duties)
    if notification.received_on is None:
        return []
    first, *others = duties
    if notification.received_on < months_after(first.since, -1):
        return list(duties)
    since = max(first.since, months_after(notification.received_on.replace(day=1), 2))
    put_off = replace(first, since=since)
    over = first.until is not None and since > first.until
    return [*(() if over else (put_off,)), *(each for each in others if each.since > since)]


def _answer(
    duties: Sequence[_Duty], on: date, law: Law, family: Family, notification: Notification | None
) -> Obligation:
    current = [duty for duty in duties if duty.since <= on and (duty.until is None or on <= duty.until)]
    coming = [duty for duty in duties if duty.since > on]
    duty = next(iter(current or coming), None)
    if duty is None:
        threshold = law.parameter(_THRESHOLDS[family], on)
        unnotified = notification is not None and notification.received_on is None
        return Obligation(
            obliged=False,
            since=None,
            until=None,
            base_year=None,
            threshold=threshold.number,
            citation=threshold.citation,
            findings=(*law.notices(threshold), *((_NOT_NOTIFIED,) if unnotified else ())),
        )
    return Obligation(
        obliged=bool(current),
        since=duty.since,
        until=duty.until,
        base_year=duty.base_year,
        threshold=duty.threshold.number,
        citation=duty.threshold.citation,
        findings=distinct(law.notices(duty.threshold, duty.lasts)),
    )


_NOT_NOTIFIED = Notice(
    "duty_not_notified",
    "세무서의 의무발급 통지를 받지 못했다면 의무가 시작되지 않습니다. 통지를 받으면 받은 달의 다음다음 달 1일부터 의무입니다.",
    "Without the tax office's letter the duty has not begun. It begins on the 1st of the second month after receipt.",
    "부가가치세법 시행령 제68조 제3항·제4항",
)
