"""Rules about won: sums, signs, tax. All amounts are integers in won (KRW)."""

from collections.abc import Iterator
from datetime import date

from dojang.etax.amounts import Rounding, line_supply, tax_of
from dojang.etax.checks.rule import Hit, InvoiceSearch, Rules, hit
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.invoice import Invoice
from dojang.etax.schema import MAX_ITEMS

RULES = Rules[InvoiceSearch]()

MOST_TAX_DIFFERENCE = 1_000
"""Won by which tax may differ from a tenth of the supply amount before it counts as wrong."""

_SUMS = "부가가치세법 제29조·제32조; KEC 표준전자세금계산서 v3.0, SpecifiedMonetarySummation"
_TAX = "부가가치세법 제30조"
_SIGNS = "KEC 표준전자세금계산서 v3.0 (ERR007)"


@RULES.error(
    "items_missing",
    "품목이 없습니다. 품목을 한 줄 이상 적으세요.",
    "There are no items. Write at least one line.",
    "부가가치세법 시행령 제67조제2항",
)
def _items_missing(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if not invoice.items:
        yield hit("items")


@RULES.error(
    "item_name_missing",
    "품목 이름이 하나도 없습니다. 무엇을 공급했는지 적으세요.",
    "No item has a name. Write what was supplied.",
    "부가가치세법 시행령 제67조제2항",
)
def _item_name_missing(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.items and not any((item.name or "").strip() for item in invoice.items):
        yield hit("items[0].name")


@RULES.error(
    "too_many_items",
    "품목은 99줄까지 적을 수 있습니다. 지금은 {count}줄입니다. 문서를 나누세요.",
    "There may be 99 items; there are {count}. Split the document.",
    "KEC 표준전자세금계산서 v3.0, TaxInvoiceTradeLineItem",
)
def _too_many_items(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if len(invoice.items) > MAX_ITEMS:
        yield hit("items", count=len(invoice.items))


@RULES.error(
    "total_mismatch",
    "합계금액({total:,}원)이 공급가액과 세액의 합({sum:,}원)과 다릅니다.",
    "The total ({total:,} won) is not supply plus tax ({sum:,} won).",
    _SUMS,
)
def _total_mismatch(invoice: Invoice, _on: date) -> Iterator[Hit]:
    total = invoice.supply_amount + invoice.tax_amount
    if invoice.total_amount != total:
        yield hit("total_amount", total=invoice.total_amount, sum=total)


@RULES.error(
    "supply_sum_mismatch",
    "공급가액 합계({stated:,}원)가 품목의 합({sum:,}원)과 다릅니다.",
    "The supply amount ({stated:,} won) is not the sum of the items ({sum:,} won).",
    _SUMS,
)
def _supply_sum_mismatch(invoice: Invoice, _on: date) -> Iterator[Hit]:
    derived = invoice.derived_totals.supply_amount
    if invoice.supply_amount != derived:
        yield hit("supply_amount", stated=invoice.supply_amount, sum=derived)


@RULES.error(
    "tax_sum_mismatch",
    "세액 합계({stated:,}원)가 품목의 합({sum:,}원)과 다릅니다. 합계에서 다시 계산하지 말고 품목을 더하세요.",
    "The tax amount ({stated:,} won) is not the sum of the items ({sum:,} won). Add up the items.",
    _SUMS,
)
def _tax_sum_mismatch(invoice: Invoice, _on: date) -> Iterator[Hit]:
    derived = invoice.derived_totals.tax_amount
    if invoice.tax_amount != derived:
        yield hit("tax_amount", stated=invoice.tax_amount, sum=derived)


@RULES.error(
    "payment_sum_mismatch",
    "현금·수표·어음·외상의 합({sum:,}원)이 합계금액({total:,}원)과 다릅니다. 맞추거나 모두 비우세요.",
    "The payments ({sum:,} won) are not the total ({total:,} won). Correct them or leave all of them out.",
    "KEC 표준전자세금계산서 v3.0, SpecifiedPaymentMeans",
)
def _payment_sum_mismatch(invoice: Invoice, _on: date) -> Iterator[Hit]:
    amounts = [payment.amount for payment in invoice.payments]
    if any(amounts) and sum(amounts) != invoice.total_amount:
        yield hit("payments", sum=sum(amounts), total=invoice.total_amount)


@RULES.error(
    "signs_differ",
    "공급가액과 세액의 부호가 다릅니다. 둘 다 더하기이거나 둘 다 빼기여야 합니다.",
    "Supply and tax have opposite signs. Both must be plus, or both minus.",
    _SIGNS,
)
def _signs_differ(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.supply_amount * invoice.tax_amount < 0:
        yield hit("tax_amount")
    for index, item in enumerate(invoice.items):
        if (item.supply_amount or 0) * (item.tax_amount or 0) < 0:
            yield hit(f"items[{index}].tax_amount")


@RULES.error(
    "amendment_positive",
    "환입과 계약 해제는 빼기 금액이어야 합니다. 금액 앞에 -를 붙이세요.",
    "A return or a cancelled contract has a minus amount. Put a minus sign in front.",
    f"부가가치세법 시행령 제70조제1항제1호·제2호; {_SIGNS}",
)
def _amendment_positive(invoice: Invoice, _on: date) -> Iterator[Hit]:
    reasons = {AmendmentReason.RETURN, AmendmentReason.CANCELLED_CONTRACT}
    if invoice.amendment_reason in reasons and (invoice.supply_amount > 0 or invoice.tax_amount > 0):
        yield hit("supply_amount")


@RULES.warning(
    "duplicate_positive",
    "착오에 의한 이중발급 등(06)은 보통 빼기 금액입니다. 금액의 부호를 확인하세요.",
    "An amendment for a duplicate (06) is minus as a rule. Check the sign of the amount.",
    "부가가치세법 시행령 제70조제1항제6호",
)
def _duplicate_positive(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.amendment_reason is AmendmentReason.DUPLICATE and invoice.supply_amount > 0:
        yield hit("supply_amount")


@RULES.error(
    "amendment_zero",
    "수정(세금)계산서의 금액이 0원입니다. 달라진 금액을 적으세요.",
    "The amendment amounts to 0 won. Give the amount that changed.",
    "부가가치세법 시행령 제70조",
)
def _amendment_zero(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.document_type.is_amendment and not (invoice.supply_amount or invoice.tax_amount):
        yield hit("supply_amount")


@RULES.warning(
    "not_positive",
    "합계금액이 0원 이하입니다. 같은 달 안의 월합계에서 서로 뺀 경우가 아니면 수정발행을 하세요.",
    "The total is not above 0 won. Unless returns of the same month were netted, issue an amendment.",
    "부가가치세법 제34조제3항·시행령 제70조",
)
def _not_positive(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.items and not invoice.document_type.is_amendment and invoice.total_amount <= 0:
        yield hit("total_amount")


def _has_tax(invoice: Invoice) -> Iterator[Hit]:
    if invoice.tax_amount:
        yield hit("tax_amount")
    yield from (
        hit(f"items[{index}].tax_amount") for index, item in enumerate(invoice.items) if item.tax_amount
    )


@RULES.error(
    "zero_rated_tax",
    "영세율은 세액이 0원이어야 합니다. 세액을 0으로 하거나 과세 종류를 고르세요.",
    "A zero-rated document has 0 won tax. Set it to 0 or choose a taxable type.",
    "부가가치세법 제21조–제24조; ERR007",
)
def _zero_rated_tax(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.taxation is Taxation.ZERO_RATED:
        yield from _has_tax(invoice)


@RULES.error(
    "exempt_tax",
    "계산서(면세)에는 세액이 없습니다. 세액을 지우거나 세금계산서를 고르세요.",
    "An exempt invoice has no tax. Remove it or choose a tax invoice.",
    "부가가치세법 제26조; 소득세법 제163조; 법인세법 제121조",
)
def _exempt_tax(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if invoice.taxation is Taxation.EXEMPT:
        yield from _has_tax(invoice)


def _tenths_off(invoice: Invoice) -> int:
    """By how many tenths of a won the tax differs from 10 % of the supply amount."""
    return abs(invoice.tax_amount * 10 - invoice.supply_amount) if invoice.taxation is Taxation.TAXABLE else 0


@RULES.error(
    "tax_wrong",
    "세액({tax:,}원)이 공급가액의 10%({tenth:,}원)와 1,000원 넘게 다릅니다. 세액을 고치세요.",
    "The tax ({tax:,} won) differs from 10 % of the supply amount ({tenth:,} won) by over 1,000 won. Correct it.",
    _TAX,
)
def _tax_wrong(invoice: Invoice, _on: date) -> Iterator[Hit]:
    if _tenths_off(invoice) > 10 * MOST_TAX_DIFFERENCE:
        yield hit("tax_amount", tax=invoice.tax_amount, tenth=tax_of(invoice.supply_amount))


@RULES.warning(
    "tax_off",
    "세액({tax:,}원)이 공급가액의 10%({tenth:,}원)와 조금 다릅니다. 맞는지 확인하세요.",
    "The tax ({tax:,} won) differs a little from 10 % of the supply amount ({tenth:,} won). Check it.",
    f"{_TAX}; 국고금 관리법 제47조 (원 미만 절사)",
)
def _tax_off(invoice: Invoice, _on: date) -> Iterator[Hit]:
    # Each line may drop a fraction of a won.
    if 10 * max(len(invoice.items), 1) <= _tenths_off(invoice) <= 10 * MOST_TAX_DIFFERENCE:
        yield hit("tax_amount", tax=invoice.tax_amount, tenth=tax_of(invoice.supply_amount))


@RULES.warning(
    "line_product",
    "수량 × 단가({product:,}원)와 공급가액({supply:,}원)이 다릅니다. 맞는지 확인하세요.",
    "Quantity times unit price ({product:,} won) is not the supply amount ({supply:,} won). Check it.",
)
def _line_product(invoice: Invoice, _on: date) -> Iterator[Hit]:
    for index, item in enumerate(invoice.items):
        if item.quantity is None or item.unit_price is None or item.supply_amount is None:
            continue
        products = [line_supply(item.quantity, item.unit_price, rounding) for rounding in Rounding]
        if item.supply_amount not in products:
            yield hit(f"items[{index}].supply_amount", product=products[0], supply=item.supply_amount)


@RULES.warning(
    "unit_without_quantity",
    "단위는 수량이 있을 때만 전송됩니다. 수량을 적거나 단위를 지우세요.",
    "A unit is sent only with a quantity. Give the quantity or remove the unit.",
    "KEC 표준전자세금계산서 v3.0, ChargeableUnitQuantity",
)
def _unit_without_quantity(invoice: Invoice, _on: date) -> Iterator[Hit]:
    for index, item in enumerate(invoice.items):
        if item.unit is not None and item.quantity is None:
            yield hit(f"items[{index}].unit")
