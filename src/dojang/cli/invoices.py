"""`dojang new`, `check`, `xml` and `schema`: invoices before they are signed."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from dojang.cli import options
from dojang.cli.documents import Issuing, load
from dojang.cli.errors import Exit
from dojang.cli.files import Source, sources, write_new
from dojang.cli.language import language, say
from dojang.cli.output import print_json, progress, tell_findings
from dojang.errors import DojangError
from dojang.etax import (
    Buyer,
    BuyerKind,
    Contact,
    DocumentType,
    InvalidInvoice,
    Invoice,
    LineItem,
    Party,
    Purpose,
    write,
)
from dojang.etax import json_schema as invoice_schema

REGISTRATION = "41000000"


class Registration(click.ParamType[str]):
    """국세청 등록번호: eight digits."""

    name = "registration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if not (len(text) == len(REGISTRATION) and text.isascii() and text.isdigit()):
            self.fail(say("여덟 자리 숫자로 적으세요.", "Write eight digits."), param, ctx)
        return text


registration = click.option(
    "--registration",
    default=REGISTRATION,
    show_default=True,
    metavar="NNNNNNNN",
    type=Registration(),
    help=say("국세청 등록번호 8자리(승인번호의 가운데)", "registration number, the middle of the issue id"),
)


def sample(written_on: date, business_number: str = "1234567891") -> Invoice:
    """An invoice of invented companies, ready to be edited."""
    return Invoice(
        document_type=DocumentType.TAX,
        written_on=written_on,
        purpose=Purpose.CLAIM,
        supplier=Party(
            business_number=business_number,
            name="(주)도장상사",
            representative="홍길동",
            business_type="도매",
            business_item="문구",
            address="가상시 도장로 1",
            contact=Contact(department="영업", name="김담당", email="sales@example.com", phone="02-000-0000"),
        ),
        buyer=Buyer(
            kind=BuyerKind.BUSINESS,
            number="9998100015",
            name="구매(주)",
            representative="이구매",
            contacts=(Contact(email="buyer@example.com"),),
        ),
        items=(
            LineItem(
                supplied_on=written_on,
                name="노트",
                specification="A5",
                supply_amount=10_000,
                tax_amount=1_000,
            ),
        ),
    )


@click.command(help=say("견본 세금계산서 JSON을 씁니다.", "Write a sample invoice as JSON."))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("쓸 파일(기본: 화면)", "file (default: print)"),
)
def new(out: Path | None) -> None:
    text = sample(options.day_of(options.now())).to_json() + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write_new(out, text.encode())
        click.echo(out)


@click.command(
    help=say("세금계산서 JSON의 JSON Schema를 보여 줍니다.", "Print the JSON Schema of an invoice.")
)
def schema() -> None:
    click.echo(json.dumps(invoice_schema(), ensure_ascii=False, indent=2))


@click.command(
    help=say("발행하기 전에 검사합니다(JSON이나 XML).", "Check invoices (JSON or XML) before issuing.")
)
@options.files
@options.at
@options.as_json
def check(files: tuple[str, ...], at: datetime | None, as_json: bool) -> Exit:
    moment = at or options.now()
    worst, told = Exit.GOOD, list[dict[str, object]]()
    for source in progress(sources(files), say("검사", "checking")):
        good, entry = _check(source, moment, quiet=as_json)
        worst = max(worst, Exit.GOOD if good else Exit.REFUSED)
        told.append(entry) if as_json else None
    if as_json:
        print_json(told)
    return worst


def _check(source: Source, at: datetime, *, quiet: bool) -> tuple[bool, dict[str, object]]:
    """Whether a document may be issued, and what there is to say for machines."""
    try:
        found = load(source, at)
        findings, good = found.findings, not found.errors
    except InvalidInvoice as error:
        findings, good = error.findings, False
    if not quiet:
        tell_findings(source.name, findings)
        if good:
            click.echo(f"{source.name}: {say('발행할 수 있습니다.', 'may be issued.')}")
    return good, {
        "file": source.name,
        "ok": good,
        "findings": [finding.to_data() for finding in findings],
    }


@click.command(
    help=say(
        "표준 XML로 씁니다(서명 없음). 승인번호와 발급일시가 없으면 채웁니다.",
        "Write the standard's XML, unsigned; an issue id and time of issue are filled in where missing.",
    )
)
@options.files
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=say("쓸 폴더(기본: 화면)", "folder (default: print)"),
)
@registration
@options.at
def xml(files: tuple[str, ...], out: Path | None, registration: str, at: datetime | None) -> Exit:
    moment = at or options.now()
    issuing, worst = Issuing(registration, moment), Exit.GOOD
    for source in progress(sources(files), "XML"):
        found = load(source, moment)
        tell_findings(source.name, found.findings)
        if found.errors:
            worst = Exit.REFUSED
            continue
        invoice = issuing.complete(found.invoice)
        data = write(invoice)
        if out is None:
            click.echo(data)
        else:
            path = out / f"{source.stem or invoice.issue_id}.xml"
            write_new(path, data)
            click.echo(path)
    return worst


def tell_refusal(name: str, error: DojangError) -> None:
    """A refusal of one document of many."""
    click.echo(f"{name}: {error.text(language())}", err=True)
