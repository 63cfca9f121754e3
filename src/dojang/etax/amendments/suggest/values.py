"""What texts name and limits are drawn from: dates, amounts and words of the case.

Dates are shown as `2026-08-10(월)`, won as `1,500,000원`. A value that a text names is there wherever the tree can
tell that text; those that a limit draws from may be None, which is no limit.
"""

from collections.abc import Callable, Mapping
from datetime import date
from string import Formatter
from types import MappingProxyType

from dojang.errors import Language
from dojang.etax.amendments.chain import Node, NodeState
from dojang.etax.amendments.particles import fill, shown_number
from dojang.etax.amendments.suggest.case import Answer, Case
from dojang.etax.amendments.suggest.outcome import Words
from dojang.etax.amendments.suggest.shape import Said
from dojang.etax.amendments.suggest.twins import same_contract
from dojang.etax.calendar.deadlines import issue_deadline, local_credit_limit, one_year_limit
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.invoice import Buyer, Invoice


class Won(int):
    """An amount in won."""

    __slots__ = ()


Value = date | Won | int | str | Words | None

_WEEKDAYS = "월화수목금토일"


def shown(value: Value, language: Language) -> str:
    """A value as people read it."""
    if isinstance(value, Words):
        return value.text(language)
    if isinstance(value, date):
        return f"{value}({_WEEKDAYS[value.weekday()]})" if language == "ko" else f"{value} ({value:%a})"
    if isinstance(value, Won):
        return f"{value:,}원" if language == "ko" else f"{value:,} won"
    return "" if value is None else str(value)


def told(text: Said | Words, case: Case, extra: Mapping[str, Value] | None = None) -> Words:
    """A text with its values."""
    return Words(_filled(text.ko, case, "ko", extra or {}), _filled(text.en, case, "en", extra or {}))


def _filled(template: str, case: Case, language: Language, extra: Mapping[str, Value]) -> str:
    """Only what the text names is computed."""
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    values = {name: extra[name] if name in extra else VALUES[name](case) for name in names}
    return fill(template, {name: shown(value, language) for name, value in values.items()})


def _superseded_on(case: Case) -> date | None:
    """When what took the document's place, or took it back, was issued."""
    undoing = [child for child in case.chain.children(case.node) if _undoes(child)]
    return _issued_on(undoing[-1]) if undoing else None


def _undoes(node: Node) -> bool:
    return node.state is not NodeState.VOID and node.invoice.amendment_reason in {
        AmendmentReason.MISTAKE,
        AmendmentReason.DUPLICATE,
    }


def _issued_on(node: Node) -> date:
    return node.document.issued_on or node.invoice.written_on


def _cancelled_on(case: Case) -> date | None:
    cancelling = case.chain.cancelled_by(case.node)
    return cancelling.invoice.written_on if cancelling else _superseded_on(case)


def _late_issue_penalty(case: Case) -> Won:
    rate = case.law.parameter("late_issue", case.invoice.written_on).rate
    return Won(int(abs(case.invoice.supply_amount) * rate))


def _rejection(case: Case) -> Words:
    ko, en = case.setting.rejection
    return Words(f"({ko})" if ko else "", f" ({en})" if en else "")


def _on_closed(case: Case) -> Words:
    day = case.facts.buyer_closed_on
    return Words("", "") if day is None else Words(f" {shown(day, 'ko')}", f" on {shown(day, 'en')}")


def _credit(case: Case) -> Words:
    purchase = case.given.get("lc_kind") == "purchase_confirmation"
    return (
        Words("구매확인서", "purchase confirmation")
        if purchase
        else Words("내국신용장", "local letter of credit")
    )


def _day(answer: Answer | None) -> date | None:
    return answer if isinstance(answer, date) else None


def _lc_limit(case: Case) -> date:
    opened_on = _day(case.given.get("lc_on")) or case.on
    limit = local_credit_limit(
        case.invoice.written_on, law=case.law, opened_on=opened_on, taxpayer=case.facts.supplier
    )
    return limit.on


def _date_right_deadline(case: Case) -> date | None:
    right = _day(case.given.get("date_right"))
    return issue_deadline(right, law=case.law).on if right else None


