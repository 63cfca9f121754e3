"""What a user asks for: one shape for each of the six reasons, told apart by `reason`.

Strict: no unknown field, no float, dates as dates. What may be left out is null or absent. The labels of the fields
are the labels of the forms (`options`).

Source: 부가가치세법 시행령 제70조제1항 (what each ground depends on).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, cast

from pydantic import Field, ValidationError

from dojang.etax.amendments.errors import InvalidRequest
from dojang.etax.codes import AmendmentReason, DocumentType, Purpose
from dojang.etax.findings import Finding, Severity
from dojang.etax.format_findings import findings_of
from dojang.etax.invoice import Buyer, Day, Label, LineItem, OptionalNumber, Party, Payment, Record, Text

_Items = Annotated[tuple[LineItem, ...] | None, Field(strict=False), Label("품목", "items")]
_Type = Annotated[DocumentType, Label("문서 종류", "document type")]


class Corrected(Record):
    """What a 01 puts right. Only the fields that are given change; the rest is copied from the target."""

    supply_amount: Annotated[int | None, Label("올바른 공급가액", "correct supply amount")] = None
    tax_amount: Annotated[int | None, Label("올바른 세액", "correct tax amount")] = None
    items: _Items = None
    written_on: Annotated[Day | None, Label("올바른 작성일자", "correct date written")] = None
    document_type: Annotated[DocumentType | None, Label("올바른 문서 종류", "correct document type")] = None
    buyer: Annotated[Buyer | None, Label("올바른 공급받는자", "correct buyer")] = None
    supplier: Annotated[Party | None, Label("공급자", "supplier")] = None
    broker: Annotated[Party | None, Label("수탁자", "broker")] = None
    purpose: Annotated[Purpose | None, Label("영수/청구", "receipt or claim")] = None
    payments: Annotated[
        tuple[Payment, ...] | None, Field(strict=False, max_length=4), Label("결제", "payments")
    ] = None
    remarks: Annotated[
        tuple[str, ...] | None, Field(strict=False, max_length=3), Label("비고", "remarks")
    ] = None

    @property
    def changes_amounts(self) -> bool:
        """Whether an amount, the items or the kind of tax is put right."""
        return not (
            self.supply_amount is None
            and self.tax_amount is None
            and self.items is None
            and self.document_type is None
        )


class Also(Record):
    """A part of the original that belonged on a document of the other family (세금계산서, 계산서)."""

    document_type: _Type
    supply_amount: Annotated[int, Field(gt=0), Label("공급가액", "supply amount")]


class _Targeted(Record):
    target: Annotated[
        OptionalNumber, Label("수정할 세금계산서의 승인번호", "issue id of the document to amend")
    ] = None


class CorrectMistake(_Targeted):
    """01 기재사항 착오정정 등 (제5호·제6호·제9호)."""

    reason: Annotated[Literal["01"], Label("수정사유", "amendment reason")]
    subtype: Annotated[
        Literal["mistake", "non_mistake", "tax_rate", "optional"], Label("정정 종류", "kind of correction")
    ]
    corrected: Annotated[Corrected, Label("고칠 내용", "what to put right")] = Corrected()
    also: Annotated[
        tuple[Also, ...], Field(strict=False), Label("다른 문서로 나갈 부분", "part for another document")
    ] = ()


class ChangePrice(_Targeted):
    """02 공급가액 변동 (제3호)."""

    reason: Annotated[Literal["02"], Label("수정사유", "amendment reason")]
    event_on: Annotated[Day, Label("변동이 확정된 날", "day the change was settled")]
    supply_delta: Annotated[
        int | None, Label("공급가액 증감(줄었으면 −)", "change of the supply amount (minus if less)")
    ] = None
    tax_delta: Annotated[int | None, Label("세액 증감", "change of the tax")] = None
    items: _Items = None


class ReturnGoods(_Targeted):
    """03 환입 (제1호). Amounts are what came back, above 0."""

    reason: Annotated[Literal["03"], Label("수정사유", "amendment reason")]
    event_on: Annotated[Day, Label("반품된 날(입고일)", "day the goods came back")]
    supply_amount: Annotated[int | None, Label("반품 공급가액", "supply amount returned")] = None
    tax_amount: Annotated[int | None, Label("반품 세액", "tax on it")] = None
    items: _Items = None


class CancelContract(_Targeted):
    """04 계약의 해제 (제2호). `delivered` has no default: whether anything was delivered must be said."""

    reason: Annotated[Literal["04"], Label("수정사유", "amendment reason")]
    event_on: Annotated[Day, Label("계약이 해제된 날", "day the contract was undone")]
    delivered: Annotated[
        bool | None, Label("이미 납품하거나 작업한 부분이 있음", "something was delivered or done")
    ] = None


class OpenLocalCredit(_Targeted):
    """05 내국신용장 등 사후개설 (제4호)."""

    reason: Annotated[Literal["05"], Label("수정사유", "amendment reason")]
    evidence: Annotated[Literal["local_credit", "purchase_confirmation"], Label("서류", "document")]
    evidence_number: Annotated[Text, Label("서류번호", "its number")] = None
    evidence_on: Annotated[Day, Label("개설일(발급일)", "day opened or issued")]
    supply_amount: Annotated[int | Literal["all"], Label("해당 공급가액", "supply amount covered")] = "all"


class CancelDuplicate(_Targeted):
    """06 착오에 의한 이중발급 등 (제7호·제8호)."""

    reason: Annotated[Literal["06"], Label("수정사유", "amendment reason")]
    subtype: Annotated[
        Literal["duplicate", "not_taxable", "wrong_supplier", "too_early"], Label("취소 사유", "why")
    ]
    twin: Annotated[OptionalNumber, Label("남길 세금계산서의 승인번호", "issue id of the one to keep")] = None
    replace_with: Annotated[DocumentType | None, Label("새로 발행할 문서 종류", "type to issue instead")] = (
        None
    )
    replace_written_on: Annotated[Day | None, Label("새 문서의 작성일자", "date written of the new one")] = (
        None
    )
    supply_amount: Annotated[int | None, Label("공급가액", "supply amount")] = None


class NoReason(_Targeted):
    """An event that is no reason to amend, such as a rebate or an unpaid bill."""

    reason: None
    event: Annotated[Text, Label("무슨 일", "what happened")] = None


Request = (
    CorrectMistake | ChangePrice | ReturnGoods | CancelContract | OpenLocalCredit | CancelDuplicate | NoReason
)

_SHAPES: Mapping[object, type[Request]] = {
    "01": CorrectMistake,
    "02": ChangePrice,
    "03": ReturnGoods,
    "04": CancelContract,
    "05": OpenLocalCredit,
    "06": CancelDuplicate,
    None: NoReason,
}
_POSSIBLE = ", ".join(reason.value for reason in AmendmentReason)


def request_from_json(data: bytes | str) -> Request:
    """Read a request.

    Raises:
        InvalidRequest: with a finding for each field that cannot be read.
    """
    try:
        return _shape(data).model_validate_json(data)
    except ValidationError as error:
        findings = tuple(_findings(error))
    raise InvalidRequest(findings)


def request_from_data(data: Mapping[str, Any]) -> Request:
    """Read what `json.loads` gives. Raises like `request_from_json`."""
    return request_from_json(json.dumps(data, ensure_ascii=False))


def _shape(data: bytes | str) -> type[Request]:
    """The shape that `reason` names; any for what is no object: pydantic says what is wrong with it."""
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        return NoReason
    if not isinstance(loaded, dict):
        return NoReason
    given = cast("dict[str, object]", loaded)
    reason = given.get("reason", "")
    if not (reason is None or isinstance(reason, str)) or reason not in _SHAPES:
        raise InvalidRequest([_unknown_reason(is_missing="reason" not in given)])
    return _SHAPES[reason]


def _unknown_reason(*, is_missing: bool) -> Finding:
    code, ko, en = (
        ("missing", "빠졌습니다.", "is missing.")
        if is_missing
        else ("unknown_code", "쓸 수 없는 값입니다.", "has no such value.")
    )
    return Finding(
        code,
        Severity.ERROR,
        "reason",
        f"{ko} 가능한 값: {_POSSIBLE}(수정사유가 아닌 일이면 null).",
        f"{en} Possible: {_POSSIBLE} (null for an event that is no reason).",
    )


def _findings(error: ValidationError) -> Iterator[Finding]:
    """Without pydantic's names of the two ways in which the amount of a 05 may be written."""
    for finding in findings_of(error):
        yield replace(finding, path=finding.path.removesuffix(".int").removesuffix(".literal['all']"))
