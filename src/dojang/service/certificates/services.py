"""Registering certificates, and the verdict on whose they are."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.core.cache import cache
from django.db import transaction

from dojang.npki.certificates import Certificate as Parsed
from dojang.npki.errors import NpkiError
from dojang.npki.vid import vid_matches
from dojang.service.certificates import judging, transmitter
from dojang.service.certificates.errors import ChallengeUsed, NoProof, OtherTransmitter, Unusable
from dojang.service.certificates.models import Certificate, SealedRandom, Verdict
from dojang.service.invoices.models import SignedDocument
from dojang.service.tenancy.scope import current_workspace
from dojang.service.transmission import deferring
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

_CHALLENGE_SECONDS = 1800
_SALT = "dojang.certificates.challenge"
_SIGNED_PREFIX = b"dojang-register:"


@dataclass(frozen=True, slots=True, repr=False)
class Registration:
    """What the page sends. No `repr`: the challenge is a token."""

    certificate: bytes
    chain: Sequence[bytes]
    challenge: str
    signature: bytes
    key_id: str
    sealed_random: bytes


def new_challenge(user_id: int | str) -> str:
    """A challenge that only this person (or this guest, by `Member.known_as`) can use, within half an hour, once."""
    return signing.dumps({"user": user_id, "nonce": secrets.token_hex(16)}, salt=_SALT)


@transaction.atomic
def register(*, member: Member, business: Business, given: Registration, now: datetime) -> Certificate:
    """Register a certificate whose key the page proved to hold. The verdict comes from the transmitter.

    A certificate that was found to be the business's own stays so when it is registered again: whose it is cannot
    change, and nobody who is signing with it has to wait.

    Raises:
        PermissionDenied, ChallengeUsed, NoProof, Unusable, OtherTransmitter, NpkiError.
    """
    member.require(Right.MANAGE, business.pk)
    _use_challenge(given.challenge, member)
    certificate = Parsed.load(given.certificate)
    if not certificate.verify(given.signature, _SIGNED_PREFIX + given.challenge.encode()):
        raise NoProof
    found = judging.errors(certificate, at=now)
    if found:
        raise Unusable(why_ko=found[0].ko, why_en=found[0].en)
    if given.key_id != transmitter.public_key().key_id:
        raise OtherTransmitter
    known = Certificate.objects.filter(
        business=business, fingerprint=certificate.fingerprint, verdict=Verdict.MATCHES
    ).first()
    if known is not None:
        known.removed_at = None
        known.save(update_fields=["removed_at"])
        _bring_earlier(known, now)
        return known
    row, _ = Certificate.objects.update_or_create(
        business=business,
        fingerprint=certificate.fingerprint,
        defaults=_columns(certificate, given, member, now),
    )
    deferring.decide_certificate(row.workspace_id, row.pk)
    SealedRandom.objects.create(
        workspace_id=row.workspace_id,
        certificate=row,
        key_id=given.key_id,
        sealed=given.sealed_random,
        created_at=now,
    )
    return row


@transaction.atomic
def remove(*, member: Member, certificate: Certificate, now: datetime) -> None:
    """Use a certificate no more. What it signed stays verifiable: the row stays."""
    member.require(Right.MANAGE, certificate.business_id)
    certificate.removed_at = now
    certificate.save(update_fields=["removed_at"])


def decide(certificate_id: int, *, now: datetime) -> Verdict:
    """Open R once, compare VID with the business number, record the verdict, erase R. Only in the transmitter.

    Doing it twice does nothing: R is gone. Every sealing that came with a registration is forgotten, not only the
    one that was opened; those that came with signed documents are the transmission's.
    """
    with transaction.atomic():
        row = (
            Certificate.objects.select_for_update(of=("self",), no_key=True)
            .select_related("business")
            .get(pk=certificate_id)
        )
        sealings = _of_registration(row)
        if row.verdict == Verdict.PENDING and sealings:
            row.verdict, row.verdict_code = _verdict(row, bytes(sealings[0].sealed or b""))
            row.verdict_at = now
            row.save(update_fields=["verdict", "verdict_code", "verdict_at"])
            _bring_earlier(row, now)
        for sealed in sealings:
            erase(sealed, now=now)
        return Verdict(row.verdict)


def _bring_earlier(row: Certificate, now: datetime) -> None:
    """Whoever proved their number gets what was issued to it on this server before."""
    from dojang.service.records import delivering  # noqa: PLC0415 (records read certificates)

    if row.verdict == Verdict.MATCHES:
        delivering.deliver_earlier(row.business_id, now=now)


def _of_registration(row: Certificate) -> list[SealedRandom]:
    """R as it came with registrations, the newest first: locked, then asked whether a document needs it."""
    found = SealedRandom.objects.select_for_update().filter(certificate=row, erased_at=None).order_by("pk")
    sealings = {sealed.pk: sealed for sealed in found}
    needed = SignedDocument.objects.filter(random_id__in=sealings).values_list("random_id", flat=True)
    for random_id in set(needed):
        del sealings[random_id]
    return list(sealings.values())[::-1]


def erase(sealed: SealedRandom, *, now: datetime) -> None:
    """Forget a sealed R."""
    sealed.sealed = None
    sealed.erased_at = now
    sealed.save(update_fields=["sealed", "erased_at"])


def _verdict(row: Certificate, sealed: bytes) -> tuple[Verdict, str]:
    try:
        random_number = transmitter.open_random(sealed, row.fingerprint)
        certificate = judging.parsed(row)
    except (transmitter.NotOpened, NpkiError) as error:
        return Verdict.REFUSED, error.code
    if vid_matches(certificate, random_number, row.business.number):
        return Verdict.MATCHES, ""
    return Verdict.MISMATCH, "not_this_business_number"


def _use_challenge(challenge: str, member: Member) -> None:
    try:
        said = signing.loads(challenge, salt=_SALT, max_age=_CHALLENGE_SECONDS)
    except signing.BadSignature:
        raise ChallengeUsed from None
    first = cache.add(f"challenge:{said.get('nonce')}", 1, _CHALLENGE_SECONDS)
    if said.get("user") != member.known_as or not first:
        raise ChallengeUsed


def _columns(certificate: Parsed, given: Registration, member: Member, now: datetime) -> dict[str, object]:
    policy = certificate.policy
    return {
        "workspace_id": current_workspace(),
        "der": certificate.der,
        "chain": [base64.b64encode(one).decode() for one in given.chain[:4]],
        "owner": certificate.owner[:200],
        "authority": certificate.ca[:100],
        "serial": certificate.serial_hex[:80],
        "purpose": policy.ko[:100] if policy else "",
        "not_before": certificate.valid_from,
        "not_after": certificate.valid_to,
        "verdict": Verdict.PENDING,
        "verdict_code": "",
        "verdict_at": None,
        "registered_by_id": member.actor.user_id,
        "registered_at": now,
        "removed_at": None,
    }
