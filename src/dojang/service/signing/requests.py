"""What the page sends, read strictly: bounded, typed, nothing unknown."""

import base64
import binascii
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.http import HttpRequest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dojang.service.errors import ServiceError
from dojang.service.invoices.orders import AT_ONCE

Body = TypeVar("Body", bound=BaseModel)


class UnreadableRequest(ServiceError):
    """Not what the page of this version sends."""

    code = "unreadable_request"
    ko = "요청을 읽을 수 없습니다. 화면을 새로 고쳐 다시 시도해 주세요."
    en = "The request cannot be read. Reload the page and try again."


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return value  # a text where bytes are wanted: refused by the type


Base64 = Annotated[bytes, BeforeValidator(_decoded)]
Der = Annotated[Base64, Field(max_length=16 * 1024)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class WantedInvoice(_Strict):
    """An invoice to be ordered, as the page knew it."""

    id: int = Field(gt=0)
    version: int = Field(gt=0)


class OrdersBody(_Strict):
    """POST orders."""

    invoices: list[WantedInvoice] = Field(min_length=1, max_length=AT_ONCE)


class SealedBody(_Strict):
    """R, sealed to the transmitter's key of this id."""

    key_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    sealed: Annotated[Base64, Field(max_length=1024)]


class SignedBody(_Strict):
    """An order and the signed document."""

    order: UUID
    xml: str = Field(max_length=1024 * 1024)


class IssueBody(_Strict):
    """POST issue."""

    certificate: Der
    chain: list[Der] = Field(default=[], max_length=4)
    random: SealedBody | None = None
    signed: list[SignedBody] = Field(min_length=1, max_length=AT_ONCE)


class RegisterBody(_Strict):
    """POST register."""

    business: int = Field(gt=0)
    certificate: Der
    chain: list[Der] = Field(default=[], max_length=4)
    challenge: str = Field(max_length=300)
    signature: Annotated[Base64, Field(max_length=1024)]
    random: SealedBody


def read(request: HttpRequest, kind: type[Body]) -> Body:
    """The body of a request.

    Raises:
        UnreadableRequest.
    """
    try:
        return kind.model_validate_json(request.body)
    except (ValidationError, ValueError):
        raise UnreadableRequest from None
