"""Taking in a document of somebody else: verified, of one of our businesses, once.

The same way for what is uploaded and what this server delivers. A document that is here already under its issue id is
not taken twice; other content under the same issue id is refused. Where an entry of a list stands without bytes, they
complete it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction

from dojang.etax import KST
from dojang.etax import Invoice as Document
from dojang.etax.codes import BuyerKind
from dojang.service.audit.actor import Actor
from dojang.service.invoices import documents
from dojang.service.invoices.models import Invoice
from dojang.service.records import content, correcting, events
from dojang.service.records.errors import NoneOfOurs, OtherDocument
from dojang.service.records.models import Record, Side, Source
from dojang.service.records.verifying import Examined, examine
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

_SANDBOX, _REAL = "sandbox", "nts"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a document: a record, new or there before; or the invoice of ours that it is."""

    record: Record | None
    is_new: bool
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document as it came, and what is known of it besides.

    Attributes:
        data: the exact bytes.
        source: how it came.
        way_out: sandbox or nts where that is known; else the certificate tells.
        issued_on: 발급일 where it is known; else the day in Korea of the time of issue.
        sent_on: 전송일 where it is known.
    """

    data: bytes = field(repr=False)
    source: Source
    way_out: str = ""
    issued_on: date | None = None
    sent_on: date | None = None


@transaction.atomic
def take_xml(*, member: Member, data: bytes, now: datetime) -> tuple[Taken, ...]:
    """Take the XML that a member uploads: one record for each of our businesses that it is about.

    Between two businesses of ours it is the purchase of one and, unless it was issued here, the sale of the other.

    Raises:
        SignatureBad, FileTooLarge, NoIssueId: nothing is kept.
        NoneOfOurs: or of none that this member may see.
        PermissionDenied: without the right to write for that business.
        OtherDocument.
    """
    examined = examine(data, now=now)
    ours = [
        (business, side) for business, side in sides(examined.document) if member.may(Right.VIEW, business.pk)
    ]
    if not ours:
        raise NoneOfOurs
    for business, _ in ours:
        member.require(Right.WRITE, business.pk)
    arrival = Arrival(data, Source.XML)
    return tuple(
        take(arrival, examined, business=business, side=side, actor=member.actor, now=now)
        for business, side in ours
    )


def sides(document: Document) -> Iterator[tuple[Business, Side]]:
    """The businesses of the open workspace that a document names, and what it is for them: the purchase first."""
    buyer = document.buyer.number if document.buyer.kind is BuyerKind.BUSINESS else ""
    for number, side in ((buyer, Side.PURCHASE), (document.supplier.business_number, Side.SALES)):
        business = Business.objects.filter(number=number).first() if number else None
        if business is not None:
            yield business, side


@transaction.atomic
def take(
    arrival: Arrival, examined: Examined, *, business: Business, side: Side, actor: Actor, now: datetime
) -> Taken:
    """Take a verified document for one business, once.

    Raises:
        OtherDocument: another one is here under its issue id.
    """
    document = examined.document
    if side is Side.SALES:
        # Not what another business of ours has issued as its broker.
        ours = Invoice.objects.filter(issue_id=document.issue_id, business=business).first()
        if ours is not None:
            return Taken(None, is_new=False, invoice=ours)
    known = _known(business, side, document)
    if known is None:
        record = _row(arrival, examined, business, side, actor, now)
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            # Somebody else brought the same one in this moment, and has committed it.
            known = _known(business, side, document)
            if known is None:
                raise
    if known is not None:
        return _again(known, arrival, examined, actor, now)
    action = "delivered" if arrival.source == Source.DELIVERED else "uploaded"
    events.note(record, action, actor=actor, now=now, data={"sha256": record.sha256})
    correcting.answer_with(record, actor=actor, now=now)
    return Taken(record, is_new=True)


def document_of(record: Record) -> Document:
    """What a record says: from the signed bytes where there are any, so that it is what was signed."""
    if record.document is None:
        return content.whole(record)
    return examine_kept(bytes_of(record))


def bytes_of(record: Record) -> bytes:
    """The exact bytes that came; the record has some."""
    if record.document is None:
        raise ValueError("the record has no signed document")
    return documents.unpack(bytes(record.document), workspace_id=record.workspace_id)


def examine_kept(data: bytes) -> Document:
    """The document of bytes that were verified when they came."""
    from dojang.etax.xml_reader import read  # noqa: PLC0415

    return read(data).invoice


def _known(business: Business, side: Side, document: Document) -> Record | None:
    return (
        Record.objects.select_for_update(no_key=True, of=("self",))
        .filter(business=business, side=side, issue_id=document.issue_id, deleted_at=None)
        .first()
    )


def _row(
    arrival: Arrival, examined: Examined, business: Business, side: Side, actor: Actor, now: datetime
) -> Record:
    record = Record(
        workspace_id=current_workspace(),
        business=business,
        side=side,
        source=arrival.source,
        created_by_id=actor.user_id,
        created_at=now,
    )
    _put(record, arrival, examined, now)
    return record


def _put(record: Record, arrival: Arrival, examined: Examined, now: datetime) -> None:
    document = examined.document
    content.fill(record, document)
    record.document = documents.pack(
        arrival.data, secret=record.secret is not None, workspace_id=record.workspace_id
    )
    record.sha256 = hashlib.sha256(arrival.data).hexdigest()
    record.way_out = arrival.way_out or (_SANDBOX if examined.is_sandbox else _REAL)
    record.verdict = examined.verdict
    issued_at = document.issued_at
    record.issued_on = (
        arrival.issued_on or record.issued_on or (issued_at.astimezone(KST).date() if issued_at else None)
    )
    record.sent_on = arrival.sent_on or record.sent_on
    record.changed_at = now


def _again(known: Record, arrival: Arrival, examined: Examined, actor: Actor, now: datetime) -> Taken:
    """A document that is here already."""
    if not known.sha256:
        return _completed(known, arrival, examined, actor, now)
    if known.sha256 != hashlib.sha256(arrival.data).hexdigest() and not _says_the_same(known, examined):
        raise OtherDocument(issue_id=known.issue_id)
    if arrival.sent_on is not None and known.sent_on is None:
        # What the sender's transmission knows, an upload of the same bytes did not.
        known.sent_on, known.issued_on = arrival.sent_on, arrival.issued_on or known.issued_on
        known.save(update_fields=["sent_on", "issued_on"])
    return Taken(known, is_new=False)


def _completed(known: Record, arrival: Arrival, examined: Examined, actor: Actor, now: datetime) -> Taken:
    """An entry of a list gets its document, if that says the same."""
    document = examined.document
    listed = (known.written_on, known.supply_amount, known.tax_amount, known.total_amount)
    if listed != (
        document.written_on, document.supply_amount, document.tax_amount, document.total_amount
    ):  # fmt: skip
        raise OtherDocument(issue_id=known.issue_id)
    _put(known, arrival, examined, now)
    known.version += 1
    known.save()
    events.note(known, "completed", actor=actor, now=now, data={"sha256": known.sha256})
    return Taken(known, is_new=False)


def _says_the_same(known: Record, examined: Examined) -> bool:
    """The signature leaves out how a document was wrapped: Hometax gives the same one out in other bytes."""
    here = examine_kept(bytes_of(known))
    return _essence(here) == _essence(examined.document)


def _essence(document: Document) -> Document:
    return document.replace(exchange_id=None, reference_id=None, issued_at=None)
