"""Rules about who supplies, who buys and who signs."""

from collections.abc import Iterator
from datetime import date

from dojang.etax.checks.rule import Hit, InvoiceSearch, Rules, hit
from dojang.etax.checks.walk import sides
from dojang.etax.codes import BuyerKind, Taxation
from dojang.etax.identifiers import (
    FOREIGNER_NUMBER,
    NOT_TAX_INVOICE_ISSUERS,
    business_class,
    is_branch_number,
    is_business_number,
    is_resident_number,
    resident_doubts,
)
from dojang.etax.invoice import Buyer, Invoice, Party

RULES = Rules[InvoiceSearch]()


@RULES.error(
    "business_number",
    "{ko} 사업자등록번호가 올바르지 않습니다. 열 자리 숫자를 다시 확인하세요.",
    "The {en}'s business number is not valid. Check its ten digits.",
    "부가가치세법 제32조제1항제1호·제2호; 국세청 사업자등록번호 체계",
)
def _business_number(invoice: Invoice, _on: date) -> Iterator[Hit]:
    for path, label, party in sides(invoice):
        if not is_business_number(party.business_number):
            yield hit(f"{path}.business_number", ko=label.ko, en=label.en)
    if invoice.buyer.kind is BuyerKind.BUSINESS and not is_business_number(invoice.buyer.number):
        label = Invoice.label("buyer")
        yield hit("buyer.number", ko=label.ko, en=label.en)


