"""전자세금계산서 발급세액공제: 200 won for each e-invoice of a small sole proprietor that was transmitted in time.

Source: 부가가치세법 제47조, 같은 법 시행령 제89조.
"""

from dataclasses import dataclass
from datetime import date

from dojang.etax.calendar.periods import SupplierKind, TaxType
from dojang.etax.facts import Facts
from dojang.etax.parameters.law import Law


@dataclass(frozen=True, slots=True)
class Credit:
    """An estimate.

    Attributes:
        count: e-invoices that earn it.
        amount: in won, what is left of the year's limit at most.
        left: what the year's limit leaves after it, in won.
        citation: the law.
    """

    count: int
    amount: int
    left: int
    citation: str


def credit(in_time: int, *, earlier: int, last_year: int, facts: Facts, on: date, law: Law) -> Credit | None:
    """The credit of a period; None for one who cannot have it.

    Args:
        in_time: 세금계산서 issued electronically in the period and transmitted by 전송기한; 계산서 do not count here.
        earlier: the same of the calendar year before the period.
        last_year: 공급가액 of the year before, taxable and exempt, in won, as far as it is known.
        facts: of the business.
        on: the last day of the period.
        law: the figures.
    """
    if facts.supplier_kind is not SupplierKind.INDIVIDUAL or facts.supplier.tax_type(on) is TaxType.EXEMPT:
        return None
    each = law.parameter("e_credit_each", on)
    limit = law.parameter("e_credit_limit", on).number
    if (
        on > date.fromisoformat(law.parameter("e_credit_until", on).policy)
        or last_year >= law.parameter("e_credit_supply_below", on).number
    ):
        return None
    left = max(0, limit - earlier * each.number)
    amount = min(in_time * each.number, left)
    return Credit(in_time, amount, left - amount, each.citation)
