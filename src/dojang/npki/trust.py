"""Is a certificate to be believed, at a given instant and for a given use? (RFC 5280, section 6)

A chain of NPKI is three long: KISA root, authority, user. Everything here is asked *at an instant*, so that an
archived invoice is judged by the day it was signed on; expired anchors count within their own validity only.
`cryptography.x509.verification` is for web servers and refuses these certificates, whose policies are critical.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

from dojang.npki import policies
from dojang.npki.certificates import RSA_SIGNATURES, Certificate
from dojang.npki.crl import Good, RevocationSource, Revoked
from dojang.npki.errors import (
    CertificateRevoked,
    Expired,
    NotForTaxInvoices,
    NotYetValid,
    NpkiError,
    RevocationUnknown,
    UntrustedIssuer,
)
from dojang.npki.extensions import (
    BASIC_CONSTRAINTS,
    CERTIFICATE_POLICIES,
    KEY_USAGE,
    POLICY_CONSTRAINTS,
    SUBJECT_ALT_NAME,
)
from dojang.npki.findings import (
    AnchorsUnusable,
    CertificateFinding,
    ForgedIssuer,
    IssuerNotAuthority,
    IssuerNotValid,
    IssuerRevocationUnknown,
    IssuerRevoked,
    PolicyNotAllowed,
    PolicyUnknown,
    RevokedLater,
    UnknownCriticalExtension,
    WeakSignature,
    WrongKeyUsage,
)
from dojang.npki.instants import in_korea, korean_date

Use = Literal["tax_invoice", "signature", "encryption", "any"]
Findings = Iterator[CertificateFinding]
Chain = tuple[Certificate, ...]

MAX_CHAIN: Final = 6
MAX_CHAINS: Final = 16

# What each use asks of keyUsage (KCAC.TS.CERTPROF: signCert.der is C0, kmCert.der is keyEncipherment).
KEY_USAGE_FOR: Final[dict[Use, tuple[str, ...]]] = {
    "tax_invoice": ("digitalSignature", "nonRepudiation"),
    "signature": ("digitalSignature",),
    "encryption": ("keyEncipherment",),
    "any": (),
}
UNDERSTOOD_EXTENSIONS: Final = frozenset(
    {KEY_USAGE, CERTIFICATE_POLICIES, SUBJECT_ALT_NAME, BASIC_CONSTRAINTS, POLICY_CONSTRAINTS}
)
# NPKI moved to RSA-2048 and SHA-256 in 2012 (암호체계 고도화), and certificates lived a year or two.
STRONG_SINCE: Final = datetime(2014, 1, 1, tzinfo=UTC)
STRONG_RSA_BITS: Final = 2048
LEAST_RSA_BITS: Final = 1024

_CERTIFICATE_SUFFIXES: Final = frozenset({".der", ".cer", ".crt", ".pem"})


@dataclass(frozen=True, slots=True)
class TrustStore:
    """Whom to believe: `anchors` are believed as they are, `intermediates` only if an anchor vouches for them."""

    anchors: tuple[Certificate, ...]
    intermediates: tuple[Certificate, ...] = ()
    _by_name: dict[object, list[Certificate]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[object, list[Certificate]] = {}
        for certificate in self.certificates:
            by_name.setdefault(certificate.subject_name.comparable(), []).append(certificate)
        object.__setattr__(self, "_by_name", by_name)

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """Anchors and intermediates: also the authorities whose CRLs can be checked."""
        return (*self.anchors, *self.intermediates)

    @classmethod
    def korea(cls) -> "TrustStore":
        """The KISA roots and the accredited authorities, from the package's data.

        Raises:
            AnchorsUnusable: a file is not the one the index lists; the installation is damaged.
        """
        return _korea()

    @classmethod
    def from_folder(cls, path: Path) -> "TrustStore":
        """The CA certificates in a folder (.der, .cer, .crt, .pem): self-signed ones become the anchors.

        Raises:
            AnchorsUnusable: a file with such a name is no certificate, or no self-signed one is there.
        """
        try:
            files = sorted(file for file in path.iterdir() if file.suffix.lower() in _CERTIFICATE_SUFFIXES)
            found = [_load(file.read_bytes(), file.name) for file in files]
        except OSError:
            raise AnchorsUnusable(name=path.name) from None
        authorities = [certificate for certificate in found if certificate.is_ca]
        anchors = tuple(certificate for certificate in authorities if _self_signed(certificate))
        if not anchors:
            raise AnchorsUnusable(name=path.name)
        return cls(
            anchors, tuple(certificate for certificate in authorities if not _self_signed(certificate))
        )

    def issuers_of(self, certificate: Certificate) -> tuple[Certificate, ...]:
        """Those whose name is the certificate's issuer; whether they signed it is another question."""
        return tuple(self._by_name.get(certificate.issuer_name.comparable(), ()))


