"""홈택스 일괄발급: look at what was chosen, make the file, say how it ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from dojang.hometax.bulk import layout
from dojang.service.hometax import bulk
from dojang.service.hometax.bulk import Options
from dojang.service.hometax.errors import NothingChosen
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with


@require_http_methods(["GET", "HEAD", "POST"])
def hometax_bulk(request: HttpRequest) -> HttpResponse:
    """What the file is for, and which documents wait for how it ended; POST looks at what was chosen in the list."""
    member = member_of(request)
    if not businesses_with(member, Right.ISSUE):
        member.require(Right.ISSUE)
    context: dict[str, object] = {"layout": layout(), "most": bulk.MOST}
    if request.method == "POST":
        options = _options(request)
        looked = bulk.look(member=member, invoice_ids=_chosen(request), options=options, now=timezone.now())
        context |= {
            "looked": looked,
            "fitting": sum(one.fits for one in looked),
            "options": options,
            "is_again": any(one.held is not None for one in looked),
            "is_long": any(finding.code == "too_many_items" for one in looked for finding in one.findings),
        }
    else:
        context["waiting"] = bulk.waiting(member)
    return render(request, "hometax/bulk.html", context)


@require_POST
def hometax_bulk_make(request: HttpRequest) -> HttpResponse:
    """[파일 만들기]."""
    made = bulk.make(
        member=member_of(request),
        invoice_ids=_chosen(request),
        options=_options(request),
        now=timezone.now(),
    )
    disposition = content_disposition_header(as_attachment=True, filename=made.name)
    return HttpResponse(
        made.content,
        content_type=made.content_type,
        headers={"Content-Disposition": disposition or "attachment"},
    )


@require_POST
def hometax_bulk_release(request: HttpRequest) -> HttpResponse:
    """[파일에서 빼기]: these were not issued on Hometax."""
    member = member_of(request)
    count = bulk.release(member=member, invoice_ids=_chosen(request), now=timezone.now())
    messages.success(
        request,
        say(
            f"{count}건을 파일에서 뺐습니다. 이제 여기서 발행할 수 있습니다. 받아 둔 파일을 홈택스에 올리지 마세요.",
            f"{count} taken out of the file: they can be issued here now. Don't upload the file to Hometax any more.",
        ),
    )
    return redirect("hometax_bulk", member.workspace.slug)


def _options(request: HttpRequest) -> Options:
    return Options(combine=bool(request.POST.get("combine")), again=bool(request.POST.get("again")))


def _chosen(request: HttpRequest) -> list[int]:
    """The ticked ids. Raises NothingChosen."""
    ids = [one for one in map(row_id, request.POST.getlist("invoice")) if one]
    if not ids:
        raise NothingChosen
    return ids[: bulk.MOST]
