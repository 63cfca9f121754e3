"""A workspace, its businesses and its members."""

import secrets
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dojang.etax.amounts import Rounding as Towards
from dojang.service.tenancy.models import TenantModel
from dojang.service.workspaces.roles import Role


def new_slug() -> str:
    """The name of a workspace in addresses: random, so that nothing is learnt by counting."""
    return secrets.token_hex(5)


class TransmitPolicy(models.TextChoices):
    """When an issued invoice goes to the NTS; the legal deadline and tax-review's exceptions come before it."""

    AT_ONCE = "at_once", "바로"
    AFTER_MINUTES = "after_minutes", "정한 시간 뒤"
    NEXT_BUSINESS_DAY = "next_business_day", "다음 영업일"


class Workspace(models.Model):
    """What one company, or one tax accountant's clients, see together. Nothing crosses from one to another."""

    slug = models.CharField(max_length=20, unique=True, default=new_slug)
    name = models.CharField("이름", max_length=60)
    created_at = models.DateTimeField(default=timezone.now)
    transmit_policy = models.CharField(
        max_length=20, choices=TransmitPolicy.choices, default=TransmitPolicy.AFTER_MINUTES
    )
    transmit_minutes = models.PositiveIntegerField("전송까지(분)", default=30)
    #: Closed: everything can still be read and taken out, nothing is written any more.
    closed_at = models.DateTimeField(null=True, blank=True)
    #: Made for one document that a supplier without an account signs (역발행): it has no members and no pages.
    guest = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Rounding(models.TextChoices):
    """How 10 % of a line becomes whole won, and how a VAT-inclusive price is split."""

    DOWN = "down", "버림"
    HALF_UP = "half_up", "반올림"
    UP = "up", "올림"


_TOWARDS: Final = {
    Rounding.DOWN: Towards.TRUNCATE,
    Rounding.HALF_UP: Towards.ROUND,
    Rounding.UP: Towards.CEIL,
}


class Business(TenantModel):
    """사업자: one registration number that issues invoices."""

    number = models.CharField("사업자등록번호", max_length=10)
    name = models.CharField("상호", max_length=70)
    representative = models.CharField("대표자", max_length=30)
    address = models.CharField("사업장 주소", max_length=150, blank=True)
    business_type = models.CharField("업태", max_length=40, blank=True)
    business_item = models.CharField("종목", max_length=40, blank=True)
    contact_name = models.CharField("담당자", max_length=30, blank=True)
    contact_email = models.EmailField("담당자 이메일", max_length=40, blank=True)
    contact_phone = models.CharField("담당자 전화", max_length=20, blank=True)
    seal_image = models.BinaryField(null=True, blank=True, max_length=200_000)
    seal_image_type = models.CharField(max_length=20, blank=True)
    default_purpose = models.CharField("영수·청구", max_length=7, default="claim")
    rounding = models.CharField("원 미만", max_length=7, choices=Rounding.choices, default=Rounding.DOWN)
    facts = models.JSONField(
        default=dict, help_text="what the law engine asks of the supplier: dojang.etax.facts.Facts"
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="business_once_in_workspace")
        ]
        # Whom an accepted invoice is for is looked up over all workspaces.
        indexes: ClassVar = [models.Index(fields=["number"], name="business_by_number")]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def towards(self) -> Towards:
        """How parts of a won are rounded, as the arithmetic of documents names it."""
        return _TOWARDS[Rounding(self.rounding)]


class Branch(TenantModel):
    """종사업장: a place of business under a unit taxation number, four digits."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="branches")
    number = models.CharField("종사업장번호", max_length=4)
    name = models.CharField("이름", max_length=70)
    address = models.CharField("주소", max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["business", "number"], name="branch_once")]
        ordering: ClassVar = ["number"]


class Membership(TenantModel):
    """A person in a workspace. `role` holds for every business that `BusinessRole` does not name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "user"], condition=Q(left_at__isnull=True), name="member_once"
            ),
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(role="owner", left_at__isnull=True), name="one_owner"
            ),
        ]


class BusinessRole(TenantModel):
    """A member's role in one business, in place of the one in the workspace."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="business_roles")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "business"], name="business_role_once")
        ]


class Invitation(TenantModel):
    """A link by mail that makes its reader a member, once.

    The token is made when the mail is sent and stands nowhere but in it: only its SHA-256 is kept, empty until then.
    """

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    business = models.ForeignKey(Business, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(default=timezone.now, help_text="when a mail was last asked for")
    mails = models.PositiveSmallIntegerField(default=1, help_text="how many mails were asked for")
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invited_once",
            )
        ]


class WorkspaceEvent(TenantModel):
    """Who changed what about the workspace itself: a member, a business, an invitation, a setting."""

    append_only = True

    class Subject(models.TextChoices):
        WORKSPACE = "workspace", "작업공간"
        BUSINESS = "business", "사업장"
        BRANCH = "branch", "종사업장"
        MEMBER = "member", "구성원"
        INVITATION = "invitation", "초대"

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=30)
    subject = models.CharField(max_length=12, choices=Subject.choices)
    subject_id = models.BigIntegerField(help_text="no foreign key: what is gone stays named")
    subject_name = models.CharField(max_length=254)
    changes = models.JSONField(default=dict, help_text="field: [from, to]")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["workspace", "-at", "-id"], name="workspace_event_newest")]
