"""The delivery log, sending a mail again, and the switches."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dojang.service.notices import resending, selectors
from dojang.service.notices.choices import Choices, switch
from dojang.service.notices.forms import SwitchesForm
from dojang.service.notices.kinds import KINDS, Reader, read_by
from dojang.service.notices.models import Kind, MailState
from dojang.service.notices.words import state_text
from dojang.service.web.say import say
from dojang.service.workspaces.history import Subject, record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right

_PER_PAGE = 50
_LATELY = "lately"


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """The delivery log, by state, kind and time."""
    member = member_of(request)
    if not selectors.may_see_log(member, list(Business.objects.values_list("pk", flat=True))):
        raise PermissionDenied(Right.ISSUE.value)
    state, kind, since = (request.GET.get(name, "") for name in ("state", "kind", "since"))
    lately = timezone.now() - selectors.LATELY if since == _LATELY else None
    rows = selectors.log(member, state=state, kind=kind, since=lately)
    context = {
        "page": Paginator(rows, _PER_PAGE).get_page(request.GET.get("page")),
        "states": [(selectors.BAD, say("전달되지 않음", "Not delivered"))]
        + [(one.value, state_text(one.value)) for one in MailState],
        "kinds": [(kind.value, found.title) for kind, found in KINDS.items()],
        "state": state,
        "kind": kind,
        "times": [(_LATELY, say("최근 2주", "The last two weeks"))],
        "since": since,
    }
    return render(request, "notices/log.html", context)


@require_POST
def resend(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """[메일 재발송]."""
    member = member_of(request)
    mail = resending.resend(
        member=member, invoice_id=invoice_id, to=request.POST.get("to", "")[:300], now=timezone.now()
    )
    messages.success(request, say(f"{mail.to} 주소로 메일을 보냅니다.", f"A mail goes out to {mail.to}."))
    return redirect("invoice", member.workspace.slug, invoice_id)


@require_http_methods(["GET", "POST"])
def notice_settings(request: HttpRequest) -> HttpResponse:
    """What this member wants to be told, and, for managers, what the workspace tells others."""
    member = member_of(request)
    whose = request.POST.get("whose", "")
    if request.method == "POST" and whose == "workspace":
        member.require(Right.MANAGE)
    choices = Choices()
    own = _form(request, Reader.MEMBER, choices.off(member.user_id), posted=whose == "member")
    others = _form(request, Reader.OTHERS, choices.off(None), posted=whose == "workspace")
    chosen = {"member": own, "workspace": others}.get(whose)
    if chosen is not None and chosen.is_valid():
        _save(member, chosen, None if chosen is others else member.user_id, choices)
        messages.success(request, say("저장했습니다.", "Saved."))
        return redirect("notice_settings", member.workspace.slug)
    context = {"own": own, "others": others if member.may(Right.MANAGE) else None}
    return render(request, "notices/settings.html", context)


def _form(request: HttpRequest, reader: Reader, off: frozenset[str], *, posted: bool) -> SwitchesForm:
    return SwitchesForm(
        read_by(reader), off, data=request.POST if posted else None, auto_id=f"id_{reader.value}_%s"
    )


def _save(member: Member, form: SwitchesForm, person_id: int | None, before: Choices) -> None:
    on = form.on
    switch(form.kinds, on, workspace_id=member.workspace.pk, person_id=person_id)
    if person_id is None:
        _record(member, {kind: (before.is_on(kind), kind in on) for kind in form.kinds})


def _record(member: Member, switched: dict[Kind, tuple[bool, bool]]) -> None:
    """What the workspace tells others is everybody's matter, so its history has it."""
    words = {True: "on", False: "off"}
    changes = {
        f"mail_{kind.value}": (words[old], words[new]) for kind, (old, new) in switched.items() if old != new
    }
    if changes:
        record(
            "edit",
            Subject.WORKSPACE,
            member.workspace,
            member.workspace.name,
            actor=member.actor,
            at=timezone.now(),
            changes=changes,
        )
