"""The one table that `make bench-service` prints: what, its middle and its slow end or a rate, the bar, and whether it was met.

A figure without a bar says so; it is there to be looked at.
"""

WIDTH = 50


def head() -> None:
    """The names of the columns."""
    print(f"{'what':<{WIDTH}}{'p50':>14}{'p95':>12}   {'bar':<22}met", flush=True)


def row(what: str, middle: str, slow: str = "", *, bar: str = "", met: bool | None = None) -> bool:
    """One line; gives back whether its bar was met, which is so where there is none."""
    said = {None: "", True: "met", False: "MISSED"}[met]
    print(f"{what:<{WIDTH - _double(what)}}{middle:>14}{slow:>12}   {bar:<22}{said}".rstrip(), flush=True)
    return met is not False


def _double(text: str) -> int:
    """How many letters of a text are two columns wide."""
    return sum(1 for letter in text if letter >= "\u1100")
