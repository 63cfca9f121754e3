"""Questions as pages have them: one set of parts, told apart by the kind of a question and by nothing else.

A question that the law engine learns tomorrow is shown by these without a change. Nobody's number is in it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.http import QueryDict

from dojang.etax import Invoice as Document
from dojang.etax.amendments.suggest import Question, Words, tree
from dojang.etax.amounts import totals_of
from dojang.etax.codes import BuyerKind
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import LineItem
from dojang.service.amendments.reading import OTHER, kept_number
from dojang.service.counterparties.models import Counterparty
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number

_WEEKDAYS: Final = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_BLANK_LINES: Final = 3
_PERSON_DIGITS: Final = 13
_HIDDEN: Final = "●●●●●●-●●●●●●●"
_WITHOUT_COLUMN: Final = ("supplied_on", "unit", "remark")
_CONTACT: Final = ("name", "department", "email", "phone")
_PARTY: Final = ("branch_number", "name", "representative", "business_type", "business_item", "address")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid of items: what stands in its fields."""

    number: int
    values: Mapping[str, str]

    @property
    def name(self) -> str:
        """Its number as names of fields have it."""
        return str(self.number)

    @property
    def place(self) -> int:
        """Its number as people count."""
        return self.number + 1

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the grid has no column for and goes along."""
        return [(name, self.values.get(name, "")) for name in _WITHOUT_COLUMN]


@dataclass(frozen=True, slots=True)
class ContactField:
    """A field of a buyer's 담당자 that goes along; `label` where it is shown."""

    name: str
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with what stands in its fields.

    Attributes:
        question: as the engine asks it.
        part: the template of its kind.
        values: what stands in its fields, by name.
        lines: of a grid of items.
        amounts: whether an amount alone is an answer.
        items: whether items may be given: for every question of items.
        error: why what was typed is not taken.
        matches: counterparties that were looked for; None where nobody looked.
        hides: whether a person's number is kept that is not shown.
    """

    question: Question
    values: Mapping[str, Any] = field(repr=False)
    lines: tuple[Line, ...] = field(default=(), repr=False)
    amounts: bool = True
    error: Words | None = None
    matches: tuple[Counterparty, ...] | None = field(default=None, repr=False)
    hides: bool = False
    opened: bool = False

    @property
    def part(self) -> str:
        """The template that draws its fields."""
        return f"amendments/parts/kinds/{self.question.kind}.html"

    @property
    def text(self) -> str:
        """The answer in words, where there is one."""
        return answer_text(self.question)

    @property
    def other(self) -> str:
        """What a choice of any 승인번호 sends."""
        return OTHER

    @property
    def has_lines(self) -> bool:
        """Whether items were given."""
        return any(line.values.get("supply_amount") or line.values.get("quantity") for line in self.lines)

    @property
    def contacts(self) -> list[ContactField]:
        """담당자 of a buyer, but for the first address, which has its own place."""
        labels = {"contact-0-name": say("담당자", "Contact"), "contact-0-phone": say("전화", "Phone")}
        names = (f"contact-{place}-{name}" for place in range(2) for name in _CONTACT)
        return [
            ContactField(name, str(self.values.get(name, "")), labels.get(name, ""))
            for name in names
            if name != "contact-0-email"
        ]

    @property
    def email(self) -> str:
        """The first address of a buyer."""
        return str(self.values.get("contact-0-email", ""))

    @property
    def is_secret(self) -> bool:
        """Whether the number asked for is a person's."""
        return is_of_person(self.question)


def is_of_person(question: Question) -> bool:
    """Whether a number of so many digits is a person's, so that it is never shown again."""
    return question.kind == "number" and question.digits == _PERSON_DIGITS


def shown(
    question: Question,
    document: Document,
    *,
    posted: QueryDict | None = None,
    error: Words | None = None,
    matches: tuple[Counterparty, ...] | None = None,
    used: Counterparty | None = None,
) -> Shown:
    """A question as a page has it.

    Args:
        question: asked now, or answered before.
        document: the one to amend.
        posted: what was typed, where that could not be taken.
        error: why not; without it the engine's problem with the answer.
        matches: counterparties that were looked for.
        used: the counterparty whose data are to stand in the fields.
    """
    problem = question.problem.words if question.problem is not None else None
    values = _VALUES[question.kind](question)
    if used is not None:
        values = dict(values) | _of_counterparty(used)
    elif posted is not None:
        values = dict(values) | _typed(posted)
    rows = _lines(question, document, posted) if question.kind == "items" else ()
    return Shown(
        question,
        values,
        rows,
        amounts=not _wants_items(question, document),
        error=error or problem,
        matches=matches,
        hides=bool(kept_number(question)) or (is_of_person(question) and bool(question.answer)),
        opened=error is not None or matches is not None or used is not None,
    )


#: Typed into a form, and never sent back.
_SECRET_FIELDS: Final = frozenset({"personal_number", "csrfmiddlewaretoken"})


def _typed(posted: QueryDict) -> dict[str, Any]:
    return {name: value for name, value in posted.items() if name not in _SECRET_FIELDS}


# What stands in the fields, by kind -------------------------------------------------------------------------------


def _current(question: Question) -> object:
    return question.default if question.answer is None else question.answer


