"""The one LDAP operation NPKI needs: an anonymous read of one entry's attribute (RFC 4511, RFC 4516).

Korean authorities publish revocation lists in `certificateRevocationList` and `authorityRevocationList` of directory
entries. The messages are small ASN.1: `bind`, `search` with scope base, and what comes back.
"""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote

from dojang.npki import der
from dojang.npki.errors import FileTooLarge, MalformedFile

DEFAULT_PORT: Final = 389
DEFAULT_ATTRIBUTE: Final = "certificateRevocationList"

_VERSION: Final = 3
_SUCCESS: Final = 0
_BIND_REQUEST, _BIND_RESPONSE, _UNBIND_REQUEST = 0x60, 0x61, 0x42
_SEARCH_REQUEST, _SEARCH_ENTRY, _SEARCH_DONE = 0x63, 0x64, 0x65
_ENUMERATED, _BOOLEAN = 0x0A, 0x01
_SIMPLE_AUTHENTICATION: Final = 0x80
_PRESENT_FILTER: Final = 0x87
_HEADER: Final = 2
_LONG_LENGTH: Final = 0x80
_MAX_LENGTH_OCTETS: Final = 4
# What messages carry besides the attribute's values: names, result codes, referrals.
_OVERHEAD: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class LdapUrl:
    """Where an entry is and which attribute of it is wanted (RFC 4516); scope and filter are always base and any."""

    host: str
    port: int
    name: str
    attribute: str

    @classmethod
    def of(cls, url: SplitResult) -> "LdapUrl":
        """Raises ValueError when the port is none."""
        attribute = unquote(url.query.split("?", 1)[0].split(",", 1)[0]).split(";", 1)[0]
        return cls(
            url.hostname or "",
            url.port or DEFAULT_PORT,
            unquote(url.path.removeprefix("/")),
            attribute or DEFAULT_ATTRIBUTE,
        )


class Connection:
    """An anonymous connection: every read ends at one deadline and one limit of octets, however the server drips."""

    def __init__(self, connected: socket.socket, *, deadline: float, max_bytes: int) -> None:
        self._socket = connected
        self._deadline = deadline
        self._left = max_bytes + _OVERHEAD
        self._limit = max_bytes
        self._message_id = 0

    def bind(self) -> None:
        """Raises `MalformedFile` when the server refuses anonymous reading."""
        self._send(
            der.encode(
                _BIND_REQUEST,
                der.integer(_VERSION),
                der.octet_string(b""),
                der.encode(_SIMPLE_AUTHENTICATION),
            )
        )
        response = self._receive()
        response.require(_BIND_RESPONSE)
        _require_success(response)

    def read(self, url: LdapUrl) -> list[bytes]:
        """The values of the attribute, `;binary` or not, empty when the entry has none."""
        wanted = (f"{url.attribute};binary", url.attribute)
        self._send(_search(url.name, wanted, max(1, int(self._deadline - time.monotonic()))))
        found: list[bytes] = []
        while (answer := self._receive()).tag != _SEARCH_DONE:
            if answer.tag == _SEARCH_ENTRY:
                found += _values(answer, url.attribute)
        _require_success(answer)
        return found

    def unbind(self) -> None:
        self._send(der.encode(_UNBIND_REQUEST))

    def _send(self, operation: bytes) -> None:
        self._message_id += 1
        self._await()
        self._socket.sendall(der.sequence(der.integer(self._message_id), operation))

    def _receive(self) -> der.Element:
        """The operation in the next message that answers the last request."""
        header = self._exactly(_HEADER)
        if (
            header[0] != der.SEQUENCE
            or header[1] > _LONG_LENGTH | _MAX_LENGTH_OCTETS
            or header[1] == _LONG_LENGTH
        ):
            raise MalformedFile
        octets = self._exactly(header[1] & 0x7F) if header[1] & _LONG_LENGTH else b""
        length = int.from_bytes(octets) if octets else header[1]
        fields = der.parse(header + octets + self._exactly(length)).fields()
        if fields.next().integer() != self._message_id:
            raise MalformedFile
        return fields.next()

    def _exactly(self, count: int) -> bytes:
        self._left -= count
        if self._left < 0:
            raise FileTooLarge(limit=self._limit)
        received = bytearray()
        while len(received) < count:
            self._await()
            chunk = self._socket.recv(count - len(received))
            if not chunk:
                raise ConnectionError("the directory closed the connection")
            received += chunk
        return bytes(received)

    def _await(self) -> None:
        """Give the next socket operation what is left of the time."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the directory did not answer in time")
        self._socket.settimeout(left)


def read_attribute(url: LdapUrl, *, timeout: float, max_bytes: int) -> list[bytes]:
    """Connect, read the values of one attribute of one entry, and close.

    Raises:
        OSError: no connection, or no answer within `timeout` seconds in all.
        FileTooLarge: more than `max_bytes` came.
        MalformedFile: the answer is not LDAP, or says no.
    """
    deadline = time.monotonic() + timeout
    with socket.create_connection((url.host, url.port), timeout=timeout) as connected:
        connection = Connection(connected, deadline=deadline, max_bytes=max_bytes)
        connection.bind()
        values = connection.read(url)
        connection.unbind()
    return values


def _search(name: str, attributes: tuple[str, ...], time_limit: int) -> bytes:
    """A SearchRequest for one entry itself: scope base, aliases never followed, any objectClass."""
    base_object = never_dereference = der.encode(_ENUMERATED, b"\x00")
    return der.encode(
        _SEARCH_REQUEST,
        der.octet_string(name.encode()),
        base_object,
        never_dereference,
        der.integer(1),
        der.integer(time_limit),
        der.encode(_BOOLEAN, b"\x00"),
        der.encode(_PRESENT_FILTER, b"objectClass"),
        der.sequence(*(der.octet_string(attribute.encode()) for attribute in attributes)),
    )


def _values(entry: der.Element, attribute: str) -> Iterator[bytes]:
    fields = entry.fields(_SEARCH_ENTRY)
    fields.next()
    for part in fields.next().items():
        pair = part.fields()
        described = pair.next().octets().decode("utf-8", "replace")
        if described.split(";", 1)[0].casefold() == attribute.casefold():
            yield from (value.octets() for value in pair.next().items(der.SET))


def _require_success(result: der.Element) -> None:
    code = result.fields(result.tag).next()
    code.require(_ENUMERATED)
    if int.from_bytes(code.content) != _SUCCESS:
        raise MalformedFile
