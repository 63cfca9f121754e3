"""Other documents that may be the same deal (이중발급), or of the same contract."""

from collections.abc import Iterator
from datetime import timedelta

from dojang.etax.amendments.suggest.case import Case
from dojang.etax.invoice import Invoice

_NEAR = timedelta(days=45)
_SAME_AMOUNT = 1


def twins(case: Case) -> tuple[Invoice, ...]:
    """Documents of the same buyer whose amount is equal or a won off, dated within 45 days; nearest first."""
    found = [other for other in _others(case) if _is_like(other, case.invoice)]
    return tuple(sorted(found, key=lambda other: abs(other.written_on - case.invoice.written_on)))


def same_contract(case: Case) -> tuple[Invoice, ...]:
    """Originals to the same buyer under the same 참조문서번호; none where the target states none.

    What the target amends is none of them: what is left of it is taken off with the target already.
    """
    reference = case.invoice.reference_id
    own = {node.invoice.issue_id for node in case.chain.tree(case.node)}
    return tuple(
        other
        for other in _others(case)
        if reference is not None
        and other.issue_id not in own
        and other.reference_id == reference
        and other.buyer.number == case.invoice.buyer.number
        and not other.document_type.is_amendment
    )


def _others(case: Case) -> Iterator[Invoice]:
    """Every other numbered document there is, once: of the program around, and the chain's other originals."""
    seen = {case.invoice.issue_id, None}
    standing = (root.invoice for root in case.chain.roots if root.is_live)
    for other in (*case.setting.others, *standing):
        if other.issue_id not in seen:
            seen.add(other.issue_id)
            yield other


def _is_like(other: Invoice, invoice: Invoice) -> bool:
    return (
        other.buyer.number == invoice.buyer.number
        and abs(other.supply_amount - invoice.supply_amount) <= _SAME_AMOUNT
        and abs(other.written_on - invoice.written_on) <= _NEAR
    )
