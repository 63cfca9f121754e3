"""A request written and changed before it is sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dojang.errors import DojangError
from dojang.service.counterparties.looking_up import in_use, look_up
from dojang.service.counterparties.models import Counterparty, Kind
from dojang.service.reverse import selectors, writing
from dojang.service.reverse.errors import OwnSupplier, RequestRefused
from dojang.service.reverse.forms import LINES, RequestForm
from dojang.service.reverse.locking import require_state
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say_error
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import writable_choices

#: What a counterparty fills in.
_FROM_COUNTERPARTY = (
    "number", "branch_number", "name", "representative", "address", "business_type", "business_item",
)  # fmt: skip
#: Buttons that fill in or lengthen the form and judge nothing yet.
_ASIDE = ("look_up", "use", "more_lines")
_MORE = 4


@require_http_methods(["GET", "HEAD", "POST"])
def reverse_new(request: HttpRequest) -> HttpResponse:
    """[역발행 요청 작성], for a counterparty if `?counterparty=` names one."""
    member = member_of(request)
    businesses = writable_choices(member)
    if request.method != "POST":
        initial: dict[str, Any] = {"written_on": timezone.localdate()}
        initial |= _filled(in_use(request.GET.get("counterparty", "")))
        return _form_page(request, RequestForm(initial=initial, businesses=businesses))
    if any(name in request.POST for name in _ASIDE):
        return _aside(request, businesses)
    typed = RequestForm(request.POST, businesses=businesses, count=_count(request))
    if not typed.is_valid():
        return _form_page(request, typed, status=422)
    try:
        row = writing.add(
            member=member,
            business_id=row_id(typed.cleaned_data["business"]),
            typed=typed.typed(),
            now=timezone.now(),
        )
    except (RequestRefused, OwnSupplier) as error:
        return _refused(request, typed, error)
    return redirect("reverse_request", member.workspace.slug, row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def reverse_edit(request: HttpRequest, request_id: int) -> HttpResponse:
    """Change what was not sent yet."""
    member = member_of(request)
    row = selectors.request_for(member, request_id)
    member.require(Right.WRITE, row.business_id)
    require_state(row.state, State.DRAFT)
    businesses = [(str(row.business_id), row.business.name)]
    if request.method != "POST":
        before = writing.typed_of(row)
        initial = RequestForm.shown(before, row.business_id)
        typed = RequestForm(initial=initial, businesses=businesses, count=max(LINES, len(before.lines)))
        return _form_page(request, typed, row)
    if any(name in request.POST for name in _ASIDE):
        return _aside(request, businesses, row)
    typed = RequestForm(request.POST, businesses=businesses, count=_count(request))
    if not typed.is_valid():
        return _form_page(request, typed, row, status=422)
    try:
        writing.edit(
            member=member,
            request_id=row.pk,
            version=row_id(request.POST.get("version", "")),
            typed=typed.typed(),
            now=timezone.now(),
        )
    except (RequestRefused, OwnSupplier) as error:
        return _refused(request, typed, error, row)
    return redirect("reverse_request", member.workspace.slug, row.pk)


def _filled(chosen: Counterparty | None) -> dict[str, Any]:
    """What the address book knows of a supplier: a business, with its first contact."""
    if chosen is None or chosen.kind != Kind.BUSINESS:
        return {}
    contact = chosen.contacts.order_by("position", "id").first()
    return {name: getattr(chosen, name) for name in _FROM_COUNTERPARTY} | {
        "counterparty": chosen.pk,
        "contact_name": contact.name if contact else "",
        "email": contact.email if contact else "",
    }


def _aside(
    request: HttpRequest, businesses: list[tuple[str, str]], row: ReverseRequest | None = None
) -> HttpResponse:
    """The page again: with the counterparties that fit, with one of them filled in, or with more lines."""
    values: dict[str, Any] = request.POST.dict()
    count = _count(request)
    if "more_lines" in request.POST:
        return _form_page(
            request, RequestForm(initial=values, businesses=businesses, count=count + _MORE), row
        )
    found = look_up(request.POST, workspace_id=member_of(request).workspace.pk)
    matches = found.matches and [one for one in found.matches if one.kind == Kind.BUSINESS]
    again = RequestForm(initial=values | _filled(found.used), businesses=businesses, count=count)
    return _form_page(request, again, row, matches=matches)


def _count(request: HttpRequest) -> int:
    return row_id(request.POST.get("count", "")) or LINES


def _refused(
    request: HttpRequest, typed: RequestForm, error: DojangError, row: ReverseRequest | None = None
) -> HttpResponse:
    if isinstance(error, RequestRefused):
        typed.refuse(error.problems)
    else:
        typed.add_error("number", say_error(error))
    return _form_page(request, typed, row, status=422)


def _form_page(
    request: HttpRequest,
    typed: RequestForm,
    row: ReverseRequest | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    slug = member_of(request).workspace.slug
    context = {
        "form": typed.labelled(),
        "row": row,
        "back": reverse("reverse_request", args=[slug, row.pk])
        if row
        else reverse("reverse_list", args=[slug]),
        **more,
    }
    return render(request, "reverse/write.html", context, status=status)
