"""The buyer's copy as PDF."""

from dojang.render import Copy, form
from dojang.render.pdf import Attachment, pdf
from dojang.service.links.buyer import downloadable
from dojang.service.links.models import Link


def pdf_of(link: Link) -> tuple[str, bytes]:
    """A file's name and a PDF/A-3 of the buyer's copy, made as of the time of issue: twice the same bytes.

    The signed XML is inside, unless a person's number stands in it, which the form masks and the XML does not.

    Raises:
        NoSuchLink: there is nothing signed behind it.
        Cancelled: it has no effect any more.
    """
    behind = downloadable(link)
    inside = [] if behind.names_person else [_attachment(behind.file_name, behind.data)]
    made = pdf(
        [form(behind.document, copy=Copy.BUYER)],
        sandbox=behind.is_sandbox,
        dated=behind.signed.signed_at,
        attachments=inside,
    )
    return f"{behind.file_name}.pdf", made


def _attachment(name: str, data: bytes) -> Attachment:
    return Attachment(f"{name}.xml", data, "전자서명된 전자세금계산서 XML (KEC 표준)")
