"""The list of invoices, the page of one, and what can be done with it besides writing and signing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from dojang.etax.xml_reader import read
from dojang.render import Copy, page, stylesheet
from dojang.render import render as render_form
from dojang.service.audit.models import Event
from dojang.service.errors import ServiceError
from dojang.service.invoices import (
    batches,
    content,
    documents,
    drafts,
    guards,
    listing,
    papers,
    revealing,
    timing,
    transmitting,
)
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import Action, State, actions_from
from dojang.service.lists import keeping, pages
from dojang.service.transmission import operating
from dojang.service.web.language import language_of
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import offers_somewhere

_MOST_SIGNED = 1000
#: What a document that another part of the service has a say in (a request, an amendment) may not be offered.
_CHANGES = frozenset({Action.EDIT, Action.REOPEN})


class NothingChosen(ServiceError):
    """A button for many was pressed with none ticked."""

    code = "nothing_chosen"
    ko = "목록에서 먼저 세금계산서를 선택해 주세요."
    en = "Choose invoices in the list first."


@require_safe
def invoice_list(request: HttpRequest) -> HttpResponse:
    """The list of sales invoices, as its address asks for it."""
    member = member_of(request)
    may_write = offers_somewhere(member, Right.WRITE)
    return pages.list_page(request, listing.SALES, template="invoices/list.html", may_write=may_write)


@require_safe
def invoice_list_totals(request: HttpRequest) -> HttpResponse:
    """Its sums alone."""
    return pages.totals(request, listing.SALES)


@require_safe
def invoice_list_excel(request: HttpRequest) -> HttpResponseBase:
    """[엑셀 내려받기]: all of it."""
    return pages.workbook(request, listing.SALES)


@require_safe
def invoice_page(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """One invoice: its form, dates, history, and what can be done now."""
    member = member_of(request)
    invoice = _invoice(member, invoice_id)
    now = timezone.now()
    document = _document(invoice)
    context = {
        "invoice": invoice,
        "document": document,
        "form": render_form(
            papers.filled(invoice, document, Copy.SUPPLIER),
            sandbox=papers.is_sandbox(invoice),
            language=language_of(request),
        )
        if document
        else "",
        "dates": listing.dates(invoice, now=now),
        "events": Event.objects.filter(invoice=invoice).select_related("actor").order_by("sequence"),
        "can": {
            step.action.value
            for step in actions_from(State(invoice.state))
            if _may(member, invoice, step.who)
            and not (
                step.action in _CHANGES and guards.refusals(step.action, [invoice], member=member, now=now)
            )
        },
        "why": transmitting.why_rejected(invoice, now=now),
        "held": operating.held_back(invoice),
        "advice": transmitting.cancel_advice(invoice, now=now) if invoice.state == State.ISSUED else None,
        "may_write": member.offers(Right.WRITE, invoice.business_id),
        "may_issue": member.offers(Right.ISSUE, invoice.business_id),
        "signed": SignedDocument.objects.filter(invoice=invoice).select_related("certificate").first(),
    }
    return render(request, "invoices/invoice.html", context)


@require_safe
def form_page(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """The legal form, to be printed: both copies, or the one that `?copy=` names."""
    invoice = _invoice(member_of(request), invoice_id)
    document = _document(invoice)
    if document is None:
        raise Http404
    wanted = request.GET.get("copy", "")
    copies = [copy for copy in Copy if copy.value == wanted] or list(Copy)
    text = page(
        *(papers.filled(invoice, document, copy) for copy in copies),
        sandbox=papers.is_sandbox(invoice),
        language=language_of(request),
    )
    response = HttpResponse(text)
    # The page carries its own style sheet; nothing else may be loaded or run.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return response


@require_safe
def form_style(request: HttpRequest) -> HttpResponse:
    """The style sheet of the legal form."""
    response = HttpResponse(stylesheet(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def xml(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """The signed document, byte for byte."""
    member = member_of(request)
    invoice = _invoice(member, invoice_id)
    data = revealing.signed_xml(member=member, invoice_id=invoice.pk, now=timezone.now())
    name = slugify(invoice.issue_id or "") or "invoice"
    return HttpResponse(
        data,
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{name}.xml"'},
    )


@require_POST
def sign_chosen(request: HttpRequest) -> HttpResponse:
    """[n건 발행하기]: to the signing page with what was ticked; drafts that are whole are finished first.

    What looks like a slip is asked on one page for all of them; what is ticked there goes on.
    """
    member = member_of(request)
    chosen = _chosen(request)
    rows = list(
        Invoice.objects.filter(pk__in=chosen, deleted_at=None).select_related("counterparty").order_by("pk")
    )
    asked = batches.asked(
        (row for row in rows if member.may(Right.VIEW, row.business_id)),
        answered=frozenset(request.POST.getlist("answered")),
        today=timing.today(timezone.now()),
    )
    if asked.questions:
        page = {
            "plain": asked.plain,
            "asked": asked.questions,
            "count": len(asked.plain) + len(asked.questions),
        }
        return render(request, "invoices/asked.html", page)
    ready = []
    for invoice in rows:
        if invoice.state == State.DRAFT:
            try:
                drafts.finish(
                    member=member, invoice_id=invoice.pk, version=invoice.version, now=timezone.now()
                )
            except ServiceError as error:
                told = say(error.text("ko"), error.text("en"))
                messages.warning(request, f"{invoice.buyer_name or invoice.pk}: {told}")
                continue
        elif invoice.state != State.READY:
            continue
        ready.append(invoice.pk)
    if not ready:
        return redirect("invoice_list", member.workspace.slug)
    address = reverse("sign", args=[member.workspace.slug])
    query = QueryDict(mutable=True)
    query["invoices"] = ",".join(map(str, ready[:_MOST_SIGNED]))
    return redirect(f"{address}?{query.urlencode(safe=',')}")


@require_POST
def transmit_chosen(request: HttpRequest) -> HttpResponse:
    """[지금 전송] for what was ticked, or for one."""
    member = member_of(request)
    count = transmitting.transmit_now(member=member, invoice_ids=_chosen(request), now=timezone.now())
    messages.success(
        request,
        say(f"{count}건을 지금 전송합니다.", f"{count} invoice(s) are being sent now.")
        if count
        else say("전송할 것이 없습니다.", "There is nothing to send."),
    )
    return _back(request, member)


@require_POST
def ask_again(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """[결과 다시 확인]."""
    member = member_of(request)
    transmitting.ask_again(member=member, invoice_id=_invoice(member, invoice_id).pk, now=timezone.now())
    messages.info(
        request, say("국세청에 결과를 다시 물어봅니다.", "The NTS is being asked for the result again.")
    )
    return redirect("invoice", member.workspace.slug, invoice_id)


@require_POST
def cancel(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """[발행취소], before transmission."""
    member = member_of(request)
    transmitting.cancel(
        member=member,
        invoice_id=_invoice(member, invoice_id).pk,
        version=_version(request),
        now=timezone.now(),
    )
    messages.success(
        request,
        say("발행을 취소했습니다. 국세청에는 전송되지 않습니다.", "Cancelled. It is not sent to the NTS."),
    )
    return redirect("invoice", member.workspace.slug, invoice_id)


@require_POST
def reopen(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Back to a draft, to change something before signing."""
    member = member_of(request)
    row = _invoice(member, invoice_id)
    drafts.reopen(member=member, invoice_id=row.pk, version=_version(request), now=timezone.now())
    return redirect("invoice_edit", member.workspace.slug, invoice_id)


