"""Invoices on paper: PDF of what was signed, or of a draft with the note that it is none yet.

What was signed never changes, so its PDF is kept and given again: in this process alone, since making it anew takes
some milliseconds and a table of copies would outgrow the documents. Papers with a person's number are not kept.
The form masks such numbers, and the signed XML, which does not, is then not inside: files are passed on, and who
takes the XML is told of in the history (revealing.py).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.core.cache import caches

from dojang.errors import Language
from dojang.etax import Invoice as Document
from dojang.etax.xml_reader import read
from dojang.render import Copy, Form, cancelled, form
from dojang.render.pdf import Attachment, pdf
from dojang.service.errors import ServiceError
from dojang.service.invoices import content, documents
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import State
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

MOST: Final = 500
_BOTH: Final = tuple(Copy)
_MOST_KEPT: Final = 256 * 1024
_DESCRIPTION: Final = "전자서명된 전자세금계산서 XML (KEC 표준)"


class NoPaperYet(ServiceError):
    """A draft in which too little is written to be a document."""

    code = "no_paper_yet"
    ko = "아직 다 쓰지 않은 문서라 PDF로 만들 수 없습니다. [이어서 작성]에서 빠진 칸을 채워 주세요."
    en = "This draft is not whole yet, so there is no PDF of it. Go on writing and fill in what is missing."


class NothingOnPaper(ServiceError):
    """A PDF of many was asked for, and of none of them is there one."""

    code = "nothing_on_paper"
    ko = "PDF로 만들 세금계산서가 없습니다. 목록에서 작성을 마친 세금계산서를 선택해 주세요."
    en = "There is nothing to make a PDF of. Choose invoices in the list that are whole."


class TooManyPapers(ServiceError):
    """More than one file takes."""

    code = "too_many_papers"
    ko = f"한 파일에 {MOST}건까지 담을 수 있는데 {{count}}건을 선택했습니다. 나누어 받아 주세요."
    en = f"One file takes {MOST} invoices and {{count}} are chosen. Take them in parts."


class SandboxAmongThem(ServiceError):
    """A file is of the sandbox's documents or of real ones: 모의 is never written across a real one."""

    code = "sandbox_among_them"
    ko = "모의 문서와 실제 세금계산서를 한 파일에 담을 수 없습니다. 따로 선택해 주세요."
    en = "Sandbox documents and real invoices do not go into one file. Choose them apart."


@dataclass(frozen=True, slots=True)
class _Paper:
    """What is drawn of one invoice, and what goes inside."""

    invoice: Invoice
    document: Document
    dated: datetime
    attachment: Attachment | None

    def forms(self, copies: Iterable[Copy]) -> Iterator[Form]:
        return (filled(self.invoice, self.document, copy) for copy in copies)


def filled(invoice: Invoice, document: Document, copy: Copy) -> Form:
    """The form of an invoice; where its issue was cancelled, it says so. Numbers of persons are masked."""
    drawn = form(document, copy=copy)
    return cancelled(drawn) if invoice.state == State.CANCELLED else drawn


def pdf_of(invoice: Invoice, *, copies: Sequence[Copy] = _BOTH, language: Language = "ko") -> bytes:
    """The PDF/A-3 of one invoice; the same bytes every time, for it is dated as the document is.

    Whoever calls has asked whether the member may see the invoice.

    Raises:
        NoPaperYet: a draft that is no document yet.
    """
    stored = _stored([invoice.pk]).get(invoice.pk)
    if stored is None or documents.is_secret(stored):
        return _made([(invoice, stored)], copies=copies, language=language)
    key = _key(invoice, stored, copies, language)
    kept: bytes | None = caches["papers"].get(key)
    if kept is None:
        kept = _made([(invoice, stored)], copies=copies, language=language)
        if len(kept) <= _MOST_KEPT:
            caches["papers"].set(key, kept)
    return kept


def pdf_of_many(
    *, member: Member, invoice_ids: Collection[int], copies: Sequence[Copy] = _BOTH, language: Language = "ko"
) -> bytes:
    """One file of those that the member may see, by 작성일자, a bookmark for each.

    Raises:
        TooManyPapers: more than `MOST` were asked for.
        SandboxAmongThem: of the sandbox and of the NTS.
        NothingOnPaper: none of them is a document that the member may see.
    """
    if len(set(invoice_ids)) > MOST:
        raise TooManyPapers(count=len(set(invoice_ids)))
    rows = Invoice.objects.filter(pk__in=invoice_ids, deleted_at=None).order_by("written_on", "pk")
    seen = [row for row in rows if member.may(Right.VIEW, row.business_id)]
    stored = _stored([row.pk for row in seen])
    # Drafts that are no documents yet are left out, as they are when many are signed.
    whole = [row for row in seen if row.pk in stored or content.parse(row).document is not None]
    if not whole:
        raise NothingOnPaper
    return _made([(row, stored.get(row.pk)) for row in whole], copies=copies, language=language)


def _made(
    rows: Sequence[tuple[Invoice, bytes | None]], *, copies: Sequence[Copy], language: Language
) -> bytes:
    kinds = {is_sandbox(row) for row, _ in rows}
    if len(kinds) > 1:
        raise SandboxAmongThem
    papers = [_paper(row, stored) for row, stored in rows]
    forms = [list(paper.forms(copies)) for paper in papers]
    return pdf(
        [one for some in forms for one in some],
        sandbox=kinds == {True},
        dated=max(paper.dated for paper in papers),
        language=language,
        attachments=[
            paper.attachment
            for paper, some in zip(papers, forms, strict=True)
            # One in a remark is masked, too.
            if paper.attachment and not any(one.is_masked for one in some)
        ],
    )


def _paper(invoice: Invoice, stored: bytes | None) -> _Paper:
    if stored is None:
        draft = content.parse(invoice).document
        if draft is None:
            raise NoPaperYet
        return _Paper(invoice, draft, dated=invoice.changed_at, attachment=None)
    data = documents.unpack(stored, workspace_id=invoice.workspace_id)
    inside = (
        None if documents.is_secret(stored) else Attachment(f"{invoice.issue_id}.xml", data, _DESCRIPTION)
    )
    return _Paper(
        invoice, read(data).invoice, dated=invoice.issued_at or invoice.changed_at, attachment=inside
    )


def _stored(invoice_ids: Collection[int]) -> dict[int, bytes]:
    signed = SignedDocument.objects.filter(invoice_id__in=invoice_ids).values_list("invoice_id", "document")
    return {invoice_id: bytes(document) for invoice_id, document in signed}


def _key(invoice: Invoice, stored: bytes, copies: Sequence[Copy], language: Language) -> str:
    """Everything that the PDF is made of."""
    parts = (invoice.workspace_id, is_sandbox(invoice), invoice.state == State.CANCELLED, language)
    told = ":".join([*map(str, parts), *(copy.value for copy in copies)])
    return f"{sha256(stored).hexdigest()}:{told}"


def is_sandbox(invoice: Invoice) -> bool:
    """Whether it is 모의: as it was issued or, before that, as it would be now."""
    return (invoice.way_out or settings.ENVIRONMENT.nts) == "sandbox"
