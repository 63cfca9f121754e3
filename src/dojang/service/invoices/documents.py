"""Documents as they are stored: compressed, and encrypted where they name a resident number."""

import zlib

from dojang.service import secrets

_PLAIN, _SECRET = b"\x01", b"\x02"
_PURPOSE = "invoice.document"


def pack(document: bytes, *, secret: bool, workspace_id: int) -> bytes:
    """The stored form; `secret` says that a resident number is inside."""
    packed = zlib.compress(document, 6)
    if not secret:
        return _PLAIN + packed
    return _SECRET + secrets.encrypt(packed, purpose=_PURPOSE, workspace_id=workspace_id)


def is_secret(stored: bytes) -> bool:
    """Whether a resident number is inside."""
    return stored[:1] == _SECRET


def unpack(stored: bytes, *, workspace_id: int) -> bytes:
    """The exact bytes that `pack` was given."""
    return zlib.decompress(packed(stored, workspace_id=workspace_id))


def packed(stored: bytes, *, workspace_id: int) -> bytes:
    """The same as `unpack`, still compressed, in zlib's format: for what is compressed anyway."""
    kind, inside = stored[:1], stored[1:]
    return secrets.decrypt(inside, purpose=_PURPOSE, workspace_id=workspace_id) if kind == _SECRET else inside
