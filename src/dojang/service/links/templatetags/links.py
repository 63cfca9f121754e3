"""The links of an invoice on its page: `{% load links %}{% invoice_links invoice %}`."""

from typing import Any

from django import template
from django.utils import timezone

from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.links.selectors import links_of
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right

register = template.Library()


@register.inclusion_tag("links/parts/invoice_links.html", takes_context=True)
def invoice_links(context: dict[str, Any], invoice: Invoice) -> dict[str, Any]:
    """Links made, for whom, opened when; for members who may write also their addresses. Nothing before it is issued."""
    member: Member = context["member"]
    may_write = member.may(Right.WRITE, invoice.business_id)
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "member": member,
        "invoice": invoice,
        "is_issued": SignedDocument.objects.filter(invoice=invoice).exists(),
        "links": links_of(invoice, now=timezone.now(), with_address=may_write),
        "may_write": member.offers(Right.WRITE, invoice.business_id),
    }
