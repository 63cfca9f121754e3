"""A test CA: a root, an authority and NPKI identities for tests, the demo and the sandbox.

What it makes has the form of real files and certificates, but every name says TEST and nobody but who asks for it
trusts its root. Its keys lie unencrypted in its folder: never use it for anything real.
"""

import re
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final, Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dojang.npki import issuing, pbe, pfx
from dojang.npki.certificates import Certificate
from dojang.npki.errors import NpkiError
from dojang.npki.extensions import Vid
from dojang.npki.files import write_private
from dojang.npki.findings import AnchorsUnusable
from dojang.npki.issuing import Issuer
from dojang.npki.keys import private_key_info
from dojang.npki.names import write_name
from dojang.npki.random_number import LENGTH, RandomNumber
from dojang.npki.trust import TrustStore
from dojang.npki.vid import compute_vid

CA_NAME: Final = "TESTCA"
TAX_INVOICE_POLICY: Final = "1.2.410.200005.1.1.6.8"
SERVER_POLICY: Final = "1.2.410.200005.1.1.3"

_ROOT_NAME: Final = (
    ("c", "KR"),
    ("o", "DOJANG TEST"),
    ("ou", "TEST Certification Authority Central"),
    ("cn", "DOJANG TEST RootCA 1"),
)
_AUTHORITY_NAME: Final = (
    ("c", "kr"),
    ("o", CA_NAME),
    ("ou", "AccreditedCA"),
    ("cn", "DOJANG TESTCA Class 1"),
)
_NOTICE: Final = "이 인증서는 시험용 인증서입니다 (TEST)"
_CPS: Final = "http://localhost/cps.html"
_OCSP: Final = "http://localhost:4612"
_USER_POINT: Final = (
    f"ldap://localhost:389/ou=dp1p1,ou=AccreditedCA,o={CA_NAME},c=kr?certificateRevocationList"
)
_AUTHORITY_POINT: Final = (
    "ldap://localhost:389/CN=DOJANG-TEST-RootCA-1,O=DOJANG-TEST,C=KR?authorityRevocationList"
)

_RSA_BITS: Final = 2048
_PUBLIC_EXPONENT: Final = 65537
_ROOT_SERIAL: Final = 1
_AUTHORITY_SERIAL: Final = 0x1028
# Real serial numbers are small integers that count up; random ones below 2^31 need no counter to be shared.
_SERIAL_BITS: Final = 31
_LIFE_OF_AUTHORITIES: Final = timedelta(days=20 * 365)
_LIFE_OF_CRL: Final = timedelta(days=7)
_SUBFOLDER: Final = "testca"
_FORBIDDEN_IN_FILE_NAMES: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
# File systems take 255 octets, and temporary names need some.
_MAX_FILE_NAME: Final = 220

_SIGNING: Final = ("digitalSignature", "nonRepudiation")
_ENCRYPTION: Final = ("keyEncipherment",)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate and its private key in PKCS#8, in clear."""

    certificate: Certificate
    private_key_info: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TestIdentity:
    """What an authority hands a user. `km` is the pair for encryption, if one was asked for.

    `encrypted_key` is the content of signPri.key, `encrypted_km_key` that of kmPri.key; `pfx` holds the signing pair
    and the chain.
    """

    __test__: ClassVar[bool] = False

    pair: KeyPair
    encrypted_key: bytes = field(repr=False)
    pfx: bytes = field(repr=False)
    random_number: RandomNumber | None
    km: KeyPair | None = None
    encrypted_km_key: bytes | None = field(default=None, repr=False)

    @property
    def certificate(self) -> Certificate:
        return self.pair.certificate

    @property
    def private_key_info(self) -> bytes:
        return self.pair.private_key_info


