"""Sales and purchases of twelve months, this month against the last, and the return that is being filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dojang.etax.calendar.deadlines import months_after
from dojang.etax.returns import Side, Sums, filing
from dojang.service.home import charts
from dojang.service.home.charts import Chart, Series
from dojang.service.law import law
from dojang.service.reports.choosing import facts_of
from dojang.service.reports.figures import Month, months_of_each
from dojang.service.reports.running import Months, running
from dojang.service.web.say import say
from dojang.service.workspaces.models import Business

_MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Compared:
    """This month against the last: amounts in won, and the difference."""

    name: str
    now: Sums
    before: Sums

    @property
    def more(self) -> int:
        """How much more 공급가액, negative if less."""
        return self.now.supply_amount - self.before.supply_amount


def figures(businesses: Sequence[Business], day: date) -> dict[str, Any]:
    """What the page's templates draw of these businesses' figures, on a day in Korea."""
    seen = [one.pk for one in businesses]
    this = day.replace(day=1)
    start = months_after(this, 1 - _MONTHS_SHOWN)
    # The return to be filed can reach further back than the chart: a simplified taxpayer's year.
    reach = min(start, date(day.year - 1, 1, 1)) if _is_yearly(businesses, day) else start
    last = months_after(this, 1) - timedelta(days=1)
    months = {side: months_of_each(seen, side, reach, last) for side in Side}
    firsts = [months_after(start, place) for place in range(_MONTHS_SHOWN)]
    by_side = {side: [_total(months[side], first) for first in firsts] for side in Side}
    names = {Side.SALES: say("매출", "Sales"), Side.PURCHASE: say("매입", "Purchases")}
    return {
        "compared": [Compared(names[side], sums[-1], sums[-2]) for side, sums in by_side.items()],
        "chart": _chart(firsts, by_side, names),
        "chart_rows": list(zip([_month_name(each) for each in firsts], *by_side.values(), strict=True)),
        "chart_totals": [Sums.of(sums) for sums in by_side.values()],
        "running": running(businesses, months[Side.SALES], months[Side.PURCHASE], day=day),
    }


def _is_yearly(businesses: Sequence[Business], day: date) -> bool:
    return any(filing(day, facts_of(one), law=law()).start.month == 1 for one in businesses)


def _total(months: Months, first: date) -> Sums:
    return Sums.of(by_month.get(first, Month(first)).total for by_month in months.values())


def _month_name(first: date) -> str:
    return say(f"{first.year}년 {first.month}월", f"{first:%b %Y}")


def _chart(firsts: list[date], by_side: dict[Side, list[Sums]], names: dict[Side, str]) -> Chart:
    return charts.bars(
        [say(f"{first.month}월", f"{first:%b}") for first in firsts],
        [
            Series(side.value, names[side], [one.supply_amount for one in sums])
            for side, sums in by_side.items()
        ],
    )
