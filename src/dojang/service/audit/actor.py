"""Who did something, and from where."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at an address, or a part of the machinery."""

    kind: str
    user_id: int | None = None
    address: str = ""

    @classmethod
    def of_request(cls, request: HttpRequest) -> Self:
        """The person who is logged in."""
        return cls("user", request.user.pk, request.META.get("REMOTE_ADDR", "")[:45])


WORKER = Actor("worker")
NTS = Actor("nts")
