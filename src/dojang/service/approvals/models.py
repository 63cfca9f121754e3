"""발행 승인: which documents need one, and each request with its answer."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class ApprovalState(models.TextChoices):
    """How a request stands."""

    ASKED = "asked", "승인대기"
    APPROVED = "approved", "승인"
    SENT_BACK = "sent_back", "반려"
    TAKEN_BACK = "taken_back", "요청 취소"


class ApprovalPolicy(TenantModel):
    """What has to be approved before it is signed, in one business. Without a row nothing has to be."""

    business = models.OneToOneField(
        "workspaces.Business", on_delete=models.CASCADE, related_name="approval_policy"
    )
    #: 합계금액 in won from which on; 0 is every document. Negative amounts count by their size.
    from_amount = models.BigIntegerField("승인이 필요한 합계금액", default=0)
    #: Whoever wrote or last changed a document does not approve it.
    four_eyes = models.BooleanField("작성자와 승인자를 다르게", default=True)
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)


class Approval(TenantModel):
    """One request to approve one document, exactly as it was: `content_hash` is what was seen."""

    invoice = models.ForeignKey("invoices.Invoice", on_delete=models.PROTECT, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    total_amount = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.ASKED)
    note = models.CharField("전할 말", max_length=500, blank=True)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    #: Who wrote what is seen: whoever created the document or, if it was changed since, changed it last.
    edited_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    reason = models.CharField("반려 사유", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(state="asked"), name="one_open_approval"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "state", "-asked_at"], name="approval_by_state")
        ]
        ordering: ClassVar = ["-id"]
