"""What a person keeps of a list: conditions by name, and columns."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import QuerySet

from dojang.service.lists.described import Column, ListOf
from dojang.service.lists.errors import NoColumns, NoName, TooManyFilters
from dojang.service.lists.models import ColumnChoice, SavedFilter
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.members import Member

MOST_FILTERS: Final = 30
_MOST_NAME: Final = 40
_MOST_QUERY: Final = 1000
# Where somebody was is no condition.
_PLACES: Final = frozenset({"after", "before", "csrfmiddlewaretoken", "saved"})


def filters_of(member: Member, of: ListOf) -> list[SavedFilter]:
    """What this person has kept, by name."""
    return list(_filters(member, of))


def default_of(member: Member, of: ListOf) -> SavedFilter | None:
    """What the list shows when it is opened without conditions."""
    return _filters(member, of).filter(is_default=True).first()


@transaction.atomic
def keep(*, member: Member, of: ListOf, name: str, query: str, is_default: bool = False) -> SavedFilter:
    """Keep a condition under a name; one of this name is replaced.

    Raises:
        NoName, TooManyFilters.
    """
    name = " ".join(name.replace("\x00", "").split())[:_MOST_NAME]
    if not name:
        raise NoName
    rows = _filters(member, of)
    if rows.count() >= MOST_FILTERS and not rows.filter(name=name).exists():
        raise TooManyFilters
    if is_default:
        rows.filter(is_default=True).exclude(name=name).update(is_default=False)
    row, _ = SavedFilter.objects.update_or_create(
        workspace_id=current_workspace(),
        user_id=member.user_id,
        name_of_list=of.name,
        name=name,
        defaults={"query": conditions(query), "is_default": is_default},
    )
    return row


@transaction.atomic
def make_default(*, member: Member, of: ListOf, filter_id: int, is_default: bool) -> None:
    """Let the list open with this one, or with none."""
    rows = _filters(member, of)
    row = rows.select_for_update().get(pk=filter_id)
    rows.filter(is_default=True).update(is_default=False)
    row.is_default = is_default
    row.save(update_fields=["is_default"])


def forget(*, member: Member, of: ListOf, filter_id: int) -> None:
    """Delete one; nothing happens where it is gone already."""
    _filters(member, of).filter(pk=filter_id).delete()


def conditions(query: str) -> str:
    """A query without what only says where in the list somebody was."""
    pairs = parse_qsl(query.removeprefix("?")[: 4 * _MOST_QUERY], keep_blank_values=False)
    kept = [(name, value.replace("\x00", "")) for name, value in pairs if name not in _PLACES]
    while len(text := urlencode(kept)) > _MOST_QUERY:
        kept.pop()
    return text


def columns_of(member: Member, of: ListOf) -> tuple[Column, ...]:
    """What this person wants to see, in their order; what there is no longer is left out."""
    row = ColumnChoice.objects.filter(user_id=member.user_id, name_of_list=of.name).first()
    chosen = _known(of, row.columns if row is not None else ())
    return chosen or usual_columns(of)


def usual_columns(of: ListOf) -> tuple[Column, ...]:
    """What everybody sees before they choose."""
    return tuple(column for column in of.columns if column.shown)


def choose_columns(*, member: Member, of: ListOf, names: Sequence[str]) -> None:
    """Keep a choice.

    Raises:
        NoColumns: none of them is a column of this list.
    """
    chosen = _known(of, names)
    if not chosen:
        raise NoColumns
    ColumnChoice.objects.update_or_create(
        workspace_id=current_workspace(),
        user_id=member.user_id,
        name_of_list=of.name,
        defaults={"columns": [column.name for column in chosen]},
    )


def forget_columns(*, member: Member, of: ListOf) -> None:
    """Back to what everybody sees."""
    ColumnChoice.objects.filter(user_id=member.user_id, name_of_list=of.name).delete()


def _known(of: ListOf, names: Sequence[object]) -> tuple[Column, ...]:
    found = (of.column(name) for name in dict.fromkeys(names) if isinstance(name, str))
    return tuple(column for column in found if column is not None)


def _filters(member: Member, of: ListOf) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(user_id=member.user_id, name_of_list=of.name)
