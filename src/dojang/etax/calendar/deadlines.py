"""기한: by when a document is issued and transmitted, a return filed, a right used.

Every deadline that falls on a Saturday, a holiday or its substitute moves to the next business day (국세기본법 제5조,
부가가치세법 제34조 제3항). A deadline that 국세청 put off (국세기본법 제6조) is keyed by the month of 작성일자; the
statutory day is kept beside it.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from dojang.etax.calendar.periods import (
    GENERAL,
    ReturnPeriod,
    Taxpayer,
    TaxType,
    VatPeriod,
    return_period,
    vat_period,
)
from dojang.etax.notices import Notice
from dojang.etax.parameters.law import Law, within_reach

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which something is in time.

    Attributes:
        on: the day that counts.
        statutory: what the law alone says, without an announced extension.
        extended_by: the announcement that moved it, or None.
        citation: the law.
        warnings: what to know about it.
    """

    on: date
    statutory: date
    extended_by: str | None
    citation: str
    warnings: tuple[Notice, ...] = ()

    @property
    def is_extended(self) -> bool:
        """Whether an announcement moved it."""
        return self.extended_by is not None

    def is_met(self, day: date) -> bool:
        """Whether a day is in time."""
        return day <= self.on


def issue_deadline(written_on: date, *, law: Law) -> Deadline:
    """발급기한: the 10th of the month after 작성일자 (부가가치세법 제34조 제3항)."""
    within_reach(written_on)
    day = law.parameter("issue_day", written_on)
    nominal = months_after(written_on.replace(day=1), 1).replace(day=day.number)
    statutory = law.calendar.roll(nominal)
    extension = law.extension(written_on)
    put_off = extension.issue if extension else None
    return Deadline(
        on=max(statutory, put_off or statutory),
        statutory=statutory,
        extended_by=extension.citation if extension and put_off else None,
        citation=day.citation,
        warnings=(*law.notices(day), *law.day_notices(nominal, statutory)),
    )


def transmit_deadline(issued_on: date, *, law: Law, written_on: date | None = None) -> Deadline:
    """전송기한: the day after 발급일 (부가가치세법 제32조 제3항).

    Args:
        issued_on: 발급일, the day on which it was signed and delivered, in Korea.
        law: the figures and the calendar.
        written_on: 작성일자, by whose month extensions are announced; without it none is looked for.
    """
    within_reach(issued_on)
    days = law.parameter("transmit_days", issued_on)
    nominal = issued_on + timedelta(days=days.number)
    statutory = law.calendar.roll(nominal, transmit=True)
    extension = law.extension(written_on) if written_on else None
    put_off = extension.transmit if extension else None
    return Deadline(
        on=max(statutory, put_off or statutory),
        statutory=statutory,
        extended_by=extension.citation if extension and put_off else None,
        citation=days.citation,
        warnings=(
            *law.notices(days),
            *law.day_notices(nominal, statutory),
            *((_TRANSMIT_DAY_OPEN,) if law.calendar.is_open(statutory) else ()),
        ),
    )


def final_return_due(supply_on: date, *, law: Law, taxpayer: Taxpayer = GENERAL) -> Deadline:
    """확정신고기한 of the 과세기간 in which a supply falls, by the taxpayer's own periods.

    An unknown taxpayer is counted as general, and the deadline says so.
    """
    period = vat_period(supply_on, taxpayer)
    found = return_period(period.end, taxpayer, files_preliminary=False, law=law)
    day = law.parameter("return_day", period.end)
    extension = law.return_extension(found.key)
    return Deadline(
        on=found.due,
        statutory=found.statutory,
        extended_by=extension.citation if extension else None,
        citation=day.citation,
        warnings=(
            *law.notices(day),
            *law.day_notices(found.due),
            *_taxpayer_notices(supply_on, taxpayer),
        ),
    )


def return_due(period: ReturnPeriod, *, law: Law) -> Deadline:
    """When a return is due, as a deadline with its source."""
    day = law.parameter("return_day", period.end)
    extension = law.return_extension(period.key)
    return Deadline(
        period.due,
        period.statutory,
        extension.citation if extension else None,
        day.citation,
        (*law.notices(day), *law.day_notices(period.due)),
    )


def one_year_limit(supply_on: date, *, law: Law, taxpayer: Taxpayer = GENERAL) -> Deadline:
    """Until when 필요적 기재사항 may be corrected other than for a mistake (시행령 제70조 제1항 제6호).

    A year from the day after 확정신고기한; for supplies before 2022-02-15 확정신고기한 itself.
    """
    return _after_final_return("non_mistake_months", supply_on, law, taxpayer)


def late_deduction_limit(supply_on: date, *, law: Law, taxpayer: Taxpayer = GENERAL) -> Deadline:
    """Until when a buyer deducts by an invoice issued after 확정신고기한 (시행령 제75조 제7호).

    A year from the day after it; six months for supplies before 2022-02-15. Count with the buyer's periods.
    """
    return _after_final_return("late_deduction_months", supply_on, law, taxpayer)


def _after_final_return(name: str, supply_on: date, law: Law, taxpayer: Taxpayer) -> Deadline:
    months = law.parameter(name, supply_on)
    due = final_return_due(supply_on, law=law, taxpayer=taxpayer)
    nominal = months_after(due.on, months.number)
    rolled = law.calendar.roll(nominal)
    return Deadline(
        on=rolled,
        statutory=law.calendar.roll(months_after(due.statutory, months.number)),
        extended_by=due.extended_by,
        citation=months.citation,
        warnings=(
            *due.warnings,
            *law.notices(months),
            *law.day_notices(nominal),
            *((_limit_rolled(law.calendar.before(nominal), rolled),) if rolled != nominal else ()),
        ),
    )


