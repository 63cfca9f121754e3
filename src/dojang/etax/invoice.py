"""전자(세금)계산서 as data: `Invoice` with its parties, items and payments.

Frozen and strict: no unknown field, no float, won as integers, quantity and unit price as `Decimal` with at most
two places, dates as `date`, instants as aware `datetime`. What may be missing in a half-written invoice (a name,
an item) may be missing here too and is `check`'s to find; what cannot be represented at all is refused here.

JSON goes in and out without loss; `json_schema` publishes its shape. A `repr` names no person.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Context, Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError

from dojang.errors import Language
from dojang.etax import identifiers
from dojang.etax.amounts import Totals, totals_of
from dojang.etax.codes import AmendmentReason, BuyerKind, DocumentType, PaymentMeans, Purpose, Taxation
from dojang.etax.errors import InvalidInvoice
from dojang.etax.format_findings import findings_of

KST = timezone(timedelta(hours=9), "KST")
"""Korea Standard Time; 국세청 knows no other."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a field is called by those who use it; forms, messages and the JSON Schema all take it from here."""

    ko: str
    en: str

    def text(self, language: Language = "ko") -> str:
        """The label for a person, in their language."""
        return self.ko if language == "ko" else self.en

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema) | {"title": self.ko, "x-title-en": self.en}


def _without_hyphens(value: object) -> object:
    return identifiers.normalize(value) if isinstance(value, str) else value


def _blank_is_none(value: object) -> object:
    return None if value == "" else value


def _exact(value: object) -> object:
    """Text or an integer as an exact Decimal; a float lost its digits before it came here."""
    if isinstance(value, float | bool):
        raise PydanticCustomError("decimal_float", "float")
    if not isinstance(value, int | str | Decimal):
        return value
    # Decimal would take 1_000, 1e3, NaN and the digits of every script as well.
    if isinstance(value, str) and _NUMERAL.fullmatch(value) is None:
        raise PydanticCustomError("decimal", "no number")
    number = Decimal(value)
    # Far beyond what the standard holds; and arithmetic on 1e999999999 would never end.
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        raise PydanticCustomError("decimal", "no number")
    in_cents = number.quantize(_CENT, context=_EXACT)
    if number != in_cents:
        raise PydanticCustomError("decimal_places", "more than two places")
    # Written the way it is given, as far as JSON Schema and the standard know that way.
    return number if number.as_tuple().exponent in _PLACES else in_cents


_NUMERAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CENT = Decimal("0.01")
_PLACES = (0, -1, -2)
_MOST_DIGITS = 20
_EXACT = Context(prec=60)


# Pydantic would take "20131200" for seconds since 1970 and "2026-11-20" for an instant.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(_DAY.pattern + r"[T ][0-9]{2}:.*")


def _day(value: object, info: ValidationInfo) -> object:
    """A date as JSON writes it; Python has to give a date."""
    if info.mode != "json" or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError:
        raise PydanticCustomError("date_text", "no date") from None


def _instant(value: object, info: ValidationInfo) -> object:
    """An instant as JSON writes it; Python has to give a datetime."""
    if info.mode != "json" or not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value if _INSTANT.fullmatch(value) else "")
    except ValueError:
        raise PydanticCustomError("datetime_text", "no instant") from None


def _kst_seconds(value: datetime) -> datetime:
    try:
        return value.astimezone(KST).replace(microsecond=0)
    except OverflowError:  # in the first or last hours of the calendar
        raise PydanticCustomError("datetime_range", "beyond the calendar") from None


Number = Annotated[str, BeforeValidator(_without_hyphens)]
"""A number that names something: digits as text; hyphens and blanks are dropped."""

Text = Annotated[str | None, BeforeValidator(_blank_is_none)]
"""Optional text: left out, null and "" are the same."""

OptionalNumber = Annotated[Text, BeforeValidator(_without_hyphens)]
"""A number that may be left out, like text."""

Exact = Annotated[
    Decimal,
    BeforeValidator(_exact),
    WithJsonSchema({"type": ["string", "integer"], "pattern": r"^-?\d+(\.\d{1,2})?$"}),
]
"""An exact number with at most two decimal places; in JSON as text or an integer."""

