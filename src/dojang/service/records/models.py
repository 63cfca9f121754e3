"""Documents that were not issued here: what suppliers sent, and what was issued elsewhere."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from dojang.service.tenancy.models import TenantModel

LISTED = (
    "business", "counterparty", "source", "check_state", "not_deductible", "fixed_asset", "document_type",
    "amendment_reason", "purpose", "issued_on", "sent_on", "issue_by", "created_by", "party_name", "supply_amount",
    "tax_amount", "total_amount",
)  # fmt: skip
"""The columns of `Record` that conditions and sums of its lists are made of."""


class Side(models.TextChoices):
    """Which party the business is."""

    PURCHASE = "purchase", "매입"
    SALES = "sales", "매출"


class Source(models.TextChoices):
    """How a document came here."""

    DELIVERED = "delivered", "자동 수신"
    XML = "xml", "XML 올림"
    PAPER = "paper", "종이·수기"
    HOMETAX = "hometax", "홈택스 목록"


class Check(models.TextChoices):
    """What was decided about a purchase."""

    TO_CHECK = "to_check", "확인 필요"
    CHECKED = "checked", "확인완료"
    CORRECTION_ASKED = "correction_asked", "수정 요청함"


class PartyKind(models.TextChoices):
    """What the other party is: a person's number never stands in `party_number`."""

    BUSINESS = "business", "사업자"
    INDIVIDUAL = "individual", "개인"
    FOREIGNER = "foreigner", "외국인"


class NotDeductible(models.TextChoices):
    """불공제 사유 (부가가치세법 §39①; the numbers of the bookkeeping programs)."""

    MISSING_ENTRIES = "1", "필요적 기재사항 누락"
    NOT_FOR_BUSINESS = "2", "사업과 직접 관련 없는 지출"
    PASSENGER_CAR = "3", "비영업용 소형승용차 구입·유지·임차"
    ENTERTAINMENT = "4", "기업업무추진비"
    EXEMPT_BUSINESS = "5", "면세사업 관련"
    LAND = "6", "토지의 자본적 지출 관련"
    BEFORE_REGISTRATION = "7", "사업자등록 전 매입세액"
    GOLD_AND_COPPER = "8", "금·구리 스크랩 거래계좌 미사용"
    SHARED = "9", "공통매입세액 안분"
    BAD_DEBT = "10", "대손처분받은 세액"
    RECALCULATED = "11", "납부세액 재계산"


class Record(TenantModel):
    """One document of another issuer (매입), or one of ours that was issued elsewhere (매출).

    `content` is the document as the library's JSON; `document` are its signed bytes where there are any. What a list
    of the tax office says of a document is a record without bytes, and is completed when they come. The number of a
    person stands in `secret` alone and is found by its fingerprint. The columns beside `content` repeat what lists are
    filtered and sorted by; they are derived from it (`records.content`) and never written alone.
    """

    business = models.ForeignKey("workspaces.Business", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    counterparty = models.ForeignKey(
        "counterparties.Counterparty", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    content = models.JSONField(default=dict)
    secret = models.BinaryField(null=True, blank=True, help_text="the number of a person, encrypted")
    document = models.BinaryField(null=True, blank=True, help_text="the signed XML, packed")
    sha256 = models.CharField(max_length=64, blank=True)
    way_out = models.CharField(max_length=10, blank=True, help_text="sandbox: a 모의 document")
    verdict = models.JSONField(default=dict, help_text="what the check of the signature said when it came")

    document_type = models.CharField(max_length=4)
    amendment_reason = models.CharField(max_length=2, blank=True)
    issue_id = models.CharField(max_length=24, blank=True)
    original_issue_id = models.CharField(max_length=24, blank=True)
    #: The other party: the supplier of a purchase, the buyer of a sale.
    party_number = models.CharField(max_length=13, blank=True)
    party_name = models.CharField(max_length=70, blank=True)
    party_kind = models.CharField(max_length=10, choices=PartyKind.choices, default=PartyKind.BUSINESS)
    party_hmac = models.CharField(
        max_length=64, blank=True, help_text="a person's number, to tell people apart"
    )
    item_name = models.CharField(max_length=100, blank=True)
    item_count = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(max_length=7, blank=True, help_text="영수·청구: receipt or claim")
    written_on = models.DateField()
    #: 발급기한, from the day written; none of an amendment, whose term goes by its reason.
    issue_by = models.DateField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    supply_amount = models.BigIntegerField(default=0)
    tax_amount = models.BigIntegerField(default=0)
    total_amount = models.BigIntegerField(default=0)
    search = models.TextField(blank=True)

    check_state = models.CharField(max_length=16, choices=Check.choices, default=Check.TO_CHECK)
    not_deductible = models.CharField(max_length=2, choices=NotDeductible.choices, blank=True)
    fixed_asset = models.BooleanField("고정자산", default=False)
    note = models.CharField("메모", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "business", "side", "issue_id"],
                condition=~models.Q(issue_id="") & models.Q(deleted_at=None),
                name="record_once",
            )
        ]
        indexes: ClassVar = [
            # All that lists are filtered, sorted and summed by, as of invoices.
            models.Index(
                fields=["workspace", "side", "-written_on", "-id"],
                include=LISTED,
                condition=models.Q(deleted_at=None),
                name="record_listed",
            ),
            models.Index(
                fields=["workspace", "original_issue_id"],
                condition=~models.Q(original_issue_id=""),
                name="record_of_original",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_name} {self.written_on}"


class RecordEvent(TenantModel):
    """What was done with a record, and by whom."""

    append_only = True

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=30)
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["workspace", "-at", "-id"], name="record_event_newest")]


class Correction(TenantModel):
    """수정 요청: what a supplier was asked to put right, and how that ended."""

    class Why(models.TextChoices):
        """What happened, in words of whoever received the document."""

        AMOUNT = "amount", "금액이 다름"
        PARTY = "party", "사업자번호·상호가 틀림"
        DATE = "date", "작성일자가 틀림"
        TWICE = "twice", "이중발급"
        RETURNED = "returned", "반품(환입)"
        UNDONE = "undone", "계약 해제"
        OTHER = "other", "기타"

    class State(models.TextChoices):
        """How it stands."""

        ASKED = "asked", "요청함"
        ANSWERED = "answered", "수정 문서 도착"
        WITHDRAWN = "withdrawn", "요청 취소"
        REPLACED = "replaced", "다시 요청함"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="corrections")
    why = models.CharField("사유", max_length=10, choices=Why.choices)
    text = models.CharField("설명", max_length=500, blank=True)
    expected_ko = models.CharField(max_length=600)
    expected_en = models.CharField(max_length=600)
    to = models.EmailField("받는 사람", blank=True, help_text="empty where it was told in another way")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey(
        Record, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="the amendment"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(state="asked"), name="one_open_correction"
            )
        ]
        ordering: ClassVar = ["-id"]


class Delivery(TenantModel):
    """An accepted document of another workspace that names one of our businesses as its buyer.

    Or, where a broker issued it (위수탁), as the supplier whose sale it is.
    Laid here by `dojang_deliver`, the only way across; taken out when it has become a record.
    """

    business = models.ForeignKey("workspaces.Business", on_delete=models.PROTECT, related_name="+")
    issue_id = models.CharField(max_length=24)
    document = models.BinaryField(help_text="the signed XML, packed")
    way_out = models.CharField(max_length=10)
    issued_on = models.DateField()
    sent_on = models.DateField()
    delivered_at = models.DateTimeField()
    refused = models.CharField(max_length=60, blank=True, help_text="why it can't become a record: a code")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "business", "issue_id"], name="delivered_once")
        ]
