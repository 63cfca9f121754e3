"""The fixture files of tests/data/npki: invented people, companies and authorities."""

import json
from pathlib import Path
from typing import Any

from dojang.npki.random_number import RandomNumber

DATA = Path(__file__).parents[1] / "data" / "npki"
MANIFEST: dict[str, Any] = json.loads((DATA / "manifest.json").read_text("utf-8"))
PASSPHRASE: str = MANIFEST["password"]
IDENTITIES: dict[str, dict[str, Any]] = MANIFEST["identities"]
R = RandomNumber(bytes.fromhex(IDENTITIES["person_general"]["R"]))
"""R of the one key that every file of `keys/` and `pfx/` holds."""


def content(name: str) -> bytes:
    return (DATA / name).read_bytes()


def folder(identity: str) -> Path:
    return DATA / IDENTITIES[identity]["dir"]


PLAIN = content("keys/plain_with_R.pkcs8.der")
PLAIN_WITHOUT_R = content("keys/plain.pkcs8.der")
CERTIFICATE = content("keys/signCert.der")
CHAIN = [content("ca/intermediate.der"), content("ca/root.der")]
