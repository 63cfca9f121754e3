"""An invoice as the standard's XML, canonical by construction.

UTF-8, LF, no DOM: what is written is already in C14N form, so that signing needs no parse, and the octets that
are signed are slices of what is stored and sent. The table of `schema` is compiled once into small functions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, cast

from dojang.etax import schema
from dojang.etax.codes import Taxation
from dojang.etax.errors import CannotWrite
from dojang.etax.format_findings import path_of
from dojang.etax.invoice import Invoice, Record
from dojang.etax.schema import Group, Leaf
from dojang.etax.xml_values import FORBIDDEN, NUMBER, TEXT, ForbiddenCharacter, attribute

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = f' xmlns="{schema.NAMESPACE}" xmlns:xsi="{_XSI}"'.encode()
_ROOT_START = b'<%b%b xsi:schemaLocation="%b">\n' % (
    schema.ROOT.encode(),
    NAMESPACES,
    schema.SCHEMA_LOCATION.encode(),
)
_ROOT_END = f"</{schema.ROOT}>".encode()

_Get = Callable[[Any], Any]
_Render = Callable[[Any], str]
_Plan = tuple[tuple[_Get, _Render], ...]
"""For each child: its value in the record, and that value, when there is one, as XML."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """The document's octets around the place of its signature.

    Attributes:
        head: XML declaration, root tag and ExchangedDocument; the signature does not cover them.
        signed: what stands behind the signature's place and is covered.
    """

    head: bytes
    signed: bytes

    @property
    def octets(self) -> bytes:
        """What the signature digests (see `xmldsig`): the LF before and behind its place belong to it."""
        return b"%b\n\n%b" % (NAMESPACES, self.signed[: -len(_ROOT_END)])

    def with_signature(self, signature: bytes) -> bytes:
        """The whole document, with this element (b"" for none) at the signature's place."""
        return self.head + signature + self.signed


def write_unsigned(invoice: Invoice) -> Unsigned:
    """The document ready to be signed.

    Raises:
        CannotWrite: it has no issue id or time of issue, or a text holds a character that XML cannot hold.
    """
    for name in ("issue_id", "issued_at"):
        if getattr(invoice, name) is None:
            raise CannotWrite(
                path=name, why_ko="값이 없습니다. 먼저 정하세요.", why_en="has no value. Give it one first."
            )
    exchanged, document, settlement, item = _PLANS[invoice.taxation is Taxation.EXEMPT]
    try:
        head = f"<{_EXCHANGED}>{_fill(exchanged, invoice)}</{_EXCHANGED}>"
        lines = [
            f"<{_ITEM}><{_SEQUENCE}>{number}</{_SEQUENCE}>{_fill(item, line)}</{_ITEM}>\n"
            for number, line in enumerate(invoice.items, 1)
        ]
        signed = (
            f"<{_DOCUMENT}>{_fill(document, invoice)}</{_DOCUMENT}>\n"
            f"<{_SETTLEMENT}>{_fill(settlement, invoice)}</{_SETTLEMENT}>\n{''.join(lines)}"
        )
    except ForbiddenCharacter:
        raise CannotWrite(
            path=_forbidden_place(invoice.model_dump()) or "",
            why_ko="XML에 쓸 수 없는 제어 문자가 들어 있습니다. 지우고 다시 하세요.",
            why_en="a text holds a control character. Delete it and try again.",
        ) from None
    return Unsigned(b"%b%b%b\n" % (DECLARATION, _ROOT_START, head.encode()), signed.encode() + _ROOT_END)


def _forbidden_place(value: object, location: tuple[int | str, ...] = ()) -> str | None:
    """The path of the first text that XML cannot hold."""
    if isinstance(value, str):
        return path_of(location) if FORBIDDEN.search(value) else None
    inner: Iterable[tuple[int | str, object]] = ()
    if isinstance(value, dict):
        inner = cast("dict[str, object]", value).items()
    elif isinstance(value, tuple):
        inner = enumerate(cast("tuple[object, ...]", value))
    found = (_forbidden_place(part, (*location, name)) for name, part in inner)
    return next((path for path in found if path), None)


