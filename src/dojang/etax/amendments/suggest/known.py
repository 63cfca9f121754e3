"""Answers that nobody has to be asked for, and choices that only the case knows."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from dojang.etax.amendments.suggest.case import Amount, Answer, Case
from dojang.etax.amendments.suggest.outcome import Option
from dojang.etax.amendments.suggest.twins import same_contract, twins
from dojang.etax.amendments.suggest.values import line
from dojang.etax.invoice import Invoice


def _all_came_back(case: Case) -> Answer | None:
    if case.given.get("returned_what") != "all":
        return None
    return Amount(case.balance.supply_amount)


def _contract_was_undone(case: Case) -> Answer | None:
    """Who came from 'the contract was cancelled' has said so."""
    return "yes" if case.given.get("undone_performed") == "goods_back" else None


def _amount_given_before(case: Case) -> Answer | None:
    """Who came from 'the amount is wrong' has stated the right amount of the document."""
    amount = case.amount("amount_correct")
    if amount is None or amount.supply_amount == case.invoice.supply_amount:
        return None
    return Amount(case.balance.supply_amount + amount.supply_amount - case.invoice.supply_amount)


def _was_wrong_when_issued(case: Case) -> Answer | None:
    return "mistake" if case.given.get("price_when_issued") == "no" else None


def _closed_before_supply(case: Case) -> Answer | None:
    closed_on = case.facts.buyer_closed_on
    if closed_on is None:
        return None
    return "yes" if closed_on < case.invoice.written_on else "no"


def _exempt_deal(case: Case) -> Answer | None:
    return "exempt" if case.given.get("none_what") == "exempt" else None


KNOWN: Mapping[str, Callable[[Case], Answer | None]] = MappingProxyType(
    {
        "all_came_back": _all_came_back,
        "contract_was_undone": _contract_was_undone,
        "amount_given_before": _amount_given_before,
        "amount_correct": lambda case: case.given.get("amount_correct"),
        "buyer_same": lambda case: case.given.get("buyer_same"),
        "was_wrong_when_issued": _was_wrong_when_issued,
        "closed_before_supply": _closed_before_supply,
        "exempt_deal": _exempt_deal,
        "buyer_closed_on": lambda case: case.facts.buyer_closed_on,
        "successor_is_known": lambda case: "yes" if case.facts.successors.buyer else None,
        "buyer_successor": lambda case: case.facts.successors.buyer,
    }
)
"""Every known answer by name; None where it is to be asked."""


def _options(invoices: tuple[Invoice, ...]) -> tuple[Option, ...]:
    return tuple(Option(invoice.issue_id or "", line(invoice)) for invoice in invoices)


OFFERED: Mapping[str, Callable[[Case], tuple[Option, ...]]] = MappingProxyType(
    {
        "twins": lambda case: _options(twins(case)),
        "same_contract": lambda case: _options(same_contract(case)),
    }
)
"""Choices that the case knows of, by name."""
