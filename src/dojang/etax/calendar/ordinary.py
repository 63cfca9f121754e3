"""Before an ordinary document is issued: whether this supplier may issue it, and whether it is in time.

`check` judges the document by itself; here it is judged by the parties' facts and the day. Amendments have rules
of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dojang.etax.calendar.deadlines import Deadline, final_return_due, issue_deadline, transmit_deadline
from dojang.etax.calendar.periods import TaxType
from dojang.etax.codes import BuyerKind, Taxation
from dojang.etax.facts import Facts
from dojang.etax.invoice import Invoice
from dojang.etax.notices import Notice, distinct
from dojang.etax.parameters.law import Law
from dojang.etax.parameters.table import Parameter


@dataclass(frozen=True, slots=True)
class SimplifiedBusiness:
    """What decides whether a 간이과세자 issues 세금계산서.

    Attributes:
        sales_of_year_before: 직전연도 공급대가 in won; None if unknown.
        first_year: whether the business began in this year.
    """

    sales_of_year_before: int | None = None
    first_year: bool = False

    def sold_less_than(self, amount: int) -> bool:
        """Whether it is known to have sold less in the year before."""
        return self.sales_of_year_before is not None and self.sales_of_year_before < amount


@dataclass(frozen=True, slots=True)
class Issuing:
    """What is to be known before a document is issued.

    Attributes:
        issue: 발급기한.
        transmit: 전송기한, if it is issued on the day asked about.
        transmit_at_once: whether it should be transmitted right after signing, so that 발급일 is that day.
        errors: why it must not be issued.
        warnings: what to look at.
    """

    issue: Deadline
    transmit: Deadline
    transmit_at_once: bool
    errors: tuple[Notice, ...]
    warnings: tuple[Notice, ...]


def before_issue(
    invoice: Invoice,
    facts: Facts,
    *,
    on: date,
    law: Law,
    simplified: SimplifiedBusiness | None = None,
) -> Issuing:
    """Judge an ordinary document that would be issued on a day.

    Args:
        invoice: a 세금계산서 or 계산서 that amends none.
        facts: of both parties.
        on: the day of issue, in Korea.
        law: the figures and the calendar.
        simplified: of a supplier that is 간이과세자, where it is known.
    """
    issue = issue_deadline(invoice.written_on, law=law)
    transmit = transmit_deadline(on, law=law, written_on=invoice.written_on)
    has_mailbox = any(contact.email for contact in invoice.buyer.contacts)
    business = simplified or SimplifiedBusiness()
    return Issuing(
        issue=issue,
        transmit=transmit,
        transmit_at_once=not has_mailbox or on >= issue.on,
        errors=tuple(_errors(invoice, facts, law, business)),
        warnings=distinct(
            (
                *issue.warnings,
                *transmit.warnings,
                *_simplified_warnings(invoice, facts, law, business),
                *_timing(invoice, facts, on, law),
                *(() if has_mailbox else (_NO_MAILBOX,)),
            )
        ),
    )


def _errors(invoice: Invoice, facts: Facts, law: Law, business: SimplifiedBusiness) -> Iterator[Notice]:
    tax_type = _tax_type(invoice, facts)
    least = law.parameter("simplified_invoice_min", invoice.written_on)
    if tax_type is TaxType.EXEMPT:
        yield _EXEMPT_SUPPLIER
    if tax_type is TaxType.SIMPLIFIED and (business.first_year or business.sold_less_than(least.number)):
        yield _receipt_only(least)
    if facts.supplier.is_closed(invoice.written_on):
        yield _SUPPLIER_CLOSED
    if facts.buyer_taxpayer.is_closed(invoice.written_on) and invoice.buyer.kind is BuyerKind.BUSINESS:
        yield _BUYER_CLOSED


def _simplified_warnings(
    invoice: Invoice, facts: Facts, law: Law, business: SimplifiedBusiness
) -> Iterator[Notice]:
    if _tax_type(invoice, facts) is not TaxType.SIMPLIFIED:
        return
    least = law.parameter("simplified_invoice_min", invoice.written_on)
    most = law.parameter("simplified_max", invoice.written_on)
    yield from law.notices(least, most)
    if business.sales_of_year_before is None and not business.first_year:
        yield _sales_unknown(least)
    elif not business.first_year and not business.sold_less_than(most.number):
        yield _too_large(most)


def _tax_type(invoice: Invoice, facts: Facts) -> TaxType | None:
    """The supplier's type as far as it decides who issues 세금계산서; a 계산서 anybody may issue."""
    if invoice.taxation is Taxation.EXEMPT:
        return None
    return facts.supplier.tax_type(invoice.written_on)


