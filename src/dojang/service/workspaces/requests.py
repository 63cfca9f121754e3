"""The member of a request."""

from django.http import HttpRequest

from dojang.service.workspaces.members import Member


def member_of(request: HttpRequest) -> Member:
    """Who asks; only views under `/w/<slug>/` have one (`middleware.OneWorkspace`)."""
    member: Member = request.member  # type: ignore[attr-defined]
    return member
