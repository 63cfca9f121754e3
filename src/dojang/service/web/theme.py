"""Light or dark: the person's choice in a cookie, or else what their system says."""

from django.http import HttpRequest

COOKIE = "dojang_theme"
THEMES = ("light", "dark")


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or nothing where the system decides. The server writes it into the page: nothing flashes."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else ""
