"""Taking everything out."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from dojang.service.exports import making, selectors, services
from dojang.service.exports.forms import ExportForm
from dojang.service.web.language import language_of, streamed_in
from dojang.service.web.say import say
from dojang.service.workspaces.reauthentication import asks_again
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """What it holds, who took it before, and the button; the button's answer is the file."""
    member_of(request).require(Right.OWN)
    answer: HttpResponse = _export(request)
    return answer


@asks_again
def _export(request: HttpRequest) -> HttpResponse:
    form = ExportForm(request.POST or None, years=selectors.years())
    if request.method == "POST" and form.is_valid():
        return _download(request, form.plan())  # type: ignore[return-value]  # a stream is an answer, too
    context = {"form": form, "earlier": selectors.earlier(), "now": timezone.now()}
    return render(request, "exports/export.html", context)


def _download(request: HttpRequest, plan: making.Plan) -> StreamingHttpResponse:
    member, now = member_of(request), timezone.now()
    parts = {"xml": plan.xml, "pdf_year": plan.pdf_year}
    row = services.begin(member=member, parts=parts, now=now)
    day = timezone.localdate(now)
    name = say(f"{member.workspace.name}_전체_{day}.zip", f"{member.workspace.name}_export_{day}.zip")
    pieces = making.stream(member.workspace.pk, row, plan, clock=timezone.now)
    return StreamingHttpResponse(
        streamed_in(language_of(request), pieces),
        content_type="application/zip",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )
