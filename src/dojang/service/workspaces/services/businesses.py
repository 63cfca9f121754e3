"""Businesses of a workspace: added, changed, archived; their branches, seal and settings."""

from datetime import datetime

from dojang.service.audit.actor import Actor
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.details import DETAIL_FIELDS, BusinessDetails
from dojang.service.workspaces.errors import BusinessThereAlready
from dojang.service.workspaces.history import Subject, record
from dojang.service.workspaces.models import Business


def insert_business(details: BusinessDetails, *, actor: Actor, now: datetime) -> Business:
    """Put cleaned details into the open workspace; who may do so was asked before."""
    if Business.objects.filter(number=details.number).exists():
        raise BusinessThereAlready(number=details.number)
    business = Business.objects.create(
        workspace_id=current_workspace(), **{name: getattr(details, name) for name in DETAIL_FIELDS}
    )
    record(
        "create",
        Subject.BUSINESS,
        business,
        business.name,
        actor=actor,
        at=now,
        changes={name: ("", value) for name in DETAIL_FIELDS if (value := getattr(details, name))},
    )
    return business
