"""상태조회: a stand-in for the public service that tells whether a business is open, suspended or closed.

It answers from the same register as the tax office next door, so `/control/businesses/<number>` scripts both. Any
service key will do, but there has to be one.

Source: 공공데이터포털 국세청_사업자등록정보 진위확인 및 상태조회 서비스, `POST /api/nts-businessman/v1/status`.
"""

import json
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError

from dojang.sandbox.exchange import ConnectionLost
from dojang.sandbox.faults import OF_TAX_STATUS, Action, Fault, FaultKind
from dojang.sandbox.office import Office
from dojang.sandbox.record import Record
from dojang.sandbox.register import Business, Register, State, TaxpayerKind
from dojang.sandbox.web import JSON_TYPE, Request, Response

PATH: Final = "/api/nts-businessman/v1/status"
MOST_NUMBERS: Final = 100

_STATES: Mapping[State, tuple[str, str]] = {
    State.ACTIVE: ("01", "계속사업자"),
    State.SUSPENDED: ("02", "휴업자"),
    State.CLOSED: ("03", "폐업자"),
    State.UNKNOWN: ("", ""),
}
_KINDS: Mapping[TaxpayerKind, tuple[str, str]] = {
    TaxpayerKind.GENERAL: ("01", "부가가치세 일반과세자"),
    TaxpayerKind.SIMPLIFIED: ("02", "부가가치세 간이과세자"),
    TaxpayerKind.EXEMPT: ("04", "부가가치세 면세사업자"),
}
_NOT_REGISTERED: Final = ("", "국세청에 등록되지 않은 사업자등록번호입니다.")
# The service says 411 where a field is missing, whatever HTTP means by it.
_MALFORMED: Final = HTTPStatus.LENGTH_REQUIRED
_GARBAGE: Final = b"\x00\xff<html>"


class _Question(Record):
    """The body of a request; other fields are refused, as they would be typing errors."""

    b_no: Annotated[tuple[str, ...], Field(strict=False)]


def handle(office: Office, request: Request, stopping: threading.Event) -> Response:
    """Answer a POST to `PATH`. `stopping` ends the wait for a slow answer.

    Raises:
        ConnectionLost: by a fault.
    """
    if not request.query.get("serviceKey"):
        return _json({"code": -401, "msg": "인증키는 필수 항목 입니다."}, HTTPStatus.UNAUTHORIZED)
    fault = _fault(office)
    stopping.wait(office.settings.delays.reply_seconds)
    if fault is not None:
        early = _instead(fault, stopping)
        if early is not None:
            return early
    return _answer(Register(office.settings.businesses), request.body)


def _fault(office: Office) -> Fault | None:
    """The fault waiting for this service by name, which is used up."""
    if not any(found.fault.action is Action.TAX_STATUS for found in office.store.faults()):
        return None
    with office.store.transaction() as ledger:
        return ledger.use_fault(
            lambda fault: fault.action is Action.TAX_STATUS and fault.kind in OF_TAX_STATUS
        )


def _instead(fault: Fault, stopping: threading.Event) -> Response | None:
    """What comes instead of the answer; nothing where it only comes late."""
    match fault.kind:
        case FaultKind.LOST_BEFORE | FaultKind.LOST_AFTER:
            raise ConnectionLost
        case FaultKind.HTTP_429:
            too_many = {"code": -4, "msg": "API 호출 한도를 초과하였습니다."}
            return _json(too_many, HTTPStatus.TOO_MANY_REQUESTS)
        case FaultKind.HTTP_500:
            return _refusal("INTERNAL_ERROR", HTTPStatus.INTERNAL_SERVER_ERROR)
        case FaultKind.GARBAGE:
            return Response(_GARBAGE, JSON_TYPE)
        case _:
            stopping.wait(fault.seconds)
            return None


def _answer(register: Register, body: bytes) -> Response:
    try:
        numbers = _Question.model_validate_json(body).b_no
    except ValidationError as error:
        malformed = any(detail["type"] == "json_invalid" for detail in error.errors(include_input=False))
        if malformed:
            return _refusal("BAD_JSON_REQUEST", HTTPStatus.BAD_REQUEST)
        return _refusal("REQUEST_DATA_MALFORMED", _MALFORMED)
    if not numbers:
        return _refusal("REQUEST_DATA_MALFORMED", _MALFORMED)
    if len(numbers) > MOST_NUMBERS:
        return _refusal("TOO_LARGE_REQUEST", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    found = [_status(number, register.business(number)) for number in numbers]
    known = sum(bool(one["b_stt_cd"]) for one in found)
    return _json(
        {"status_code": "OK", "request_cnt": len(numbers), "match_cnt": known, "data": found}, HTTPStatus.OK
    )


def _status(number: str, business: Business) -> Mapping[str, str]:
    """One number as the service tells it; everything is text, and what is not known is empty."""
    state_code, state = _STATES[business.state]
    tax_code, tax = _NOT_REGISTERED if business.state is State.UNKNOWN else _KINDS[business.kind]
    return {
        "b_no": number,
        "b_stt": state,
        "b_stt_cd": state_code,
        "tax_type": tax,
        "tax_type_cd": tax_code,
        "end_dt": business.closed_on.strftime("%Y%m%d") if business.closed_on else "",
        "utcc_yn": "" if business.state is State.UNKNOWN else "N",
        "tax_type_change_dt": "",
        "invoice_apply_dt": "",
        "rbf_tax_type": "" if business.state is State.UNKNOWN else "해당없음",
        "rbf_tax_type_cd": "" if business.state is State.UNKNOWN else "99",
    }


def _refusal(code: str, status: HTTPStatus) -> Response:
    return _json({"status_code": code}, status)


def _json(body: Mapping[str, Any], status: HTTPStatus) -> Response:
    return Response(json.dumps(body, ensure_ascii=False).encode() + b"\n", JSON_TYPE, status)
