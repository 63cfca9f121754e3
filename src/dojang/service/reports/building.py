"""The reports: from figures to tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from dojang.etax.codes import Taxation
from dojang.etax.returns import NOTHING, Family, Party, Side, Summary, Sums, Told, form_of, summary
from dojang.etax.returns import Cell as LawCell
from dojang.service.reports import figures, selecting, words
from dojang.service.reports.behind import Behind
from dojang.service.reports.choosing import Chosen
from dojang.service.reports.figures import Customer, Month
from dojang.service.reports.selecting import LeftOut
from dojang.service.reports.sheet import Cell, Column, Line, Notice, Report, Table
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number

_TAXATIONS = (Taxation.TAXABLE, Taxation.ZERO_RATED, Taxation.EXEMPT)
#: The page shows so many lines of a list; the workbook has all.
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Builder:
    """What every report needs: what was asked, and where the documents are shown.

    Attributes:
        chosen: what was asked.
        slug: of the workspace.
        whole: every line, for the workbook; pages stop at `MOST_LISTED`.
    """

    chosen: Chosen
    slug: str
    whole: bool = False

    def url(self, **conditions: str) -> str:
        """The documents behind a figure."""
        return Behind(business=str(self.chosen.business.pk), **conditions).url(self.slug)

    def report(
        self, title: str, period: str, tables: Sequence[Table], notices: Sequence[Notice] = ()
    ) -> Report:
        """The whole, with whose it is."""
        return Report(
            title=title,
            company=words.company(self.chosen.business),
            period=period,
            tables=tables,
            notices=notices,
            is_sandbox=selecting.is_sandbox(),
        )


# --- 월별 ---


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
                _month(found, _earlier(month.first, 1)),
                _month(found, _earlier(month.first, 12)),
            )
            for month in shown
        ],
        total=_month_total(builder, side, shown, [_month(found, _earlier(one.first, 12)) for one in shown]),
    )


def _month(found: dict[date, Month], first: date) -> Month:
    return found.get(first, Month(first))


def _earlier(first: date, months: int) -> date:
    place = first.year * 12 + first.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _end(first: date) -> date:
    return date.fromordinal(_earlier(first, -1).toordinal() - 1)


def _month_line(builder: Builder, side: Side, month: Month, last: Month, year_ago: Month) -> Line:
    within = {"side": side.value, "first": month.first.isoformat(), "last": _end(month.first).isoformat()}
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


# --- 거래처별 ---

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
            *(cell(amount, first, _end(first)) for first, amount in zip(firsts, one.months, strict=True)),
        ],
        strong=strong,
    )


# --- 합계표 ---


def tax_summary(builder: Builder) -> Report:
    """세금계산서합계표 and 계산서합계표 of a return's period."""
    chosen = builder.chosen
    filing = chosen.filing
    cells = selecting.cells(chosen.business.pk, filing)
    counted = selecting.parties(chosen.business.pk, filing)
    waiting = selecting.left_out_families(chosen.business.pk, filing)
    tables: list[Table] = []
    for family in Family:
        for side in Side:
            found = summary(cells, counted, side=side, family=family, filing=filing)
            is_whole = side is Side.PURCHASE or family not in waiting
            tables.append(_summary_table(builder, found, is_whole=is_whole))
            if not found.need_not_be_submitted:
                listed = figures.listed(chosen.business.pk, filing, side, exempt=family is Family.EXEMPT)
                # People are told by their total alone.
                tables += [_listed_table(builder, side, family, listed)] if listed else []
    return builder.report(
        say("세금계산서·계산서 합계표", "Summaries of invoices"),
        words.filing_name(filing),
        tables,
        _summary_notices(builder, cells),
    )


_GROUPS = {
    True: ("{day}까지 전송된 전자{document} 발급분", "E-invoices sent by {day}"),
    False: ("위 전자{document} 외의 발급분", "All others"),
}


