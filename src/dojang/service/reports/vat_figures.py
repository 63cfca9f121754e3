"""부가가치세 신고 금액: the lines of a VAT return that documents speak to, with what is only an estimate told as one."""

from collections.abc import Sequence
from datetime import date

from dojang.etax.calendar.periods import SupplierKind, TaxType
from dojang.etax.returns import (
    NOT_DEDUCTIBLE,
    Credit,
    Filing,
    Side,
    Sums,
    Told,
    VatReturn,
    credit,
    documents_of,
    vat_return,
)
from dojang.etax.returns.vat import CITATION, Section
from dojang.etax.returns.vat import Line as VatLine
from dojang.service.law import law
from dojang.service.reports import figures, lateness, selecting, words
from dojang.service.reports.building import Builder, consigned_notices, left_out_url
from dojang.service.reports.late_documents import charged_of
from dojang.service.reports.sheet import Cell, Column, Line, Notice, Report, Table
from dojang.service.web.addresses import page_of
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import won

_SECTIONS: tuple[tuple[Section, str, str], ...] = (
    ("sales", "과세표준과 매출세액", "Sales and output tax"),
    ("purchases", "매입세액", "Purchases and input tax"),
    ("result", "납부(환급)세액", "Tax payable"),
    ("missed", "예정신고 누락분 명세", "Left out of the preliminary return"),
    ("not_deductible", "공제받지 못할 매입세액 명세", "Input tax not deductible"),
    ("credit", "그 밖의 경감·공제세액", "Credits"),
    ("penalties", "가산세액 명세", "Penalties"),
    ("exempt", "계산서 발급·수취금액", "Exempt invoices"),
)


def vat_lines(builder: Builder) -> Report:
    """The lines of the VAT return that documents speak to."""
    chosen = builder.chosen
    filing, pk = chosen.filing, chosen.business.pk
    cells = selecting.cells(pk, filing)
    owed = (
        charged_of(builder, lateness.late(pk, filing.period.start, filing.period.end))
        if filing.is_final
        else ()
    )
    found = vat_return(cells, charged=owed, credit=_credit(builder))
    left_out = _OF_OTHER_FORMS if _other_form(builder) else frozenset()
    tables = [
        _section(builder, found, section, say(ko, en))
        for section, ko, en in _SECTIONS
        if section not in left_out
    ]
    tables.append(_reasons(found))
    after = [
        (side, Sums.of(cell.sums for cell in cells if cell.key.told is Told.AFTER and cell.key.side is side))
        for side in Side
    ]
    return builder.report(
        say("부가가치세 신고 금액", "Figures for the VAT return"),
        words.filing_name(filing),
        tables,
        [
            *_other_form(builder),
            *_notices(builder, filing),
            *_shared(found),
            *_otherwise(builder),
            *_after(builder, after),
        ],
    )


#: What means nothing on another form than the general taxpayer's.
_OF_OTHER_FORMS: frozenset[Section] = frozenset({"result"})


def _other_form(builder: Builder) -> list[Notice]:
    """That these are no figures of a return, where the business files another one or none."""
    tax_type = builder.chosen.facts.supplier.tax_type(builder.chosen.filing.period.start)
    if tax_type is TaxType.SIMPLIFIED:
        text = say(
            "간이과세자는 간이과세자 신고서(별지 제44호서식)로 신고합니다. 납부세액은 공급대가에 업종별 부가가치율과 10%를 곱하고 매입은 "
            "공급대가의 0.5%를 공제하므로(부가가치세법 제63조), 아래는 문서의 합계일 뿐 줄 번호와 세액을 그대로 쓸 수 없습니다.",
            "A simplified taxpayer files another form and pays a share of its turnover (VAT Act §63): what follows are sums of "
            "documents, no figures of its return.",
        )
    elif tax_type is TaxType.EXEMPT:
        text = say(
            "면세사업자는 부가가치세를 신고하지 않고 매입세액을 공제받지 않습니다. 다음 해 2월 10일까지 계산서합계표와 매입처별 "
            "세금계산서합계표를 내며, 개인은 사업장현황신고를 합니다(소득세법 제78조·제163조, 법인세법 제121조).",
            "An exempt business files no VAT return and deducts nothing; it submits the summaries by 10 February.",
        )
    else:
        return []
    return [Notice(text, "warn")]


def _shared(found: VatReturn) -> list[Notice]:
    """Input tax shared with an exempt business is taken off whole here, while the law divides it."""
    sums = found.line("not_deductible_shared").sums
    if not sums.count:
        return []
    return [
        Notice(
            say(
                f"(54) 공통매입세액 {sums.count:,}건은 세액 {won(sums.tax_amount)}원 전부를 불공제로 넣었습니다. 면세공급가액 비율로 "
                "안분한 금액으로 고쳐 적으세요(부가가치세법 제40조, 시행령 제81조).",
                f"(54) has all of the shared input tax, {won(sums.tax_amount)} won; enter the part that falls to exempt supplies.",
            ),
            "warn",
        )
    ]


