"""사실관계: what the engine has to know about the two parties besides the documents themselves.

Every fact may be left out and then takes its default: a corporation with the year's end on 12-31, obliged to issue
electronically, general taxpayers on both sides, who filed every return, preliminary ones too, by its due date.
`null` in a tax type, in `e_obligated`, `files_preliminary` or `returns_filed` means that nobody knows; the
properties then answer None, and both cases are told.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from dojang.etax.calendar.periods import (
    GENERAL,
    UNKNOWN,
    ReturnPeriod,
    SupplierKind,
    Taxpayer,
    TaxType,
    TaxTypeSince,
    month_return,
    return_period,
)
from dojang.etax.codes import BuyerKind
from dojang.etax.errors import EtaxError
from dojang.etax.findings import Finding
from dojang.etax.format_findings import findings_of
from dojang.etax.invoice import Buyer, Day, Label, Party, Record, Text
from dojang.etax.parameters.law import Law

_PERIOD_KEY = re.compile(r"[0-9]{4}-([12]-(preliminary|final)|(0[1-9]|1[0-2]))")


class InvalidFacts(EtaxError):
    """Facts that cannot be read; `findings` names every field that is wrong."""

    code = "invalid_facts"
    ko = "사실관계를 읽을 수 없습니다: {first_ko} 표시된 항목 {count}개를 고치세요."
    en = "The facts cannot be read: {first_en} Mend the {count} field(s) named."

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(first_ko=first.located("ko"), first_en=first.located("en"), count=len(self.findings))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.findings,))


class BuyerTaxType(StrEnum):
    """What the buyer is for VAT."""

    GENERAL = "general"
    SIMPLIFIED = "simplified"
    EXEMPT = "exempt"
    PUBLIC = "public"
    INDIVIDUAL = "individual"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


class TaxTypeEntry(Record):
    """A 과세유형 and the day from which it holds; in JSON `from` and `type`."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    since: Annotated[Day, Label("적용일", "from"), Field(alias="from")]
    tax_type: Annotated[TaxType | None, Label("과세유형", "tax type"), Field(alias="type")]


def _period_key(value: str) -> str:
    if _PERIOD_KEY.fullmatch(value) is None:
        raise PydanticCustomError("return_period", "no period of a return")
    return value


class ReturnFiled(Record):
    """신고 내역: one VAT return that was filed: `2026-1-preliminary`, `2026-1-final`, or `2026-04` for 조기환급."""

    period: Annotated[str, AfterValidator(_period_key), Label("신고기간", "period")]
    filed_on: Annotated[Day, Label("신고일", "filed on")]


class Audit(Record):
    """경정 인지: whether the tax office is known to be about to correct (시행령 제70조 제1항 제5호)."""

    ground: Annotated[Text, Label("사유", "ground")] = None
    received_on: Annotated[Day | None, Label("통지받은 날", "received on")] = None
    covers_this_supply: Annotated[
        Literal["no", "yes", "unsure"], Label("이 거래 해당 여부", "covers this supply")
    ] = "no"


class ContractBilling(Record):
    """계약서의 대금 청구시기와 지급시기 (부가가치세법 제17조 제3항 제1호)."""

    billing_on: Annotated[Day, Label("청구일", "billing date")]
    payment_on: Annotated[Day, Label("지급일", "payment date")]


