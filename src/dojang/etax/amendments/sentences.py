"""What the preview of a plan says to a person: what is issued, dated how, what is left, what it costs, what to file.

Made from a plan alone, in both languages. The texts stand in `sentences.toml`; this module says which of them hold.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final, cast

from dojang.errors import Language
from dojang.etax.amendments import duplicate, mistake
from dojang.etax.amendments.case import Case, DeadlineKind
from dojang.etax.amendments.chain import sign_of
from dojang.etax.amendments.mirror import kept_remarks
from dojang.etax.amendments.particles import fill, particle, shown_number
from dojang.etax.amendments.plan import RULES, Plan
from dojang.etax.amendments.request import (
    CancelContract,
    CancelDuplicate,
    ChangePrice,
    CorrectMistake,
    OpenLocalCredit,
    ReturnGoods,
)
from dojang.etax.amendments.returns import correction, refund_until, zero_rated_correction
from dojang.etax.amendments.vat import VatAction, VatEffect
from dojang.etax.calendar.deadlines import final_return_due, issue_deadline, transmit_deadline
from dojang.etax.calendar.periods import ReturnPeriod, vat_period
from dojang.etax.codes import AmendmentReason, BuyerKind, Taxation
from dojang.etax.facts import BuyerTaxType
from dojang.etax.invoice import Buyer, Invoice
from dojang.etax.notices import Notice
from dojang.etax.penalties import Penalty, Who, assess
from dojang.etax.penalties.case import open_case

_WEEKDAYS: Final = "월화수목금토일"
_WEEKDAY: Final = re.compile(f"\\([{_WEEKDAYS}]\\)")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing said, in both languages."""

    ko: str
    en: str

    def text(self, language: Language = "ko") -> str:
        """The sentence for a person, in their language."""
        return self.ko if language == "ko" else self.en


