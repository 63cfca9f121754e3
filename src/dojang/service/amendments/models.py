"""An act of amending (수정발행): what happened, and the documents that came of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class AmendmentState(models.TextChoices):
    """How far it is."""

    ASKING = "asking", "작성 중"
    PREPARED = "prepared", "서명 대기"
    ISSUED = "issued", "발행완료"
    WITHDRAWN = "withdrawn", "그만둠"


class Kind(models.TextChoices):
    """What a document of it is."""

    AMENDMENT = "amendment", "수정"
    FOLLOW_UP = "follow_up", "새로 발행"


class Amendment(TenantModel):
    """From what happened to one document, to the documents that put it right.

    `answers` are those of the questions (`dojang.etax.amendments.suggest`), by question; nothing else of the plan is
    kept until it is prepared, since all of it follows from them, the chain and the day. Answers that name a person's
    number stand encrypted in `secret`. What was shown and confirmed before signing is kept in `shown`.
    """

    business = models.ForeignKey("workspaces.Business", on_delete=models.PROTECT, related_name="+")
    #: The document that is amended: one of ours, or a sale that was issued elsewhere.
    target = models.ForeignKey(
        "invoices.Invoice", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    record = models.ForeignKey(
        "records.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    chain = models.CharField(
        max_length=40, help_text="names the deal: the issue id of its original, or of paper"
    )
    state = models.CharField(max_length=10, choices=AmendmentState.choices, default=AmendmentState.ASKING)
    event = models.CharField(max_length=40, blank=True, help_text="무슨 일이 있었나요: the key of the tree")
    answers = models.JSONField(default=dict, blank=True)
    secret = models.BinaryField(null=True, blank=True, help_text="answers with a person's number, encrypted")
    chain_hash = models.CharField(
        max_length=64, blank=True, help_text="the documents of the deal as it was prepared for"
    )
    shown = models.JSONField(default=dict, blank=True, help_text="the preview, and what was confirmed")
    version = models.PositiveIntegerField(default=1)
    #: Prepared with this one, for another document of the same contract (이 계약의 다른 세금계산서).
    beside = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="others")
    #: Of whose documents one was not accepted while the rest stands: this one issues it again.
    mends = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="mendings"
    )
    started_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(record__isnull=True), name="amendment_of_one"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "chain"], name="amendment_of_chain")]
        ordering: ClassVar = ["-id"]


class AmendmentDocument(TenantModel):
    """A document of an amendment. Its amendments are issued together; what follows up is a document of its own."""

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="documents")
    invoice = models.OneToOneField(
        "invoices.Invoice", on_delete=models.PROTECT, related_name="amendment_document"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.AMENDMENT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["amendment_id", "position"]
