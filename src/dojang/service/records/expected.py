"""Which document a supplier is asked for, in one sentence: worked out by the law engine where enough is known.

The engine plans the amendment as the supplier would issue it. Where it cannot, since an amount or a day is not told,
the sentence names the reason of the law alone and promises nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dojang.errors import DojangError
from dojang.etax import Invoice as Document
from dojang.etax.amendments import Chain, ChainDocument, Status, plan, request_from_data
from dojang.etax.codes import AmendmentReason
from dojang.etax.facts import Facts
from dojang.etax.parameters.law import Law
from dojang.service.records.models import Correction

Why = Correction.Why


@dataclass(frozen=True, slots=True)
class Told:
    """What the buyer says of it; everything but the reason may be left out.

    Attributes:
        why: what happened.
        supply_amount: for a wrong amount the right one; for goods that came back, theirs. Won, above 0.
        written_on: the right 작성일자.
        happened_on: when goods came back, or the contract was undone.
        twin: 승인번호 of the one to keep.
    """

    why: Correction.Why
    supply_amount: int | None = None
    written_on: date | None = None
    happened_on: date | None = None
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """The sentence; `problem` is why the engine could not work the document out, where enough was told."""

    ko: str
    en: str
    problem: tuple[str, str] | None = None


#: The reason of the law that stands behind what happened.
REASONS: Final[Mapping[Correction.Why, AmendmentReason]] = {
    Why.AMOUNT: AmendmentReason.MISTAKE,
    Why.PARTY: AmendmentReason.MISTAKE,
    Why.DATE: AmendmentReason.MISTAKE,
    Why.TWICE: AmendmentReason.DUPLICATE,
    Why.RETURNED: AmendmentReason.RETURN,
    Why.UNDONE: AmendmentReason.CANCELLED_CONTRACT,
}


def expected(
    told: Told,
    documents: Sequence[tuple[Document, Status]],
    *,
    target: str,
    our_business: Mapping[str, Any],
    law: Law,
    on: date,
) -> Expected:
    """What to ask for.

    Args:
        told: what happened.
        documents: the document and every other one of its chain that is known here.
        target: 승인번호 of the document; empty for paper.
        our_business: 공급받는자 as it should stand there, as JSON of a buyer.
        law: the figures and the calendar.
        on: today in Korea.
    """
    reason = REASONS.get(told.why)
    if reason is None:
        return Expected(
            "내용을 확인하고 필요하면 수정발급해 주시기를 요청합니다.",
            "Please look at the document and issue an amendment if it needs one.",
        )
    asked = _REQUESTS[told.why](told, our_business)
    if asked is None:
        return _in_general(reason)
    try:
        chain = Chain(tuple(ChainDocument(invoice=one, status=status) for one, status in documents))
        request = request_from_data({"reason": reason.value, "target": target or None, **asked})
        planned = plan(chain, request, Facts(), law=law, on=on)
    except DojangError as error:
        return _in_general(reason, (error.text("ko"), error.text("en")))
    if planned.errors or not planned.documents:
        first = planned.errors[0] if planned.errors else None
        return _in_general(reason, (first.ko, first.en) if first else None)
    return _exactly(reason, planned.documents)


def _in_general(reason: AmendmentReason, problem: tuple[str, str] | None = None) -> Expected:
    return Expected(
        f"수정사유 ‘{reason.ko}’({reason.value})에 따른 수정발급을 요청합니다.",
        f"An amendment for the reason {reason.value} ({reason.en}) is asked for.",
        problem,
    )


def _exactly(reason: AmendmentReason, documents: Sequence[Document]) -> Expected:
    ko = ", ".join(
        f"작성일자 {one.written_on} 공급가액 {one.supply_amount:,}원·세액 {one.tax_amount:,}원"
        for one in documents
    )
    en = ", ".join(
        f"written on {one.written_on}, supply {one.supply_amount:,} and tax {one.tax_amount:,} won"
        for one in documents
    )
    return Expected(
        f"수정사유 ‘{reason.ko}’({reason.value}) {len(documents)}건({ko})으로 수정발급을 요청합니다.",
        f"{len(documents)} amended document(s) for the reason {reason.value} ({reason.en}) are asked for: {en}.",
    )


def _amount(told: Told, _ours: Mapping[str, Any]) -> dict[str, Any] | None:
    if told.supply_amount is None:
        return None
    return {"subtype": "mistake", "corrected": {"supply_amount": told.supply_amount}}


def _party(_told: Told, ours: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"subtype": "mistake", "corrected": {"buyer": dict(ours)}}


def _date(told: Told, _ours: Mapping[str, Any]) -> dict[str, Any] | None:
    if told.written_on is None:
        return None
    return {"subtype": "mistake", "corrected": {"written_on": told.written_on.isoformat()}}


def _twice(told: Told, _ours: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"subtype": "duplicate", "twin": told.twin or None}


def _returned(told: Told, _ours: Mapping[str, Any]) -> dict[str, Any] | None:
    if told.happened_on is None or told.supply_amount is None:
        return None
    return {"event_on": told.happened_on.isoformat(), "supply_amount": told.supply_amount}


def _undone(told: Told, _ours: Mapping[str, Any]) -> dict[str, Any] | None:
    if told.happened_on is None:
        return None
    # What was delivered before stays on the invoice; that is between the two, and the supplier's to say.
    return {"event_on": told.happened_on.isoformat(), "delivered": False}


_REQUESTS: Final[Mapping[Correction.Why, Callable[[Told, Mapping[str, Any]], dict[str, Any] | None]]] = {
    Why.AMOUNT: _amount,
    Why.PARTY: _party,
    Why.DATE: _date,
    Why.TWICE: _twice,
    Why.RETURNED: _returned,
    Why.UNDONE: _undone,
}