def check_certificate(
    certificate: Certificate,
    store: TrustStore,
    *,
    at: datetime,
    revocation: RevocationSource | None = None,
    use: Use = "tax_invoice",
) -> tuple[CertificateFinding, ...]:
    """Everything wrong with a certificate at an instant, worst first; empty when there is nothing to say.

    Args:
        certificate: the one to judge.
        store: whom to believe.
        at: an aware instant: now for a signature to be made, the time of signing for one that was.
        revocation: where to ask for revocations. Without it nothing is said about them; with it, a certificate
            whose status is unknown is an error, an authority's a warning.
        use: `tax_invoice` (keyUsage and policy), `signature`, `encryption` (keyUsage only) or `any`.

    Raises:
        ValueError: `at` is naive.
    """
    if at.tzinfo is None:
        raise ValueError("the instant of a check needs a time zone")
    chain, trust = _best_chain(certificate, store, at)
    return (
        *_own_validity(certificate, at),
        *trust,
        *_key_usage(certificate, use),
        *(_policy(certificate, at) if use == "tax_invoice" else ()),
        *(_revocation(chain, revocation, at) if revocation else ()),
    )


def require_certificate(
    certificate: Certificate,
    store: TrustStore,
    *,
    at: datetime,
    revocation: RevocationSource | None = None,
    use: Use = "tax_invoice",
) -> tuple[CertificateFinding, ...]:
    """The same check, raising the first error found as its own exception; returns the warnings."""
    findings = check_certificate(certificate, store, at=at, revocation=revocation, use=use)
    for finding in findings:
        if finding.severity == "error":
            raise finding.error
    return findings


# Chains


def _best_chain(
    certificate: Certificate, store: TrustStore, at: datetime
) -> tuple[Chain, list[CertificateFinding]]:
    """The chain with the fewest errors, and what is wrong with it; the certificate alone when there is none."""
    chains = list(islice(_chains((certificate,), store), MAX_CHAINS))
    if not chains:
        problem = ForgedIssuer if store.issuers_of(certificate) else UntrustedIssuer
        untrusted = CertificateFinding(problem(issuer=certificate.issuer))
        return (certificate,), [untrusted, *_extensions((certificate,))]
    judged = [(chain, list(_chain_findings(chain, at))) for chain in chains]
    return min(judged, key=lambda pair: sum(finding.severity == "error" for finding in pair[1]))


def _chains(chain: Chain, store: TrustStore) -> Iterator[Chain]:
    """Every chain up to an anchor in which each signature is good; bounded, and no certificate twice."""
    last = chain[-1]
    if last in store.anchors:
        yield chain
    elif len(chain) < MAX_CHAIN:
        for issuer in store.issuers_of(last):
            if issuer not in chain and issuer.issued(last):
                yield from _chains((*chain, issuer), store)


def _chain_findings(chain: Chain, at: datetime) -> Findings:
    yield from _authorities(chain)
    yield from _authorities_validity(chain, at)
    yield from _allowed_policies(chain)
    yield from _extensions(chain[:-1])
    yield from _strength(chain, at)


def _authorities(chain: Chain) -> Findings:
    """basicConstraints, path length and keyCertSign of everyone who signed a certificate (RFC 5280, 6.1.4 k-n)."""
    for below, issuer in enumerate(chain[1:]):
        authorities_below = sum(not certificate.self_issued for certificate in chain[1 : below + 1])
        too_long = issuer.path_length is not None and authorities_below > issuer.path_length
        may_sign = not issuer.key_usage or "keyCertSign" in issuer.key_usage
        if not issuer.is_ca or too_long or not may_sign:
            yield CertificateFinding(IssuerNotAuthority(issuer=issuer.subject))


def _authorities_validity(chain: Chain, at: datetime) -> Findings:
    for issuer in chain[1:]:
        if not issuer.valid_from <= at <= issuer.valid_to:
            yield CertificateFinding(
                IssuerNotValid(
                    issuer=issuer.subject,
                    valid_from=in_korea(issuer.valid_from),
                    valid_to=in_korea(issuer.valid_to),
                )
            )


def _allowed_policies(chain: Chain) -> Findings:
    """Where an authority demands an explicit policy, one must be left that every authority allows (6.1.3 d-f)."""
    leaf, *authorities = chain[:-1] or chain  # an anchor stands alone
    allowed = set(leaf.policy_oids)
    for authority in authorities:
        if policies.ANY_POLICY not in authority.policy_oids:
            allowed &= set(authority.policy_oids)
    if not allowed and any(certificate.needs_policy for certificate in authorities):
        yield CertificateFinding(PolicyNotAllowed(issuer=leaf.issuer))