def _otherwise(builder: Builder) -> list[Notice]:
    """What gives back input tax that was never deducted takes nothing off, and is marked like its original."""
    filing, pk = builder.chosen.filing, builder.chosen.business.pk
    found = [
        selecting.sums_of(selecting.deducted_otherwise(selecting.in_filing(rows, filing)))
        for rows in selecting.documents([pk], Side.PURCHASE)
    ]
    sums = Sums.of(found)
    if not sums.count:
        return []
    return [
        Notice(
            say(
                f"매입 수정세금계산서 {sums.count:,}건(세액 {won(sums.tax_amount)}원)은 당초 세금계산서와 공제 여부나 불공제 사유가 다릅니다. "
                "공제받지 않은 매입세액을 줄이는 수정분은 당초와 같은 사유로 불공제로 표시하세요(부가가치세법 제39조).",
                f"{sums.count:,} amendments of purchases (tax {won(sums.tax_amount)} won) are not deducted as what they amend. "
                "Mark those of tax that was not deducted with the same reason.",
            ),
            "warn",
            builder.url(side=Side.PURCHASE.value, period=filing.key, otherwise="1"),
        )
    ]


def _section(builder: Builder, found: VatReturn, section: Section, title: str) -> Table:
    return Table(
        name=title,
        caption=title,
        columns=(
            Column(say("번호", "No."), "number"),
            Column(say("항목", "Line")),
            Column(say("매수", "Documents"), "count"),
            Column(say("금액", "Amount"), "won"),
            Column(say("세액", "Tax"), "won"),
            Column(say("확실성", "How sure")),
        ),
        lines=[_vat_line(builder, line) for line in found.lines if line.section == section],
    )


def _vat_line(builder: Builder, line: VatLine) -> Line:
    url = _where(builder, line)
    is_outside = line.standing == "outside"
    sums = line.sums
    return Line(
        [
            Cell(line.number),
            Cell(line.name("en" if say("ko", "en") == "en" else "ko")),
            Cell(None if is_outside or line.key == "payable" else sums.count, url),
            Cell(sums.supply_amount if line.shows_amount else None, url),
            Cell(
                None if is_outside else sums.tax_amount, mark=say("최대", "at most") if line.at_most else ""
            ),
            Cell(_standing(line)),
        ],
        strong=not is_outside and not _is_single(line),
        muted=is_outside,
    )


_TOTALS = {"sales_total", "purchases_total", "deducted", "payable", "not_deductible", "sales_missed"}


def _is_single(line: VatLine) -> bool:
    """Whether a line is no sum of others."""
    return line.key not in _TOTALS


def _where(builder: Builder, line: VatLine) -> str:
    if not line.sums.count:
        return ""
    if line.section == "penalties":
        return f"{page_of('report_late', builder.slug)}?{_kept(builder)}"
    # What is taken off cannot be told by one list of documents.
    if line.key in {"deducted", "payable"} or not documents_of(line.key):
        return ""
    return builder.url(period=builder.chosen.filing.key, line=line.key)


def _kept(builder: Builder) -> str:
    return f"business={builder.chosen.business.pk}&period={builder.chosen.filing.key}"


def _standing(line: VatLine) -> str:
    if line.key == "credit" and line.standing == "outside":
        return say("해당하지 않음 (소규모 개인사업자만)", "does not apply (small sole proprietors alone)")
    if line.standing == "outside":
        return say("문서로 알 수 없음 · 직접 입력", "not known from documents: enter it")
    if line.standing == "estimate":
        most = say("해석이 나뉨, 최대 금액", "disputed, at most") if line.at_most else say("예상", "estimate")
        return f"{most} · {line.citation}" if line.citation else most
    return say("문서 합계", "sum of documents")


def _reasons(found: VatReturn) -> Table:
    lines = [
        Line(
            [
                Cell(reason.code),
                Cell(say(reason.ko, reason.en)),
                Cell(sums.count),
                Cell(sums.supply_amount),
                Cell(sums.tax_amount),
                Cell(reason.citation),
            ]
        )
        for reason in NOT_DEDUCTIBLE
        if (sums := found.not_deductible[reason.code]).count
    ]
    total = Sums.of(found.not_deductible.values())
    return Table(
        name=say("불공제 사유별", "by reason"),
        caption=say("불공제 사유별 금액", "Not deductible, by reason"),
        columns=(
            Column(say("사유번호", "No."), "number"),
            Column(say("불공제 사유", "Reason")),
            Column(say("매수", "Documents"), "count"),
            Column(say("공급가액", "Supply amount"), "won"),
            Column(say("세액", "Tax"), "won"),
            Column(say("근거", "Source")),
        ),
        lines=lines,
        total=Line(
            [
                Cell(None),
                Cell(say("합계", "Total")),
                Cell(total.count),
                Cell(total.supply_amount),
                Cell(total.tax_amount),
                Cell(None),
            ],
            strong=True,
        )
        if lines
        else None,
        empty=say("불공제로 표시한 매입이 없습니다.", "No purchase is marked as not deductible."),
    )


