"""Documents that say otherwise than their histories: a chain that holds is of no use beside a row that was changed."""

import hashlib
import zlib
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from dojang.service import secrets
from dojang.service.audit.chain import Break
from dojang.service.audit.models import Event
from dojang.service.invoices import documents
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import Action

_AT_ONCE = 200


def contradictions(invoice_id: int | None = None) -> Iterator[Break]:
    """Every document of the open workspace whose state, number or signed bytes are not those of its history.

    Each row is read in one statement with its events, so that whoever works meanwhile raises no false alarm.

    Args:
        invoice_id: one document; all of them without it.
    """
    yield from _states(Q() if invoice_id is None else Q(pk=invoice_id))
    yield from _signed_bytes(Q() if invoice_id is None else Q(invoice_id=invoice_id))


def _states(which: Q) -> Iterator[Break]:
    last = Event.objects.filter(invoice=OuterRef("pk")).order_by("-sequence")
    issue = _issue_of(OuterRef("pk"))
    rows = (
        Invoice.objects.filter(which)
        .annotate(
            last_sequence=Subquery(last.values("sequence")[:1]),
            last_state=Subquery(last.values("to_state")[:1]),
            told_issue_id=Subquery(issue.values("data__issue_id")[:1]),
            is_signed=Exists(SignedDocument.objects.filter(invoice=OuterRef("pk"))),
        )
        .only("state", "deleted_at", "issue_id", "workspace_id")
    )
    for row in rows.order_by("pk").iterator(chunk_size=_AT_ONCE):
        stands = "" if row.deleted_at else row.state
        if row.last_sequence is None:
            yield Break(row.pk, 0, "이력이 없는 문서입니다.", "there is none: the document has no history.")
        elif stands != row.last_state:
            yield Break(
                row.pk,
                row.last_sequence,
                "문서의 상태가 이력과 다릅니다.",
                "tells another state than the document.",
            )
        if row.issue_id != row.told_issue_id or row.is_signed != (row.issue_id is not None):
            yield Break(
                row.pk,
                row.last_sequence or 0,
                "승인번호나 서명한 문서가 이력과 다릅니다.",
                "tells another issue id, or the signed document is not there.",
            )


def _signed_bytes(which: Q) -> Iterator[Break]:
    issue = _issue_of(OuterRef("invoice_id"))
    rows = (
        SignedDocument.objects.filter(which)
        .annotate(
            told_sequence=Subquery(issue.values("sequence")[:1]),
            told_sha256=Subquery(issue.values("data__sha256")[:1]),
        )
        .only("invoice_id", "workspace_id", "document", "sha256")
    )
    for row in rows.order_by("pk").iterator(chunk_size=_AT_ONCE):
        if not row.told_sha256 == row.sha256 == _sha256(row):
            yield Break(
                row.invoice_id,
                row.told_sequence or 0,
                "서명한 문서가 발행할 때의 문서가 아닙니다.",
                "tells of other signed bytes than are kept.",
            )


def _issue_of(invoice: OuterRef) -> QuerySet[Event]:
    return Event.objects.filter(invoice=invoice, action=Action.ISSUE.value).order_by("-sequence")


def _sha256(row: SignedDocument) -> str:
    try:
        document = documents.unpack(bytes(row.document), workspace_id=row.workspace_id)
    except (zlib.error, secrets.SecretUnreadable):
        return ""
    return hashlib.sha256(document).hexdigest()
