"""Rules about the document itself: its kind, its numbers, its dates."""

from collections.abc import Iterator
from datetime import date

from dojang.etax.checks.rule import Hit, InvoiceSearch, Rules, hit
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import KST, Invoice

RULES = Rules[InvoiceSearch]()

_TYPE_NEEDS = "KEC 표준전자세금계산서 v3.0, TaxInvoiceDocument"


@RULES.error(
    "import_document",
    "수입(세금)계산서는 세관장만 발급합니다. 여기서는 읽을 수만 있습니다.",
    "Only the customs office issues import documents; here they can only be read.",
    "부가가치세법 제35조",
)
def _import_kind(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.document_type.is_import:
        yield hit("document_type")
    elif invoice.import_document is not None:
        yield hit("import_document")


@RULES.error(
    "purpose_missing",
    "영수와 청구 가운데 하나를 고르세요.",
    "Choose receipt or claim.",
    _TYPE_NEEDS,
)
def _purpose_missing(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.purpose is None and not invoice.document_type.is_import:
        yield hit("purpose")


@RULES.error(
    "amendment_reason_missing",
    "수정(세금)계산서에는 수정사유가 필요합니다. 수정사유를 고르세요.",
    "An amended document needs an amendment reason. Choose one.",
    "부가가치세법 시행령 제70조제1항",
)
def _amendment_reason_missing(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.document_type.is_amendment and invoice.amendment_reason is None:
        yield hit("amendment_reason")


@RULES.error(
    "amendment_reason_unexpected",
    "수정이 아닌 문서에는 수정사유를 적을 수 없습니다. 지우거나 수정 종류를 고르세요.",
    "Only an amended document has an amendment reason. Remove it or choose an amended type.",
    "부가가치세법 시행령 제70조제1항",
)
def _amendment_reason_unexpected(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if not invoice.document_type.is_amendment and invoice.amendment_reason is not None:
        yield hit("amendment_reason")


@RULES.error(
    "original_issue_id_missing",
    "수정(세금)계산서에는 당초승인번호가 필요합니다. 고치려는 문서의 승인번호를 적으세요.",
    "An amended document needs the original issue id. Give the issue id of the document it amends.",
    "KEC 표준전자세금계산서 v3.0, OriginalIssueID (ERR011)",
)
def _original_issue_id_missing(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.document_type.is_amendment and invoice.original_issue_id is None:
        yield hit("original_issue_id")


@RULES.error(
    "original_issue_id_unexpected",
    "수정이 아닌 문서에는 당초승인번호를 적을 수 없습니다. 지우거나 수정 종류를 고르세요.",
    "Only an amended document has an original issue id. Remove it or choose an amended type.",
    "KEC 표준전자세금계산서 v3.0, OriginalIssueID (ERR011)",
)
def _original_issue_id_unexpected(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if not invoice.document_type.is_amendment and invoice.original_issue_id is not None:
        yield hit("original_issue_id")


@RULES.error(
    "original_is_itself",
    "당초승인번호가 이 문서의 승인번호와 같습니다. 고치려는 문서의 승인번호를 적으세요.",
    "The original issue id is this document's own. Give the id of the document it amends.",
    "KEC 표준전자세금계산서 v3.0, OriginalIssueID (ERR011)",
)
def _original_is_itself(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.issue_id is not None and invoice.original_issue_id == invoice.issue_id:
        yield hit("original_issue_id")


@RULES.error(
    "issue_id",
    "승인번호의 형식이 아닙니다. 날짜 8자리, 등록번호 8자리, 영문 소문자나 숫자 8자리여야 합니다.",
    "That is no issue id: 8 digits of a date, 8 of a registration, 8 lower-case letters or digits.",
    "KEC 표준전자세금계산서 v3.0, IssueID (SYN003)",
)
def _issue_id(invoice: Invoice, _on: date) -> Iterator[Hit]:
    for path in ("issue_id", "original_issue_id"):
        value = getattr(invoice, path)
        if value is not None and IssueId.parse(value) is None:
            yield hit(path)


@RULES.error(
    "issue_id_date",
    "승인번호의 앞 8자리가 작성일자와 다릅니다. 승인번호를 새로 받으세요.",
    "The first 8 digits of the issue id are not the date written. Have a new issue id allocated.",
    "KEC 표준전자세금계산서 v3.0, IssueID (ERR006)",
)
def _issue_id_date(invoice: Invoice, _on: date) -> Iterator[Hit]:
    issue_id = IssueId.parse(invoice.issue_id or "")
    if issue_id is not None and issue_id.written_on != invoice.written_on:
        yield hit("issue_id")


@RULES.error(
    "written_in_future",
    "작성일자가 오늘({on})보다 뒤입니다. 작성일자가 된 뒤에 발행하거나 날짜를 고치세요.",
    "The date written is later than today ({on}). Issue it on that day, or correct the date.",
    "부가가치세법 제32조제1항제4호·제34조; KEC 표준전자세금계산서 v3.0 (ERR006)",
)
def _written_in_future(invoice: Invoice, on: date) -> Iterator[Hit]:
    if invoice.written_on > on:
        yield hit("written_on", on=on)


@RULES.error(
    "issued_before_written",
    "발급일시가 작성일자보다 빠릅니다. 작성일자를 확인하세요.",
    "It was issued before the date written. Check the date written.",
    "KEC 표준전자세금계산서 v3.0, IssueDateTime (ERR006)",
)
def _issued_before_written(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.issued_at is not None and invoice.issued_at.astimezone(KST).date() < invoice.written_on:
        yield hit("issued_at")


@RULES.error(
    "issued_in_future",
    "발급일시가 오늘({on})보다 뒤입니다. 컴퓨터의 시각을 확인하세요.",
    "The time of issue is later than today ({on}). Check the computer's clock.",
    "KEC 표준전자세금계산서 v3.0, IssueDateTime (ERR005)",
)
def _issued_in_future(invoice: Invoice, on: date) -> Iterator[Hit]:
    if invoice.issued_at is not None and invoice.issued_at.astimezone(KST).date() > on:
        yield hit("issued_at", on=on)


@RULES.warning(
    "supplied_other_month",
    "품목의 공급일자가 작성일자와 다른 달입니다. 월합계는 달을 넘을 수 없으니 확인하세요.",
    "The item was supplied in another month than the date written. A monthly total may not cross months.",
    "부가가치세법 제34조제3항",
)
def _supplied_other_month(invoice: Invoice, _on: date) -> Iterator[Hit]:
    month = (invoice.written_on.year, invoice.written_on.month)
    for index, item in enumerate(invoice.items):
        if item.supplied_on is not None and (item.supplied_on.year, item.supplied_on.month) != month:
            yield hit(f"items[{index}].supplied_on")