Said = tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The preview, part by part, in the order in which it is shown.

    Attributes:
        conclusion: what is issued (결론), and what changes.
        dates: 작성일자 and 비고.
        balance: what is left of the supply before and after.
        deadline: by when, and what it costs.
        supplier: what the supplier files.
        buyer: what the buyer files.
        basis: the law.
        confirm: what the user confirms before signing.
        refused: why nothing is issued; everything else is empty then.
    """

    conclusion: Said = ()
    dates: Said = ()
    balance: Said = ()
    deadline: Said = ()
    supplier: Said = ()
    buyer: Said = ()
    basis: Said = ()
    confirm: Said = ()
    refused: Said = ()

    def text(self, language: Language = "ko") -> str:
        """All of it, one part a line."""
        parts = (cast("Said", getattr(self, part.name)) for part in fields(self))
        return "\n".join(" ".join(each.text(language) for each in part) for part in parts if part)

    def to_data(self) -> dict[str, list[dict[str, str]]]:
        """For JSON."""
        return {
            part.name: [{"ko": each.ko, "en": each.en} for each in cast("Said", getattr(self, part.name))]
            for part in fields(self)
        }


@cache
def _texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    data = resources.files("dojang.etax.amendments").joinpath("sentences.toml").read_text(encoding="utf-8")
    return tomllib.loads(data)


def _say(part: str, name: str, **facts: object) -> Sentence:
    found = _texts()[part][name]
    # Days carry their weekday in Korean only.
    return Sentence(fill(found["ko"], facts), _WEEKDAY.sub("", fill(found["en"], facts)))


def _shown(day: date) -> str:
    """A day with its weekday, as Korean screens show deadlines."""
    return f"{day}({_WEEKDAYS[day.weekday()]})"


def preview(plan: Plan) -> Preview:
    """The preview of a plan. For one that is not possible it says why and nothing else."""
    case = plan.case
    if plan.errors or case is None:
        return Preview(refused=tuple(_of_notice(error) for error in plan.errors))
    return Preview(
        conclusion=tuple(_conclusion(plan, case)),
        dates=tuple(_dates(plan, case)),
        balance=tuple(_balance(plan, case)),
        deadline=tuple(_deadline(plan, case)),
        supplier=tuple(_supplier(plan, case)),
        buyer=tuple(_buyer(plan, case)),
        basis=tuple(_basis(plan)),
        confirm=tuple(_confirm(plan, case)),
    )


def _of_notice(notice: Notice) -> Sentence:
    return Sentence(notice.ko, notice.en)


def _reason(plan: Plan) -> AmendmentReason:
    reason = plan.documents[0].amendment_reason
    return cast("AmendmentReason", reason)


def _basis(plan: Plan) -> Iterator[Sentence]:
    yield _say(
        "basis",
        "law_exempt" if plan.documents[0].taxation is Taxation.EXEMPT else "law",
        citation=RULES[_reason(plan)].subtype(plan.request).citation,
    )
    if any(penalty.certainty == "practice" for penalty in plan.penalties):
        yield _say("basis", "disputed")


# 결론 ---------------------------------------------------------------------------------------------------------


def _conclusion(plan: Plan, case: Case) -> Iterator[Sentence]:
    reason = _reason(plan)
    first = plan.documents[0]
    name = reason.value
    if reason is AmendmentReason.DUPLICATE and first.supply_amount > 0:
        name = "06_positive"
    is_change = reason is AmendmentReason.PRICE_CHANGE
    supply = sum(each.supply_amount for each in plan.documents)
    tax = sum(each.tax_amount for each in plan.documents)
    if reason is AmendmentReason.LOCAL_CREDIT:
        supply = first.supply_amount
    kept, kept_en = _kept(plan, case)
    target, target_en = _called(case)
    yield _say(
        "conclusion",
        _of_kind(name, case) if name in _WITH_TAX else name,
        count=len(plan.documents),
        supply=supply if is_change else abs(supply),
        tax=abs(tax),
        signed_tax=_signed(tax),
        kept=kept,
        kept_en=kept_en,
        target=target,
        target_en=target_en,
        invoice=_invoice(case),
        **_signs(first),
    )
    if reason is AmendmentReason.MISTAKE:
        yield from _changes(plan, case)
    for fresh, deadline in zip(plan.follow_ups, plan.follow_up_deadlines, strict=True):
        yield _say(
            "conclusion",
            "follow_up",
            kind=fresh.document_type.ko,
            kind_en=fresh.document_type.en,
            supply=fresh.supply_amount,
            day=fresh.written_on,
            deadline=_shown(deadline),
        )


_WITH_TAX: Final = frozenset({"02", "03", "04"})


def _of_kind(name: str, case: Case) -> str:
    """The text for a kind of document: of a 계산서 no tax is told, since it has none."""
    return f"{name}_exempt" if case.taxation is Taxation.EXEMPT else name


def _invoice(case: Case) -> str:
    return "계산서" if case.taxation is Taxation.EXEMPT else "세금계산서"


def _called(case: Case) -> tuple[str, str]:
    """What a document to be put right is called: who amends an amendment means that, not the original."""
    if case.target.is_supply:
        return f"당초 {_invoice(case)}", "The original"
    return f"이 수정{_invoice(case)}", "This amendment"


def _signs(first: Invoice) -> dict[str, object]:
    """Of the document that takes back and of the one with the right content: an amendment may itself take off."""
    signs = ("+", "−") if sign_of(first) > 0 else ("−", "+")
    return dict(zip(("off", "on"), signs, strict=True))


def _signed(amount: int) -> str:
    return f"{amount:+,}" if amount else "0"


_UNNUMBERED: Final = (
    "승인번호가 없는 문서(종이 세금계산서, 카드전표·현금영수증 등)",
    "a document without an issue id (on paper, a card slip, a cash receipt)",
)


def _kept(plan: Plan, case: Case) -> tuple[str, str]:
    """The document that stays for the deal: the other of two, or the supply that an amendment was about."""
    twin = plan.request.twin if isinstance(plan.request, CancelDuplicate) else None
    if twin is None:
        others = [
            node
            for node in case.chain.tree(case.target)
            if node.is_live and node.is_supply and node is not case.target
        ]
        twin = others[-1].document.reference if others else None
        if others and twin is None:
            return "종이 세금계산서", "the paper invoice"
        if isinstance(plan.request, CancelDuplicate) and plan.request.subtype == duplicate.DUPLICATE.code:
            return _UNNUMBERED
    return ("없음", "none") if twin is None else (shown_number(twin), shown_number(twin))


def _changes(plan: Plan, case: Case) -> Iterator[Sentence]:
    old, new = plan.documents[0], plan.documents[1]
    was, tax_was = -old.supply_amount, -old.tax_amount
    if (was, tax_was) == (new.supply_amount, new.tax_amount):
        yield _say("change", "none")
    else:
        yield _say(
            "change",
            _of_kind("amounts", case),
            supply=was,
            new_supply=new.supply_amount,
            tax=tax_was,
            new_tax=new.tax_amount,
        )
    if old.buyer != new.buyer:
        yield _of_buyers(old.buyer, new.buyer)
    elif old.supplier != new.supplier:
        yield _say("change", "supplier_details", supplier=new.supplier.name)
    elif _says_otherwise_the_same(old, new):
        yield _say("change", "other")
    if old.written_on != new.written_on:
        yield _say("change", "written_on", old=old.written_on, new=new.written_on)
    if old.taxation is not new.taxation:
        yield _say(
            "change",
            "taxation",
            old=old.taxation.ko,
            new=new.taxation.ko,
            old_en=old.taxation.en,
            new_en=new.taxation.en,
        )


def _says_otherwise_the_same(old: Invoice, new: Invoice) -> bool:
    """Whether only what is named nowhere else changes."""
    stated = (old.supply_amount, old.tax_amount) == (-new.supply_amount, -new.tax_amount)
    return stated and (old.written_on, old.taxation) == (new.written_on, new.taxation)


def _of_buyers(old: Buyer, new: Buyer) -> Sentence:
    """From whom to whom; where the names do not tell it, by number, which of a person is not shown."""
    if old.name != new.name:
        return _say("change", "buyer", old=old.name, new=new.name)
    if old.number == new.number:
        return _say("change", "buyer_details", buyer=new.name)
    return _say("change", "buyer", old=_numbered(old), new=_numbered(new))


def _numbered(buyer: Buyer) -> str:
    return f"{buyer.name}({buyer.number})" if buyer.kind is BuyerKind.BUSINESS else buyer.name


# 날짜·비고 ----------------------------------------------------------------------------------------------------

_DATED_BY: Final = {
    AmendmentReason.PRICE_CHANGE: ("변경 확정일", "day the change was settled"),
    AmendmentReason.RETURN: ("반품일", "day of the return"),
    AmendmentReason.CANCELLED_CONTRACT: ("해제일", "day the contract was undone"),
}
_ORIGINAL_DATE: Final = ("당초 작성일자", "date of the original")
_OWN_DATE: Final = ("이 수정{}의 작성일자", "date of the amendment")


def _dated_by(plan: Plan, case: Case) -> tuple[str, str]:
    """What day a document is dated by; 당초 작성일자 is that of the supply, as the remark of an amendment has it."""
    first = plan.documents[0]
    if first.written_on == getattr(plan.request, "event_on", None):
        return _DATED_BY[_reason(plan)]
    if first.written_on == case.chain.base(case.target).invoice.written_on:
        return _ORIGINAL_DATE
    own, own_en = _OWN_DATE
    return own.format(_invoice(case)), own_en


def _dates(plan: Plan, case: Case) -> Iterator[Sentence]:
    first = plan.documents[0]
    what, what_en = _dated_by(plan, case)
    if _reason(plan) is AmendmentReason.MISTAKE and first.written_on != plan.documents[1].written_on:
        yield _say(
            "date",
            "corrected",
            what=what,
            what_en=what_en,
            old=first.written_on,
            new=plan.documents[1].written_on,
            **_signs(first),
        )
    else:
        yield _say("date", "event", what=what, what_en=what_en, day=first.written_on)
    remark = _remark(plan, case)
    if remark is not None:
        yield _say("date", "remark", remark=remark, particle=particle(remark.partition("(")[0], "이/가"))
    yield from (_of_notice(each) for each in plan.warnings if each.code == "dates_swapped")


def _remark(plan: Plan, case: Case) -> str | None:
    """What the reason writes into 비고; what somebody else wrote there, and a foreigner's number, is not told."""
    reason, remarks = _reason(plan), plan.documents[0].remarks
    if reason is AmendmentReason.MISTAKE and case.target.is_supply:
        return None
    own = remarks[len(kept_remarks(case.invoice)) :]
    return own[-1] if own else None


