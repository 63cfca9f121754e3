"""The law's figures and calendar, loaded once."""

from functools import cache

from dojang.etax.parameters.law import Law


@cache
def law() -> Law:
    """The package's tables."""
    return Law.load()
