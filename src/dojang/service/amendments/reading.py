"""Answers as forms send them: read by the kind of the question alone, so that a new question needs no page.

What is typed is read leniently (1,000원, blanks) into what the questions take; whether it may stand is said there.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from django.http import QueryDict

from dojang.etax.amendments.suggest import Question
from dojang.etax.codes import BuyerKind
from dojang.etax.identifiers import FOREIGNER_NUMBER, normalize
from dojang.service.errors import ServiceError

Answer = Any  # what JSON can say

OTHER: Final = "other:"
"""Of a choice that takes any 승인번호 too: that one is typed beside it."""
MOST_LINES: Final = 99
"""The standard's most items of a document."""
_MOST_DIGITS: Final = 18
_LONGEST: Final = 400
_NUMERAL: Final = re.compile(r"[+-]?\d{1,18}(\.\d{1,2})?")
_ITEM_TEXTS: Final = ("name", "specification", "unit", "remark")
_PARTY_TEXTS: Final = ("branch_number", "name", "representative", "business_type", "business_item", "address")
_CONTACT_TEXTS: Final = ("name", "department", "email", "phone")
_MOST_CONTACTS: Final = 2


class Unreadable(ServiceError):
    """What was typed is no answer of the kind that was asked for."""

    code = "answer_unreadable"
    ko = "{told_ko}"
    en = "{told_en}"
    status = 422


def read(question: Question, posted: QueryDict) -> Answer:
    """The answer of one form; None where the question was skipped.

    Args:
        question: as it was shown.
        posted: the form.

    Raises:
        Unreadable: nothing was answered, or what was typed is not of the kind.
    """
    if question.optional and "skip" in posted:
        return None
    return _READERS[question.kind](question, posted)


def _no(ko: str, en: str) -> Unreadable:
    return Unreadable(told_ko=ko, told_en=en)


def _text_of(posted: QueryDict, name: str) -> str:
    return " ".join(posted.get(name, "").replace("\0", "").split())[:_LONGEST]


def _choice(question: Question, posted: QueryDict) -> Answer:
    keys = {one.key for one in question.choices}
    if question.multiple:
        return [one for one in posted.getlist("answer") if one in keys]
    chosen = posted.get("answer", "")
    if chosen == OTHER and question.accepts_issue_id:
        typed = normalize(posted.get("issue_id", "")).strip()
        if not typed:
            raise _no("남길 문서의 승인번호를 적어 주세요.", "Enter the issue id of the document to keep.")
        return typed[:_LONGEST]
    if chosen not in keys:
        raise _no("하나를 골라 주세요.", "Choose one.")
    return chosen


def _date(_question: Question, posted: QueryDict) -> Answer:
    typed = _text_of(posted, "answer").replace(".", "-").replace("/", "-").rstrip("-").replace(" ", "")
    found = re.fullmatch(r"(\d{4})-?(\d{1,2})-?(\d{1,2})", typed)
    if found is None:
        raise _no("2026-08-10처럼 날짜를 적어 주세요.", "Enter a date like 2026-08-10.")
    return "-".join(part.zfill(2) for part in found.groups())


def _money(question: Question, posted: QueryDict) -> Answer:
    won = _won(posted, "won")
    if won is None:
        raise _no("금액을 적어 주세요.", "Enter an amount.")
    if not question.forms:
        return won
    form = posted.get("form", "")
    if form not in {one.key for one in question.forms}:
        raise _no("어떤 금액인지 골라 주세요.", "Choose which amount it is.")
    return {form: won}


def _items(_question: Question, posted: QueryDict) -> Answer:
    """Lines where there are any; else the amount, with its tax where that was typed."""
    lines = [line for line in map(_line(posted), range(MOST_LINES)) if line is not None]
    supply, tax = _won(posted, "supply_amount"), _won(posted, "tax_amount")
    if not lines:
        if supply is None:
            raise _no("금액이나 품목을 적어 주세요.", "Enter an amount or the items.")
        return {"supply_amount": supply, "tax_amount": tax}
    total = sum(line["supply_amount"] for line in lines)
    if supply is not None and supply != total:
        raise _no(
            f"적은 금액 {supply:,}원이 품목의 합계 {total:,}원과 다릅니다. 하나를 고치거나 지워 주세요.",
            f"The amount ({supply:,}) is not the sum of the items ({total:,}). Change or empty one of them.",
        )
    return lines


