"""A counterparty, its contacts, and the items it usually buys."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class Kind(models.TextChoices):
    """Whom an invoice can be made out to (시행령 §67②)."""

    BUSINESS = "business", "사업자"
    INDIVIDUAL = "individual", "개인"
    FOREIGNER = "foreigner", "외국인"


class Counterparty(TenantModel):
    """거래처. An individual's resident number is kept encrypted and found by its HMAC only."""

    kind = models.CharField("구분", max_length=10, choices=Kind.choices, default=Kind.BUSINESS)
    number = models.CharField("사업자등록번호", max_length=10, blank=True)
    branch_number = models.CharField("종사업장번호", max_length=4, blank=True)
    resident_number = models.BinaryField(null=True, blank=True)
    resident_number_hmac = models.CharField(max_length=64, blank=True)
    foreigner_id = models.CharField("외국인등록번호·여권번호", max_length=20, blank=True)
    name = models.CharField("상호", max_length=70)
    representative = models.CharField("대표자", max_length=30, blank=True)
    address = models.CharField("주소", max_length=150, blank=True)
    business_type = models.CharField("업태", max_length=40, blank=True)
    business_item = models.CharField("종목", max_length=40, blank=True)
    memo = models.TextField("메모", blank=True, max_length=4000)
    search = models.TextField(
        blank=True, help_text="name, initials (초성) and number, lower case, for searching"
    )
    #: What the tax office last said of the number: code of 휴폐업, its words, and when it was asked.
    tax_status = models.CharField(max_length=2, blank=True)
    tax_status_text = models.CharField(max_length=100, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    tax_status_checked_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "number", "branch_number"],
                condition=~Q(number="") & Q(archived_at__isnull=True),
                name="counterparty_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "name"])]

    def __str__(self) -> str:
        return self.name


class Contact(TenantModel):
    """담당자: who at a counterparty gets the mail."""

    counterparty = models.ForeignKey(Counterparty, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField("이름", max_length=30, blank=True)
    department = models.CharField("부서", max_length=40, blank=True)
    email = models.EmailField("이메일", max_length=40, blank=True)
    phone = models.CharField("전화", max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="the first two stand on the invoice")

    class Meta:
        ordering: ClassVar = ["position", "id"]


class CounterpartyChange(TenantModel):
    """What was changed on a counterparty, when and by whom."""

    append_only = True

    counterparty = models.ForeignKey(Counterparty, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=20)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]


class RememberedItem(TenantModel):
    """품목 memory: what was sold to whom at which price the last time."""

    business = models.ForeignKey("workspaces.Business", on_delete=models.CASCADE, related_name="+")
    counterparty = models.ForeignKey(Counterparty, null=True, on_delete=models.CASCADE, related_name="items")
    name = models.CharField(max_length=100)
    specification = models.CharField(max_length=60, blank=True)
    unit_price = models.CharField(
        max_length=20, blank=True, help_text="a decimal, as it stood on the invoice"
    )
    used_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["business", "counterparty", "name", "specification"],
                name="item_once",
                nulls_distinct=False,
            )
        ]
