"""What the editor sends, read strictly: bounded, typed, nothing unknown. What was typed may be anything."""

import json
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar, cast
from uuid import UUID

from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dojang.etax.schema import MAX_ITEMS
from dojang.service.errors import ServiceError

Body = TypeVar("Body", bound=BaseModel)

Typed = Annotated[str, Field(max_length=200)]


class UnreadableBody(ServiceError):
    """Not what the editor of this version sends."""

    code = "unreadable_request"
    ko = "보낸 내용을 읽을 수 없습니다. 입력한 내용을 복사해 두고 화면을 새로 고쳐 주세요."
    en = "What was sent cannot be read. Copy what you typed and reload the page."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class KeptItem(_Strict):
    """How one item was typed: a price with tax in it, and the amounts that were typed by hand."""

    price: Typed = ""
    total: Typed = ""
    supply: Typed = ""
    tax: Typed = ""
    manual: tuple[Literal["supply", "tax", "total"], ...] = Field(default=(), max_length=3)


class Kept(_Strict):
    """What the editor wants to know the next time."""

    vat: Literal["excluded", "included"] = "excluded"
    items: tuple[KeptItem, ...] = Field(default=(), max_length=MAX_ITEMS)
    confirmed: tuple[Typed, ...] = Field(default=(), max_length=50)


class NumberFrom(StrEnum):
    """Where the number of a person comes from; once saved it is not sent to the page again."""

    NOWHERE = "nowhere"
    TYPED = "typed"
    SAVED = "saved"
    COUNTERPARTY = "counterparty"
    COPY = "copy"


class PersonalNumber(_Strict):
    """A resident number, or a foreigner's registration or passport number."""

    source: NumberFrom = NumberFrom.NOWHERE
    value: str = Field(default="", max_length=40, repr=False)


class DraftBody(_Strict):
    """POST drafts/ and <id>/draft/."""

    content: dict[str, Any] = Field(repr=False)
    kept: Kept = Kept()
    number: PersonalNumber = PersonalNumber()
    counterparty: int | None = Field(default=None, gt=0)
    save: UUID
    lost: frozenset[UUID] = Field(default=frozenset(), max_length=200)


class NewDraftBody(DraftBody):
    """POST drafts/."""

    business: int = Field(gt=0)
    copied_from: int | None = Field(default=None, gt=0)
    key: UUID


class SavedDraftBody(DraftBody):
    """POST <id>/draft/."""

    version: int = Field(gt=0)


class FinishBody(_Strict):
    """POST <id>/finish/."""

    version: int = Field(gt=0)


class ContactBody(_Strict):
    """담당자 of a new counterparty."""

    name: Typed = ""
    department: Typed = ""
    email: Typed = ""
    phone: Typed = ""


class BuyerBody(_Strict):
    """POST buyers/: a counterparty to be kept."""

    kind: str = Field(max_length=20)
    number: Typed = ""
    branch_number: Typed = ""
    personal_number: str = Field(default="", max_length=40, repr=False)
    name: Typed = ""
    representative: Typed = ""
    address: Typed = ""
    business_type: Typed = ""
    business_item: Typed = ""
    contacts: tuple[ContactBody, ...] = Field(default=(), max_length=2)


class TemplateBody(_Strict):
    """POST templates/."""

    invoice: int = Field(gt=0)
    name: str = Field(max_length=200)
    replace: bool = False


def read(request: HttpRequest, kind: type[Body]) -> Body:
    """The body of a request. NUL characters are dropped: no database column holds them.

    Raises:
        UnreadableBody.
    """
    try:
        return kind.model_validate(_storable(json.loads(request.body, parse_constant=_refuse)))
    except (ValueError, ValidationError, RecursionError):
        raise UnreadableBody from None


def _refuse(_name: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")


def _storable(value: object) -> object:
    if isinstance(value, str):
        # A half of a surrogate pair raises UnicodeEncodeError, a ValueError.
        value.encode()
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_storable(one) for one in cast("list[object]", value)]
    if isinstance(value, dict):
        given = cast("dict[str, object]", value)
        return {str(_storable(name)): _storable(one) for name, one in given.items()}
    return value
