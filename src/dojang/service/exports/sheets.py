"""The two spreadsheets of an export: what was sold and what was bought, one row for each document."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dojang.etax.codes import AmendmentReason, DocumentType, Purpose
from dojang.service.invoices.models import Invoice
from dojang.service.records.models import Check, NotDeductible, Record, Side, Source
from dojang.service.web.say import say
from dojang.service.web.streamed_spreadsheet import Cell, Heading
from dojang.service.web.templatetags.dojang import business_number, state_text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width and what a document has in it."""

    ko: str
    en: str
    width: int
    value: Callable[[Any], Cell]


def headings(columns: tuple[Column, ...]) -> list[Heading]:
    """In the person's language."""
    return [Heading(say(one.ko, one.en), one.width) for one in columns]


def cells(columns: tuple[Column, ...], row: Any) -> list[Cell]:
    """A document's row."""
    return [one.value(row) for one in columns]


def _said(row: Any, party: str, name: str) -> str:
    """What the document says of a party."""
    of_party = row.content.get(party)
    given = of_party.get(name) if isinstance(of_party, dict) else None
    return given if isinstance(given, str) else ""


def _kind(row: Any) -> str:
    found = next((one for one in DocumentType if one.value == row.document_type), None)
    return say(found.ko, found.en) if found else ""


def _reason(row: Any) -> str:
    found = next((one for one in AmendmentReason if one.value == row.amendment_reason), None)
    return say(found.ko, found.en) if found else ""


def _purpose(row: Any) -> str:
    found = next((one for one in Purpose if one.value == row.content.get("purpose")), None)
    return say(found.ko, found.en) if found else ""


def _remarks(row: Any) -> str:
    given = row.content.get("remarks")
    return " ".join(one for one in given if isinstance(one, str) and one) if isinstance(given, list) else ""


def _state(invoice: Invoice) -> str:
    return say("지움", "Deleted") if invoice.deleted_at else state_text(invoice.state)


def _sandbox(row: Any) -> str:
    return say("모의", "Sandbox") if row.way_out == "sandbox" else ""


_AMOUNTS: Final = (
    Column("공급가액", "Supply", 15, lambda row: row.supply_amount),
    Column("세액", "Tax", 13, lambda row: row.tax_amount),
    Column("합계금액", "Total", 15, lambda row: row.total_amount),
    Column("품목", "Item", 24, lambda row: row.item_name),
    Column("품목 수", "Items", 8, lambda row: row.item_count),
    Column("영수·청구", "Purpose", 9, _purpose),
    Column("비고", "Remarks", 24, _remarks),
    Column("모의", "Sandbox", 8, _sandbox),
    Column("문서 번호", "Row", 10, lambda row: row.pk),
)
_KIND: Final = (
    Column("종류", "Kind", 18, _kind),
    Column("수정사유", "Amendment", 18, _reason),
    Column("승인번호", "Issue id", 28, lambda row: row.issue_id or ""),
    Column("당초승인번호", "Original issue id", 28, lambda row: row.original_issue_id),
)
SALES: Final = (
    Column("작성일자", "Date written", 12, lambda row: row.written_on),
    Column("발급일자", "Date issued", 12, lambda row: row.delivered_on),
    Column("서명일시", "Signed at", 20, lambda row: row.issued_at),
    Column("전송일시", "Sent at", 20, lambda row: row.sent_at),
    Column("상태", "State", 16, _state),
    *_KIND,
    Column(
        "공급자 등록번호",
        "Supplier's number",
        15,
        lambda row: business_number(row.supplier_number or row.business.number),
    ),
    Column("공급자 상호", "Supplier", 20, lambda row: _said(row, "supplier", "name")),
    Column("공급자 종사업장", "Supplier's branch", 10, lambda row: _said(row, "supplier", "branch_number")),
    Column("수탁자 상호", "Broker", 20, lambda row: _said(row, "broker", "name")),
    Column("공급받는자 등록번호", "Buyer's number", 15, lambda row: business_number(row.buyer_number)),
    Column("공급받는자 상호", "Buyer", 24, lambda row: row.buyer_name),
    Column("공급받는자 성명", "Representative", 12, lambda row: _said(row, "buyer", "representative")),
    Column("공급받는자 주소", "Address", 36, lambda row: _said(row, "buyer", "address")),
    Column("업태", "Business type", 14, lambda row: _said(row, "buyer", "business_type")),
    Column("종목", "Business item", 14, lambda row: _said(row, "buyer", "business_item")),
    Column("이메일", "E-mail", 26, lambda row: row.buyer_email),
    *_AMOUNTS,
)
RECORDS: Final = (
    Column("구분", "Side", 8, lambda row: say(Side(row.side).label, row.side)),
    Column("작성일자", "Date written", 12, lambda row: row.written_on),
    Column("발급일자", "Date issued", 12, lambda row: row.issued_on),
    Column("전송일자", "Date sent", 12, lambda row: row.sent_on),
    Column("들어온 방법", "Source", 12, lambda row: say(Source(row.source).label, row.source)),
    *_KIND,
    Column("우리 등록번호", "Our number", 15, lambda row: business_number(row.business.number)),
    Column("거래처 등록번호", "Their number", 15, lambda row: business_number(row.party_number)),
    Column("거래처 상호", "Party", 24, lambda row: row.party_name),
    Column("확인", "Checked", 12, lambda row: say(Check(row.check_state).label, row.check_state)),
    Column(
        "불공제 사유",
        "Not deductible",
        24,
        lambda row: NotDeductible(row.not_deductible).label if row.not_deductible else "",
    ),
    Column("고정자산", "Fixed asset", 9, lambda row: say("예", "yes") if row.fixed_asset else ""),
    Column("메모", "Note", 24, lambda row: row.note),
    *_AMOUNTS,
)


def sales() -> Any:
    """Every sales document that was not thrown away as a draft."""
    return Invoice.objects.filter(deleted_at=None).select_related("business").defer("editor", "secret")


def records() -> Any:
    """Every record that is not deleted."""
    return Record.objects.filter(deleted_at=None).select_related("business").defer("document")