@RULES.error(
    "resident_number",
    "공급받는자가 개인이면 주민등록번호(또는 외국인등록번호) 열세 자리가 필요합니다.",
    "An individual buyer needs a resident or foreign registration number of thirteen digits.",
    "부가가치세법 시행령 제67조; KEC 표준전자세금계산서 v3.0, InvoiceeParty",
)
def _resident_number(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.buyer.kind is BuyerKind.INDIVIDUAL and not is_resident_number(invoice.buyer.number):
        yield hit("buyer.number")


@RULES.warning(
    "resident_number_doubtful",
    "주민등록번호의 생년월일이나 검증번호가 맞지 않습니다. 잘못 적지 않았는지 확인하세요.",
    "The resident number has an impossible date or check digit. Make sure that it is no slip.",
    "주민등록법 시행규칙 제2조 (2020-10-05부터 임의 번호)",
)
def _resident_number_doubtful(invoice: Invoice, _on: date) -> Iterator[Hit]:
    buyer = invoice.buyer
    if (
        buyer.kind is BuyerKind.INDIVIDUAL
        and is_resident_number(buyer.number)
        and resident_doubts(buyer.number)
    ):
        yield hit("buyer.number")


@RULES.error(
    "foreigner_number",
    "외국인의 등록번호 자리에는 9999999999999를 적습니다. 실제 번호는 비고에 적으세요.",
    "A foreign buyer's number is 9999999999999. Put the real number into the remarks.",
    "KEC 표준전자세금계산서 v3.0, InvoiceeParty",
)
def _foreigner_number(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.buyer.kind is BuyerKind.FOREIGNER and invoice.buyer.number != FOREIGNER_NUMBER:
        yield hit("buyer.number")


@RULES.error(
    "foreigner_remark",
    "외국인에게 발행할 때는 비고 첫 줄에 외국인등록번호나 여권번호를 적어야 합니다.",
    "For a foreign buyer the first remark must hold the foreign registration or passport number.",
    "KEC 표준전자세금계산서 v3.0, InvoiceeParty",
)
def _foreigner_remark(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.buyer.kind is BuyerKind.FOREIGNER and not (invoice.remarks and invoice.remarks[0].strip()):
        yield hit("remarks[0]")


@RULES.error(
    "branch_number",
    "종사업장번호는 네 자리 숫자입니다. 사업자단위과세 사업자가 아니면 비워 두세요.",
    "A branch number has four digits. Leave it empty unless the business is taxed as one unit.",
    "부가가치세법 시행령 제67조제2항제8호",
)
def _branch_number(invoice: Invoice, _on: date) -> Iterator[Hit]:
    parties: list[tuple[str, Party | Buyer]] = [(path, party) for path, _, party in sides(invoice)]
    for path, party in [*parties, ("buyer", invoice.buyer)]:
        if party.branch_number is not None and not is_branch_number(party.branch_number):
            yield hit(f"{path}.branch_number")


@RULES.error(
    "same_number",
    "공급자와 공급받는자의 등록번호가 같습니다. 거래처를 다시 고르세요.",
    "Supplier and buyer have the same number. Choose the buyer again.",
    "부가가치세법 제9조·제32조 (자기에게 하는 공급은 발급 대상이 아님)",
)
def _same_number(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.buyer.kind is BuyerKind.BUSINESS and invoice.buyer.number == invoice.supplier.business_number:
        yield hit("buyer.number")


@RULES.warning(
    "broker_is_party",
    "수탁자의 등록번호가 공급자나 공급받는자와 같습니다. 위수탁 거래가 맞는지 확인하세요.",
    "The broker has the supplier's or the buyer's number. Make sure that this is a consigned supply.",
    "부가가치세법 시행령 제69조",
)
def _broker_is_party(invoice: Invoice, _on: date) -> Iterator[Hit]:
    numbers = {invoice.supplier.business_number, invoice.buyer.number}
    if invoice.broker is not None and invoice.broker.business_number in numbers:
        yield hit("broker.business_number")


@RULES.warning(
    "issuer_class",
    "사업자등록번호 가운데 두 자리로 보면 공급자는 {ko}입니다. 세금계산서를 발행할 수 있는지 확인하세요.",
    "By its number the supplier is a {en}. Make sure that it may issue tax invoices.",
    "부가가치세법 제32조·제36조; 국세청 사업자등록번호 체계",
)
def _issuer_class(invoice: Invoice, _on: date) -> Iterator[Hit]:
    of_number = business_class(invoice.supplier.business_number)
    if invoice.taxation is not Taxation.EXEMPT and of_number in NOT_TAX_INVOICE_ISSUERS:
        yield hit("supplier.business_number", ko=of_number.ko, en=of_number.en)


@RULES.error(
    "required_text",
    "{ko} 항목이 비어 있습니다. 채워 넣으세요.",
    "The {en} is empty. Fill it in.",
    "부가가치세법 제32조제1항제1호; KEC 표준전자세금계산서 v3.0",
)
def _required_text(invoice: Invoice, _on: date) -> Iterator[Hit]:
    parties: list[tuple[str, Party | Buyer]] = [(path, party) for path, _, party in sides(invoice)]
    for path, party in [*parties, ("buyer", invoice.buyer)]:
        for field in ("name", "representative"):
            if not getattr(party, field).strip():
                around, label = Invoice.label(path), party.label(field)
                yield hit(f"{path}.{field}", ko=f"{around.ko} {label.ko}", en=f"{around.en}'s {label.en}")


@RULES.warning(
    "buyer_email_missing",
    "공급받는자의 이메일이 없습니다. 그러면 홈택스가 수신함이 되고, 국세청에 전송한 날이 발급일이 됩니다.",
    "The buyer has no e-mail. Hometax is its mailbox then, and the day of transmission is the day of issue.",
    "부가가치세법 시행령 제68조제11항·제12항",
)
def _buyer_email_missing(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if not any(contact.email for contact in invoice.buyer.contacts):
        yield hit("buyer.contacts")


@RULES.error(
    "broker_missing",
    "위수탁 문서에는 수탁자가 필요합니다. 수탁자를 적거나 문서 종류를 바꾸세요.",
    "A consigned document needs a broker. Name the broker or choose another document type.",
    "부가가치세법 시행령 제69조; KEC 표준전자세금계산서 v3.0, BrokerParty",
)
def _broker_missing(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.document_type.is_consigned and invoice.broker is None:
        yield hit("broker")


@RULES.error(
    "broker_unexpected",
    "위수탁이 아닌 문서에는 수탁자를 적을 수 없습니다. 수탁자를 지우거나 위수탁 종류를 고르세요.",
    "Only a consigned document has a broker. Remove the broker or choose a consigned type.",
    "부가가치세법 시행령 제69조; KEC 표준전자세금계산서 v3.0, BrokerParty",
)
def _broker_unexpected(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if not invoice.document_type.is_consigned and invoice.broker is not None:
        yield hit("broker")
