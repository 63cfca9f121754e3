"""A registered certificate, the verdict on whose it is, and R, sealed to the transmitter."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class Verdict(models.TextChoices):
    """Whether the certificate is the business's own: VID against the registration number, with R."""

    PENDING = "pending", "확인 중"
    MATCHES = "matches", "본인 확인됨"
    MISMATCH = "mismatch", "다른 사업자의 인증서"
    REFUSED = "refused", "쓸 수 없는 인증서"


class Certificate(TenantModel):
    """A certificate with which a business signs. Issuing needs the verdict `matches`."""

    business = models.ForeignKey("workspaces.Business", on_delete=models.PROTECT, related_name="certificates")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the DER, hex")
    der = models.BinaryField()
    chain = models.JSONField(default=list, help_text="the intermediate certificates the page sent, base64")
    owner = models.CharField(max_length=200)
    authority = models.CharField(max_length=100)
    serial = models.CharField(max_length=80)
    purpose = models.CharField(max_length=100, blank=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.PENDING)
    verdict_code = models.CharField(max_length=60, blank=True)
    verdict_at = models.DateTimeField(null=True, blank=True)
    revocation = models.CharField(max_length=10, default="unknown", help_text="good, revoked or unknown")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revocation_checked_at = models.DateTimeField(null=True, blank=True)
    #: Nobody where a supplier signs without an account.
    registered_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["business", "fingerprint"], name="certificate_once")
        ]


class SealedRandom(TenantModel):
    """R of a certificate, sealed in the page to the transmitter's key; emptied once it has served.

    The web process cannot open it: it has only the public half of that key.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)


class ExpiryNotice(TenantModel):
    """That a certificate's end was told by mail, once for each of so many days before it."""

    append_only = True

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["certificate", "days"], name="expiry_told_once")
        ]


class RevocationList(models.Model):
    """A CRL that the worker fetched; the operator's, for all workspaces."""

    url = models.CharField(max_length=500, unique=True)
    der = models.BinaryField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(default=timezone.now)
