"""`dojang due`: by when a document is issued, transmitted, reported, corrected, and what lateness costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from dojang.cli import legal
from dojang.cli.errors import Exit, IssuedBeforeWritten
from dojang.cli.language import language, say
from dojang.cli.output import print_json
from dojang.etax.calendar.deadlines import (
    Deadline,
    issue_deadline,
    local_credit_limit,
    one_year_limit,
    return_due,
    summary_cutoff,
    transmit_deadline,
)
from dojang.etax.calendar.periods import ReturnPeriod
from dojang.etax.codes import DocumentType, Taxation
from dojang.etax.facts import Facts
from dojang.etax.notices import Notice, distinct
from dojang.etax.parameters import Law
from dojang.etax.penalties import Assessment, DocumentFacts, Rung, assess, ladder
from dojang.etax.penalties.case import open_case


@dataclass(frozen=True, slots=True)
class _Dated:
    """One deadline, with what it is for."""

    code: str
    ko: str
    en: str
    deadline: Deadline
    after_ko: str = ""
    after_en: str = ""

    def to_data(self) -> dict[str, Any]:
        return {
            "on": self.deadline.on.isoformat(),
            "statutory": self.deadline.statutory.isoformat(),
            "extended_by": self.deadline.extended_by,
            "citation": self.deadline.citation,
        }


@click.command(
    help=say(
        "발급·전송·신고·정정 기한과, 금액을 주면 가산세를 알려 줍니다.",
        "Tell every deadline of a document and, given an amount, its penalties.",
    )
)
@click.option(
    "--written",
    "written_on",
    required=True,
    type=legal.Day(),
    metavar=say("날짜", "DATE"),
    help=say("작성일자", "date written"),
)
@click.option(
    "--issued",
    "issued_on",
    type=legal.Day(),
    metavar=say("날짜", "DATE"),
    help=say("발급일(없으면 아직 발급 전)", "day of issue (none: not issued yet)"),
)
@click.option(
    "--sent",
    "sent_on",
    type=legal.Day(),
    metavar=say("날짜", "DATE"),
    help=say("전송일(없으면 아직 전송 전)", "day of transmission (none: not sent yet)"),
)
@click.option("--supply", type=legal.Won(), metavar=say("원", "WON"), help=say("공급가액", "supply amount"))
@click.option(
    "--type",
    "type_code",
    type=click.Choice([kind.value for kind in DocumentType]),
    default=DocumentType.TAX.value,
    show_default=True,
    metavar="CODE",
    help=say("문서 종류", "document type"),
)
@click.option("--paper", is_flag=True, help=say("종이로 발급", "issued on paper"))
@legal.on
@legal.facts_file
@legal.law_file
@click.option("--json", "as_json", is_flag=True, help=say("기계가 읽는 JSON으로 출력", "print JSON"))
@legal.refusing({})
def due(
    written_on: date,
    issued_on: date | None,
    sent_on: date | None,
    supply: int | None,
    type_code: str,
    paper: bool,
    on: date | None,
    facts_file: Path | None,
    law_file: Path | None,
    as_json: bool,
) -> Exit:
    _require_order(issued_on, sent_on, paper=paper)
    if issued_on is not None and issued_on < written_on:
        raise IssuedBeforeWritten(written_on=written_on, issued_on=issued_on)
    document = DocumentFacts(
        document_type=DocumentType(type_code),
        written_on=written_on,
        supply_amount=supply or 0,
        issued_on=issued_on,
        sent_on=sent_on,
        paper=paper,
    )
    asked = _Asked(document, legal.load_facts(facts_file), legal.load_law(law_file), legal.today_or(on))
    if as_json:
        print_json(asked.to_data(has_amount=supply is not None))
    else:
        for line in asked.told(has_amount=supply is not None):
            click.echo(line)
        legal.tell_notices(asked.told_warnings)
    return Exit.GOOD


def _require_order(issued_on: date | None, sent_on: date | None, *, paper: bool) -> None:
    """Refuse a document that was sent before or without being issued, or sent though of paper."""
    if sent_on is not None and issued_on is None:
        raise click.UsageError(say("--sent에는 --issued도 필요합니다.", "--sent needs --issued as well."))
    if sent_on is not None and issued_on is not None and sent_on < issued_on:
        raise click.UsageError(say("전송일이 발급일보다 빠릅니다.", "It cannot be sent before it is issued."))
    if sent_on is not None and paper:
        raise click.UsageError(say("종이는 전송하지 않습니다.", "Paper is not transmitted."))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for, and everything that follows."""

    document: DocumentFacts
    facts: Facts
    law: Law
    today: date

    @property
    def is_exempt(self) -> bool:
        return self.document.document_type.taxation is Taxation.EXEMPT

    @property
    def period(self) -> ReturnPeriod:
        return self.facts.return_of(self.document.written_on, law=self.law)

    @property
    def assessment(self) -> Assessment:
        return assess(self.document, self.facts, law=self.law, today=self.today)

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return ladder(self.document, self.facts, law=self.law, today=self.today)

    @property
    def rungs_if_obliged(self) -> tuple[Rung, ...] | None:
        """Where nobody knows the duty to issue electronically and it matters: those of one who has it."""
        if self.facts.is_obliged is not None:
            return None
        obliged = self.facts.model_copy(update={"e_obligated": True})
        rungs = ladder(self.document, obliged, law=self.law, today=self.today)
        return rungs if rungs[1:] != self.rungs[1:] else None

    @property
    def dated(self) -> tuple[_Dated, ...]:
        return (*self._issuing(), *(() if self.is_exempt else self._returns()))

    def _issuing(self) -> Iterator[_Dated]:
        written_on, issued_on = self.document.written_on, self.document.issued_on
        yield _Dated("issue", "발급기한", "to be issued by", issue_deadline(written_on, law=self.law))
        if not self.document.paper:
            sending_from = issued_on or max(self.today, written_on)
            yield _Dated(
                "transmit",
                "전송기한",
                "to be transmitted by",
                transmit_deadline(sending_from, law=self.law, written_on=written_on),
                "" if issued_on else f"{legal.shown(sending_from)}에 발급하면",
                "" if issued_on else f"if issued on {legal.shown(sending_from)}",
            )
        yield _Dated(
            "final_return",
            "미발급 기준일" if self.is_exempt else "확정신고기한",
            "not issued after" if self.is_exempt else "final return due",
            open_case(self.document, self.facts, law=self.law, today=self.today).final,
            "이 날이 지나면 미발급·미전송으로 봅니다",
            "after it, late counts as never",
        )

    def _returns(self) -> Iterator[_Dated]:
        written_on, taxpayer = self.document.written_on, self.facts.supplier
        period = self.period
        yield _Dated(
            "return",
            "신고기한",
            "return due",
            return_due(period, law=self.law),
            f"{_LEVY_IF[0] if period.is_levy else ''}{period.ko} 신고에 넣습니다",
            f"{_LEVY_IF[1] if period.is_levy else ''}it stands in the {period.en}",
        )
        yield _Dated(
            "summary",
            "합계표 기준일",
            "summary cut-off",
            summary_cutoff(period, law=self.law),
            "이 날까지 전송하면 합계표에 거래처별로 적지 않습니다",
            "sent by then, the summary names no counterparties",
        )
        yield _Dated(
            "one_year",
            "공급받는자 정정 기한",
            "buyer can be corrected until",
            one_year_limit(written_on, law=self.law, taxpayer=taxpayer),
            "다른 거래처로 발행한 것을 바로잡는 기한입니다",
            "where it was issued to the wrong business",
        )
        if self.document.document_type.taxation is Taxation.TAXABLE:
            yield _Dated(
                "local_credit",
                "내국신용장 개설 기한",
                "local credit opened by",
                local_credit_limit(written_on, law=self.law, opened_on=self.today, taxpayer=taxpayer),
                "이 날까지 개설·발급되면 영세율로 바꿉니다",
                "then the supply becomes zero-rated",
            )

    @property
    def warnings(self) -> tuple[Notice, ...]:
        of_deadlines = (notice for dated in self.dated for notice in dated.deadline.warnings)
        return distinct((*of_deadlines, *self.assessment.notices))

    @property
    def told_warnings(self) -> tuple[Notice, ...]:
        """The same for people: what is about one or two of the deadlines says which."""
        about: dict[Notice, list[_Dated]] = {}
        for dated in self.dated:
            for notice in dict.fromkeys(dated.deadline.warnings):
                about.setdefault(notice, []).append(dated)
        named = (_named(notice, dated) for notice, dated in about.items())
        return (*named, *(notice for notice in self.assessment.notices if notice not in about))

    # For machines

    def to_data(self, *, has_amount: bool) -> dict[str, Any]:
        document, assessment = self.document, self.assessment
        return {
            "document_type": document.document_type.value,
            "written_on": document.written_on.isoformat(),
            "issued_on": document.issued_on.isoformat() if document.issued_on else None,
            "sent_on": document.sent_on.isoformat() if document.sent_on else None,
            "today": self.today.isoformat(),
            "supply_amount": document.supply_amount if has_amount else None,
            "deadlines": {dated.code: dated.to_data() for dated in self.dated},
            "return_period": None if self.is_exempt else self.period.key,
            "penalties": [each.to_data() for each in assessment.penalties] if has_amount else None,
            "deduction": assessment.deduction if has_amount else None,
            "ladder": _ladder_data(self.rungs if has_amount else None),
            "ladder_if_obliged": _ladder_data(self.rungs_if_obliged if has_amount else None),
            "warnings": [legal.notice_data(warning) for warning in self.warnings],
        }

    # For people

    def told(self, *, has_amount: bool) -> Iterator[str]:
        yield self._heading(has_amount=has_amount)
        yield ""
        yield from legal.lines((say(dated.ko, dated.en), self._line(dated)) for dated in self.dated)
        if has_amount:
            yield ""
            yield from self._penalties()

    def _heading(self, *, has_amount: bool) -> str:
        document = self.document
        parts = [
            f"{document.document_type.label(language())}({document.document_type.value})",
            f"{say('작성일자', 'written')} {legal.shown(document.written_on)}",
        ]
        if document.issued_on:
            parts.append(f"{say('발급일', 'issued')} {legal.shown(document.issued_on)}")
        if document.sent_on:
            parts.append(f"{say('전송일', 'sent')} {legal.shown(document.sent_on)}")
        if has_amount:
            parts.append(f"{say('공급가액', 'supply')} {legal.won(document.supply_amount)}")
        return " · ".join(parts)

    def _line(self, dated: _Dated) -> str:
        notes = [self._standing(dated), say(dated.after_ko, dated.after_en)]
        deadline = dated.deadline
        if deadline.extended_by is not None:
            notes.append(
                say(
                    f"{legal.shown(deadline.statutory)}에서 연장({deadline.extended_by})",
                    f"put off from {legal.shown(deadline.statutory)} ({deadline.extended_by})",
                )
            )
        return f"{legal.shown(deadline.on)}  {' · '.join(note for note in notes if note)}"

    def _standing(self, dated: _Dated) -> str:
        """Whether it was met, or how long there still is."""
        done = {"issue": self.document.issued_on, "transmit": self.document.sent_on}.get(dated.code)
        is_open = done is None and dated.code in {"issue", "transmit"}
        if is_open and dated.code == "transmit" and self.document.issued_on is None:
            return ""
        if done is not None or is_open:
            return _standing(dated.deadline.on, done, self.today)
        return ""

    def _penalties(self) -> Iterator[str]:
        assessment = self.assessment
        if not assessment.penalties:
            is_unknown = any(notice.code == "e_duty_unknown" for notice in assessment.notices)
            yield say(*_NO_PENALTY[is_unknown])
        for penalty in assessment.penalties:
            yield f"{_WHO[penalty.who][language() == 'en']}  {penalty.text(language())}"
        yield _DEDUCTION[assessment.deduction][language() == "en"]
        if_obliged = self.rungs_if_obliged
        yield from _later(self.rungs, say(*_LATER["any" if if_obliged is None else "not_obliged"]))
        yield from _later(if_obliged or (), say(*_LATER["obliged"]))


