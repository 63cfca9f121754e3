"""What would slip through row-level security is refused when Django starts."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import Error, register

from dojang.service.tenancy.models import TenantModel, tenant_models


@register("tenancy")
def every_row_has_its_workspace(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[Error]:
    """Models whose rows point into workspaces have to belong to one."""
    return [*_strays(), *_many_to_many()]


def _strays() -> Iterator[Error]:
    from dojang.service.workspaces.models import Workspace  # noqa: PLC0415 (checks load before models)

    owned = (TenantModel, Workspace)
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, owned):
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if field.concrete and isinstance(target, type) and issubclass(target, owned):
                yield Error(
                    f"{model.__name__}.{field.name} points into workspaces, but {model.__name__} has none.",
                    hint="Derive it from TenantModel: row-level security is put on those alone.",
                    obj=model,
                    id="tenancy.E001",
                )


def _many_to_many() -> Iterator[Error]:
    for model in tenant_models():
        for field in model._meta.local_many_to_many:
            through = field.remote_field.through
            if through is None or not issubclass(through, TenantModel):
                yield Error(
                    f"{model.__name__}.{field.name} has a table between that belongs to no workspace.",
                    hint="Name a `through` model that derives from TenantModel.",
                    obj=model,
                    id="tenancy.E002",
                )