# 잔액 ---------------------------------------------------------------------------------------------------------


def _balance(plan: Plan, case: Case) -> Iterator[Sentence]:
    before, after = plan.before, plan.after
    yield _say(
        "balance",
        _of_kind("all", case),
        supply=before.supply_amount,
        new_supply=after.supply_amount,
        tax=before.tax_amount,
        new_tax=after.tax_amount,
    )
    was_taxed = before.taxable.supply_amount or after.taxable.supply_amount
    if after.zero_rated.supply_amount and was_taxed:
        yield _say(
            "balance",
            "parts",
            taxable=after.taxable.supply_amount,
            zero_rated=after.zero_rated.supply_amount,
        )


# 기한·가산세 --------------------------------------------------------------------------------------------------


def _deadline(plan: Plan, case: Case) -> Iterator[Sentence]:
    if plan.deadline_kind is DeadlineKind.SOFT and plan.deadline is not None:
        yield from _of_soft(plan, case, plan.deadline)
    elif plan.deadline_kind is DeadlineKind.HARD and plan.deadline is not None:
        yield from _of_hard(plan, case, plan.deadline)
    else:
        is_01 = _reason(plan) is AmendmentReason.MISTAKE
        is_optional = is_01 and _subtype(plan) == mistake.OPTIONAL.code
        yield _say("deadline", "optional" if is_optional else "before_audit" if is_01 else "none")
        yield from _of_date(plan, case)
    if plan.follow_ups:
        # A fresh document has penalties of its own, told in their own words.
        yield from _each(plan.penalties)
    transmit = transmit_deadline(case.on, law=case.law, written_on=plan.documents[0].written_on)
    yield _say("deadline", "sending", transmit=_shown(transmit.on))


