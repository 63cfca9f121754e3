"""Lists of requests that are answered behind links: a tab for each way that they stand, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from dojang.service.web.say import say

_ON_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """What people read on a tab, and the states that are in it."""

    ko: str
    en: str
    states: tuple[str, ...]

    @property
    def text(self) -> str:
        """In the person's language."""
        return say(self.ko, self.en)


def listed(request: HttpRequest, rows: QuerySet[Any], tabs: Mapping[str, Tab]) -> dict[str, Any]:
    """What a page of such a list shows, for `links/parts/tabs.html` and its table; without a tab it is all of them.

    Args:
        request: names tab and page.
        rows: in their order; each has a `state`.
        tabs: by the name that an address has for it.
    """
    tab = request.GET.get("tab", "")
    if tab in tabs:
        rows = rows.filter(state__in=tabs[tab].states)
    return {
        "page": Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page")),
        "tab": tab if tab in tabs else "",
        "tabs": tabs,
    }