Day = Annotated[date, BeforeValidator(_day)]
"""A date of the calendar."""

Instant = Annotated[AwareDatetime, BeforeValidator(_instant), AfterValidator(_kst_seconds)]
"""A moment, kept in Korea Standard Time and whole seconds, as the standard writes it."""


class Record(BaseModel):
    """Base of everything in an invoice: frozen, strict, nothing unknown, no input repeated in errors."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Nothing: a repr ends in logs, and these records hold people's names and numbers."""
        return []

    @classmethod
    def label(cls, field: str) -> Label:
        """What a field of this record is called."""
        return next(meta for meta in cls.model_fields[field].metadata if isinstance(meta, Label))


class Contact(Record):
    """담당자: a person at a party."""

    department: Annotated[Text, Label("부서", "department")] = None
    name: Annotated[Text, Label("담당자", "contact")] = None
    email: Annotated[Text, Label("이메일", "e-mail")] = None
    phone: Annotated[Text, Label("전화", "phone")] = None


class Party(Record):
    """공급자 or 수탁자: a business that signs."""

    business_number: Annotated[Number, Label("등록번호", "business number")]
    branch_number: Annotated[OptionalNumber, Label("종사업장번호", "branch number")] = None
    name: Annotated[str, Label("상호", "name")]
    representative: Annotated[str, Label("대표자명", "representative")]
    business_type: Annotated[Text, Label("업태", "business type")] = None
    business_item: Annotated[Text, Label("종목", "business item")] = None
    address: Annotated[Text, Label("사업장 주소", "address")] = None
    contact: Annotated[Contact | None, Label("담당자", "contact")] = None


def _number_of_foreigners(data: dict[str, Any]) -> str:
    return identifiers.FOREIGNER_NUMBER if data.get("kind") is BuyerKind.FOREIGNER else ""


class Buyer(Record):
    """공급받는자. `number` is a business number, a resident number or, for foreigners, 9999999999999."""

    kind: Annotated[BuyerKind, Label("공급받는자 구분", "kind of buyer")]
    number: Annotated[Number, Label("등록번호", "number")] = Field(default_factory=_number_of_foreigners)
    branch_number: Annotated[OptionalNumber, Label("종사업장번호", "branch number")] = None
    name: Annotated[str, Label("상호", "name")]
    representative: Annotated[str, Label("대표자명", "representative")]
    business_type: Annotated[Text, Label("업태", "business type")] = None
    business_item: Annotated[Text, Label("종목", "business item")] = None
    address: Annotated[Text, Label("사업장 주소", "address")] = None
    contacts: Annotated[
        tuple[Contact, ...], Field(strict=False, max_length=2), Label("담당자", "contacts")
    ] = ()


class LineItem(Record):
    """품목: one line. Its sequence number is its place in `Invoice.items`, from 1."""

    supplied_on: Annotated[Day | None, Label("공급일자", "date supplied")] = None
    name: Annotated[Text, Label("품목", "item")] = None
    specification: Annotated[Text, Label("규격", "specification")] = None
    quantity: Annotated[Exact | None, Label("수량", "quantity")] = None
    unit: Annotated[Text, Label("단위", "unit")] = None
    unit_price: Annotated[Exact | None, Label("단가", "unit price")] = None
    supply_amount: Annotated[int | None, Label("공급가액", "supply amount")] = None
    tax_amount: Annotated[int | None, Label("세액", "tax amount")] = None
    remark: Annotated[Text, Label("비고", "remark")] = None


class Payment(Record):
    """결제: how much was or will be paid by which means, in won."""

    means: Annotated[PaymentMeans, Label("결제방법", "means of payment")]
    amount: Annotated[int, Label("결제금액", "amount paid")]


class ImportDocument(Record):
    """수입문서참조: only on documents that the customs office issues."""

    declaration_number: Annotated[Text, Label("수입신고번호", "import declaration number")] = None
    item_count: Annotated[int | None, Label("총건", "number of items")] = None
    accepted_from: Annotated[Day | None, Label("일괄발급 시작일", "period from")] = None
    accepted_to: Annotated[Day | None, Label("일괄발급 종료일", "period to")] = None


