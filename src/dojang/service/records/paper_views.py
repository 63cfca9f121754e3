"""Paper documents typed in, changed and deleted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dojang.service.counterparties.looking_up import is_looking_up, look_up
from dojang.service.records import paper
from dojang.service.records.errors import AskedTwice, OnlyPaper
from dojang.service.records.forms import PaperForm
from dojang.service.records.models import Record, Side, Source
from dojang.service.records.refusals import PaperRefused
from dojang.service.records.selectors import record_for
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say, say_error
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import writable_choices


@require_http_methods(["GET", "HEAD", "POST"])
def record_new(request: HttpRequest) -> HttpResponse:
    """[종이 세금계산서 등록]."""
    member = member_of(request)
    businesses = writable_choices(member)
    if request.method != "POST":
        side = Side.SALES if request.GET.get("side") == Side.SALES else Side.PURCHASE
        initial = {"side": side.value, "written_on": timezone.localdate()}
        return _form_page(request, PaperForm(initial=initial, businesses=businesses))
    if is_looking_up(request.POST):
        return _looked_up(request, businesses)
    typed = PaperForm(request.POST, businesses=businesses)
    if not typed.is_valid():
        return _form_page(request, typed, status=422)
    try:
        record = paper.add(
            member=member,
            business_id=int(typed.cleaned_data["business"]),
            paper=typed.paper(keeps_number=False),
            is_another=typed.cleaned_data["is_another"],
            now=timezone.now(),
        )
    except (PaperRefused, AskedTwice) as refusal:
        return _refused(request, typed, refusal)
    messages.success(request, say("등록했습니다.", "Saved."))
    if request.POST.get("more"):
        return redirect("record_new", member.workspace.slug)
    return redirect("record", member.workspace.slug, record.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def record_edit(request: HttpRequest, record_id: int) -> HttpResponse:
    """Change what was typed in."""
    member = member_of(request)
    record = record_for(member, record_id, Right.WRITE)
    if record.source != Source.PAPER:
        raise OnlyPaper
    businesses = [(str(record.business_id), record.business.name)]
    if request.method != "POST":
        initial = PaperForm.shown(paper.typed(record), record.business_id)
        return _form_page(request, PaperForm(initial=initial, businesses=businesses), record)
    if is_looking_up(request.POST):
        return _looked_up(request, businesses, record)
    typed = PaperForm(_with(request.POST, side=record.side), businesses=businesses)
    if not typed.is_valid():
        return _form_page(request, typed, record, status=422)
    try:
        paper.edit(
            member=member,
            record_id=record_id,
            version=row_id(request.POST.get("version", "")),
            paper=typed.paper(keeps_number=True),
            is_another=typed.cleaned_data["is_another"],
            now=timezone.now(),
        )
    except (PaperRefused, AskedTwice) as refusal:
        return _refused(request, typed, refusal, record)
    messages.success(request, say("저장했습니다.", "Saved."))
    return redirect("record", member.workspace.slug, record_id)


@require_POST
def record_delete(request: HttpRequest, record_id: int) -> HttpResponse:
    """Take out what was typed in."""
    member = member_of(request)
    paper.delete(
        member=member,
        record_id=record_id,
        version=row_id(request.POST.get("version", "")),
        now=timezone.now(),
    )
    messages.success(request, say("종이 문서를 지웠습니다.", "The paper document was deleted."))
    return redirect("record_list", member.workspace.slug)


def _looked_up(
    request: HttpRequest, businesses: list[tuple[str, str]], record: Record | None = None
) -> HttpResponse:
    """The page again with the counterparties that fit, or with one of them filled in; nothing is judged yet."""
    found = look_up(request.POST, workspace_id=member_of(request).workspace.pk)
    again = PaperForm.looked_up(request.POST, found.used, businesses=businesses)
    return _form_page(request, again, record, matches=found.matches)


def _refused(
    request: HttpRequest,
    typed: PaperForm,
    refusal: PaperRefused | AskedTwice,
    record: Record | None = None,
) -> HttpResponse:
    if isinstance(refusal, PaperRefused):
        typed.refuse(refusal.problems)
        return _form_page(request, typed, record, status=refusal.status)
    typed.add_error(None, say_error(refusal))
    return _form_page(request, typed, record, status=refusal.status, asks_twice=True)


def _form_page(
    request: HttpRequest,
    typed: PaperForm,
    record: Record | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"form": typed.labelled(), "record": record, **more}
    return render(request, "records/paper.html", context, status=status)


def _with(posted: QueryDict, **values: str) -> QueryDict:
    copy = posted.copy()
    for name, value in values.items():
        copy[name] = value
    return copy
