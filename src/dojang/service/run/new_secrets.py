"""Making the secrets of an installation, all at once, in one folder of private files."""

import base64
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from dojang.npki.files import write_private
from dojang.service.run.errors import SecretsDamaged, SecretsOpen, SecretsThere
from dojang.service.variables import DATA_KEY_BYTES

SECRETS = "secrets.env"
TRANSMITTER_KEY = "transmitter.pem"
TRANSMITTER_PUBLIC_KEY = "transmitter.pub.pem"
SECRET_FILES = (SECRETS, TRANSMITTER_KEY)
_TRANSMITTER_BITS = 3072
_IN_FILE = ("DOJANG_SECRET_KEY", "DOJANG_DATA_KEY")
_HEADER = "# 도장 서비스의 비밀 값. 백업하고, 아무에게도 보이지 마세요. / Secrets of Dojang: back them up, show nobody.\n"


def make(folder: Path) -> Path:
    """Make a folder's secrets; the file of environment variables, which others cannot read.

    Raises:
        SecretsThere: they are there already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / SECRETS
    for there in (file, folder / TRANSMITTER_KEY, folder / TRANSMITTER_PUBLIC_KEY):
        if there.exists():
            raise SecretsThere(file=there)
    key = rsa.generate_private_key(public_exponent=65537, key_size=_TRANSMITTER_BITS)
    write_private(
        folder / TRANSMITTER_KEY,
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    write_private(
        folder / TRANSMITTER_PUBLIC_KEY,
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )
    values = {
        "DOJANG_SECRET_KEY": secrets.token_urlsafe(48),
        "DOJANG_DATA_KEY": base64.b64encode(os.urandom(DATA_KEY_BYTES)).decode(),
        **_key_files(folder),
    }
    lines = (f"{name}={value}\n" for name, value in values.items())
    # Written last: with this file the others are whole.
    write_private(file, (_HEADER + "".join(lines)).encode())
    return file


def load_or_make(folder: Path) -> dict[str, str]:
    """The environment variables of a folder's secrets, made at the first time.

    Raises:
        SecretsDamaged, SecretsOpen: they cannot be used.
    """
    file = folder / SECRETS
    if not file.exists():
        for half in (TRANSMITTER_KEY, TRANSMITTER_PUBLIC_KEY):
            (folder / half).unlink(missing_ok=True)
        make(folder)
    if file.stat().st_mode & 0o077:
        raise SecretsOpen(file=file)
    kept = dict(_read(file))
    whole = all(kept.get(name) for name in _IN_FILE)
    if not whole or not all((folder / name).is_file() for name in (TRANSMITTER_KEY, TRANSMITTER_PUBLIC_KEY)):
        raise SecretsDamaged(file=file)
    # The folder may have been moved since.
    return {name: kept[name] for name in _IN_FILE} | _key_files(folder)


def _read(file: Path) -> list[tuple[str, str]]:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _key_files(folder: Path) -> dict[str, str]:
    return {
        "DOJANG_TRANSMITTER_KEY_FILE": str(folder.absolute() / TRANSMITTER_KEY),
        "DOJANG_TRANSMITTER_PUBLIC_KEY_FILE": str(folder.absolute() / TRANSMITTER_PUBLIC_KEY),
    }
