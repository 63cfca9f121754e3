"""Issuing: the signed bytes come in, are verified, and are stored with everything that follows, or nothing is.

Verified are the signature, that the bytes are exactly those of the order (so the content is the draft's), that the
certificate is a registered one of this business with the verdict `matches`, and that it can sign today.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dojang.errors import DojangError
from dojang.etax.signature import verify, without_signature
from dojang.npki.certificates import Certificate as Parsed
from dojang.service.certificates import judging, transmitter
from dojang.service.certificates.errors import OtherTransmitter
from dojang.service.certificates.models import Certificate, SealedRandom, Verdict
from dojang.service.counterparties.services.items import SoldItem, remember_items
from dojang.service.invoices import content, documents, guards, timing, transmitting
from dojang.service.invoices.changes import Change, apply, lock, require
from dojang.service.invoices.errors import (
    CertificateNotUsable,
    NoRandomNumber,
    NoSuchOrder,
    OrderExpired,
    OtherBytes,
    TogetherOrNotAtAll,
)
from dojang.service.invoices.models import Invoice, Order, SignedDocument
from dojang.service.invoices.orders import NoRightToIssue
from dojang.service.invoices.states import Action
from dojang.service.notices import occasions
from dojang.service.tenancy.beside import beside
from dojang.service.transmission import deferring
from dojang.service.transmission.way_out import way_out
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


@dataclass(frozen=True, slots=True)
class Signed:
    """An order and what the page made of it."""

    order_id: UUID
    xml: bytes = field(repr=False)  # may name a resident number


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """The certificate that signed, and R sealed to the transmitter."""

    certificate: bytes
    key_id: str
    sealed_random: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one of them was not issued."""

    order_id: UUID
    invoice_id: int | None
    why: DojangError


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of each that was sent in: twice the same is once issued."""

    issued: tuple[tuple[UUID, Invoice], ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class _Accepted:
    order: Order
    xml: bytes = field(repr=False)
    certificate: Certificate
    random: SealedRandom


@transaction.atomic
def issue(*, member: Member, signer: Signer, signed: Sequence[Signed], now: datetime) -> Issued:
    """Issue what was signed: up to 100 documents in one transaction, with their events and the job that sends them.

    The same bytes for the same order again are answered as issued, so a page that lost the answer may ask again.

    Raises:
        NpkiError: the certificate can't be read.
        OtherTransmitter, NoRandomNumber.
    """
    if signer.key_id != transmitter.public_key().key_id:
        raise OtherTransmitter
    if not signer.sealed_random:
        raise NoRandomNumber
    certificate = Parsed.load(signer.certificate)
    signed = tuple({one.order_id: one for one in signed}.values())
    ids = _invoice_ids(signed)
    guards.hold(ids)
    rows = lock(ids)
    orders = _orders(signed, rows)
    judge = _Judge(certificate, signer, member, now)
    forbidden = guards.refusals(Action.ISSUE, list(rows.values()), member=member, now=now)
    accepted: list[_Accepted] = []
    issued: list[tuple[UUID, Invoice]] = []
    refused: list[Refused] = []
    for one in signed:
        order = orders.get(one.order_id)
        try:
            if order is None:
                issued.append((one.order_id, _issued_before(one)))
                continue
            if order.invoice_id in forbidden:
                raise forbidden[order.invoice_id]
            accepted.append(judge.accept(order, rows[order.invoice_id], one.xml))
        except DojangError as error:
            refused.append(Refused(one.order_id, order.invoice_id if order else None, error))
    alone = guards.left_alone({one.order.invoice_id for one in accepted})
    refused += [
        Refused(one.order.pk, one.order.invoice_id, TogetherOrNotAtAll())
        for one in accepted
        if one.order.invoice_id in alone
    ]
    issued += _store([one for one in accepted if one.order.invoice_id not in alone], rows, member, now)
    return Issued(tuple(issued), tuple(refused))


class _Judge:
    """What one call has to ask once: the certificate's standing for each business."""

    def __init__(self, certificate: Parsed, signer: Signer, member: Member, now: datetime) -> None:
        self._certificate = certificate
        self._signer = signer
        self._member = member
        self._now = now
        self._standing: dict[int, tuple[Certificate, SealedRandom]] = {}

    def accept(self, order: Order, invoice: Invoice, xml: bytes) -> _Accepted:
        if order.expires_at <= self._now:
            raise OrderExpired
        try:
            self._member.require(Right.ISSUE, invoice.business_id)
        except PermissionDenied:
            raise NoRightToIssue from None
        require(invoice, Action.ISSUE)
        if order.content_hash != invoice.content_hash:
            raise NoSuchOrder
        signed = verify(xml)
        require_ordered(order, xml)
        if signed.certificate != self._certificate.der:
            raise OtherBytes
        certificate, random = self._stands(invoice.business_id)
        return _Accepted(order, xml, certificate, random)

    def _stands(self, business_id: int) -> tuple[Certificate, SealedRandom]:
        if business_id not in self._standing:
            row = _registered(self._certificate, business_id)
            found = judging.errors(self._certificate, at=self._now)
            if found:
                raise CertificateNotUsable(why_ko=found[0].ko, why_en=found[0].en)
            self._standing[business_id] = (row, self._sealed(row))
        return self._standing[business_id]

    def _sealed(self, row: Certificate) -> SealedRandom:
        """One row for one sealing: a page seals R once for all that it signs in one go."""
        digest = self._signer.sealed_random
        # Locked, so that nobody erases it between here and the commit: the transmitter would find it gone.
        known = (
            SealedRandom.objects.select_for_update()
            .filter(certificate=row, sealed=digest, erased_at=None)
            .first()
        )
        return known or SealedRandom.objects.create(
            workspace_id=row.workspace_id,
            certificate=row,
            key_id=self._signer.key_id,
            sealed=digest,
            created_at=self._now,
        )


