"""Records about to be changed: locked, of a business in which the member may write, as they were shown."""

from collections.abc import Mapping

from dojang.service.records.errors import ChangedMeanwhile, NoSuchRecord
from dojang.service.records.models import Record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


def locked(member: Member, record_id: int, *, version: int) -> Record:
    """One record for this transaction alone.

    Raises:
        NoSuchRecord, PermissionDenied, ChangedMeanwhile.
    """
    return locked_many(member, {record_id: version})[0]


def locked_many(member: Member, versions: Mapping[int, int | None]) -> list[Record]:
    """Records in the order of their ids, so that two who lock the same ones never wait for each other.

    Args:
        member: needs the right to write for every business of them.
        versions: by id, the version that was shown; None where a list ticked it, which shows none.

    Raises:
        NoSuchRecord, PermissionDenied, ChangedMeanwhile: of any of them; then none is changed.
    """
    rows = (
        Record.objects.select_for_update(of=("self",))
        .select_related("business", "counterparty")
        .filter(pk__in=versions, deleted_at=None)
        .order_by("pk")
    )
    found = list(rows)
    if len(found) < len(versions) or not all(member.may(Right.VIEW, one.business_id) for one in found):
        raise NoSuchRecord
    for one in found:
        member.require(Right.WRITE, one.business_id)
        if versions[one.pk] not in {None, one.version}:
            raise ChangedMeanwhile
    return found