def _submitting(found: Summary, *, is_whole: bool) -> str:
    """Whether the form has to be submitted, as far as that can be said while something waits for 국세청."""
    if not found.need_not_be_submitted:
        return say(
            "'외의 발급분'은 거래처별 명세를 적어 냅니다.", "What was not sent in time is listed by party."
        )
    if not is_whole:
        return say(
            "아직 포함되지 않은 문서가 있어, 합계표를 내지 않아도 되는지는 그 문서가 전송된 뒤에 정해집니다.",
            "Some documents do not count yet: whether the summary has to be submitted is known once they are sent.",
        )
    if not found.line("total").sums.count:
        return say("이 기간에 해당하는 문서가 없습니다.", "There are no such documents in this period.")
    return say(
        "모두 기한 안에 전송되어 합계표를 내지 않아도 됩니다.",
        "Everything was sent in time: the summary need not be submitted.",
    )


def _summary_table(builder: Builder, found: Summary, *, is_whole: bool) -> Table:
    filing, form = builder.chosen.filing, found.form
    document = "세금계산서" if form.family is Family.TAX else "계산서"
    note = _submitting(found, is_whole=is_whole)
    lines = []
    for line in found.lines:
        group = "" if line.collected is None else say(*_GROUPS[line.collected])
        conditions = {
            "side": form.side.value,
            "period": filing.key,
            "family": form.family.value,
            "collected": "" if line.collected is None else str(int(line.collected)),
            "party": line.party.value if line.party else "",
        }
        url = builder.url(**conditions) if line.sums.count else ""
        lines.append(
            Line(
                [
                    Cell(group.format(day=filing.cutoff.on, document=document)),
                    Cell(say(line.ko, line.en)),
                    Cell(line.parties),
                    Cell(line.sums.count, url),
                    Cell(line.sums.supply_amount, url),
                    Cell(line.sums.tax_amount),
                ],
                strong=line.party is None,
            )
        )
    return Table(
        name=form.name("ko").replace("세금계산서합계표", "세금").replace("계산서합계표", "계산서"),
        caption=say(form.ko, form.en.capitalize()),
        note=f"{note} {say('근거', 'Source')}: {form.citation}.",
        columns=(
            Column(say("구분", "Group")),
            Column(say("번호", "Number")),
            Column(
                say("매출처수", "Customers") if form.side is Side.SALES else say("매입처수", "Suppliers"),
                "count",
            ),
            Column(say("매수", "Documents"), "count"),
            Column(say("공급가액", "Supply amount"), "won"),
            Column(say("세액", "Tax"), "won"),
        ),
        lines=lines,
    )


def _listed_table(builder: Builder, side: Side, family: Family, listed: list[Customer]) -> Table:
    filing, form = builder.chosen.filing, form_of(side, family)
    shown = listed if builder.whole else listed[:MOST_LISTED]
    total = Sums.of(one.sums for one in listed)

    def line(place: int, one: Customer) -> Line:
        where = builder.url(
            side=side.value, period=filing.key, family=family.value, collected="0", number=one.number
        )
        return Line(
            [
                Cell(place),
                Cell(business_number(one.number)),
                Cell(one.name),
                Cell(one.sums.count, where),
                Cell(one.sums.supply_amount, where),
                Cell(one.sums.tax_amount),
            ]
        )

    return Table(
        name=say("명세", "list") + form.name("ko")[:5] + family.value[:2],
        caption=say(f"{form.ko} · 거래처별 명세 (전자 외)", f"{form.en.capitalize()}: listed by party"),
        note=say(
            f"{len(shown):,}곳만 보입니다. 전부는 엑셀에 있습니다.",
            f"The first {len(shown):,}; the workbook has all.",
        )
        if len(shown) < len(listed)
        else "",
        columns=(
            Column(say("번호", "No."), "count"),
            Column(say("사업자등록번호", "Business number"), "number"),
            Column(say("상호(법인명)", "Name")),
            Column(say("매수", "Documents"), "count"),
            Column(say("공급가액", "Supply amount"), "won"),
            Column(say("세액", "Tax"), "won"),
        ),
        lines=[line(place, one) for place, one in enumerate(shown, 1)],
        total=Line(
            [
                Cell(None),
                Cell(say("합계", "Total")),
                Cell(None),
                Cell(total.count),
                Cell(total.supply_amount),
                Cell(total.tax_amount),
            ],
            strong=True,
        ),
    )