def _line(posted: QueryDict) -> Callable[[int], dict[str, Any] | None]:
    """One row of the grid. A row without quantity and amount is none: the original's names stand there to be used."""

    def line(number: int) -> dict[str, Any] | None:
        begin = f"item-{number}-"
        quantity, price = _decimal(posted, begin + "quantity"), _decimal(posted, begin + "unit_price")
        supply, tax = _won(posted, begin + "supply_amount"), _won(posted, begin + "tax_amount")
        if supply is None and quantity is not None and price is not None:
            supply = int(quantity * price)
        if supply is None:
            if quantity is not None or tax is not None:
                raise _no(
                    f"{number + 1}번째 줄의 공급가액을 적어 주세요.",
                    f"Enter the supply amount of line {number + 1}.",
                )
            return None
        texts = {name: _text_of(posted, begin + name) or None for name in _ITEM_TEXTS}
        return {
            "supplied_on": _text_of(posted, begin + "supplied_on") or None,
            **texts,
            "quantity": None if quantity is None else str(quantity),
            "unit_price": None if price is None else str(price),
            "supply_amount": supply,
            "tax_amount": tax,
        }

    return line


def _party(question: Question, posted: QueryDict) -> Answer:
    kinds = {one.value: one for one in BuyerKind}
    kind = posted.get("party_kind", "")
    if kind not in kinds:
        raise _no("거래처의 구분을 골라 주세요.", "Choose the kind of buyer.")
    texts = {name: _text_of(posted, name) for name in _PARTY_TEXTS}
    if not texts["name"]:
        raise _no("상호(성명)를 적어 주세요.", "Enter the name.")
    contacts = [
        {name: _text_of(posted, f"contact-{place}-{name}") or None for name in _CONTACT_TEXTS}
        for place in range(_MOST_CONTACTS)
    ]
    return {
        "kind": kind,
        "number": _number_of(question, kinds[kind], posted),
        **{name: value or None for name, value in texts.items()},
        "name": texts["name"],
        "representative": texts["representative"],
        "contacts": [one for one in contacts if any(one.values())],
    }


def _number_of(question: Question, kind: BuyerKind, posted: QueryDict) -> str:
    """A person's is never shown, so an empty field leaves the one that was there."""
    if kind is BuyerKind.FOREIGNER:
        return FOREIGNER_NUMBER
    if kind is BuyerKind.BUSINESS:
        found = normalize(posted.get("number", ""))[:_LONGEST]
        if not found:
            raise _no("사업자등록번호를 적어 주세요.", "Enter the business number.")
        return found
    typed = normalize(posted.get("personal_number", ""))[:_LONGEST] or kept_number(question)
    if not typed:
        raise _no("주민등록번호를 적어 주세요.", "Enter the resident number.")
    return typed


def kept_number(question: Question) -> str:
    """The number of a person that was given before, or that the document has; empty where there is none."""
    for given in (question.answer, question.default):
        if isinstance(given, Mapping) and given.get("kind") == BuyerKind.INDIVIDUAL.value:
            return str(given.get("number") or "")
    return ""


def _digits(question: Question, posted: QueryDict) -> Answer:
    typed = normalize(posted.get("answer", ""))[:_LONGEST]
    if not typed and isinstance(question.answer, str):
        return question.answer
    if not typed:
        raise _no("번호를 적어 주세요.", "Enter the number.")
    return typed


def _text(_question: Question, posted: QueryDict) -> Answer:
    typed = _text_of(posted, "answer")
    if not typed:
        raise _no("내용을 적어 주세요.", "Enter a text.")
    return typed


_READERS: Final[Mapping[str, Callable[[Question, QueryDict], Answer]]] = MappingProxyType(
    {
        "choice": _choice,
        "date": _date,
        "money": _money,
        "items": _items,
        "party": _party,
        "number": _digits,
        "text": _text,
    }
)
"""By kind of question; a test proves that none of the tree's is missing."""


def _typed_number(posted: QueryDict, name: str) -> str:
    typed = posted.get(name, "").replace(",", "").replace("원", "").replace("−", "-")
    typed = "".join(typed.split())
    return "-" + typed[1:] if typed[:1] in {"△", "▲"} else typed


def _won(posted: QueryDict, name: str) -> int | None:
    typed = _typed_number(posted, name)
    if not typed:
        return None
    if not re.fullmatch(rf"[+-]?[0-9]{{1,{_MOST_DIGITS}}}", typed):
        raise _no("원 단위 숫자로 적어 주세요(예: 1,500,000).", "Enter whole won, like 1,500,000.")
    return int(typed)


def _decimal(posted: QueryDict, name: str) -> Decimal | None:
    typed = _typed_number(posted, name)
    if not typed:
        return None
    if not typed.isascii() or _NUMERAL.fullmatch(typed) is None:
        raise _no(
            "수량과 단가는 소수점 둘째 자리까지의 숫자로 적어 주세요.",
            "Quantity and unit price are numbers with at most two decimal places.",
        )
    return Decimal(typed)
