"""What a buyer is shown of a document: read from the signed bytes, with no number of a person in full."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from dojang.errors import Language
from dojang.etax.calendar.deadlines import transmit_deadline
from dojang.etax.codes import BuyerKind
from dojang.etax.invoice import Invoice as Document
from dojang.etax.xml_reader import read
from dojang.render import Copy, form
from dojang.render import render as render_form
from dojang.service.invoices import content, documents
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.links.errors import NamesAPerson, NoSuchLink
from dojang.service.links.models import Link
from dojang.service.web.say import say

#: An amendment in one of these states stands; one that was cancelled or refused changes nothing.
_STANDS = (State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class StateTold:
    """A state as a buyer needs it: badge, what it means for them, and how it is to be taken."""

    badge: str
    text: str
    kind: str
    """Of the notice: info, success, warn or error."""


@dataclass(frozen=True, slots=True)
class BuyerPage:
    """Everything on the page.

    Attributes:
        document: as it was signed, with a person's number masked.
        form: the legal form in HTML, the buyer's copy first.
        state: where it stands.
        names_person: whether a number was masked, so that the XML is not to be had here.
        amended_by: how many amendments of it stand.
    """

    invoice: Invoice
    document: Document
    form: str
    state: StateTold
    is_sandbox: bool
    names_person: bool
    amended_by: int
    issued_on: date | None
    expires_at: datetime


def page_of(link: Link, *, language: Language, now: datetime) -> BuyerPage:
    """The page of a link to an invoice. The link's workspace is open.

    Raises:
        NoSuchLink: there is nothing signed behind it.
        SecretUnreadable: it was sealed with another data key.
    """
    invoice = invoice_of(link)
    data, names_person = _signed(invoice)
    document = _masked(invoice, read(data).invoice) if names_person else read(data).invoice
    is_sandbox = invoice.way_out != "nts"
    return BuyerPage(
        invoice=invoice,
        document=document,
        form=render_form(form(document, copy=Copy.BUYER), sandbox=is_sandbox, language=language),
        state=_told(invoice),
        is_sandbox=is_sandbox,
        names_person=names_person,
        amended_by=_amended_by(invoice),
        issued_on=invoice.delivered_on or (today(invoice.sent_at) if invoice.sent_at else None),
        expires_at=link.expires_at,
    )


def xml_of(link: Link) -> bytes:
    """The signed bytes.

    Raises:
        NoSuchLink: there is nothing signed behind it.
        NamesAPerson: a resident, foreigner's or passport number stands in it.
    """
    data, names_person = _signed(invoice_of(link))
    if names_person:
        raise NamesAPerson
    return data


def invoice_of(link: Link) -> Invoice:
    """The invoice behind a link. Raises NoSuchLink."""
    if link.invoice is None or link.invoice.deleted_at is not None:
        raise NoSuchLink
    return link.invoice


def _signed(invoice: Invoice) -> tuple[bytes, bool]:
    signed = SignedDocument.objects.filter(invoice=invoice).first()
    if signed is None:
        raise NoSuchLink
    stored = bytes(signed.document)
    return documents.unpack(stored, workspace_id=invoice.workspace_id), documents.is_secret(stored)


def _masked(invoice: Invoice, document: Document) -> Document:
    """A foreigner's number stands in the first remark, where the form does not know it for one."""
    if document.buyer.kind is not BuyerKind.FOREIGNER or not document.remarks:
        return document
    hidden = content.masked_number(invoice)
    return document.replace(remarks=(hidden, *document.remarks[1:]))


def _amended_by(invoice: Invoice) -> int:
    if invoice.issue_id is None:
        return 0
    return Invoice.objects.filter(
        original_issue_id=invoice.issue_id, state__in=_STANDS, business_id=invoice.business_id
    ).count()


def _told(invoice: Invoice) -> StateTold:
    return next(_state(invoice))


def _state(invoice: Invoice) -> Iterator[StateTold]:
    match State(invoice.state):
        case State.ISSUED:
            yield StateTold(
                say("발행완료 · 전송 전", "Issued · not sent yet"), _not_sent_yet(invoice), "info"
            )
        case State.SUBMITTED | State.UNKNOWN:
            yield StateTold(
                say("국세청 전송중", "Being sent to the NTS"),
                say(
                    "공급자가 국세청에 전송했고 결과를 기다리고 있습니다. 하루 안에 결과가 나옵니다.",
                    "The supplier has sent it to the NTS and waits for the answer, which comes within a day.",
                ),
                "info",
            )
        case State.ACCEPTED:
            yield StateTold(
                say("국세청 전송완료", "Accepted by the NTS"),
                say(
                    "국세청에 전송된 문서입니다. 홈택스의 전자세금계산서 조회에서도 같은 승인번호로 볼 수 있습니다.",
                    "The NTS has it. You find it in Hometax too, under the same issue id.",
                ),
                "success",
            )
        case State.REJECTED:
            yield StateTold(
                say("국세청 전송실패", "Refused by the NTS"),
                say(
                    "국세청에 전송되지 않았습니다. 공급자가 고쳐서 다시 발행할 때까지 신고에 쓰지 마세요.",
                    "The NTS did not take it. Do not use it in a return until the supplier has issued it anew.",
                ),
                "error",
            )
        case State.CANCELLED:
            yield StateTold(
                say("발행취소됨", "Cancelled"),
                say(
                    "공급자가 국세청에 전송하기 전에 취소한 문서입니다. 효력이 없으니 신고에 쓰지 마세요.",
                    "The supplier cancelled it before it went to the NTS. It has no effect: do not use it in a return.",
                ),
                "error",
            )
        case _:
            raise NoSuchLink


def _not_sent_yet(invoice: Invoice) -> str:
    if invoice.issued_at is None or invoice.written_on is None:
        raise NoSuchLink
    until = transmit_deadline(
        invoice.delivered_on or today(invoice.issued_at), law=law(), written_on=invoice.written_on
    ).on.isoformat()
    return say(
        f"공급자가 서명해 발행했고, {until}까지 국세청에 전송합니다. 전송하기 전에는 공급자가 발행을 취소할 수 있습니다.",
        f"Signed and issued. The supplier sends it to the NTS by {until} and can cancel it until then.",
    )