def left_out_url(builder: Builder, one: LeftOut) -> str:
    """The documents of a period that do not count."""
    return builder.url(period=builder.chosen.filing.key, left_out=one.state.value)


def consigned_notices(
    builder: Builder, first: date, last: date, *, told: Callable[[Sums], str] = words.consigned
) -> list[Notice]:
    """That what was issued for others (위수탁) is in no figure here, where there is some."""
    rows = selecting.consigned([builder.chosen.business.pk]).filter(written_on__range=(first, last))
    found = selecting.sums_of(rows)
    if not found.count:
        return []
    days = {"date": "written", "from": first.isoformat(), "to": last.isoformat()}
    asked = urlencode({"tab": "accepted", "consigned": "yes", **days})
    return [Notice(told(found), url=f"{reverse('invoice_list', args=[builder.slug])}?{asked}")]


def _summary_notices(builder: Builder, cells: Sequence[LawCell]) -> list[Notice]:
    filing, pk = builder.chosen.filing, builder.chosen.business.pk
    found = [
        Notice(words.left_out(one), "warn", left_out_url(builder, one))
        for one in selecting.left_out(pk, filing)
    ]
    found += [
        Notice(words.presumed(count, side), "warn")
        for side, count in selecting.presumed_sent(pk, filing).items()
        if count
    ]
    found += consigned_notices(builder, filing.start, filing.end)
    found += _issued_after(builder, cells)
    if builder.chosen.day <= filing.cutoff.on:
        found.append(
            Notice(
                say(
                    f"전송 마감({filing.cutoff.on})이 지나지 않아 금액이 바뀔 수 있습니다.",
                    f"These figures may change until {filing.cutoff.on}.",
                )
            )
        )
    found += [words.law_notice(one) for one in filing.cutoff.warnings]
    found.append(
        Notice(
            say(
                "두 구분에 모두 있는 거래처는 합계의 거래처수에 두 번 듭니다. 국세청이 접수한 전자문서와 등록한 종이 문서만 셉니다.",
                "A party in both groups counts twice in the total. Only e-invoices that the NTS accepted and documents "
                "entered as paper count.",
            )
        )
    )
    return found


def _issued_after(builder: Builder, cells: Sequence[LawCell]) -> list[Notice]:
    """Documents that were not there when the return was filed, and in which form they stand."""
    filing, before = builder.chosen.filing, builder.chosen.filing.missed
    counts = {told: sum(cell.sums.count for cell in cells if cell.key.told is told) for told in Told}
    found: list[Notice] = []
    if before is not None and counts[Told.MISSED]:
        found.append(
            Notice(
                say(
                    f"예정신고 누락분 {counts[Told.MISSED]:,}건이 들어 있습니다. {before.ko} 신고 뒤에 발급된 문서는 확정신고의 합계표에 "
                    "함께 냅니다(부가가치세법 제54조 제3항).",
                    f"{counts[Told.MISSED]:,} documents left out of the {before.en} are in it: they are submitted with the "
                    "final return.",
                )
            )
        )
    if counts[Told.AFTER]:
        where = (
            say(
                "들어 있습니다. 수정신고할 때 합계표도 고쳐 내세요.",
                "are in it. Submit it anew with the amended return.",
            )
            if filing.is_final
            else say("확정신고의 합계표에 들어갑니다.", "stand in the form of the final return.")
        )
        found.append(
            Notice(
                say(
                    f"{filing.closed_on} 뒤에 발급된 문서 {counts[Told.AFTER]:,}건은 {where}",
                    f"{counts[Told.AFTER]:,} documents issued after {filing.closed_on} {where}",
                ),
                "warn",
            )
        )
    return found
