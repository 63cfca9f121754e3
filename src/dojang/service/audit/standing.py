"""How the history of a workspace stands: when it was last verified and with what result, when it was last sealed."""

import logging
from dataclasses import dataclass
from datetime import datetime

from dojang.service.audit import chain
from dojang.service.audit.contradictions import contradictions
from dojang.service.audit.models import Event, Seal, Unsealed, Verification
from dojang.service.tenancy.scope import current_workspace

_log = logging.getLogger(__name__)
_TOLD = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known without looking at every event.

    Attributes:
        verified: what came of the last verification; None before the first.
        sealed_at: when the last seal was laid.
        waiting: how many documents have an event that no seal covers yet; a minute's worth.
    """

    verified: Verification | None
    sealed_at: datetime | None
    waiting: int


def standing() -> Standing:
    """Of the open workspace."""
    seal = Seal.objects.order_by("-sequence").only("at", "workspace_id").first()
    waiting = Unsealed.objects.values("invoice_number").distinct().count()
    return Standing(Verification.objects.first(), seal.at if seal else None, waiting)


def verify_here(*, now: datetime) -> Verification:
    """Verify every history of the open workspace and keep what came of it."""
    breaks = [*chain.verify(), *contradictions()]
    if breaks:
        _log.error("the history of workspace %s does not hold in %s places", current_workspace(), len(breaks))
    return Verification.objects.create(
        workspace_id=current_workspace(),
        at=now,
        events=Event.objects.count(),
        breaks=len(breaks),
        told=[[one.invoice_id, one.sequence, one.ko, one.en] for one in breaks[:_TOLD]],
    )


def verify_document(invoice_id: int) -> list[chain.Break]:
    """Where the history of one document does not hold, or the document contradicts it."""
    return [*chain.verify_document(invoice_id), *contradictions(invoice_id)]
