"""`/v/<token>/…`: the buyer's page, for whoever has its address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from dojang.render import stylesheet
from dojang.service.links import buyer
from dojang.service.links.models import Purpose
from dojang.service.links.opening import opened
from dojang.service.links.pages import address_of, attached, behind_link
from dojang.service.links.services import resolve
from dojang.service.web.language import language_of


@require_safe
@behind_link
def buyer_page(request: HttpRequest, token: str) -> HttpResponse:
    """The document as its buyer may see it. Looking at it by GET says nothing: mail scanners do that too."""
    now = timezone.now()
    with resolve(token, Purpose.VIEW_INVOICE, now) as link:
        page = buyer.page_of(link, language=language_of(request), now=now)
        return render(request, "links/buyer.html", {"page": page, "token": token})


# The token in the address is what lets somebody in; there is no session whose rights a forged request could borrow.
@csrf_exempt
@require_POST
@behind_link
def buyer_opened(request: HttpRequest, token: str) -> HttpResponse:
    """The page says that somebody sees it."""
    now = timezone.now()
    with resolve(token, Purpose.VIEW_INVOICE, now) as link:
        opened(link, address=address_of(request), now=now)
    return HttpResponse(status=204)


@require_safe
@behind_link
def buyer_xml(request: HttpRequest, token: str) -> HttpResponse:
    """The signed document, byte for byte; never one that names a person's number."""
    now = timezone.now()
    with resolve(token, Purpose.VIEW_INVOICE, now) as link:
        name, data = buyer.xml_of(link)
        opened(link, address=address_of(request), now=now)
    return attached(data, name, "application/xml")


@require_safe
@behind_link
def buyer_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The buyer's copy on paper, with the signed XML inside unless it names a person's number."""
    now = timezone.now()
    with resolve(token, Purpose.VIEW_INVOICE, now) as link:
        name, data = buyer.pdf_of(link, language=language_of(request))
        opened(link, address=address_of(request), now=now)
    return attached(data, name, "application/pdf")


@require_safe
def form_style(request: HttpRequest) -> HttpResponse:
    """The style sheet of the legal form, for pages outside workspaces."""
    response = HttpResponse(stylesheet(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
