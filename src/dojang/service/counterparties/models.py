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


class BusinessState(models.TextChoices):
    """휴폐업: what the tax office says of a business number, by its own codes; 00 is ours."""

    ACTIVE = "01", "계속사업자"
    SUSPENDED = "02", "휴업자"
    CLOSED = "03", "폐업자"
    UNREGISTERED = "00", "미등록"


class Counterparty(TenantModel):
    """거래처. The number of a person is kept encrypted and found by its fingerprint only."""

    kind = models.CharField("구분", max_length=10, choices=Kind.choices, default=Kind.BUSINESS)
    code = models.CharField("거래처코드", max_length=30, blank=True, help_text="as other software names it")
    number = models.CharField("사업자등록번호", max_length=10, blank=True)
    branch_number = models.CharField("종사업장번호", max_length=4, blank=True)
    #: An individual's resident number, a foreigner's registration or passport number: `dojang.service.secrets`.
    personal_number = models.BinaryField(null=True, blank=True)
    personal_number_hmac = models.CharField(max_length=64, blank=True)
    name = models.CharField("상호", max_length=70)
    representative = models.CharField("대표자", max_length=30, blank=True)
    address = models.CharField("주소", max_length=150, blank=True)
    business_type = models.CharField("업태", max_length=40, blank=True)
    business_item = models.CharField("종목", max_length=40, blank=True)
    memo = models.TextField("메모", blank=True, max_length=4000)
    #: Derived when it is saved: what people look for, lower case, and the name without what companies add to it.
    search = models.TextField(blank=True)
    name_key = models.CharField(max_length=70, blank=True)
    #: What the tax office last said of the number, and when it was asked.
    tax_status = models.CharField("휴폐업", max_length=2, blank=True, choices=BusinessState.choices)
    tax_type = models.CharField(max_length=2, blank=True, help_text="과세유형, by the tax office's code")
    tax_status_text = models.CharField(max_length=100, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    tax_status_checked_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, help_text="counts every change; two editors meet here")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "number", "branch_number"],
                condition=~Q(number="") & Q(archived_at__isnull=True),
                name="counterparty_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "personal_number_hmac"],
                condition=~Q(personal_number_hmac="") & Q(archived_at__isnull=True),
                name="counterparty_person_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "name"], name="counterparty_by_name"),
            models.Index(fields=["workspace", "name_key"], name="counterparty_by_name_key"),
        ]

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
    address = models.CharField(max_length=45, blank=True, help_text="from where")
    action = models.CharField(max_length=20)
    changes = models.JSONField(default=dict, help_text="field → [before, after]; never a person's number")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-at", "-id"], name="counterparty_change_newest")
        ]


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
        indexes: ClassVar = [
            models.Index(fields=["business", "counterparty", "-used_at"], name="item_newest")
        ]


class SheetUpload(TenantModel):
    """The rows of a spreadsheet between being looked at and being taken over; gone after that, or after a day."""

    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(help_text="of the whole sheet, as text, without numbers of persons")
