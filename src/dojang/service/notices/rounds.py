"""What is told each morning, once a day and workspace: deadlines that come, and what is stuck."""

from collections.abc import Callable, Collection
from datetime import datetime, time

from dojang.etax.invoice import KST
from dojang.service.invoices.timing import today
from dojang.service.notices import outbox, people, stuck
from dojang.service.notices.choices import Choices
from dojang.service.notices.letters.reminders import RIGHTS
from dojang.service.notices.models import Kind, Round
from dojang.service.tenancy.scope import current_workspace

_FROM, _UNTIL = time(8, 30), time(12, 0)


def is_time(now: datetime) -> bool:
    """Whether it is morning in Korea: later, what was missed is left to the next day."""
    return _FROM <= now.astimezone(KST).time() < _UNTIL


def remind(*, now: datetime) -> int:
    """Put down the reminders of deadlines, for the open workspace; how many."""

    def there_is(business_ids: Collection[int]) -> bool:
        return bool(stuck.unissued(business_ids, now=now) or stuck.due_today(business_ids, now=now))

    return _round(Kind.DEADLINE, there_is, now)


def digest(*, now: datetime) -> int:
    """Put down the digest for each who has something to see to, for the open workspace; how many."""

    def there_is(business_ids: Collection[int]) -> bool:
        return bool(stuck.everything(business_ids, now=now))

    return _round(Kind.DIGEST, there_is, now)


def _round(kind: Kind, there_is: Callable[[frozenset[int]], bool], now: datetime) -> int:
    day = today(now)
    _, fresh = Round.objects.get_or_create(
        kind=kind, day=day, defaults={"workspace_id": current_workspace(), "at": now}
    )
    if not fresh:
        return 0
    choices = Choices()
    asked: dict[frozenset[int], bool] = {}  # most members look after the same businesses
    mails = []
    for person in people.with_right(RIGHTS[kind]):
        if not choices.is_on(kind, person.user.pk):
            continue
        if person.business_ids not in asked:
            asked[person.business_ids] = there_is(person.business_ids)
        if asked[person.business_ids]:
            mails.append(
                outbox.NewMail(
                    kind,
                    key=f"{day}:{person.user.pk}",
                    to=person.user.email,
                    language=person.user.language,
                    person_id=person.user.pk,
                )
            )
    outbox.put_all(mails, now=now)
    return len(mails)