def _timing(invoice: Invoice, facts: Facts, on: date, law: Law) -> Iterator[Notice]:
    issue = issue_deadline(invoice.written_on, law=law)
    if on == issue.on:
        yield _LAST_DAY
    if on > issue.on:
        due = final_return_due(invoice.written_on, law=law, taxpayer=facts.supplier)
        yield _late(issue.on, due.on)


def _receipt_only(least: Parameter) -> Notice:
    return Notice(
        "receipt_only",
        f"직전 연도 공급대가가 {_won(least)}원에 못 미치거나 신규인 간이과세자는 세금계산서를 발행할 수 없습니다. 영수증을 발급하세요.",
        f"A simplified taxpayer in its first year, or with less than {_won(least)} won the year before, issues no tax "
        "invoice. Give a receipt.",
        least.citation,
    )


def _sales_unknown(least: Parameter) -> Notice:
    return Notice(
        "simplified_sales_unknown",
        f"간이과세자는 직전 연도 공급대가가 {_won(least)}원 이상일 때만 세금계산서를 발행합니다. 지난해 공급대가를 확인하세요.",
        f"A simplified taxpayer issues tax invoices only with {_won(least)} won or more the year before. Check it.",
        least.citation,
    )


def _too_large(most: Parameter) -> Notice:
    return Notice(
        "simplified_too_large",
        f"직전 연도 공급대가가 {_won(most)}원 이상이면 7월 1일부터 일반과세자입니다. 과세유형을 확인하세요.",
        f"With {_won(most)} won or more the year before one is a general taxpayer from 1 July. Check the tax type.",
        most.citation,
    )


def _late(deadline: date, due: date) -> Notice:
    return Notice(
        "late",
        f"발급기한({deadline})이 지났습니다. {due}까지 발급하면 지연발급, 그 뒤는 미발급 가산세가 있을 수 있으니 서둘러 발급하세요.",
        f"The deadline of {deadline} has passed. Issued by {due} it is late, after that it counts as not issued; "
        "both may cost a penalty. Issue it without delay.",
        "부가가치세법 제60조 제2항",
    )


def _won(parameter: Parameter) -> str:
    return f"{parameter.number:,}"


_EXEMPT_SUPPLIER = Notice(
    "exempt_supplier",
    "면세사업자는 세금계산서를 발행할 수 없습니다. 계산서를 발행하세요.",
    "An exempt business issues no 세금계산서. Issue a 계산서.",
    "부가가치세법 제32조 제1항, 소득세법 제163조 제1항",
)
_SUPPLIER_CLOSED = Notice(
    "supplier_closed",
    "작성일자가 폐업일보다 뒤입니다. 폐업 전의 공급이면 작성일자를 폐업일까지로 적으세요.",
    "The date written lies after the business was closed. Date a supply made before no later than the closing.",
    "부가가치세법 시행령 제28조 제9항",
)
_BUYER_CLOSED = Notice(
    "buyer_closed",
    "거래처가 작성일자 전에 폐업했습니다. 대표자의 주민등록번호로 발행하세요.",
    "The buyer had closed before the date written. Issue it to the representative's resident number.",
    "부가가치세법 제32조 제1항 제2호, 기획재정부 부가가치세제과-358(2014. 9. 5.)",
)
_LAST_DAY = Notice(
    "last_day",
    "오늘이 발급기한입니다. 거래처 메일함에 오늘 들어가야 하므로 서명하면 바로 전송하세요.",
    "Today is the last day. It has to reach the buyer's mailbox today: transmit right after signing.",
    "부가가치세법 시행령 제68조 제11항·제12항",
)
_NO_MAILBOX = Notice(
    "no_mailbox",
    "거래처 이메일이 없어 홈택스에 들어간 날이 발급일입니다. 서명하면 바로 전송하세요.",
    "Without the buyer's e-mail the day of issue is that of reaching Hometax. Transmit right after signing.",
    "부가가치세법 시행령 제68조 제11항·제12항",
)
