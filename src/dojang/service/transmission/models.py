"""A submission of up to 100 invoices, and what the NTS said of each."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel
from dojang.service.web.say import say


class SubmissionState(models.TextChoices):
    """How far a submission has come."""

    PREPARED = "prepared", "보낼 준비됨"
    SENDING = "sending", "보내는 중"
    RECEIVED = "received", "접수됨"
    UNKNOWN = "unknown", "결과 확인중"
    REFUSED = "refused", "거부됨"
    SETTLED = "settled", "처리됨"


_STATES_EN = {
    SubmissionState.PREPARED: "Ready to be sent",
    SubmissionState.SENDING: "Being sent",
    SubmissionState.RECEIVED: "Received",
    SubmissionState.UNKNOWN: "Asking for the result",
    SubmissionState.REFUSED: "Turned down",
    SubmissionState.SETTLED: "Answered",
}
_TITLES = {
    "preparing": ("전송 준비", "Preparing messages"),
    "nts_certificate": ("국세청 암호화용 인증서", "NTS certificate for encryption"),
    "clock": ("서버 시계", "Clock"),
    "revocation": ("인증서 폐지목록", "Revocation lists"),
    "tax_status": ("휴폐업 조회", "Tax status"),
    "mail": ("메일 서버", "Mail server"),
}


class Submission(models.Model):
    """One message to the NTS, kept whole before it is sent; the operator's, not one workspace's.

    The same bytes go again under the same SubmitID, and only when the NTS has said twice that they never came.
    """

    submit_id = models.CharField(max_length=50, unique=True)
    registration = models.CharField(max_length=8, help_text="the operator's registration number with the NTS")
    way_out = models.CharField(max_length=10, help_text="sandbox or nts")
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.PREPARED)
    count = models.PositiveSmallIntegerField()
    message = models.BinaryField(null=True, help_text="the HTTP body; emptied once every result is known")
    prepared_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["next_look_at"],
                condition=~models.Q(state="settled"),
                name="submission_to_look_at",
            )
        ]

    @property
    def state_text(self) -> str:
        """Where it stands, in the person's language."""
        return say(SubmissionState(self.state).label, _STATES_EN[SubmissionState(self.state)])


class SubmissionCall(models.Model):
    """One exchange about a submission: sent, asked, told. Kept for the operator and for deciding to send again."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10, help_text="submit, ask or callback")
    outcome = models.CharField(max_length=20, help_text="a kind of outcome, or what was found by asking")
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class SubmissionItem(TenantModel):
    """One invoice of a submission and its result."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey("invoices.Invoice", on_delete=models.PROTECT, related_name="submissions")
    position = models.PositiveSmallIntegerField()
    result_code = models.CharField(max_length=10, blank=True)
    result_codes = models.JSONField(default=list, help_text="every code, as the NTS gave them")
    result_message = models.CharField(max_length=500, blank=True)
    result_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "invoice"], name="invoice_once_in_submission")
        ]


class HeldInvoice(models.Model):
    """An issued invoice that cannot be put into a package, and why: for the operator, who mends it.

    It names its place by numbers alone, since the operator's pages belong to no workspace.
    """

    workspace_number = models.BigIntegerField()
    invoice_number = models.BigIntegerField(unique=True)
    issue_id = models.CharField(max_length=24)
    code = models.CharField(max_length=40)
    ko = models.CharField(max_length=500, default="")
    en = models.CharField(max_length=500, default="")
    since = models.DateTimeField()
    tried_at = models.DateTimeField()


class NtsCertificate(models.Model):
    """The NTS's certificate for encryption (km), as it was fetched; the newest in force is used."""

    fingerprint = models.CharField(max_length=64, unique=True)
    der = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    fetched_at = models.DateTimeField()


class Condition(models.Model):
    """What the machinery found out about one thing when it last looked: for the operator's page."""

    name = models.CharField(max_length=60, primary_key=True)
    is_good = models.BooleanField()
    code = models.CharField(max_length=60, blank=True)
    ko = models.CharField(max_length=500, blank=True)
    en = models.CharField(max_length=500, blank=True)
    value = models.FloatField(null=True, help_text="seconds of clock skew, for example")
    at = models.DateTimeField()
    since = models.DateTimeField(help_text="since when it is as it is")

    @property
    def title(self) -> str:
        """What it is about, in the person's language."""
        return say(*_TITLES.get(self.name, (self.name, self.name)))
