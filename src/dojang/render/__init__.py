"""The legal form of a tax invoice, for people: from one description of its boxes to HTML."""

from dojang.render.forms import Align, Box, Copy, Form, Role, Section, cancelled, compared, form
from dojang.render.html import page, render, stylesheet

__all__ = [
    "Align",
    "Box",
    "Copy",
    "Form",
    "Role",
    "Section",
    "cancelled",
    "compared",
    "form",
    "page",
    "render",
    "stylesheet",
]
