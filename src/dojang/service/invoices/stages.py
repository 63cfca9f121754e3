"""단계: where documents stand that are not through yet, more finely than the tabs of the list tell them apart.

The home page counts by the same conditions as it leads to, so that a number is always that of the list behind it.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db.models import Q

from dojang.service.invoices.states import State
from dojang.service.lists.described import Choice
from dojang.service.transmission.models import HeldInvoice

UNISSUED: Final = (State.DRAFT, State.AWAITING_APPROVAL, State.READY)
"""States in which nobody has signed yet."""
UNACCEPTED: Final = (State.ISSUED, State.SUBMITTED, State.UNKNOWN, State.REJECTED)
"""Signed, and 국세청 has not said yes: it counts in no return, and somebody has to do something."""

#: Drafts are pressing so many days before 발급기한.
PRESSING: Final = timedelta(days=7)
#: Drafts whose 발급기한 was longer ago were forgotten or are kept on purpose.
_FORGOTTEN: Final = timedelta(days=365)


class Stage(StrEnum):
    """Names of the condition, as they stand in addresses."""

    UNISSUED = "unissued"
    DUE = "due"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    UNACCEPTED = "unaccepted"
    HELD = "held"


def stages(day: date) -> tuple[Choice, ...]:
    """The condition's choices, on a day in Korea."""
    unissued = Q(state__in=UNISSUED)
    due = unissued & Q(issue_by__range=(day - _FORGOTTEN, day + PRESSING))
    # These rows name their invoice by a number, for the operator; the list's own are of the open workspace alone.
    held = Q(state=State.ISSUED, pk__in=HeldInvoice.objects.order_by().values("invoice_number"))
    return (
        Choice(Stage.UNISSUED.value, "발행 전", "Not issued yet", unissued),
        Choice(Stage.DUE.value, "발급기한 임박·지남", "Issue soon or overdue", due),
        Choice(Stage.WAITING.value, "국세청 답 대기", "Waiting for the NTS", Q(state=State.SUBMITTED)),
        Choice(Stage.UNKNOWN.value, "결과 확인중", "Result unknown", Q(state=State.UNKNOWN)),
        Choice(Stage.UNACCEPTED.value, "국세청 미접수", "Not with the NTS yet", unaccepted()),
        Choice(Stage.HELD.value, "전송할 수 없음", "Cannot be sent", held),
    )


def unaccepted() -> Q:
    """What was issued and 국세청 has not accepted: 모의 ones only where the sandbox is this server's way out."""
    found = Q(state__in=UNACCEPTED)
    return found if settings.ENVIRONMENT.nts == "sandbox" else found & ~Q(way_out="sandbox")


def condition(stage: Stage, day: date) -> Q:
    """The documents at one stage, on a day in Korea."""
    return next(one.condition for one in stages(day) if one.name == stage)