def write(invoice: Invoice) -> bytes:
    """The document without a signature. Raises like `write_unsigned`."""
    return write_unsigned(invoice).with_signature(b"")


def _fill(plan: _Plan, record: Record) -> str:
    return "".join([render(value) for get, render in plan if (value := get(record)) is not None])


def _leaf(leaf: Leaf, around: tuple[str, str], *, exempt: bool) -> tuple[_Get, _Render]:
    write = leaf.kind.write
    start, end = f"{around[0]}<{leaf.name}>", f"</{leaf.name}>{around[1]}"

    def one(value: object) -> str:
        return start + write(value) + end

    def word(value: str) -> str:
        return start + (value if value.isalnum() else write(value)) + end

    def many(values: Iterable[object]) -> str:
        return "".join([start + write(value) + end for value in values])

    def unless_zero(value: object) -> str:
        return one(value) if value else ""

    if leaf.attribute is not None:
        return attrgetter(leaf.field, leaf.attribute[1]), _with_attribute(leaf)
    if leaf.most > 1:
        return attrgetter(leaf.field), many
    if leaf.kind is TEXT or leaf.kind is NUMBER:
        return attrgetter(leaf.field), word
    return attrgetter(leaf.field), unless_zero if leaf.tax and exempt else one


def _with_attribute(leaf: Leaf) -> _Render:
    name = leaf.attribute[0] if leaf.attribute else ""

    def render(values: tuple[object, str | None]) -> str:
        value, said = values
        if value is None:
            return ""
        with_said = "" if said is None else f' {name}="{attribute(said)}"'
        return f"<{leaf.name}{with_said}>{leaf.kind.write(value)}</{leaf.name}>"

    return render


def _group(group: Group, *, exempt: bool) -> tuple[_Get, _Render]:
    if group.field is None and len(group.children) == 1 and isinstance(group.children[0], Leaf):
        return _leaf(group.children[0], (f"<{group.name}>", f"</{group.name}>"), exempt=exempt)
    plan = _plan(group, exempt=exempt)
    start, end = f"<{group.name}>", f"</{group.name}>"

    def wrapping(record: Record) -> str:
        content = _fill(plan, record)
        return start + content + end if content else ""

    def of_record(record: Record) -> str:
        return start + _fill(plan, record) + end

    def many(records: Iterable[Record]) -> str:
        return "".join([start + _fill(plan, record) + end for record in records])

    if group.field is None:
        return _itself, wrapping
    if group.place is not None:
        return _at(group.field, group.place), of_record
    return attrgetter(group.field), many if group.most > 1 else of_record


def _itself(record: Record) -> Record:
    return record


def _at(field: str, place: int) -> _Get:
    values = attrgetter(field)

    def get(record: Record) -> Record | None:
        found = values(record)
        return found[place] if place < len(found) else None

    return get


def _plan(group: Group, *, exempt: bool) -> _Plan:
    return tuple(
        _leaf(child, ("", ""), exempt=exempt) if isinstance(child, Leaf) else _group(child, exempt=exempt)
        for child in group.children
        if child.name != _SEQUENCE
    )


_SEQUENCE = schema.SEQUENCE
_GROUPS = (schema.EXCHANGED_DOCUMENT, schema.DOCUMENT, schema.SETTLEMENT, schema.LINE_ITEM)
_EXCHANGED, _DOCUMENT, _SETTLEMENT, _ITEM = (group.name for group in _GROUPS)
# One set of plans for taxed documents and one for exempt ones, which have no tax elements.
_PLANS = tuple(tuple(_plan(group, exempt=exempt) for group in _GROUPS) for exempt in (False, True))