class TestCA:
    """A root and an authority below it. Build one with `create` (in memory) or `load_or_create` (in a folder).

    `now`, an aware instant, is what the validity of issued certificates is counted from.
    """

    __test__: ClassVar[bool] = False

    def __init__(
        self, root: KeyPair, authority: KeyPair, *, now: datetime, folder: Path | None = None
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("the test CA's now needs a time zone")
        self.root = root.certificate
        self.authority = authority.certificate
        self._now = now
        self._register = _FolderRegister(folder) if folder else _MemoryRegister()
        self._root_issuer = _issuer(root)
        self._issuer = _issuer(authority)

    @classmethod
    def create(cls, now: datetime) -> "TestCA":
        """A new test CA in memory; its certificates are valid twenty years before and after `now` (aware)."""
        return cls(*_create(now), now=now)

    @classmethod
    def load_or_create(cls, folder: Path, *, now: datetime) -> "TestCA":
        """The test CA kept under `folder`, made if there is none; several processes may ask at once.

        Raises:
            AnchorsUnusable: what lies there is damaged.
            OSError: the folder cannot be read or written.
        """
        home = folder / _SUBFOLDER
        if not home.exists():
            _write_home(home, *_create(now))
        root, authority = (_load_pair(home, name) for name in ("root", "ca"))
        return cls(root, authority, now=now, folder=home)

    @property
    def store(self) -> TrustStore:
        """The trust store that believes this CA and nobody else."""
        return TrustStore((self.root,), (self.authority,))

    def issue(
        self,
        number: str,
        name: str,
        *,
        passphrase: str,
        scheme: str = pbe.DEFAULT_SCHEME,
        iterations: int = pbe.ISSUED_ITERATIONS,
        policy: str = TAX_INVOICE_POLICY,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        days: int = 365,
        hash_name: str = "sha256",
        with_random_number: bool = True,
        with_km: bool = False,
        expired: bool = False,
    ) -> TestIdentity:
        """Issue an identity to a business number (10 digits) or a resident number (13 digits, an impossible one).

        Args:
            number: what the VID is made of; hyphens allowed.
            name: of the company or person, as in `(주)도장상사`.
            passphrase: for the key files and the PFX.
            scheme: how the key files are encrypted, a name of `pbe.SCHEMES`.
            iterations: of the key derivation.
            policy: the policy OID.
            valid_from: default a day before the CA's `now`, or four hundred days when `expired`.
            valid_to: default `days` after `valid_from`.
            days: of validity, when `valid_to` is not given.
            hash_name: of the VID: `sha256`, or `sha1` as old certificates have it.
            with_random_number: False leaves R out of the key, as careless export programs do.
            with_km: also issue the pair for encryption.
            expired: valid for `days` until about a month before `now` when `days` is 365.
        """
        start = valid_from or self._now - timedelta(days=days + 35 if expired else 1)
        end = valid_to or start + timedelta(days=days)
        number_r = RandomNumber(secrets.token_bytes(LENGTH))
        vid = Vid(hash_name, compute_vid(number, number_r, hash_name))
        kept = number_r if with_random_number else None
        subject = self._subject(name, policy)

        def pair(usage: tuple[str, ...]) -> KeyPair:
            key = _new_key()
            certificate = self._certificate(
                subject,
                key,
                valid_from=start,
                valid_to=end,
                usage=usage,
                policy=policy,
                identify_data=issuing.identify_data(name, vid),
            )
            return KeyPair(certificate, private_key_info(key, kept))

        def encrypted(key_info: bytes) -> bytes:
            return pbe.encrypt(key_info, passphrase, scheme=scheme, iterations=iterations)

        sign, km = pair(_SIGNING), pair(_ENCRYPTION) if with_km else None
        chain = (self.authority.der, self.root.der)
        return TestIdentity(
            pair=sign,
            encrypted_key=encrypted(sign.private_key_info),
            pfx=pfx.write(sign.private_key_info, sign.certificate.der, passphrase, chain=chain),
            random_number=kept,
            km=km,
            encrypted_km_key=encrypted(km.private_key_info) if km else None,
        )

    def issue_server(
        self,
        name: str,
        *,
        usage: Literal["encryption", "signature"],
        number: str | None = None,
        valid_from: datetime | None = None,
        days: int = 365,
    ) -> KeyPair:
        """A certificate for a machine: `encryption` as the NTS's km certificate, `signature` to sign messages with.

        With `number` it carries a VID, whose R nobody keeps.
        """
        start = valid_from or self._now - timedelta(days=1)
        vid = None
        if number is not None:
            vid = Vid("sha256", compute_vid(number, RandomNumber(secrets.token_bytes(LENGTH)), "sha256"))
        subject = write_name(("c", "kr"), ("o", CA_NAME), ("ou", "TEST"), ("cn", f"{name} TEST"))
        key = _new_key()
        certificate = self._certificate(
            subject,
            key,
            valid_from=start,
            valid_to=start + timedelta(days=days),
            usage=_ENCRYPTION if usage == "encryption" else _SIGNING,
            policy=SERVER_POLICY,
            identify_data=issuing.identify_data(name, vid),
        )
        return KeyPair(certificate, private_key_info(key, None))

    def revoke(self, serial: int, when: datetime) -> None:
        """Put a certificate on the list from this aware instant; a second time changes nothing."""
        self._register.revoke(serial, when)

    def crl(self, now: datetime) -> bytes:
        """The signed list of everything revoked by `now`, for the certificates of users; good for a week."""
        revoked = {serial: when for serial, when in self._register.revoked().items() if when <= now}
        return self._list(self._issuer, now, revoked, _USER_POINT, authorities_only=False)

    def arl(self, now: datetime) -> bytes:
        """The root's list for the authority's certificate, which is never revoked."""
        return self._list(self._root_issuer, now, {}, _AUTHORITY_POINT, authorities_only=True)

    def write(self, identity: TestIdentity, folder: Path) -> tuple[Path, Path]:
        """Write `NPKI/<CA>/USER/<DN>/…` and a `.pfx` under `folder`; returns the identity's folder and the PFX.

        Each file appears whole or not at all; writing the same identity again replaces it.
        """
        name = _file_name(identity.certificate)
        home = folder / "NPKI" / CA_NAME / "USER" / name
        home.mkdir(parents=True, exist_ok=True)
        write_private(home / "signCert.der", identity.certificate.der)
        write_private(home / "signPri.key", identity.encrypted_key)
        if identity.km and identity.encrypted_km_key:
            write_private(home / "kmCert.der", identity.km.certificate.der)
            write_private(home / "kmPri.key", identity.encrypted_km_key)
        archive = folder / f"{name}.pfx"
        write_private(archive, identity.pfx)
        return home, archive

    def _certificate(
        self,
        subject: bytes,
        key: rsa.RSAPrivateKey,
        *,
        valid_from: datetime,
        valid_to: datetime,
        usage: tuple[str, ...],
        policy: str,
        identify_data: bytes,
    ) -> Certificate:
        return Certificate.load(
            issuing.write_certificate(
                self._issuer,
                serial=self._register.claim_serial(),
                subject=subject,
                valid_from=valid_from,
                valid_to=valid_to,
                public_key=key.public_key(),
                extension_values=(
                    issuing.authority_key_id(self._issuer),
                    issuing.subject_key_id(key.public_key()),
                    issuing.key_usage(*usage),
                    issuing.policies(policy, _NOTICE, _CPS),
                    identify_data,
                    issuing.distribution_point(_USER_POINT),
                    issuing.ocsp(_OCSP),
                ),
            )
        )

    def _subject(self, name: str, policy: str) -> bytes:
        """C, O, OU, OU, CN, the common name ending in bank code, date and number as real ones do."""
        purpose = "xUse4Esero" if policy == TAX_INVOICE_POLICY else "TEST"
        tail = f"0099{self._now:%Y%m%d}{secrets.randbelow(10**8):08}"
        return write_name(
            ("c", "kr"), ("o", CA_NAME), ("ou", purpose), ("ou", "TESTBANK"), ("cn", f"{name}(TEST){tail}")
        )

    def _list(
        self,
        issuer: Issuer,
        now: datetime,
        revoked: Mapping[int, datetime],
        point: str,
        *,
        authorities_only: bool,
    ) -> bytes:
        return issuing.write_crl(
            issuer,
            this_update=now,
            next_update=now + _LIFE_OF_CRL,
            number=int(now.timestamp()),
            revoked=revoked,
            point=point,
            authorities_only=authorities_only,
        )


# Where serial numbers and revocations are remembered


class _MemoryRegister:
    def __init__(self) -> None:
        self._serials = {_ROOT_SERIAL, _AUTHORITY_SERIAL}
        self._revoked: dict[int, datetime] = {}

    def claim_serial(self) -> int:
        while (serial := _random_serial()) in self._serials:
            pass
        self._serials.add(serial)
        return serial

    def revoke(self, serial: int, when: datetime) -> None:
        self._revoked.setdefault(serial, when)

    def revoked(self) -> dict[int, datetime]:
        return dict(self._revoked)


class _FolderRegister:
    """One file a serial number, created exclusively, so that processes need no lock."""

    def __init__(self, home: Path) -> None:
        self._serials = home / "serials"
        self._revoked = home / "revoked"

    def claim_serial(self) -> int:
        while True:
            serial = _random_serial()
            with suppress(FileExistsError):
                (self._serials / f"{serial:x}").touch(exist_ok=False)
                return serial

    def revoke(self, serial: int, when: datetime) -> None:
        file = self._revoked / f"{serial:x}"
        if not file.exists():
            write_private(file, when.astimezone(UTC).isoformat().encode())

    def revoked(self) -> dict[int, datetime]:
        files = (file for file in self._revoked.iterdir() if not file.name.startswith("."))
        return {int(file.name, 16): datetime.fromisoformat(file.read_text("ascii")) for file in files}


def _random_serial() -> int:
    return secrets.randbits(_SERIAL_BITS - 1) | 1 << (_SERIAL_BITS - 1)


# Making, keeping and loading


def _create(now: datetime) -> tuple[KeyPair, KeyPair]:
    valid = {"valid_from": now - _LIFE_OF_AUTHORITIES, "valid_to": now + _LIFE_OF_AUTHORITIES}
    root_key, key = _new_key(), _new_key()
    root_name = write_name(*_ROOT_NAME)
    root_issuer = Issuer(root_name, root_key, issuing.key_id(root_key.public_key()), root_name, _ROOT_SERIAL)
    root = issuing.write_certificate(
        root_issuer,
        serial=_ROOT_SERIAL,
        subject=root_name,
        public_key=root_key.public_key(),
        extension_values=(issuing.subject_key_id(root_key.public_key()), *issuing.authority(None)),
        **valid,
    )
    authority = issuing.write_certificate(
        root_issuer,
        serial=_AUTHORITY_SERIAL,
        subject=write_name(*_AUTHORITY_NAME),
        public_key=key.public_key(),
        extension_values=(
            issuing.authority_key_id(root_issuer),
            issuing.subject_key_id(key.public_key()),
            *issuing.authority(0),
            issuing.distribution_point(_AUTHORITY_POINT),
        ),
        **valid,
    )
    return (
        KeyPair(Certificate.load(root), private_key_info(root_key, None)),
        KeyPair(Certificate.load(authority), private_key_info(key, None)),
    )


def _issuer(pair: KeyPair) -> Issuer:
    certificate = pair.certificate
    key = _rsa(pair.private_key_info)
    return Issuer(
        certificate.subject_name.encoded,
        key,
        issuing.key_id(key.public_key()),
        certificate.issuer_name.encoded,
        certificate.serial,
    )


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(_PUBLIC_EXPONENT, _RSA_BITS)


def _rsa(private_key: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_der_private_key(private_key, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the key of a test CA is an RSA key")
    return key


def _write_home(home: Path, root: KeyPair, authority: KeyPair) -> None:
    """Build the whole folder beside its place and move it there in one step; who comes second keeps the first."""
    home.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{_SUBFOLDER}-", dir=home.parent))
    try:
        for name, pair in (("root", root), ("ca", authority)):
            write_private(draft / f"{name}.der", pair.certificate.der)
            write_private(draft / f"{name}.key", pair.private_key_info)
        (draft / "serials").mkdir()
        (draft / "revoked").mkdir()
        draft.rename(home)
    except OSError:
        if not home.exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _load_pair(home: Path, name: str) -> KeyPair:
    try:
        certificate = Certificate.load((home / f"{name}.der").read_bytes())
        key = (home / f"{name}.key").read_bytes()
        if issuing.public_key_info(_rsa(key).public_key()) != certificate.public_key_info:
            raise AnchorsUnusable(name=str(home))
    except (NpkiError, ValueError, TypeError, FileNotFoundError):
        raise AnchorsUnusable(name=str(home)) from None
    return KeyPair(certificate, key)


def _file_name(certificate: Certificate) -> str:
    """The DN as a file name: without what file systems refuse, and cut with the fingerprint when too long."""
    name = _FORBIDDEN_IN_FILE_NAMES.sub("_", certificate.subject)
    octets = name.encode()
    if len(octets) <= _MAX_FILE_NAME:
        return name
    mark = f"~{certificate.fingerprint[:16]}"
    return octets[: _MAX_FILE_NAME - len(mark)].decode("utf-8", "ignore") + mark
