"""What a buyer is shown of a document: read from the signed bytes, with no number of a person in full."""

from dataclasses import dataclass, field
from datetime import date, datetime

from dojang.errors import Language
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import Contact
from dojang.etax.invoice import Invoice as Document
from dojang.etax.xml_reader import read
from dojang.render import Copy
from dojang.render import render as render_form
from dojang.service.certificates.models import Verdict as CertificateVerdict
from dojang.service.invoices import documents, lateness, papers
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import State
from dojang.service.links.errors import Cancelled, NamesAPerson, NoSuchLink
from dojang.service.links.models import Link
from dojang.service.links.told import Told, told
from dojang.service.verification import sentences
from dojang.service.verification.verdict import Verdict
from dojang.service.verification.words import tell

#: An amendment in one of these states stands; one that was cancelled or refused changes nothing.
_STANDS = (State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Behind:
    """What lies behind a link.

    Attributes:
        data: the signed bytes.
        document: what they say.
        names_person: whether the number of a person stands in the bytes, so that they are not to be had here.
    """

    invoice: Invoice
    signed: SignedDocument
    data: bytes = field(repr=False)
    document: Document
    names_person: bool

    @property
    def is_sandbox(self) -> bool:
        """Whether it is 모의."""
        return papers.is_sandbox(self.invoice)

    @property
    def file_name(self) -> str:
        """Of a download, without its ending."""
        return self.invoice.issue_id or str(self.invoice.pk)


@dataclass(frozen=True, slots=True)
class BuyerPage:
    """Everything on the page.

    Attributes:
        form: the legal form in HTML, the buyer's copy.
        state: where it stands.
        issued_on: 발급일; None while there is none (시행령 §68⑫: with the transmission, for who has no e-mail).
        amended_by: how many amendments of it stand.
        contact: whom to ask for a correction.
    """

    behind: Behind
    form: str = field(repr=False)
    state: Told
    verdict: Verdict
    issued_on: date | None
    issue_id: str
    original_issue_id: str
    amended_by: int
    contact: Contact
    expires_at: datetime


def page_of(link: Link, *, language: Language, now: datetime) -> BuyerPage:
    """The page of a link to an invoice. The link's workspace is open.

    Raises:
        NoSuchLink: there is nothing signed behind it.
        SecretUnreadable: it was sealed with another data key.
    """
    behind = behind_link(link)
    invoice, document = behind.invoice, behind.document
    state = told(invoice)
    if state is None:
        raise NoSuchLink
    return BuyerPage(
        behind=behind,
        form=render_form(
            papers.filled(invoice, document, Copy.BUYER), sandbox=behind.is_sandbox, language=language
        ),
        state=state,
        verdict=_verdict(behind, now),
        issued_on=lateness.issued_on(invoice),
        issue_id=_hyphenated(document.issue_id),
        original_issue_id=_hyphenated(document.original_issue_id),
        amended_by=_amended_by(invoice),
        contact=document.supplier.contact or Contact(),
        expires_at=link.expires_at,
    )


def xml_of(link: Link) -> tuple[str, bytes]:
    """A file's name and the signed bytes.

    Raises:
        NoSuchLink: there is nothing signed behind it.
        Cancelled: it has no effect any more.
        NamesAPerson: a resident, foreigner's or passport number stands in it.
    """
    behind = downloadable(link)
    if behind.names_person:
        raise NamesAPerson
    return f"{behind.file_name}.xml", behind.data


def pdf_of(link: Link, *, language: Language) -> tuple[str, bytes]:
    """A file's name and the buyer's copy on paper, with the signed XML inside unless it names a person's number.

    Raises:
        NoSuchLink: there is nothing signed behind it.
        Cancelled: it has no effect any more.
    """
    behind = downloadable(link)
    return f"{behind.file_name}.pdf", papers.pdf_of(behind.invoice, copies=(Copy.BUYER,), language=language)


def downloadable(link: Link) -> Behind:
    """What a link leads to, to be taken along: what was cancelled would look as good as any.

    Raises:
        NoSuchLink, SecretUnreadable.
        Cancelled: it has no effect any more.
    """
    behind = behind_link(link)
    if behind.invoice.state == State.CANCELLED:
        raise Cancelled
    return behind


def behind_link(link: Link) -> Behind:
    """What a link to an invoice leads to. Raises NoSuchLink, SecretUnreadable."""
    invoice = link.invoice
    if invoice is None or invoice.deleted_at is not None:
        raise NoSuchLink
    signed = SignedDocument.objects.select_related("certificate").filter(invoice=invoice).first()
    if signed is None:
        raise NoSuchLink
    stored = bytes(signed.document)
    data = documents.unpack(stored, workspace_id=invoice.workspace_id)
    return Behind(invoice, signed, data, read(data).invoice, documents.is_secret(stored))


def _verdict(behind: Behind, now: datetime) -> Verdict:
    """What the file says, and what this server knows besides: whose number it is, and whether it was sent."""
    verdict = tell(behind.data, now=now)
    if behind.signed.certificate.verdict == CertificateVerdict.MATCHES:
        verdict = verdict.knowing(sentences.OWNER_PROVEN, instead_of=sentences.WHOSE_NUMBER.code)
    return verdict.knowing(sentences.SEE_STATE, instead_of=sentences.FILED.code)


def _amended_by(invoice: Invoice) -> int:
    if not invoice.issue_id:
        return 0
    return Invoice.objects.filter(
        original_issue_id=invoice.issue_id, state__in=_STANDS, business_id=invoice.business_id
    ).count()


def _hyphenated(text: str | None) -> str:
    found = IssueId.parse(text or "")
    return found.hyphenated if found else text or ""
