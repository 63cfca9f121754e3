"""지연·가산세 of a 과세기간: what each kind is thought to cost, and the documents it comes of."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dojang.etax.calendar.deadlines import transmit_deadline
from dojang.etax.penalties import Penalty
from dojang.etax.returns import Charged, Late, Side, charged, penalties_of
from dojang.service.law import law
from dojang.service.reports import lateness, words
from dojang.service.reports.behind import address_of
from dojang.service.reports.building import Builder, consigned_notices
from dojang.service.reports.sheet import Cell, Column, Kind, Line, Notice, Report, Table
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import won


def penalties(builder: Builder) -> Report:
    """지연·가산세 of a 과세기간: by kind with its cap, and the documents."""
    chosen = builder.chosen
    pk, period = chosen.business.pk, chosen.filing.period
    owed = charged_of(builder, lateness.late(pk, period.start, period.end))
    unsent = charged_of(builder, lateness.unsent(pk, period.start, period.end, chosen.day))
    tables = [_by_kind(builder, owed, say("예상 가산세", "Estimated penalties"))]
    if unsent:
        tables.append(
            _by_kind(
                builder,
                unsent,
                say("아직 전송되지 않은 문서의 예상 가산세", "Of documents not transmitted yet"),
            )
        )
    tables += [_documents(builder, side, period.start, period.end) for side in Side]
    tables.append(_unsent_documents(builder, period.start, period.end))
    months = f"{period.start.month}~{period.end.month}"
    half = say(f" {period.half}기", f", half {period.half}") if period.half else ""
    return builder.report(
        say("지연·가산세", "Late documents and penalties"),
        say(f"{period.year}년{half} 과세기간({months}월)", f"{period.year}{half} (months {months})"),
        tables,
        [
            *_penalty_notices(builder),
            *consigned_notices(builder, period.start, period.end, told=words.consigned_penalties),
        ],
    )


def charged_of(builder: Builder, found: Sequence[Late]) -> tuple[Charged, ...]:
    """What late documents are thought to cost on the report's day."""
    return charged(found, builder.chosen.facts, law=law(), today=builder.chosen.day)


def _by_kind(builder: Builder, owed: Sequence[Charged], caption: str) -> Table:
    lines = [
        Line(
            [
                Cell(words.penalty_name(one.code), mark=say("계산서", "exempt") if one.exempt else ""),
                Cell(
                    say("공급자로서", "as supplier")
                    if one.side is Side.SALES
                    else say("공급받는 자로서", "as buyer")
                ),
                Cell(one.count),
                Cell(one.base),
                Cell(words.percent(one.rate)),
                Cell(one.amount, mark=say("최대", "at most") if one.certainty == "practice" else ""),
                Cell(
                    say(
                        f"한도로 {won(one.uncapped - one.amount)}원 줄어듦",
                        f"cut by {won(one.uncapped - one.amount)} won",
                    )
                    if one.uncapped > one.amount
                    else ""
                ),
                Cell(
                    say("해석이 나뉨", "disputed")
                    if one.certainty == "practice"
                    else say("법에 정한 율", "by statute")
                ),
                Cell(one.citation),
            ]
        )
        for one in owed
    ]
    return Table(
        name=caption,
        caption=caption,
        note=say(
            "정당한 사유가 있으면 가산세가 없으며, 감면은 반영하지 않았습니다. 한도(국세기본법 제49조)는 과세기간과 의무의 종류마다 따로 셉니다.",
            "None where there is a good reason; reliefs are not applied. Caps (국세기본법 제49조) count by period and duty.",
        ),
        columns=(
            Column(say("가산세", "Penalty")),
            Column(say("구분", "As")),
            Column(say("매수", "Documents"), "count"),
            Column(say("공급가액", "Base"), "won"),
            Column(say("율", "Rate"), "number"),
            Column(say("예상 가산세", "Estimate"), "won"),
            Column(say("한도", "Cap")),
            Column(say("확실성", "How sure")),
            Column(say("근거", "Source")),
        ),
        lines=lines,
        total=Line(
            [
                Cell(say("합계", "Total")),
                Cell(None),
                Cell(None),
                Cell(None),
                Cell(None),
                Cell(sum(one.amount for one in owed)),
                Cell(None),
                Cell(None),
                Cell(None),
            ],
            strong=True,
        )
        if lines
        else None,
        empty=say("늦은 문서가 없습니다.", "No document is late."),
    )


#: Each is judged by the law's own code, which takes its time; the workbook has all.
_MOST_JUDGED = 200

