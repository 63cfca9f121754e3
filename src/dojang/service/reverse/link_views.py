"""`/r/<token>/…`: what a supplier is asked to sign, for whoever has the link; no account is needed.

Looking changes nothing: mail scanners look too.
"""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from dojang.service.invoices import papers, transmitting
from dojang.service.invoices.documents import unpack
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import State as InvoiceState
from dojang.service.links.errors import Cancelled, NoSuchLink
from dojang.service.links.models import Purpose
from dojang.service.links.pages import address_of, attached, behind_link, step_behind_link
from dojang.service.links.services import resolve
from dojang.service.reverse import answering, guests, seen
from dojang.service.reverse.forms import RefusalForm
from dojang.service.signing import views as signing
from dojang.service.tenancy import crossing
from dojang.service.web.language import language_of
from dojang.service.web.limits import limit

#: A person signs once; a page that asks again and again is none.
_STEPS: Final = "60/m/ip"
#: Somebody has a few certificates, and each registration is a job of the transmitter.
_REGISTRATIONS: Final = "30/h/key"
_SIGNED_HERE: Final = "reverse_signed"
_SIGNED_SECONDS: Final = 7 * 24 * 3600

_step = step_behind_link("reverse_step", _STEPS)


@require_safe
@behind_link
def page(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, by whom and until when; once it is over, how it ended."""
    return _page(request, token, RefusalForm())


@require_POST
@_step
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The page says that somebody sees it."""
    guests.opened(token, address=address_of(request), now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@_step
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """[거부]."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, token, form, status=422)
    reason = form.cleaned_data["reason"]
    guests.refuse(token, reason=reason, address=address_of(request), now=timezone.now())
    return redirect("reverse_page", token)


@require_POST
@_step
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """[서명하고 발행]: to the page that signs."""
    guests.begin(token, address=address_of(request), now=timezone.now())
    return redirect("reverse_sign", token)


@require_safe
@behind_link
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """The page that signs this one document."""
    with guests.inside(token, address=address_of(request), now=timezone.now()) as (member, incoming):
        invoice = incoming.invoice
        if invoice is None or invoice.deleted_at is not None or invoice.state != InvoiceState.READY:
            return redirect("reverse_page", token)
        return signing.signing_page(request, member, [invoice], _urls(token))


@require_POST
@_step
def orders(request: HttpRequest, token: str) -> HttpResponse:
    """The exact bytes to be signed."""
    with guests.inside(token, address=address_of(request), now=timezone.now()) as (member, _):
        return signing.orders_for(request, member)


@require_POST
@_step
def issue(request: HttpRequest, token: str) -> HttpResponse:
    """Take the signed document in; the browser that signed may take it back until it is sent.

    Handing the same bytes in again is answered as issued, and whoever has the link can take them along: only the
    request that issued them makes its browser the one that signed.
    """
    with guests.inside(token, address=address_of(request), now=timezone.now()) as (member, incoming):
        before = incoming.invoice
        was_issued = before is None or bool(before.issue_id)
        response = signing.issued_for(request, member)
        invoice = None if before is None else Invoice.objects.get(pk=before.pk)
    if not was_issued and invoice is not None and invoice.issue_id:
        response.set_signed_cookie(
            _SIGNED_HERE,
            invoice.issue_id,
            salt=_SIGNED_HERE,
            max_age=_SIGNED_SECONDS,
            path=reverse("reverse_page", args=[token]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response


@require_POST
@_step
def register(request: HttpRequest, token: str) -> HttpResponse:
    """Register the certificate in the guest's workspace: that its VID proves the supplier's number is told later."""
    now = timezone.now()
    with guests.inside(token, address=address_of(request), now=now) as (member, incoming):
        answering.require_open(crossing.hold_reverse(incoming.pk), now)
        limit(request, "reverse_register", _REGISTRATIONS, key=str(incoming.pk))
        return signing.registered_for(request, member)


@require_GET
@behind_link
def certificate(request: HttpRequest, token: str, certificate_id: int) -> HttpResponse:
    """The verdict on it."""
    with guests.inside(token, address=address_of(request), now=timezone.now()) as (member, _):
        return signing.verdict_for(member, certificate_id)


@require_GET
@behind_link
def session(request: HttpRequest, token: str) -> HttpResponse:
    """There is no log-in to lose: whoever has the link is let in."""
    with resolve(token, Purpose.REVERSE_REQUEST, timezone.now()):
        return JsonResponse({"csrf": ""})


@require_POST
@_step
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """[발행취소] before it is sent, in the browser that signed."""
    now = timezone.now()
    with guests.inside(token, address=address_of(request), now=now) as (member, incoming):
        invoice = guests.require_signer(incoming.invoice, _proof(request))
        transmitting.cancel(member=member, invoice_id=invoice.pk, version=invoice.version, now=now)
    return redirect("reverse_page", token)


@require_safe
@behind_link
def pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The supplier's and the buyer's copy of what was signed here."""
    with guests.inside(token, address=address_of(request), now=timezone.now()) as (_, incoming):
        invoice = _signed(incoming.invoice)
        data = papers.pdf_of(invoice, language=language_of(request))
        return attached(data, f"{invoice.issue_id}.pdf", "application/pdf")


@require_safe
@behind_link
def xml(request: HttpRequest, token: str) -> HttpResponse:
    """What was signed here, byte for byte."""
    with guests.inside(token, address=address_of(request), now=timezone.now()) as (_, incoming):
        invoice = _signed(incoming.invoice)
        stored = SignedDocument.objects.get(invoice=invoice).document
        data = unpack(bytes(stored), workspace_id=invoice.workspace_id)
        return attached(data, f"{invoice.issue_id}.xml", "application/xml")


def _page(request: HttpRequest, token: str, form: RefusalForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    found = seen.by_link(token, language=language_of(request), now=now)
    context: dict[str, Any] = {
        "page": found,
        "token": token,
        "form": form,
        "may_cancel": bool(found.issue_id) and _proof(request) == found.issue_id and found.is_waiting,
    }
    return render(request, "reverse/link.html", context, status=status)


def _signed(invoice: Invoice | None) -> Invoice:
    """An invoice that was signed here and stands.

    Raises:
        NoSuchLink, Cancelled.
    """
    if invoice is None or not invoice.issue_id:
        raise NoSuchLink
    if invoice.state == InvoiceState.CANCELLED:
        raise Cancelled
    return invoice


def _proof(request: HttpRequest) -> str:
    """The issue id of what this browser has signed behind this link."""
    found = request.get_signed_cookie(_SIGNED_HERE, "", salt=_SIGNED_HERE, max_age=_SIGNED_SECONDS)
    return str(found or "")


def _urls(token: str) -> dict[str, str]:
    here = reverse("reverse_page", args=[token])
    return {
        "orders": reverse("reverse_sign_orders", args=[token]),
        "issue": reverse("reverse_sign_issue", args=[token]),
        "register": reverse("reverse_sign_register", args=[token]),
        "certificate": reverse("reverse_sign_certificate", args=[token, 0]).replace("/0/", "/{id}/"),
        "session": reverse("reverse_sign_session", args=[token]),
        **dict.fromkeys(("register_page", "done", "invoice", "new_invoice", "certificates", "renew"), here),
    }
