"""Certificate revocation lists (폐지목록, RFC 5280 section 5; KCAC.TS.CRLPROF) and what they say about a certificate.

Korean authorities cut their lists into partitions: a certificate's distribution point
(`ldap://…/ou=dp18p395,ou=AccreditedCA,o=yessign,c=kr?…`) names its own, and the list says the same in its
issuingDistributionPoint.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, Final, Literal, Protocol
from urllib.parse import unquote

from dojang.npki import der
from dojang.npki.armor import to_der
from dojang.npki.certificates import Certificate
from dojang.npki.errors import FileTooLarge, MalformedFile, NpkiError
from dojang.npki.extensions import (
    AUTHORITY_KEY_ID,
    DIRECTORY_NAME,
    FALSE,
    PRIMITIVE_CONTEXT,
    URI,
    Extension,
    full_name,
    read_extensions,
    read_uri,
)
from dojang.npki.instants import GENERALIZED_TIME, UTC_TIME, read_instant
from dojang.npki.names import Name

MAX_SIZE: Final = 4 * 1024 * 1024
# Seven elements an entry: lists of some 40,000 entries; a Korean partition has hundreds.
MAX_ELEMENTS: Final = 300_000

CRL_NUMBER: Final = "2.5.29.20"
REASON_CODE: Final = "2.5.29.21"
ISSUING_DISTRIBUTION_POINT: Final = "2.5.29.28"

# RFC 5280, 5.3.1
REASONS: Final = (
    "unspecified",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "unused",
    "removeFromCRL",
    "privilegeWithdrawn",
    "aACompromise",
)

_ENUMERATED: Final = 0x0A
_ONLY_USERS: Final = PRIMITIVE_CONTEXT | 1
_ONLY_AUTHORITIES: Final = PRIMITIVE_CONTEXT | 2
_SOME_REASONS: Final = PRIMITIVE_CONTEXT | 3
_INDIRECT: Final = PRIMITIVE_CONTEXT | 4
_ONLY_ATTRIBUTES: Final = PRIMITIVE_CONTEXT | 5
_LDAP_URL: Final = re.compile(r"ldaps?://[^/]*/([^?]*)", re.IGNORECASE)
_AROUND_COMMA: Final = re.compile(r"\s*([,=])\s*")


class CrlUnsupported(NpkiError):
    """A delta list, an indirect one or one with conditions that are not understood. Facts: `what`."""

    code: ClassVar[str] = "unsupported_crl"
    ko: ClassVar[str] = (
        "지원하지 않는 종류의 폐지목록(CRL)입니다({what}). 인증기관의 전체 폐지목록을 받아 주세요."
    )
    en: ClassVar[str] = (
        "This kind of revocation list (CRL) is not supported ({what}). Fetch the authority's full list."
    )


@dataclass(frozen=True, slots=True)
class Revoked:
    """The certificate was revoked at this instant; `reason` is a name of RFC 5280, 5.3.1."""

    when: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Good:
    """The certificate was not revoked at the instant asked for; it may have been since."""

    revoked_later: Revoked | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing usable answers: no list for this certificate, or only lists that are too old or too new."""

    why: Literal["no_list", "stale", "after_expiry"]


RevocationStatus = Good | Revoked | Unknown


class RevocationSource(Protocol):
    """Where revocations are looked up: loaded CRLs, an OCSP contract, a database."""

    def status(self, certificate: Certificate, at: datetime) -> RevocationStatus:
        """What is known about the certificate at this aware instant."""
        ...


@dataclass(frozen=True, slots=True)
class _Scope:
    """The issuingDistributionPoint of a partitioned list; empty `points` with `partitioned` covers nobody."""

    partitioned: bool = False
    points: frozenset[str] = frozenset()
    authorities_only: bool = False
    users_only: bool = False

    def covers(self, certificate: Certificate) -> bool:
        if (self.users_only and certificate.is_ca) or (self.authorities_only and not certificate.is_ca):
            return False
        return not self.partitioned or any(_point(url) in self.points for url in certificate.crl_urls)


@dataclass(frozen=True, slots=True, eq=False)
class Crl:
    """One revocation list. Reading it checks its form only; `CrlStore` checks who signed it.

    `entries` maps serial numbers to revocations; times are aware UTC.
    """

    issuer_name: Name
    this_update: datetime
    next_update: datetime | None
    number: int | None
    entries: Mapping[int, Revoked] = field(repr=False)
    signed_part: bytes = field(repr=False)
    signature_algorithm: str = field(repr=False)
    signature: bytes = field(repr=False)
    scope: _Scope = field(repr=False)

    @classmethod
    def load(cls, data: bytes) -> "Crl":
        """Read a CRL from DER, PEM or base64.

        Raises:
            FileTooLarge: more than 4 MiB.
            MalformedFile: not one complete CRL.
            CrlUnsupported: a delta or indirect list, or an unknown critical extension.
        """
        if len(data) > MAX_SIZE:
            raise FileTooLarge(limit=MAX_SIZE)
        return _read(to_der(data))

    @property
    def issuer(self) -> str:
        return str(self.issuer_name)

    def signed_by(self, authority: Certificate) -> bool:
        """Whether this authority, if it may sign lists at all, signed this one."""
        allowed = not authority.key_usage or "cRLSign" in authority.key_usage
        same = self.issuer_name.same_as(authority.subject_name)
        return (
            allowed and same and authority.signed(self.signed_part, self.signature, self.signature_algorithm)
        )

    def covers(self, certificate: Certificate) -> bool:
        """Whether the list's scope includes the certificate: its absence from the entries then means something."""
        return self.issuer_name.same_as(certificate.issuer_name) and self.scope.covers(certificate)

    def current_at(self, at: datetime) -> bool:
        """Whether no newer list was due at this instant. A list made later than `at` knows more, not less."""
        return self.next_update is None or at <= self.next_update


