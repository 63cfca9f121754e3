"""What goes out as JSON: every table of a workspace, each row whole but for what is secret.

Fields are those of the models, so nothing new can be forgotten; what is left out is named here, with the reason.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import BinaryField, Model

from dojang.service.amendments.models import Amendment, AmendmentDocument
from dojang.service.approvals.models import Approval, ApprovalPolicy
from dojang.service.audit.models import Event, Seal, Verification
from dojang.service.billing.answers import masked_number
from dojang.service.billing.models import BillingEvent, BillingRequest
from dojang.service.certificates.models import Certificate
from dojang.service.counterparties import personal
from dojang.service.counterparties.models import Contact, Counterparty, CounterpartyChange, RememberedItem
from dojang.service.exports.models import Export
from dojang.service.hometax.models import BulkFile, BulkInvoice, ListImport
from dojang.service.invoices import content
from dojang.service.invoices.models import Invoice, SignedDocument, Template
from dojang.service.links.models import Link
from dojang.service.lists.models import ColumnChoice, SavedFilter
from dojang.service.notices.models import MailAttempt, MailChoice, OutgoingMail
from dojang.service.records.models import Correction, Record, RecordEvent
from dojang.service.reverse.models import IncomingReverse, ReverseEvent, ReverseRequest
from dojang.service.transmission.models import SubmissionItem
from dojang.service.workspaces.models import (
    Branch,
    Business,
    BusinessRole,
    Invitation,
    Membership,
    Workspace,
    WorkspaceEvent,
)

Made = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Table:
    """One file.

    Attributes:
        name: of the file, without its ending.
        model: whose rows.
        ko, en: what they are.
        without: fields that stay here: secrets, and what is made anew from the others.
        more: what is added to a row, with what it means.
    """

    name: str
    model: type[Model]
    ko: str
    en: str
    without: frozenset[str] = frozenset()
    more: Mapping[str, tuple[str, Made]] = field(default_factory=dict)

    def fields(self) -> list[Any]:
        """The columns that go out."""
        return [one for one in self.model._meta.concrete_fields if one.name not in self.without]

    def row(self, row: Model) -> dict[str, object]:
        """One row as JSON."""
        told = {one.attname: _plain(getattr(row, one.attname)) for one in self.fields()}
        return told | {name: make(row) for name, (_, make) in self.more.items()}

    def shape(self) -> dict[str, object]:
        """What each field is."""
        told = {one.attname: _meaning(one) for one in self.fields()}
        return {
            "ko": self.ko,
            "en": self.en,
            "fields": told | {name: meaning for name, (meaning, _) in self.more.items()},
        }


def _person(membership: Membership) -> dict[str, str]:
    return {"name": membership.user.name, "email": membership.user.email}


def _masked(name: str) -> str:
    return f"{name}, masked; in full only in the signed XML"


TABLES: Final = (
    Table("workspace", Workspace, "작업공간과 설정", "the workspace and its settings"),
    Table("businesses", Business, "사업장", "businesses"),
    Table("branches", Branch, "종사업장", "branches of businesses"),
    Table(
        "members",
        Membership,
        "구성원 (나간 사람 포함)",
        "members, also those who left",
        more={"person": ("name and e-mail address", _person)},
    ),
    Table("business_roles", BusinessRole, "사업장별 권한", "roles in single businesses"),
    Table("invitations", Invitation, "초대", "invitations", frozenset({"token_hash"})),
    Table(
        "counterparties",
        Counterparty,
        "거래처",
        "counterparties",
        frozenset({"personal_number", "personal_number_hmac"}),
        {"personal_number": (_masked("the number of a person"), personal.masked)},
    ),
    Table("contacts", Contact, "거래처 담당자", "contacts at counterparties"),
    Table("remembered_items", RememberedItem, "품목 기억", "what was sold to whom"),
    Table("templates", Template, "양식", "templates of invoices"),
    Table("certificates", Certificate, "등록한 공동인증서 (개인키 없음)", "registered certificates; no private keys"),
    Table(
        "invoices",
        Invoice,
        "매출 문서 (임시저장과 지운 것 포함)",
        "sales documents, drafts and deleted ones among them",
        frozenset({"secret", "search", "draft_key"}),
        {"personal_number": (_masked("the number of the person who buys"), content.masked_number)},
    ),
    Table(
        "signed_documents",
        SignedDocument,
        "서명한 문서의 SHA-256 (내용은 XML 폴더)",
        "SHA-256 of signed documents; the bytes are in the XML folder",
        frozenset({"document", "random"}),
    ),
    Table("results", SubmissionItem, "국세청 전송과 처리결과", "submissions to the NTS and its results"),
    Table(
        "records",
        Record,
        "매입 문서와 다른 곳에서 발행한 매출 문서",
        "purchases, and sales that were issued elsewhere",
        frozenset({"document", "search", "secret", "party_hmac"}),
    ),
    Table("hometax_lists", ListImport, "가져온 홈택스 목록", "lists taken from Hometax", frozenset({"file"})),
    Table("hometax_files", BulkFile, "홈택스 일괄발급 파일", "files made for Hometax"),
    Table("hometax_file_documents", BulkInvoice, "홈택스 일괄발급 파일에 담은 문서", "documents of those files"),
    Table("corrections", Correction, "공급자에게 요청한 수정", "corrections that suppliers were asked for"),
    Table("amendments", Amendment, "수정발행", "acts of amending", frozenset({"secret"})),
    Table("amendment_documents", AmendmentDocument, "수정발행의 문서", "documents of amendments"),
    Table("approval_policies", ApprovalPolicy, "발행 승인 설정", "what needs an approval"),
    Table("approvals", Approval, "발행 승인 요청과 결과", "approvals"),
    Table(
        "billing_requests",
        BillingRequest,
        "발행정보 요청",
        "what customers were asked for and filled in",
        frozenset({"personal_number"}),
        {"personal_number": (_masked("the number of a person"), masked_number)},
    ),
    Table("billing_events", BillingEvent, "발행정보 요청의 이력", "histories of these requests"),
    Table("reverse_requests", ReverseRequest, "역발행 요청", "documents that suppliers were asked to sign", frozenset({"guest"})),
    Table("reverse_events", ReverseEvent, "역발행 요청의 이력", "histories of these requests"),
    Table("incoming_reverse", IncomingReverse, "받은 역발행 요청", "documents that buyers asked us to sign", frozenset({"origin_workspace", "origin_request"})),
    Table("events", Event, "문서의 이력 (해시 사슬)", "histories of documents, chained by hashes"),
    Table("seals", Seal, "이력의 봉인", "the seals over the histories"),
    Table("verifications", Verification, "이력 검증 결과", "results of verifying the histories"),
    Table("record_events", RecordEvent, "매입 문서의 이력", "histories of records"),
    Table("workspace_events", WorkspaceEvent, "작업공간·구성원·사업장의 이력", "the history of the workspace"),
    Table("counterparty_changes", CounterpartyChange, "거래처의 이력", "histories of counterparties"),
    Table("links", Link, "보낸 링크 (열 수 있는 주소는 없음)", "links that were made; none of them can be opened from this"),
    Table("mails", OutgoingMail, "보낸 메일", "mails", frozenset({"inbox"})),
    Table("mail_attempts", MailAttempt, "메일 발송 기록", "what became of mails"),
    Table("mail_choices", MailChoice, "끈 알림", "mails that are switched off"),
    Table("saved_filters", SavedFilter, "저장한 조건", "saved filters"),
    Table("column_choices", ColumnChoice, "고른 열", "chosen columns"),
    Table("exports", Export, "전체 내보내기 기록", "full exports"),
)  # fmt: skip
LEFT_OUT: Final[Mapping[str, str]] = {
    "Order": "unsigned orders die after 15 minutes",
    "SealedRandom": "R of certificates is sealed to the transmitter and a secret",
    "ExpiryNotice": "only keeps a mail from being sent twice",
    "Round": "only keeps reminders from being sent twice",
    "Unsealed": "empty but for the last minute",
    "ListChunk": "rows of a list of Hometax, kept for seven days; what was taken over is among the records",
    "ListRow": "what was found in lists of Hometax; made anew from the list",
    "SheetUpload": "rows of a spreadsheet that is being looked at; gone after a day",
    "Delivery": "on its way to becoming a record",
}
"""Tables of a workspace that do not go out, and why."""


def _plain(value: object) -> object:
    match value:
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
    return value


def _meaning(one: Any) -> str:
    """The type of a column, what it points to, and what its model says of it."""
    kind = one.get_internal_type().removesuffix("Field")
    parts = ["base64" if isinstance(one, BinaryField) else kind]
    if one.is_relation:
        parts.append(f"id in {one.related_model.__name__}")
    if one.choices:
        parts.append("one of " + ", ".join(str(value) for value, _ in one.choices if value))
    if one.help_text:
        parts.append(str(one.help_text))
    return "; ".join(parts)
