"""품목 memory: what was sold to whom, at which price the last time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from dojang.service.counterparties.details import limit
from dojang.service.counterparties.models import RememberedItem
from dojang.service.tenancy.scope import current_workspace


@dataclass(frozen=True, slots=True)
class SoldItem:
    """One line of an invoice that is worth remembering; `unit_price` is a decimal as it stood there, or empty."""

    name: str
    specification: str = ""
    unit_price: str = ""


def remember_items(
    *, business_id: int, counterparty_id: int | None, items: Iterable[SoldItem], now: datetime
) -> None:
    """Remember what an invoice sold, in the open workspace; called when it is issued, in the same transaction.

    A line without a name is not remembered; one that stands on the invoice several times counts once, with the
    last price.

    Args:
        business_id: the supplier.
        counterparty_id: the buyer, if it is in the address book.
        items: the lines of the invoice.
        now: when it was issued, aware.
    """
    lines = {}
    for item in items:
        name, specification = _fitting(item.name, "name"), _fitting(item.specification, "specification")
        if name:
            lines[name, specification] = _fitting(item.unit_price, "unit_price")
    if not lines:
        return
    workspace_id = current_workspace()
    rows = [
        (workspace_id, business_id, counterparty_id, name, specification, price, now)
        for (name, specification), price in sorted(lines.items())
    ]
    # In the order of the key, so that two who issue at once wait for each other and never both.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_REMEMBER, rows)


def _fitting(text: str, column: str) -> str:
    """As much as the column holds: a memory needs no more."""
    most = limit(RememberedItem, column)
    return " ".join(text.replace("\x00", "").split())[:most].strip()


_TABLE = RememberedItem._meta.db_table
# Django's own upsert cannot count.
_REMEMBER = f"""
    INSERT INTO {_TABLE} AS old
        (workspace_id, business_id, counterparty_id, name, specification, unit_price, used_at, times)
    VALUES (%s, %s, %s, %s, %s, %s, %s, 1)
    ON CONFLICT (business_id, counterparty_id, name, specification) DO UPDATE SET
        times = old.times + 1,
        unit_price = CASE WHEN excluded.unit_price = '' THEN old.unit_price ELSE excluded.unit_price END,
        used_at = greatest(old.used_at, excluded.used_at)
"""
