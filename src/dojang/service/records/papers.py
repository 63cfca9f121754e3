"""A document of somebody else as PDF: our copy of the form, with the signed XML inside where it names no person."""

from dojang.errors import Language
from dojang.render import Copy, Form, form
from dojang.render.pdf import Attachment, pdf
from dojang.service.records import taking
from dojang.service.records.models import Record, Side, Source

_DESCRIPTION = "전자서명된 전자세금계산서 XML (KEC 표준)"


def copy_of(record: Record) -> Copy:
    """Whose copy we hold."""
    return Copy.BUYER if record.side == Side.PURCHASE else Copy.SUPPLIER


def filled(record: Record) -> Form:
    """Our copy of its form; of paper, one that says that it is paper."""
    is_paper = record.source == Source.PAPER and not record.issue_id
    return form(taking.document_of(record), copy=copy_of(record), paper=is_paper)


def pdf_of(record: Record, *, language: Language = "ko") -> bytes:
    """The PDF/A-3 of one record, dated as the document is.

    Whoever calls has asked whether the member may see it.

    Raises:
        PdfNotInstalled: the extra `dojang[pdf]` is not there.
    """
    document = taking.document_of(record)
    drawn = filled(record)
    inside = record.document is not None and record.secret is None and not drawn.is_masked
    return pdf(
        [drawn],
        sandbox=record.way_out == "sandbox",
        dated=document.issued_at or record.created_at,
        language=language,
        attachments=[Attachment(f"{record.issue_id}.xml", taking.bytes_of(record), _DESCRIPTION)]
        if inside
        else [],
    )
