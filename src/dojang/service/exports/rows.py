"""Rows of whole tables, some at a time, by their key: nothing of the database is held between two of them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet


def by_key(rows: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    """Some rows at a time, in the order of their ids."""
    ordered: QuerySet[Model] = rows.order_by("pk")
    some = list(ordered[:size])
    while some:
        yield some
        some = list(ordered.filter(pk__gt=some[-1].pk)[:size])
