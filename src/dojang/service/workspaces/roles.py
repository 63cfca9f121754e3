"""Roles and what each may do: one table, asked by pages, services and the API alike."""

from enum import Enum

from django.db import models


class Role(models.TextChoices):
    """A member's role; the text is what a person sees."""

    OWNER = "owner", "소유자"
    ADMIN = "admin", "관리자"
    ISSUER = "issuer", "발행 담당"
    WRITER = "writer", "작성 담당"
    VIEWER = "viewer", "열람"
    NONE = "none", "권한 없음"


class Right(Enum):
    """What a role may allow."""

    VIEW = "view"
    WRITE = "write"  # drafts, counterparties
    ISSUE = "issue"  # sign, transmit now, cancel before transmission
    MANAGE = "manage"  # businesses, certificates, members, settings
    OWN = "own"  # hand over or close the workspace


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ADMIN: frozenset({Right.VIEW, Right.WRITE, Right.ISSUE, Right.MANAGE}),
    Role.ISSUER: frozenset({Right.VIEW, Right.WRITE, Right.ISSUE}),
    Role.WRITER: frozenset({Right.VIEW, Right.WRITE}),
    Role.VIEWER: frozenset({Right.VIEW}),
    Role.NONE: frozenset(),
}


def may(role: str, right: Right) -> bool:
    """Whether `role` allows `right`."""
    return right in RIGHTS[Role(role)]