def early_deduction_limit(issued_on: date, *, law: Law, supply_on: date) -> Deadline:
    """Until when a supply has to follow an invoice issued too early, for its buyer to deduct (시행령 제75조 제8호).

    Six months from the day of issue; 30 days for supplies before 2022-02-15 (부칙 제32419호 제10조). It does not move over holidays: it is a day by
    which a supply happens, not one by which somebody acts.
    """
    within_reach(issued_on)
    policy = law.parameter("early_issue_deduction", supply_on)
    number, unit = policy.policy.split()
    on = months_after(issued_on, int(number)) if unit == "months" else issued_on + timedelta(days=int(number))
    return Deadline(on, on, None, policy.citation, law.notices(policy))


def local_credit_limit(
    supply_on: date, *, law: Law, opened_on: date, taxpayer: Taxpayer = GENERAL
) -> Deadline:
    """Until when 내국신용장·구매확인서 has to be opened for a supply to be zero-rated (시행규칙 제21조).

    25 days after the 과세기간 (20 for those opened before 2015), moved over holidays. An extension of the return
    does not move it.
    """
    days = law.parameter("local_credit_days", opened_on)
    nominal = vat_period(supply_on, taxpayer).end + timedelta(days=days.number)
    statutory = law.calendar.roll(nominal)
    warnings = (
        *law.notices(days),
        *law.day_notices(nominal, statutory),
        *_taxpayer_notices(supply_on, taxpayer),
    )
    return Deadline(statutory, statutory, None, days.citation, warnings)


def summary_cutoff(period: ReturnPeriod | VatPeriod, *, law: Law) -> Deadline:
    """By when an e-invoice has to be with 국세청 to stand in 합계표 only as a total (부가가치세법 제54조 제2항).

    The 11th of the month after the period. That it moves over holidays is practice.
    """
    day = law.parameter("summary_cutoff_day", period.end)
    nominal = months_after(period.end.replace(day=1), 1).replace(day=day.number)
    rolled = law.calendar.roll(nominal)
    warnings = (
        *law.notices(day),
        *law.day_notices(nominal, rolled),
        *((_limit_rolled(law.calendar.before(nominal), rolled),) if rolled != nominal else ()),
    )
    return Deadline(rolled, rolled, None, day.citation, warnings)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day (민법 제160조)."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _taxpayer_notices(supply_on: date, taxpayer: Taxpayer) -> tuple[Notice, ...]:
    tax_type = taxpayer.tax_type(supply_on)
    said: list[Notice] = []
    if tax_type is None:
        said.append(_TAX_TYPE_UNKNOWN)
    elif taxpayer.type_is_assumed(supply_on):
        said.append(_TAX_TYPE_CONCLUDED)
    if tax_type is TaxType.EXEMPT:
        said.append(_EXEMPT_FILES_NO_RETURN)
    if taxpayer.is_closed(supply_on):
        said.append(_SUPPLY_AFTER_CLOSING)
    return tuple(said)


def _limit_rolled(before: date, rolled: date) -> Notice:
    return Notice(
        "limit_rolled",
        f"기한이 휴일이라 {rolled}까지로 보지만 해석이 다를 수 있습니다. {before}까지 처리하면 안전합니다.",
        f"The limit falls on a holiday and is taken to end on {rolled}; to be safe, act by {before}.",
        "민법 제161조, 국세기본법 제5조",
    )


_TRANSMIT_DAY_OPEN = Notice(
    "transmit_day_open",
    "노동절 대체공휴일은 전송기한이 미뤄지는 날인지 분명하지 않습니다. 이 날 안에 전송하세요.",
    "It is not settled that the substitute of 노동절 moves the transmission deadline. Transmit on this day.",
    "국세기본법 제5조 제1항 제3호",
)
_TAX_TYPE_UNKNOWN = Notice(
    "tax_type_unknown",
    "과세유형을 몰라 일반과세자의 과세기간으로 계산했습니다. 간이과세자라면 과세유형을 입력하세요.",
    "The tax type is not known; a general taxpayer's periods were used. Enter it if the taxpayer is simplified.",
    "부가가치세법 제5조 제1항",
)
_TAX_TYPE_CONCLUDED = Notice(
    "tax_type_concluded",
    "이 날짜의 과세유형은 입력되지 않아 그 뒤의 유형 변경에서 미루어 보았습니다. 과세유형 이력을 확인하세요.",
    "The tax type of this day was not given and was concluded from its later change. Check the history.",
    "부가가치세법 제5조 제4항",
)
_EXEMPT_FILES_NO_RETURN = Notice(
    "exempt_files_no_return",
    "면세사업자는 부가가치세 신고가 없습니다. 일반과세자의 신고기한으로 계산했습니다.",
    "An exempt business files no VAT return; a general taxpayer's due date was used.",
    "부가가치세법 제3조 제1항",
)
_SUPPLY_AFTER_CLOSING = Notice(
    "supply_after_closing",
    "폐업일 뒤의 공급입니다. 폐업 전에 이루어진 공급이면 작성일자를 폐업일까지로 적으세요.",
    "The supply lies after the business was closed. If it was made before, date it no later than the closing.",
    "부가가치세법 제5조 제3항, 같은 법 시행령 제28조 제9항",
)
