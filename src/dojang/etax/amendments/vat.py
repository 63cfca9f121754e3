"""What a plan means for the VAT returns of both parties.

Every document belongs to the return of its 작성일자. Before that return is filed there is nothing to do but to put the
document in; after it the return is put right: 수정신고 where a party owes more, 경정청구 where it owes less. Between a
filed 예정신고 and the 확정신고 the difference can go into the latter.

`tax_delta` is the change of the tax that the party owes, in won: the buyer's runs against the supplier's, since what
one adds to the tax on sales the other deducts. A document that comes too late to be deducted changes nothing for the
buyer. 계산서 change no VAT.

Source: 부가가치세법 제48조·제49조, 국세기본법 제45조·제45조의2; 시행령 제70조제1항 (작성일자 by ground).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from dojang.etax.amendments.case import Case, Draft
from dojang.etax.calendar.periods import ReturnPeriod, return_period
from dojang.etax.codes import BuyerKind, Taxation
from dojang.etax.invoice import Buyer, Invoice
from dojang.etax.penalties import assess

If = Literal["filed", "not_filed"]


class VatAction(StrEnum):
    """What a party does in its returns."""

    NONE = "none"
    EVENT = "event"
    """In the return of the event's own period; the original's stays as it is."""
    INCLUDE = "include"
    """In the return of the original's period, which is not filed yet."""
    PRELIMINARY_UP = "preliminary_up"
    """예정신고 is filed and was too low: 예정신고 누락분 in the 확정신고, or 수정신고; with penalties."""
    PRELIMINARY_DOWN = "preliminary_down"
    """예정신고 is filed and was too high."""
    AMEND_RETURN = "amend_return"
    """수정신고."""
    CLAIM_REFUND = "claim_refund"
    """경정청구."""


@dataclass(frozen=True, slots=True)
class VatEffect:
    """One return of one party.

    Attributes:
        period: which return.
        action: what to do.
        condition: for which of two cases this holds, where filing is unknown; None: in any case.
        tax_delta: change of the tax owed, in won.
        supply_delta: change of the supply amount in that return, in won.
        buyer: whose return, of a buyer's.
    """

    period: ReturnPeriod
    action: VatAction
    condition: If | None
    tax_delta: int
    supply_delta: int
    buyer: Buyer | None = None

    def to_data(self) -> dict[str, object]:
        """For JSON."""
        return {
            "period": self.period.key,
            "action": self.action.value,
            "if": self.condition,
            "tax_delta": self.tax_delta,
        }


@dataclass(frozen=True, slots=True)
class Vat:
    """The effect on both parties. `buyers` are in the order in which documents name them."""

    supplier: tuple[VatEffect, ...] = ()
    buyer: tuple[VatEffect, ...] = ()

    def to_data(self) -> dict[str, object]:
        """For JSON."""
        return {
            "supplier": [effect.to_data() for effect in self.supplier],
            "buyer": [effect.to_data() for effect in self.buyer],
        }


class _Stage(StrEnum):
    OPEN = "open"
    PRELIMINARY_FILED = "preliminary"
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class _Slot:
    """A return in which documents end up, and how far it is."""

    period: ReturnPeriod
    stage: _Stage
    condition: If | None


def vat_of(case: Case, draft: Draft) -> Vat:
    """The effect of a draft."""
    documents = (*draft.documents, *draft.follow_ups)
    supplier = _effects(draft, _supplier_slots(case, documents), sign=1)
    buyers: list[VatEffect] = []
    for buyer in _buyers(documents):
        theirs = [document for document in documents if document.buyer.number == buyer.number]
        deductible = [document for document in theirs if not _is_lost(case, draft, document)]
        if deductible and _deducts(case, buyer, theirs):
            found = _effects(draft, _buyer_slots(case, deductible), sign=-1)
        else:
            found = tuple(_nothing(_effects(draft, _buyer_slots(case, theirs), sign=-1)))
        buyers += (replace(effect, buyer=buyer) for effect in found)
    return Vat(supplier, tuple(buyers))


def _is_lost(case: Case, draft: Draft, document: Invoice) -> bool:
    """Whether it comes too late for its buyer to deduct it (법 제39조제1항제2호, 시행령 제75조제7호)."""
    amounts = (document.written_on, document.supply_amount, document.tax_amount)
    return any(
        assess(judged, case.facts, law=case.law, today=case.on).deduction == "no"
        for judged in draft.judged
        if (judged.written_on, judged.supply_amount, judged.tax_amount) == amounts
    )


def _buyers(documents: Iterable[Invoice]) -> Iterable[Buyer]:
    return {document.buyer.number: document.buyer for document in documents}.values()


def _deducts(case: Case, buyer: Buyer, documents: Sequence[Invoice]) -> bool:
    """Whether these documents change what the buyer deducts; one of unknown type is taken to deduct."""
    if buyer.kind is not BuyerKind.BUSINESS or case.facts.buyer_deducts is False:
        return False
    is_first = buyer.number == case.invoice.buyer.number
    closed_on = case.facts.buyer_closed_on if is_first else None
    return closed_on is None or any(document.written_on <= closed_on for document in documents)


