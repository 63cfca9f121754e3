"""`/w/<slug>/links/…`: what members do with the links of an invoice."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dojang.service.accounts.models import User
from dojang.service.invoices.models import Invoice
from dojang.service.links import services
from dojang.service.links.models import Link
from dojang.service.web.say import say
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@require_POST
def make(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """[링크 만들기]: one to hand over otherwise than by mail."""
    member = member_of(request)
    invoice = get_object_or_404(Invoice, pk=invoice_id, deleted_at=None)
    if not member.may(Right.VIEW, invoice.business_id):
        raise Http404
    member.require(Right.WRITE, invoice.business_id)
    made_by = User.objects.get(pk=member.user_id)
    services.for_invoice(invoice, made_for="", made_by=made_by, now=timezone.now())
    return redirect(f"{_page(member.workspace.slug, invoice.pk)}#links")


@require_POST
def revoke(request: HttpRequest, link_id: uuid.UUID) -> HttpResponse:
    """[링크 끊기]."""
    member = member_of(request)
    known = get_object_or_404(Link.objects.select_related("invoice"), pk=link_id)
    if known.invoice is None or not member.may(Right.VIEW, known.invoice.business_id):
        raise Http404
    link = services.revoke(member=member, link_id=link_id, now=timezone.now())
    messages.success(
        request, say("링크를 끊었습니다. 이제 열리지 않습니다.", "The link was ended and opens nothing now.")
    )
    return redirect(f"{_page(member.workspace.slug, link.invoice_id)}#links")


def _page(slug: str, invoice_id: int | None) -> str:
    return reverse("invoice", args=[slug, invoice_id])
