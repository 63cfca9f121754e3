"""Links that were made, and what became of them."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class Purpose(models.TextChoices):
    """What a link is for; it opens nothing else."""

    VIEW_INVOICE = "view_invoice", "세금계산서 보기"
    REVERSE_REQUEST = "reverse_request", "역발행 요청"
    BILLING_INFO = "billing_info", "발행정보 요청"


class Link(TenantModel):
    """One link to one thing for one reader.

    The token in the address is this row's `id` and a MAC over it under the server's key (`links.tokens`), so that
    neither a copy of the table nor a guessed id opens anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    invoice = models.ForeignKey(
        "invoices.Invoice", null=True, blank=True, on_delete=models.PROTECT, related_name="links"
    )
    made_for = models.CharField(
        "받는 사람",
        max_length=254,
        blank=True,
        help_text="the mail address it was made for; empty where a member copied it",
    )
    made_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True, help_text="the first time, once")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "invoice"], name="link_of_invoice")]


class RequestEvent(TenantModel):
    """What happened to a `request` that is answered behind a link: who, when, from where."""

    append_only = True

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=20)
    data = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering: ClassVar = ["id"]
        # The history of a workspace, the newest first.
        indexes: ClassVar = [models.Index(fields=["workspace", "-at", "-id"], name="%(class)s_newest")]