def _derived(name: str) -> Any:  # noqa: ANN401 (pydantic's Field is Any)
    def total(data: dict[str, Any]) -> int:
        return getattr(totals_of(data.get("items", ())), name)

    return Field(default_factory=total)


class Invoice(Record):
    """전자(세금)계산서: a 세금계산서 or 계산서, original or amended.

    The three totals are sums of the items unless they are given; `check` finds one that does not agree.

    Raises:
        pydantic.ValidationError: from the constructor; `from_json` and `from_data` raise `InvalidInvoice`.
    """

    document_type: Annotated[DocumentType, Label("문서 종류", "document type")]
    written_on: Annotated[Day, Label("작성일자", "date written")]
    purpose: Annotated[Purpose | None, Label("영수/청구", "receipt or claim")] = None
    remarks: Annotated[tuple[str, ...], Field(strict=False, max_length=3), Label("비고", "remarks")] = ()
    supplier: Annotated[Party, Label("공급자", "supplier")]
    buyer: Annotated[Buyer, Label("공급받는자", "buyer")]
    broker: Annotated[Party | None, Label("수탁자", "broker")] = None
    items: Annotated[tuple[LineItem, ...], Field(strict=False), Label("품목", "items")] = ()
    payments: Annotated[
        tuple[Payment, ...], Field(strict=False, max_length=4), Label("결제", "payments")
    ] = ()
    supply_amount: Annotated[int, Label("공급가액 합계", "total supply amount")] = _derived("supply_amount")
    tax_amount: Annotated[int, Label("세액 합계", "total tax amount")] = _derived("tax_amount")
    total_amount: Annotated[int, Label("합계금액", "total amount")] = _derived("total_amount")
    issue_id: Annotated[OptionalNumber, Label("승인번호", "issue id")] = None
    original_issue_id: Annotated[OptionalNumber, Label("당초승인번호", "original issue id")] = None
    amendment_reason: Annotated[AmendmentReason | None, Label("수정사유", "amendment reason")] = None
    issued_at: Annotated[Instant | None, Label("발급일시", "time issued")] = None
    exchange_id: Annotated[Text, Label("관리번호", "reference of the service")] = None
    reference_id: Annotated[Text, Label("참조문서번호", "referenced document")] = None
    import_document: Annotated[ImportDocument | None, Label("수입문서참조", "import document")] = None

    @property
    def taxation(self) -> Taxation:
        """과세 구분 of everything on the document."""
        return self.document_type.taxation

    @property
    def derived_totals(self) -> Totals:
        """The sums of the items, whatever totals are stated."""
        return totals_of(self.items)

    @property
    def signer(self) -> Party:
        """Who has to sign: the broker of a consigned document, the supplier otherwise (시행령 제69조)."""
        return self.broker if self.document_type.is_consigned and self.broker else self.supplier

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 (any field)
        """A copy with other values, checked like a new one; with other items the totals are summed anew."""
        totals = (*Totals._fields, "total_amount")
        stale = totals if "items" in changes else ()
        kept = {name: getattr(self, name) for name in type(self).model_fields if name not in stale}
        return type(self)(**(kept | changes))

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read JSON.

        Raises:
            InvalidInvoice: with a finding for each field that cannot be read.
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            findings = findings_of(error)
        raise InvalidInvoice(findings)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `json.loads` gives. Raises like `from_json`."""
        return cls.from_json(json.dumps(data, ensure_ascii=False))

    def to_json(self, *, indent: int | None = 2) -> str:
        """JSON with every field, null where there is nothing."""
        return self.model_dump_json(indent=indent)

    def to_data(self) -> dict[str, Any]:
        """What `json.loads(self.to_json())` gives."""
        return self.model_dump(mode="json")

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [
            ("document_type", self.document_type.value),
            ("written_on", self.written_on.isoformat()),
            ("issue_id", self.issue_id),
        ]


SCHEMA_ID = "https://dojang.invalid/schema/invoice-1.json"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an invoice's JSON, with Korean (`title`) and English (`x-title-en`) labels."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
    } | Invoice.model_json_schema()
