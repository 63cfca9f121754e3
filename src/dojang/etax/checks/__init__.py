"""`check`: everything that can be said about an invoice before it is signed.

The rules are those of 부가가치세법 on what an invoice must state, and those that the standard or 국세청 check on
receipt; each names its source. Finding them here, before signing, is what keeps an invoice from coming back.
"""

from collections.abc import Iterator
from datetime import date

from dojang.etax.checks import amounts, document, parties, persons, values
from dojang.etax.checks.rule import InvoiceSearch, Rule, ValueSearch
from dojang.etax.checks.walk import values as values_of
from dojang.etax.findings import Finding
from dojang.etax.invoice import Invoice

_OF_INVOICES: tuple[Rule[InvoiceSearch], ...] = (
    *document.RULES,
    *parties.RULES,
    *persons.RULES,
    *amounts.RULES,
)
_OF_VALUES: tuple[Rule[ValueSearch], ...] = tuple(values.RULES)

RULES = (*_OF_INVOICES, *_OF_VALUES)
"""Every rule, in the order in which findings are told."""


def check(invoice: Invoice, *, on: date) -> tuple[Finding, ...]:
    """Everything that is wrong or doubtful about an invoice that is to be issued.

    Args:
        invoice: any invoice, finished or half-written.
        on: the day it is issued, in Korea.

    Returns:
        Findings, errors and warnings. Without an error it may be signed.
    """
    return tuple(_findings(invoice, on))


def _findings(invoice: Invoice, on: date) -> Iterator[Finding]:
    for rule in _OF_INVOICES:
        yield from map(rule.finding, rule.search(invoice, on))
    for value in values_of(invoice):
        for rule in _OF_VALUES:
            if (found := rule.search(value)) is not None:
                yield rule.finding(found)


__all__ = ["RULES", "Rule", "check"]
