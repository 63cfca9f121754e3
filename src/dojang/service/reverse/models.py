"""역발행: what a buyer asked for, and what a supplier was asked."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.links.models import RequestEvent
from dojang.service.tenancy.models import TenantModel


class State(models.TextChoices):
    """Where a request stands; the text is its badge."""

    DRAFT = "draft", "임시저장"
    REQUESTED = "requested", "역발행 요청"
    SIGNED = "signed", "발행완료"
    REFUSED = "refused", "거부됨"
    WITHDRAWN = "withdrawn", "요청취소"
    EXPIRED = "expired", "기한만료"
    #: The supplier cancelled what it had signed before it was sent to the tax office.
    CANCELLED = "cancelled", "발행취소"
    #: The tax office did not take what the supplier had signed.
    FAILED = "failed", "전송실패"


class _Asked(TenantModel):
    """The document that is asked for, and what lists show of it: derived from `content`, never written alone."""

    business = models.ForeignKey("workspaces.Business", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    content = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    document_type = models.CharField(max_length=4)
    item_name = models.CharField(max_length=100, blank=True)
    item_count = models.PositiveSmallIntegerField(default=0)
    written_on = models.DateField()
    #: 발급기한, from the day written; nothing where no calendar reaches.
    issue_by = models.DateField(null=True, blank=True)
    supply_amount = models.BigIntegerField(default=0)
    tax_amount = models.BigIntegerField(default=0)
    total_amount = models.BigIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    #: Until when the supplier may answer.
    expires_at = models.DateTimeField(null=True, blank=True)
    #: When the supplier signed or refused, and why it refused.
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class ReverseRequest(_Asked):
    """역발행 요청: a document that our business, the buyer, has written for its supplier to sign.

    What is signed is the supplier's and lives with the supplier: in its own workspace, or in a guest workspace made
    for this one request where it has none. `dojang_settle_reverse` writes here what became of it.
    """

    counterparty = models.ForeignKey(
        "counterparties.Counterparty", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    supplier_number = models.CharField(max_length=10)
    supplier_name = models.CharField(max_length=70)
    supplier_email = models.EmailField(max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="counts every change; two editors meet here")
    link = models.ForeignKey("links.Link", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mails = models.PositiveSmallIntegerField(default=0, help_text="how often the supplier was written to")
    reminded_at = models.DateTimeField(null=True, blank=True)
    #: The workspace in which the supplier signs without an account: known once it wanted to, and until it is removed.
    guest = models.BigIntegerField(null=True, blank=True)
    issue_id = models.CharField(max_length=24, blank=True)
    way_out = models.CharField(max_length=10, blank=True)
    #: What its writer is yet to be told by mail: a state.
    untold = models.CharField(max_length=10, blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "state", "-id"], name="reverse_by_state"),
            # Those with something to see to, over all workspaces.
            models.Index(
                fields=["expires_at"], condition=models.Q(state="requested"), name="reverse_open_until"
            ),
            models.Index(
                fields=["supplier_number"], condition=models.Q(state="requested"), name="reverse_asked_of"
            ),
            models.Index(fields=["workspace"], condition=~models.Q(untold=""), name="reverse_untold"),
            models.Index(fields=["guest"], condition=models.Q(guest__isnull=False), name="reverse_of_guest"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_name} {self.written_on}"


class ReverseEvent(RequestEvent):
    """What happened to a request."""

    request = models.ForeignKey(ReverseRequest, on_delete=models.PROTECT, related_name="events")


class IncomingReverse(_Asked):
    """받은 역발행 요청: a document that a buyer has written for our business, the supplier, to sign.

    `dojang_lay_reverse` lays it in every workspace that has proved the supplier's number; the first to sign wins.
    `state` repeats that of the buyer's request, which is the truth and is asked under its lock before anything is
    signed.
    """

    #: Where it comes from. No foreign keys: the rows are another workspace's.
    origin_workspace = models.BigIntegerField()
    origin_request = models.BigIntegerField()
    requester_number = models.CharField(max_length=10)
    requester_name = models.CharField(max_length=70)
    arrived_at = models.DateTimeField()
    #: What was made of it here; empty while it was not, and where it was signed in another workspace.
    invoice = models.ForeignKey(
        "invoices.Invoice", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "origin_request"], name="reverse_laid_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "state", "-id"], name="incoming_by_state"),
            models.Index(fields=["origin_request"], name="incoming_of_request"),
            models.Index(
                fields=["invoice"], condition=models.Q(invoice__isnull=False), name="incoming_of_invoice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requester_name} {self.written_on}"
