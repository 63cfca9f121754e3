"""Addresses of pages that an installation may not have."""

from django.urls import NoReverseMatch, reverse


def page_of(name: str, workspace_slug: str) -> str:
    """The address of a workspace's page, or nothing where there is no such page."""
    try:
        return reverse(name, args=[workspace_slug])
    except NoReverseMatch:
        return ""
