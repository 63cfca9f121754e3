"""Authorities made up for tests, good and bad: each has a name, a key and whatever extensions the case wants."""

from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from npki_files import DATA

from dojang.npki import der, issuing
from dojang.npki.certificates import Certificate
from dojang.npki.crl import Crl, CrlStore
from dojang.npki.issuing import Issuer
from dojang.npki.names import write_name
from dojang.npki.trust import TrustStore

FROM = datetime(2020, 1, 1, tzinfo=UTC)
TO = datetime(2040, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
SIGNING = issuing.key_usage("digitalSignature", "nonRepudiation")
ENCRYPTING = issuing.key_usage("keyEncipherment")
TAX_INVOICE = issuing.policies("1.2.410.200005.1.1.6.8", "시험", "http://localhost/cps.html")
USER = (SIGNING, TAX_INVOICE)
REAL = DATA.parent / "ca-certificates"


def fixture_certificate(name):
    return Certificate.load((DATA / name).read_bytes())


def real_certificate(name):
    return Certificate.load((REAL / name).read_bytes())


def fixture_store():
    return TrustStore((fixture_certificate("ca/root.der"),), (fixture_certificate("ca/intermediate.der"),))


def fixture_revocations():
    crl = Crl.load((DATA / "ca/intermediate.crl").read_bytes())
    return CrlStore([crl], fixture_store().certificates)


@cache
def key(number, bits=2048):
    """The same key for the same number, for a whole test process."""
    assert number >= 0
    return rsa.generate_private_key(65537, bits)


def name(common_name):
    return write_name(("c", "KR"), ("o", "TEST"), ("cn", common_name))


def issuer(certificate, private_key):
    return Issuer(
        certificate.subject_name.encoded,
        private_key,
        issuing.key_id(private_key.public_key()),
        certificate.issuer_name.encoded,
        certificate.serial,
    )


def make(common_name, by, extensions=USER, *, private_key=None, serial=7, valid=(FROM, TO)):
    """A certificate for `common_name` signed by the Issuer `by`."""
    private_key = private_key or key(99)
    return Certificate.load(
        issuing.write_certificate(
            by,
            serial=serial,
            subject=name(common_name),
            valid_from=valid[0],
            valid_to=valid[1],
            public_key=private_key.public_key(),
            extension_values=extensions,
        )
    )


def make_root(common_name="TEST Root", number=0, extensions=None, **options):
    """A self-signed root and its Issuer."""
    private_key = key(number)
    own_name = name(common_name)
    by = Issuer(own_name, private_key, issuing.key_id(private_key.public_key()), own_name, 7)
    extensions = issuing.authority(None) if extensions is None else extensions
    certificate = make(common_name, by, extensions, private_key=private_key, **options)
    return certificate, issuer(certificate, private_key)


def make_authority(common_name, by, number, path_length=0, extensions=None, **options):
    """A CA below `by` and its Issuer."""
    private_key = key(number)
    extensions = issuing.authority(path_length) if extensions is None else extensions
    certificate = make(common_name, by, extensions, private_key=private_key, **options)
    return certificate, issuer(certificate, private_key)


def extension(oid, value, *, critical=False):
    flag = (der.encode(0x01, b"\xff"),) if critical else ()
    return der.sequence(der.oid(oid), *flag, der.octet_string(value))


def codes(findings, severity="error"):
    return [finding.code for finding in findings if finding.severity == severity]
