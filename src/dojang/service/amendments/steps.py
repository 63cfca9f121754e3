"""What an amendment shows next: what may have happened, a question, why nothing is to be amended, or what is made.

All of it follows from the deal, the facts, the day and the answers; nothing is kept of it until it is prepared.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from dojang.etax import Invoice as Document
from dojang.etax.amendments import Balance, Plan, Preview, Request, Sentence, plan, preview
from dojang.etax.amendments.suggest import (
    EventNotOffered,
    Events,
    Question,
    Ready,
    Setting,
    Stop,
    Suggestion,
    UnknownChoice,
    UnknownEvent,
    UnknownQuestion,
    WrongAnswer,
    suggest,
)
from dojang.etax.amendments.vat import VatAction
from dojang.etax.codes import AmendmentReason
from dojang.etax.facts import Facts
from dojang.service.amendments import keeping
from dojang.service.amendments.chains import Deal, deal_of
from dojang.service.amendments.facts import buyer_of, facts_of, of_event, setting_of
from dojang.service.amendments.models import Amendment, Kind
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices.content import hash_of
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.invoices.timing import today
from dojang.service.law import law
from dojang.service.records.models import Record


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A box of 확인란. Its place in `Planned.confirmations` is its name for `services.prepare`."""

    text: Sentence
    is_required: bool


@dataclass(frozen=True)
class Planned:
    """What would be issued for one deal, and what it means.

    Attributes:
        deal: what it amends, `deal.target` the very document.
        plan: the engine's; with `errors` and no documents where the law does not allow it.
        preview: its sentences.
        documents: what is made of the plan's documents: all, or the half that has to be issued again.
        buyer: 거래처 of the first document.
    """

    deal: Deal
    plan: Plan
    preview: Preview
    documents: tuple[Document, ...] = field(repr=False)
    buyer: Counterparty | None = None

    @property
    def is_possible(self) -> bool:
        """Whether there is something to issue."""
        return self.plan.is_possible

    @property
    def follow_ups(self) -> tuple[tuple[Document, date], ...]:
        """Fresh documents beside them, each with its own 발급기한."""
        return tuple(zip(self.plan.follow_ups, self.plan.follow_up_deadlines, strict=True))

    @property
    def reason(self) -> AmendmentReason | None:
        """수정사유 of its documents; None where nothing is issued."""
        return self.plan.documents[0].amendment_reason if self.plan.documents else None

    @property
    def before(self) -> Balance:
        """What is left of the deal now."""
        return self.plan.before

    @property
    def after(self) -> Balance:
        """What is left of it once the documents are issued."""
        return self.plan.after

    @property
    def confirmations(self) -> tuple[Confirmation, ...]:
        """What is confirmed before signing. Having told the buyer is the last and may be left open."""
        tells = any(effect.action is VatAction.AMEND_RETURN for effect in self.plan.vat.buyer)
        required = len(self.preview.confirm) - tells
        return tuple(Confirmation(text, place < required) for place, text in enumerate(self.preview.confirm))

    @property
    def citation(self) -> str:
        """The law, in one line."""
        return " ".join(one.ko for one in self.preview.basis)


