"""What the law engine has to know around a deal: of both parties, and of the program that asks."""

import json
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q

from dojang.etax import Invoice as Document
from dojang.etax.amendments.suggest import Setting
from dojang.etax.calendar.periods import return_period
from dojang.etax.codes import AmendmentReason, BuyerKind
from dojang.etax.errors import InvalidInvoice
from dojang.etax.facts import BuyerTaxType, Facts, InvalidFacts
from dojang.etax.xml_reader import read
from dojang.nts.codes import describe
from dojang.service.amendments.chains import STATUSES, Deal
from dojang.service.certificates.models import Certificate, Verdict
from dojang.service.counterparties.models import BusinessState, Counterparty
from dojang.service.invoices import costs, documents
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import State
from dojang.service.law import law
from dojang.service.records import content as record_content
from dojang.service.records.models import Record, Side
from dojang.service.reverse.models import IncomingReverse
from dojang.service.workspaces.models import Business

#: A twin is dated within so many days (이중발급).
_NEAR: Final = timedelta(days=45)
_MOST_OTHERS: Final = 30
_LIVE: Final = tuple(set(STATUSES) - {State.CANCELLED, State.REJECTED})
#: What leaves nothing of a document: it was corrected, its contract undone, it was taken back.
_UNDOING: Final = (
    AmendmentReason.MISTAKE.value,
    AmendmentReason.CANCELLED_CONTRACT.value,
    AmendmentReason.DUPLICATE.value,
)


def facts_of(business: Business, counterparty: Counterparty | None, document: Document, *, on: date) -> Facts:
    """What is known of both parties: the business's own facts, the buyer's 과세유형 and 폐업일.

    A buyer of whom nothing was asked has no known 과세유형, and the plan says what it took it to be. Whether the
    document's return was filed is asked for, where it is not marked (신고 완료).

    Args:
        business: the supplier; of a consigned document the broker, whose facts say nothing of the supplier.
        counterparty: the buyer in the address book; one of another number is not this buyer.
        document: the one to amend.
        on: today in Korea.
    """
    facts = _own(business) if document.supplier.business_number == business.number else Facts()
    changes: dict[str, object] = {"buyer_tax_type": costs.tax_type_of(document.buyer.kind, counterparty)}
    if changes["buyer_tax_type"] is None:
        changes["buyer_tax_type"] = BuyerTaxType.UNKNOWN
    if not _knows_the_return(facts, document.written_on, on):
        changes["returns_filed"] = None
    if counterparty is not None and counterparty.tax_status == BusinessState.CLOSED:
        changes["buyer_closed_on"] = counterparty.closed_on
    return facts.model_copy(update=changes)


def of_event(facts: Facts, event_on: date | None, *, on: date) -> Facts:
    """The facts for what happened later: whether its own return was filed nobody is asked, so both cases are told.

    Args:
        facts: of both parties, as far as they were asked for.
        event_on: when it happened; None for what was wrong from the start.
        on: today in Korea.
    """
    if event_on is None or on <= facts.return_of(event_on, law=law()).end:
        return facts
    if _knows_the_return(facts, event_on, on):
        return facts
    return facts.model_copy(update={"returns_filed": None})


def _knows_the_return(facts: Facts, day: date, on: date) -> bool:
    """Whether the business has told of the return that decides; marks are complete from the first one on."""
    if "returns_filed" not in facts.model_fields_set or not isinstance(facts.returns_filed, tuple):
        return "returns_filed" in facts.model_fields_set
    found = facts.return_of(day, law=law())
    if found.is_before_final:
        final = return_period(found.end, facts.supplier, files_preliminary=False, law=law())
        found = final if on > final.due else found
    first = min((each.filed_on for each in facts.returns_filed), default=date.max)
    return found.due < first or any(each.period == found.key for each in facts.returns_filed)


def buyer_of(document: Document, hint: Counterparty | None = None) -> Counterparty | None:
    """The buyer in the address book: `hint` where it still has the document's number, else whoever has it."""
    if document.buyer.kind is not BuyerKind.BUSINESS:
        return hint if hint is not None and hint.kind == document.buyer.kind else None
    number = document.buyer.number
    if hint is not None and hint.number == number:
        return hint
    rows = list(
        Counterparty.objects.filter(number=number, archived_at=None).order_by("branch_number", "pk")[:50]
    )
    branch = document.buyer.branch_number or ""
    return next((one for one in rows if one.branch_number == branch), rows[0] if rows else None)