def require_ordered(order: Order, xml: bytes) -> None:
    """Refuse anything but the ordered bytes, issue id and all, with one signature in its place.

    Raises:
        OtherBytes.
    """
    document = documents.unpack(bytes(order.document), workspace_id=order.workspace_id)
    if without_signature(xml) != document:
        raise OtherBytes


def _registered(certificate: Parsed, business_id: int) -> Certificate:
    row = Certificate.objects.filter(
        business_id=business_id, fingerprint=certificate.fingerprint, removed_at=None
    ).first()
    if row is None:
        raise CertificateNotUsable(
            why_ko="이 사업장에 등록되지 않은 인증서입니다. 먼저 인증서를 등록해 주세요.",
            why_en="it is not registered for this business. Register it first.",
        )
    if row.verdict != Verdict.MATCHES:
        raise CertificateNotUsable(
            why_ko="인증서가 이 사업자의 것인지 확인되지 않았습니다.",
            why_en="it has not been confirmed to be this business's own.",
        )
    return row


def _invoice_ids(signed: Iterable[Signed]) -> list[int]:
    orders = Order.objects.filter(pk__in=[one.order_id for one in signed])
    return list(orders.values_list("invoice_id", flat=True))


def _orders(signed: Iterable[Signed], locked: Iterable[int]) -> dict[UUID, Order]:
    """The orders that are still good. Whoever makes them void locks the invoice first, as is done here."""
    rows = Order.objects.filter(pk__in=[one.order_id for one in signed], invoice_id__in=list(locked))
    return {row.pk: row for row in rows}


def _issued_before(one: Signed) -> Invoice:
    """The invoice that these very bytes issued already.

    Raises:
        NoSuchOrder: they did not.
    """
    before = (
        SignedDocument.objects.select_related("invoice")
        .filter(sha256=hashlib.sha256(one.xml).hexdigest())
        .first()
    )
    if before is None:
        raise NoSuchOrder
    return before.invoice


