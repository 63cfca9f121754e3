"""The page on which two counterparties become one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dojang.service.counterparties import access
from dojang.service.counterparties.errors import (
    CannotMerge,
    ChangedMeanwhile,
    NumbersDiffer,
    TooManyContacts,
    TooMuchMemo,
)
from dojang.service.counterparties.forms import MergeForm
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.services.merging import merge, numbers_differ
from dojang.service.invoices.models import Invoice
from dojang.service.web.say import say, say_error
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@require_http_methods(["GET", "HEAD", "POST"])
def counterparty_merge(request: HttpRequest, counterparty_id: int, other_id: int) -> HttpResponse:
    """Both side by side; `counterparty_id` stays, `other_id` goes."""
    member = member_of(request)
    access.require(member, Right.WRITE)
    keep, other = _found(counterparty_id), _found(other_id)
    if request.method != "POST":
        return _page(request, keep, other, _fresh(keep, other))
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _page(request, keep, other, form, status=422)
    values = form.cleaned_data
    try:
        merge(
            member=member,
            keep_id=keep.pk,
            other_id=other.pk,
            versions=(values["keep_version"], values["other_version"]),
            now=timezone.now(),
            numbers_may_differ=values["numbers_may_differ"],
        )
    except (NumbersDiffer, TooMuchMemo, TooManyContacts, CannotMerge) as refusal:
        form.add_error(None, say_error(refusal))
        return _page(request, keep, other, form, status=refusal.status)
    except ChangedMeanwhile as refusal:
        messages.warning(request, say_error(refusal))
        return _page(request, keep, other, _fresh(keep, other), status=refusal.status)
    messages.success(request, say(f"{other.name}을(를) 합쳤습니다.", f"{other.name} was merged into it."))
    return redirect("counterparty", member.workspace.slug, keep.pk)


def _page(
    request: HttpRequest, keep: Counterparty, other: Counterparty, form: MergeForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "keep": keep,
        "other": other,
        "both": (keep, other),
        "form": form,
        "numbers_differ": numbers_differ(keep, other),
        "invoices": Invoice.objects.filter(counterparty=other).count(),
    }
    return render(request, "counterparties/merge.html", context, status=status)


def _fresh(keep: Counterparty, other: Counterparty) -> MergeForm:
    return MergeForm(initial={"keep_version": keep.version, "other_version": other.version})


def _found(counterparty_id: int) -> Counterparty:
    found = Counterparty.objects.filter(pk=counterparty_id).first()
    if found is None:
        raise Http404
    return found