def setting_of(business: Business, deal: Deal, *, now: datetime) -> Setting:
    """What questions depend on beside the deal: who asks, with which certificate, and what else was issued."""
    row = deal.row(deal.target_key)
    return Setting(
        user="principal" if _is_of_a_broker(business, deal) else "supplier",
        drafted_by_buyer=drafted_by_buyer(row),
        has_certificate=has_certificate(business, now=now),
        rejection=_rejection(row),
        others=_others(deal),
    )


def _is_of_a_broker(business: Business, deal: Deal) -> bool:
    """Whether a consigned sale of this business is somebody else's to sign (시행령 제69조제1항)."""
    document = deal.target.invoice
    return document.document_type.is_consigned and document.signer.business_number != business.number


def drafted_by_buyer(row: Invoice | Record) -> bool:
    """Whether the buyer wrote it and asked for it (역발행); the document itself has no mark of it."""
    return isinstance(row, Invoice) and IncomingReverse.objects.filter(invoice=row).exists()


def has_certificate(business: Business, *, now: datetime) -> bool:
    """Whether a certificate of the business is registered, its own and in force."""
    return Certificate.objects.filter(
        business=business,
        verdict=Verdict.MATCHES,
        removed_at=None,
        revoked_at=None,
        not_before__lte=now,
        not_after__gt=now,
    ).exists()


def _own(business: Business) -> Facts:
    try:
        return Facts.from_json(json.dumps(business.facts))
    except InvalidFacts:
        # Settings of another version: the usual case, as where nothing was said.
        return Facts()


def _rejection(row: Invoice | Record) -> tuple[str, str]:
    if not isinstance(row, Invoice) or row.state != State.REJECTED or not row.result_code:
        return ("", "")
    told = describe(row.result_code)
    return (f"{told.code} {told.cause_ko}", f"{told.code} {told.cause_en}")


def _others(deal: Deal) -> tuple[Document, ...]:
    """What may be the same deal twice, or of the same contract: of the same buyer, near in time or by reference."""
    document = deal.target.invoice
    if document.buyer.kind is not BuyerKind.BUSINESS:
        return ()
    row = deal.row(deal.target_key)
    near = Q(
        written_on__range=(document.written_on - _NEAR, document.written_on + _NEAR),
        supply_amount__range=(document.supply_amount - 1, document.supply_amount + 1),
    )
    # 참조문서번호 names the contract; without one no other document is known to be of it.
    known = near | Q(content__reference_id=document.reference_id) if document.reference_id else near
    ours = (
        Invoice.objects.filter(
            known,
            business_id=row.business_id,
            buyer_number=document.buyer.number,
            state__in=_LIVE,
            deleted_at=None,
        )
        .exclude(_undone(row.business_id))
        .order_by("-written_on", "-id")
    )
    bytes_of = SignedDocument.objects.filter(
        invoice__in=list(ours.values_list("pk", flat=True)[:_MOST_OTHERS])
    )
    found = [
        read(documents.unpack(bytes(one.document), workspace_id=one.workspace_id)).invoice for one in bytes_of
    ]
    elsewhere = (
        Record.objects.filter(
            known,
            business_id=row.business_id,
            side=Side.SALES,
            party_number=document.buyer.number,
            deleted_at=None,
        )
        .exclude(issue_id="")
        .exclude(_undone(row.business_id))
    )
    for record in elsewhere.order_by("-written_on", "-id").defer("document")[:_MOST_OTHERS]:
        try:
            found.append(record_content.whole(record))
        except InvalidInvoice:
            continue
    return tuple(found)


def _undone(business_id: int) -> Q:
    """Of invoices or records: that nothing is left of them, so that none is kept instead of another, or cancelled."""
    amending = {"business_id": business_id, "original_issue_id": OuterRef("issue_id"), "deleted_at": None}
    here = Invoice.objects.filter(**amending, state__in=_LIVE)
    elsewhere = Record.objects.filter(**amending, side=Side.SALES)
    restored = AmendmentReason.DUPLICATE.value
    return Q(
        Exists(
            here.filter(amendment_reason__in=_UNDOING).exclude(Exists(here.filter(amendment_reason=restored)))
        )
    ) | Q(Exists(elsewhere.filter(amendment_reason__in=_UNDOING)))
