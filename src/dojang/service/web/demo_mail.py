"""The mails of the demo: they stay on this machine and are read here."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dojang.service.notices.models import CapturedMail

_PER_PAGE = 50
_POLICY_OF_MAIL = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every captured mail, latest first."""
    _only_in_demo()
    page = Paginator(CapturedMail.objects.only("to", "subject", "created_at"), _PER_PAGE)
    return render(request, "web/demo_mail_list.html", {"page": page.get_page(request.GET.get("page"))})


@require_safe
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail: its text with addresses to press, and its HTML in a frame of its own."""
    _only_in_demo()
    return render(request, "web/demo_mail.html", {"mail": get_object_or_404(CapturedMail, pk=mail_id)})


@require_safe
def mail_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The HTML of one mail, as a mail program shows it: with its own styles, and nothing that runs or is loaded."""
    _only_in_demo()
    html = get_object_or_404(CapturedMail, pk=mail_id).html
    return HttpResponse(html, headers={"Content-Security-Policy": _POLICY_OF_MAIL})


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404
