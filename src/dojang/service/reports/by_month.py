"""월별 매출·매입: each month of a year, by 과세구분."""

from datetime import date

from dojang.etax.calendar.deadlines import months_after
from dojang.etax.codes import Taxation
from dojang.etax.returns import NOTHING, Side, Sums
from dojang.service.reports import figures, words
from dojang.service.reports.building import Builder, consigned_notices, last_of_month
from dojang.service.reports.figures import Month
from dojang.service.reports.sheet import Cell, Column, Line, Report, Table
from dojang.service.web.say import say

_TAXATIONS = (Taxation.TAXABLE, Taxation.ZERO_RATED, Taxation.EXEMPT)


def by_month(builder: Builder) -> Report:
    """월별: each month of a year by 과세구분, against the month and the year before."""
    year = builder.chosen.year
    return builder.report(
        say("월별 매출·매입", "Sales and purchases by month"),
        say(f"{year}년", str(year)),
        [_months(builder, side, year) for side in Side],
        consigned_notices(builder, date(year, 1, 1), date(year, 12, 31)),
    )


def _months(builder: Builder, side: Side, year: int) -> Table:
    found = figures.months([builder.chosen.business.pk], side, date(year - 1, 1, 1), date(year, 12, 31))
    shown = [_month(found, date(year, month, 1)) for month in range(1, 13)]
    name = words.side_name(side)
    return Table(
        name=name,
        caption=say(f"{name} 월별 금액", f"{name} by month"),
        note=say(
            "작성일자 기준, 원. 수정세금계산서는 작성일자의 달에 더하고 뺍니다.",
            "By date written, in won. Amendments count in the month of their own date.",
        ),
        columns=(
            Column(say("월", "Month")),
            Column(say("매수", "Documents"), "count"),
            Column(say("과세 공급가액", "Taxable"), "won"),
            Column(say("세액", "Tax"), "won"),
            Column(say("영세율", "Zero-rated"), "won"),
            Column(say("면세(계산서)", "Exempt"), "won"),
            Column(say("공급가액 계", "Supply amount"), "won"),
            Column(say("그중 수정", "Of it amendments"), "won"),
            Column(say("합계금액", "Total"), "won"),
            Column(say("전월 대비", "Against last month"), "won"),
            Column(say("전년 동월 대비", "Against last year"), "won"),
        ),
        lines=[
            _month_line(
                builder,
                side,
                month,
                _month(found, months_after(month.first, -1)),
                _month(found, months_after(month.first, -12)),
            )
            for month in shown
        ],
        total=_month_total(
            builder, side, shown, [_month(found, months_after(one.first, -12)) for one in shown]
        ),
    )


def _month(found: dict[date, Month], first: date) -> Month:
    return found.get(first, Month(first))


def _month_line(builder: Builder, side: Side, month: Month, last: Month, year_ago: Month) -> Line:
    within = {
        "side": side.value,
        "first": month.first.isoformat(),
        "last": last_of_month(month.first).isoformat(),
    }
    total = month.total
    return Line(
        [
            Cell(say(f"{month.first.month}월", f"{month.first:%B}")),
            *_amounts(builder, month.by_taxation, total, month.amended, within),
            Cell(total.supply_amount - last.total.supply_amount),
            Cell(total.supply_amount - year_ago.total.supply_amount),
        ],
        muted=not total.count and month.first > builder.chosen.day,
    )


def _month_total(builder: Builder, side: Side, shown: list[Month], year_ago: list[Month]) -> Line:
    year = builder.chosen.year
    within = {"side": side.value, "first": f"{year}-01-01", "last": f"{year}-12-31"}
    by_taxation = {one: Sums.of(month.of(one) for month in shown) for one in _TAXATIONS}
    total = Sums.of(month.total for month in shown)
    before = Sums.of(month.total for month in year_ago)
    amended = Sums.of(month.amended for month in shown)
    return Line(
        [
            Cell(say("합계", "Total")),
            *_amounts(builder, by_taxation, total, amended, within),
            Cell(None),
            Cell(total.supply_amount - before.supply_amount),
        ],
        strong=True,
    )


def _amounts(
    builder: Builder,
    by_taxation: dict[Taxation, Sums],
    total: Sums,
    amended: Sums,
    within: dict[str, str],
) -> list[Cell]:
    def cell(amount: int, count: int, **conditions: str) -> Cell:
        return Cell(amount, builder.url(**within, **conditions) if count else "")

    taxable, zero, exempt = (by_taxation.get(one, NOTHING) for one in _TAXATIONS)
    return [
        cell(total.count, total.count),
        cell(taxable.supply_amount, taxable.count, taxation=Taxation.TAXABLE.value),
        Cell(taxable.tax_amount),
        cell(zero.supply_amount, zero.count, taxation=Taxation.ZERO_RATED.value),
        cell(exempt.supply_amount, exempt.count, taxation=Taxation.EXEMPT.value),
        cell(total.supply_amount, total.count),
        cell(amended.supply_amount, amended.count, amended="1"),
        Cell(total.supply_amount + total.tax_amount),
    ]
