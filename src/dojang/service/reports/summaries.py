"""세금계산서합계표 and 계산서합계표 of a return's period."""

from collections.abc import Sequence

from dojang.etax.returns import Cell as LawCell
from dojang.etax.returns import Family, Side, Summary, Sums, Told, form_of, summary
from dojang.service.reports import figures, selecting, words
from dojang.service.reports.building import MOST_LISTED, Builder, consigned_notices, left_out_url
from dojang.service.reports.figures import Customer
from dojang.service.reports.sheet import Cell, Column, Line, Notice, Report, Table
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number


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