def _of_choice(question: Question) -> dict[str, Any]:
    current = _current(question)
    chosen = set(current) if isinstance(current, list | tuple) else {current}
    keys = {one.key for one in question.choices}
    typed = current if isinstance(current, str) and current not in keys else ""
    return {"chosen": {OTHER} if typed else chosen, "issue_id": typed}


def _of_text(question: Question) -> dict[str, Any]:
    current = _current(question)
    return {"answer": "" if is_of_person(question) or current is None else str(current)}


def _of_money(question: Question) -> dict[str, Any]:
    current = _current(question)
    form, won = "", current
    if isinstance(current, Mapping):
        [(form, won)] = current.items()
    first = question.forms[0].key if question.forms else ""
    return {"form": form or first, "won": f"{won:,}" if isinstance(won, int) else ""}


def _of_items(question: Question) -> dict[str, Any]:
    current = _current(question)
    if isinstance(current, int):
        return {"supply_amount": f"{current:,}", "tax_amount": ""}
    if not isinstance(current, Mapping):
        return {"supply_amount": "", "tax_amount": ""}
    found = {name: current.get(name) for name in ("supply_amount", "tax_amount")}
    return {name: f"{won:,}" if isinstance(won, int) else "" for name, won in found.items()}


def _of_party(question: Question) -> dict[str, Any]:
    current = _current(question)
    given: Mapping[str, Any] = current if isinstance(current, Mapping) else {}
    kind = str(given.get("kind") or BuyerKind.BUSINESS.value)
    is_business = kind == BuyerKind.BUSINESS.value
    return {
        "party_kind": kind,
        "number": business_number(str(given.get("number") or "")) if is_business else "",
        **{name: given.get(name) or "" for name in _PARTY},
        **_contacts(given.get("contacts") or ()),
    }


def _contacts(contacts: Any) -> dict[str, str]:
    return {
        f"contact-{place}-{name}": str(one.get(name) or "")
        for place, one in enumerate(list(contacts)[:2])
        for name in _CONTACT
    }


def _of_counterparty(used: Counterparty) -> dict[str, Any]:
    contacts = [
        {"name": one.name, "department": one.department, "email": one.email, "phone": one.phone}
        for one in list(used.contacts.all())[:2]
    ]
    return {
        "party_kind": used.kind,
        "number": business_number(used.number),
        **{name: getattr(used, name) for name in _PARTY},
        **_contacts(contacts),
        "counterparty": used.pk,
    }


_VALUES: Final[Mapping[str, Callable[[Question], dict[str, Any]]]] = MappingProxyType(
    {
        "choice": _of_choice,
        "date": _of_text,
        "money": _of_money,
        "items": _of_items,
        "party": _of_party,
        "number": _of_text,
        "text": _of_text,
    }
)


# The grid of items ------------------------------------------------------------------------------------------------

_FIELDS: Final = (
    "supplied_on", "name", "specification", "unit", "quantity", "unit_price", "supply_amount", "tax_amount", "remark",
)  # fmt: skip
_MONEY: Final = frozenset({"supply_amount", "tax_amount", "unit_price", "quantity"})


def _wants_items(question: Question, document: Document) -> bool:
    """Whether an amount alone is no answer: several lines do not divide themselves."""
    asked = tree().questions[question.key]
    return asked.only_items or (asked.items_if_several and len(document.items) > 1)


def _lines(question: Question, document: Document, posted: QueryDict | None) -> tuple[Line, ...]:
    if posted is not None:
        return tuple(_posted_lines(posted))
    current = _current(question)
    if isinstance(current, list | tuple):
        rows = [_line_values(item) for item in current if isinstance(item, Mapping)]
    else:
        whole = _wants_items(question, document)
        rows = [_item_values(item, whole=whole) for item in document.items]
    rows += [{}] * _BLANK_LINES
    return tuple(Line(number, values) for number, values in enumerate(rows))


def _posted_lines(posted: QueryDict) -> list[Line]:
    numbers = {
        int(parts[1]) for name in posted if (parts := name.split("-"))[0] == "item" and _is_number(parts)
    }
    return [
        Line(number, {name: posted.get(f"item-{number}-{name}", "") for name in _FIELDS})
        for number in sorted(numbers)
    ]


def _is_number(parts: list[str]) -> bool:
    return len(parts) > 2 and parts[1].isascii() and parts[1].isdigit() and len(parts[1]) < 3  # noqa: PLR2004


def _item_values(item: LineItem, *, whole: bool) -> dict[str, str]:
    """A line of the document: all of it to be put right, or only what it is, to say how much of it."""
    # What a part of it is about has a day of its own, which the document's date tells.
    amounts = {"supplied_on", "quantity", "supply_amount", "tax_amount"}
    given = item.model_dump(mode="json")
    return _line_values({name: value for name, value in given.items() if whole or name not in amounts})


def _line_values(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: _in_field(name, given.get(name)) for name in _FIELDS}


def _in_field(name: str, value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    if name not in _MONEY:
        return text
    whole, point, rest = text.partition(".")
    rest = rest.rstrip("0")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point if rest else ''}{rest}" if digits.isdigit() else text


# Answers in words -------------------------------------------------------------------------------------------------


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
    values = _of_money(question)
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
    values = _of_party(question)
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
