"""`plan`: from a request to the documents that do it, with deadline, penalties, VAT and warnings; or why not.

Pure: the same chain, request, facts, law and day always give the same plan, and nothing given is changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from dojang.etax.amendments import (
    cancelled_contract,
    duplicate,
    goods_return,
    local_credit,
    mistake,
    price_change,
)
from dojang.etax.amendments.case import Case, DeadlineKind, Draft, Rule
from dojang.etax.amendments.chain import Balance, Chain, Status
from dojang.etax.amendments.gate import gate
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.mirror import without_residents
from dojang.etax.amendments.request import NoReason, Request
from dojang.etax.amendments.suggest.shape import read
from dojang.etax.amendments.vat import Vat, VatAction, VatEffect, vat_of
from dojang.etax.calendar.deadlines import final_return_due, issue_deadline, months_after
from dojang.etax.calendar.periods import TaxType
from dojang.etax.checks import check
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.facts import Facts
from dojang.etax.findings import Finding, Severity, errors
from dojang.etax.invoice import Invoice
from dojang.etax.notices import Notice, distinct
from dojang.etax.parameters.law import Law
from dojang.etax.penalties import DocumentFacts, Penalty, assess, capped

RULES: Final[Mapping[AmendmentReason, Rule[Any]]] = MappingProxyType(
    {
        module.RULE.reason: module.RULE
        for module in (mistake, price_change, goods_return, cancelled_contract, local_credit, duplicate)
    }
)
"""The six reasons."""

_NO_VAT = Vat()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is issued, and what it means.

    Attributes:
        documents: the amendments, complete but for 승인번호 and 발급일시, which come with the signature.
        follow_ups: fresh documents that have to be issued beside them.
        follow_up_deadlines: by when each of those is issued.
        deadline: by when the amendments are issued; None: there is no deadline.
        deadline_kind: what happens after it.
        penalties: what issuing today costs whom.
        vat: the effect on the returns of both parties.
        warnings: what to know.
        errors: why nothing can be issued; there are no documents then.
        case: the target and what the plan was made from; None where there is no target.
        request: what was asked for, in the way that the law has for it.
        judged: the documents that can cost a penalty, as penalties see them.
    """

    documents: tuple[Invoice, ...] = ()
    follow_ups: tuple[Invoice, ...] = ()
    follow_up_deadlines: tuple[date, ...] = ()
    deadline: date | None = None
    deadline_kind: DeadlineKind = DeadlineKind.NONE
    penalties: tuple[Penalty, ...] = ()
    vat: Vat = _NO_VAT
    warnings: tuple[Notice, ...] = ()
    errors: tuple[Notice, ...] = ()
    case: Case | None = field(default=None, repr=False)
    request: Request | None = field(default=None, repr=False)
    judged: tuple[DocumentFacts, ...] = field(default=(), repr=False)

    @property
    def is_possible(self) -> bool:
        """Whether there is something to issue."""
        return not self.errors

    @property
    def before(self) -> Balance:
        """What is left of the chain before."""
        return self.case.balance if self.case else Balance()

    @property
    def after(self) -> Balance:
        """What is left of the chain after the documents."""
        return self.before.plus(self.documents)

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "documents": [document.to_data() for document in self.documents],
            "follow_ups": [document.to_data() for document in self.follow_ups],
            "follow_up_deadlines": [day.isoformat() for day in self.follow_up_deadlines],
            "deadline": self.deadline.isoformat() if self.deadline else None,
            "deadline_kind": self.deadline_kind.value,
            "penalties": [penalty.to_data() for penalty in self.penalties],
            "vat": self.vat.to_data(),
            "warnings": [notice_data(warning) for warning in self.warnings],
            "errors": [notice_data(error) for error in self.errors],
        }


def notice_data(notice: Notice) -> dict[str, Any]:
    """A notice for JSON: its code, its sentences, its source, and the facts that its sentences name."""
    facts = dict(notice.facts) if isinstance(notice, Message) else {}
    shown = {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in facts.items()}
    return shown | {
        "code": notice.code,
        "ko": notice.ko,
        "en": notice.en,
        "citation": notice.citation,
    }


