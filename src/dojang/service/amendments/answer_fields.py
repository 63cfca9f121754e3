"""An answer as the fields of a form have it, by the kind of its question."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from dojang.etax.amendments.suggest import Question
from dojang.etax.codes import BuyerKind
from dojang.service.amendments.reading import OTHER
from dojang.service.counterparties.models import Counterparty
from dojang.service.web.templatetags.dojang import business_number

_PERSON_DIGITS: Final = 13
CONTACT: Final = ("name", "department", "email", "phone")
_PARTY: Final = ("branch_number", "name", "representative", "business_type", "business_item", "address")


def is_of_person(question: Question) -> bool:
    """Whether a number of so many digits is a person's, so that it is never shown again."""
    return question.kind == "number" and question.digits == _PERSON_DIGITS


def answer_or_default(question: Question) -> object:
    """What was answered, or what is offered."""
    return question.default if question.answer is None else question.answer


def _of_choice(question: Question) -> dict[str, Any]:
    current = answer_or_default(question)
    chosen = set(current) if isinstance(current, list | tuple) else {current}
    keys = {one.key for one in question.choices}
    typed = current if isinstance(current, str) and current not in keys else ""
    return {"chosen": {OTHER} if typed else chosen, "issue_id": typed}


def _of_text(question: Question) -> dict[str, Any]:
    current = answer_or_default(question)
    return {"answer": "" if is_of_person(question) or current is None else str(current)}


def _of_money(question: Question) -> dict[str, Any]:
    current = answer_or_default(question)
    form, won = "", current
    if isinstance(current, Mapping):
        [(form, won)] = current.items()
    first = question.forms[0].key if question.forms else ""
    return {"form": form or first, "won": f"{won:,}" if isinstance(won, int) else ""}


def _of_items(question: Question) -> dict[str, Any]:
    current = answer_or_default(question)
    if isinstance(current, int):
        return {"supply_amount": f"{current:,}", "tax_amount": ""}
    if not isinstance(current, Mapping):
        return {"supply_amount": "", "tax_amount": ""}
    found = {name: current.get(name) for name in ("supply_amount", "tax_amount")}
    return {name: f"{won:,}" if isinstance(won, int) else "" for name, won in found.items()}


def _of_party(question: Question) -> dict[str, Any]:
    current = answer_or_default(question)
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
        for name in CONTACT
    }


def fields_of_counterparty(used: Counterparty) -> dict[str, Any]:
    """The fields of a party for a counterparty of the address book."""
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


def fields_of(question: Question) -> dict[str, Any]:
    """What stands in the fields of a question, by name; a person's number is not in it."""
    return _VALUES[question.kind](question)
