"""04 계약의 해제: the contract is undone and nothing is supplied.

Takes off everything that is left, dated 계약해제일; after it only the 04 itself can be amended. One document as a rule;
two where a 05 made a part of the supply zero-rated, since one document has one kind of tax.

Source: 부가가치세법 시행령 제70조제1항제2호.
"""

from collections.abc import Iterator
from dataclasses import replace

from dojang.etax.amendments import events
from dojang.etax.amendments.case import Case, DeadlineKind, Draft, Rule, Subtype
from dojang.etax.amendments.chain import Node, sign_of
from dojang.etax.amendments.messages import Message, message
from dojang.etax.amendments.mirror import Heading, mirrored, part
from dojang.etax.amendments.request import CancelContract
from dojang.etax.amounts import Totals
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.invoice import Invoice

_REASON = AmendmentReason.CANCELLED_CONTRACT

_SUBTYPES = (
    Subtype(
        None,
        None,
        "계약이 해제되어 공급하지 않음",
        "contract undone, nothing supplied",
        "부가가치세법 시행령 제70조제1항제2호",
        DeadlineKind.SOFT,
    ),
)


def _bars(case: Case, _subtype: Subtype) -> Iterator[Message]:
    yield from events.bars(case)
    if not any(left.supply_amount or left.tax_amount for left in case.balance):
        yield message("chain_cancelled")


def _faults(case: Case, request: CancelContract) -> Iterator[Message]:
    yield from _bars(case, _SUBTYPES[0])
    yield from events.faults(case, request.event_on)
    if request.delivered is None:
        yield message("delivered_unknown")


def _draft(case: Case, request: CancelContract) -> Draft:
    case = _of_base(case)
    dated = events.dating(case, _REASON, request.event_on)
    documents = tuple(_documents(case, dated.heading))
    draft = events.drafted(case, documents, request.event_on, dated)
    return draft.warned(message("use_03")) if request.delivered else draft


def _of_base(case: Case) -> Case:
    """A contract is undone as a whole: on its supply, where that stands, whatever document was chosen."""
    base = case.chain.base(case.target)
    return replace(case, target=base) if base.is_live else case


def _documents(case: Case, heading: Heading) -> Iterator[Invoice]:
    for taxation in Taxation:
        left = case.balance.of(taxation)
        if left.supply_amount or left.tax_amount:
            yield _cancelling(_source(case, taxation), left, heading)


def _source(case: Case, taxation: Taxation) -> Node:
    """The document that a part is taken off: the target, or the newest that brought in that kind of tax."""
    if case.taxation is taxation:
        return case.target
    brought = [
        node
        for node in case.chain.tree(case.target)
        if node.is_live and node.invoice.taxation is taxation and sign_of(node.invoice) > 0
    ]
    return brought[-1] if brought else case.target


def _cancelling(source: Node, left: Totals, heading: Heading) -> Invoice:
    heading = replace(heading, original_issue_id=source.document.reference)
    invoice = source.invoice
    if left == (invoice.supply_amount, invoice.tax_amount):
        return mirrored(invoice, heading)
    amounts = Totals(-left.supply_amount, -left.tax_amount)
    return part(invoice, heading, amounts, invoice.document_type.amended, _REASON.ko)


RULE = Rule(_REASON, CancelContract, _SUBTYPES, _bars, _faults, _draft)