_LEVY_IF = ("6월까지 세금계산서를 발급했으면 ", "if any tax invoice was issued by June, ")
"""When a simplified taxpayer files in July at all (부가가치세법 제66조제3항)."""

_FEW = 2


def _named(notice: Notice, dated: list[_Dated]) -> Notice:
    if len(dated) > _FEW:
        return notice
    ko, en = "·".join(each.ko for each in dated), ", ".join(each.en for each in dated)
    return replace(notice, ko=f"{ko}: {notice.ko}", en=f"{en}: {notice.en}")


_WHO = {"supplier": ("공급자", "supplier"), "buyer": ("거래처", "buyer")}

_NO_PENALTY = {
    False: ("가산세가 없습니다.", "There is no penalty."),
    True: (
        "전자발급 의무자가 아니라면 가산세가 없고, 의무자라면 아래의 가산세가 있습니다.",
        "No penalty for one who need not issue electronically; else the one told below.",
    ),
}
"""Whether the duty decides, and nobody knows it: both cases are told."""

_DEDUCTION = {
    "yes": ("거래처는 매입세액을 공제받습니다.", "The buyer deducts the tax."),
    "late": (
        "거래처는 늦게 받았지만 매입세액을 공제받습니다.",
        "The buyer deducts the tax though it came late.",
    ),
    "no": ("거래처는 매입세액을 공제받지 못합니다.", "The buyer cannot deduct the tax."),
    "none": ("거래처가 공제받을 매입세액은 없습니다.", "There is no tax for the buyer to deduct."),
}


