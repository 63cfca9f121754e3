"""휴폐업: the port to whoever knows whether a business is open, and the adapter to the public service.

`TaxStatusService.ask` takes up to 100 numbers and gives what is known of them, or why nothing could be known: a
refusal is a value, since no page should fail because another office does. The service key goes into an address,
as the service wants it, so neither addresses nor what httpx raises ever leave this module.

Source: 공공데이터포털 국세청_사업자등록정보 진위확인 및 상태조회 서비스, `POST /api/nts-businessman/v1/status`.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import unquote

import httpx
from django.conf import settings

from dojang.service.counterparties.models import BusinessState

MOST_NUMBERS: Final = 100
"""In one question; the service refuses more."""
PATH: Final = "/api/nts-businessman/v1/status"
_MOST_BYTES: Final = 1 << 20
_STATE_OF_CODE: Final[Mapping[str, BusinessState]] = {
    state.value: state for state in BusinessState if state is not BusinessState.UNREGISTERED
}
_NOT_REGISTERED: Final = "등록되지 않은"


@dataclass(frozen=True, slots=True)
class TaxStatus:
    """What the tax office says of one number.

    Attributes:
        number: 사업자등록번호, ten digits.
        state: 계속, 휴업, 폐업, or not registered.
        tax_type: 과세유형 code: 01 일반, 02 간이, 03 과세특례, 04 면세, 05 비영리, 06 고유번호, 07 간이(세금계산서 발급).
        text: 과세유형 in the tax office's words.
        closed_on: 폐업일.
    """

    number: str
    state: BusinessState
    tax_type: str
    text: str
    closed_on: date | None


class Unavailable(Enum):
    """Why nothing could be known."""

    NOT_SET_UP = (
        "휴폐업 조회가 설정되어 있지 않습니다. 운영자에게 인증키(DOJANG_TAX_STATUS_KEY) 설정을 요청하세요.",
        "Tax status look-up is not set up. Ask the operator to set DOJANG_TAX_STATUS_KEY.",
    )
    NO_ANSWER = (
        "국세청 상태조회 서비스가 답하지 않습니다. 잠시 뒤 다시 확인해 주세요.",
        "The tax status service does not answer. Try again in a while.",
    )
    TOO_MANY = (
        "오늘 쓸 수 있는 상태조회 횟수를 넘었거나 요청이 너무 잦습니다. 나중에 다시 확인해 주세요.",
        "The tax status service was asked too often. Try again later.",
    )
    KEY_REFUSED = (
        "국세청 상태조회 서비스가 인증키를 받지 않습니다. 운영자에게 알려 주세요.",
        "The tax status service refuses the service key. Tell the operator.",
    )
    FAILED = (
        "국세청 상태조회 서비스에 장애가 있습니다. 잠시 뒤 다시 확인해 주세요.",
        "The tax status service is out of order. Try again in a while.",
    )
    UNREADABLE = (
        "국세청 상태조회 서비스의 답을 이해할 수 없습니다. 계속되면 운영자에게 알려 주세요.",
        "The answer of the tax status service makes no sense. If it goes on, tell the operator.",
    )

    @property
    def ko(self) -> str:
        return self.value[0]

    @property
    def en(self) -> str:
        return self.value[1]


Answer = Mapping[str, TaxStatus] | Unavailable
"""By number; a number that the service did not speak of is not in it."""


class TaxStatusService(Protocol):
    """The port: whoever can be asked."""

    def ask(self, numbers: Sequence[str]) -> Answer:
        """What is known of up to `MOST_NUMBERS` numbers.

        Raises:
            ValueError: more of them, or none (a mistake in code).
        """
        ...


class NobodyToAsk:
    """Where no service was set up."""

    def ask(self, numbers: Sequence[str]) -> Answer:
        return Unavailable.NOT_SET_UP


@dataclass(frozen=True, slots=True)
class PublicTaxStatus:
    """The service of 공공데이터포털, or a stand-in of the same shape."""

    url: str
    key: str = field(repr=False)
    seconds: float = 5.0
    """For the whole answer; a page waits for it."""

    def ask(self, numbers: Sequence[str]) -> Answer:
        if not 0 < len(numbers) <= MOST_NUMBERS:
            raise ValueError(f"from one to {MOST_NUMBERS} numbers at once")
        try:
            status, body = self._post(json.dumps({"b_no": list(dict.fromkeys(numbers))}).encode())
        except (httpx.HTTPError, httpx.InvalidURL, _TooLong):
            return Unavailable.NO_ANSWER
        refusal = _refusal(status, body)
        return refusal if refusal is not None else _read(body, frozenset(numbers))

    def _post(self, body: bytes) -> tuple[int, bytes]:
        """Past httpx's client, which would write the address with the key into its log."""
        ends_at = time.monotonic() + self.seconds
        request = httpx.Request(
            "POST",
            f"{self.url}{PATH}",
            # 공공데이터포털 shows each key as it is and percent-encoded; people copy either.
            params={"serviceKey": unquote(self.key), "returnType": "JSON"},
            content=body,
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            extensions={"timeout": httpx.Timeout(self.seconds).as_dict()},
        )
        with httpx.HTTPTransport(trust_env=False) as transport:
            response = transport.handle_request(request)
            try:
                return response.status_code, _bounded(response, ends_at)
            finally:
                response.close()


class _TooLong(Exception):
    """An answer that does not end, in bytes or in time."""


def _bounded(response: httpx.Response, ends_at: float) -> bytes:
    received = b""
    for part in response.iter_raw():
        received += part
        if len(received) > _MOST_BYTES or time.monotonic() > ends_at:
            raise _TooLong
    return received


def configured() -> TaxStatusService:
    """The service that the settings name."""
    url, key = settings.ENVIRONMENT.tax_status_url, settings.ENVIRONMENT.tax_status_key
    return PublicTaxStatus(url, key) if url and key else NobodyToAsk()


def _refusal(status: int, body: bytes) -> Unavailable | None:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Unavailable.TOO_MANY
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} or b'"code":-4' in body.replace(b" ", b""):
        return Unavailable.KEY_REFUSED
    return None if status == HTTPStatus.OK else Unavailable.FAILED


def _read(body: bytes, asked: frozenset[str]) -> Answer:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return Unavailable.UNREADABLE
    rows = found.get("data") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        return Unavailable.UNREADABLE
    read = [_status(row) for row in rows if isinstance(row, dict)]
    return {status.number: status for status in read if status is not None and status.number in asked}


def _status(row: Mapping[str, Any]) -> TaxStatus | None:
    """One number; None for a state that is none we know, of which nothing is claimed."""
    texts = {name: value if isinstance(value, str) else "" for name, value in row.items()}
    text = texts.get("tax_type", "")[:100]
    unknown = BusinessState.UNREGISTERED if _NOT_REGISTERED in text else None
    state = _STATE_OF_CODE.get(texts.get("b_stt_cd", ""), unknown)
    if state is None:
        return None
    return TaxStatus(
        number=texts.get("b_no", ""),
        state=state,
        tax_type=texts.get("tax_type_cd", "")[:2],
        text=text,
        closed_on=_day(texts.get("end_dt", "")) if state is BusinessState.CLOSED else None,
    )


def _day(text: str) -> date | None:
    """YYYYMMDD."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