def _party_as_buyer(value: object) -> object:
    """A party's JSON as that of a business that buys; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    given = dict(cast("Mapping[str, object]", value))
    if "business_number" not in given:
        return given
    number, contact = given.pop("business_number"), given.pop("contact", None)
    contacts = () if contact is None else (contact,)
    return {"kind": BuyerKind.BUSINESS, "number": number, "contacts": contacts} | given


class Successors(Record):
    """승계인: who took over the business by 합병, 분할 or 포괄양수. A buyer may also be written as a party."""

    buyer: Annotated[
        Buyer | None, BeforeValidator(_party_as_buyer), Label("공급받는자 승계인", "buyer's successor")
    ] = None
    supplier: Annotated[Party | None, Label("공급자 승계인", "supplier's successor")] = None


def _supplier_kind(data: dict[str, Any]) -> SupplierKind:
    # Only individuals can be free of the duty, in doubt about it, or 소규모사업자: what was told wins over a default.
    only_individual = data.get("e_obligated") is not True or data.get("small_business") is True
    return SupplierKind.INDIVIDUAL if only_individual else SupplierKind.CORPORATION


def _month_and_day(value: str) -> str:
    try:
        # 2000 was a leap year: a fiscal year may end on 29 February.
        date.fromisoformat(f"2000-{value}" if len(value) == len("12-31") else "")
    except ValueError:
        raise PydanticCustomError("month_and_day", "no month and day") from None
    return value


class Facts(Record):
    """Everything about the parties that decides deadlines, penalties and returns."""

    e_obligated: Annotated[bool | None, Label("전자발급 의무", "obliged to issue electronically")] = True
    small_business: Annotated[bool, Label("소규모사업자", "small business (계산서)")] = False
    supplier_kind: Annotated[SupplierKind, Label("공급자 구분", "kind of supplier")] = Field(
        default_factory=_supplier_kind
    )
    sme: Annotated[bool, Label("중소기업", "small or medium enterprise")] = True
    fiscal_year_end: Annotated[
        str, AfterValidator(_month_and_day), Label("사업연도 종료일", "end of the fiscal year")
    ] = "12-31"
    supplier_tax_types: Annotated[
        Annotated[tuple[TaxTypeEntry, ...], Field(strict=False)] | None,
        Label("공급자 과세유형", "supplier's tax types"),
    ] = ()
    supplier_closed_on: Annotated[Day | None, Label("공급자 폐업일", "supplier closed on")] = None
    buyer_closed_on: Annotated[Day | None, Label("공급받는자 폐업일", "buyer closed on")] = None
    buyer_tax_type: Annotated[BuyerTaxType | None, Label("공급받는자 과세유형", "buyer's tax type")] = (
        BuyerTaxType.GENERAL
    )
    successors: Annotated[Successors, Label("승계인", "successors")] = Successors()
    files_preliminary: Annotated[bool | None, Label("예정신고 여부", "files preliminary returns")] = True
    returns_filed: Annotated[
        Annotated[tuple[ReturnFiled, ...], Field(strict=False)] | Literal["by_due_date"] | None,
        Label("신고 내역", "returns filed"),
    ] = "by_due_date"
    audit: Annotated[Audit, Label("세무조사 등 통지", "audit")] = Audit()
    contract_billing: Annotated[ContractBilling | None, Label("계약상 청구·지급일", "contract's dates")] = (
        None
    )
    paid_on: Annotated[Day | None, Label("대금 받은 날", "paid on")] = None

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read JSON.

        Raises:
            InvalidFacts: with a finding for each fact that cannot be read.
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            findings = tuple(_findings(error))
        raise InvalidFacts(findings)

    def to_json(self, *, indent: int | None = 2) -> str:
        """JSON with every fact."""
        return self.model_dump_json(indent=indent)

    @property
    def supplier(self) -> Taxpayer:
        """The supplier's history, for the periods."""
        if self.supplier_tax_types is None:
            return Taxpayer(UNKNOWN.tax_types, self.supplier_closed_on)
        entries = tuple(TaxTypeSince(entry.since, entry.tax_type) for entry in self.supplier_tax_types)
        if entries and self.supplier_kind is SupplierKind.CORPORATION:
            entries = (_GENERAL_BEFORE, *entries)
        return Taxpayer(entries, self.supplier_closed_on)

    @property
    def buyer_taxpayer(self) -> Taxpayer:
        """The buyer's history, for the periods; unknown where nobody knows its type."""
        return Taxpayer(_BUYER_HISTORY.get(self._buyer, GENERAL).tax_types, self.buyer_closed_on)

    @property
    def is_obliged(self) -> bool | None:
        """Whether the supplier has to issue electronically: a corporation always, else as told; None if unknown."""
        return True if self.supplier_kind is SupplierKind.CORPORATION else self.e_obligated

    @property
    def buyer_deducts(self) -> bool | None:
        """Whether the buyer deducts input tax at all; None if unknown."""
        return None if self._buyer is BuyerTaxType.UNKNOWN else self._buyer is BuyerTaxType.GENERAL

    @property
    def successor_buyer(self) -> Buyer | None:
        """Who took the buyer's place."""
        return self.successors.buyer

    def filed(self, period: ReturnPeriod, *, on: date) -> bool | None:
        """Whether the supplier had filed a period's return by a day; None if unknown.

        A list of returns counts as complete from the earliest one on it: what is due earlier was filed in time,
        what is missing later was not filed. Without a list every return is filed by its due date.
        """
        if self.returns_filed is None:
            return None if on > period.end else False
        if self.returns_filed == "by_due_date":
            return _filed_by_due_date(period, on)
        days = [entry.filed_on for entry in self.returns_filed if entry.period == period.key]
        if days:
            return min(days) <= on
        first = min((entry.filed_on for entry in self.returns_filed), default=date.min)
        return period.due < first and _filed_by_due_date(period, on)

    def buyer_filed(self, period: ReturnPeriod, *, on: date) -> bool:
        """Whether the buyer had filed by a day: by its due date, as nothing else is told of it."""
        return _filed_by_due_date(period, on)

    def return_of(self, day: date, *, law: Law, preliminary: bool | None = None) -> ReturnPeriod:
        """The supplier's return in which a document of a day stands: an early refund of its month, if one was filed.

        Args:
            day: the 작성일자.
            law: the figures and the calendar.
            preliminary: which case to tell where `files_preliminary` is unknown; then True unless given.
        """
        month = day.strftime("%Y-%m")
        listed = self.returns_filed if isinstance(self.returns_filed, tuple) else ()
        if any(entry.period == month for entry in listed):
            return month_return(day, law=law)
        told = self.files_preliminary
        files = told if told is not None else preliminary is not False
        return return_period(day, self.supplier, files, law=law)

    @property
    def _buyer(self) -> BuyerTaxType:
        return self.buyer_tax_type or BuyerTaxType.UNKNOWN


# Only individuals can be 간이과세자 (부가가치세법 제61조): a corporation's first entry says nothing of another type before.
_GENERAL_BEFORE = TaxTypeSince(date.min, TaxType.GENERAL)
_BUYER_HISTORY = {
    BuyerTaxType.SIMPLIFIED: Taxpayer((TaxTypeSince(date.min, TaxType.SIMPLIFIED),)),
    BuyerTaxType.EXEMPT: Taxpayer((TaxTypeSince(date.min, TaxType.EXEMPT),)),
    BuyerTaxType.UNKNOWN: UNKNOWN,
}


def _findings(error: ValidationError) -> Iterator[Finding]:
    """As for an invoice, without pydantic's names of the two ways in which `returns_filed` may be written."""
    for finding in findings_of(error):
        if ".literal[" not in finding.path:
            yield replace(finding, path=finding.path.replace(".tuple[ReturnFiled, ...]", ""))


def _filed_by_due_date(period: ReturnPeriod, on: date) -> bool:
    return on > period.due
