"""What may happen to a document: the answers of whoever amends it, and what is left of its deal afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from product_model import EXEMPT, TAXED, ZERO_RATED, Doc
from service_world import business_number

from dojang.etax.amendments.suggest import EventNotOffered
from dojang.service.amendments import keeping, services
from dojang.service.amendments.models import Amendment
from dojang.service.amendments.steps import Step, step_of
from dojang.service.workspaces.members import Member

EVENT_DAY = "2026-11-16"
Left = tuple[int, int, int]


@dataclass(frozen=True)
class Move:
    """One thing that happened.

    Attributes:
        event: of the questions.
        answers: to them.
        left_after: of the deal, by kind of tax, where all of it is of one kind.
        is_lawful: whether an accepted original on which nothing was issued can be amended so.
        with_others: whether it happened to the other documents of the contract, too.
    """

    event: str
    answers: Mapping[str, Any]
    left_after: Left
    is_lawful: bool = True
    with_others: bool = False


def _with(left: Left, kind: int, amount: int) -> Left:
    """What is left after that much more of a kind."""
    sums = list(left)
    sums[kind] += amount
    return (sums[0], sums[1], sums[2])


def returned_in_part(doc: Doc, left: Left, amount: int) -> Move:
    answers = {"returned_what": "part", "returned_on": EVENT_DAY, "returned_items": amount}
    return Move("goods_returned", answers, _with(left, doc.kind, -amount), amount < left[doc.kind])


def returned_all(doc: Doc, left: Left, amount: int) -> Move:
    answers = {"returned_what": "all", "returned_on": EVENT_DAY}
    return Move("goods_returned", answers, (0, 0, 0))


def undone(doc: Doc, left: Left, amount: int) -> Move:
    answers = {"undone_performed": "nothing", "undone_on": EVENT_DAY, "undone_agreed": "yes"}
    return Move("contract_undone", answers, (0, 0, 0))


def undone_with_others(doc: Doc, left: Left, amount: int) -> Move:
    return replace(undone(doc, left, amount), with_others=True)


def ended_in_part(doc: Doc, left: Left, amount: int) -> Move:
    answers = {"ended_amount": {"reduction": amount}, "ended_on": EVENT_DAY}
    return Move("contract_partly_ended", answers, _with(left, doc.kind, -amount), amount < left[doc.kind])


def _price(doc: Doc, left: Left, change: int) -> Move:
    answers = {
        "price_when_issued": "yes",
        "price_why": "settlement",
        "price_on": EVENT_DAY,
        "price_to": {"delta": change},
    }
    return Move("price_changed", answers, _with(left, doc.kind, change), -change < left[doc.kind])


def price_up(doc: Doc, left: Left, amount: int) -> Move:
    return _price(doc, left, amount)


def price_down(doc: Doc, left: Left, amount: int) -> Move:
    return _price(doc, left, -amount)


def credit(doc: Doc, left: Left, amount: int) -> Move:
    answers = {"lc_kind": "local_credit", "lc_number": "LC-1", "lc_on": EVENT_DAY, "lc_amount": amount}
    after = _with(_with(left, TAXED, -amount), ZERO_RATED, amount)
    return Move("lc_opened", answers, after, doc.kind == TAXED and amount <= left[TAXED])


def wrong_amount(doc: Doc, left: Left, amount: int) -> Move:
    right = abs(doc.supply) + amount
    return Move("wrong_amount", {"amount_correct": right}, _with(left, doc.kind, right - doc.supply))


def wrong_buyer(doc: Doc, left: Left, amount: int) -> Move:
    party = {
        "kind": "business",
        "number": business_number(14, kind="88"),
        "name": "(주)다른곳",
        "representative": "이다른",
    }
    answers = {"buyer_who": "other", "buyer_right": party, "buyer_why": "mistake"}
    return Move("wrong_buyer", answers, left)


def wrong_date(doc: Doc, left: Left, amount: int) -> Move:
    return Move("wrong_date", {"date_right": "2026-11-05"}, left)


def wrong_kind(doc: Doc, left: Left, amount: int) -> Move:
    """A fresh document of the other kind is made beside what takes this one back."""
    answers = {"kind_right": "exempt" if doc.kind != EXEMPT else "taxable_now"}
    return Move("wrong_tax_kind", answers, _with(left, doc.kind, -doc.supply))


def no_deal(doc: Doc, left: Left, amount: int) -> Move:
    return Move("should_not_issue", {"none_what": "transfer"}, _with(left, doc.kind, -doc.supply))


def remarks(doc: Doc, left: Left, amount: int) -> Move:
    answers = {"fields_which": "remarks", "fields_remarks_wanted": "yes", "fields_remarks": "고친 비고"}
    return Move("other_fields", answers, left)


def unneeded(doc: Doc, left: Left, amount: int) -> Move:
    return Move(
        "amendment_unneeded", {"unneeded_stands": "yes"}, _with(left, doc.kind, -doc.supply), is_lawful=False
    )


def amended_wrongly(doc: Doc, left: Left, amount: int) -> Move:
    right = amount if doc.supply > 0 else -amount
    answers = {"amended_what": "amount", "amended_amount": amount}
    return Move("amendment_wrong", answers, _with(left, doc.kind, right - doc.supply), is_lawful=False)


def unpaid(doc: Doc, left: Left, amount: int) -> Move:
    return Move("unpaid", {}, left, is_lawful=False)


MOVES: Mapping[str, Callable[[Doc, Left, int], Move]] = {
    one.__name__: one
    for one in (
        returned_in_part, returned_all, undone, undone_with_others, ended_in_part, price_up, price_down, credit, wrong_amount,
        wrong_buyer, wrong_date, wrong_kind, no_deal, remarks, unneeded, amended_wrongly, unpaid,
    )
}  # fmt: skip

_OTHERWISE = {
    "returned_exchanged": "no",
    "returned_contract": "no",
    "undone_others": [],
    "undone_damages": "no",
    "amount_why": "mistake",
    "price_whole": "keep",
    "cross_audit": "no",
    "cross_filed": "not_yet",
    "cross_succession": "no",
    "cross_duty": "yes",
}


def answered(member: Member, row: Amendment, move: Move, *, now: datetime) -> Step | None:
    """Choose what happened and answer what is asked, as far as there is an answer; None where it cannot have happened."""
    try:
        services.choose(member=member, amendment_id=row.pk, event=move.event, now=now)
    except EventNotOffered:
        return None
    for question in keeping.answers_of(row):
        services.forget(member=member, amendment_id=row.pk, question=question, now=now)
    answers = {**_OTHERWISE, **move.answers}
    step = step_of(Amendment.objects.get(pk=row.pk), now=now)
    while (asked := step.question) is not None and asked.key in answers and asked.problem is None:
        value = answers[asked.key]
        if asked.key == "undone_others" and move.with_others:
            value = [one.key for one in asked.choices]
        services.answer(member=member, amendment_id=row.pk, question=asked.key, value=value, now=now)
        step = step_of(Amendment.objects.get(pk=row.pk), now=now)
    return step