def _standing(deadline: date, done: date | None, today: date) -> str:
    late = ((done or today) - deadline).days
    if done is not None:
        return say(f"{late}일 늦었습니다", f"{late} day(s) late") if late > 0 else say("기한 안", "in time")
    if late > 0:
        return say(f"{late}일 지났습니다", f"{late} day(s) ago")
    return say(f"{-late}일 남았습니다", f"{-late} day(s) left") if late else say("오늘까지", "today")


_LATER = {
    "any": ("더 늦어지면", "If it is still later"),
    "not_obliged": (
        "더 늦어지면(전자발급 의무자가 아닌 경우)",
        "If it is still later, without the duty to issue electronically",
    ),
    "obliged": ("더 늦어지면(전자발급 의무자인 경우)", "If it is still later, with that duty"),
}


def _later(rungs: Sequence[Rung], heading: str) -> Iterator[str]:
    if rungs[1:]:
        yield ""
        yield heading
        yield from (f"  {rung.text(language())}" for rung in rungs[1:])


def _ladder_data(rungs: Sequence[Rung] | None) -> list[dict[str, Any]] | None:
    return None if rungs is None else [_rung_data(rung) for rung in rungs]


def _rung_data(rung: Rung) -> dict[str, Any]:
    return {
        "from": rung.from_on.isoformat(),
        "total": rung.penalties_total,
        "lost_tax": rung.assessment.lost_tax,
        "deduction": rung.assessment.deduction,
        "penalties": [penalty.to_data() for penalty in rung.penalties],
    }
