"""신고 금액: what documents add up to in 합계표 and in the VAT return.

`filing` finds the return that a day belongs to, `cells` adds documents up, and from cells come 합계표 (`summary`),
the lines of the return (`vat_return`), penalties (`charged`) and the credit for issuing electronically (`credit`).
Cells may come from a database as well as from `cells`: everything after them sees only sums.

Only documents that 국세청 accepted count, and paper. An e-invoice that was refused is no invoice, and one that is
not transmitted yet comes in when it is; what is left out is for the caller to tell.

Source: 부가가치세법 제48조·제49조·제54조, 같은 법 시행규칙 별지 제21호·제38호·제39호서식; 소득세법 제163조.
"""

from dojang.etax.returns.charges import Charged, Late, charged, penalties_of
from dojang.etax.returns.credit import Credit, credit
from dojang.etax.returns.filing import Filing, Told, earlier, filing, filings
from dojang.etax.returns.rows import NOTHING, Cell, Key, Party, Row, Side, Sums, cells, parties
from dojang.etax.returns.summary import Family, Summary, SummaryForm, SummaryLine, form_of, summary
from dojang.etax.returns.vat import (
    NOT_DEDUCTIBLE,
    Documents,
    Line,
    Reason,
    VatReturn,
    documents_of,
    vat_return,
)

__all__ = [
    "NOTHING",
    "NOT_DEDUCTIBLE",
    "Cell",
    "Charged",
    "Credit",
    "Documents",
    "Family",
    "Filing",
    "Key",
    "Late",
    "Line",
    "Party",
    "Reason",
    "Row",
    "Side",
    "Summary",
    "SummaryForm",
    "SummaryLine",
    "Sums",
    "Told",
    "VatReturn",
    "cells",
    "charged",
    "credit",
    "documents_of",
    "earlier",
    "filing",
    "filings",
    "form_of",
    "parties",
    "penalties_of",
    "summary",
    "vat_return",
]
