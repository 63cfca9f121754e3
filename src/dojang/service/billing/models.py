"""발행정보 요청: what a customer was asked for, and what it filled in."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.links.models import RequestEvent
from dojang.service.tenancy.models import TenantModel


class State(models.TextChoices):
    """Where a request stands; the text is its badge."""

    ASKED = "asked", "작성 대기"
    ANSWERED = "answered", "확인 대기"
    CONFIRMED = "confirmed", "반영됨"
    WITHDRAWN = "withdrawn", "요청취소"
    EXPIRED = "expired", "기한만료"


class BillingRequest(TenantModel):
    """One customer asked for its billing data by a link.

    `answer` is what it filled in, without the number of a person: that is kept in `personal_number`, encrypted, until
    the counterparty has it or the request came to nothing. What nobody takes over is erased (`terms.kept_until`).
    """

    business = models.ForeignKey("workspaces.Business", on_delete=models.PROTECT, related_name="+")
    counterparty = models.ForeignKey(
        "counterparties.Counterparty", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=70, help_text="what we call the customer")
    email = models.EmailField(max_length=100)
    message = models.CharField(max_length=200, blank=True)
    allow_individual = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    version = models.PositiveIntegerField(default=1, help_text="counts every change; two editors meet here")
    link = models.ForeignKey("links.Link", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mails = models.PositiveSmallIntegerField(default=0, help_text="how often the customer was written to")
    reminded_at = models.DateTimeField(null=True, blank=True)
    #: Until when the customer may fill it in.
    expires_at = models.DateTimeField()
    #: Why the last answer was sent back.
    reason = models.CharField(max_length=200, blank=True)
    answer = models.JSONField(default=dict)
    personal_number = models.BinaryField(null=True, blank=True)
    #: What the tax office said of the number in the answer: `counterparties.taxstatus`, and when; empty if nothing.
    status = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "state", "-id"], name="billing_by_state"),
            models.Index(fields=["workspace", "counterparty"], name="billing_of_counterparty"),
            # Those whose end is to be seen to, over all workspaces.
            models.Index(fields=["expires_at"], condition=models.Q(state="asked"), name="billing_open_until"),
            models.Index(
                fields=["answered_at"], condition=models.Q(state="answered"), name="billing_to_confirm"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BillingEvent(RequestEvent):
    """What happened to a request."""

    request = models.ForeignKey(BillingRequest, on_delete=models.PROTECT, related_name="events")
