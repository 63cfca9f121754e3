"""The codes 국세청 answers with: what they mean, why they come, what to do.

A code that is not in the tables is kept and shown as it is, never dropped: the lists have grown before.

Source: KEC 표준전자세금계산서 v3.0, ResultStatusCode, FailReasonStatusCode, ProcessStatusCode.
"""

from dataclasses import dataclass
from enum import StrEnum, unique

from dojang.errors import Language


@unique
class ProcessStatus(StrEnum):
    """ProcessStatusCode: how far the NTS is with a submission."""

    DONE = "01"
    """처리 완료"""
    WORKING = "02"
    """처리 중"""
    IMPOSSIBLE = "03"
    """처리 불가; a FailReason says why."""


@unique
class FailReason(StrEnum):
    """FailReasonStatusCode: why a whole submission, or a question about it, was turned down."""

    SYS001 = "SYS001"
    SYS002 = "SYS002"
    SYS003 = "SYS003"
    SYN001 = "SYN001"


@unique
class ResultCode(StrEnum):
    """ResultStatusCode: the verdict on one invoice, of which there may be several."""

    SUC001 = "SUC001"
    SYN002 = "SYN002"
    SYN003 = "SYN003"
    SYN004 = "SYN004"
    ERR001 = "ERR001"
    ERR002 = "ERR002"
    ERR003 = "ERR003"
    ERR004 = "ERR004"
    """Dropped from the schema of 2013, still in ASPs' tables: read, never made."""
    ERR005 = "ERR005"
    ERR006 = "ERR006"
    ERR007 = "ERR007"
    ERR008 = "ERR008"
    ERR009 = "ERR009"
    ERR010 = "ERR010"
    ERR011 = "ERR011"
    ERR999 = "ERR999"


@unique
class Next(StrEnum):
    """What can follow a code."""

    DONE = "done"
    """Nothing: it is filed."""
    FIX = "fix"
    """Mend the invoice and issue it anew, under a new issue id."""
    SIGN_AGAIN = "sign_again"
    """Sign with the right certificate, send under a new SubmitID."""
    SEND_AGAIN = "send_again"
    """Encrypt anew to the right certificate, send under a new SubmitID."""
    ASK_FIRST = "ask_first"
    """It may be filed already: ask for the results before anything else."""
    ASK_AGAIN = "ask_again"
    """Ask again at least 10 minutes later; the same twice allows the same bytes under the same SubmitID."""
    CONFIGURE = "configure"
    """The operator's settings or registration are wrong."""
    BY_HAND = "by_hand"
    """A person has to ask the NTS."""


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """A code in the words of both languages; `known` is False for one that the standard does not list."""

    code: str
    ko: str
    en: str
    cause_ko: str
    cause_en: str
    action_ko: str
    action_en: str
    next: Next
    known: bool = True

    def text(self, language: Language = "ko") -> str:
        """Meaning, cause and what to do, as one paragraph for a person."""
        parts = (
            (self.ko, self.cause_ko, self.action_ko)
            if language == "ko"
            else (self.en, self.cause_en, self.action_en)
        )
        return f"{self.code} {' '.join(part.rstrip('.') + '.' for part in parts)}"


def describe(code: str) -> CodeInfo:
    """What a code means; one that is not in the tables comes back as it is, to be shown and asked about."""
    return _TABLE.get(code) or CodeInfo(
        code,
        "알려지지 않은 코드",
        "unknown code",
        "표준에 없는 코드를 국세청이 보냈습니다",
        "The NTS sent a code that the standard does not list",
        "코드를 그대로 국세청에 문의하세요",
        "Ask the NTS about this code",
        Next.BY_HAND,
        known=False,
    )