def _subtype(plan: Plan) -> str | None:
    return RULES[_reason(plan)].subtype(plan.request).code


def _of_soft(plan: Plan, case: Case, deadline: date) -> Iterator[Sentence]:
    shown = _shown(deadline)
    if case.on == deadline:
        yield _say("deadline", "today", deadline=shown)
    elif case.on < deadline:
        yield _say("deadline", "in_time", deadline=shown, days=(deadline - case.on).days)
    elif _reason(plan) is AmendmentReason.LOCAL_CREDIT:
        yield _say("deadline", "credit_late", deadline=shown)
    else:
        yield from _of_late(plan, case, shown)


def _of_late(plan: Plan, case: Case, deadline: str) -> Iterator[Sentence]:
    charged = [each for each in plan.penalties if each.who == "supplier"]
    judged = plan.judged[0]
    if not charged or (charged[0].code != "late_issue" and not judged.is_decrease):
        yield _say("deadline", "late", deadline=deadline)
        yield from _each(tuple(charged))
        return
    # For 계산서 another day than 확정신고기한 turns late into never.
    found = open_case(judged, case.facts, law=case.law, today=case.on)
    buyer_amount = _sum(plan.penalties, "buyer")
    kind = "decrease" if judged.is_decrease else "increase" if buyer_amount else "increase_alone"
    yield _say(
        "deadline",
        f"late_{kind}" if charged[0].code == "late_issue" else f"too_late_{kind}",
        deadline=deadline,
        final=found.words["final_ko"],
        final_en=found.words["final_en"],
        final_due=_shown(found.final.on),
        amount=_sum(plan.penalties, "supplier"),
        buyer_amount=buyer_amount,
        later=_later(plan, case, found.final.on),
    )
    if judged.is_decrease and not judged.is_exempt:
        yield _say("deadline", "buyer_free")