def plan(chain: Chain, request: Request, facts: Facts, *, law: Law, on: date) -> Plan:
    """What a request comes to.

    Args:
        chain: the original and everything issued on it.
        request: what is asked for.
        facts: what is known of the parties.
        law: the figures and the calendar.
        on: the day of issue, in Korea.

    Returns:
        Documents with all that they mean; or errors, and no documents.
    """
    if isinstance(request, NoReason):
        return Plan(errors=(_no_reason(request),), request=request)
    target = chain.find(request.target)
    if target is None:
        return Plan(errors=(no_target(request.target),), request=request)
    case = Case(chain, target, facts, law, on)
    rule = RULES[AmendmentReason(request.reason)]
    request = rule.meant(case, request)
    faults = tuple(gate(case, rule.reason)) or tuple(rule.faults(case, request))
    if faults:
        return _refused(case, request, faults)
    draft = rule.draft(case, request)
    draft = replace(draft, follow_ups=tuple(map(without_residents, draft.follow_ups)))
    unsound = tuple(_overdrawn(draft, _standing(case, rule.reason))) or tuple(_unsound(case, draft))
    refusals = tuple(each for each in unsound if each.code != "unsound_original")
    if refusals:
        return _refused(case, request, refusals)
    return _planned(case, request, draft.warned(*unsound))


def no_target(key: str | None) -> Message:
    """Why there is no document to amend: none of that name, or several to choose from."""
    return message("target_needed") if key is None else message("target_unknown", target=key)


def _no_reason(request: NoReason) -> Notice:
    """Why the event is none, in the words of the questions, where they know it."""
    tree = read()
    event = tree.events.get(request.event or "")
    stop = tree.stops.get(event.start) if event is not None else None
    said = message("no_legal_reason", event=request.event or "")
    if stop is None or "{" in stop.ko:
        return said
    return replace(said, ko=stop.ko, en=stop.en, citation=stop.citation or said.citation)


def _refused(case: Case, request: Request, faults: Sequence[Notice]) -> Plan:
    limits = [each.fact("limit") for each in faults if isinstance(each, Message) and each.code == _EXPIRED]
    limit = limits[0] if limits else None
    is_expired = isinstance(limit, date)
    return Plan(
        errors=distinct(tuple(faults)),
        deadline=limit if is_expired else None,
        deadline_kind=DeadlineKind.HARD if is_expired else DeadlineKind.NONE,
        case=case,
        request=request,
    )


_EXPIRED = "01_nonmistake_expired"


def _planned(case: Case, request: Request, draft: Draft) -> Plan:
    penalties, notices = _penalties(case, draft)
    vat = vat_of(case, draft)
    deadlines = tuple(issue_deadline(each.written_on, law=case.law) for each in draft.follow_ups)
    warnings = (
        *draft.warnings,
        *_chain_warnings(case, draft),
        *_tax_left(case, draft),
        *_doubtful(case, draft),
        *_not_told(_vat_warnings(case, draft, vat), notices),
        *_unknown(case),
        *notices,
        *(notice for deadline in deadlines for notice in deadline.warnings),
    )
    return Plan(
        documents=draft.documents,
        follow_ups=draft.follow_ups,
        follow_up_deadlines=tuple(deadline.on for deadline in deadlines),
        deadline=draft.deadline.on if draft.deadline else None,
        deadline_kind=draft.deadline_kind,
        penalties=penalties,
        vat=vat,
        warnings=distinct(warnings),
        case=case,
        request=request,
        judged=draft.judged,
    )


def _penalties(case: Case, draft: Draft) -> tuple[tuple[Penalty, ...], tuple[Notice, ...]]:
    penalties: list[Penalty] = []
    notices: list[Notice] = []
    for judged in draft.judged:
        found = assess(judged, case.facts, law=case.law, today=case.on)
        # That nothing was issued in time is charged once, though two documents show it (법 제60조제2항제2호).
        known = {(penalty.who, penalty.code) for penalty in penalties} & {("supplier", "non_issue")}
        penalties += [each for each in found.penalties if (each.who, each.code) not in known]
        notices += found.notices
    return capped(penalties), tuple(notices)


# What the documents must hold to ------------------------------------------------------------------------------


def _standing(case: Case, reason: AmendmentReason) -> Balance:
    """What the documents of a reason are counted against."""
    if reason is AmendmentReason.LOCAL_CREDIT:
        return case.own
    return case.standing if reason in _PARTIAL else case.balance


_PARTIAL = frozenset({AmendmentReason.PRICE_CHANGE, AmendmentReason.RETURN})


def _overdrawn(draft: Draft, standing: Balance) -> Iterator[Message]:
    """No part of what stood above 0 may fall below it."""
    after = standing.plus(draft.documents)
    for taxation in Taxation:
        had, has = standing.of(taxation), after.of(taxation)
        if has.supply_amount < min(0, had.supply_amount):
            yield message("balance_negative", max=max(0, had.supply_amount))
        elif has.tax_amount < min(0, had.tax_amount):
            yield message("balance_negative_tax", max=max(0, had.tax_amount))


