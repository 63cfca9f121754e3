"""`dojang form`: documents as the legal form, to be read and printed."""

from pathlib import Path

import click

from dojang.cli import options
from dojang.cli.documents import load
from dojang.cli.files import sources, write_new
from dojang.cli.invoices import REGISTRATION
from dojang.cli.language import language, say
from dojang.etax import Invoice, IssueId
from dojang.render import Copy, page
from dojang.render import form as filled


@click.command(
    help=say(
        "세금계산서 서식으로 보여 줍니다(HTML, 인쇄용). 서명은 확인하지 않습니다: dojang verify를 쓰세요.",
        "Show documents as the legal form, as HTML to print. Signatures are not verified: see dojang verify.",
    )
)
@options.files
@click.option(
    "--copy",
    type=click.Choice([copy.value for copy in Copy]),
    help=say("공급자 보관용 또는 공급받는자 보관용(기본: 둘 다)", "whose copy (default: both)"),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("쓸 파일(기본: 화면)", "file (default: print)"),
)
@click.option(
    "--reveal",
    is_flag=True,
    help=say("주민등록번호를 가리지 않음", "show resident numbers in full"),
)
@click.option(
    "--sandbox",
    is_flag=True,
    help=say(
        "모의 표시(모의 국세청의 승인번호가 있으면 늘 표시)",
        "mark as sandbox documents (always done where an issue id is the sandbox's)",
    ),
)
def form(files: tuple[str, ...], copy: str | None, out: Path | None, *, reveal: bool, sandbox: bool) -> None:
    copies = tuple(Copy) if copy is None else (Copy(copy),)
    invoices = [load(source, options.now()).invoice for source in sources(files)]
    if not invoices:
        raise click.UsageError(say("보여 줄 문서가 없습니다.", "There is no document to show."))
    html = page(
        *(filled(invoice, copy=whose, reveal=reveal) for invoice in invoices for whose in copies),
        # On a page of several, one of them marks all: too much is safe, too little is not.
        sandbox=sandbox or any(map(_is_of_the_sandbox, invoices)),
        language=language(),
    )
    if out is None:
        click.echo(html, nl=False)
    else:
        write_new(out, html.encode())
        click.echo(out)


def _is_of_the_sandbox(invoice: Invoice) -> bool:
    issue_id = IssueId.parse(invoice.issue_id or "")
    return issue_id is not None and issue_id.registration == REGISTRATION
