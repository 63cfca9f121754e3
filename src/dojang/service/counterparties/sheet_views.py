"""Counterparties out to Excel, a template to fill in, and in again: upload, look, apply."""

from typing import IO, Any

from django.contrib import messages
from django.db.models import Count, Max
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from dojang.service.counterparties import access, selectors
from dojang.service.counterparties.errors import SheetRefused, SheetTooLarge
from dojang.service.counterparties.forms import SheetForm
from dojang.service.counterparties.services import sheets
from dojang.service.counterparties.sheets import reading, writing
from dojang.service.counterparties.sheets.planning import Verdict
from dojang.service.web.say import say, say_error
from dojang.service.web.spreadsheet import CONTENT_TYPE
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right

_SHOWN_ROWS = 200
_ROWS_AT_ONCE = 500


@require_GET
def counterparty_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, all pages of it, as .xlsx."""
    member = member_of(request)
    access.require(member, Right.VIEW)
    rows = selectors.listed(
        workspace_id=member.workspace.pk,
        query=request.GET.get("q", ""),
        archived=request.GET.get("tab") == "archived",
        sort=request.GET.get("sort", "name"),
    )
    most = rows.order_by().annotate(people=Count("contacts")).aggregate(most=Max("people"))["most"] or 1
    return _download(
        writing.write(rows.iterator(chunk_size=_ROWS_AT_ONCE), contacts=most),
        f"거래처_{timezone.localdate():%Y%m%d}.xlsx",
    )


@require_GET
def counterparty_template(request: HttpRequest) -> HttpResponseBase:
    """An empty sheet with the headings."""
    access.require(member_of(request), Right.VIEW)
    return _download(writing.template(), "거래처_양식.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def counterparty_upload(request: HttpRequest) -> HttpResponse:
    """Choose a file."""
    member = member_of(request)
    access.require(member, Right.WRITE)
    if request.method != "POST":
        return render(request, "counterparties/upload.html", {"form": SheetForm()})
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "counterparties/upload.html", {"form": form}, status=422)
    file = form.cleaned_data["file"]
    try:
        found = sheets.upload(
            member=member, content=_content(file), file_name=file.name or "", now=timezone.now()
        )
    except SheetRefused as refusal:
        form.add_error("file", say_error(refusal))
        return render(request, "counterparties/upload.html", {"form": form}, status=refusal.status)
    return redirect("counterparty_preview", member.workspace.slug, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def counterparty_preview(request: HttpRequest, upload_id: int) -> HttpResponse:
    """What the file would change; POST does it."""
    member = member_of(request)
    if request.method == "POST":
        done = sheets.apply(member=member, upload_id=upload_id, now=timezone.now())
        messages.success(
            request,
            say(
                f"반영했습니다. 새로 등록 {done.new:,}건, 수정 {done.changed:,}건, "
                f"그대로 {done.unchanged:,}건, 건너뜀 {done.skipped:,}건.",
                f"Done: {done.new:,} added, {done.changed:,} changed, {done.unchanged:,} as they were, "
                f"{done.skipped:,} skipped.",
            ),
        )
        return redirect("counterparty_list", member.workspace.slug)
    found, plan = sheets.preview(member=member, upload_id=upload_id, now=timezone.now())
    context: dict[str, Any] = {
        "upload": found,
        "ignored": plan.ignored,
        "counts": {verdict.value: plan.count(verdict) for verdict in Verdict},
        "to_do": plan.count(Verdict.NEW) + plan.count(Verdict.CHANGED),
        "most": _SHOWN_ROWS,
    }
    for verdict in (Verdict.SKIPPED, Verdict.CHANGED, Verdict.NEW):
        context[f"{verdict.value}_rows"] = plan.of(verdict)[:_SHOWN_ROWS]
    return render(request, "counterparties/preview.html", context)


def _content(file: Any) -> bytes:
    if file.size is None or file.size > reading.MOST_BYTES:
        raise SheetTooLarge
    content: bytes = file.read()
    return content


def _download(file: IO[bytes], name: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
