"""Which mails are switched off: by the workspace for people outside it, by each member for themselves."""

from collections.abc import Iterable

from django.db.models import Q

from dojang.service.notices.models import Kind, MailChoice


class Choices:
    """The choices of the open workspace, read once."""

    def __init__(self) -> None:
        self._off = set(MailChoice.objects.values_list("kind", "user_id"))

    def is_on(self, kind: Kind | str, person_id: int | None = None) -> bool:
        """Whether mails of a kind go out: to this member, or to whom the workspace writes."""
        return (str(kind), person_id) not in self._off

    def off(self, person_id: int | None) -> frozenset[str]:
        """The kinds that this member, or the workspace, has switched off."""
        return frozenset(kind for kind, user_id in self._off if user_id == person_id)


def is_on(kind: Kind, person_id: int | None = None) -> bool:
    """Whether mails of one kind go out."""
    return Choices().is_on(kind, person_id)


def switch(kinds: Iterable[Kind], on: Iterable[Kind], *, workspace_id: int, person_id: int | None) -> None:
    """Set the switches of these kinds: those in `on` are on, the others off."""
    chosen, own = set(on), Q(user=person_id)
    for kind in kinds:
        if kind in chosen:
            MailChoice.objects.filter(own, kind=kind).delete()
        elif not MailChoice.objects.filter(own, kind=kind).exists():
            row = MailChoice(workspace_id=workspace_id, kind=kind, user_id=person_id)
            MailChoice.objects.bulk_create([row], ignore_conflicts=True)
