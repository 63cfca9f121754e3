"""The page of documents behind a figure: their list, with sums above and below."""

from typing import Any

from dojang.etax.returns import NOTHING, Side, Sums, documents_of
from dojang.service.reports import selecting, words
from dojang.service.reports.behind import Behind, address_of, rows_of
from dojang.service.reports.building import MOST_LISTED, Builder
from dojang.service.reports.sheet import Cell, Column, Line, Report, Table
from dojang.service.web.say import say, say_items
from dojang.service.web.templatetags.dojang import business_number


def documents(builder: Builder, behind: Behind) -> Report:
    """Every document that a figure adds up."""
    chosen = builder.chosen
    filing = chosen.filing if behind.period else None
    every = rows_of(behind, chosen.business.pk, filing)
    sums = Sums.of(selecting.sums_of(rows) for rows in every) if every else NOTHING
    side = _side(behind)
    return builder.report(
        say("문서 목록", "Documents"),
        _period(builder, behind),
        [_table(builder, every, sums, side)],
    )


def _side(behind: Behind) -> Side:
    """Of the lines of the return the first document's side says it; of all else the address does."""
    if behind.line:
        return Side.PURCHASE if _is_of_purchases(behind.line) else Side.SALES
    return Side.PURCHASE if behind.side == Side.PURCHASE else Side.SALES


def _is_of_purchases(line: str) -> bool:
    try:
        return any(each.side is Side.PURCHASE for each in documents_of(line))
    except KeyError:
        return False


def _period(builder: Builder, behind: Behind) -> str:
    if behind.period:
        return words.filing_name(builder.chosen.filing)
    return f"{behind.first} ~ {behind.last}" if behind.first or behind.last else say("전체 기간", "all time")


def _table(builder: Builder, every: list[Any], sums: Sums, side: Side) -> Table:
    most = None if builder.whole else MOST_LISTED
    lines = [
        _line(builder, row)
        for rows in every
        for row in rows.order_by("-written_on", "-id")[:most].iterator(chunk_size=2000)
    ]
    lines = lines[:most]
    return Table(
        name=say("문서", "documents"),
        caption=say(
            f"{words.side_name(side)} 문서 {sums.count:,}건",
            f"{words.side_name(side)}: {sums.count:,} documents",
        ),
        note=say(
            f"최근 {len(lines):,}건을 보입니다. 합계는 {sums.count:,}건 전부의 것이며, 엑셀에 모두 있습니다.",
            f"The latest {len(lines):,}; the sums are of all {sums.count:,}, which the workbook has.",
        )
        if len(lines) < sums.count
        else "",
        columns=(
            Column(words.party_title(side)),
            Column(say("등록번호", "Number"), "number"),
            Column(say("문서", "Document")),
            Column(say("품목", "Item")),
            Column("작성일자", "day"),
            Column(say("발급일", "Issued"), "day"),
            Column(say("전송일", "Sent"), "day"),
            Column(say("공급가액", "Supply amount"), "won"),
            Column(say("세액", "Tax"), "won"),
            Column(say("합계금액", "Total"), "won"),
        ),
        lines=lines,
        total=Line(
            [
                Cell(say(f"합계 {sums.count:,}건", f"Total {sums.count:,}")),
                *[Cell(None)] * 6,
                Cell(sums.supply_amount),
                Cell(sums.tax_amount),
                Cell(sums.supply_amount + sums.tax_amount),
            ],
            strong=True,
        )
        if lines
        else None,
        empty=say("해당하는 문서가 없습니다.", "There are none."),
    )


def _line(builder: Builder, row: Any) -> Line:
    item = say_items(row.item_name, row.item_count)
    return Line(
        [
            Cell(row.name or say("(이름 없음)", "(no name)"), address_of(row, builder.slug)),
            Cell(business_number(row.number)),
            Cell(words.document_name(row.document_type), mark=say("종이", "paper") if row.paper else ""),
            Cell(item),
            Cell(row.written_on),
            Cell(row.issued),
            Cell(row.sent),
            Cell(row.supply_amount),
            Cell(row.tax_amount),
            Cell(row.total_amount),
        ]
    )
