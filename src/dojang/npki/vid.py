"""본인확인: does a certificate belong to this business or resident number? (KCAC.TS.SIVID)

VID = h(h(DER of SEQUENCE { idn PrintableString, randomNum BIT STRING })), with h as the certificate names it.
Whoever holds the certificate and R can find the number by trial; neither R nor the number is ever put in a message.
"""

import hashlib
import hmac
import re
from typing import Final

from dojang.npki import der
from dojang.npki.certificates import Certificate
from dojang.npki.errors import NotThisBusinessNumber
from dojang.npki.names import PRINTABLE_STRING
from dojang.npki.random_number import RandomNumber

_HYPHENS: Final = re.compile(r"[\s-]")
# 사업자등록번호, or 주민등록번호 and 외국인등록번호
_IDN: Final = re.compile(r"[0-9]{10}|[0-9]{13}", re.ASCII)


def compute_vid(number: str, random_number: RandomNumber, hash_name: str) -> bytes:
    """The VID of a number of 10 or 13 digits, hyphens allowed; `hash_name` is `sha1`, `sha256`, `sha384` or `sha512`.

    Raises:
        NotThisBusinessNumber: the number has another form, so no certificate can be issued to it.
    """
    idn = _HYPHENS.sub("", number)
    if not _IDN.fullmatch(idn):
        raise NotThisBusinessNumber
    content = der.sequence(
        der.encode(PRINTABLE_STRING, idn.encode("ascii")), der.bit_string(random_number.reveal())
    )
    return hashlib.new(hash_name, hashlib.new(hash_name, content).digest()).digest()


def vid_matches(certificate: Certificate, random_number: RandomNumber, number: str) -> bool:
    """Whether the certificate was issued to this number; False also when it carries no VID."""
    try:
        require_vid(certificate, random_number, number)
    except NotThisBusinessNumber:
        return False
    return True


def require_vid(certificate: Certificate, random_number: RandomNumber, number: str) -> None:
    """Refuse a certificate that was not issued to this number.

    Raises:
        NotThisBusinessNumber: certificate, R and number do not agree.
    """
    vid = certificate.vid
    if vid is None or not hmac.compare_digest(compute_vid(number, random_number, vid.hash_name), vid.digest):
        raise NotThisBusinessNumber
