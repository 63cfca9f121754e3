"""Lists of Hometax: upload, look, take over, close drafts."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dojang.service.hometax import bulk, findings_sheet, importing
from dojang.service.hometax.errors import ListTooLarge, ListUnreadable, NothingChosen, RowsGone, TooManyLists
from dojang.service.hometax.models import UNDER_WAY, ListImport, ListState, Verdict
from dojang.service.hometax.reading import MOST_BYTES
from dojang.service.hometax.words import KINDS
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say, say_error
from dojang.service.web.spreadsheet import CONTENT_TYPE
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with, offers_somewhere

_SHOWN_LISTS: Final = 50
_ROWS_OF_PAGE: Final = 100


@require_http_methods(["GET", "HEAD", "POST"])
def hometax_lists(request: HttpRequest) -> HttpResponse:
    """Choose a file; and the lists that were uploaded before."""
    member = member_of(request)
    if not businesses_with(member, Right.WRITE):
        member.require(Right.WRITE)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            found = _uploaded(member, request.FILES.get("file"))
        except (ListTooLarge, ListUnreadable, TooManyLists) as error:
            refusal, status = say_error(error), error.status
        else:
            return redirect("hometax_list", member.workspace.slug, found.pk)
    rows = ListImport.objects.defer("file", "findings").select_related("by").order_by("-pk")[:_SHOWN_LISTS]
    context = {
        "lists": [one for one in rows if importing.may_see(member, one)],
        "refusal": refusal,
        "may_write": offers_somewhere(member, Right.WRITE),
    }
    return render(request, "hometax/lists.html", context, status=status)


def _uploaded(member: Member, file: Any) -> ListImport:
    if file is None:
        raise ListUnreadable
    if file.size is None or file.size > MOST_BYTES:
        raise ListTooLarge
    return importing.upload(member=member, content=file.read(), file_name=file.name or "", now=timezone.now())


@require_safe
def hometax_list(request: HttpRequest, listimport_id: int) -> HttpResponse:
    """How far a list is, and what was found in it."""
    member = member_of(request)
    found = importing.list_for(member, listimport_id)
    kinds = [(kind, found.counts.get(kind.verdict, 0)) for kind in KINDS]
    there = [kind for kind, count in kinds if count]
    wanted = request.GET.get("show", "")
    current = next((kind for kind in there if kind.verdict == wanted), there[0] if there else None)
    rows = found.rows.filter(verdict=current.verdict if current else "").order_by("pk")
    page = Paginator(rows.select_related("record", "invoice", "business"), _ROWS_OF_PAGE).get_page(
        request.GET.get("page")
    )
    new = found.counts.get(Verdict.NEW, 0) + found.counts.get(Verdict.DRAFT, 0)
    context = {
        "list": found,
        "kinds": kinds,
        "current": current,
        "page": page,
        "count": found.counts.get(current.verdict, 0) if current else 0,
        "new": new,
        "to_look": sum(found.counts.get(one, 0) for one in (Verdict.DIFFERENT, Verdict.MISSING)),
        "under_way": found.state in UNDER_WAY,
        "may_take": found.state == ListState.LOOKED and new and found.kept_until,
        "may_drop": found.state
        in {ListState.WAITING, ListState.READING, ListState.LOOKED, ListState.REFUSED},
        "may_close": found.state == ListState.DONE,
        "has_sheet": bool(found.counts.get(Verdict.WRONG)) and found.kept_until is not None,
        "may_write": offers_somewhere(member, Right.WRITE),
    }
    return render(request, "hometax/list.html", context)


@require_safe
def hometax_list_state(request: HttpRequest, listimport_id: int) -> JsonResponse:
    """How far it is, for a page that waits."""
    found = importing.list_for(member_of(request), listimport_id)
    return JsonResponse(
        {
            "state": found.state,
            "rows": sum(count for kind, count in found.counts.items() if kind != Verdict.MISSING),
            "taken": found.taken,
        }
    )


@require_POST
def hometax_list_take(request: HttpRequest, listimport_id: int) -> HttpResponse:
    """[가져오기]: the worker does it."""
    member = member_of(request)
    importing.start(member=member, list_id=listimport_id, now=timezone.now())
    return redirect("hometax_list", member.workspace.slug, listimport_id)


@require_POST
def hometax_list_drop(request: HttpRequest, listimport_id: int) -> HttpResponse:
    """[버리기]: nothing of it is taken over."""
    member = member_of(request)
    importing.drop(member=member, list_id=listimport_id, now=timezone.now())
    messages.success(
        request,
        say("목록을 버렸습니다. 가져온 문서는 없습니다.", "The list was dropped; nothing was taken over."),
    )
    return redirect("hometax_lists", member.workspace.slug)


@require_POST
def hometax_list_close(request: HttpRequest, listimport_id: int) -> HttpResponse:
    """[임시저장 닫기] for what was ticked."""
    member = member_of(request)
    found = importing.list_for(member, listimport_id)
    ticked = [one for one in map(row_id, request.POST.getlist("row")) if one]
    if not ticked:
        raise NothingChosen
    rows = found.rows.filter(pk__in=ticked).values_list("pk", flat=True)
    count = bulk.close(member=member, row_ids=list(rows), now=timezone.now())
    messages.success(
        request,
        say(
            f"임시저장 문서 {count}건을 홈택스에서 발급한 것으로 닫았습니다.",
            f"{count} draft(s) closed as issued on Hometax.",
        )
        if count
        else say(
            "닫을 문서가 없습니다. 이미 닫았거나 그사이 고친 문서입니다.",
            "There was nothing to close: the drafts are closed already, or were changed meanwhile.",
        ),
    )
    return redirect("hometax_list", member.workspace.slug, listimport_id)


@require_safe
def hometax_list_sheet(request: HttpRequest, listimport_id: int) -> HttpResponseBase:
    """The rows with something to look at, with what was found beside them."""
    found = importing.list_for(member_of(request), listimport_id)
    if found.kept_until is None:
        raise RowsGone
    name = f"홈택스_확인할_행_{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(
        findings_sheet.write(found), as_attachment=True, filename=name, content_type=CONTENT_TYPE
    )
