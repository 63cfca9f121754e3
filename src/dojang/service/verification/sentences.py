"""What is said of a document, by what was found: for whoever received it and asks whether it holds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dojang.npki.errors import (
    CertificateRevoked,
    Expired,
    NotForTaxInvoices,
    NotYetValid,
    NpkiError,
    RevocationUnknown,
    UntrustedIssuer,
)
from dojang.npki.findings import (
    ForgedIssuer,
    IssuerNotAuthority,
    IssuerNotValid,
    IssuerRevoked,
    PolicyNotAllowed,
    PolicyUnknown,
    RevokedLater,
    UnknownCriticalExtension,
    WeakSignature,
    WrongKeyUsage,
)
from dojang.service.verification.verdict import Standing, Told


def good(code: str, ko: str, en: str) -> Told:
    """Something that holds."""
    return Told(code, Standing.GOOD, ko, en)


def note(code: str, ko: str, en: str) -> Told:
    """Something that nobody could know from the file."""
    return Told(code, Standing.NOTE, ko, en)


def caution(code: str, ko: str, en: str) -> Told:
    """Something to look at."""
    return Told(code, Standing.CAUTION, ko, en)


def bad(code: str, ko: str, en: str) -> Told:
    """Something that makes the document worthless."""
    return Told(code, Standing.BAD, ko, en)


SIGNATURE_HOLDS: Final = good(
    "signature_holds",
    "전자서명이 맞습니다. 서명한 뒤에 금액·거래 당사자·품목이 바뀌지 않았습니다.",
    "The signature holds: amounts, parties and items are as they were signed.",
)
CONTENT_GOOD: Final = good(
    "content_good",
    "필수 기재사항과 금액 합계에 어긋난 곳이 없습니다.",
    "What the law wants on it is there, and its amounts add up.",
)
NOT_REVOKED: Final = good(
    "not_revoked",
    "서명할 때 폐지되지 않은 인증서입니다.",
    "The certificate was not revoked when it signed.",
)
WHOSE_NUMBER: Final = note(
    "owner_not_proven",
    "인증서가 이 사업자등록번호의 것인지는 파일만으로 확인할 수 없습니다. 국세청이 전송받을 때 확인합니다.",
    "Whether the certificate belongs to this business number cannot be seen from the file. The NTS proves it on receipt.",
)
OWNER_PROVEN: Final = good(
    "owner_proven",
    "발행할 때, 인증서가 공급자의 사업자등록번호로 발급된 것임을 본인확인 값으로 확인했습니다.",
    "When it was issued, the certificate was proven to belong to the supplier's business number.",
)
SEE_STATE: Final = note(
    "see_state",
    "국세청 전송 여부와 수정 여부는 이 페이지의 위쪽에 적혀 있습니다.",
    "Whether it was sent and amended is told at the top of this page.",
)
FILED: Final = note(
    "filing_not_known",
    "국세청에 전송되었는지, 나중에 수정되었는지는 파일만으로 알 수 없습니다. 홈택스의 ‘발급사실 조회’에서 승인번호로 확인하세요.",
    "Whether the NTS has it, and whether it was amended since, cannot be seen from the file. "
    "Look up the issue id in Hometax.",
)
FILED_SANDBOX: Final = note(
    FILED.code,
    "모의 국세청에 전송되었는지, 나중에 수정되었는지는 파일만으로 알 수 없습니다. 홈택스에는 없는 문서입니다.",
    "Whether the sandbox has it, and whether it was amended since, cannot be seen from the file. Hometax does not have it.",
)
TIME_UNSIGNED: Final = note(
    "time_not_signed",
    "발급일시와 관리번호에는 표준에 따라 서명이 미치지 않습니다. 인증서의 유효기간은 문서에 적힌 발급일시로 판단했습니다.",
    "By the standard the signature does not cover the time of issue. The certificate was judged at the time it states.",
)
REVOCATION_OPEN: Final = note(
    "revocation_not_known",
    "인증서가 폐지된 것인지는 확인하지 못했습니다. 인증기관의 폐지목록이 이 서버에 없습니다.",
    "Whether the certificate was revoked could not be checked: this server has no list of its authority for it.",
)
INSIDE_THE_PDF: Final = note(
    "pdf_pages_not_signed",
    "PDF 안에 든 서명된 XML을 검증했습니다. PDF에 보이는 내용이 아래의 내용과 같은지 비교하세요.",
    "The signed XML inside the PDF was verified. Compare what the PDF shows with what is listed below.",
)
SANDBOX: Final = caution(
    "sandbox_document",
    "연습용 인증기관의 인증서로 서명한 모의 문서입니다. 국세청에 신고되지 않으며 세금계산서의 효력이 없습니다.",
    "A sandbox document, signed with a certificate of the test authority: it is filed nowhere and is no tax invoice.",
)
TEST_AUTHORITY: Final = bad(
    "test_authority",
    "연습용 인증기관의 이름으로 발급된 인증서입니다. 모의 문서이거나 꾸며 낸 것이니 증빙으로 쓰지 마세요.",
    "The certificate bears the name of a test authority: a practice document, or a made-up one. Do not rely on it.",
)
NO_ANCHORS: Final = caution(
    "no_anchors",
    "이 서버에 믿을 인증기관이 설정되어 있지 않아, 누가 발급한 인증서인지 판단할 수 없습니다.",
    "No authorities to trust are configured on this server, so who issued the certificate cannot be judged.",
)
OLD_SIGNATURE: Final = caution(
    "old_signature",
    "2012년 이전의 방식(SHA-1)으로 서명한 문서입니다. 당시에는 표준이었지만 지금은 안전하지 않습니다.",
    "It was signed as before 2012, with SHA-1: the standard of its time, and no longer safe.",
)
OLD_SIGNATURE_LATE: Final = bad(
    "old_signature",
    "작성일자가 2014년 이후인데 그때는 쓰지 않던 방식(SHA-1)으로 서명되어 있습니다.",
    "It is dated 2014 or later and signed with SHA-1, which was not in use any more.",
)
FROM_THE_FUTURE: Final = caution(
    "issued_in_future",
    "발급일시가 지금보다 뒤입니다. 발급한 곳에 확인하세요.",
    "Its time of issue is still to come. Ask who issued it.",
)
UNKNOWN_PARTS: Final = caution(
    "unknown_parts",
    "표준에 없는 항목이 들어 있습니다. 이 화면과 서식에는 나오지 않으니 발급한 곳에 확인하세요.",
    "It has elements that the standard does not know, which neither this page nor the form shows. Ask who issued it.",
)
CONTENT_UNREADABLE: Final = bad(
    "invalid_invoice",
    "전자서명은 있지만 내용이 국세청 표준(KEC)과 달라 읽을 수 없습니다. 발급한 곳에 표준에 맞는 XML을 요청하세요.",
    "It is signed, but its content does not follow the KEC standard and cannot be read. Ask its issuer for another file.",
)
CERTIFICATE_UNREADABLE: Final = bad(
    "certificate_unreadable",
    "서명에 든 인증서가 공동인증서의 형식이 아닙니다.",
    "The certificate in its signature is none of the joint certificates.",
)

#: Of a certificate: the most particular first, since some are kinds of others. `{…}` are facts of the finding.
CERTIFICATE: Final[Mapping[type[NpkiError], Told]] = MappingProxyType(
    {
        Expired: bad(
            "expired",
            "서명했다는 때에 이미 만료된 인증서입니다({valid_to}까지).",
            "The certificate had expired by then (valid to {valid_to}).",
        ),
        NotYetValid: bad(
            "not_yet_valid",
            "서명했다는 때에 아직 유효하지 않은 인증서입니다({valid_from}부터).",
            "The certificate was not valid yet (from {valid_from}).",
        ),
        CertificateRevoked: bad(
            "certificate_revoked",
            "서명하기 전에 폐지된 인증서입니다({revoked_at}).",
            "The certificate had been revoked before ({revoked_at}).",
        ),
        RevokedLater: caution(
            "revoked_later",
            "서명할 때는 유효했고 그 뒤에 폐지된 인증서입니다({revoked_at}). 발급일시는 서명되지 않으니 공급자에게 확인하세요.",
            "The certificate was valid then and was revoked later ({revoked_at}). "
            "The time of issue is not signed: ask the supplier.",
        ),
        RevocationUnknown: REVOCATION_OPEN,
        NotForTaxInvoices: bad(
            "not_for_tax_invoices",
            "전자세금계산서에 쓸 수 없는 인증서입니다({policy}).",
            "A certificate of this kind may not sign tax invoices ({policy}).",
        ),
        WrongKeyUsage: bad(
            "wrong_key_usage",
            "서명에 쓸 수 없는 인증서로 서명되어 있습니다.",
            "It was signed with a certificate that is not for signing.",
        ),
        PolicyUnknown: caution(
            "unknown_policy",
            "용도를 알 수 없는 인증서입니다({policy}).",
            "What the certificate was issued for is not known ({policy}).",
        ),
        WeakSignature: caution(
            "weak_signature",
            "인증서가 더 이상 안전하지 않은 방식({what})으로 만들어졌습니다.",
            "The certificate rests on something no longer safe ({what}).",
        ),
        UnknownCriticalExtension: bad(
            "unknown_critical_extension",
            "해석할 수 없는 필수 항목이 있는 인증서입니다.",
            "The certificate demands something that is not understood.",
        ),
        IssuerRevoked: bad(
            "issuer_revoked",
            "인증서를 발급한 인증기관의 인증서가 폐지되었습니다({revoked_at}).",
            "The authority that issued the certificate was revoked itself ({revoked_at}).",
        ),
        IssuerNotValid: bad(
            "issuer_not_valid",
            "서명했다는 때에 인증기관의 인증서가 유효하지 않았습니다.",
            "The authority's own certificate was not valid at that time.",
        ),
        IssuerNotAuthority: bad(
            "issuer_not_authority",
            "발급할 권한이 없는 자가 발급한 인증서입니다.",
            "Its issuer was not allowed to issue certificates.",
        ),
        PolicyNotAllowed: bad(
            "policy_not_allowed",
            "인증기관이 허용하지 않은 용도의 인증서입니다.",
            "Its authority does not allow certificates of this kind.",
        ),
        ForgedIssuer: bad(
            "forged_issuer",
            "인증기관의 이름을 흉내 낸 인증서로 서명되어 있습니다. 위조된 문서이니 증빙으로 쓰지 마세요.",
            "It was signed with a certificate that imitates an authority's name: a forgery. Do not rely on it.",
        ),
        UntrustedIssuer: bad(
            "untrusted_issuer",
            "국내 인증기관이 발급한 인증서가 아니어서 누가 서명했는지 믿을 수 없습니다.",
            "No Korean authority issued the certificate, so who signed it cannot be believed.",
        ),
    }
)