def _sum(penalties: tuple[Penalty, ...], who: str) -> int:
    return sum(each.amount for each in penalties if each.who == who)


def _later(plan: Plan, case: Case, due: date) -> int:
    """What the supplier would owe on the day after the last one on which late is not never."""
    after = due + _DAY
    costs = (
        assess(replace(judged, issued_on=after, sent_on=after), case.facts, law=case.law, today=after)
        for judged in plan.judged
    )
    return sum(_sum(cost.penalties, "supplier") for cost in costs)


def _of_hard(plan: Plan, case: Case, limit: date) -> Iterator[Sentence]:
    yield _say("deadline", "non_mistake", limit=_shown(limit))
    buyers = [each for each in plan.penalties if each.who == "buyer"]
    due = final_return_due(case.original_on, law=case.law, taxpayer=case.facts.supplier).on
    if case.on > due and buyers:
        yield _say(
            "deadline",
            "non_mistake_late",
            final_due=_shown(due),
            buyer=plan.documents[1].buyer.name,
            amount=buyers[0].amount,
        )


def _of_date(plan: Plan, case: Case) -> Iterator[Sentence]:
    """Whether a date put right shows that the original was late."""
    issued_on = case.target.document.issued_on
    if _reason(plan) is not AmendmentReason.MISTAKE or issued_on is None:
        return
    old, new = plan.documents[0], plan.documents[1]
    if old.written_on == new.written_on:
        return
    deadline = issue_deadline(new.written_on, law=case.law).on
    is_late = issued_on > deadline
    yield _say(
        "deadline",
        "date_late" if is_late else "date_in_time",
        issued_on=_shown(issued_on),
        deadline=_shown(deadline),
    )
    if is_late:
        yield from _each(plan.penalties)


_WHO: Final[Mapping[Who, tuple[str, str]]] = {
    "supplier": ("공급자", "Supplier"),
    "buyer": ("거래처", "Buyer"),
}


def _each(penalties: tuple[Penalty, ...]) -> Iterator[Sentence]:
    for each in penalties:
        ko, en = _WHO[each.who]
        yield Sentence(f"{ko} {each.ko}", f"{en}: {each.en}")


# 신고 영향 ----------------------------------------------------------------------------------------------------

_PERIOD_END_MONTHS: Final = "{ko}({first}~{last}월)"


def _named(period: ReturnPeriod) -> str:
    if period.start.month == period.end.month:
        return period.ko
    return _PERIOD_END_MONTHS.format(ko=period.ko, first=period.start.month, last=period.end.month)


def _vat_period(period: ReturnPeriod, case: Case) -> tuple[str, str]:
    """과세기간 of a return, as people call it."""
    found = vat_period(period.end, case.facts.supplier)
    if found.half is None:
        return f"{found.year}년", str(found.year)
    return f"{found.year}년 {found.half}기", f"{found.year}, half {found.half}"


def _period_facts(effect: VatEffect, case: Case) -> dict[str, object]:
    vat_ko, vat_en = _vat_period(effect.period, case)
    return {
        "period": _named(effect.period),
        "period_en": effect.period.en,
        "vat_period": vat_ko,
        "vat_period_en": vat_en,
    }


def _is_exempt(plan: Plan) -> bool:
    documents = (*plan.documents, *plan.follow_ups)
    return all(each.taxation is Taxation.EXEMPT for each in documents)