@require_POST
def delete(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Throw a draft away."""
    member = member_of(request)
    row = _invoice(member, invoice_id)
    drafts.delete(member=member, invoice_id=row.pk, version=_version(request), now=timezone.now())
    messages.success(request, say("임시저장한 내용을 지웠습니다.", "The draft was deleted."))
    return redirect("invoice_list", member.workspace.slug)


@require_POST
def copy(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """[복사해서 작성]: a new draft, dated today."""
    member = member_of(request)
    source = _invoice(member, invoice_id)
    now = timezone.now()
    made = drafts.copy(member=member, source=source, written_on=timing.today(now), now=now)
    return redirect("invoice_edit", member.workspace.slug, made.pk)


def _invoice(member: Member, invoice_id: int) -> Invoice:
    """An invoice that this member may see; what they may not see is not there."""
    rows = Invoice.objects.select_related("business", "created_by", "changed_by", "copied_from")
    invoice = get_object_or_404(rows, pk=invoice_id, deleted_at=None)
    if not member.may(Right.VIEW, invoice.business_id):
        raise Http404
    return invoice


def _document(invoice: Invoice) -> Any:
    """What was signed, read from the signed bytes; before that, the draft, if it is a document yet."""
    signed = SignedDocument.objects.filter(invoice=invoice).first()
    if signed is not None:
        return read(documents.unpack(bytes(signed.document), workspace_id=invoice.workspace_id)).invoice
    return content.parse(invoice).document


def _may(member: Member, invoice: Invoice, who: Any) -> bool:
    return who.right is not None and member.may(who.right, invoice.business_id)


def _chosen(request: HttpRequest) -> list[int]:
    """The ticked ids. Raises NothingChosen."""
    ids = [one for one in map(row_id, request.POST.getlist("invoice")) if one]
    if not ids:
        raise NothingChosen
    return ids[:_MOST_SIGNED]


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0  # noqa: PLR2004 (integer)


def _back(request: HttpRequest, member: Member) -> HttpResponse:
    chosen = _chosen(request)
    if len(chosen) == 1 and request.POST.get("from") == "invoice":
        return redirect("invoice", member.workspace.slug, chosen[0])
    address = reverse("invoice_list", args=[member.workspace.slug])
    # The conditions it was pressed under, and nothing else of an address.
    query = request.POST.get("query", "")
    return redirect(f"{address}?{keeping.conditions(query)}" if query else address)
