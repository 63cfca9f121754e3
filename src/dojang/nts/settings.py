"""What an operator has to know to transmit: all of it is configuration, since 국세청 hands it out by letter."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dojang.nts.errors import InvalidSettings
from dojang.nts.soap import PartyId
from dojang.nts.wsse import Signer

_REGISTRATION = re.compile("[0-9]{8}")
_BUSINESS_NUMBER = re.compile("[0-9]{10}")
_ADDRESSES = ("submit_address", "results_address", "certificates_address")
_TIMEOUTS = ("connect_timeout", "read_timeout", "write_timeout", "reply_timeout")


@dataclass(frozen=True, slots=True)
class NtsSettings:
    """Addresses, numbers, certificates and time-outs of one transmitting system.

    Attributes:
        submit_address: where TaxInvoiceSubmit goes; http or https.
        results_address: where ResultsReqSubmit goes.
        certificates_address: where RequestCert goes.
        registration: our registration number (국세청 등록번호), 8 digits; 41… is an ASP's, 42… an own system's.
        business_number: our business number, 10 digits.
        name: our name as registered.
        certificate: the certificate (DER) with which this system signs its messages.
        nts_certificates: the certificates (DER) with which the NTS signs messages and responses; nothing
            signed with another is believed.
        nts_km_certificate: the NTS's certificate for encryption (DER); None until it was requested.
        reply_to: our address for results, if we have one.
        nts_registration: whose certificate to take out of the archive of certificates.
        connect_timeout: seconds until a connection must stand.
        read_timeout: seconds to wait for each piece of the reply.
        write_timeout: seconds for each piece of the request to leave.
        reply_timeout: seconds in which the whole body of the reply has to arrive.
        verify_tls: whether the server's TLS certificate is checked.
        ca_file: path of CA certificates (PEM) to check it against, instead of the system's.

    Raises:
        InvalidSettings: an address, number or time-out that cannot be.
    """

    submit_address: str
    results_address: str
    certificates_address: str
    registration: str
    business_number: str
    name: str
    certificate: bytes = field(repr=False)
    nts_certificates: tuple[bytes, ...] = field(repr=False)
    nts_km_certificate: bytes | None = field(default=None, repr=False)
    reply_to: str | None = None
    nts_registration: str = "40000000"
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    write_timeout: float = 60.0
    reply_timeout: float = 120.0
    verify_tls: bool = True
    ca_file: str | None = None

    def __post_init__(self) -> None:
        for name in _ADDRESSES:
            _require_address(name, getattr(self, name))
        _require_digits("registration", self.registration, _REGISTRATION)
        _require_digits("nts_registration", self.nts_registration, _REGISTRATION)
        _require_digits("business_number", self.business_number, _BUSINESS_NUMBER)
        for name in _TIMEOUTS:
            seconds = getattr(self, name)
            if not (math.isfinite(seconds) and seconds > 0):
                raise InvalidSettings(
                    why_ko=f"{name}은(는) 0보다 큰 초 단위 값이어야 합니다",
                    why_en=f"{name} has to be more than 0 seconds",
                )
        if not self.nts_certificates:
            raise InvalidSettings(
                why_ko="국세청 서명 인증서(nts_certificates)가 없습니다", why_en="nts_certificates is empty"
            )

    @property
    def party(self) -> PartyId:
        """We, as From in messages."""
        return PartyId(self.business_number, self.name)

    def signer(self, sign: Callable[[bytes], bytes]) -> Signer:
        """Our certificate with the callable that signs bytes with its key."""
        return Signer(self.certificate, sign)


def _require_address(name: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or not address.isascii() or not address.isprintable() or " " in address:
        raise InvalidSettings(
            why_ko=f"{name}이(가) http 또는 https 주소가 아닙니다",
            why_en=f"{name} is no http or https address",
        )


def _require_digits(name: str, value: str, shape: re.Pattern[str]) -> None:
    if not shape.fullmatch(value):
        raise InvalidSettings(
            why_ko=f"{name}의 자릿수가 맞지 않습니다", why_en=f"{name} does not have the right digits"
        )