def _supplier(plan: Plan, case: Case) -> Iterator[Sentence]:
    if _is_exempt(plan):
        yield _say("supplier", "exempt")
        return
    uncertain = [effect for effect in plan.vat.supplier if effect.condition == "filed"]
    certain = [effect for effect in plan.vat.supplier if effect.condition is None]
    for effect in certain:
        yield from _of_effect(effect, plan, case)
    for effect in uncertain:
        yield _of_unknown(effect, plan, case)
    if _is_event(plan):
        for effect in (*certain, *uncertain)[:1]:
            yield from _old_period(effect, case)
    if _becomes_zero_rated(plan, case):
        yield _say("supplier", "evidence")


_BASE: Final = ("과세표준", "supplies")
_ZERO_RATED_BASE: Final = ("영세율 과세표준", "zero-rated supplies")


def _is_event(plan: Plan) -> bool:
    """Whether it is something that happened later, in the return of its own day."""
    return plan.documents[0].written_on == getattr(plan.request, "event_on", None)


def _becomes_zero_rated(plan: Plan, case: Case) -> bool:
    """Whether something is stated at the zero rate that was not; behind a pair stand those that only follow it."""
    documents = (*plan.documents[:2], *plan.follow_ups)
    return case.taxation is not Taxation.ZERO_RATED and any(
        each.taxation is Taxation.ZERO_RATED and each.supply_amount > 0 for each in documents
    )


def _of_unknown(effect: VatEffect, plan: Plan, case: Case) -> Sentence:
    """What holds if a return is filed, and what if not: then another return may be the one."""
    found = _LEVY_ACTIONS if effect.period.is_levy else _FILED_ACTIONS
    action, action_en = found[effect.action]
    keys = {each.period.key for each in plan.vat.supplier if each.condition == "not_filed"}
    others = [
        each for each in plan.vat.supplier if each.condition == "not_filed" and effect.period.key not in keys
    ]
    facts = _period_facts(effect, case) | {"action": action, "action_en": action_en}
    if not others:
        return _say("supplier", "filed_unknown", **facts)
    other = others[0].period
    return _say("supplier", "preliminary_unknown", other=_named(other), other_en=other.en, **facts)


_FILED_ACTIONS: Final = {
    VatAction.AMEND_RETURN: ("수정신고", "an amended return"),
    VatAction.CLAIM_REFUND: ("경정청구", "a claim for a refund"),
    VatAction.PRELIMINARY_UP: ("예정신고 누락분 신고(또는 수정신고)", "the final return, or an amended one"),
    VatAction.PRELIMINARY_DOWN: ("확정신고 반영(또는 경정청구)", "the final return, or a claim"),
}

_LEVY_ACTIONS: Final = {
    VatAction.PRELIMINARY_UP: ("확정신고 반영(또는 수정신고)", "the final return, or an amended one"),
    VatAction.PRELIMINARY_DOWN: _FILED_ACTIONS[VatAction.PRELIMINARY_DOWN],
}


def _of_effect(effect: VatEffect, plan: Plan, case: Case) -> Iterator[Sentence]:
    is_more = effect.supply_delta > 0
    facts = _period_facts(effect, case) | {
        "tax": abs(effect.tax_delta),
        "count": len(plan.documents),
        "supply": abs(effect.supply_delta),
        "direction": "증가" if is_more else "감소",
        "direction_en": "up" if is_more else "down",
        "due": _shown(effect.period.due),
    }
    if effect.action is VatAction.EVENT:
        yield _say("supplier", "event", **facts | {"signed_tax": _signed(effect.tax_delta)})
        if effect.period.due < case.on:
            yield _overdue(effect, case, facts)
    elif effect.action is VatAction.INCLUDE:
        is_late = effect.period.due < case.on
        name = "include_with_evidence" if _becomes_zero_rated(plan, case) else "include"
        yield _overdue(effect, case, facts) if is_late else _say("supplier", name, **facts)
    elif effect.action is VatAction.NONE:
        yield _say("supplier", "none", **facts)
    elif effect.tax_delta == 0:
        is_zero_rated = plan.documents[-1].taxation is Taxation.ZERO_RATED
        base, base_en = _ZERO_RATED_BASE if is_zero_rated else _BASE
        yield _say("supplier", "without_tax", **facts, base=base, base_en=base_en)
        penalty = zero_rated_correction(effect.supply_delta, effect.period, on=case.on)
        if is_zero_rated and penalty:
            yield _say("supplier", "zero_rated_penalty", penalty=penalty)
    elif effect.action is VatAction.CLAIM_REFUND:
        until = refund_until(effect.period, law=case.law)
        name = "claim_refund" if case.on <= until else "claim_expired"
        yield _say("supplier", name, **facts | {"until": until})
    else:
        due = final_return_due(effect.period.end, law=case.law, taxpayer=case.facts.supplier).on
        is_overdue = effect.action in _INTO_FINAL and due < case.on
        name = "levy" if effect.period.is_levy else effect.action.value
        told = facts | _cost(effect, case) | {"due": _shown(due)} | _corrections(effect)
        yield _say("supplier", f"{name}_overdue" if is_overdue else name, **told)


