"""The secret part of a link's address: the id of its row and a MAC over it, and nothing else.

A token is base64url of the 16 bytes of the row's UUID and 16 bytes of an HMAC-SHA-256 over them. The key is derived
from the server's secret for links alone and for each purpose apart (HKDF-SHA-256, RFC 5869), so that a copy of the
table opens nothing, and a link for one purpose opens nothing of another.
"""

import base64
import binascii
import hmac
import uuid
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from dojang.service.links.models import Link, Purpose

_ID_BYTES: Final = 16
_MAC_BYTES: Final = 16
"""128 bits: guessing one is out of reach, whatever the rate limit."""
_LENGTH: Final = 43
"""Characters of base64url without padding."""


def make(link: Link) -> str:
    """The token that opens `link`."""
    return _text(link.pk, Purpose(link.purpose))


def read(token: str, purpose: Purpose) -> uuid.UUID | None:
    """The id in a token that this server made for `purpose`; None for any other text, in constant time."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        data = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    link_id = uuid.UUID(bytes=data[:_ID_BYTES])
    # The text and not the bytes: base64 has several ways to write the last ones, and one link has one address.
    return link_id if hmac.compare_digest(token, _text(link_id, purpose)) else None


def _text(link_id: uuid.UUID, purpose: Purpose) -> str:
    mac = hmac.new(_key(purpose), link_id.bytes, sha256).digest()[:_MAC_BYTES]
    return base64.urlsafe_b64encode(link_id.bytes + mac).rstrip(b"=").decode()


def _key(purpose: Purpose) -> bytes:
    info = f"dojang/link/1/{purpose.value}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(settings.SECRET_KEY.encode())
