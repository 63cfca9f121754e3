"""The request that a way leads to: its template filled with the answers and with what is computed from them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from dojang.etax.amendments.suggest.case import Amount, Answer, Case
from dojang.etax.amendments.suggest.shape import Make
from dojang.etax.amendments.suggest.values import VALUES
from dojang.etax.codes import BuyerKind, DocumentType
from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import Buyer, LineItem, Record

Data = Any  # what JSON can say


def filled(make: Make, case: Case) -> dict[str, Data]:
    """The request's JSON; what is computed to nothing is left out."""
    found = {name: _value(template, case) for name, template in make.request.items()}
    target = {"target": case.node.key}
    return target | {name: value for name, value in found.items() if value is not None}


def _value(template: object, case: Case) -> Data:
    if not isinstance(template, str):
        return template
    if template.startswith("$"):
        return plain(case.given[template.removeprefix("$")])
    if template.startswith("="):
        return COMPUTED[template.removeprefix("=")](case)
    return template


def plain(answer: Answer) -> Data:
    """An answer as JSON."""
    match answer:
        case date():
            return answer.isoformat()
        case Record():
            return answer.model_dump(mode="json")
        case _:
            return answer


def _given(case: Case, key: str) -> Amount:
    return case.amount(key) or Amount(0)


def _amounts(amount: Amount) -> Data:
    """What a 01 puts right about amounts."""
    if amount.items:
        return {"items": [item.model_dump(mode="json") for item in amount.items]}
    tax = {} if amount.tax_amount is None else {"tax_amount": amount.tax_amount}
    return {"supply_amount": amount.supply_amount} | tax


def _items_of(question: str) -> Callable[[Case], Data]:
    def items(case: Case) -> Data:
        given = _given(case, question).items
        return [item.model_dump(mode="json") for item in given] or None

    return items


def _corrected(question: str) -> Callable[[Case], Data]:
    return lambda case: _amounts(_given(case, question))


def _party(question: str) -> Callable[[Case], Data]:
    return lambda case: {"buyer": plain(case.given[question])}


def _day(question: str) -> Callable[[Case], Data]:
    return lambda case: {"written_on": plain(case.given[question])}


def _amount_before(case: Case) -> Data:
    """The amount that should have been stated from the start."""
    items = case.amount("before_items")
    return _amounts(items or Amount(int(_number("corrected_supply", case))))


def _number(name: str, case: Case) -> int:
    value = VALUES[name](case)
    return value if isinstance(value, int) else 0


def _amended_amount(case: Case) -> Data:
    """The size as answered, with the sign of the document."""
    amount = _given(case, "amended_amount")
    if case.invoice.supply_amount >= 0:
        return _amounts(amount)
    tax = None if amount.tax_amount is None else -amount.tax_amount
    return _amounts(Amount(-amount.supply_amount, tax, tuple(map(_turned, amount.items))))


def _turned(item: LineItem) -> LineItem:
    def minus(value: int | Decimal | None) -> int | Decimal | None:
        return None if value is None else -value

    turned = {name: minus(getattr(item, name)) for name in ("quantity", "supply_amount", "tax_amount")}
    return item.model_copy(update=turned)


def _person_buyer(case: Case) -> Data:
    """The closed business's representative, as a person."""
    buyer = case.invoice.buyer
    person = Buyer(
        kind=BuyerKind.INDIVIDUAL,
        number=str(case.given["closed_person"]),
        name=buyer.representative,
        representative=buyer.representative,
        address=buyer.address,
        contacts=buyer.contacts,
    )
    return {"buyer": person.model_dump(mode="json")}


def _supplier_branch(case: Case) -> Data:
    supplier = case.invoice.supplier.model_copy(update={"branch_number": case.given["supplier_branch"]})
    return {"supplier": supplier.model_dump(mode="json")}


# 과세구분: the same document kind, or 위수탁 kind, of another family or rate.

_OF_KIND = {
    "taxable": (DocumentType.TAX, DocumentType.TAX_CONSIGNED),
    "zero_rated": (DocumentType.TAX_ZERO_RATED, DocumentType.TAX_ZERO_RATED_CONSIGNED),
    "exempt": (DocumentType.EXEMPT, DocumentType.EXEMPT_CONSIGNED),
}


def _type(kind: str) -> Callable[[Case], Data]:
    return lambda case: _OF_KIND[kind][case.invoice.document_type.is_consigned].value


def _as_type(kind: str) -> Callable[[Case], Data]:
    return lambda case: {"document_type": _type(kind)(case)}


def _rest(question: str, kind: str) -> Callable[[Case], Data]:
    """What a mixed document states beyond the part that stays, on a document of another family."""

    def rest(case: Case) -> Data:
        supply = case.invoice.supply_amount - _given(case, question).supply_amount
        return [{"document_type": _type(kind)(case), "supply_amount": supply}]

    return rest


def _twin(case: Case) -> Data:
    kept = str(case.given["twice_kept"])
    return kept if IssueId.parse(kept) else None


def _credit_amount(case: Case) -> Data:
    amount = _given(case, "lc_amount").supply_amount
    return "all" if amount == VALUES["taxed_balance"](case) else amount


COMPUTED: Mapping[str, Callable[[Case], Data]] = MappingProxyType(
    {
        "event_on": lambda case: case.event_on.isoformat() if case.event_on else None,
        "returned_supply": lambda case: _given(case, "returned_items").supply_amount,
        "returned_tax": lambda case: _given(case, "returned_items").tax_amount,
        "returned_items": _items_of("returned_items"),
        "supply_delta": lambda case: case.delta,
        "amount_before": _amount_before,
        "before_amount": _corrected("before_amount"),
        "credit_amount": _credit_amount,
        "zero_rated": _as_type("zero_rated"),
        "taxable": _as_type("taxable"),
        "amount_correct": _corrected("amount_correct"),
        "buyer_same": _party("buyer_same"),
        "buyer_right": _party("buyer_right"),
        "buyer_business": _party("buyer_business"),
        "person_buyer": _person_buyer,
        "date_right": _day("date_right"),
        "taxable_part": _corrected("kind_taxable_part"),
        "exempt_rest": _rest("kind_taxable_part", "exempt"),
        "exempt_part": _corrected("kind_exempt_part"),
        "taxable_rest": _rest("kind_exempt_part", "taxable"),
        "own_type": lambda case: case.invoice.document_type.original.value,
        "exempt_type": _type("exempt"),
        "taxable_type": _type("taxable"),
        "zero_rated_type": _type("zero_rated"),
        "twin": _twin,
        "supplier_branch": _supplier_branch,
        "fields_items": _corrected("fields_items"),
        "fields_buyer": _party("fields_buyer"),
        "fields_buyer_required": _party("fields_buyer_required"),
        "remarks": lambda case: {"remarks": [case.given["fields_remarks"]]},
        "amended_on": _day("amended_on"),
        "amended_amount": _amended_amount,
    }
)
"""Every computed part of a request by name; None is left out."""

DEFAULTS: Mapping[str, Callable[[Case], Data]] = MappingProxyType(
    {
        "taxed_balance": VALUES["taxed_balance"],
        "period_due": lambda case: min(case.period.due, case.on).isoformat(),
        "buyer_data": lambda case: case.invoice.buyer.model_dump(mode="json"),
    }
)
"""Computed defaults of questions, as JSON."""
