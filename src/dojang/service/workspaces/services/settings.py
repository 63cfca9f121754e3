"""The settings of a workspace as a whole."""

from datetime import datetime

from django.db import transaction

from dojang.service.workspaces.details import refuse_long
from dojang.service.workspaces.errors import ChoiceUnknown, DetailMissing
from dojang.service.workspaces.history import Subject, apply, changes_of, record
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import TransmitPolicy, Workspace
from dojang.service.workspaces.roles import Right

MINUTES = range(1, 24 * 60 + 1)
"""What may be waited before transmission; the legal deadline comes before it in any case."""


@transaction.atomic
def change_settings(
    *, member: Member, name: str, transmit_policy: str, transmit_minutes: int, now: datetime
) -> Workspace:
    """The workspace's name, and when its issued documents are transmitted.

    Args:
        member: who changes them.
        name: what members see.
        transmit_policy: a value of `TransmitPolicy`.
        transmit_minutes: how long to wait under `AFTER_MINUTES`, from 1 minute to a day.
        now: aware.

    Raises:
        DetailMissing, DetailTooLong, ChoiceUnknown: see there.
    """
    member.require(Right.MANAGE)
    title = " ".join(name.split())
    if not title:
        raise DetailMissing(label_ko="작업공간 이름", label_en="name of the workspace")
    refuse_long(Workspace, {"name": title})
    if transmit_policy not in TransmitPolicy.values:
        raise ChoiceUnknown(label_ko="국세청 전송", label_en="time of transmission")
    if transmit_minutes not in MINUTES:
        raise ChoiceUnknown(label_ko="전송까지(분)", label_en="number of minutes")
    workspace = Workspace.objects.select_for_update(no_key=True).get()
    changes = changes_of(
        workspace,
        {"name": title, "transmit_policy": transmit_policy, "transmit_minutes": transmit_minutes},
    )
    apply(workspace, changes)
    if changes:
        record("edit", Subject.WORKSPACE, workspace, title, actor=member.actor, at=now, changes=changes)
    return workspace
