"""What the page of a document shows of its approvals: `{% load approvals %}`."""

from typing import Any

from django import template

from dojang.service.approvals import policies, selectors
from dojang.service.approvals.models import ApprovalPolicy, ApprovalState
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.web.say import say
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right

register = template.Library()

_STATES = {
    ApprovalState.ASKED: ("승인대기", "Waiting"),
    ApprovalState.APPROVED: ("승인", "Approved"),
    ApprovalState.SENT_BACK: ("반려", "Sent back"),
    ApprovalState.TAKEN_BACK: ("요청 취소", "Taken back"),
}


@register.filter
def approval_text(state: str) -> str:
    """How a request stands, in the person's language."""
    return say(*_STATES[ApprovalState(state)])


@register.inclusion_tag("approvals/parts/invoice.html", takes_context=True)
def invoice_approval(context: dict[str, Any], invoice: Invoice) -> dict[str, Any]:
    """The requests for one document, the answer to the open one, and the button that asks."""
    member = context["member"]
    approvals = selectors.of_invoice(invoice)
    is_open = bool(approvals) and approvals[0].state == ApprovalState.ASKED
    waiting = selectors.may_answer(member, approvals[0]) if is_open else None
    return {
        "member": member,
        "csrf_token": context.get("csrf_token"),
        "invoice": invoice,
        "approvals": approvals,
        "waiting": waiting,
        "may_take_back": is_open and member.offers(Right.WRITE, invoice.business_id),
        "may_ask": invoice.state == State.DRAFT
        and bool(invoice.item_count)
        and member.offers(Right.WRITE, invoice.business_id)
        and selectors.is_needed(member, invoice),
    }


@register.simple_tag
def policy_of(business: Business) -> ApprovalPolicy | None:
    """What has to be approved in a business; None for nothing."""
    return policies.policies_of([business.pk]).get(business.pk)
