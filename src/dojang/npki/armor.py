"""The three guises of a certificate or key file: DER, PEM and bare base64, told apart by content, never by name."""

import base64
import binascii
import re
from typing import Final

from dojang.npki.errors import MalformedFile

_DER_SEQUENCE: Final = b"\x30"
_PEM: Final = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,40}-----([^-]*)-----END ")
_WHITE_SPACE: Final = bytes.maketrans(b"", b""), b" \t\r\n"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def to_der(data: bytes) -> bytes:
    """The DER inside `data`; of a PEM file with several blocks, the first.

    Raises:
        MalformedFile: neither DER, PEM nor base64 of DER.
    """
    if data.startswith(_DER_SEQUENCE):
        return data
    text = data.removeprefix(_BYTE_ORDER_MARK)
    block = _PEM.search(text)
    der = _base64(block[1] if block else text)
    if not der.startswith(_DER_SEQUENCE):
        raise MalformedFile
    return der


def _base64(text: bytes) -> bytes:
    try:
        return base64.b64decode(text.translate(*_WHITE_SPACE), validate=True)
    except binascii.Error:
        raise MalformedFile from None
