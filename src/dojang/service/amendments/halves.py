"""After the tax office answered: of documents that were issued together only some stand."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from dojang.etax.amendments import Sentence
from dojang.nts.codes import describe
from dojang.service.amendments.models import Amendment, AmendmentDocument, AmendmentState, Kind
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State

_OUT = (State.REJECTED, State.CANCELLED)
_MOST = 200


@dataclass(frozen=True, slots=True)
class Half:
    """An amendment of which not everything was accepted.

    Attributes:
        amendment: `services.reissue` mends it.
        standing: what the tax office has, or is about to.
        refused: what it did not take.
        words: what has to be done, for home and the invoice's page.
    """

    amendment: Amendment
    standing: tuple[Invoice, ...]
    refused: tuple[Invoice, ...]
    words: Sentence


def halves(business_ids: Collection[int]) -> tuple[Half, ...]:
    """What has to be mended today in these businesses, oldest first."""
    documents = AmendmentDocument.objects.filter(amendment=OuterRef("pk"), kind=Kind.AMENDMENT)
    rows = Amendment.objects.filter(
        Exists(documents.filter(invoice__state=State.REJECTED)),
        Exists(documents.exclude(invoice__state__in=_OUT)),
        business_id__in=business_ids,
        state=AmendmentState.ISSUED,
    )
    found = (needs_mending(one) for one in rows.order_by("pk")[:_MOST])
    return tuple(one for one in found if one is not None)


def half_of(invoice: Invoice) -> Half | None:
    """The same for one document, where it is of such an amendment."""
    row = (
        AmendmentDocument.objects.filter(invoice=invoice, kind=Kind.AMENDMENT)
        .select_related("amendment")
        .first()
    )
    return needs_mending(row.amendment) if row is not None else None


def needs_mending(amendment: Amendment) -> Half | None:
    """What is to be done about an amendment of which only some stands; None where there is nothing to do."""
    if amendment.state != AmendmentState.ISSUED or _is_mended(amendment):
        return None
    rows = amendment.documents.filter(kind=Kind.AMENDMENT).select_related("invoice").order_by("position")
    invoices = [row.invoice for row in rows]
    refused = tuple(one for one in invoices if one.state == State.REJECTED)
    standing = tuple(one for one in invoices if one.state not in _OUT)
    if not refused or not standing:
        return None
    return Half(amendment, standing, refused, _words(invoices, refused, standing))


def is_half(amendment: Amendment) -> bool:
    """Whether there is something to issue again."""
    return needs_mending(amendment) is not None


def _is_mended(amendment: Amendment) -> bool:
    """Whether what was refused has been issued again, and not refused once more."""
    again = AmendmentDocument.objects.filter(
        amendment__mends=amendment, amendment__state=AmendmentState.ISSUED, kind=Kind.AMENDMENT
    )
    states = set(again.values_list("invoice__state", flat=True))
    return bool(states) and not states & set(_OUT)


def _words(invoices: list[Invoice], refused: tuple[Invoice, ...], standing: tuple[Invoice, ...]) -> Sentence:
    why = describe(refused[0].result_code)
    return Sentence(
        f"{len(invoices)}건 중 {len(refused)}건이 접수되지 않았습니다({why.code} {why.ko}). "
        f"다른 {len(standing)}건만 남아 있으니 오늘 안에 바로잡아야 합니다.",
        f"{len(refused)} of {len(invoices)} were not accepted ({why.code} {why.en}). "
        f"Only the other {len(standing)} stand: put it right today.",
    )
