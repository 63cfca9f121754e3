"""02 공급가액 변동: something is added to or taken off the supply amount after it was right.

One document for the difference only; any number of them. Source: 부가가치세법 시행령 제70조제1항제3호.
"""

from collections.abc import Iterator

from dojang.etax.amendments import entered, events
from dojang.etax.amendments.case import Case, DeadlineKind, Draft, Rule, Subtype
from dojang.etax.amendments.entered import Entered
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.request import ChangePrice
from dojang.etax.codes import AmendmentReason

_REASON = AmendmentReason.PRICE_CHANGE

_SUBTYPES = (
    Subtype(
        None,
        None,
        "단가 조정·할인·추가 작업·일부 해지·정산",
        "price, discount, extra work, partial termination, settlement",
        "부가가치세법 시행령 제70조제1항제3호",
        DeadlineKind.SOFT,
    ),
)


def _bars(case: Case, _subtype: Subtype) -> Iterator[Message]:
    yield from events.bars(case)


def _entered(request: ChangePrice) -> Entered:
    return Entered(request.supply_delta, request.tax_delta, request.items)


def _faults(case: Case, request: ChangePrice) -> Iterator[Message]:
    yield from events.faults(case, request.event_on)
    yield from entered.faults(case, _entered(request), zero="change_zero")


def _draft(case: Case, request: ChangePrice) -> Draft:
    dated = events.dating(case, _REASON, request.event_on)
    change = entered.document(case, _entered(request), dated.heading, _REASON.ko)
    draft = events.drafted(case, (change,), request.event_on, dated)
    if change.supply_amount + case.left.supply_amount == 0:
        return draft.warned(message("use_03_or_04"))
    return draft


RULE = Rule(_REASON, ChangePrice, _SUBTYPES, _bars, _faults, _draft)