def line(invoice: Invoice) -> Words:
    """A document in one line."""
    number = shown_number(invoice.issue_id or "-")
    amount = Won(invoice.supply_amount)
    return Words(
        f"작성일자 {shown(invoice.written_on, 'ko')} · 공급가액 {shown(amount, 'ko')} · 승인번호 {number}",
        f"dated {shown(invoice.written_on, 'en')} · {shown(amount, 'en')} · issue id {number}",
    )


def _successor(case: Case) -> str:
    party = case.given.get("changed_successor")
    return party.name if isinstance(party, Buyer) else ""


def _corrected_supply(case: Case) -> Won | None:
    """What the target should have stated, had the event been known."""
    return None if case.delta is None else Won(case.invoice.supply_amount + case.delta)


def _amended_most(case: Case) -> Won | None:
    """A document that takes off can take off no more than is left without it; one that adds has no limit."""
    supply, left = case.invoice.supply_amount, case.chain.balance(case.node).of(case.invoice.taxation)
    return Won(left.supply_amount - supply) if supply < 0 else None


def _switched_on(case: Case) -> date | None:
    event_on = case.event_on
    return event_on and case.facts.supplier.changed_between(case.invoice.written_on, event_on)


def _other_kind(case: Case) -> Taxation | None:
    """Another kind of tax of which something is left in the deal."""
    left = case.chain.balance(case.node)
    kinds = (kind for kind in Taxation if kind is not case.invoice.taxation)
    return next((kind for kind in kinds if left.of(kind).supply_amount > 0), None)


def _other_balance(case: Case) -> Won:
    other = _other_kind(case)
    return Won(case.chain.balance(case.node).of(other).supply_amount if other else 0)


def _other_taxation(case: Case) -> Words:
    other = _other_kind(case)
    return Words(other.ko, other.en) if other else Words("", "")


VALUES: Mapping[str, Callable[[Case], Value]] = MappingProxyType(
    {
        "today": lambda case: case.on,
        "written_on": lambda case: case.invoice.written_on,
        "root_written_on": lambda case: case.node.first_written_on,
        "target_issued_on": lambda case: case.issued_on,
        "zero": lambda _: Won(0),
        "one": lambda _: Won(1),
        "balance": lambda case: Won(case.balance.supply_amount),
        "balance_less_one": lambda case: Won(case.balance.supply_amount - 1),
        "taxed_balance": lambda case: Won(case.chain.own_left(case.node).taxable.supply_amount),
        "other_taxation": _other_taxation,
        "other_balance": _other_balance,
        "target_supply": lambda case: Won(case.invoice.supply_amount),
        "target_supply_less_one": lambda case: Won(case.invoice.supply_amount - 1),
        "target_size": lambda case: Won(abs(case.invoice.supply_amount)),
        "target_tax": lambda case: Won(case.invoice.tax_amount),
        "amended_most": _amended_most,
        "corrected_supply": _corrected_supply,
        "buyer": lambda case: case.invoice.buyer.name,
        "signer": lambda case: case.invoice.signer.name,
        "successor": _successor,
        "taxation": lambda case: Words(case.invoice.taxation.ko, case.invoice.taxation.en),
        "document": lambda case: line(case.invoice),
        "rejection": _rejection,
        "on_closed": _on_closed,
        "supplier_closed_on": lambda case: case.facts.supplier_closed_on,
        "superseded_on": _superseded_on,
        "cancelled_on": _cancelled_on,
        "issue_deadline": lambda case: issue_deadline(case.invoice.written_on, law=case.law).on,
        "late_issue_penalty": _late_issue_penalty,
        "non_mistake_limit": lambda case: (
            one_year_limit(case.invoice.written_on, law=case.law, taxpayer=case.facts.supplier).on
        ),
        "lc_kind": _credit,
        "lc_on": lambda case: _day(case.given.get("lc_on")),
        "lc_limit": _lc_limit,
        "date_right": lambda case: _day(case.given.get("date_right")),
        "date_right_deadline": _date_right_deadline,
        "event_on": lambda case: case.event_on,
        "switched_on": _switched_on,
        "same_contract_count": lambda case: len(same_contract(case)),
        "period": lambda case: Words(case.period.ko, case.period.en),
        "period_end": lambda case: case.period.end,
        "period_due": lambda case: case.period.due,
    }
)
"""Every value by name."""

PROBLEM_VALUES = ("least", "most", "sum", "tax_sum", "digits")
"""What texts of problems name besides."""
