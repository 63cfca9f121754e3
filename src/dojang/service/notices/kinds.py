"""The mails of the service: one table of who reads each, who may switch it off, and what writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from dojang.service.notices.letters import (
    Write,
    approvals,
    billing,
    corrections,
    invoices,
    people,
    reminders,
    reverse,
)
from dojang.service.notices.models import Kind
from dojang.service.web.say import say


class Reader(Enum):
    """To whom a mail goes, and whose switch counts: a member's own, or the workspace's for everybody else."""

    MEMBER = "member"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class MailKind:
    """One kind of mail; `ko` and `en` name it where it is switched on and off, the hints say what that means."""

    reader: Reader
    write: Write
    ko: str
    en: str
    hint_ko: str
    hint_en: str

    @property
    def title(self) -> str:
        """Its name in the person's language."""
        return say(self.ko, self.en)

    @property
    def hint(self) -> str:
        """What it is for, in the person's language."""
        return say(self.hint_ko, self.hint_en)


KINDS: Mapping[Kind, MailKind] = {
    Kind.INVOICE_ISSUED: MailKind(
        Reader.OTHERS,
        invoices.issued,
        "세금계산서 발행",
        "Invoice issued",
        "발행하면 공급받는자에게 보냅니다. 끄면 받은 날이 국세청에 전송된 날이 되므로(시행령 §68⑫) 발행하자마자 전송합니다.",
        "To the buyer when it is issued. Without it, it counts as received when the tax office has it (시행령 §68⑫), so "
        "it is sent there at once.",
    ),
    Kind.INVOICE_CANCELLED: MailKind(
        Reader.OTHERS,
        invoices.cancelled,
        "발행취소",
        "Invoice cancelled",
        "발행 메일을 받은 공급받는자에게, 전송하기 전에 취소했다고 알립니다.",
        "To a buyer who was mailed: it was cancelled before it was sent to the tax office.",
    ),
    Kind.CORRECTION_ASKED: MailKind(
        Reader.OTHERS,
        corrections.asked,
        "공급자에게 수정 요청",
        "Amendment asked for",
        "받은 문서가 틀렸을 때 [공급자에게 수정 요청]을 누르면 보냅니다.",
        "To a supplier whom you ask to amend what you received.",
    ),
    Kind.REVERSE_REQUESTED: MailKind(
        Reader.OTHERS,
        reverse.requested,
        "역발행 요청",
        "Document to be signed",
        "공급자에게 서명할 링크를 보냅니다. 끄면 도장을 쓰는 공급자만 요청을 볼 수 있습니다.",
        "The link for signing, to suppliers. Without it only suppliers on this server see what you ask for.",
    ),
    Kind.REVERSE_REMINDER: MailKind(
        Reader.OTHERS,
        reverse.reminder,
        "역발행 요청 기한 알림",
        "Reminder to the supplier",
        "응답 기한 하루 전까지 답하지 않은 공급자에게 한 번 더 보냅니다.",
        "Once more, a day before the end, to suppliers that have not answered.",
    ),
    Kind.REVERSE_WITHDRAWN: MailKind(
        Reader.OTHERS,
        reverse.withdrawn,
        "역발행 요청취소",
        "Request withdrawn",
        "요청을 취소하면, 요청 메일을 받은 공급자에게 알립니다.",
        "To suppliers that were mailed, when you withdraw what you asked for.",
    ),
    Kind.REVERSE_ANSWERED: MailKind(
        Reader.MEMBER,
        reverse.answered,
        "역발행 요청의 결과",
        "How requests ended",
        "요청한 구성원에게, 공급자가 발행·거부·취소했거나 기한이 지났을 때.",
        "To whoever asked: signed, refused, cancelled by the supplier, or run out.",
    ),
    Kind.BILLING_ASKED: MailKind(
        Reader.OTHERS,
        billing.asked,
        "발행정보 요청",
        "Billing data asked for",
        "거래처에 발행정보를 작성할 링크를 보냅니다. 끄면 링크를 보낼 수 없습니다.",
        "The link for filling in billing data, to customers. Without it no link is sent.",
    ),
    Kind.BILLING_REMINDER: MailKind(
        Reader.OTHERS,
        billing.reminder,
        "발행정보 요청 기한 알림",
        "Reminder to the customer",
        "작성 기한 하루 전까지 작성하지 않은 거래처에 한 번 더 보냅니다.",
        "Once more, a day before the end, to customers that have not answered.",
    ),
    Kind.BILLING_ANSWERED: MailKind(
        Reader.MEMBER,
        billing.answered,
        "발행정보 도착",
        "Billing data arrived",
        "요청한 구성원에게, 거래처가 발행정보를 작성했을 때.",
        "To whoever asked, when the customer has filled it in.",
    ),
    Kind.INVITATION: MailKind(
        Reader.OTHERS,
        people.invitation,
        "구성원 초대",
        "Invitation",
        "끄면 아무도 초대할 수 없습니다.",
        "Nobody can be invited without it.",
    ),
    Kind.RESULT_FAILED: MailKind(
        Reader.MEMBER,
        invoices.failed,
        "국세청 전송실패",
        "Not taken by the tax office",
        "국세청이 접수하지 않은 문서와 그 원인.",
        "What the tax office did not take, and why.",
    ),
    Kind.DEADLINE: MailKind(
        Reader.MEMBER,
        reminders.deadline,
        "발급기한·전송기한",
        "Deadlines",
        "발급기한 3영업일 전과 1영업일 전, 그리고 전송기한 당일 아침.",
        "Three business days and one before the issue deadline, and on the day of the deadline for sending.",
    ),
    Kind.DIGEST: MailKind(
        Reader.MEMBER,
        reminders.digest,
        "밀린 일 하루 요약",
        "Daily digest",
        "직접 처리해야 할 일이 있을 때만, 아침 8시 30분쯤.",
        "Around 08:30 in Korea, only where something does not settle by itself.",
    ),
    Kind.APPROVAL_ASKED: MailKind(
        Reader.MEMBER,
        approvals.asked,
        "발행 승인 요청",
        "Approval asked for",
        "발행 권한이 있는 구성원에게, 승인을 요청한 문서.",
        "To members who may issue: documents that wait for their approval.",
    ),
    Kind.APPROVAL_ANSWERED: MailKind(
        Reader.MEMBER,
        approvals.answered,
        "발행 승인·반려",
        "Approved or sent back",
        "승인을 요청한 구성원에게, 승인되었는지 반려되었는지와 그 사유.",
        "To whoever asked: what was approved, what was sent back and why.",
    ),
    Kind.CERTIFICATE_EXPIRES: MailKind(
        Reader.MEMBER,
        reminders.certificate,
        "인증서 만료",
        "Certificate ends",
        "소유자와 관리자에게 만료 30일, 7일, 1일 전.",
        "To owner and admins, 30, 7 and 1 days before.",
    ),
}


def read_by(reader: Reader) -> list[Kind]:
    """The kinds that go to these readers."""
    return [kind for kind, one in KINDS.items() if one.reader is reader]