def _overdue(effect: VatEffect, case: Case, facts: Mapping[str, object]) -> Sentence:
    """Of a return that was never filed; a preliminary one can still be caught up by the final one."""
    final_due = final_return_due(effect.period.end, law=case.law, taxpayer=case.facts.supplier).on
    name = "overdue"
    if effect.period.is_before_final and case.on <= final_due:
        name = "overdue_levy" if effect.period.is_levy else "overdue_preliminary"
    return _say("supplier", name, **facts, **_cost(effect, case), final_due=_shown(final_due))


_INTO_FINAL: Final = {VatAction.PRELIMINARY_UP, VatAction.PRELIMINARY_DOWN}


def _corrections(effect: VatEffect) -> dict[str, object]:
    """What a filed return is put right with."""
    ko, en = ("수정신고", "an amended return") if effect.tax_delta > 0 else ("경정청구", "a claim")
    return {"correction": ko, "correction_en": en}


def _cost(effect: VatEffect, case: Case) -> dict[str, object]:
    """What correcting a return that was too low costs."""
    cost = correction(max(effect.tax_delta, 0), effect.period, on=case.on)
    daily = f"{(cost.daily_rate * Decimal(100)).normalize():f}"
    return {"penalty": cost.under_reporting, "daily": daily}


def _old_period(effect: VatEffect, case: Case) -> Iterator[Sentence]:
    """The original's return, if it is another one that is filed or may be, stays as it is."""
    original = case.facts.return_of(case.original_on, law=case.law)
    filed = case.facts.filed(original, on=case.on)
    if original.key == effect.period.key or filed is False:
        return
    is_same = vat_period(original.end, case.facts.supplier) == vat_period(
        effect.period.end, case.facts.supplier
    )
    if is_same and effect.action is not VatAction.EVENT and effect.condition is None:
        # The 과세기간 of both is put right; that one of its returns stays would only confuse.
        return
    ko, en = (original.ko, original.en) if is_same else _vat_period(original, case)
    name = "event_old_period" if filed else "event_old_period_unknown"
    yield _say("supplier", name, old_period=ko, old_period_en=en)


_NOT_DEDUCTING: Final = {
    BuyerTaxType.EXEMPT: ("면세사업자", "exempt"),
    BuyerTaxType.PUBLIC: ("국가·지방자치단체 등", "a public body"),
    BuyerTaxType.INDIVIDUAL: ("개인", "a private person"),
    BuyerTaxType.FOREIGN: ("외국인", "a foreigner"),
}
_NOT_A_BUSINESS: Final = {
    BuyerKind.INDIVIDUAL: _NOT_DEDUCTING[BuyerTaxType.INDIVIDUAL],
    BuyerKind.FOREIGNER: _NOT_DEDUCTING[BuyerTaxType.FOREIGN],
}


def _buyer(plan: Plan, case: Case) -> Iterator[Sentence]:
    if _is_exempt(plan):
        return
    changed = [effect for effect in plan.vat.buyer if effect.action is not VatAction.NONE]
    for effect in changed:
        yield _of_buyer(effect, plan, case)
    if not changed:
        yield _untouched(case)