@dataclass(frozen=True)
class Step:
    """Where an amendment stands now.

    Attributes:
        deal: of its target.
        facts: what was known of both parties.
        suggestion: the events, a question, a stop, or `Ready`.
        planned: what would be issued, where the suggestion is `Ready`; first for the target, then for each other
            document of the same contract that was chosen.
        seen: names exactly what is shown; `services.prepare` is told it, so that nothing else is made. Empty before
            there is something to issue.
    """

    amendment: Amendment
    deal: Deal
    facts: Facts
    suggestion: Suggestion
    planned: tuple[Planned, ...] = ()
    seen: str = ""

    @property
    def events(self) -> Events | None:
        """무슨 일이 있었나요?"""
        return self.suggestion if isinstance(self.suggestion, Events) else None

    @property
    def question(self) -> Question | None:
        """The question that is asked now."""
        return self.suggestion if isinstance(self.suggestion, Question) else None

    @property
    def stop(self) -> Stop | None:
        """Why nothing is amended, and what to do instead."""
        return self.suggestion if isinstance(self.suggestion, Stop) else None

    @property
    def ready(self) -> Planned | None:
        """What would be issued for the target."""
        return self.planned[0] if self.planned else None

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions on the way that were answered."""
        return () if isinstance(self.suggestion, Events) else self.suggestion.asked


@dataclass(frozen=True)
class Known:
    """What an amendment rests on at a time: everything but its answers.

    Attributes:
        deal: of its target.
        before: the deal that is planned on: without what is issued again.
        facts: of both parties.
        setting: of the program around.
        day: today in Korea.
    """

    deal: Deal
    before: Deal
    facts: Facts
    setting: Setting
    day: date

    def suggestion(self, event: str, answers: Mapping[str, Any]) -> Suggestion:
        """What comes next after these answers.

        Raises:
            SuggestError.
        """
        return suggest(
            self.before.chain,
            self.facts,
            law=law(),
            on=self.day,
            event=event or None,
            answers=answers,
            target=self.deal.target_key,
            setting=self.setting,
        )


def known_of(amendment: Amendment, *, now: datetime) -> Known:
    """What an amendment rests on now.

    Raises:
        NeverIssued, IncompleteRecord, DealTooLarge: of the target.
    """
    deal = deal_of(invoice=amendment.target, record=amendment.record)
    before = deal
    if amendment.mends is not None:
        before = deal.without(_standing_half(amendment) | _refused_half(amendment))
    document = deal.target.invoice
    buyer = buyer_of(document, _hint(deal.row(deal.target_key)))
    return Known(
        deal=deal,
        before=before,
        facts=facts_of(amendment.business, buyer, document, on=today(now)),
        setting=setting_of(amendment.business, deal, now=now),
        day=today(now),
    )


def step_of(amendment: Amendment, *, now: datetime) -> Step:
    """What comes next.

    Raises:
        NeverIssued, IncompleteRecord, DealTooLarge: of the target.
    """
    known = known_of(amendment, now=now)
    suggestion = _asked_again(known, amendment.event, keeping.answers_of(amendment))
    if not isinstance(suggestion, Ready):
        return Step(amendment, known.deal, known.facts, suggestion)
    # Answers may lead from an amendment to the document that stands for its deal.
    meant = replace(known.before, target_key=suggestion.request.target or known.deal.target_key)
    planned = [_plan(meant, suggestion.request, suggestion.facts, known.day)]
    if amendment.mends_id:
        planned = [_rest(planned[0], amendment, known.deal)]
    else:
        planned += [_plan_other(amendment, one, suggestion.facts, known.day) for one in suggestion.further]
    return Step(amendment, known.deal, known.facts, suggestion, tuple(planned), _seen(planned))


def _asked_again(known: Known, event: str, answers: dict[str, Any]) -> Suggestion:
    """What comes next; a kept answer that is none any more (the deal has changed, or the questions) is asked again."""
    for _ in range(len(answers) + 1):
        try:
            return known.suggestion(event, answers)
        except (UnknownQuestion, UnknownChoice, WrongAnswer) as error:
            del answers[str(error.facts["question"])]
        except (UnknownEvent, EventNotOffered):
            event = ""
    return known.suggestion("", {})


def _hint(row: Invoice | Record) -> Counterparty | None:
    known: Counterparty | None = row.counterparty
    return known


def _plan(deal: Deal, request: Request, facts: Facts, day: date) -> Planned:
    facts = of_event(facts, getattr(request, "event_on", None), on=day)
    made = plan(deal.chain, request, facts, law=law(), on=day)
    first = made.documents[0] if made.documents else None
    buyer = buyer_of(first, _hint(deal.row(deal.target_key))) if first is not None else None
    return Planned(deal, made, preview(made), made.documents, buyer)


def _plan_other(amendment: Amendment, request: Request, facts: Facts, day: date) -> Planned:
    """The same for another document of the contract, in its own deal."""
    wanted = {"business_id": amendment.business_id, "issue_id": request.target, "deleted_at": None}
    invoice = Invoice.objects.select_related("business", "counterparty").filter(**wanted).first()
    if invoice is not None:
        return _plan(deal_of(invoice=invoice), request, facts, day)
    record = Record.objects.select_related("business", "counterparty").get(side="sales", **wanted)
    return _plan(deal_of(record=record), request, facts, day)


# What is issued again -------------------------------------------------------------------------------------------


def _of_mended(amendment: Amendment) -> list[Invoice]:
    if amendment.mends is None:
        return []
    rows = amendment.mends.documents.filter(kind=Kind.AMENDMENT).select_related("invoice")
    return [row.invoice for row in rows]


def _standing_half(amendment: Amendment) -> frozenset[str]:
    return frozenset(
        one.issue_id or ""
        for one in _of_mended(amendment)
        if one.state not in {State.REJECTED, State.CANCELLED}
    )


def _refused_half(amendment: Amendment) -> frozenset[str]:
    return frozenset(one.issue_id or "" for one in _of_mended(amendment) if one.state == State.REJECTED)


def _rest(planned: Planned, amendment: Amendment, deal: Deal) -> Planned:
    """Without the documents that stand already; nothing where one of those is not among what is planned."""
    waiting = list(planned.plan.documents)
    for key in sorted(_standing_half(amendment)):
        node = deal.chain.find(key)
        if node is None:
            continue
        same = next((one for one in waiting if hash_of(one) == hash_of(node.invoice)), None)
        if same is None:
            return Planned(deal, planned.plan, planned.preview, (), planned.buyer)
        waiting.remove(same)
    return Planned(deal, planned.plan, planned.preview, tuple(waiting), planned.buyer)


def _seen(planned: list[Planned]) -> str:
    """SHA-256 of the documents, what is told of them and of the deals that they rest on."""
    told = [
        {
            "deal": one.deal.hash,
            "documents": [hash_of(document) for document in one.documents],
            "follow_ups": [hash_of(document) for document in one.plan.follow_ups],
            "deadline": one.plan.deadline.isoformat() if one.plan.deadline else None,
            "preview": one.preview.to_data(),
        }
        for one in planned
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
