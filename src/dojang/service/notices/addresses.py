"""How a mail is known again when it comes back: by a token in its Message-ID and in the address it comes back to.

That address (VERP) is its own where the operator has set `DOJANG_MAIL_BOUNCES`. A token is the ids of workspace and mail under AES-SIV (RFC 5297), as base32: nobody can make one, and it tells nothing
of how many mails or companies there are. The same mail has the same token every time, so a second try has the same
Message-ID. Lower case and no other signs: mail servers change the case of addresses.
"""

import base64
import binascii
import re
import struct
from dataclasses import dataclass
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from dojang.service.variables import BOUNCE_MARK

_IDS: Final = struct.Struct(">QQ")
_LENGTH: Final = 52
"""Characters of 16 bytes of ids and 16 of the tag in base32; a local part may have 64 (RFC 5321 §4.5.3.1.1)."""
_TOKEN: Final = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{_LENGTH}}}(?![a-z2-7])")
_MOST: Final = 20
"""Tokens that are tried in one text: more are no address of ours."""


@dataclass(frozen=True, slots=True)
class MailPlace:
    """Where a mail is."""

    workspace_id: int
    mail_id: int


def token(place: MailPlace) -> str:
    """The token of a mail, always the same."""
    sealed = _cipher(settings.SECRET_KEY).encrypt(_IDS.pack(place.workspace_id, place.mail_id), None)
    return base64.b32encode(sealed).decode().rstrip("=").lower()


def places(text: str) -> list[MailPlace]:
    """The mails whose tokens stand somewhere in a text; forged ones are none."""
    found = (_read(one) for one in _TOKEN.findall(text.lower())[:_MOST])
    return list(dict.fromkeys(place for place in found if place is not None))


def message_id(place: MailPlace) -> str:
    """The Message-ID of a mail, with the domain that mails come from."""
    domain = settings.DEFAULT_FROM_EMAIL.rstrip("> ").rpartition("@")[2]
    return f"<{token(place)}@{domain or 'localhost'}>"


def return_address(place: MailPlace) -> str:
    """Where a mail server sends this mail back to: its own address where bounces are read, else the sender's."""
    bounces = settings.ENVIRONMENT.mail_bounces
    return bounces.replace(BOUNCE_MARK, token(place)) if bounces else settings.DEFAULT_FROM_EMAIL


def _read(text: str) -> MailPlace | None:
    try:
        sealed = base64.b32decode(text.upper() + "=" * (-_LENGTH % 8))
        place = MailPlace(*_IDS.unpack(_cipher(settings.SECRET_KEY).decrypt(sealed, None)))
    except (InvalidTag, binascii.Error):
        return None
    # Some bits of the last sign mean nothing in base32; a token has one spelling.
    return place if token(place) == text else None


@cache
def _cipher(secret_key: str) -> AESSIV:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"dojang/mail/1")
    return AESSIV(derived.derive(secret_key.encode()))
