"""The code lists of the standard, each code with its Korean and English label.

Source: KEC 표준전자세금계산서 v3.0 code lists; 부가가치세법 시행령 제70조 (수정사유).
"""

from enum import StrEnum
from typing import Self

from dojang.errors import Language


class LabelledCode(StrEnum):
    """A code of the standard; its value is the code, and it knows its labels."""

    ko: str
    en: str

    def __new__(cls, code: str, ko: str, en: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.ko = ko
        member.en = en
        return member

    # A member equals its code as text, so it must hash like it (Enum hashes the name).
    __hash__ = str.__hash__

    def label(self, language: Language = "ko") -> str:
        """The label for a person, in their language."""
        return self.ko if language == "ko" else self.en


class Taxation(LabelledCode):
    """과세 구분: how value added tax applies to the supply."""

    TAXABLE = "taxable", "과세", "taxable"
    ZERO_RATED = "zero_rated", "영세율", "zero-rated"
    EXEMPT = "exempt", "면세", "exempt"


class DocumentType(LabelledCode):
    """전자(세금)계산서 종류 (TypeCode): two digits of class, two of kind.

    Class: 01 세금계산서, 02 수정세금계산서, 03 계산서, 04 수정계산서.
    Kind: 01 일반, 02 영세율, 03 위수탁, 04 수입, 05 영세율위수탁, 06 수입납부유예.
    """

    TAX = "0101", "세금계산서", "tax invoice"
    TAX_ZERO_RATED = "0102", "영세율세금계산서", "zero-rated tax invoice"
    TAX_CONSIGNED = "0103", "위수탁세금계산서", "consigned tax invoice"
    TAX_IMPORT = "0104", "수입세금계산서", "import tax invoice"
    TAX_ZERO_RATED_CONSIGNED = "0105", "영세율위수탁세금계산서", "zero-rated consigned tax invoice"
    TAX_IMPORT_DEFERRED = "0106", "수입납부유예세금계산서", "import tax invoice, payment deferred"
    AMENDED_TAX = "0201", "수정세금계산서", "amended tax invoice"
    AMENDED_TAX_ZERO_RATED = "0202", "수정영세율세금계산서", "amended zero-rated tax invoice"
    AMENDED_TAX_CONSIGNED = "0203", "수정위수탁세금계산서", "amended consigned tax invoice"
    AMENDED_TAX_IMPORT = "0204", "수정수입세금계산서", "amended import tax invoice"
    AMENDED_TAX_ZERO_RATED_CONSIGNED = (
        "0205",
        "수정영세율위수탁세금계산서",
        "amended zero-rated consigned tax invoice",
    )
    AMENDED_TAX_IMPORT_DEFERRED = (
        "0206",
        "수정수입납부유예세금계산서",
        "amended import tax invoice, payment deferred",
    )
    EXEMPT = "0301", "계산서", "exempt invoice"
    EXEMPT_CONSIGNED = "0303", "위수탁계산서", "consigned exempt invoice"
    EXEMPT_IMPORT = "0304", "수입계산서", "import exempt invoice"
    AMENDED_EXEMPT = "0401", "수정계산서", "amended exempt invoice"
    AMENDED_EXEMPT_CONSIGNED = "0403", "수정위수탁계산서", "amended consigned exempt invoice"
    AMENDED_EXEMPT_IMPORT = "0404", "수정수입계산서", "amended import exempt invoice"

    @property
    def electronic(self) -> str:
        """What it is called where it is electronic: 수정전자세금계산서, with 전자 before the noun (시행령 제70조)."""
        noun = next(word for word in ("세금계산서", "계산서") if self.ko.endswith(word))
        return f"{self.ko.removesuffix(noun)}전자{noun}"

    @property
    def kind(self) -> str:
        """The second half: what the document is, whether amended or not."""
        return self.value[2:]

    @property
    def is_amendment(self) -> bool:
        """수정: one that amends another document."""
        return self.value[:2] in {"02", "04"}

    @property
    def is_consigned(self) -> bool:
        """위수탁: a broker issues it in the supplier's name."""
        return self.kind in {"03", "05"}

    @property
    def is_import(self) -> bool:
        """수입: only the customs office issues it; here it can only be read."""
        return self.kind in {"04", "06"}

    @property
    def taxation(self) -> Taxation:
        """과세 구분 of everything on the document."""
        if self.value[:2] in {"03", "04"}:
            return Taxation.EXEMPT
        return Taxation.ZERO_RATED if self.kind in {"02", "05"} else Taxation.TAXABLE

    @property
    def amended(self) -> "DocumentType":
        """The type of a document that amends one of this type."""
        return self if self.is_amendment else DocumentType(f"{int(self.value) + 100:04d}")

    @property
    def original(self) -> "DocumentType":
        """The type that an amendment of this type amends."""
        return DocumentType(f"{int(self.value) - 100:04d}") if self.is_amendment else self


class AmendmentReason(LabelledCode):
    """수정사유 (AmendmentStatusCode), by the names that Hometax shows. Source: 부가가치세법 시행령 제70조제1항."""

    MISTAKE = "01", "기재사항 착오정정 등", "mistake in an entry, wrong rate"
    PRICE_CHANGE = "02", "공급가액 변동", "change of the supply amount"
    RETURN = "03", "환입", "goods returned"
    CANCELLED_CONTRACT = "04", "계약의 해제", "contract cancelled"
    LOCAL_CREDIT = "05", "내국신용장 등 사후개설", "local letter of credit opened afterwards"
    DUPLICATE = "06", "착오에 의한 이중발급 등", "issued twice by mistake, or not to be issued"


class Purpose(LabelledCode):
    """영수/청구 (PurposeCode)."""

    RECEIPT = "receipt", "영수", "receipt"
    CLAIM = "claim", "청구", "claim"


class BuyerKind(LabelledCode):
    """공급받는자 구분 (BusinessTypeCode)."""

    BUSINESS = "business", "사업자", "business"
    INDIVIDUAL = "individual", "개인", "individual"
    FOREIGNER = "foreigner", "외국인", "foreigner"


class PaymentMeans(LabelledCode):
    """결제방법 (SpecifiedPaymentMeans/TypeCode)."""

    CASH = "cash", "현금", "cash"
    CHECK = "check", "수표", "check"
    NOTE = "note", "어음", "promissory note"
    CREDIT = "credit", "외상미수금", "on credit"


# Where product and XML spell one thing differently, the XML's code; the reverse is derived.
PURPOSE_CODES = {Purpose.RECEIPT: "01", Purpose.CLAIM: "02"}
BUYER_KIND_CODES = {BuyerKind.BUSINESS: "01", BuyerKind.INDIVIDUAL: "02", BuyerKind.FOREIGNER: "03"}
PAYMENT_MEANS_CODES = {
    PaymentMeans.CASH: "10",
    PaymentMeans.CHECK: "20",
    PaymentMeans.NOTE: "30",
    PaymentMeans.CREDIT: "40",
}
