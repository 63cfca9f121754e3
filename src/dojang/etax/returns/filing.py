"""Which return a document stands in, and whether it was there in time.

A document belongs to the period of its 작성일자. What was issued after the return of that period was filed, early or
late, cannot have been in it: of a preliminary return it is made up for in the final one of the same 과세기간 (예정신고
누락분, 제49조 제1항), of a final one by 수정신고 or 경정청구 (국세기본법 제45조·제45조의2). Until the return is due it can
be filed anew instead.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dojang.etax.calendar.deadlines import Deadline, summary_cutoff
from dojang.etax.calendar.periods import ReturnPeriod, TaxType, VatPeriod, return_period, vat_period
from dojang.etax.facts import Facts
from dojang.etax.parameters.law import FIRST_DAY, Law

_DAY = timedelta(days=1)
_YEARLY_DUE = (2, 10)


class Told(StrEnum):
    """Where a document stands as seen from one return."""

    IN_RETURN = "in_return"
    """dated in its period, issued before it was filed."""
    MISSED = "missed"
    """예정신고 누락분: dated in the preliminary period before it, issued after that return was filed."""
    AFTER = "after"
    """dated in its period, or in the preliminary one before it, and issued after it was filed: of a preliminary return
    it stands in the final one, of a final one it takes 수정신고 or 경정청구."""


@dataclass(frozen=True, slots=True)
class Filing:
    """One return, or of an exempt business one year's 계산서합계표.

    Attributes:
        key: `2026-2-preliminary`, `2026-2-final`, `2026`.
        ko, en: its name with its months.
        start, end: the 작성일자 that it covers.
        due: 신고기한.
        closed_on: the last day on which what was issued can have been in it: the day it was filed where that is told
            (신고 완료), else `due`.
        cutoff: by when an e-invoice has to be with 국세청 to need no line of its own in 합계표.
        period: the 과세기간 around it, whose penalties the final return carries.
        is_final: whether it is the last return of that 과세기간.
        is_yearly_list: an exempt business files no VAT return, only its 합계표.
        missed: the preliminary return before it in the same 과세기간, or None.
    """

    key: str
    ko: str
    en: str
    start: date
    end: date
    due: date
    closed_on: date
    cutoff: Deadline
    period: VatPeriod
    is_final: bool
    is_yearly_list: bool = False
    missed: "Filing | None" = None

    def told(self, written_on: date, issued_on: date) -> Told | None:
        """How a document stands to this return; None: it has nothing to do with it."""
        if self.start <= written_on <= self.end:
            return Told.IN_RETURN if issued_on <= self.closed_on else Told.AFTER
        before = self.missed
        if before is None or not before.start <= written_on <= before.end or issued_on <= before.closed_on:
            return None
        return Told.MISSED if issued_on <= self.closed_on else Told.AFTER

    @property
    def listed(self) -> tuple[Told, ...]:
        """Of which documents its 합계표 consists.

        What a preliminary return could not have had is submitted with the final one (제54조 제3항); what the final
        one could not have had, with its 수정신고.
        """
        return tuple(Told) if self.is_final else (Told.IN_RETURN,)

    def is_collected(self, sent_on: date | None) -> bool:
        """Whether an e-invoice stands in 합계표 only as part of a total (제54조 제2항)."""
        return sent_on is not None and sent_on <= self.cutoff.on


def filing(day: date, facts: Facts, *, law: Law) -> Filing:
    """The return in which a document written on a day stands. Early refunds (조기환급) are not told apart.

    Raises:
        DateOutOfReach: for a day far outside any calendar.
    """
    taxpayer = facts.supplier
    around = vat_period(day, taxpayer)
    if taxpayer.tax_type(around.start) is TaxType.EXEMPT:
        return _yearly(day, law)
    files_preliminary = facts.files_preliminary is not False
    found = return_period(day, taxpayer, files_preliminary, law=law)
    first = return_period(around.start, taxpayer, files_preliminary, law=law)
    # A simplified taxpayer's final return covers its whole year again: nothing of the first half is missing there.
    has_earlier = first.key != found.key and not first.is_levy
    return _filing(
        found, facts, law, around, missed=_filing(first, facts, law, around) if has_earlier else None
    )


def filings(day: date, facts: Facts, *, law: Law, count: int) -> tuple[Filing, ...]:
    """The return of a day and those before it, latest first, at most so many."""
    found = [filing(day, facts, law=law)]
    while len(found) < count and found[-1].start > FIRST_DAY:
        found.append(earlier(found[-1], facts, law=law))
    return tuple(found)


def earlier(later: Filing, facts: Facts, *, law: Law) -> Filing:
    """The return before another: of a simplified taxpayer's year that of its first half, where there is one (제66조)."""
    inside = filing(later.start, facts, law=law)
    return inside if inside.key != later.key else filing(later.start - _DAY, facts, law=law)


def _filing(
    found: ReturnPeriod, facts: Facts, law: Law, around: VatPeriod, *, missed: Filing | None = None
) -> Filing:
    months = (
        f"{found.start.month}~{found.end.month}월"
        if found.start.month != found.end.month
        else f"{found.start.month}월"
    )
    return Filing(
        key=found.key,
        ko=f"{found.ko}({months})",
        en=f"{found.en} ({found.start:%b}–{found.end:%b})",
        start=found.start,
        end=found.end,
        due=found.due,
        closed_on=_filed_on(found, facts) or found.due,
        cutoff=summary_cutoff(found, law=law),
        period=around,
        is_final=not found.is_before_final,
        missed=missed,
    )


def _filed_on(found: ReturnPeriod, facts: Facts) -> date | None:
    listed = facts.returns_filed if isinstance(facts.returns_filed, tuple) else ()
    return min((each.filed_on for each in listed if each.period == found.key), default=None)


def _yearly(day: date, law: Law) -> Filing:
    """소득세법 제163조 제5항·제78조, 법인세법 제121조 제5항: 계산서합계표 by 10 February."""
    start, end = date(day.year, 1, 1), date(day.year, 12, 31)
    due = law.calendar.roll(date(day.year + 1, *_YEARLY_DUE))
    period = VatPeriod(start, end, day.year, None)
    return Filing(
        key=str(day.year),
        ko=f"{day.year}년 계산서합계표(1~12월)",
        en=f"invoices of {day.year} (Jan–Dec)",
        start=start,
        end=end,
        due=due,
        closed_on=due,
        cutoff=summary_cutoff(period, law=law),
        period=period,
        is_final=True,
        is_yearly_list=True,
    )
