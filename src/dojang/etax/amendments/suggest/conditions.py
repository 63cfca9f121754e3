"""What the tree decides by: named conditions of the case."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from dojang.etax.amendments.chain import NodeState, Role, Status
from dojang.etax.amendments.suggest.case import Case
from dojang.etax.amendments.suggest.twins import same_contract
from dojang.etax.amendments.suggest.values import VALUES
from dojang.etax.calendar.deadlines import issue_deadline, months_after, transmit_deadline
from dojang.etax.calendar.early_issue import EarlyFacts, EarlyGround, early_issue
from dojang.etax.calendar.periods import TaxType
from dojang.etax.codes import AmendmentReason, BuyerKind, Taxation
from dojang.etax.invoice import Buyer

_FIVE_YEARS = 60  # months
_ORIGINAL_DATE = ("01", "05", "06")


def _status(*statuses: Status) -> Callable[[Case], bool]:
    return lambda case: case.node.document.status in statuses


def _taxation(taxation: Taxation) -> Callable[[Case], bool]:
    return lambda case: case.invoice.taxation is taxation


def _chose(question: str, *answers: str) -> Callable[[Case], bool]:
    return lambda case: case.given.get(question) in answers


def _unsent_past_deadline(case: Case) -> bool:
    """Not sent, issued in time, and too late to issue anew for nothing."""
    document, deadline = case.node.document, issue_deadline(case.invoice.written_on, law=case.law).on
    was_in_time = document.issued_on is not None and document.issued_on <= deadline
    return document.status is Status.ISSUED and was_in_time and case.on > deadline


def _chain_is_cancelled(case: Case) -> bool:
    """A 04 stands, which itself can still be amended; or a 06 took the supply itself back."""
    cancelling = case.chain.cancelled_by(case.node)
    if cancelling is not None:
        return case.node.role is not Role.CANCEL
    return case.node.state is NodeState.REVERSED and case.node.role is Role.BASE


def _takes_back(case: Case) -> bool:
    """A 06, or one of several 01 on the same document: what can itself only be taken back."""
    return case.node.role is Role.REVERSAL and (
        case.invoice.amendment_reason is AmendmentReason.DUPLICATE or case.chain.is_surplus(case.node)
    )


def _has_its_own_content(case: Case) -> bool:
    return case.node.role is not Role.REVERSAL


# What happened, and when


def _event_is_before_original(case: Case) -> bool:
    return case.event_on is not None and case.event_on < case.node.first_written_on


def _everything_was_gone_before(case: Case) -> bool:
    if not _event_is_before_original(case):
        return False
    corrected = VALUES["corrected_supply"](case)
    return isinstance(corrected, int) and corrected <= 0


def _everything_came_back(case: Case) -> bool:
    returned = case.amount("returned_items")
    return returned is not None and returned.supply_amount == case.balance.supply_amount


def _other_kind_is_left(case: Case) -> bool:
    """All came back, and what became zero-rated by a 05 is not on the document that takes off the rest."""
    return (
        case.given.get("returned_what") == "all"
        and case.reason_is("03")
        and bool(VALUES["other_balance"](case))
    )


def _is_zero(question: str) -> Callable[[Case], bool]:
    def is_zero(case: Case) -> bool:
        amount = case.amount(question)
        return amount is not None and amount.supply_amount == 0

    return is_zero


# 05


def _credit_day(case: Case) -> date:
    day = case.given.get("lc_on")
    return day if isinstance(day, date) else case.on


def _credit_came_too_late(case: Case) -> bool:
    limit = VALUES["lc_limit"](case)
    return isinstance(limit, date) and _credit_day(case) > limit


# The buyer


def _non_mistake_has_expired(case: Case) -> bool:
    limit = VALUES["non_mistake_limit"](case)
    return isinstance(limit, date) and case.on > limit


def _closed_on(case: Case) -> date | None:
    asked = case.given.get("closed_on")
    return asked if isinstance(asked, date) else case.facts.buyer_closed_on


def _buyer_was_in_business(case: Case) -> bool:
    closed_on = _closed_on(case)
    return closed_on is not None and case.invoice.written_on <= closed_on


def _only_other_entries_differ(case: Case) -> bool:
    """Who meant to put the number right has left it as it is, and changed what need not be stated."""
    given, stated = case.given.get("buyer_same"), case.invoice.buyer
    if not isinstance(given, Buyer) or given == stated:
        return False
    return _identity(given) == _identity(stated)


def _identity(buyer: Buyer) -> tuple[BuyerKind, str, str]:
    return buyer.kind, buyer.number, buyer.branch_number or ""


def _successor_is_known(case: Case) -> bool:
    return case.facts.successors.buyer is not None


def _buyer_had_closed(case: Case) -> bool:
    closed_on, event_on = case.facts.buyer_closed_on, case.event_on
    happened_after = closed_on is not None and event_on is not None and event_on > closed_on
    return happened_after and not _successor_is_known(case) and not _event_is_before_original(case)


def _supplier_had_closed(case: Case) -> bool:
    event_on = case.event_on
    return event_on is not None and case.facts.supplier.is_closed(event_on)


# 작성일자


def _date_right(case: Case) -> date:
    right = case.given.get("date_right")
    return right if isinstance(right, date) else case.invoice.written_on


def _early_issue_is_valid(case: Case) -> bool:
    """The facts alone show that issuing ahead was lawful (부가가치세법 제17조)."""
    contract = case.facts.contract_billing
    found = early_issue(
        EarlyFacts(
            issued_on=case.issued_on,
            supplied_on=_date_right(case),
            paid_on=case.facts.paid_on,
            billing_on=contract.billing_on if contract else None,
            payment_on=contract.payment_on if contract else None,
        ),
        law=case.law,
        taxpayer=case.facts.supplier,
    )
    return found.valid and not (found.ground is EarlyGround.SAME_PERIOD and _tax_period_is_unknown(case))


def _tax_period_is_unknown(case: Case) -> bool:
    return case.facts.supplier.tax_type(case.issued_on) is None


# Cross questions


def _audit_matters(case: Case) -> bool:
    if not case.reason_is("01") or _is_optional(case) or "audit" in case.facts.model_fields_set:
        return False
    return case.on > case.final_due


def _filing_matters(case: Case) -> bool:
    """The document stands in a period that is over, and nobody knows whether its return was filed."""
    if not case.reason_is(*_ORIGINAL_DATE) or _is_optional(case) or _files_no_return(case):
        return False
    return case.facts.filed(case.period, on=case.on) is None


def _is_optional(case: Case) -> bool:
    return case.request is not None and case.request.get("subtype") == "optional"


def _files_no_return(case: Case) -> bool:
    return case.invoice.taxation is Taxation.EXEMPT


def _sending_duty_matters(case: Case) -> bool:
    """A penalty for sending may arise, and nobody knows whether the supplier is subject to it."""
    if case.facts.is_obliged is not None or case.request is None:
        return False
    sent_on = case.node.document.sent_on
    deadline = transmit_deadline(case.issued_on, law=case.law, written_on=case.invoice.written_on).on
    original_was_late = sent_on is not None and sent_on > deadline
    dated_back = case.reason_is(*_ORIGINAL_DATE) and case.on > case.final_due
    return original_was_late or dated_back


def _tax_type_switched(case: Case) -> bool:
    """The supplier was 간이 on one of the two days and 일반 on the other (시행령 제70조제2항·제3항)."""
    if case.event_on is None or _files_no_return(case) or not case.reason_is("02", "03", "04"):
        return False
    types = {case.facts.supplier.tax_type(day) for day in (case.invoice.written_on, case.event_on)}
    return types == {TaxType.GENERAL, TaxType.SIMPLIFIED}


def _five_years_passed(case: Case) -> bool:
    return case.reason_is(*_ORIGINAL_DATE) and case.on > months_after(case.final_due, _FIVE_YEARS)


CONDITIONS: Mapping[str, Callable[[Case], bool]] = MappingProxyType(
    {
        # The gate
        "user_is_buyer": lambda case: case.setting.user == "buyer",
        "user_is_principal": lambda case: case.setting.user == "principal",
        "certificate_is_missing": lambda case: not case.setting.has_certificate,
        "was_drafted_by_buyer": lambda case: case.setting.drafted_by_buyer,
        "target_is_import": lambda case: case.invoice.document_type.is_import,
        "target_is_consigned": lambda case: case.invoice.document_type.is_consigned,
        "target_is_unsent": _status(Status.ISSUED),
        "unsent_past_deadline": _unsent_past_deadline,
        "result_is_pending": _status(Status.SUBMITTED, Status.UNKNOWN),
        "target_was_rejected": _status(Status.REJECTED),
        "target_was_cancelled": _status(Status.CANCELLED),
        "target_is_paper": _status(Status.PAPER),
        "target_is_external": _status(Status.EXTERNAL),
        "target_is_superseded": lambda case: case.node.state is NodeState.SUPERSEDED,
        "target_is_reversed": lambda case: case.node.state is NodeState.REVERSED,
        "chain_is_cancelled": _chain_is_cancelled,
        # The target
        "target_is_amendment": lambda case: case.invoice.document_type.is_amendment,
        "target_has_its_own_content": _has_its_own_content,
        "target_only_takes_back": lambda case: not _has_its_own_content(case) and not _takes_back(case),
        "target_takes_back": _takes_back,
        "target_cancels_contract": lambda case: case.node.role is Role.CANCEL,
        "target_stands_for_a_supply": lambda case: (
            case.invoice.supply_amount > 0 and _has_its_own_content(case)
        ),
        "target_is_negative": lambda case: case.invoice.supply_amount < 0,
        "target_is_taxable": _taxation(Taxation.TAXABLE),
        "target_is_zero_rated": _taxation(Taxation.ZERO_RATED),
        "target_is_exempt": _taxation(Taxation.EXEMPT),
        "target_is_not_exempt": lambda case: case.invoice.taxation is not Taxation.EXEMPT,
        "target_has_several_items": lambda case: len(case.invoice.items) > 1,
        "name_is_required": _taxation(Taxation.EXEMPT),
        # What happened
        "event_is_before_original": _event_is_before_original,
        "everything_was_gone_before": _everything_was_gone_before,
        "everything_came_back": _everything_came_back,
        "other_kind_is_left": _other_kind_is_left,
        "contract_has_others": lambda case: bool(same_contract(case)),
        "nothing_is_left": lambda case: case.final_amount == 0,
        "right_amount_is_zero": _is_zero("amount_correct"),
        "nothing_was_left_before": _is_zero("before_amount"),
        # 05
        "nothing_is_taxed": lambda case: (
            VALUES["taxed_balance"](case) == 0 or not _taxation(Taxation.TAXABLE)(case)
        ),
        "credit_was_there_before": lambda case: _credit_day(case) < case.invoice.written_on,
        "credit_came_too_late": _credit_came_too_late,
        # The buyer
        "non_mistake_has_expired": _non_mistake_has_expired,
        "buyer_was_in_business": _buyer_was_in_business,
        "closing_day_matters": lambda case: "closed_before" not in case.given,
        "only_other_entries_differ": _only_other_entries_differ,
        "buyer_had_closed": _buyer_had_closed,
        "supplier_had_closed": _supplier_had_closed,
        "successor_is_needed": _chose("cross_succession", "yes"),
        # 작성일자
        "right_date_is_not_later": lambda case: _date_right(case) <= case.issued_on,
        "early_issue_is_valid": _early_issue_is_valid,
        "early_reason_given": lambda case: bool(case.given.get("date_early")),
        "tax_period_is_unknown": _tax_period_is_unknown,
        # Cross questions
        "audit_matters": _audit_matters,
        "filing_matters": _filing_matters,
        "filing_day_matters": _chose("cross_filed", "filed"),
        "sending_duty_matters": _sending_duty_matters,
        "tax_type_switched": _tax_type_switched,
        "five_years_passed": _five_years_passed,
    }
)
"""Every condition by name."""


def holds(condition: str | None, case: Case) -> bool:
    """Whether a named condition holds; no condition always does."""
    return condition is None or CONDITIONS[condition](case)
