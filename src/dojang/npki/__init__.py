"""NPKI, the national public key infrastructure of Korea: 공동인증서 files, keys, certificates and their checks."""

from dojang.npki.discover import FoundCertificate, find_certificates
from dojang.npki.errors import NpkiError
from dojang.npki.identity import Identity, open_identity
from dojang.npki.keys import PrivateKey, open_private_key
from dojang.npki.random_number import RandomNumber

__all__ = [
    "FoundCertificate",
    "Identity",
    "NpkiError",
    "PrivateKey",
    "RandomNumber",
    "find_certificates",
    "open_identity",
    "open_private_key",
]
