"""What every template is given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dojang.service.tenancy import crossing
from dojang.service.web import navigation
from dojang.service.web.theme import theme_of


def page(request: HttpRequest) -> dict[str, Any]:
    """The way out that is on, the member, the person's workspaces and their menu."""
    user = getattr(request, "user", None)
    member = getattr(request, "member", None)
    return {
        "way_out": settings.ENVIRONMENT.nts,
        "demo": settings.DEMO,
        "theme": theme_of(request),
        "here": request.get_full_path() if request.method == "GET" else request.path,
        "member": member,
        "memberships": crossing.memberships(user.pk) if user is not None and user.is_authenticated else [],
        "menu": navigation.links(request, member) if member is not None else [],
    }