def _nothing(effects: Iterable[VatEffect]) -> Iterator[VatEffect]:
    """The same return with nothing to do in it, once."""
    first = next(iter(effects))
    yield VatEffect(first.period, VatAction.NONE, None, 0, 0)


# Where documents end up ---------------------------------------------------------------------------------------

_Slots = Sequence[tuple[Invoice, tuple[_Slot, ...]]]


def _supplier_slots(case: Case, documents: Iterable[Invoice]) -> _Slots:
    return [(document, tuple(_slots_of_supplier(case, document))) for document in documents]


def _slots_of_supplier(case: Case, document: Invoice) -> Iterator[_Slot]:
    facts, law, day = case.facts, case.law, document.written_on
    periods = {
        facts.return_of(day, law=law, preliminary=preliminary): preliminary for preliminary in (True, False)
    }
    slots: list[_Slot] = []
    for period in periods:
        final = return_period(period.end, facts.supplier, files_preliminary=False, law=law)
        slots += _slots(
            period,
            final,
            filed=facts.filed(period, on=case.on),
            final_filed=facts.filed(final, on=case.on),
        )
    yield from _either(slots)


def _either(slots: list[_Slot]) -> Iterator[_Slot]:
    """Where it is unknown whether preliminary returns are filed, both cases that differ, each with its condition."""
    # One return, though its months differ by whether preliminary returns are filed, is told once.
    distinct = list(
        {(slot.period.key, slot.stage, slot.condition): slot for slot in reversed(slots)}.values()
    )
    distinct.reverse()
    if len(distinct) == 1 or any(slot.condition for slot in distinct):
        yield from distinct
        return
    open_ones = [slot for slot in distinct if slot.stage is _Stage.OPEN]
    if len(open_ones) == len(distinct):
        yield distinct[0]
        return
    for slot in distinct:
        yield _Slot(slot.period, slot.stage, "not_filed" if slot.stage is _Stage.OPEN else "filed")


def _buyer_slots(case: Case, documents: Iterable[Invoice]) -> _Slots:
    return [(document, tuple(_slots_of_buyer(case, document))) for document in documents]


def _slots_of_buyer(case: Case, document: Invoice) -> Iterator[_Slot]:
    taxpayer = case.facts.buyer_taxpayer
    period = return_period(document.written_on, taxpayer, law=case.law)
    final = return_period(period.end, taxpayer, files_preliminary=False, law=case.law)
    yield from _slots(
        period,
        final,
        filed=case.facts.buyer_filed(period, on=case.on),
        final_filed=case.facts.buyer_filed(final, on=case.on),
    )


def _slots(
    period: ReturnPeriod, final: ReturnPeriod, *, filed: bool | None, final_filed: bool | None
) -> Iterator[_Slot]:
    """Where a document of a return's period ends up; both cases where filing is unknown."""
    if final_filed:
        yield _Slot(final, _Stage.FILED, None)
        return
    is_final = period.end == final.end
    stage = _Stage.FILED if is_final else _Stage.PRELIMINARY_FILED
    if final_filed is None and not is_final:
        # Long past the preliminary return: the final one decides.
        period, stage, filed = final, _Stage.FILED, None
    if filed is not False:
        yield _Slot(period, stage, "filed" if filed is None else None)
    if not filed:
        yield _Slot(period, _Stage.OPEN, "not_filed" if filed is None else None)


# What is done there -------------------------------------------------------------------------------------------


def _effects(draft: Draft, slots: _Slots, *, sign: int) -> tuple[VatEffect, ...]:
    sums: dict[_Slot, tuple[int, int]] = {}
    for document, places in slots:
        counts = document.taxation is not Taxation.EXEMPT
        for slot in places:
            supply, tax = sums.get(slot, (0, 0))
            sums[slot] = (
                supply + sign * document.supply_amount * counts,
                tax + sign * document.tax_amount * counts,
            )
    effects = [
        # A zero-rated supply stands in the supplier's return too; a buyer has nothing to deduct of it.
        VatEffect(
            slot.period,
            _action(slot.stage, tax or (supply if sign > 0 else 0), draft),
            slot.condition,
            tax,
            supply,
        )
        for slot, (supply, tax) in sums.items()
    ]
    changed = [effect for effect in effects if effect.action is not VatAction.NONE]
    ordered = sorted(changed, key=lambda effect: (effect.period.start, effect.period.end))
    return tuple(ordered) if ordered else tuple(_nothing(effects))


_ACTIONS = {
    _Stage.PRELIMINARY_FILED: (VatAction.PRELIMINARY_UP, VatAction.PRELIMINARY_DOWN),
    _Stage.FILED: (VatAction.AMEND_RETURN, VatAction.CLAIM_REFUND),
}


def _action(stage: _Stage, delta: int, draft: Draft) -> VatAction:
    if delta == 0:
        return VatAction.NONE
    if stage is _Stage.OPEN:
        return VatAction(draft.vat)
    more, less = _ACTIONS[stage]
    return more if delta > 0 else less
