"""Mails: those to be sent and what became of them, and in the demo those that stayed here."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel


class CapturedMail(models.Model):
    """A mail of the demo, kept instead of sent.

    It has no workspace: the demo is one machine with one inbox, read by whoever started it, and the mails of accounts
    (signing up, a forgotten password) belong to none. Outside the demo no row is ever written here.
    """

    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]


class Kind(models.TextChoices):
    """The mails of the service; the text names them where they are switched on and off."""

    INVOICE_ISSUED = "invoice_issued", "세금계산서 발행 (공급받는자에게)"
    INVOICE_CANCELLED = "invoice_cancelled", "발행취소 (공급받는자에게)"
    RESULT_FAILED = "result_failed", "국세청 전송 실패"
    CERTIFICATE_EXPIRES = "certificate_expires", "인증서 만료 30·7·1일 전"
    DEADLINE = "deadline", "발급기한·전송기한 알림"
    DIGEST = "digest", "밀린 일 하루 요약"
    INVITATION = "invitation", "구성원 초대"
    APPROVAL_ASKED = "approval_asked", "발행 승인 요청"
    APPROVAL_ANSWERED = "approval_answered", "발행 승인·반려"
    CORRECTION_ASKED = "correction_asked", "공급자에게 수정 요청"
    REVERSE_REQUESTED = "reverse_requested", "역발행 요청 (공급자에게)"
    REVERSE_REMINDER = "reverse_reminder", "역발행 요청 기한 알림 (공급자에게)"
    REVERSE_WITHDRAWN = "reverse_withdrawn", "역발행 요청취소 (공급자에게)"
    REVERSE_ANSWERED = "reverse_answered", "역발행 요청의 결과"
    BILLING_ASKED = "billing_asked", "발행정보 요청 (거래처에게)"
    BILLING_REMINDER = "billing_reminder", "발행정보 요청 기한 알림 (거래처에게)"
    BILLING_ANSWERED = "billing_answered", "발행정보 도착"


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting", "보내는 중"
    SENT = "sent", "보냄"
    BOUNCED = "bounced", "반송"
    FAILED = "failed", "보내지 못함"
    DROPPED = "dropped", "보내지 않음"


class MailLanguage(models.TextChoices):
    """In what a mail is written: both, Korean first, where nobody has said what the reader reads."""

    KOREAN = "ko", "한국어"
    ENGLISH = "en", "English"
    BOTH = "both", "한국어 + English"


class OutgoingMail(TenantModel):
    """A mail to be sent, written in the transaction that made it necessary: none is lost, none is sent twice by us.

    The text is made when it is sent, from the rows it speaks of, so that no link stands in this table. `key` names the
    occasion within its kind: the same occasion never makes a second mail. `next_attempt_at` of a mail that is being
    handed over right now is when it is taken for abandoned.
    """

    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=120, help_text="the occasion, once in a workspace and kind")
    to = models.EmailField("받는 사람")
    #: Whose it is, however `to` is written; only of mails that are counted by it (`inboxes`).
    inbox = models.CharField(max_length=254, blank=True)
    #: The member it is written to, whose own choice counts; nobody for people without an account.
    person = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=4, choices=MailLanguage.choices, default=MailLanguage.BOTH)
    invoice = models.ForeignKey(
        "invoices.Invoice", null=True, blank=True, on_delete=models.PROTECT, related_name="mails"
    )
    facts = models.JSONField(
        default=dict, help_text="what the text needs to know besides; no secret, no link"
    )
    subject = models.CharField("제목", max_length=300, blank=True, help_text="as it was sent")
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    why = models.CharField(max_length=40, blank=True, help_text="a code, of what was not sent or came back")
    message_id = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="sent, come back, or given up")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "kind", "key"], name="mail_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="mail_to_send"
            ),
            models.Index(fields=["workspace", "invoice"], name="mail_of_invoice"),
            # How many went to one inbox, over all workspaces.
            models.Index(fields=["inbox", "created_at"], condition=~models.Q(inbox=""), name="mail_to_inbox"),
            models.Index(fields=["workspace", "-id"], name="mail_newest"),
            models.Index(
                fields=["workspace", "-ended_at"],
                condition=models.Q(state__in=["bounced", "failed"]),
                name="mail_not_delivered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def invoice_ids(self) -> tuple[int, ...]:
        """What it is about: documents that were issued together share one mail."""
        first = () if self.invoice_id is None else (self.invoice_id,)
        return (*first, *self.facts.get("also", ()))


class MailAttempt(TenantModel):
    """One try to hand a mail to the mail server, or what came back of it later."""

    append_only = True

    mail = models.ForeignKey(OutgoingMail, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class MailChoice(TenantModel):
    """A kind of mail switched off: for the workspace (mails to buyers), or for one member (mails to themselves)."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    user = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "user"], name="mail_choice_once", nulls_distinct=False
            )
        ]


class Round(TenantModel):
    """That the reminders or the digest of a day were seen to: once for each day, however often it is looked."""

    append_only = True

    kind = models.CharField(max_length=20, choices=Kind.choices)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "kind", "day"], name="round_once")
        ]
