"""Reading answers: of the kind that a question asks for, and within its limits.

What is no answer of the kind at all is refused. What is one but cannot be taken (a day to come, more than is left)
is a problem that the question is asked again with.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from dojang.etax.amendments.mirror import taxed
from dojang.etax.amendments.suggest.case import Amount, Answer, Case
from dojang.etax.amendments.suggest.errors import UnknownChoice, WrongAnswer
from dojang.etax.amendments.suggest.outcome import Option, Problem
from dojang.etax.amendments.suggest.shape import Ask
from dojang.etax.amendments.suggest.values import VALUES, Won, told
from dojang.etax.amounts import totals_of
from dojang.etax.codes import Taxation
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import Buyer, Day, LineItem

_WANTED = {
    "choice": ("선택지의 key를 적으세요", "Give the key of a choice"),
    "choices": ("선택지의 key를 목록으로 적으세요", "Give a list of keys of choices"),
    "date": ("2026-08-10처럼 날짜를 적으세요", "Give a date like 2026-08-10"),
    "money": ("원 단위 정수를 적으세요", "Give a whole number of won"),
    "items": (
        "원 단위 정수나 공급가액·세액, 또는 품목의 목록을 적으세요",
        "Give a whole number of won, the supply and tax amounts, or a list of items",
    ),
    "party": (
        "거래처의 구분, 번호, 상호, 대표자를 적으세요",
        "Give the buyer's kind, number, name and representative",
    ),
    "number": ("숫자를 글자로 적으세요", "Give the digits as text"),
    "text": ("글자로 적으세요", "Give a text"),
}

_DAY = TypeAdapter[date](Day)
_ITEMS = TypeAdapter(tuple[LineItem, ...])


def parse(key: str, ask: Ask, raw: object, options: tuple[Option, ...], case: Case) -> Answer:
    """An answer as given, as an answer of the kind.

    Raises:
        WrongAnswer: of another kind.
        UnknownChoice: none of the choices.
    """
    match ask.ask:
        case "choice":
            return _choices(key, ask, raw, options)
        case "date":
            return _date(key, raw)
        case "money":
            return _money(key, ask, raw, case)
        case "items":
            return _items(key, raw)
        case "party":
            return _party(key, raw)
        case "number" | "text":
            return _text(key, ask, raw)


def _wrong(key: str, kind: str) -> WrongAnswer:
    ko, en = _WANTED[kind]
    return WrongAnswer(question=key, wanted_ko=ko, wanted_en=en)


def _choices(key: str, ask: Ask, raw: object, options: tuple[Option, ...]) -> Answer:
    if not ask.multiple:
        return _choice(key, ask, raw, options)
    if not isinstance(raw, list | tuple):
        raise _wrong(key, "choices")
    chosen = {_choice(key, ask, each, options) for each in cast("list[object]", raw)}
    return tuple(option.key for option in options if option.key in chosen)


def _choice(key: str, ask: Ask, raw: object, options: tuple[Option, ...]) -> str:
    if not isinstance(raw, str):
        raise _wrong(key, "choice")
    if any(option.key == raw for option in options):
        return raw
    issue_id = IssueId.parse(raw) if ask.accepts_issue_id else None
    if issue_id is None:
        raise UnknownChoice(question=key, choices=", ".join(option.key for option in options))
    return str(issue_id)


def _date(key: str, raw: object) -> date:
    if isinstance(raw, date):
        return raw
    try:
        return _DAY.validate_json(json.dumps(raw))
    except (ValidationError, TypeError):
        raise _wrong(key, "date") from None


def _won(key: str, kind: str, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _wrong(key, kind)
    return raw


def _money(key: str, ask: Ask, raw: object, case: Case) -> Amount:
    """An amount; where it can be stated in several forms, what it comes to in the end."""
    if not ask.forms:
        return Amount(_won(key, "money", raw))
    form, number = _form(key, ask, raw)
    balance = case.balance.supply_amount
    comes_to = {"final": number, "delta": balance + number, "reduction": balance - number}
    return Amount(comes_to[form])


def _form(key: str, ask: Ask, raw: object) -> tuple[str, int]:
    if not isinstance(raw, Mapping):
        return ask.forms[0].key, _won(key, "money", raw)
    stated = cast("Mapping[object, object]", raw)
    [form, *others] = stated or [None]
    if others or form not in {each.key for each in ask.forms}:
        raise UnknownChoice(question=key, choices=", ".join(each.key for each in ask.forms))
    return str(form), _won(key, "money", stated[form])


def _items(key: str, raw: object) -> Amount:
    if isinstance(raw, Mapping):
        return _two_amounts(key, cast("Mapping[str, object]", raw))
    if not isinstance(raw, list | tuple):
        return Amount(_won(key, "items", raw))
    try:
        items = _ITEMS.validate_json(json.dumps(raw, default=_jsonable))
    except (ValidationError, TypeError):
        raise _wrong(key, "items") from None
    if not items:
        raise _wrong(key, "items")
    return Amount(totals_of(items).supply_amount, None, items)


def _two_amounts(key: str, raw: Mapping[str, object]) -> Amount:
    if not {"supply_amount"} <= set(raw) <= {"supply_amount", "tax_amount"}:
        raise _wrong(key, "items")
    tax = raw.get("tax_amount")
    supply = _won(key, "items", raw["supply_amount"])
    return Amount(supply, None if tax is None else _won(key, "items", tax))


def _party(key: str, raw: object) -> Buyer:
    if isinstance(raw, Buyer):
        return raw
    try:
        return Buyer.model_validate_json(json.dumps(raw))
    except (ValidationError, TypeError):
        raise _wrong(key, "party") from None


def _jsonable(value: object) -> Any:  # noqa: ANN401 (JSON is anything)
    if isinstance(value, LineItem):
        return value.model_dump(mode="json")
    raise TypeError


def _text(key: str, ask: Ask, raw: object) -> str:
    if not isinstance(raw, str):
        raise _wrong(key, ask.ask)
    return raw.replace("-", "").replace(" ", "") if ask.ask == "number" else raw.strip()


# Limits -------------------------------------------------------------------------------------------------------


def problem_of(ask: Ask, answer: Answer, case: Case) -> Problem | None:
    """Why an answer of the right kind is not taken; None if it is."""
    code = _problem(ask, answer, case)
    if code is None:
        return None
    text = case.tree.problems[code]
    extra = {
        "least": VALUES[ask.least](case) if ask.least else None,
        "most": VALUES[ask.most](case) if ask.most else None,
        "sum": VALUES[ask.sums_to](case) if ask.sums_to else None,
        "tax_sum": VALUES[ask.tax_sums_to](case) if ask.tax_sums_to else None,
        "digits": ask.digits,
    }
    return Problem(text.code or code, told(text, case, extra))


def _problem(ask: Ask, answer: Answer, case: Case) -> str | None:
    match answer:
        case Amount():
            return _problem_of_amount(ask, answer, case)
        case date():
            return _out_of_limits(ask, answer, case) or _unchanged(ask, answer, case)
        case Buyer():
            return _problem_of_party(answer, case.invoice.buyer) if ask.same_number else None
        case str():
            return _problem_of_text(ask, answer, case)
        case _:
            return None


def _problem_of_party(given: Buyer, stated: Buyer) -> str | None:
    if given.number != stated.number:
        return "same_number"
    return "no_change" if given == stated else None


def _problem_of_amount(ask: Ask, amount: Amount, case: Case) -> str | None:
    out = _problem_of_items(ask, amount, case) or _out_of_limits(ask, amount.supply_amount, case)
    says_more = amount.items or amount.tax_amount not in {None, case.invoice.tax_amount}
    return out if out or says_more else _unchanged(ask, amount.supply_amount, case)


def _problem_of_items(ask: Ask, amount: Amount, case: Case) -> str | None:
    needed = ask.only_items or (ask.items_if_several and len(case.invoice.items) > 1 and amount.supply_amount)
    if needed and not amount.items:
        return "items_needed"
    taxes = (amount.tax_amount, *(item.tax_amount for item in amount.items))
    if any(taxes) and case.invoice.taxation is not Taxation.TAXABLE:
        return "zero_rate_tax"
    if ask.sums_to is not None and amount.supply_amount != VALUES[ask.sums_to](case):
        return "wrong_sum"
    tax = totals_of(taxed(amount.items, case.invoice.document_type)).tax_amount
    return "wrong_tax_sum" if ask.tax_sums_to and tax != VALUES[ask.tax_sums_to](case) else None


def _out_of_limits(ask: Ask, answer: date | int, case: Case) -> str | None:
    is_day = isinstance(answer, date)
    if _beyond(ask.most, answer, case, sign=1):
        return ask.too_much or (
            ("event_in_future" if ask.most == "today" else "too_late") if is_day else "too_large"
        )
    if _beyond(ask.least, answer, case, sign=-1):
        return ask.too_little or ("too_early" if is_day else "too_small")
    return None


def _unchanged(ask: Ask, answer: date | int, case: Case) -> str | None:
    return "no_change" if ask.differs_from and answer == VALUES[ask.differs_from](case) else None


def _beyond(limit: str | None, answer: date | int, case: Case, *, sign: int) -> bool:
    bound = VALUES[limit](case) if limit else None
    if isinstance(answer, date):
        return isinstance(bound, date) and (answer > bound if sign > 0 else answer < bound)
    return isinstance(bound, Won) and (answer > bound if sign > 0 else answer < bound)


def _problem_of_text(ask: Ask, answer: str, case: Case) -> str | None:
    if ask.digits is not None:
        good = len(answer) == ask.digits and answer.isascii() and answer.isdigit()
        return None if good else "digits"
    if not answer:
        return "empty"
    return "cannot_keep_itself" if ask.accepts_issue_id and answer == case.invoice.issue_id else None
