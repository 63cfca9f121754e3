"""What `etax` refuses."""

from collections.abc import Sequence

from dojang.errors import DojangError
from dojang.etax.findings import Finding


class EtaxError(DojangError):
    """Base of everything that `dojang.etax` raises."""


class XmlRefused(EtaxError):
    """Bytes that are no XML we read: not well-formed, with a DTD, too large, not of the standard's shape."""

    code = "xml_refused"
    ko = "XML을 읽을 수 없습니다: {why_ko}. 국세청 표준(KEC)의 전자세금계산서 XML인지 확인하세요."
    en = "The XML cannot be read: {why_en}. Check that it is a tax invoice in the KEC standard's XML."


class CannotWrite(EtaxError):
    """An invoice that has no XML form yet."""

    code = "cannot_write"
    ko = "XML로 쓸 수 없습니다: {path} {why_ko}"
    en = "It cannot be written as XML: {path} {why_en}"


class SignatureRefused(EtaxError):
    """A signature that does not hold, or is not made as the standard says."""

    code = "signature_refused"
    ko = "전자서명을 인정할 수 없습니다: {why_ko}. 받은 파일을 고치지 않은 원본으로 다시 확인하세요."
    en = "The signature is not accepted: {why_en}. Check again with the original, unedited file."


class InvalidInvoice(EtaxError):
    """Input that cannot become an invoice; `findings` names every field that is wrong."""

    code = "invalid_invoice"
    ko = "세금계산서 내용을 읽을 수 없습니다: {first_ko} 표시된 항목 {count}개를 고치세요."
    en = "The invoice cannot be read: {first_en} Mend the {count} field(s) named."

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(
            first_ko=first.located("ko"),
            first_en=first.located("en"),
            count=len(self.findings),
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.findings,))
