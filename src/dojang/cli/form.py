"""`dojang form`: documents as the legal form, to be read and printed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from dojang.cli import options
from dojang.cli.documents import Document, load
from dojang.cli.files import sources, write_new
from dojang.cli.invoices import REGISTRATION
from dojang.cli.language import language, say
from dojang.etax import Invoice, IssueId
from dojang.render import Copy, Form, page
from dojang.render import form as filled
from dojang.render import pdf as paper


@click.command(
    help=say(
        "세금계산서 서식으로 보여 줍니다(HTML 또는 PDF). 서명은 확인하지 않습니다: dojang verify를 쓰세요.",
        "Show documents as the legal form, as HTML or PDF. Signatures are not verified: see dojang verify.",
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
    "--pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say(
        "HTML 대신 쓸 PDF 파일(PDF/A-3, 서명한 XML을 안에 첨부)",
        "file to write as PDF instead of HTML (PDF/A-3 with the signed XML inside)",
    ),
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
def form(
    files: tuple[str, ...],
    copy: str | None,
    out: Path | None,
    pdf: Path | None,
    *,
    reveal: bool,
    sandbox: bool,
) -> None:
    if out is not None and pdf is not None:
        raise click.UsageError(say("--out과 --pdf 가운데 하나만 쓰세요.", "Use --out or --pdf, not both."))
    copies = tuple(Copy) if copy is None else (Copy(copy),)
    loaded = [load(source, options.now()) for source in sources(files)]
    if not loaded:
        raise click.UsageError(say("보여 줄 문서가 없습니다.", "There is no document to show."))
    forms = [filled(one.invoice, copy=whose, reveal=reveal) for one in loaded for whose in copies]
    # In a file of several, one of them marks all: too much is safe, too little is not.
    sandbox = sandbox or any(_is_of_the_sandbox(one.invoice) for one in loaded)
    if pdf is not None:
        write_new(pdf, _pdf(forms, loaded, sandbox=sandbox))
        click.echo(pdf)
        return
    html = page(*forms, sandbox=sandbox, language=language())
    if out is None:
        click.echo(html, nl=False)
    else:
        write_new(out, html.encode())
        click.echo(out)


def _pdf(forms: Sequence[Form], loaded: Sequence[Document], *, sandbox: bool) -> bytes:
    # What is hidden on the form is not to be had from a file inside it.
    inside = [] if any(one.is_masked for one in forms) else [*_attachments(loaded)]
    return paper.pdf(
        forms,
        sandbox=sandbox,
        # As its documents are dated, so that the same files give the same PDF.
        dated=max((one.invoice.issued_at for one in loaded if one.invoice.issued_at), default=options.now()),
        language=language(),
        attachments=inside,
    )


def _attachments(loaded: Sequence[Document]) -> Iterator[paper.Attachment]:
    """The XML that documents came from, each file once and each name once."""
    files = dict.fromkeys(
        (one.invoice.issue_id or "invoice", one.xml) for one in loaded if one.xml is not None
    )
    taken = Counter[str]()
    for issue_id, xml in files:
        taken[issue_id] += 1
        name = issue_id if taken[issue_id] == 1 else f"{issue_id}-{taken[issue_id]}"
        yield paper.Attachment(
            f"{name}.xml", xml, say("전자세금계산서 XML (KEC 표준)", "tax invoice in the KEC standard's XML")
        )


def _is_of_the_sandbox(invoice: Invoice) -> bool:
    issue_id = IssueId.parse(invoice.issue_id or "")
    return issue_id is not None and issue_id.registration == REGISTRATION
