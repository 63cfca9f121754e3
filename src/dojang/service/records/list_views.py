"""The list of records: 매입, or with `?side=sales` what was sold on documents of other systems."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from dojang.service.lists import pages
from dojang.service.lists.described import ListOf
from dojang.service.records.listing import BY_SIDE, PURCHASES
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import offers_somewhere


@require_safe
def record_list(request: HttpRequest) -> HttpResponse:
    """The list, as its address asks for it."""
    member = member_of(request)
    may_write = offers_somewhere(member, Right.WRITE)
    of = _list(request)
    return pages.list_page(
        request, of, template="records/list.html", may_write=may_write, is_purchase=of is PURCHASES
    )


@require_safe
def record_list_totals(request: HttpRequest) -> HttpResponse:
    """Its sums alone."""
    return pages.totals(request, _list(request))


@require_safe
def record_list_excel(request: HttpRequest) -> HttpResponseBase:
    """[엑셀 내려받기]: all of it."""
    return pages.workbook(request, _list(request))


def _list(request: HttpRequest) -> ListOf:
    return BY_SIDE.get(request.GET.get("side", ""), PURCHASES)
