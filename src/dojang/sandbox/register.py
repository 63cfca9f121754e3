"""The business register of the sandbox: who exists, who closed, who may issue what.

A business number with a right check digit is a business in good standing unless something else is said of it, so
that a test needs to say only what matters to it. Numbers of individuals and foreigners are known unless listed.

Source: 부가가치세법 제32조·제36조 (who may issue); 국세청 사업자 상태 (계속, 폐업; 과세 유형).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Self

from pydantic import model_validator

from dojang.etax.codes import DocumentType, Taxation
from dojang.etax.identifiers import is_business_number
from dojang.sandbox.record import Record


@unique
class State(StrEnum):
    """상태: whether a number is on the register and still in business."""

    ACTIVE = "active"
    """계속사업자"""
    SUSPENDED = "suspended"
    """휴업자, who may still issue"""
    CLOSED = "closed"
    """폐업자, from the day after `closed_on`."""
    UNKNOWN = "unknown"
    """등록되지 않은 번호"""


@unique
class TaxpayerKind(StrEnum):
    """과세 유형, as far as it decides who may issue a 세금계산서."""

    GENERAL = "general"
    """일반과세자, and 간이과세자 that may issue 세금계산서 (직전 연도 4,800만원 이상)"""
    SIMPLIFIED = "simplified"
    """간이과세자 that may not (부가가치세법 제36조)"""
    EXEMPT = "exempt"
    """면세사업자: 계산서 only"""


class Business(Record):
    """What the register says about one number."""

    state: State = State.ACTIVE
    closed_on: date | None = None
    kind: TaxpayerKind = TaxpayerKind.GENERAL

    @model_validator(mode="after")
    def _closed_has_a_date(self) -> Self:
        if (self.state is State.CLOSED) != (self.closed_on is not None):
            raise ValueError("closed_on goes with the state closed")
        return self


_IN_GOOD_STANDING = Business()
_UNKNOWN = Business(state=State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Register:
    """The register at one moment; `listed` holds what differs from the rule."""

    listed: Mapping[str, Business]

    def business(self, number: str) -> Business:
        """What is known about a business number of ten digits."""
        listed = self.listed.get(number)
        if listed is not None:
            return listed
        return _IN_GOOD_STANDING if is_business_number(number) else _UNKNOWN

    def knows(self, number: str) -> bool:
        """Whether a business number is registered."""
        return self.business(number).state is not State.UNKNOWN

    def knows_person(self, number: str) -> bool:
        """Whether an individual's number is registered: every one is that is not listed as unknown."""
        return self.listed.get(number, _IN_GOOD_STANDING).state is not State.UNKNOWN

    def had_closed(self, number: str, day: date) -> bool:
        """Whether the business had closed before this day; on the day of closing it may still issue."""
        closed_on = self.business(number).closed_on
        return closed_on is not None and closed_on < day

    def may_issue(self, number: str, document_type: DocumentType) -> bool:
        """Whether the business may issue documents of this type.

        Only originals are asked for: who changed kind may and must still amend what was issued before
        (부가가치세법 시행령 제70조제2항·제3항).
        """
        return (
            document_type.is_amendment
            or document_type.taxation is Taxation.EXEMPT
            or self.business(number).kind is TaxpayerKind.GENERAL
        )
