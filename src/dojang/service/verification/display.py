"""What a document and its certificate say, as lines to be read."""

from collections.abc import Iterator
from typing import Final

from dojang.etax.codes import BuyerKind
from dojang.etax.identifiers import FOREIGNER_NUMBER, IssueId
from dojang.etax.invoice import Buyer, Invoice
from dojang.npki.instants import in_korea
from dojang.render.values import visible
from dojang.service.counterparties.names import name_key
from dojang.service.verification.verdict import Detail
from dojang.service.web.templatetags.dojang import business_number
from dojang.verification import Examined

_PARTS: Final = {
    "ExchangedDocument": (
        "관리번호·발급일시(ExchangedDocument)",
        "reference and time of issue (ExchangedDocument)",
    ),
    "TaxInvoiceDocument": ("기본정보", "document"),
    "TaxInvoiceTradeSettlement": ("거래 당사자와 금액", "parties and amounts"),
    "TaxInvoiceTradeLineItem": ("품목", "items"),
}
_DATE_OF_BIRTH: Final = 6
_RESIDENT_DIGITS: Final = 13
_MOST_UNKNOWN: Final = 20


def facts(invoice: Invoice) -> Iterator[Detail]:
    """What the document says, to be compared with what somebody holds in hand."""
    kind = invoice.document_type
    yield Detail("종류", "Kind", kind.electronic, f"electronic {kind.en}")
    yield Detail("국세청 승인번호", "Issue id", _issue_id(invoice.issue_id))
    if invoice.original_issue_id:
        yield Detail("당초 승인번호", "Original issue id", _issue_id(invoice.original_issue_id))
    if invoice.amendment_reason:
        yield Detail(
            "수정사유", "Reason of amendment", invoice.amendment_reason.ko, invoice.amendment_reason.en
        )
    supplier = invoice.supplier
    yield Detail("공급자", "Supplier", _named(supplier.name, business_number(supplier.business_number)))
    buyer = invoice.buyer
    yield Detail(
        "공급받는자",
        "Buyer",
        _named(buyer.name, _number(buyer, "외국인")),
        _named(buyer.name, _number(buyer, "foreigner")),
    )
    if invoice.broker is not None:
        yield Detail(
            "수탁자", "Broker", _named(invoice.broker.name, business_number(invoice.broker.business_number))
        )
    yield Detail("작성일자", "Date written", invoice.written_on.isoformat())
    if invoice.issued_at is not None:
        yield Detail("발급일시", "Time issued", f"{invoice.issued_at:%Y-%m-%d %H:%M:%S}")
    yield Detail("공급가액", "Supply amount", *_won(invoice.supply_amount))
    yield Detail("세액", "Tax", *_won(invoice.tax_amount))
    yield Detail("합계금액", "Total", *_won(invoice.total_amount))


def details(found: Examined, sha256: str) -> Iterator[Detail]:
    """The certificate and the signature, for whoever wants to look closer."""
    certificate, signed = found.certificate, found.signed
    yield Detail("인증서 소유자", "Certificate of", visible(certificate.owner))
    yield Detail("발급한 인증기관", "Issued by", visible(certificate.issuer))
    if certificate.policy is not None:
        yield Detail("인증서 용도", "For", certificate.policy.ko, certificate.policy.en)
    yield Detail("인증서 일련번호", "Serial number", f"{certificate.serial} (0x{certificate.serial_hex})")
    yield Detail(
        "인증서 유효기간", "Valid", f"{in_korea(certificate.valid_from)} ~ {in_korea(certificate.valid_to)}"
    )
    yield Detail("인증서 판단 시점", "Judged at", in_korea(found.at))
    yield Detail(
        "서명한 내용의 해시",
        "Digest of what is signed",
        f"{'SHA-1' if signed.is_archive else 'SHA-256'} {signed.digest}",
    )
    yield Detail("파일의 SHA-256", "SHA-256 of the file", sha256)
    yield Detail(
        "서명이 미치는 곳", "Covered by the signature", _parts(signed.covered, 0), _parts(signed.covered, 1)
    )
    yield Detail(
        "서명이 미치지 않는 곳", "Not covered", _parts(signed.uncovered, 0), _parts(signed.uncovered, 1)
    )
    yield Detail(
        "사업자번호 확인",
        "Business number",
        "인증서의 VID는 개인키에 든 R값이 있어야 맞춰 볼 수 있고, R값은 국세청에만 전송됩니다.",
        "The VID in the certificate can be compared only with R, which lies in the key and goes to the NTS alone.",
    )
    for finding in found.document_findings:
        yield Detail("내용 점검", "Content", finding.text("ko"), finding.text("en"))
    for path in found.unknown[:_MOST_UNKNOWN]:
        yield Detail("표준에 없는 항목", "Not of the standard", visible(path)[:200])


def is_same_name(owner: str, *names: str) -> bool:
    """Whether a certificate's owner is one of these names, however its kind of company is written.

    An owner often has a branch or a department behind the name, so one may begin with the other.
    """
    key = name_key(owner)
    others = [other for name in names if (other := name_key(name))]
    return any(key.startswith(other) or other.startswith(key) for other in others) if key else False


def _number(buyer: Buyer, foreigner: str) -> str:
    """As it may be shown: a business's whole, a person's without what is secret in it."""
    if buyer.kind is BuyerKind.FOREIGNER or buyer.number == FOREIGNER_NUMBER:
        return foreigner
    if buyer.kind is BuyerKind.BUSINESS and len(buyer.number) != _RESIDENT_DIGITS:
        return business_number(buyer.number)
    return f"{buyer.number[:_DATE_OF_BIRTH]}-{'*' * 7}"


def _named(name: str, number: str) -> str:
    return f"{visible(name)} ({number})"


def _issue_id(text: str | None) -> str:
    found = IssueId.parse(text or "")
    return found.hyphenated if found else visible(text or "—")


def _won(amount: int) -> tuple[str, str]:
    return f"{amount:,}원", f"{amount:,} won"


def _parts(names: tuple[str, ...], language: int) -> str:
    return ", ".join(_PARTS.get(name, (name, name))[language] for name in names)
