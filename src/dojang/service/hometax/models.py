"""Lists of the tax office on their way in, and what was given out to be issued there."""

from typing import ClassVar

from django.db import models

from dojang.service.records.models import Side
from dojang.service.tenancy.models import TenantModel


class ListState(models.TextChoices):
    """How far a list is."""

    WAITING = "waiting", "읽기 대기"
    READING = "reading", "읽는 중"
    LOOKED = "looked", "확인 대기"
    TAKING = "taking", "가져오는 중"
    DONE = "done", "가져옴"
    REFUSED = "refused", "읽지 못함"
    DROPPED = "dropped", "버림"


UNDER_WAY = (ListState.WAITING, ListState.READING, ListState.TAKING)


class Verdict(models.TextChoices):
    """What becomes of a row of a list, or of a document that it lacks."""

    NEW = "new", "새 문서"
    DRAFT = "draft", "작성 중인 문서와 같음"
    SAME = "same", "이미 있고 같음"
    DIFFERENT = "different", "이미 있고 다름"
    WRONG = "wrong", "읽지 못함"
    OTHER = "other", "다른 사업자"
    MISSING = "missing", "목록에 없음"


class ListImport(TenantModel):
    """One file from 홈택스: looked at first, taken over afterwards, both by the worker and in portions.

    `run` counts how often it was begun to be read: who was overtaken writes nothing more. The file and its rows are
    encrypted, since they may hold numbers of persons, and are gone after `kept_until`; figures and findings stay.
    """

    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    file = models.BinaryField(null=True, blank=True, help_text="encrypted, until it is read")
    state = models.CharField(max_length=8, choices=ListState.choices, default=ListState.WAITING)
    refusal = models.CharField(max_length=40, blank=True, help_text="why it could not be read: a code")
    run = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(help_text="when something was last done with it")
    kept_until = models.DateTimeField(null=True, blank=True)
    business_ids = models.JSONField(default=list, help_text="the businesses whose rows are looked for")
    counts = models.JSONField(default=dict, help_text="rows by what becomes of them")
    findings = models.JSONField(default=list, help_text="of headings and columns")
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    taken_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0, help_text="documents that it has brought")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-id"], name="hometax_list_newest"),
            # What a worker that died left behind, and what is not to be kept any longer, over all workspaces.
            models.Index(
                fields=["beat_at"], condition=models.Q(state__in=UNDER_WAY), name="hometax_list_under_way"
            ),
            models.Index(
                fields=["kept_until"],
                condition=models.Q(kept_until__isnull=False),
                name="hometax_list_kept",
            ),
        ]


class ListChunk(TenantModel):
    """Some rows of a file, as they stand there and as they were read; encrypted."""

    source = models.ForeignKey(ListImport, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    rows = models.BinaryField(help_text="JSON, packed and encrypted")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "source", "number"], name="hometax_chunk_once")
        ]


class ListRow(TenantModel):
    """A row that somebody has to look at, or an example of those that nobody has to; never a person's number."""

    source = models.ForeignKey(ListImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(default=0, help_text="of the row in the spreadsheet")
    sheet = models.CharField(max_length=40, blank=True, help_text="from the second sheet on")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    side = models.CharField(max_length=8, choices=Side.choices, blank=True)
    business = models.ForeignKey(
        "workspaces.Business", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issue_id = models.CharField(max_length=24, blank=True)
    party_name = models.CharField(max_length=70, blank=True)
    written_on = models.DateField(null=True, blank=True)
    total_amount = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list)
    differences = models.JSONField(default=list, help_text="field, what is here, what the list says")
    record = models.ForeignKey(
        "records.Record", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    invoice = models.ForeignKey(
        "invoices.Invoice", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "verdict", "id"], name="hometax_row_of_list")]


class BulkFile(TenantModel):
    """A file that was made for 홈택스 to issue from."""

    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    business = models.ForeignKey("workspaces.Business", on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(default=0)


class BulkInvoice(TenantModel):
    """A draft that may have been issued on 홈택스: it is not issued here until somebody says that it was not."""

    file = models.ForeignKey(BulkFile, on_delete=models.CASCADE, related_name="invoices")
    invoice = models.ForeignKey("invoices.Invoice", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issue_id = models.CharField(max_length=24, blank=True, help_text="what Hometax's list has it under")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "invoice"],
                condition=models.Q(released_at=None),
                name="hometax_bulk_once",
            )
        ]
