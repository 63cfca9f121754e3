"""The history of a workspace: a page, a spreadsheet, and whether it still is what was written."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from dojang.service.audit import standing, stream, tasks, words
from dojang.service.audit.forms import HistoryForm
from dojang.service.audit.selectors import document_of
from dojang.service.audit.stream import Cursor, Wanted
from dojang.service.audit.words import Told
from dojang.service.tenancy.scope import stream_in_workspace
from dojang.service.web import spreadsheet, streamed_spreadsheet
from dojang.service.web.language import language_of, streamed_in
from dojang.service.web.say import say
from dojang.service.web.streamed_spreadsheet import Cell, Heading
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right

_PAGE: Final = 50
_ROWS: Final = 1000


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What happened, the newest first; for owners and administrators."""
    member = member_of(request)
    member.require(Right.MANAGE)
    form, wanted = _asked(request, member)
    after = Cursor.read(request.GET.get("after", ""))
    entries, behind = stream.page(wanted, after, _PAGE)
    document = document_of(wanted)
    context = {
        "form": form,
        "rows": [words.tell(entry, slug=member.workspace.slug) for entry in entries],
        "next": str(behind) if behind else "",
        "is_first": after is None,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "standing": standing.standing(),
        "document": document,
        "breaks": standing.verify_document(document.pk) if document and "verify" in request.GET else None,
    }
    return render(request, "audit/history.html", context)


@require_safe
def history_excel(request: HttpRequest) -> HttpResponseBase:
    """All of what the page lists, as .xlsx."""
    member = member_of(request)
    member.require(Right.MANAGE)
    _, wanted = _asked(request, member)
    slug, now = member.workspace.slug, timezone.now()
    rows = ([_cells(words.tell(one, slug=slug)) for one in some] for some in stream.pages(wanted, _ROWS))
    pieces = streamed_spreadsheet.streamed(_headings(), rows, name=say("이력", "History"), at=now)
    name = say(f"이력_{timezone.localdate(now)}.xlsx", f"history_{timezone.localdate(now)}.xlsx")
    return StreamingHttpResponse(
        streamed_in(language_of(request), stream_in_workspace(member.workspace.pk, pieces)),
        content_type=spreadsheet.CONTENT_TYPE,
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Have the whole history verified; the worker does it."""
    member = member_of(request)
    member.require(Right.MANAGE)
    tasks.verify_soon()
    messages.info(
        request,
        say(
            "전체 이력을 확인하고 있습니다. 문서가 많으면 몇 분 걸리며, 끝나면 이 화면에 결과가 나옵니다.",
            "The whole history is being verified. With many documents that takes minutes; the result will be here.",
        ),
    )
    return redirect("history", member.workspace.slug)


def _asked(request: HttpRequest, member: Member) -> tuple[HistoryForm, Wanted]:
    form = HistoryForm(request.GET or None)
    without = stream.hidden_businesses(member)
    return form, form.wanted(without=without) if form.is_bound else Wanted(without=without)


def _headings() -> list[Heading]:
    return [
        Heading(say("일시", "When"), 20),
        Heading(say("사람", "Who"), 14),
        Heading(say("주소", "Address"), 18),
        Heading(say("내용", "What"), 70),
        Heading(say("바뀐 내용", "Changes"), 60),
        Heading(say("승인번호", "Issue id"), 28),
    ]


def _cells(told: Told) -> list[Cell]:
    entry = told.entry
    invoice = getattr(entry.row, "invoice", None) or getattr(entry.row, "record", None)
    issue_id = getattr(invoice, "issue_id", None) or ""
    return [entry.at, words.who(entry), entry.address, told.sentence, told.changed, issue_id]