_ROWS = (
    CodeInfo(
        FailReason.SYS001,
        "연계사업자 인증 오류",
        "transmitting system not authenticated",
        "보낸 시스템의 인증서, 사업자등록번호 또는 등록번호가 국세청에 등록된 것과 다릅니다",
        "The system's certificate, business number or registration number is not the one the NTS has on file",
        "등록번호와 시스템 인증서 설정을 확인하고, 맞다면 국세청에 등록 상태를 문의하세요",
        "Check the registration number and the system's certificate; if they are right, ask the NTS",
        Next.CONFIGURE,
    ),
    CodeInfo(
        FailReason.SYS002,
        "중복된 SubmitID",
        "SubmitID already used",
        "같은 SubmitID의 전송이 이미 도착해 있습니다",
        "A submission with this SubmitID has already arrived",
        "잘못된 것이 아닐 수 있으니, 먼저 온 전송의 처리 결과를 조회하세요",
        "This need not be wrong: ask for the results of the one that arrived first",
        Next.ASK_FIRST,
    ),
    CodeInfo(
        FailReason.SYS003,
        "존재하지 않는 SubmitID",
        "SubmitID does not exist",
        "이 SubmitID로 도착한 전송이 없거나 아직 도착하지 않았습니다",
        "No submission with this SubmitID has arrived, or not yet",
        "10분 이상 지난 뒤 다시 조회하고, 같은 답이면 같은 자료를 같은 SubmitID로 다시 보내세요",
        "Ask again at least 10 minutes later; if the answer is the same, send the same bytes under the same SubmitID",
        Next.ASK_AGAIN,
    ),
    CodeInfo(
        FailReason.SYN001,
        "복호화 실패",
        "decryption failed",
        "국세청이 전송 묶음을 풀지 못했습니다. 국세청 암호화용(km) 인증서가 바뀌었을 수 있습니다",
        "The NTS could not open the package; its certificate for encryption (km) may have changed",
        "국세청 인증서를 다시 받아 새 SubmitID로 전송하세요",
        "Fetch the NTS's certificates and send under a new SubmitID",
        Next.SEND_AGAIN,
    ),
    CodeInfo(
        ResultCode.SUC001,
        "성공",
        "accepted",
        "모든 검사를 통과했습니다",
        "It passed every check",
        "할 일이 없습니다",
        "Nothing is left to do",
        Next.DONE,
    ),
    CodeInfo(
        ResultCode.SYN002,
        "공급자, 수탁자 전자서명 오류",
        "signature of the supplier or broker is wrong",
        "전자서명이나 인증서가 유효하지 않거나, 인증서가 그 사업자등록번호의 것이 아닙니다",
        "The signature or certificate is not valid, or the certificate is not that business number's",
        "그 사업자의 유효한 전자세금용 또는 사업자 범용 인증서로 다시 서명해 전송하세요",
        "Sign again with a valid certificate of that business and send it",
        Next.SIGN_AGAIN,
    ),
    CodeInfo(
        ResultCode.SYN003,
        "승인번호 오류",
        "issue id is wrong or already filed",
        "승인번호 형식이 틀렸거나, 이미 등록된 승인번호입니다",
        "The issue id is not of the right form, or is already registered",
        "이미 신고된 것일 수 있으니 처리 결과를 먼저 조회하세요. 아니라면 새 승인번호로 발급하세요",
        "It may be filed already: ask for the results first. If it is not, issue it under a new issue id",
        Next.ASK_FIRST,
    ),
    CodeInfo(
        ResultCode.SYN004,
        "스키마 오류",
        "not of the standard's schema",
        "XML에 빠지거나 겹친 항목, 잘못된 코드나 자료형이 있습니다",
        "The XML has a missing or repeated element, or a wrong code or type",
        "XML을 표준에 맞게 고쳐 다시 발급하세요",
        "Mend the XML and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR001,
        "공급자 사업자등록번호 오류",
        "supplier's business number is wrong",
        "국세청에 등록되지 않은 공급자 사업자등록번호입니다",
        "The supplier's business number is not registered with the NTS",
        "공급자 사업자등록번호를 확인하고 다시 발급하세요",
        "Check the supplier's business number and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR002,
        "공급받는자 번호 오류",
        "buyer's number is wrong",
        "국세청에 등록되지 않은 공급받는자 사업자등록번호 또는 주민등록번호입니다",
        "The buyer's business or resident number is not registered with the NTS",
        "공급받는자에게 번호를 확인하고 다시 발급하세요",
        "Ask the buyer for the number and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR003,
        "수탁사업자 번호 오류",
        "broker's business number is wrong",
        "국세청에 등록되지 않은 수탁자 사업자등록번호입니다",
        "The broker's business number is not registered with the NTS",
        "수탁자 사업자등록번호를 확인하고 다시 발급하세요",
        "Check the broker's business number and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR004,
        "전송일시 오류",
        "transmission time is wrong",
        "표시된 날에 전송되지 않았습니다",
        "It was not sent on the day stated",
        "지금은 쓰이지 않는 코드이니 국세청에 문의하세요",
        "This code is no longer in use: ask the NTS",
        Next.BY_HAND,
    ),
    CodeInfo(
        ResultCode.ERR005,
        "발급일시 오류",
        "issue time is wrong",
        "발급일시가 유효하지 않거나 전송한 때보다 늦습니다",
        "The issue time is not valid, or later than the transmission",
        "컴퓨터의 시각을 확인하고 다시 발급하세요",
        "Check the computer's clock and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR006,
        "작성일자 오류",
        "written-on date is wrong",
        "작성일자가 유효하지 않거나, 발급일시보다 늦거나, 승인번호의 앞 8자리와 다릅니다",
        "The date is not valid, later than the issue time, or not the first 8 digits of the issue id",
        "작성일자를 고쳐 다시 발급하세요",
        "Mend the date and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR007,
        "공급가액, 세액 오류",
        "supply or tax amount is wrong",
        "공급가액과 세액의 부호가 다르거나, 환입·해제인데 양수이거나, 영세율·면세에 세액이 있습니다",
        "Supply and tax differ in sign, a return or cancellation is positive, or a zero-rated or exempt one has tax",
        "금액을 고쳐 다시 발급하세요",
        "Mend the amounts and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR008,
        "코드 유형 오류",
        "a code is wrong",
        "세금계산서 종류, 공급받는자 구분 또는 수정사유 코드가 틀렸습니다",
        "The document type, the buyer's kind or the amendment reason is wrong",
        "종류와 수정사유를 확인하고 다시 발급하세요",
        "Check the document type and reason, and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR009,
        "폐업사업자 발급 오류",
        "issued by a closed business",
        "공급자나 수탁자가 작성일자 전에 폐업했습니다",
        "The supplier or broker had closed before",
        "폐업일과 작성일자를 확인하세요. 폐업한 뒤의 거래에는 세금계산서를 발급할 수 없습니다",
        "Check the closing date against the written-on date; a closed business cannot issue",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR010,
        "국세청 등록번호 오류",
        "registration number is wrong",
        "승인번호 가운데 8자리가 전송한 시스템의 등록번호와 다릅니다",
        "The middle 8 digits of the issue id are not the transmitting system's registration number",
        "등록번호 설정을 고치고 새 승인번호로 다시 발급하세요",
        "Mend the registration number in the settings and issue it under a new issue id",
        Next.CONFIGURE,
    ),
    CodeInfo(
        ResultCode.ERR011,
        "당초승인번호 오류",
        "original issue id is wrong",
        "수정세금계산서에 당초승인번호가 없거나 그 공급자의 것이 아니거나, 일반 세금계산서에 들어 있습니다",
        "An amendment lacks the original's issue id or names one not the supplier's, or a normal invoice has one",
        "당초승인번호를 확인하고 다시 발급하세요",
        "Check the original's issue id and issue it anew",
        Next.FIX,
    ),
    CodeInfo(
        ResultCode.ERR999,
        "기타 오류",
        "another error",
        "국세청이 따로 정하지 않은 오류입니다",
        "An error that the NTS does not define further",
        "국세청에 문의하세요",
        "Ask the NTS",
        Next.BY_HAND,
    ),
)

_TABLE = {row.code: row for row in _ROWS}
