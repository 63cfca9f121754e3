"""거래처별 매출·매입: each party's year, by month."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from dojang.etax.returns import Party, Side, Sums
from dojang.service.reports import figures, words
from dojang.service.reports.building import (
    Builder,
    consigned_notices,
    last_of_month,
)
from dojang.service.reports.figures import Customer
from dojang.service.reports.sheet import Cell, Column, Line, Report, Table
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number

SORTS = ("total", "name", "count")


def by_party(builder: Builder, *, sort: str, top: int | None) -> Report:
    """거래처별: each party's year by month."""
    chosen = builder.chosen
    year = date(chosen.year, 1, 1), date(chosen.year, 12, 31)
    found = sorted(figures.customers(chosen.business.pk, chosen.side, chosen.year), key=_order(sort))
    shown = found if builder.whole or top is None else found[:top]
    others = found[len(shown) :]
    lines = [_party_line(builder, one) for one in shown]
    if others:
        rest = replace(_sum(others), name=say(f"그 밖의 {len(others):,}곳", f"{len(others):,} others"))
        lines.append(_party_line(builder, rest, linked=False))
    name = words.side_name(chosen.side)
    table = Table(
        name=name,
        caption=say(f"{name} 거래처별 월별 공급가액", f"{name}: supply amounts by party and month"),
        note=say(
            f"거래처 {len(found):,}곳. 작성일자 기준, 원.",
            f"{len(found):,} parties. By date written, in won.",
        ),
        columns=(
            Column(words.party_title(chosen.side)),
            Column(say("등록번호", "Number"), "number"),
            Column(say("매수", "Documents"), "count"),
            Column(say("공급가액", "Supply amount"), "won"),
            Column(say("세액", "Tax"), "won"),
            *(
                Column(say(f"{month}월", date(2000, month, 1).strftime("%b")), "won")
                for month in range(1, 13)
            ),
        ),
        lines=lines,
        total=_party_line(
            builder, replace(_sum(found), name=say("합계", "Total")), linked=False, strong=True
        ),
        empty=say("이 해에 주고받은 문서가 없습니다.", "There are no documents in this year."),
    )
    return builder.report(
        say(f"거래처별 {name}", f"{name} by party"),
        say(f"{chosen.year}년", str(chosen.year)),
        [table],
        consigned_notices(builder, *year) if chosen.side is Side.SALES else (),
    )


def _order(sort: str) -> Callable[[Customer], tuple[int, str, str]]:
    def by_amount(one: Customer) -> tuple[int, str, str]:
        return (-one.sums.supply_amount, one.name, one.number)

    def by_count(one: Customer) -> tuple[int, str, str]:
        return (-one.sums.count, one.name, one.number)

    def by_name(one: Customer) -> tuple[int, str, str]:
        return (0, one.name, one.number)

    return {"name": by_name, "count": by_count}.get(sort, by_amount)


def _sum(found: Sequence[Customer]) -> Customer:
    months = tuple(sum(one.months[month] for one in found) for month in range(12))
    return Customer("", "", Sums.of(one.sums for one in found), months)


def _party_line(builder: Builder, one: Customer, *, linked: bool = True, strong: bool = False) -> Line:
    chosen = builder.chosen
    is_people = linked and not one.number

    def cell(amount: int, first: date, last: date) -> Cell:
        if not linked or not amount:
            return Cell(amount)
        who = {"party": Party.PERSON.value} if is_people else {"number": one.number}
        within = {"first": first.isoformat(), "last": last.isoformat()}
        return Cell(amount, builder.url(side=chosen.side.value, **within, **who))

    year = date(chosen.year, 1, 1), date(chosen.year, 12, 31)
    firsts = [date(chosen.year, month, 1) for month in range(1, 13)]
    return Line(
        [
            Cell(say("개인·외국인 전체", "All persons") if is_people else one.name),
            Cell(business_number(one.number)),
            cell(one.sums.count, *year),
            cell(one.sums.supply_amount, *year),
            Cell(one.sums.tax_amount),
            *(
                cell(amount, first, last_of_month(first))
                for first, amount in zip(firsts, one.months, strict=True)
            ),
        ],
        strong=strong,
    )
