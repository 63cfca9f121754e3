"""Personal numbers at rest: encrypted under the service's data key, and found by a fingerprint alone.

A sealed value is `version (1) | key id (4) | nonce (12) | ciphertext and tag`, AES-256-GCM. Version, key id, purpose
and workspace are authenticated with it, so a value that is moved to another column or another workspace does not
open. Keys of each workspace are derived from the data key by HKDF-SHA-256 (RFC 5869), apart for each use.

Source: 개인정보 보호법 §24의2② (resident numbers are to be kept encrypted); 개인정보의 안전성 확보조치 기준 §7.
"""

import hmac
import os
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from dojang.errors import DojangError

VERSION: Final = 1
_KEY_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_HEAD_BYTES: Final = 1 + _KEY_ID_BYTES


class SecretUnreadable(DojangError):
    """A sealed value that does not open; which of the reasons it is cannot be told, nor would it help to."""

    code = "secret_unreadable"
    ko = "암호화해 둔 값을 열 수 없습니다. 데이터 키(DOJANG_DATA_KEY)가 저장할 때의 키와 같은지 운영자에게 확인하세요."
    en = "An encrypted value does not open. Ask the operator whether DOJANG_DATA_KEY is the key it was saved with."


def encrypt(plain: bytes, *, purpose: str, workspace_id: int) -> bytes:
    """Seal a value for one purpose in one workspace. The same value twice gives two different results.

    Args:
        plain: any bytes.
        purpose: what it is, as in `counterparty.personal_number`; the same has to be said to open it.
        workspace_id: whose it is.
    """
    nonce = os.urandom(_NONCE_BYTES)
    head = bytes([VERSION]) + _key_id()
    sealed = _cipher(workspace_id).encrypt(nonce, plain, _bound(head, purpose, workspace_id))
    return head + nonce + sealed


def decrypt(sealed: bytes | memoryview, *, purpose: str, workspace_id: int) -> bytes:
    """Open what `encrypt` made for the same purpose and workspace.

    Args:
        sealed: as bytes, or the view that a database gives.
        purpose: as it was said when sealing.
        workspace_id: whose it is.

    Raises:
        SecretUnreadable: another key, purpose or workspace, or bytes that were changed.
    """
    data = bytes(sealed)
    head, nonce, rest = (
        data[:_HEAD_BYTES],
        data[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES],
        data[_HEAD_BYTES + _NONCE_BYTES :],
    )
    if len(rest) < _TAG_BYTES or head != bytes([VERSION]) + _key_id():
        raise SecretUnreadable
    try:
        return _cipher(workspace_id).decrypt(nonce, rest, _bound(head, purpose, workspace_id))
    except InvalidTag:
        raise SecretUnreadable from None


def fingerprint(number: str, workspace_id: int) -> str:
    """By what an encrypted number is found again: 64 hex digits, other ones in every workspace.

    Args:
        number: digits only, as `dojang.etax.identifiers.normalize` leaves them.
        workspace_id: whose it is.
    """
    return hmac.new(_derived("fingerprint", workspace_id), number.encode(), sha256).hexdigest()


def _cipher(workspace_id: int) -> AESGCM:
    return AESGCM(_derived("encrypt", workspace_id))


def _derived(use: str, workspace_id: int) -> bytes:
    """A key for one use in one workspace."""
    info = f"dojang/{use}/{VERSION}/{workspace_id}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(settings.ENVIRONMENT.data_key)


def _key_id() -> bytes:
    """Names the data key without telling anything of it, so that a later one can be known from an earlier."""
    info = f"dojang/key-id/{VERSION}".encode()
    return HKDF(algorithm=SHA256(), length=_KEY_ID_BYTES, salt=None, info=info).derive(
        settings.ENVIRONMENT.data_key
    )


def _bound(head: bytes, purpose: str, workspace_id: int) -> bytes:
    return head + f"{workspace_id}/{purpose}".encode()
