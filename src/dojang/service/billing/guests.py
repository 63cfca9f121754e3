"""What a customer does behind its link, without an account: looks, has a number checked, answers, corrects."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from dojang.etax.identifiers import is_business_number, normalize
from dojang.service.audit.actor import Actor
from dojang.service.billing import answers
from dojang.service.billing.errors import NoIndividuals
from dojang.service.billing.locking import require_state
from dojang.service.billing.models import BillingRequest, State
from dojang.service.counterparties import taxstatus
from dojang.service.counterparties.details import Details
from dojang.service.counterparties.models import Kind
from dojang.service.counterparties.taxstatus import TaxStatus, Unavailable
from dojang.service.links.errors import NoSuchLink
from dojang.service.links.events import note
from dojang.service.links.models import Purpose
from dojang.service.links.opening import is_first_look
from dojang.service.links.services import resolve
from dojang.service.notices import outbox, people
from dojang.service.notices.models import Kind as MailKind
from dojang.service.workspaces import closed

_OPEN = (State.ASKED, State.ANSWERED)


@contextmanager
def inside(token: str, now: datetime) -> Iterator[BillingRequest]:
    """The one request that a link opens, in its open workspace.

    Raises:
        NoSuchLink: it has none, or another link by now.
        LinkExpired, LinkRevoked.
    """
    with resolve(token, Purpose.BILLING_INFO, now) as link:
        rows = BillingRequest.objects.select_related("business", "link", "created_by")
        row = rows.filter(link=link).first()
        if row is None:
            raise NoSuchLink
        yield row


def standing(row: BillingRequest, now: datetime) -> State:
    """How it stands for its reader, also in the minutes before the worker writes it down."""
    if row.state == State.ASKED and row.expires_at <= now:
        return State.EXPIRED
    if row.state in _OPEN and not closed.hold_open():
        return State.WITHDRAWN
    return State(row.state)


def is_open(row: BillingRequest, now: datetime) -> bool:
    """Whether its reader may fill it in, or correct what it filled in."""
    return standing(row, now) in _OPEN and row.expires_at > now


def ask_about(number: str) -> TaxStatus | Unavailable | None:
    """What the tax office says of a number; None of one that cannot be. No transaction is open meanwhile."""
    number = normalize(number)
    if not is_business_number(number):
        return None
    answer = taxstatus.configured().ask([number])
    return answer if isinstance(answer, Unavailable) else answer.get(number)


def answer(
    token: str, *, details: Details, status: TaxStatus | None, address: str, now: datetime
) -> BillingRequest:
    """What the customer filled in waits in the workspace; sent again, it replaces what was sent before.

    Args:
        token: of the link.
        details: as typed; None as the personal number leaves the one that is kept.
        status: what the tax office said of the number.
        address: from where.
        now: aware.

    Raises:
        NoSuchLink, LinkExpired, LinkRevoked, RequestOver, NoIndividuals, DetailsRefused.
    """
    with inside(token, now) as found:
        row = BillingRequest.objects.select_for_update(of=("self",)).get(pk=found.pk)
        require_state(standing(row, now), *_OPEN)
        if row.expires_at <= now:
            require_state(State.EXPIRED, *_OPEN)
        if details.kind != Kind.BUSINESS and not (row.allow_individual and details.kind == Kind.INDIVIDUAL):
            raise NoIndividuals
        accepted = answers.accepted(details, has_number=row.personal_number is not None)
        is_first = row.state == State.ASKED
        answers.keep(row, accepted)
        answers.keep_status(row, status if status and status.number == accepted.number else None, now)
        row.state, row.reason, row.version = State.ANSWERED, "", row.version + 1
        row.answered_at = row.changed_at = now
        row.save()
        actor = Actor("customer", None, address[:45])
        note(row, "answered" if is_first else "corrected", actor=actor, now=now)
        if is_first:
            _tell(row, now)
        return row


def opened(token: str, *, address: str, now: datetime) -> None:
    """The page says that somebody sees it: told once."""
    with inside(token, now) as row:
        if not closed.hold_open():
            return
        # The request's lock comes before its link's, as wherever a link is ended.
        BillingRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        if row.link is not None and is_first_look(row.link, now=now):
            note(row, "opened", actor=Actor("customer", None, address[:45]), now=now)


def _tell(row: BillingRequest, now: datetime) -> None:
    """To the member who asked; nobody else, since anybody sees it in the list."""
    person = row.created_by
    if people.is_member(person.pk):
        outbox.put(
            MailKind.BILLING_ANSWERED,
            key=f"{row.pk}:{row.version}",
            to=person.email,
            language=person.language,
            person_id=person.pk,
            facts={"request": row.pk},
            now=now,
        )