def _extensions(chain: Chain) -> Findings:
    for certificate in chain:
        for oid in sorted(certificate.critical_extensions - UNDERSTOOD_EXTENSIONS):
            yield CertificateFinding(UnknownCriticalExtension(oid=oid, subject=certificate.subject))


def _strength(chain: Chain, at: datetime) -> Findings:
    """SHA-1 and short keys: an error today, a warning in an archive of their time; below 1024 bits always an error."""
    for certificate in chain:
        bits = certificate.rsa_bits()
        weak_hash = (
            certificate is not chain[-1] and RSA_SIGNATURES.get(certificate.signature_algorithm) == "sha1"
        )
        if not weak_hash and bits >= STRONG_RSA_BITS:
            continue
        what = "SHA-1" if weak_hash else f"RSA {bits}"
        tolerable = at < STRONG_SINCE and bits >= LEAST_RSA_BITS
        yield CertificateFinding(
            WeakSignature(what=what, subject=certificate.subject), "warning" if tolerable else "error"
        )


# The certificate itself


def _own_validity(certificate: Certificate, at: datetime) -> Findings:
    if at > certificate.valid_to:
        yield CertificateFinding(Expired(valid_to=in_korea(certificate.valid_to)))
    if at < certificate.valid_from:
        yield CertificateFinding(NotYetValid(valid_from=in_korea(certificate.valid_from)))


def _key_usage(certificate: Certificate, use: Use) -> Findings:
    missing = [name for name in KEY_USAGE_FOR[use] if name not in certificate.key_usage]
    if missing:
        yield CertificateFinding(WrongKeyUsage(missing=", ".join(missing)))


def _policy(certificate: Certificate, at: datetime) -> Findings:
    """Refuse only a kind that is known not to be accepted; warn of an unknown one."""
    known = [policies.lookup(oid, korean_date(at)) for oid in certificate.policy_oids]
    if any(policy and policy.accepted for policy in known):
        return
    refused = [policy for policy in known if policy and policy.accepted is False]
    if refused and len(refused) == len(known):
        yield CertificateFinding(NotForTaxInvoices(policy=refused[0].ko))
    else:
        yield CertificateFinding(PolicyUnknown(policy=", ".join(certificate.policy_oids) or "-"), "warning")


def _revocation(chain: Chain, source: RevocationSource, at: datetime) -> Findings:
    """The certificate's own revocation, then that of the authorities below the anchor."""
    leaf, *authorities = chain[:-1] or chain  # an anchor stands alone
    match source.status(leaf, at):
        case Revoked(when=when):
            yield CertificateFinding(CertificateRevoked(revoked_at=in_korea(when)))
        case Good(revoked_later=None):
            pass
        case Good(revoked_later=Revoked(when=when)):
            yield CertificateFinding(RevokedLater(revoked_at=in_korea(when)), "warning")
        case _ if at > leaf.valid_to:
            pass  # lists no longer speak of it, and that it expired was said
        case _:
            yield CertificateFinding(RevocationUnknown())
    for authority in authorities:
        match source.status(authority, at):
            case Revoked(when=when):
                yield CertificateFinding(IssuerRevoked(issuer=authority.subject, revoked_at=in_korea(when)))
            case Good():
                pass
            case _:
                yield CertificateFinding(IssuerRevocationUnknown(issuer=authority.subject), "warning")


# Anchors


@cache
def _korea() -> TrustStore:
    folder = resources.files("dojang.npki").joinpath("anchors")
    index = tomllib.loads(folder.joinpath("index.toml").read_text("utf-8"))
    by_role: dict[str, list[Certificate]] = {"anchor": [], "intermediate": []}
    for entry in index["certificate"]:
        by_role[entry["role"]].append(_listed(entry, folder.joinpath(entry["file"]).read_bytes()))
    return TrustStore(tuple(by_role["anchor"]), tuple(by_role["intermediate"]))


def _listed(entry: dict[str, Any], data: bytes) -> Certificate:
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise AnchorsUnusable(name=entry["file"])
    return _load(data, entry["file"])


def _load(data: bytes, name: str) -> Certificate:
    try:
        return Certificate.load(data)
    except NpkiError:
        raise AnchorsUnusable(name=name) from None


def _self_signed(certificate: Certificate) -> bool:
    return certificate.self_issued and certificate.issued(certificate)