_COLUMNS: tuple[tuple[str, str, Kind], ...] = (
    ("거래처", "Party", "text"),
    ("문서", "Document", "text"),
    ("작성일자", "작성일자", "day"),
    ("발급일", "Issued", "day"),
    ("발급기한", "Issue by", "day"),
    ("전송일", "Sent", "day"),
    ("전송기한", "Send by", "day"),
    ("공급가액", "Supply amount", "won"),
    ("예상 가산세", "Estimate", "won"),
    ("내용", "Why", "prose"),
)


def _documents(builder: Builder, side: Side, start: date, end: date) -> Table:
    every = lateness.late_rows(builder.chosen.business.pk, side, start, end)
    name = words.side_name(side)
    return _listed(
        builder,
        every,
        side,
        say(
            f"늦거나 종이로 발급한 {name} 문서" if side is Side.SALES else f"늦은 {name} 문서",
            f"Late{' or paper' if side is Side.SALES else ''} documents: {name}",
        ),
    )


def _unsent_documents(builder: Builder, start: date, end: date) -> Table:
    rows = lateness.unsent_rows(builder.chosen.business.pk, start, end, builder.chosen.day)
    title = say("기한이 지난 미전송 문서", "Not transmitted, and overdue")
    return _listed(builder, [rows], Side.SALES, title, is_sent=False)


def _listed(
    builder: Builder, every: Sequence[Any], side: Side, caption: str, *, is_sent: bool = True
) -> Table:
    most = None if builder.whole else _MOST_JUDGED
    rows = [row for found in every for row in found.order_by("written_on", "id")[:most]]
    count = sum(found.count() for found in every)
    lines = []
    total = 0
    for row in rows:
        owed = penalties_of(
            lateness.one(row, side, is_sent=is_sent),
            builder.chosen.facts,
            law=law(),
            today=builder.chosen.day,
        )
        total += sum(one.amount for one in owed)
        lines.append(_document_line(builder, row, owed, is_sent=is_sent))
    return Table(
        name=caption,
        caption=caption,
        note=say(
            f"{count:,}건 중 {len(rows):,}건. 전부는 엑셀에 있습니다.",
            f"{len(rows):,} of {count:,}; the workbook has all.",
        )
        if len(rows) < count
        else "",
        columns=tuple(Column(say(ko, en), kind) for ko, en, kind in _COLUMNS),
        lines=lines,
        total=Line(
            [
                Cell(say(f"합계 {len(rows):,}건", f"Total {len(rows):,}")),
                *[Cell(None)] * 6,
                Cell(sum(row.supply_amount for row in rows)),
                Cell(total),
                Cell(say("한도 적용 전", "before the cap")),
            ],
            strong=True,
        )
        if lines
        else None,
        empty=say("해당하는 문서가 없습니다.", "There are none."),
    )


def _document_line(builder: Builder, row: Any, owed: Sequence[Penalty], *, is_sent: bool) -> Line:
    issued, sent = row.issued, row.sent if is_sent else None
    disputed = any(one.certainty == "practice" for one in owed)
    return Line(
        [
            Cell(row.name or say("(이름 없음)", "(no name)"), address_of(row, builder.slug)),
            Cell(words.document_name(row.document_type)),
            Cell(row.written_on),
            Cell(issued, mark=say("당초", "original") if row.judged_as != row.amendment_reason else ""),
            Cell(lateness.issue_by(row)),
            Cell(sent),
            Cell(
                None
                if row.paper or issued is None
                else transmit_deadline(issued, law=law(), written_on=row.written_on).on
            ),
            Cell(row.supply_amount),
            Cell(sum(one.amount for one in owed), mark=say("최대", "at most") if disputed else ""),
            Cell(" ".join(say(one.ko, one.en) for one in owed) or say("가산세 없음", "no penalty")),
        ]
    )


def _penalty_notices(builder: Builder) -> list[Notice]:
    facts = builder.chosen.facts
    found: list[Notice] = []
    if facts.is_obliged is None:
        found.append(
            Notice(
                say(
                    "전자발급 의무자인지 몰라 아닌 것으로 계산했습니다. 의무자라면 지연전송·미전송 가산세가 더 있습니다. 사업장의 ‘과세유형·신고’에서 정하세요.",
                    "Whether this business must issue electronically is not known; it was taken not to. If it must, there are "
                    "penalties for transmission too. Say so for the business.",
                ),
                "warn",
            )
        )
    found.append(
        Notice(
            say(
                "예상 금액입니다. '최대'는 해석이 나뉘어 없을 수도 있다는 뜻입니다. 발행하지 않은 거래(미발급)는 문서가 없어 들어 있지 않습니다.",
                "Estimates. 'At most' means the law is disputed and there may be none. What was never issued is no document and "
                "is not in it.",
            )
        )
    )
    return found
