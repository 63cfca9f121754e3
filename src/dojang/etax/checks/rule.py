"""What a rule of `check` is: a code, a severity, a sentence in both languages, its source, and a search."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from dojang.etax.checks.walk import Value
from dojang.etax.findings import Finding, Severity
from dojang.etax.invoice import Invoice


class Hit(NamedTuple):
    """Where a rule is broken, and what its sentences need to say so."""

    path: str
    facts: Mapping[str, object]


def hit(path: str, **facts: object) -> Hit:
    """A hit at a field."""
    return Hit(path, facts)


InvoiceSearch = Callable[[Invoice, date], Iterator[Hit]]
"""Looks at a whole invoice and the day on which it is issued."""

ValueSearch = Callable[[Value], Hit | None]
"""Looks at one value of an invoice."""

Search = TypeVar("Search", InvoiceSearch, ValueSearch)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Search]):
    """One rule. `ko` and `en` may name the facts of a hit."""

    code: str
    severity: Severity
    ko: str
    en: str
    citation: str
    search: Search

    def finding(self, found: Hit) -> Finding:
        """What is said about a hit."""
        path, facts = found
        return Finding(
            self.code, self.severity, path, self.ko.format(**facts), self.en.format(**facts), self.citation
        )


class Rules(list[Rule[Search]]):
    """A chapter of rules, in the order in which they are told."""

    def error(self, code: str, ko: str, en: str, citation: str) -> Callable[[Search], Search]:
        """Add a rule that forbids issuing."""
        return self._add(code, Severity.ERROR, ko, en, citation)

    def warning(self, code: str, ko: str, en: str, citation: str = "") -> Callable[[Search], Search]:
        """Add a rule that asks the user to look."""
        return self._add(code, Severity.WARNING, ko, en, citation)

    def _add(
        self, code: str, severity: Severity, ko: str, en: str, citation: str
    ) -> Callable[[Search], Search]:
        def add(search: Search) -> Search:
            self.append(Rule(code, severity, ko, en, citation, search))
            return search

        return add
