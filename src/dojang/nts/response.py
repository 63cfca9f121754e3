"""TaxInvoiceResponse: the signed document in which 국세청 says what became of a submission.

As a receipt (접수증, TypeCode 01) it says that a submission arrived, which is not acceptance; as results
(응답, TypeCode 02) it has a verdict on each invoice, of one or more codes. Codes that the standard does not
list are kept as they are.

Source: KEC 표준전자세금계산서 v3.0, TaxInvoiceResponse schema module.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique

from dojang.errors import DojangError
from dojang.etax.canonical import Element, local_name, parse
from dojang.etax.invoice import KST
from dojang.etax.xmldsig import RESPONSE, signature_element, verify
from dojang.nts.codes import CodeInfo, FailReason, ProcessStatus, ResultCode, describe
from dojang.nts.errors import ResponseRefused
from dojang.nts.wsse import Signer
from dojang.nts.xmltext import element, optional

NAMESPACE = "urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0"
_SCHEMA = "http://www.kec.or.kr/standard/Tax/TaxInvoiceResponseSchemaModule_1.0.xsd"
_NAMESPACES = f' xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'.encode()
_OPEN = b'<TaxInvoiceResponse%b xsi:schemaLocation="%b %b">' % (
    _NAMESPACES,
    NAMESPACE.encode(),
    _SCHEMA.encode(),
)
_CLOSE = b"</TaxInvoiceResponse>"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_TIME = "%Y%m%d%H%M%S"
_TIME_DIGITS = re.compile("[0-9]{14}")
_MAX_RESULTS = 100


@unique
class ResponseKind(StrEnum):
    """TypeCode of a TaxInvoiceResponse."""

    RECEIPT = "01"
    """접수증"""
    RESULTS = "02"
    """응답 문서"""


@dataclass(frozen=True, slots=True)
class InvoiceResult:
    """The verdict on one invoice: its codes, in the order in which the NTS gave them."""

    issue_id: str
    codes: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether it is filed: SUC001 and nothing else."""
        return bool(self.codes) and all(code == ResultCode.SUC001 for code in self.codes)

    @property
    def described(self) -> tuple[CodeInfo, ...]:
        """What the codes mean and what to do about them."""
        return tuple(map(describe, self.codes))


@dataclass(frozen=True, slots=True)
class TaxInvoiceResponse:
    """ResultDocument. Codes are as the NTS wrote them; compare with ProcessStatus, FailReason, ResultCode.

    Attributes:
        ref_submit_id: the SubmitID it is about.
        receipt_id: the NTS's number, `NTS-` 14 digits `-` 5 digits.
        kind: TypeCode, see ResponseKind.
        responded_at: aware, Korean time.
        process_status: see ProcessStatus; None when it is not said.
        fail_reason: see FailReason; None when it is not said.
        total: how many invoices, as the NTS counts; likewise success and fail.
        results: one for each invoice; empty in receipts.
        description: a sentence for people.
    """

    ref_submit_id: str
    receipt_id: str
    kind: str
    responded_at: datetime
    process_status: str | None = None
    fail_reason: str | None = None
    total: int | None = None
    success: int | None = None
    fail: int | None = None
    results: tuple[InvoiceResult, ...] = ()
    description: str | None = None

    @property
    def refused(self) -> bool:
        """Whether it turns the whole message down, for `fail_reason`, instead of judging each invoice."""
        return bool(self.fail_reason) or (
            self.process_status == ProcessStatus.IMPOSSIBLE and not self.results
        )

    @property
    def still_working(self) -> bool:
        return self.process_status == ProcessStatus.WORKING

    @property
    def never_arrived(self) -> bool:
        """Whether it says that there is no submission of this SubmitID."""
        return self.fail_reason == FailReason.SYS003

    def result_of(self, issue_id: str) -> InvoiceResult | None:
        """The verdict on one invoice, None when the document has none."""
        return next((result for result in self.results if result.issue_id == issue_id), None)


@dataclass(frozen=True, slots=True)
class SignedResponse:
    """A response whose signature holds, whose certificate signed it, and the bytes to keep as proof."""

    response: TaxInvoiceResponse
    certificate: bytes = field(repr=False)
    xml: bytes = field(repr=False)


