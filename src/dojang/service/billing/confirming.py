"""[거래처에 반영]: what a customer filled in becomes what is known of it, by the hand of a member."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dojang.service.billing import answers
from dojang.service.billing.errors import AnswerChanged, ChooseWhere
from dojang.service.billing.locking import locked
from dojang.service.billing.models import BillingRequest, State
from dojang.service.counterparties import personal
from dojang.service.counterparties.details import Details
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.services import editing, statuses
from dojang.service.links.events import note
from dojang.service.workspaces.members import Member


@dataclass(frozen=True, slots=True)
class Target:
    """Where an answer can go: a counterparty, or a new one where there is none.

    Attributes:
        counterparty: None for a new one.
        is_twin: it has the number of the answer, but is not the one that was asked.
    """

    counterparty: Counterparty | None
    is_twin: bool = False

    @property
    def is_archived(self) -> bool:
        """Whether it is in the archive, where nothing is changed."""
        return self.counterparty is not None and self.counterparty.archived_at is not None

    @property
    def key(self) -> str:
        """Its name in a form."""
        return str(self.counterparty.pk) if self.counterparty else "new"


def targets(row: BillingRequest) -> list[Target]:
    """Where the answer can go, the likeliest first. One that has its number already is the only place."""
    twin = _twin(row)
    asked = _living(row.counterparty)
    if twin is not None:
        return [Target(twin, is_twin=asked is None or twin.pk != asked.pk)]
    if asked is None:
        return [Target(None)]
    known = (asked.kind, asked.number)
    is_same = known == (row.answer["kind"], row.answer["number"]) or not (
        asked.number or asked.personal_number
    )
    return [Target(asked)] if is_same else [Target(asked), Target(None)]


@transaction.atomic
def confirm(
    *,
    member: Member,
    request_id: int,
    version: int,
    target: str,
    target_version: int,
    now: datetime,
) -> Counterparty:
    """Take the answer over; the link is over then.

    Args:
        member: needs the right to write.
        request_id: answered.
        version: of the request as it was shown.
        target: the counterparty's id, or "new".
        target_version: of the counterparty as it was shown.
        now: aware.

    Raises:
        NoSuchRequest, PermissionDenied, RequestOver, DetailsRefused, ThereAlready, IsArchived, ChangedMeanwhile.
        AnswerChanged: the customer has corrected it meanwhile.
        ChooseWhere: it could not go there any more.
    """
    row = locked(member, request_id, State.ANSWERED)
    if row.version != version:
        raise AnswerChanged
    chosen = next((one for one in targets(row) if one.key == target), None)
    if chosen is None:
        raise ChooseWhere
    made = _put(member, row, chosen.counterparty, target_version, now)
    row.state, row.version, row.changed_at = State.CONFIRMED, row.version + 1, now
    row.counterparty = made
    # The counterparty has it now, encrypted; there is no second place to look after.
    row.personal_number = None
    row.save()
    note(row, "confirmed", actor=member.actor, now=now, data={"counterparty": made.pk})
    return made


def _put(
    member: Member, row: BillingRequest, known: Counterparty | None, version: int, now: datetime
) -> Counterparty:
    number = answers.number_of(row) or None
    said = answers.status_of(row)
    if known is None:
        details = replace(answers.merged(None, row), personal_number=number)
        status = said[0] if said else None
        return editing.add(member=member, details=details, now=now, status=status)
    details = replace(answers.merged(Details.of(known), row), personal_number=number)
    made = editing.edit(member=member, counterparty_id=known.pk, version=version, details=details, now=now)
    if said is not None:
        status, asked_at = said
        older = Q(tax_status_checked_at=None) | Q(tax_status_checked_at__lt=asked_at)
        rows = Counterparty.objects.filter(older, pk=made.pk)
        statuses.keep({status.number: status}, rows, actor=member.actor, now=asked_at)
    return made


def _twin(row: BillingRequest) -> Counterparty | None:
    """Whoever has the answer's number already; one in use before one in the archive."""
    details = answers.details_of(row)
    like = Counterparty(
        workspace_id=row.workspace_id,
        kind=details.kind,
        number=details.number,
        branch_number=details.branch_number,
    )
    personal.seal(like, answers.number_of(row))
    return editing.same_number(like)


def _living(counterparty: Counterparty | None) -> Counterparty | None:
    """What it was merged into, or itself; nothing where it is in the archive."""
    while counterparty is not None and counterparty.merged_into_id is not None:
        counterparty = counterparty.merged_into
    return counterparty if counterparty is None or counterparty.archived_at is None else None
