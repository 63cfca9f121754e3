"""The passwords of the two roles: made once, kept in a file of mode 0600, known to PostgreSQL only as SCRAM verifiers."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from dojang.npki.files import write_private

_ITERATIONS = 4096
"""PostgreSQL's own. The passwords are 256 random bits, so that more would protect nothing."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """Those of `dojang_app` and `dojang_owner`."""

    app: str = field(repr=False)
    owner: str = field(repr=False)

    @classmethod
    def load(cls, file: Path) -> "Passwords | None":
        """The passwords of a file; None where it is missing or was damaged."""
        try:
            kept = json.loads(file.read_bytes())
            return cls(app=str(kept["dojang_app"]), owner=str(kept["dojang_owner"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @classmethod
    def make(cls, file: Path) -> "Passwords":
        """New ones, written before anybody is told."""
        made = cls(app=secrets.token_urlsafe(32), owner=secrets.token_urlsafe(32))
        content = {"dojang_app": made.app, "dojang_owner": made.owner}
        write_private(file, json.dumps(content, indent=2).encode() + b"\n")
        return made


def scram_verifier(password: str) -> str:
    """What PostgreSQL keeps of an ASCII password (RFC 5802, 7677): enough to check it, not to log in with."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    shown = [base64.b64encode(part).decode() for part in (salt, stored_key, server_key)]
    return f"SCRAM-SHA-256${_ITERATIONS}:{shown[0]}${shown[1]}:{shown[2]}"
