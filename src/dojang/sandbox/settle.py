"""The book's part of the verdict, and the filing: what another document decides.

SYN003 for an issue id that is registered already or stands twice in one package, ERR011 for an original that is
not there or another supplier's, and verdicts forced by a fault. All verdicts of a submission are written in one
transaction with what they file.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from dojang.etax.identifiers import IssueId
from dojang.etax.invoice import Invoice
from dojang.nts.codes import ResultCode
from dojang.sandbox.examine import Examined
from dojang.sandbox.faults import FaultKind
from dojang.sandbox.ledger import Ledger
from dojang.sandbox.mapping import in_order
from dojang.sandbox.rows import Filed


@dataclass(frozen=True, slots=True)
class Rules:
    """What the book is read by: whose issue ids have to be in it, and which originals need not."""

    registrations: Collection[str]
    paper_originals: Collection[str]


def settle(ledger: Ledger, submit_id: str, examined: Sequence[Examined], rules: Rules, at: datetime) -> None:
    """Write the verdict on every document of a submission, in the order of its package, and file the good ones."""
    numbers = ledger.document_numbers(submit_id)
    often = Counter(document.issue_id for document in examined)
    verdicts: list[tuple[int, tuple[str, ...]]] = []
    for place in _originals_first(examined):
        document = examined[place]
        forced = ledger.use_fault(
            lambda fault, issue_id=document.issue_id: (
                fault.kind is FaultKind.CODE and fault.fits(None, submit_id, {issue_id})
            )
        )
        if forced is not None:
            verdicts.append((numbers[place], forced.codes))
            continue
        codes: set[str] = {*document.codes, *_of_book(ledger, document, rules)}
        if often[document.issue_id] > 1:
            # A SET has no order: none of the two is the first, so neither is filed.
            codes.add(ResultCode.SYN003)
        if document.invoice is not None and not codes:
            ledger.file(_filed(document.issue_id, numbers[place], document.invoice))
            codes = {ResultCode.SUC001}
        verdicts.append((numbers[place], in_order(codes)))
    ledger.set_codes(verdicts)
    ledger.set_judged(submit_id, at)


def _of_book(ledger: Ledger, document: Examined, rules: Rules) -> set[str]:
    codes: set[str] = set()
    if ledger.filed(document.issue_id) is not None:
        codes.add(ResultCode.SYN003)
    if document.invoice is not None and not _has_original(ledger, document.invoice, rules):
        codes.add(ResultCode.ERR011)
    return codes


def _has_original(ledger: Ledger, invoice: Invoice, rules: Rules) -> bool:
    """Whether the original, if one is named, is filed by this supplier, of paper, or issued elsewhere."""
    original = IssueId.parse(invoice.original_issue_id or "")
    if original is None or str(original) in rules.paper_originals:
        return True
    filed = ledger.filed(str(original))
    if filed is not None:
        return filed.supplier == invoice.supplier.business_number
    return original.registration not in rules.registrations


def _originals_first(examined: Sequence[Examined]) -> list[int]:
    """The places of a package so that a document comes after the one that it amends."""
    originals = {
        document.issue_id: document.invoice.original_issue_id
        for document in examined
        if document.invoice is not None
    }

    def depth(place: int) -> int:
        steps, issue_id = 0, originals.get(examined[place].issue_id)
        # Two documents may name each other; no way is longer than the package.
        while issue_id in originals and steps < len(examined):
            steps, issue_id = steps + 1, originals[issue_id]
        return steps

    return sorted(range(len(examined)), key=depth)


def _filed(issue_id: str, number: int, invoice: Invoice) -> Filed:
    return Filed(
        issue_id=issue_id,
        document=number,
        supplier=invoice.supplier.business_number,
        document_type=invoice.document_type.value,
        written_on=invoice.written_on,
        supply_amount=invoice.supply_amount,
        tax_amount=invoice.tax_amount,
    )
