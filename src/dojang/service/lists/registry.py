"""Every list by its name, found when it is asked for: the apps that have lists use this one."""

from importlib import import_module
from typing import Final

from dojang.service.lists.described import ListOf

_PLACES: Final = {
    "sales": ("dojang.service.invoices.listing", "SALES"),
    "purchases": ("dojang.service.records.listing", "PURCHASES"),
    "elsewhere": ("dojang.service.records.listing", "ISSUED_ELSEWHERE"),
}
NAMES: Final = tuple(_PLACES)


def list_named(name: str) -> ListOf | None:
    """The list of this name."""
    if name not in _PLACES:
        return None
    module, attribute = _PLACES[name]
    found: ListOf = getattr(import_module(module), attribute)
    return found
