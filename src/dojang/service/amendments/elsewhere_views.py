"""다른 곳에서 발행한 문서 수정: an original that was issued elsewhere comes here by its XML, or is typed in."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dojang.service.amendments import actions
from dojang.service.counterparties.looking_up import is_looking_up, look_up
from dojang.service.records import paper, uploading
from dojang.service.records.errors import AskedTwice
from dojang.service.records.forms import PaperForm
from dojang.service.records.models import Side
from dojang.service.records.refusals import PaperRefused
from dojang.service.web.say import say, say_error, say_lazy
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.selectors import writable_choices


class ElsewhereForm(PaperForm):
    """A sale that was issued elsewhere, with the 승인번호 that its amendment names."""

    issue_id = forms.CharField(
        label=say_lazy("승인번호", "Issue id"),
        max_length=40,
        help_text=say_lazy(
            "홈택스나 발행한 서비스의 문서에 적힌 24자리입니다.", "The 24 characters on the document."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, businesses: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, businesses=businesses, **named)
        del self.fields["amended"]
        self.fields["side"].required = False

    def clean(self) -> dict[str, Any]:
        """It is always a sale, and an original."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        return cleaned | {"side": Side.SALES.value, "amended": False}


@require_safe
def elsewhere(request: HttpRequest) -> HttpResponse:
    """The two ways in."""
    member = member_of(request)
    initial = {"written_on": timezone.localdate()}
    return _page(request, ElsewhereForm(initial=initial, businesses=writable_choices(member)))


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Its XML, whose signature is checked; one of our own leads to its page."""
    member = member_of(request)
    businesses = writable_choices(member)
    [row] = uploading.upload(member=member, files=request.FILES.getlist("file")[:1], now=timezone.now())
    for taken in row.taken:
        if taken.invoice is not None:
            return redirect(actions.amending_page(member.workspace.slug, taken.invoice))
        if taken.record is not None and taken.record.side == Side.SALES:
            return redirect(actions.amending_page(member.workspace.slug, taken.record))
    refusal = row.refusal or say(
        "우리 사업장이 공급자인 문서가 아닙니다. 받은 문서는 공급자에게 수정을 요청하세요.",
        "No business of ours is its supplier. Of what you received, ask the supplier for an amendment.",
    )
    form = ElsewhereForm(initial={"written_on": timezone.localdate()}, businesses=businesses)
    return _page(request, form, refusal=refusal, status=422)


@require_POST
def typed(request: HttpRequest) -> HttpResponse:
    """Its 승인번호 and what it says, typed in."""
    member = member_of(request)
    businesses = writable_choices(member)
    if is_looking_up(request.POST):
        found = look_up(request.POST, workspace_id=member.workspace.pk)
        again = ElsewhereForm.looked_up(request.POST, found.used, businesses=businesses)
        return _page(request, again, matches=found.matches, is_open=True)
    given = ElsewhereForm(request.POST, businesses=businesses)
    if not given.is_valid():
        return _page(request, given, is_open=True, status=422)
    try:
        record = paper.add_elsewhere(
            member=member,
            business_id=int(given.cleaned_data["business"]),
            paper=given.paper(keeps_number=False),
            issue_id=given.cleaned_data["issue_id"],
            is_another=given.cleaned_data["is_another"],
            now=timezone.now(),
        )
    except PaperRefused as refusal:
        given.refuse(refusal.problems)
        return _page(request, given, is_open=True, status=refusal.status)
    except AskedTwice as refusal:
        given.add_error(None, say_error(refusal))
        return _page(request, given, is_open=True, asks_twice=True, status=refusal.status)
    return redirect(actions.amending_page(member.workspace.slug, record))


def _page(request: HttpRequest, form: ElsewhereForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form.labelled(), **more}
    return render(request, "amendments/elsewhere.html", context, status=status)
