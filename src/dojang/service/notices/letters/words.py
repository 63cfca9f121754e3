"""Words that several letters share."""

from django.conf import settings
from django.urls import reverse

from dojang.etax.codes import DocumentType
from dojang.service.invoices.models import Invoice
from dojang.service.web.say import say, say_items
from dojang.service.web.templatetags.dojang import business_number, day, issue_id, won
from dojang.service.workspaces.models import Workspace

_TYPES = {one.value: one for one in DocumentType}


def page(name: str, *arguments: object, query: str = "") -> str:
    """The whole address of a page of the open workspace."""
    path = reverse(name, args=[Workspace.objects.get().slug, *arguments])
    return settings.ENVIRONMENT.origin + path + (f"?{query}" if query else "")


def is_sandbox(invoice: Invoice | None = None) -> bool:
    """Whether a document, or all that is issued here now, is 모의."""
    way = invoice.way_out if invoice is not None else ""
    return (way or settings.ENVIRONMENT.nts) == "sandbox"


def document_name(invoice: Invoice) -> str:
    """전자세금계산서, 수정전자계산서, …: 전자 stands before what it is."""
    kind = _TYPES[invoice.document_type]
    return say(kind.electronic, f"electronic {kind.en}")


def amount(won_amount: int) -> str:
    """1,100,000원."""
    return say(f"{won(won_amount)}원", f"{won(won_amount)} won")


def items(invoice: Invoice) -> str:
    """복사용지 외 2건."""
    return say_items(invoice.item_name, invoice.item_count)


def supplier_name(invoice: Invoice) -> str:
    """Whose sale it is: 위탁자 of a consigned document, our business otherwise."""
    name: str = invoice.supplier_name or invoice.business.name
    return name


def supplier(invoice: Invoice) -> str:
    """The same with its number."""
    if not invoice.supplier_name:
        return _own(invoice)
    return f"{invoice.supplier_name} ({business_number(invoice.supplier_number)})"


def _own(invoice: Invoice) -> str:
    return f"{invoice.business.name} ({business_number(invoice.business.number)})"


def invoice_facts(invoice: Invoice) -> tuple[tuple[str, str], ...]:
    """What tells one document from another. Nobody's personal number is among it."""
    found = (
        (say("공급자", "Supplier"), supplier(invoice)),
        (say("수탁자", "Broker"), _own(invoice) if invoice.supplier_name else ""),
        (say("공급받는자", "Buyer"), invoice.buyer_name),
        (say("작성일자", "Date written"), day(invoice.written_on)),
        (say("품목", "Items"), items(invoice)),
        (say("공급가액", "Supply amount"), amount(invoice.supply_amount)),
        (say("세액", "Tax"), amount(invoice.tax_amount) if not _is_exempt(invoice) else ""),
        (say("합계금액", "Total"), amount(invoice.total_amount)),
        (say("승인번호", "Issue id"), issue_id(invoice.issue_id or "")),
    )
    return tuple((name, value) for name, value in found if value)


def one_line(invoice: Invoice) -> str:
    """한 줄: 거래처, 작성일자, 합계금액."""
    return f"{invoice.buyer_name or '—'} · {day(invoice.written_on)} · {amount(invoice.total_amount)}"


def _is_exempt(invoice: Invoice) -> bool:
    return invoice.document_type[:2] in {"03", "04"}
