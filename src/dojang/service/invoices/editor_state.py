"""What the editor of an invoice knows, as JSON: where it starts, and what every save says beside the text."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from dojang.etax import Invoice as Document
from dojang.etax import amounts, check
from dojang.etax.findings import Finding
from dojang.service.counterparties import selectors
from dojang.service.invoices import beginnings, content, costs, slips, timing
from dojang.service.invoices.beginnings import Beginning
from dojang.service.invoices.models import Invoice, Template
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right


def start_of(
    member: Member, business: Business, begun: Beginning, *, invoice: Invoice | None
) -> dict[str, Any]:
    """What the editor starts from; `invoice` where it was saved before."""
    slug, counterparty = member.workspace.slug, begun.counterparty
    return {
        "today": timing.today(timezone.now()).isoformat(),
        "may_issue": member.may(Right.ISSUE, business.pk),
        "urls": _urls(slug),
        "business": {
            "id": business.pk,
            "name": business.name,
            "number": business.number,
            "rounding": business.rounding,
            "branches": [{"number": one.number, "name": one.name} for one in business.branches.all()],
        },
        "content": beginnings.for_page(begun.content),
        "kept": begun.kept,
        "counterparty": selectors.as_json(counterparty) if counterparty else None,
        "number": {"masked": begun.number, "source": begun.number_from.value},
        "copied_from": begun.copied_from,
        "saved": told(member, invoice) if invoice else None,
    }


def _urls(slug: str) -> dict[str, str]:
    names = {
        "list": "invoice_list",
        "create": "draft_create",
        "past": "invoice_past",
        "buyers": "invoice_buyer_add",
        "templates": "invoice_templates",
        "template_save": "invoice_template_save",
        "find": "counterparty_find",
        "items": "counterparty_items",
    }
    return {name: reverse(url, args=[slug]) for name, url in names.items()}


def told(member: Member, invoice: Invoice) -> dict[str, Any]:
    """What the page shows beside the text of a saved draft: findings, questions, the deadline and its price."""
    today = timing.today(timezone.now())
    cost = costs.cost_of(invoice, today=today)
    slug = member.workspace.slug
    return {
        "id": invoice.pk,
        "version": invoice.version,
        "saved_at": timezone.localtime(invoice.changed_at).strftime("%H:%M"),
        "number": content.masked_number(invoice),
        "findings": [one.to_data() for one in _findings(invoice, today)],
        "questions": [one.to_data() for one in slips.unanswered(invoice, today=today)],
        "cost": cost.to_data() if cost else None,
        "urls": {
            "edit": reverse("invoice_edit", args=[slug, invoice.pk]),
            "save": reverse("draft_save", args=[slug, invoice.pk]),
            "finish": reverse("draft_finish", args=[slug, invoice.pk]),
            "form": reverse("invoice_form", args=[slug, invoice.pk]),
            "page": reverse("invoice", args=[slug, invoice.pk]),
        },
    }


def _findings(invoice: Invoice, today: date) -> tuple[Finding, ...]:
    parsed = content.parse(invoice)
    if parsed.document is None:
        return parsed.findings
    found = check(parsed.document, on=today)
    if _is_split(invoice, parsed.document):
        return tuple(one for one in found if one.code != "tax_off")
    return found


def _is_split(invoice: Invoice, document: Document) -> bool:
    """Whether every line is a total with tax, split as the law says (제29조 제7항): a won then comes or goes."""
    rounding = invoice.business.towards
    return invoice.editor.get("vat") == "included" and all(
        (supply, tax) == amounts.split_total(supply + tax, rounding)
        for supply, tax in ((item.supply_amount or 0, item.tax_amount or 0) for item in document.items)
    )


def template(member: Member, kept: Template) -> dict[str, Any]:
    """A template in the editor's list."""
    slug = member.workspace.slug
    return {
        "id": kept.pk,
        "name": kept.name,
        "use": f"{reverse('invoice_new', args=[slug])}?template={kept.pk}",
        "delete": reverse("invoice_template_delete", args=[slug, kept.pk]),
    }
