"""A new workspace with its first business."""

from datetime import datetime

from django.db import connection

from dojang.service.audit.actor import Actor
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.details import BusinessDetails, refuse_long
from dojang.service.workspaces.errors import DetailMissing, NotAllowed, TooManyWorkspaces
from dojang.service.workspaces.history import Subject, record
from dojang.service.workspaces.models import Membership, Workspace
from dojang.service.workspaces.roles import Role
from dojang.service.workspaces.services.businesses import insert_business

MOST_OWNED = 100
"""Workspaces that one person may own: more than any tax accountant has clients of their own."""


def create_workspace(*, name: str = "", business: BusinessDetails, actor: Actor, now: datetime) -> Workspace:
    """A workspace that `actor` owns, with its first business.

    Args:
        name: what members see; the business's name where it is empty.
        business: the first business.
        actor: the person who is to own it.
        now: aware.

    Raises:
        NoBusinessNumber, DetailMissing, DetailTooLong, NoEmail: the business can't be one.
        TooManyWorkspaces: the person owns enough.
    """
    if actor.user_id is None:
        raise NotAllowed
    details = business.cleaned()
    title = " ".join(name.split()) or details.name[:60]
    if not title:
        raise DetailMissing(label_ko="작업공간 이름", label_en="name of the workspace")
    refuse_long(Workspace, {"name": title})
    owned = [one for one in crossing.memberships(actor.user_id) if one.role == Role.OWNER]
    if len(owned) >= MOST_OWNED:
        raise TooManyWorkspaces(limit=MOST_OWNED)
    workspace_id = _next_id()
    with in_workspace(workspace_id):
        workspace = Workspace.objects.create(id=workspace_id, name=title, created_at=now)
        Membership.objects.create(workspace=workspace, user_id=actor.user_id, role=Role.OWNER, joined_at=now)
        record("create", Subject.WORKSPACE, workspace, title, actor=actor, at=now)
        insert_business(details, actor=actor, now=now)
    return workspace


def _next_id() -> int:
    # Row-level security compares a row with the open workspace, so the id has to be known before the row.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Workspace._meta.db_table])
        return int(cursor.fetchone()[0])
