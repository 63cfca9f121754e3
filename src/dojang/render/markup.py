"""HTML that cannot be forgotten to be escaped."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Html:
    """Text that is HTML already."""

    text: str


def h(template: str, *parts: object) -> Html:
    """A template with `{}` filled: HTML as it is, lists of it joined, anything else escaped."""
    return Html(template.format(*map(_filled, parts)))


def attributes(**named: object) -> Html:
    """Attributes of an element, escaped; those that are None or empty are left out."""
    given = ((name.rstrip("_"), value) for name, value in named.items() if value not in {None, ""})
    return Html("".join(f' {name}="{escape(str(value))}"' for name, value in given))


def _filled(part: object) -> str:
    if isinstance(part, Html):
        return part.text
    if isinstance(part, list | tuple):
        return "".join(map(_filled, part))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return escape(str(part))


NOTHING = Html("")