def _credit(builder: Builder) -> Credit | None:
    """발급세액공제: for sole proprietors alone, so that nobody else's documents are counted for it."""
    chosen = builder.chosen
    filing, facts, pk = chosen.filing, chosen.facts, chosen.business.pk
    if facts.supplier_kind is not SupplierKind.INDIVIDUAL:
        return None
    year = filing.start.year
    last = figures.months([pk], Side.SALES, date(year - 1, 1, 1), date(year - 1, 12, 31))
    return credit(
        lateness.sent_in_time(pk, filing.start, filing.end),
        earlier=lateness.sent_in_time(pk, date(year, 1, 1), date.fromordinal(filing.start.toordinal() - 1)),
        last_year=sum(month.total.supply_amount for month in last.values()),
        facts=facts,
        on=filing.end,
        law=law(),
    )


def _notices(builder: Builder, filing: Filing) -> list[Notice]:
    facts = builder.chosen.facts
    found = [
        Notice(
            say(
                f"이 서비스의 문서로 아는 금액입니다. 카드·현금영수증, 의제매입, 대손 등은 들어 있지 않습니다. 번호는 {CITATION} 기준입니다.",
                "What the documents of this service tell; cards, deemed input tax, bad debts and the like are not in it. "
                f"Numbers as on {CITATION}.",
            )
        )
    ]
    if not filing.is_final:
        found.append(
            Notice(
                say(
                    "가산세는 예정신고서에 적지 않고 확정신고 때 냅니다(부가가치세법 시행령 제90조 제1항).",
                    "Penalties stand in the final return, not in the preliminary one.",
                )
            )
        )
    if facts.files_preliminary is None:
        found.append(
            Notice(
                say(
                    "예정신고를 하는지 몰라 하는 것으로 보았습니다. 사업장의 ‘과세유형·신고’에서 정하세요.",
                    "Whether preliminary returns are filed is not known; they were taken to be. Say so for the business.",
                ),
                "warn",
            )
        )
    if filing.missed is not None:
        found.append(
            Notice(
                say(
                    f"{filing.missed.closed_on} 뒤에 발급된 {filing.missed.ko} 문서는 예정신고 누락분으로 보았습니다. 매출 누락분에는 "
                    "과소신고·납부지연 가산세가 따로 있고, 세액이 줄어드는 누락분은 어느 신고에 넣을지 세무대리인과 확인하세요.",
                    f"Documents of the {filing.missed.en} that were issued after {filing.missed.closed_on} count as left "
                    "out of it. Sales left out cost penalties for under-reporting besides.",
                )
            )
        )
    found += [
        Notice(words.left_out(one), "warn", left_out_url(builder, one))
        for one in selecting.left_out(builder.chosen.business.pk, filing)
    ]
    return found + consigned_notices(builder, filing.start, filing.end)


def _after(builder: Builder, found: Sequence[tuple[Side, Sums]]) -> list[Notice]:
    filing = builder.chosen.filing
    # Until it is due a return can still be filed anew (국세기본법 제45조: 수정신고 is for after that).
    anew_ko, anew_en = (
        (
            f"신고기한({filing.due})까지 이 문서를 넣어 다시 신고하거나, ",
            f"File anew with them by {filing.due}, or declare them later. ",
        )
        if builder.chosen.day <= filing.due
        else ("", "")
    )
    later = (
        "수정신고·경정청구로 신고하세요."
        if filing.is_final
        else "확정신고의 예정신고 누락분이나 수정신고·경정청구로 신고하세요."
    )
    return [
        Notice(
            say(
                f"신고 후 변동: {filing.closed_on} 뒤에 발급된 {words.side_name(side)} 문서 {sums.count:,}건, 공급가액 "
                f"{won(sums.supply_amount)}원, 세액 {won(sums.tax_amount)}원은 이 신고서에 넣지 않았습니다. {anew_ko}{later}",
                f"Changed after filing: {sums.count:,} documents ({words.side_name(side)}) were issued after {filing.closed_on}, "
                f"{won(sums.supply_amount)} won, tax {won(sums.tax_amount)} won, and are not in this return. {anew_en}".rstrip(),
            ),
            "warn",
        )
        for side, sums in found
        if sums.count
    ]
