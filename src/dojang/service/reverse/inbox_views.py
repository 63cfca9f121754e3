"""`/w/<slug>/reverse/in/…`: what buyers ask us to sign."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dojang.etax import Invoice as Document
from dojang.etax import check
from dojang.etax.findings import errors
from dojang.render import Copy, form
from dojang.render import render as render_form
from dojang.service.invoices import timing
from dojang.service.invoices.states import State as InvoiceState
from dojang.service.links.listing import listed
from dojang.service.notices.letters.words import is_sandbox
from dojang.service.reverse import answering, selectors
from dojang.service.reverse.forms import RefusalForm
from dojang.service.reverse.models import IncomingReverse, State
from dojang.service.web.language import language_of
from dojang.service.web.say import say
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """받은 역발행 요청."""
    member = member_of(request)
    now = timezone.now()
    context = {
        **listed(request, selectors.received(member), selectors.RECEIVED_TABS),
        "today": timing.today(now),
        "now": now,
    }
    return render(request, "reverse/inbox.html", context)


@require_safe
def incoming(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """One of them: the form, who asks, until when, and what can be done."""
    row = selectors.incoming_for(member_of(request), incoming_id)
    return _page(request, row, RefusalForm())


@require_POST
def accept(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """[확인하고 발행]: ready, and on to the page that signs; or to its own page where an approval comes first."""
    member = member_of(request)
    invoice = answering.prepare(member=member, incoming_id=incoming_id, now=timezone.now())
    slug = member.workspace.slug
    if invoice.state == InvoiceState.READY:
        return redirect(f"{reverse('sign', args=[slug])}?invoices={invoice.pk}")
    return redirect("invoice", slug, invoice.pk)


@require_POST
def refuse(request: HttpRequest, incoming_id: int) -> HttpResponse:
    """[거부]."""
    member = member_of(request)
    typed = RefusalForm(request.POST)
    if not typed.is_valid():
        return _page(request, selectors.incoming_for(member, incoming_id), typed, status=422)
    reason = typed.cleaned_data["reason"]
    answering.refuse(member=member, incoming_id=incoming_id, reason=reason, now=timezone.now())
    messages.success(
        request, say("거부했습니다. 요청한 거래처에 알립니다.", "It was refused, and the buyer is told.")
    )
    return redirect("reverse_incoming", member.workspace.slug, incoming_id)


def _page(
    request: HttpRequest, row: IncomingReverse, typed: RefusalForm, *, status: int = 200
) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    today = timing.today(now)
    document = Document.from_data(row.content)
    is_over = row.expires_at is None or row.expires_at <= now
    state = State.EXPIRED if is_over and row.state == State.REQUESTED else State(row.state)
    made = row.invoice if row.invoice is not None and row.invoice.deleted_at is None else None
    context = {
        "row": row,
        "state": state,
        "form": render_form(
            form(document, copy=Copy.SUPPLIER), sandbox=is_sandbox(), language=language_of(request)
        ),
        "refusal": typed,
        "findings": errors(check(document, on=today)) if state == State.REQUESTED else (),
        "invoice": made,
        "may_answer": state == State.REQUESTED and member.offers(Right.ISSUE, row.business_id),
        "days_left": (row.issue_by - today).days if row.issue_by else None,
    }
    return render(request, "reverse/incoming.html", context, status=status)
