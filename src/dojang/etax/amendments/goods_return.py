"""03 환입: goods physically come back.

One document per original, for what came back, never more than what is left.
Source: 부가가치세법 시행령 제70조제1항제1호, 법 제29조제5항제2호.
"""

from collections.abc import Iterator

from dojang.etax.amendments import entered, events
from dojang.etax.amendments.case import Case, DeadlineKind, Draft, Rule, Subtype
from dojang.etax.amendments.entered import Entered
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.request import ReturnGoods
from dojang.etax.codes import AmendmentReason

_REASON = AmendmentReason.RETURN

_SUBTYPES = (
    Subtype(
        None,
        None,
        "공급한 물건이 돌아옴",
        "goods came back",
        "부가가치세법 시행령 제70조제1항제1호",
        DeadlineKind.SOFT,
    ),
)


def _bars(case: Case, _subtype: Subtype) -> Iterator[Message]:
    yield from events.bars(case)


def _returned(request: ReturnGoods) -> Entered:
    """What came back, as the user counts it: above 0."""
    return Entered(request.supply_amount, request.tax_amount, request.items)


def _faults(case: Case, request: ReturnGoods) -> Iterator[Message]:
    yield from events.faults(case, request.event_on)
    returned = _returned(request)
    if -1 in returned.signs:
        yield message("sign", what_ko="반품", what_en="amount returned")
    else:
        yield from entered.faults(case, returned.turned, zero="return_zero")


def _draft(case: Case, request: ReturnGoods) -> Draft:
    dated = events.dating(case, _REASON, request.event_on)
    back = entered.document(case, _returned(request).turned, dated.heading, _REASON.ko)
    return events.drafted(case, (back,), request.event_on, dated)


RULE = Rule(_REASON, ReturnGoods, _SUBTYPES, _bars, _faults, _draft)
