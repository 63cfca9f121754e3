"""Pages that are files: an invoice as PDF, and many of them in one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from dojang.render import Copy
from dojang.service.invoices import papers
from dojang.service.invoices.models import Invoice
from dojang.service.web.language import language_of
from dojang.service.web.numbers import row_id
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@require_safe
def invoice_pdf(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """[PDF]: both copies, or the one that `?copy=` names; `?print=1` shows it instead of storing it."""
    member = member_of(request)
    invoice = get_object_or_404(Invoice, pk=invoice_id, deleted_at=None)
    if not member.may(Right.VIEW, invoice.business_id):
        raise Http404
    data = papers.pdf_of(invoice, copies=_copies(request), language=language_of(request))
    return _file(request, data, slugify(invoice.issue_id or "") or f"draft-{invoice.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def invoices_pdf(request: HttpRequest) -> HttpResponse:
    """[PDF] and [인쇄] for what was ticked: one file of all."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = [one for one in map(row_id, asked.getlist("invoice")) if one]
    data = papers.pdf_of_many(
        member=member_of(request),
        invoice_ids=chosen,
        copies=_copies(request),
        language=language_of(request),
    )
    return _file(request, data, "invoices")


def _file(request: HttpRequest, data: bytes, name: str) -> HttpResponse:
    how = "inline" if (request.POST.get("print") or request.GET.get("print")) else "attachment"
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{how}; filename="{name}.pdf"', "Cache-Control": "no-store"},
    )


def _copies(request: HttpRequest) -> list[Copy]:
    wanted = request.POST.get("copy") or request.GET.get("copy", "")
    return [copy for copy in Copy if copy.value == wanted] or list(Copy)
