"""JSON for the invoice editor: counterparties and items while someone types."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from dojang.service.counterparties import access, selectors
from dojang.service.counterparties.errors import NotANumber
from dojang.service.web.numbers import row_id
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """`?q=`: up to 20 counterparties in use."""
    member = member_of(request)
    access.require(member, Right.VIEW)
    found = selectors.find(workspace_id=member.workspace.pk, query=request.GET.get("q", ""))
    return JsonResponse({"counterparties": [selectors.as_json(one) for one in found]})


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """`?q=&counterparty=&business=`: up to 20 items that were sold before."""
    member = member_of(request)
    access.require(member, Right.VIEW)
    found = selectors.remembered(
        member=member,
        query=request.GET.get("q", ""),
        counterparty_id=_id(request, "counterparty"),
        business_id=_id(request, "business"),
    )
    return JsonResponse(
        {
            "items": [
                {
                    "name": one.name,
                    "specification": one.specification,
                    "unit_price": one.unit_price,
                    "used_at": one.used_at.isoformat(),
                }
                for one in found
            ]
        }
    )


def _id(request: HttpRequest, name: str) -> int | None:
    """A number out of the address.

    Raises:
        NotANumber.
    """
    text = request.GET.get(name, "")
    if not text:
        return None
    found = row_id(text)
    if not found:
        raise NotANumber(name=name)
    return found