def _store(
    accepted: Sequence[_Accepted], rows: dict[int, Invoice], member: Member, now: datetime
) -> list[tuple[UUID, Invoice]]:
    if not accepted:
        return []
    changes = []
    mailed = occasions.buyers_are_mailed()
    for one in accepted:
        invoice = rows[one.order.invoice_id]
        _fill(invoice, one.order, member, now, inbox=invoice.buyer_email if mailed else "")
        told = {
            "issue_id": invoice.issue_id,
            "sha256": hashlib.sha256(one.xml).hexdigest(),
            "certificate": one.certificate.fingerprint,
        }
        columns = (
            "issue_id", "way_out", "issued_at", "delivered_on", "transmit_by", "transmit_at", "search",
        )  # fmt: skip
        changes.append(Change(invoice, columns, told))
    apply(Action.ISSUE, changes, actor=member.actor, now=now)
    SignedDocument.objects.bulk_create(
        [_signed_row(one, rows[one.order.invoice_id], now) for one in accepted]
    )
    Order.objects.filter(pk__in=[one.order.pk for one in accepted]).delete()
    issued = [rows[one.order.invoice_id] for one in accepted]
    guards.done(Action.ISSUE, issued, member=member, now=now)
    beside(partial(_remember_items, issued, now), what="memory of what was sold")
    _mail(issued, now)
    if any((one.transmit_at or now) <= now for one in issued):
        deferring.transmit_now()
    return [(one.order.pk, rows[one.order.invoice_id]) for one in accepted]


def _mail(invoices: Sequence[Invoice], now: datetime) -> None:
    """To the buyers. Without a mail the tax office's inbox is the only one, so they go there at once (시행령 §68⑫)."""
    if beside(partial(occasions.issued, invoices, now=now), what="mails of issued invoices"):
        return
    for invoice in (one for one in invoices if one.delivered_on is not None):
        transmitting.mail_bounced(invoice_id=invoice.pk, now=now)
        invoice.refresh_from_db(fields=["state", "version", "delivered_on", "transmit_at"])


def _remember_items(invoices: Iterable[Invoice], now: datetime) -> None:
    """품목 memory: offered the next time that an invoice to this buyer is written."""
    sold: dict[tuple[int, int | None], list[SoldItem]] = {}
    for invoice in invoices:
        lines = sold.setdefault((invoice.business_id, invoice.counterparty_id), [])
        lines += [
            SoldItem(*(str(item.get(field) or "") for field in ("name", "specification", "unit_price")))
            for item in invoice.content.get("items") or ()
        ]
    # By key, as everybody does who locks several of these rows.
    for (business_id, counterparty_id), items in sorted(
        sold.items(), key=lambda one: (one[0][0], one[0][1] or 0)
    ):
        remember_items(business_id=business_id, counterparty_id=counterparty_id, items=items, now=now)


def _fill(invoice: Invoice, order: Order, member: Member, now: datetime, *, inbox: str) -> None:
    assert invoice.written_on is not None  # noqa: S101 (a ready invoice is whole)
    invoice.issue_id = order.issue_id
    invoice.way_out = way_out().name
    invoice.issued_at = order.ordered_at
    invoice.delivered_on = timing.today(now) if inbox else None
    invoice.transmit_by = timing.transmit_by(written_on=invoice.written_on, issued_at=order.ordered_at)
    invoice.search = content.text_of(invoice)
    invoice.transmit_at = timing.transmit_at(
        member.workspace,
        written_on=invoice.written_on,
        issue_by=_last_day(invoice),
        buyer_email=inbox,
        now=now,
    )


def _last_day(invoice: Invoice) -> date | None:
    """발급기한: an amendment's is its reason's, and some have none (시행령 §70①)."""
    if invoice.amendment_reason:
        return invoice.issue_by
    return content.issue_by(invoice.written_on)


def _signed_row(one: _Accepted, invoice: Invoice, now: datetime) -> SignedDocument:
    return SignedDocument(
        workspace_id=invoice.workspace_id,
        invoice_id=invoice.pk,
        document=documents.pack(
            one.xml, secret=invoice.secret is not None, workspace_id=invoice.workspace_id
        ),
        sha256=hashlib.sha256(one.xml).hexdigest(),
        certificate=one.certificate,
        random=one.random,
        signed_at=now,
    )