class CrlStore:
    """A `RevocationSource` over loaded CRLs, each believed only if one of `authorities` signed it."""

    __slots__ = ("_signed",)

    def __init__(self, crls: Iterable[Crl], authorities: Iterable[Certificate]) -> None:
        known = tuple(authorities)
        newest_first = sorted(crls, key=lambda crl: crl.this_update, reverse=True)
        self._signed = tuple(
            (crl, authority) for crl in newest_first for authority in known if crl.signed_by(authority)
        )

    def status(self, certificate: Certificate, at: datetime) -> RevocationStatus:
        """Revoked once any list says so; good when a list in force that covers the certificate does not name it.

        A hold (certificateHold) that the newest covering list no longer names was lifted.
        """
        crls = [crl for crl, authority in self._signed if authority.issued(certificate)]
        covering = [crl for crl in crls if crl.covers(certificate)]
        for crl in crls:
            entry = crl.entries.get(certificate.serial)
            if entry and (entry.reason != "certificateHold" or crl in covering[:1]):
                return entry if entry.when <= at else Good(revoked_later=entry)
        return _absent(covering, certificate, at)


def _absent(covering: list[Crl], certificate: Certificate, at: datetime) -> RevocationStatus:
    """What lists that do not name the certificate say."""
    if not covering:
        return Unknown("no_list")
    current = [crl for crl in covering if crl.current_at(at)]
    if not current:
        return Unknown("stale")
    # RFC 5280, 3.3: entries may be dropped once the certificate has expired.
    if all(crl.this_update > certificate.valid_to for crl in current):
        return Unknown("after_expiry")
    return Good()


def _read(data: bytes) -> Crl:
    outer = der.parse(data, max_elements=MAX_ELEMENTS).fields()
    signed_part = outer.next()
    algorithm = outer.next()
    signature = outer.next().bits()
    outer.end()

    fields = signed_part.fields()
    fields.optional(der.INTEGER)  # the version
    inner_algorithm = fields.next()
    issuer_name = Name.read(fields.next())
    this_update = read_instant(fields.next())
    next_update = fields.optional(UTC_TIME) or fields.optional(GENERALIZED_TIME)
    revoked = fields.optional(der.SEQUENCE)
    wrapped = fields.optional(der.context(0))
    fields.end()
    if inner_algorithm != algorithm:
        raise MalformedFile
    extensions = read_extensions(wrapped.fields(der.context(0)).next()) if wrapped else {}
    _refuse_unknown(extensions, {CRL_NUMBER, AUTHORITY_KEY_ID, ISSUING_DISTRIBUTION_POINT})
    number = extensions.get(CRL_NUMBER)
    return Crl(
        issuer_name=issuer_name,
        this_update=this_update,
        next_update=read_instant(next_update) if next_update else None,
        number=der.parse(number.value).integer() if number else None,
        entries=MappingProxyType(dict(map(_entry, revoked.items() if revoked else ()))),
        signed_part=signed_part.encoded,
        signature_algorithm=algorithm.fields().next().oid(),
        signature=signature,
        scope=_scope(extensions.get(ISSUING_DISTRIBUTION_POINT)),
    )


def _refuse_unknown(extensions: Mapping[str, Extension], known: set[str]) -> None:
    for extension in extensions.values():
        if extension.critical and extension.oid not in known:
            raise CrlUnsupported(what=extension.oid)


def _entry(element: der.Element) -> tuple[int, Revoked]:
    fields = element.fields()
    serial = fields.next().integer()
    when = read_instant(fields.next())
    wrapped = fields.optional(der.SEQUENCE)
    fields.end()
    extensions = read_extensions(wrapped) if wrapped else {}
    _refuse_unknown(extensions, {REASON_CODE})
    return serial, Revoked(when, _reason(extensions.get(REASON_CODE)))


def _reason(extension: Extension | None) -> str:
    if extension is None:
        return REASONS[0]
    element = der.parse(extension.value)
    element.require(_ENUMERATED)
    code = int.from_bytes(element.content)
    return REASONS[code] if code < len(REASONS) else REASONS[0]


def _scope(extension: Extension | None) -> _Scope:
    if extension is None:
        return _Scope()
    fields = der.parse(extension.value).fields()
    point = fields.optional(der.context(0))
    users_only = _flag(fields, _ONLY_USERS)
    authorities_only = _flag(fields, _ONLY_AUTHORITIES)
    for tag, what in (
        (_SOME_REASONS, "onlySomeReasons"),
        (_INDIRECT, "indirectCRL"),
        (_ONLY_ATTRIBUTES, "onlyAttributes"),
    ):
        if _flag(fields, tag):
            raise CrlUnsupported(what=what)
    fields.end()
    points = frozenset(filter(None, map(_point_of, full_name(point))))
    return _Scope(point is not None, points, authorities_only=authorities_only, users_only=users_only)


def _flag(fields: der.Fields, tag: int) -> bool:
    element = fields.optional(tag)
    return element is not None and element.content != FALSE


def _point_of(general_name: der.Element) -> str | None:
    if general_name.tag == URI:
        return _point(read_uri(general_name))
    if general_name.tag == der.context(DIRECTORY_NAME):
        return _point(str(Name.read(general_name.fields(general_name.tag).next())))
    return None


def _point(address: str) -> str:
    """A distribution point in comparable form: lists name by DN what certificates name by LDAP URL."""
    url = _LDAP_URL.match(address)
    name = unquote(url[1]) if url else address
    return _AROUND_COMMA.sub(r"\1", name.strip()).casefold()
