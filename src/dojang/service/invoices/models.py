"""An invoice, the orders to sign it, and the signed bytes, kept for ever."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.days import DayInKorea
from dojang.service.invoices.consigned import IS_CONSIGNED
from dojang.service.invoices.states import State
from dojang.service.tenancy.models import TenantModel

LISTED = (
    "business", "counterparty", "state", "document_type", "amendment_reason", "purpose", "delivered_on", "issued_at",
    "sent_on", "issue_by", "transmit_by", "created_by", "assigned_to", "buyer_name", "supply_amount", "tax_amount",
    "total_amount",
)  # fmt: skip
"""The columns of `Invoice` that conditions and sums of its list are made of."""

COUNTED = (
    "document_type", "amendment_reason", "buyer_number", "buyer_name", "supply_amount", "tax_amount", "total_amount",
    "issued_at", "delivered_on", "sent_on", "way_out",
)  # fmt: skip
"""The columns of `Invoice` that reports and the home page add up or tell apart."""


class Invoice(TenantModel):
    """One 세금계산서 or 계산서 from draft to the NTS's answer.

    `content` is the document as the library's JSON, without an issue id until one is issued. Where it names a
    resident number, `content` has none and `secret` keeps it encrypted. The columns beside it repeat what lists
    are filtered and sorted by; they are derived from `content` and never written alone.
    """

    # Foreign keys without an index of their own: those below begin with the workspace, as every question does.
    workspace = models.ForeignKey(
        "workspaces.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    business = models.ForeignKey(
        "workspaces.Business", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    counterparty = models.ForeignKey(
        "counterparties.Counterparty",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="counts every change; two editors meet here")
    content = models.JSONField(default=dict)
    secret = models.BinaryField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    #: What the editor knows beside the document: how amounts were typed, which questions were answered.
    editor = models.JSONField(default=dict, blank=True)
    #: Made by the page before its first save, so that a first save that is sent twice makes one draft.
    draft_key = models.UUIDField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    document_type = models.CharField(max_length=4)
    amendment_reason = models.CharField(max_length=2, blank=True)
    #: 위탁자, whose sale a consigned document is; empty where that is the business itself.
    supplier_number = models.CharField(max_length=10, blank=True)
    supplier_name = models.CharField(max_length=70, blank=True)
    buyer_number = models.CharField(max_length=10, blank=True)
    buyer_name = models.CharField(max_length=70, blank=True)
    buyer_email = models.CharField(max_length=40, blank=True)
    item_name = models.CharField(max_length=100, blank=True)
    item_count = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(max_length=7, blank=True, help_text="영수·청구: receipt or claim")
    written_on = models.DateField(null=True, blank=True)
    #: 발급기한, from the day written; nothing where no calendar reaches.
    issue_by = models.DateField(null=True, blank=True)
    supply_amount = models.BigIntegerField(default=0)
    tax_amount = models.BigIntegerField(default=0)
    total_amount = models.BigIntegerField(default=0)
    search = models.TextField(
        blank=True, help_text="what the list's search looks in; made by lists.searching"
    )

    issue_id = models.CharField(max_length=24, null=True, blank=True)
    original_issue_id = models.CharField(max_length=24, blank=True)
    way_out = models.CharField(max_length=10, blank=True, help_text="sandbox or nts: where it was issued for")
    issued_at = models.DateTimeField(null=True, blank=True, help_text="the time of signing")
    #: 발급일 in law: when it entered the buyer's inbox (시행령 §68⑪⑫); without one, when the NTS had it.
    delivered_on = models.DateField(null=True, blank=True)
    #: 전송기한, from the day of issue.
    transmit_by = models.DateField(null=True, blank=True)
    transmit_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    #: 전송일자. Kept by the database: lists and reports compare it with `transmit_by` in many rows at once.
    sent_on = models.GeneratedField(
        expression=DayInKorea("sent_at"),
        output_field=models.DateField(null=True),
        db_persist=True,
        null=True,
        help_text="the day in Korea of sent_at",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    result_code = models.CharField(max_length=10, blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)
    #: Who looks after it (담당자) once whoever wrote it has handed it over; empty while that is the writer.
    assigned_to = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    changed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "draft_key"], name="draft_once"),
            models.UniqueConstraint(fields=["issue_id"], name="issue_id_once"),
        ]
        indexes: ClassVar = [
            # All that lists are filtered, sorted and summed by: whatever is asked, the rows themselves stay unread.
            models.Index(
                fields=["workspace", "-written_on", "-id"],
                include=LISTED,
                condition=models.Q(deleted_at=None),
                name="invoice_listed",
            ),
            # One counterparty may have a tenth of a big company's invoices.
            models.Index(
                fields=["workspace", "counterparty", "-written_on", "-id"],
                include=[
                    "business",
                    "state",
                    "document_type",
                    "amendment_reason",
                    "supply_amount",
                    "tax_amount",
                    "total_amount",
                ],
                condition=models.Q(deleted_at=None),
                name="invoice_of_counterparty",
            ),
            models.Index(
                fields=["workspace", "business", "buyer_number", "-written_on", "-id"],
                name="invoice_of_buyer",
            ),
            models.Index(fields=["workspace", "state", "-written_on", "-id"], name="invoice_by_state"),
            # The other orders that long lists are read in most: a page is then its own rows, wherever it begins.
            *(
                models.Index(
                    fields=["workspace", column, "id"],
                    condition=models.Q(deleted_at=None),
                    name=f"invoice_by_{name}",
                )
                for column, name in (
                    ("total_amount", "total"),
                    ("buyer_name", "name"),
                    ("issued_at", "issue"),
                )
            ),
            # All that figures are made of. An invoice comes in once, when it is accepted; those of a broker never do.
            models.Index(
                fields=["workspace", "business", "written_on", "id"],
                include=COUNTED,
                condition=models.Q(state=State.ACCEPTED, deleted_at=None) & ~IS_CONSIGNED,
                name="invoice_counted",
            ),
            # What figures say that they leave out.
            models.Index(
                fields=["workspace", "business", "written_on"],
                condition=models.Q(state=State.ACCEPTED, deleted_at=None) & IS_CONSIGNED,
                name="invoice_consigned",
            ),
            # Whether a rejected one was written anew.
            models.Index(
                fields=["copied_from"], condition=models.Q(copied_from__isnull=False), name="invoice_copied"
            ),
            # What amends a document.
            models.Index(
                fields=["workspace", "original_issue_id"],
                condition=~models.Q(original_issue_id=""),
                name="invoice_amending",
            ),
            # What the buyer of a number is owed who proves it only now, over all workspaces.
            models.Index(
                fields=["buyer_number", "written_on"],
                condition=models.Q(state=State.ACCEPTED),
                name="invoice_to_deliver",
            ),
            # The same of those whose goods a broker sold.
            models.Index(
                fields=["supplier_number", "written_on"],
                condition=models.Q(state=State.ACCEPTED) & ~models.Q(supplier_number=""),
                name="invoice_to_deliver_sold",
            ),
            models.Index(
                fields=["transmit_at"], condition=models.Q(state="issued"), name="invoice_to_transmit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.buyer_name} {self.written_on}"


class Order(TenantModel):
    """The exact bytes someone is asked to sign, with the issue id and the time of issue inside; dies soon."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="orders")
    issue_id = models.CharField(max_length=24, unique=True)
    document = models.BinaryField(help_text="the unsigned XML, packed")
    content_hash = models.CharField(max_length=64)
    #: Nobody where a supplier signs without an account.
    ordered_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class SignedDocument(TenantModel):
    """The signed bytes: what is sent, shown, printed and verified, never rewritten."""

    append_only = True

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="signed")
    document = models.BinaryField(help_text="the signed XML, packed")
    sha256 = models.CharField(max_length=64, db_index=True)
    certificate = models.ForeignKey("certificates.Certificate", on_delete=models.PROTECT, related_name="+")
    random = models.ForeignKey("certificates.SealedRandom", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()


class Template(TenantModel):
    """양식: an invoice to begin others from."""

    business = models.ForeignKey("workspaces.Business", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    content = models.JSONField()
    editor = models.JSONField(default=dict, blank=True)
    counterparty = models.ForeignKey(
        "counterparties.Counterparty", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["business", "name"], name="template_once")]


class IssueSerial(models.Model):
    """The last serial given on a day under a registration, over all workspaces; `dojang_issue_serials` adds."""

    pk = models.CompositePrimaryKey("registration", "day")
    registration = models.CharField(max_length=8)
    day = models.DateField()
    last = models.BigIntegerField()
    life = models.CharField(max_length=80, default="", help_text="which run of the server counts here")
