"""Amounts as a user enters them for a part of a supply: a sum, or items, or both. Won.

Source: 부가가치세법 제29조 (공급가액), 제30조 (세율); KEC 표준전자세금계산서 v3.0 (one sign in one document).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dojang.etax.amendments.case import Case
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.mirror import Heading, part, partial_tax, signs_of, taxed, turned, with_items
from dojang.etax.amounts import Totals, totals_of
from dojang.etax.codes import Taxation
from dojang.etax.invoice import Invoice, LineItem


@dataclass(frozen=True, slots=True)
class Entered:
    """What is to be added (above 0) or taken off (below 0); what was left out is None."""

    supply_amount: int | None
    tax_amount: int | None
    items: tuple[LineItem, ...] | None

    @property
    def turned(self) -> "Entered":
        """The same with the other sign."""
        return Entered(
            None if self.supply_amount is None else -self.supply_amount,
            None if self.tax_amount is None else -self.tax_amount,
            None if self.items is None else turned(self.items),
        )

    @property
    def supply(self) -> int:
        """공급가액, from the items where only those were entered."""
        if self.supply_amount is None:
            return totals_of(self.items or ()).supply_amount
        return self.supply_amount

    @property
    def signs(self) -> set[int]:
        """The signs of everything entered."""
        stated = LineItem(supply_amount=self.supply_amount, tax_amount=self.tax_amount)
        return signs_of((stated, *(self.items or ())))

    @property
    def has_tax(self) -> bool:
        """Whether a tax other than 0 was entered."""
        return bool(self.tax_amount) or any(item.tax_amount for item in self.items or ())


def faults(case: Case, entered: Entered, *, zero: str) -> Iterator[Message]:
    """What cannot be meant; `zero` is the text for an amount of 0 won."""
    if entered.supply_amount is None and not entered.items:
        yield message("amount_missing")
        return
    if entered.has_tax and case.taxation is not Taxation.TAXABLE:
        yield message("zero_rate_tax")
    if len(entered.signs) > 1:
        yield message("change_sign_mixed")
    elif entered.supply == 0:
        yield message(zero)
    elif entered.items:
        yield from _sums(case, entered, entered.items)


def _sums(case: Case, entered: Entered, items: tuple[LineItem, ...]) -> Iterator[Message]:
    sums = totals_of(_completed(case, entered, items))
    for stated, total in (
        (entered.supply_amount, sums.supply_amount),
        (entered.tax_amount, sums.tax_amount),
    ):
        if stated is not None and stated != total:
            yield message("items_mismatch", sum=total, stated=stated)


def document(case: Case, entered: Entered, heading: Heading, name: str) -> Invoice:
    """The document for what was entered.

    Args:
        case: the target and its chain.
        entered: without faults.
        heading: what the document has of its own.
        name: of the one line that stands for several.
    """
    kind = case.invoice.document_type.amended
    if entered.items:
        return with_items(case.invoice, heading, _completed(case, entered, entered.items), kind)
    tax = entered.tax_amount
    if tax is None:
        tax = partial_tax(entered.supply, case.left, case.taxation)
    return part(case.invoice, heading, Totals(entered.supply, tax), kind, name)


def _completed(case: Case, entered: Entered, items: tuple[LineItem, ...]) -> tuple[LineItem, ...]:
    """The items with their tax; where none was entered, together no more than what is left, and all of it at last."""
    filled = taxed(items, case.invoice.document_type)
    if entered.has_tax or case.taxation is not Taxation.TAXABLE:
        return filled
    sums, left = totals_of(filled), case.left
    tax = sums.tax_amount
    if sums.supply_amount == -left.supply_amount:
        tax = -left.tax_amount
    elif sums.supply_amount < 0:
        tax = max(tax, -left.tax_amount)
    return _with_tax(filled, tax - sums.tax_amount)


def _with_tax(items: tuple[LineItem, ...], more: int) -> tuple[LineItem, ...]:
    """The items with a few won more or less tax, on the line where they show least."""
    if not more:
        return items
    place = max(range(len(items)), key=lambda index: abs(items[index].tax_amount or 0))
    changed = items[place].model_copy(update={"tax_amount": (items[place].tax_amount or 0) + more})
    return (*items[:place], changed, *items[place + 1 :])