def write(response: TaxInvoiceResponse, signer: Signer) -> bytes:
    """The document with its signature, as the NTS sends it."""
    content = element(
        "ResultDocument",
        element("RefSubmitID", response.ref_submit_id),
        element("ReceiptID", response.receipt_id),
        element("TypeCode", response.kind),
        element("ResponseDateTime", response.responded_at.astimezone(KST).strftime(_TIME)),
        optional("ProcessStatusCode", response.process_status),
        optional("FailReasonStatusCode", response.fail_reason),
        optional("TotalCountQuantity", response.total),
        optional("SuccessCountQuantity", response.success),
        optional("FailCountQuantity", response.fail),
        *map(_validation, response.results),
        optional("DescriptionText", response.description),
    )
    signature = signature_element(
        _NAMESPACES + content, _NAMESPACES, RESPONSE, signer.certificate, signer.sign
    )
    return b"".join((_DECLARATION, _OPEN, signature, content, _CLOSE))


def _validation(result: InvoiceResult) -> bytes:
    codes = (element("ResultStatusCode", code) for code in result.codes)
    return element("ValidationDocument", element("IssueID", result.issue_id), *codes)


def read(data: bytes) -> SignedResponse:
    """Read and verify a response document; whose certificate it is, is for the caller to check.

    Raises:
        ResponseRefused: not such a document, or its signature does not hold.
    """
    try:
        root = parse(data.strip())
        verified = verify(root, RESPONSE)
    except DojangError as error:
        raise ResponseRefused(**error.facts) from None
    names = sorted(local_name(child) for child in root)
    if root.tag != f"{{{NAMESPACE}}}TaxInvoiceResponse" or names != ["ResultDocument", "Signature"]:
        raise ResponseRefused(why_ko="TaxInvoiceResponse가 아닙니다", why_en="it is no TaxInvoiceResponse")
    document = next(child for child in root if local_name(child) == "ResultDocument")
    return SignedResponse(_response(document), verified.certificate_der, data)


def _response(document: Element) -> TaxInvoiceResponse:
    results = tuple(map(_result, _named(document, "ValidationDocument")))
    if len(results) > _MAX_RESULTS:
        raise ResponseRefused(why_ko="결과가 100건보다 많습니다", why_en="it has more than 100 results")
    return TaxInvoiceResponse(
        ref_submit_id=_need(document, "RefSubmitID"),
        receipt_id=_text(document, "ReceiptID") or "",
        kind=_need(document, "TypeCode"),
        responded_at=_time(_need(document, "ResponseDateTime")),
        process_status=_text(document, "ProcessStatusCode"),
        fail_reason=_text(document, "FailReasonStatusCode"),
        total=_count(document, "TotalCountQuantity"),
        success=_count(document, "SuccessCountQuantity"),
        fail=_count(document, "FailCountQuantity"),
        results=results,
        description=_text(document, "DescriptionText"),
    )


def _result(element: Element) -> InvoiceResult:
    codes = tuple((code.text or "").strip() for code in _named(element, "ResultStatusCode"))
    return InvoiceResult(_need(element, "IssueID"), codes)


def _named(parent: Element, name: str) -> Iterable[Element]:
    return (child for child in parent if child.tag == f"{{{NAMESPACE}}}{name}")


def _text(parent: Element, name: str) -> str | None:
    found = list(_named(parent, name))
    if len(found) > 1:
        raise ResponseRefused(why_ko=f"{name} 요소가 둘 이상입니다", why_en=f"{name} stands more than once")
    return (found[0].text or "").strip() or None if found else None


def _need(parent: Element, name: str) -> str:
    value = _text(parent, name)
    if value is None:
        raise ResponseRefused(why_ko=f"{name} 값이 없습니다", why_en=f"{name} is missing")
    return value


def _count(parent: Element, name: str) -> int | None:
    value = _text(parent, name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()):
        raise ResponseRefused(why_ko=f"{name} 값이 숫자가 아닙니다", why_en=f"{name} is no number")
    return int(value[:9])


def _time(digits: str) -> datetime:
    try:
        if _TIME_DIGITS.fullmatch(digits):
            return datetime.strptime(digits, _TIME).replace(tzinfo=KST)
    except ValueError:
        pass
    raise ResponseRefused(
        why_ko="ResponseDateTime이 날짜와 시각이 아닙니다", why_en="ResponseDateTime is no date and time"
    )
