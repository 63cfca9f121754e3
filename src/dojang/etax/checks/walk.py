"""Walking through every value of an invoice, with its path and its label."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, cast

from dojang.etax.invoice import Invoice, Label, Party, Record


class Value(NamedTuple):
    """One value that is not a record: its path, the path without indices, its label."""

    path: str
    key: str
    label: Label
    value: object


def values(record: Record, path: str = "", key: str = "", around: Label | None = None) -> Iterator[Value]:
    """Every value inside a record, depth first; labels name the way, such as `공급자 상호`."""
    for field, label in _fields(type(record), around):
        value = getattr(record, field)
        if isinstance(value, tuple):
            found = cast("tuple[object, ...]", value)
            places = ((f"{path}{field}[{index}]", inner) for index, inner in enumerate(found))
        else:
            places = ((path + field, value),)
        for here, inner in places:
            if isinstance(inner, Record):
                yield from values(inner, f"{here}.", f"{key}{field}.", label)
            elif inner is not None:
                yield Value(here, key + field, label, inner)


@cache
def _fields(kind: type[Record], around: Label | None) -> tuple[tuple[str, Label], ...]:
    """The fields of a kind of record, with their labels inside the record around it."""
    return tuple((field, _joined(around, kind.label(field))) for field in kind.model_fields)


def _joined(around: Label | None, label: Label) -> Label:
    return Label(f"{around.ko} {label.ko}", f"{around.en} {label.en}") if around else label


class Side(NamedTuple):
    """One party that signs, with its path and label."""

    path: str
    label: Label
    party: Party


def sides(invoice: Invoice) -> Iterator[Side]:
    """Supplier and, if there is one, broker."""
    yield Side("supplier", Invoice.label("supplier"), invoice.supplier)
    if invoice.broker is not None:
        yield Side("broker", Invoice.label("broker"), invoice.broker)
