"""A row of any model that belongs to a workspace, made from its fields, so that no model is left out of a test."""

import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from service_world import NOW, make_user

from dojang.service.accounts.models import User
from dojang.service.tenancy.models import TenantModel
from dojang.service.tenancy.scope import current_workspace
from dojang.service.workspaces.models import Membership, Workspace

_PLAIN: tuple[tuple[type[models.Field], Any], ...] = (
    (models.UUIDField, uuid.uuid4),
    (models.EmailField, lambda: f"{uuid.uuid4().hex[:12]}@example.com"),
    (models.BooleanField, lambda: False),
    (models.DateTimeField, lambda: NOW),
    (models.DateField, NOW.date),
    (models.DecimalField, lambda: Decimal(1)),
    (models.IntegerField, lambda: uuid.uuid4().int % 30000),
    (models.JSONField, dict),
    (models.BinaryField, lambda: b"bytes"),
    (models.TextField, lambda: uuid.uuid4().hex),
)


def make_row(model: type[models.Model], **given: Any) -> Any:
    """Insert a row of `model` into the open workspace, with whatever rows it has to point at."""
    if model is User:
        return make_user()
    values = dict(given)
    if issubclass(model, TenantModel):
        values.setdefault("workspace_id", current_workspace())
    for field in model._meta.concrete_fields:
        if field.name not in values and field.attname not in values and _needed(field):
            values[field.attname if field.is_relation else field.name] = _value(field)
    if model is Membership:
        values.setdefault("role", "viewer")
    return model.objects.create(**values)


def _needed(field: models.Field) -> bool:
    return not (field.null or field.has_default() or isinstance(field, models.AutoField))


def _value(field: models.Field) -> Any:
    if field.is_relation:
        if field.related_model is Workspace:
            return current_workspace()
        return make_row(field.related_model).pk
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.CharField) and not isinstance(field, models.EmailField):
        return uuid.uuid4().hex[: field.max_length or 8]
    return next(make() for kind, make in _PLAIN if isinstance(field, kind))


def ident(value: Any) -> str:
    """A readable name of a model for pytest."""
    return value.__name__ if isinstance(value, type) else str(value)
