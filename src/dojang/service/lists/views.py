"""What a person keeps of a list: conditions and columns."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dojang.service.lists import keeping
from dojang.service.lists.described import ListOf
from dojang.service.lists.registry import list_named
from dojang.service.web.say import say
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of

_LAST_PLACE = 1000


@require_POST
def save_filter(request: HttpRequest, name: str) -> HttpResponse:
    """[이 조건 저장]."""
    of, member = _list(name), member_of(request)
    row = keeping.keep(
        member=member,
        of=of,
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        is_default=request.POST.get("is_default") == "on",
    )
    messages.success(
        request, say(f"조건 ‘{row.name}’을(를) 저장했습니다.", f"The filter “{row.name}” was saved.")
    )
    return redirect(f"{_address(of, member)}?{row.query}")


@require_POST
def change_filter(request: HttpRequest, name: str, filter_id: int) -> HttpResponse:
    """[기본으로], [기본 해제], [지우기]."""
    of, member = _list(name), member_of(request)
    match request.POST.get("action"):
        case "delete":
            keeping.forget(member=member, of=of, filter_id=filter_id)
            messages.success(request, say("저장한 조건을 지웠습니다.", "The saved filter was deleted."))
        case "default":
            keeping.make_default(member=member, of=of, filter_id=filter_id, is_default=True)
            messages.success(
                request,
                say(
                    "이 목록을 열면 이 조건으로 보여 드립니다.",
                    "The list opens with this filter from now on.",
                ),
            )
        case "no_default":
            keeping.make_default(member=member, of=of, filter_id=filter_id, is_default=False)
            messages.success(
                request, say("기본 조건을 해제했습니다.", "The list opens without a filter again.")
            )
        case _:
            pass
    return redirect(_whole(of, member))


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, name: str) -> HttpResponse:
    """Which columns to see, in which order."""
    of, member = _list(name), member_of(request)
    if request.method == "POST":
        if request.POST.get("action") == "usual":
            keeping.forget_columns(member=member, of=of)
        else:
            names = request.POST.getlist("column")
            names.sort(key=lambda one: _place(request.POST.get(f"place_{one}", "")))
            keeping.choose_columns(member=member, of=of, names=names)
        messages.success(request, say("보여 줄 열을 바꾸었습니다.", "The columns were changed."))
        return redirect(_whole(of, member))
    chosen = keeping.columns_of(member, of)
    rest = [column for column in of.columns if column not in chosen]
    rows = [(column, column in chosen, place) for place, column in enumerate([*chosen, *rest], 1)]
    return render(request, "lists/columns.html", {"of": of, "rows": rows, "back": _whole(of, member)})


def _list(name: str) -> ListOf:
    found = list_named(name)
    if found is None:
        raise Http404
    return found


def _place(text: str) -> int:
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_LAST_PLACE)) else _LAST_PLACE
    )


def _address(of: ListOf, member: Member) -> str:
    return reverse(of.url_name, args=[member.workspace.slug])


def _whole(of: ListOf, member: Member) -> str:
    """The list without conditions, whatever it opens with."""
    fixed = "".join(f"&{name}={value}" for name, value in of.fixed.items())
    return f"{_address(of, member)}?tab={of.tabs[0].name}{fixed}"
