"""What other parts of the service demand of a step: they answer here, so that invoices know nothing of them.

An app that binds invoices to something of its own (an amendment's documents to each other, an approval to what was
approved, a buyer's request to its answer) registers a `Guard` when it is loaded.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from dojang.errors import DojangError
from dojang.service.errors import Conflict
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.workspaces.members import Member


class DoneElsewhere(Conflict):
    """A step that is taken on another page first: `url_name` is that page, which takes `?invoices=` ids."""

    url_name = ""


class Guard:
    """Demands nothing; an app overrides what it has a say in."""

    def companions(self, invoice_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """By document the others that are issued, sent and cancelled with it or not at all. Asked before any lock."""
        return {}

    def hold(self, invoice_ids: Collection[int]) -> None:
        """Take locks of one's own; those of the invoices' rows come after."""

    def refusals(
        self, action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime
    ) -> Mapping[int, DojangError]:
        """By id why a step is not taken with locked rows."""
        return {}

    def done(self, action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime) -> None:
        """The step was taken, in this transaction."""


_GUARDS: Final[list[Guard]] = []


def register(guard: Guard) -> None:
    """Have a guard asked from now on."""
    _GUARDS.append(guard)


def companions(invoice_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """By document the others that take a step with it or not at all."""
    found: dict[int, frozenset[int]] = dict.fromkeys(invoice_ids, frozenset())
    for guard in _GUARDS:
        for invoice_id, others in guard.companions(invoice_ids).items():
            found[invoice_id] = found.get(invoice_id, frozenset()) | others
    return found


def together(invoice_ids: Iterable[int]) -> list[int]:
    """These documents and their companions."""
    ids = set(invoice_ids)
    return sorted(ids.union(*companions(ids).values()))


def left_alone(invoice_ids: Collection[int]) -> set[int]:
    """Those of the documents whose companions are not all among them."""
    ids = frozenset(invoice_ids)
    return {one for one, others in companions(ids).items() if not others <= ids}


def hold(invoice_ids: Collection[int]) -> None:
    """Take what locks the guards need, before those of the rows."""
    for guard in _GUARDS:
        guard.hold(invoice_ids)


def refusals(
    action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime
) -> dict[int, DojangError]:
    """By id why a step is not taken; the first guard's reason."""
    found: dict[int, DojangError] = {}
    for guard in _GUARDS:
        found = {**guard.refusals(action, invoices, member=member, now=now), **found}
    return found


def require(action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime) -> None:
    """Refuse a step that a guard forbids for any of the rows.

    Raises:
        DojangError: the guard's.
    """
    for error in refusals(action, invoices, member=member, now=now).values():
        raise error


def done(action: Action, invoices: Sequence[Invoice], *, member: Member, now: datetime) -> None:
    """Tell the guards that a step was taken."""
    if not invoices:
        return
    for guard in _GUARDS:
        guard.done(action, invoices, member=member, now=now)
