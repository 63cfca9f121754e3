"""The one way in which the state of an invoice changes: under its row's lock, by the table, with an event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from dojang.service.audit import chain
from dojang.service.audit.actor import Actor
from dojang.service.invoices.errors import ChangedMeanwhile, NotPossible
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action, State, transition
from dojang.service.web.templatetags.dojang import state_text


@dataclass(frozen=True, slots=True)
class Change:
    """One step of one invoice: the columns that were set beside its state, and what its event tells."""

    invoice: Invoice
    columns: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


def lock(ids: Iterable[int]) -> dict[int, Invoice]:
    """The rows, locked in the order of their ids, so that two who lock the same ones never wait for each other."""
    rows = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("business")
        .filter(pk__in=set(ids), deleted_at=None)
    )
    return {row.pk: row for row in rows.order_by("pk")}


def require_version(invoice: Invoice, version: int) -> None:
    """Refuse when somebody saved it since `version` was read.

    Raises:
        ChangedMeanwhile: with who and when.
    """
    if invoice.version != version:
        at = timezone.localtime(invoice.changed_at).strftime("%H:%M")
        raise ChangedMeanwhile(who=str(invoice.changed_by), at=at)


def require(invoice: Invoice, action: Action) -> None:
    """Refuse what the table of transitions does not have.

    Raises:
        NotPossible.
    """
    if transition(State(invoice.state), action) is None:
        raise NotPossible(state=state_text(invoice.state))


def apply(action: Action, changes: Sequence[Change], *, actor: Actor, now: datetime) -> None:
    """Take the step for rows that are locked, in one statement each for rows and events.

    Raises:
        NotPossible: one of them is in a state that does not allow it; then none is changed.
    """
    events = []
    columns = {"state", "version", "changed_at"}
    for change in changes:
        invoice = change.invoice
        require(invoice, action)
        step = transition(State(invoice.state), action)
        assert step is not None  # noqa: S101 (require has just said so)
        target = step.target.value if step.target else ""
        events.append(chain.NewEvent(invoice.pk, action.value, invoice.state, target, change.data))
        if step.target is None:
            invoice.deleted_at = now
            columns.add("deleted_at")
        else:
            invoice.state = step.target
        invoice.version += 1
        invoice.changed_at = now
        if actor.user_id is not None:
            invoice.changed_by_id = actor.user_id
            columns.add("changed_by")
        columns.update(change.columns)
    _write([change.invoice for change in changes], sorted(columns))
    chain.record(events, actor=actor, at=now)


def _write(invoices: Sequence[Invoice], columns: Sequence[str]) -> None:
    """Write columns of many rows in one statement: an array for each column, however many rows there are.

    Django's `bulk_update` makes one CASE of all rows for each column, which takes ten times as long to build, and a
    statement for each row is planned for each row.
    """
    table, pk = Invoice._meta.db_table, Invoice._meta.pk
    written = [field for field in Invoice._meta.concrete_fields if field.name in columns]
    arrays = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in invoices]
        for field in (*written, pk)
    ]
    names = [str(field.column) for field in (*written, pk)]
    # Without its length: a cast to varchar(10) cuts off what is too long, and the column itself refuses it.
    kinds = [str(field.db_type(connection)).partition("(")[0] for field in (*written, pk)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS old SET {', '.join(f'{name} = new.{name}' for name in names[:-1])} "
            f"FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)}) AS new ({', '.join(names)}) "
            "WHERE old.id = new.id",
            arrays,
        )
