"""An answer as people read it, by the kind of its question; a person's number is not in it."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from dojang.etax.amendments.suggest import Question, Words
from dojang.etax.amounts import totals_of
from dojang.etax.codes import BuyerKind
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import LineItem
from dojang.service.amendments.answer_fields import fields_of, is_of_person
from dojang.service.web.say import say

_WEEKDAYS: Final = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_HIDDEN: Final = "●●●●●●-●●●●●●●"


def _label(words: Words) -> str:
    return say(words.ko, words.en)


def _won(amount: int) -> str:
    return say(f"{amount:,}원", f"{amount:,} won")


def _choice_text(question: Question) -> str:
    answer = question.answer
    labels = {one.key: _label(one.label) for one in question.choices}
    given = list(answer) if isinstance(answer, list | tuple) else [str(answer)]
    found = [labels.get(str(one)) or _issue_id(str(one)) for one in given]
    return ", ".join(found) or say("없음", "none")


def _issue_id(text: str) -> str:
    found = IssueId.parse(text)
    return found.hyphenated if found else text


def _date_text(question: Question) -> str:
    day = question.answer if isinstance(question.answer, date) else date.fromisoformat(str(question.answer))
    weekday = _WEEKDAYS[say("ko", "en")][day.weekday()]
    return f"{day.isoformat()}({weekday})"


def _money_text(question: Question) -> str:
    values = fields_of(question)
    label = next((_label(one.label) for one in question.forms if one.key == values["form"]), "")
    won = str(values["won"]) + say("원", " won")
    return f"{won} · {label}" if label else won


def _items_text(question: Question) -> str:
    answer = question.answer
    if isinstance(answer, list | tuple):
        items = tuple(LineItem.model_validate_json(_json(one)) for one in answer)
        count = len(items)
        return (
            f"{_amounts(totals_of(items).supply_amount, None)} ({say(f'품목 {count}줄', f'{count} items')})"
        )
    if isinstance(answer, Mapping):
        return _amounts(int(answer["supply_amount"]), answer.get("tax_amount"))
    return _amounts(answer, None) if isinstance(answer, int) else ""


def _json(item: object) -> str:
    return item.model_dump_json() if isinstance(item, LineItem) else json.dumps(item)


def _amounts(supply: int, tax: int | None) -> str:
    told = say("공급가액 ", "supply ") + _won(supply)
    return told if tax is None else f"{told} · {say('세액 ', 'tax ')}{_won(tax)}"


def _party_text(question: Question) -> str:
    values = fields_of(question)
    kinds = {
        BuyerKind.INDIVIDUAL.value: say("개인", "person"),
        BuyerKind.FOREIGNER.value: say("외국인", "foreigner"),
    }
    return f"{values['name']} ({kinds.get(values['party_kind']) or values['number']})"


def _number_text(question: Question) -> str:
    return _HIDDEN if is_of_person(question) else str(question.answer)


_TEXTS: Final[Mapping[str, Callable[[Question], str]]] = MappingProxyType(
    {
        "choice": _choice_text,
        "date": _date_text,
        "money": _money_text,
        "items": _items_text,
        "party": _party_text,
        "number": _number_text,
        "text": lambda question: str(question.answer),
    }
)


def answer_text(question: Question) -> str:
    """An answer as people read it; a person's number is not in it."""
    return "" if question.answer is None else _TEXTS[question.kind](question)