def _untouched(case: Case) -> Sentence:
    if case.facts.buyer_tax_type is BuyerTaxType.SIMPLIFIED:
        return _say("buyer", "simplified")
    kind = _NOT_A_BUSINESS.get(case.invoice.buyer.kind)
    if kind is None and case.facts.buyer_tax_type is not None:
        kind = _NOT_DEDUCTING.get(case.facts.buyer_tax_type)
    if kind is None:
        return _say("buyer", "none")
    return _say("buyer", "does_not_deduct", kind=kind[0], kind_en=kind[1])


def _of_buyer(effect: VatEffect, plan: Plan, case: Case) -> Sentence:
    facts = _period_facts(effect, case) | _buyer_facts(effect, plan) | {"tax": abs(effect.tax_delta)}
    if effect.action not in {VatAction.EVENT, VatAction.INCLUDE}:
        return _say("buyer", effect.action.value, **facts)
    return _say("buyer", "less" if effect.tax_delta > 0 else "more", **facts)


def _buyer_facts(effect: VatEffect, plan: Plan) -> dict[str, object]:
    """What a buyer is called: by name and number where there are two."""
    numbers = {each.buyer.number for each in plan.vat.buyer if each.buyer is not None}
    if effect.buyer is None or len(numbers) == 1:
        return {"buyer": "거래처", "buyer_en": "the buyer", "buyer_En": "The buyer"}
    names = {each.buyer.name for each in plan.vat.buyer if each.buyer is not None}
    name = effect.buyer.name if len(names) > 1 else _numbered(effect.buyer)
    return {"buyer": f"거래처 {name}", "buyer_en": f"the buyer {name}", "buyer_En": f"The buyer {name}"}


# 확인란 -------------------------------------------------------------------------------------------------------


def _confirm(plan: Plan, case: Case) -> Iterator[Sentence]:
    yield from _confirmed(plan, case)
    for effect in plan.vat.buyer:
        if effect.action is VatAction.AMEND_RETURN:
            yield _say("confirm", "told", **_buyer_facts(effect, plan))
            return


def _confirmed(plan: Plan, case: Case) -> Iterator[Sentence]:
    request = plan.request
    if isinstance(request, ReturnGoods | CancelContract | ChangePrice):
        supply = plan.documents[0].supply_amount
        if isinstance(request, ChangePrice) and supply > 0:
            yield _say("confirm", "02_increase", supply=supply)
        yield _say("confirm", request.reason, day=request.event_on)
    elif isinstance(request, OpenLocalCredit):
        subtype = RULES[_reason(plan)].subtype(request)
        number = f" {request.evidence_number}" if request.evidence_number else ""
        yield _say("confirm", "05", evidence=subtype.ko + number, evidence_en=subtype.en + number)
    elif isinstance(request, CancelDuplicate):
        if not case.target.is_supply:
            yield _say("confirm", "unneeded", invoice=_invoice(case))
        elif request.subtype != duplicate.DUPLICATE.code:
            yield _say(
                "confirm",
                _not_to_be(request),
                kind=plan.documents[0].document_type.original.ko,
                kind_en=plan.documents[0].document_type.original.en,
            )
        elif request.twin is None:
            yield _say("confirm", "duplicate_unnumbered")
        else:
            yield _say("confirm", "duplicate", twin=shown_number(request.twin))
    elif isinstance(request, CorrectMistake) and request.subtype == mistake.NON_MISTAKE.code:
        yield _say("confirm", "non_mistake", buyer=plan.documents[1].buyer.name)


def _not_to_be(request: CancelDuplicate) -> str:
    """What makes a document one that was not to be issued, by sub-type."""
    is_wrong_family = request.subtype == duplicate.NOT_TAXABLE.code and request.replace_with is not None
    return "wrong_family" if is_wrong_family else request.subtype
