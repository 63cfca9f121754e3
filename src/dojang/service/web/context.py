"""What every template is given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dojang.service.tenancy import crossing


def page(request: HttpRequest) -> dict[str, Any]:
    """The way out that is on, the member, and the person's workspaces."""
    user = getattr(request, "user", None)
    return {
        "way_out": settings.ENVIRONMENT.nts,
        "demo": settings.DEMO,
        "member": getattr(request, "member", None),
        "memberships": crossing.memberships(user.pk) if user is not None and user.is_authenticated else [],
    }
