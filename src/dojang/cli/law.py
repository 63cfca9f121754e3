"""`dojang options`, `amend` and `why`: what can be amended, the documents that do it, and what each reason is for."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import click

from dojang.cli import legal
from dojang.cli.errors import Exit
from dojang.cli.files import write_new
from dojang.cli.language import language, say
from dojang.cli.output import print_json
from dojang.errors import DojangError
from dojang.etax.amendments import (
    Chain,
    Option,
    Plan,
    Preview,
    Sentence,
    plan,
    preview,
    request_from_json,
)
from dojang.etax.amendments import (
    options as all_options,
)
from dojang.etax.amendments.decision_table import Bar, Row, bars, rows
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.invoice import Invoice

_FILE = click.Path(dir_okay=False, path_type=Path)

as_json = click.option("--json", "as_json", is_flag=True, help=say("기계가 읽는 JSON으로 출력", "print JSON"))


@click.command(
    help=say(
        "한 거래를 지금 어떤 사유로 수정할 수 있는지, 안 되면 왜 안 되는지 알려 줍니다.",
        "Tell for which reasons a deal can be amended now, and why not for others.",
    )
)
@click.argument("chain_file", type=_FILE, metavar="CHAIN.JSON")
@click.option(
    "--target", metavar=say("승인번호", "ISSUE_ID"), help=say("수정할 문서", "the document to amend")
)
@legal.on
@legal.facts_file
@legal.law_file
@as_json
@legal.refusing({})
def options(
    chain_file: Path,
    target: str | None,
    on: date | None,
    facts_file: Path | None,
    law_file: Path | None,
    as_json: bool,
) -> Exit:
    chain = Chain.from_json(legal.content(chain_file))
    found = all_options(
        chain,
        legal.load_facts(facts_file),
        law=legal.load_law(law_file),
        on=legal.today_or(on),
        target=target,
    )
    if as_json:
        print_json([option.to_data() for option in found])
    else:
        for line in _told(found):
            click.echo(line)
    return Exit.GOOD if any(option.is_possible for option in found) else Exit.REFUSED


def _told(found: tuple[Option, ...]) -> Iterator[str]:
    """Reason by reason; what bars every sub-type of a reason is said once."""
    for reason in AmendmentReason:
        of_reason = [option for option in found if option.reason is reason]
        causes = {tuple(why.text(language()) for why in option.why_not) for option in of_reason}
        yield f"{_mark(any(option.is_possible for option in of_reason))} {_title(reason)}"
        if len(causes) == 1 and () not in causes:
            yield from (f"    {cause}" for cause in causes.pop())
            continue
        for option in of_reason:
            yield f"    {_mark(option.is_possible)} {say(option.subtype.ko, option.subtype.en)}"
            yield from (f"      {why.text(language())}" for why in option.why_not)
            if option.is_possible:
                yield from (f"      {line}" for line in _limits(option.schema))


def _limits(schema: Mapping[str, Any]) -> Iterator[str]:
    """What the chain allows for the fields of a form: days from and to, won from and to."""
    for spec in schema["properties"].values():
        for place in (spec, *spec.get("anyOf", ())):
            least = _bound(place, "formatMinimum", "minimum")
            most = _bound(place, "formatMaximum", "maximum")
            if least or most:
                yield f"{say(spec['title'], spec['x-title-en'])}: {least} ~ {most}".rstrip()


def _bound(place: Mapping[str, Any], day: str, amount: str) -> str:
    if day in place:
        return legal.shown(date.fromisoformat(place[day]))
    return legal.won(place[amount]) if amount in place else ""


def _mark(is_possible: bool) -> str:
    return click.style("✓", fg="green") if is_possible else click.style("✗", fg="red")


def _title(reason: AmendmentReason) -> str:
    return f"{reason.value} {reason.label(language())}"


@click.command(
    help=say(
        "수정세금계산서를 만듭니다. --out에 쓴 JSON은 dojang sign으로 서명합니다.",
        "Make the documents of an amendment. What --out writes is signed with dojang sign.",
    )
)
@click.option(
    "--chain",
    "chain_file",
    required=True,
    type=_FILE,
    metavar=say("파일", "FILE"),
    help=say("당초 문서와 그 수정분(JSON)", "the original and what was issued on it (JSON)"),
)
@click.option(
    "--request",
    "request_file",
    required=True,
    type=_FILE,
    metavar=say("파일", "FILE"),
    help=say("수정 요청(JSON)", "the request (JSON)"),
)
@legal.on
@legal.facts_file
@legal.law_file
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar=say("폴더", "DIR"),
    help=say("만든 문서를 JSON으로 쓸 폴더", "folder to write the documents to, as JSON"),
)
@as_json
@legal.refusing(Plan().to_data())
def amend(
    chain_file: Path,
    request_file: Path,
    on: date | None,
    facts_file: Path | None,
    law_file: Path | None,
    out: Path | None,
    as_json: bool,
) -> Exit:
    planned = plan(
        Chain.from_json(legal.content(chain_file)),
        request_from_json(legal.content(request_file)),
        legal.load_facts(facts_file),
        law=legal.load_law(law_file),
        on=legal.today_or(on),
    )
    written = _write(planned, out) if out is not None and planned.is_possible else []
    if as_json:
        print_json(planned.to_data())
    else:
        _tell(planned, written)
    return Exit.GOOD if planned.is_possible else Exit.REFUSED


def _write(planned: Plan, out: Path) -> list[Path]:
    """Every document into a file of its own; none at all if one cannot be written: half a pair is no amendment."""
    named = {
        out / f"{name}-{place}.json": invoice
        for name, invoices in (("amendment", planned.documents), ("follow-up", planned.follow_ups))
        for place, invoice in enumerate(invoices, start=1)
    }
    written: list[Path] = []
    try:
        for path, invoice in named.items():
            write_new(path, (invoice.to_json() + "\n").encode())
            written.append(path)
    except DojangError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def _tell(planned: Plan, written: list[Path]) -> None:
    if planned.errors:
        legal.tell_notices(planned.errors, bad=True)
        return
    for line in _shown(planned, preview(planned)):
        click.echo(line)
    legal.tell_notices(planned.warnings)
    for path in written:
        click.echo(path)


_PARTS = (
    ("conclusion", "결론", "What is issued"),
    ("dates", "날짜·비고", "Dates and remark"),
    ("balance", "잔액", "What is left"),
    ("deadline", "기한·가산세", "Deadline and penalties"),
    ("supplier", "신고(우리)", "Returns: ours"),
    ("buyer", "신고(거래처)", "Returns: the buyer's"),
    ("basis", "근거", "Law"),
    ("confirm", "확인할 것", "To confirm"),
)


def _shown(planned: Plan, said: Preview) -> Iterator[str]:
    """The documents as a table, then what they mean, part by part."""
    yield from (_line(invoice) for invoice in planned.documents)
    yield from (
        f"{_line(invoice)} · {say('발급기한', 'to be issued by')} {legal.shown(deadline)}"
        for invoice, deadline in zip(planned.follow_ups, planned.follow_up_deadlines, strict=True)
    )
    yield ""
    for name, ko, en in _PARTS:
        sentences: tuple[Sentence, ...] = getattr(said, name)
        if sentences:
            yield click.style(say(ko, en), bold=True)
            yield from (f"  {sentence.text(language())}" for sentence in sentences)


def _line(invoice: Invoice) -> str:
    parts = [
        f"{invoice.document_type.label(language())}({invoice.document_type.value})",
        f"{say('작성일자', 'written')} {invoice.written_on}",
        f"{say('공급가액', 'supply')} {invoice.supply_amount:+,}",
    ]
    if invoice.taxation is not Taxation.EXEMPT:
        parts.append(f"{say('세액', 'tax')} {invoice.tax_amount:+,}")
    return " · ".join((*parts, invoice.buyer.name, *invoice.remarks))


# Why ----------------------------------------------------------------------------------------------------------


@click.command(
    help=say(
        "수정사유를 설명합니다: 언제 쓰고, 무엇이 나가고, 날짜와 기한과 근거가 무엇인지.",
        "Explain a reason: what it is for, what is issued, the dates, the deadline and the law.",
    )
)
@click.argument(
    "reason",
    type=click.Choice([reason.value for reason in AmendmentReason]),
    metavar="|".join(reason.value for reason in AmendmentReason),
)
@as_json
def why(reason: str, as_json: bool) -> Exit:
    chosen = AmendmentReason(reason)
    found = [row for row in rows() if row.reason is chosen]
    barred = [bar for bar in bars() if chosen in bar.refused]
    if as_json:
        print_json(_why_data(chosen, found, barred))
    else:
        for line in _explained(chosen, found, barred):
            click.echo(line)
    return Exit.GOOD


def _uses(reason: AmendmentReason) -> Mapping[str, str]:
    text = resources.files("dojang.cli").joinpath("reasons.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)[reason.value]


def _explained(reason: AmendmentReason, found: list[Row], barred: list[Bar]) -> Iterator[str]:
    uses = _uses(reason)
    yield click.style(_title(reason), bold=True)
    yield say(uses["ko"], uses["en"])
    yield say(uses["not_ko"], uses["not_en"])
    for row in found:
        yield ""
        yield f"· {row.case.text(language())}"
        yield from legal.lines(_facts_of(row), "    ")
    yield ""
    yield say("이럴 때는 발행할 수 없습니다", "It is refused")
    yield from (f"    {bar.situation.text(language())}" for bar in barred)


def _facts_of(row: Row) -> Iterator[tuple[str, str]]:
    yield say("문서", "documents"), row.documents.text(language())
    yield say("작성일자", "date written"), row.written_on.text(language())
    yield say("비고", "remark"), row.remark or say("없음", "none")
    yield say("발급기한", "to be issued by"), row.deadline.text(language())
    yield say("부가세 신고", "VAT return"), row.returns.text(language())
    if row.follow_up.ko:
        yield say("이어서", "then"), row.follow_up.text(language())
    yield say("근거", "law"), row.citation


def _why_data(reason: AmendmentReason, found: list[Row], barred: list[Bar]) -> dict[str, Any]:
    uses = _uses(reason)
    return {
        "reason": reason.value,
        "ko": reason.ko,
        "en": reason.en,
        "use": {"ko": uses["ko"], "en": uses["en"]},
        "not_use": {"ko": uses["not_ko"], "en": uses["not_en"]},
        "cases": [_row_data(row) for row in found],
        "refused": [
            {"code": bar.refused[reason], "ko": bar.situation.ko, "en": bar.situation.en} for bar in barred
        ],
    }


def _row_data(row: Row) -> dict[str, Any]:
    both = {
        name: {"ko": words.ko, "en": words.en}
        for name, words in (
            ("case", row.case),
            ("documents", row.documents),
            ("written_on", row.written_on),
            ("deadline", row.deadline),
            ("returns", row.returns),
            ("follow_up", row.follow_up),
        )
    }
    return both | {"remark": row.remark, "citation": row.citation}