def _unsound(case: Case, draft: Draft) -> Iterator[Notice]:
    """What `check` finds: faults of the original that are carried over are told, new ones refuse."""
    # The paper may also be another document of the chain: one that a 04 or a corrected buyer reaches as well.
    on_paper = any(node.document.status is Status.PAPER for node in case.chain.tree(case.target))
    carried = {finding.code for finding in errors(check(case.invoice, on=case.on))}
    for document in (*draft.documents, *draft.follow_ups):
        for finding in errors(check(document, on=case.on)):
            if finding.code == "original_issue_id_missing" and on_paper:
                continue
            if finding.code in carried:
                yield message(
                    "unsound_original", finding=finding.located("ko"), finding_en=finding.located("en")
                )
            else:
                yield _as_notice(finding)


def _doubtful(case: Case, draft: Draft) -> Iterator[Notice]:
    """What `check` doubts in the documents and did not doubt in the original."""
    known = _SAID_BETTER | {finding.code for finding in check(case.invoice, on=case.on)}
    for document in (*draft.documents, *draft.follow_ups):
        for finding in check(document, on=case.on):
            if finding.severity is Severity.WARNING and finding.code not in known:
                # Nobody typed a field of these documents, so none is named.
                yield Notice(finding.code, finding.text("ko"), finding.text("en"), finding.citation)


_SAID_BETTER = frozenset({"buyer_email_missing", "duplicate_positive"})
"""What the original's issuer has decided, and what a warning of the reason itself says."""


def _as_notice(finding: Finding) -> Notice:
    return Notice(finding.code, finding.located("ko"), finding.located("en"), finding.citation)


# Warnings of every reason -------------------------------------------------------------------------------------


def _chain_warnings(case: Case, draft: Draft) -> Iterator[Notice]:
    tree = case.chain.tree(case.target)
    if any(document.amendment_reason and not document.original_issue_id for document in draft.documents):
        yield message("paper_original")
    elif case.target.document.status is Status.EXTERNAL:
        yield message("external_original")
    if any(node.document.status.is_pending for node in tree):
        yield message("chain_result_pending")
    if case.chain.lacks_minus(case.target):
        yield message("minus_missing")
    root = next(node for node in tree if node.key == node.root_key)
    if root.invoice.document_type.is_amendment:
        yield message("original_missing")
    closed_on = case.facts.supplier_closed_on
    if closed_on is not None and case.on > closed_on:
        yield message("supplier_closed", closed_on=closed_on)


def _tax_left(case: Case, draft: Draft) -> Iterator[Notice]:
    """A chain of which nothing is left has no tax left either."""
    after = case.balance.plus(draft.documents)
    for taxation in Taxation:
        left = after.of(taxation)
        if left.tax_amount and not left.supply_amount:
            yield message("tax_left", tax=left.tax_amount)


def _vat_warnings(case: Case, draft: Draft, vat: Vat) -> Iterator[Notice]:
    actions = {effect.action for effect in (*vat.supplier, *vat.buyer)}
    due = final_return_due(case.original_on, law=case.law, taxpayer=case.facts.supplier).on
    if VatAction.CLAIM_REFUND in actions and case.on > months_after(due, _FIVE_YEARS):
        yield message("past_five_years")
    is_credit = draft.documents[0].amendment_reason is AmendmentReason.LOCAL_CREDIT
    if is_credit and {VatAction.CLAIM_REFUND, VatAction.PRELIMINARY_DOWN} & actions:
        yield message("zero_rate_after_return")
    if any(_is_of_value_added_rate(case, effect) for effect in vat.supplier):
        yield message("simplified_supplier_tax")
    if case.facts.buyer_deducts is None and any(document.tax_amount for document in draft.documents):
        yield message("buyer_tax_type_unknown")


def _is_of_value_added_rate(case: Case, effect: VatEffect) -> bool:
    """Whether the supplier owes another tax than the documents show: that of a 간이과세자 (법 제63조제2항)."""
    return effect.tax_delta != 0 and case.facts.supplier.tax_type(effect.period.end) is TaxType.SIMPLIFIED


def _not_told(warnings: Iterator[Notice], notices: Sequence[Notice]) -> Iterator[Notice]:
    """The warnings of which the penalties say nothing; theirs name the amounts."""
    told = {notice.code for notice in notices}
    yield from (warning for warning in warnings if warning.code not in told)


_FIVE_YEARS = 60  # months


def _unknown(case: Case) -> Iterator[Notice]:
    """What the periods rest on and nobody knows: the law of that day, its holidays, the supplier's tax type."""
    if case.taxation is Taxation.EXEMPT:
        return
    due = final_return_due(case.original_on, law=case.law, taxpayer=case.facts.supplier)
    yield from (notice for notice in due.warnings if notice.code in _ABOUT_THE_UNKNOWN)


_ABOUT_THE_UNKNOWN = frozenset(
    {"outside_known_law", "outside_known_calendar", "tax_type_unknown", "tax_type_concluded"}
)
