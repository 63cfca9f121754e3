"""What every row of a workspace shares."""

from django.db import models


class TenantModel(models.Model):
    """A row that belongs to one workspace. Row-level security is put on every subclass after each migration."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.PROTECT, related_name="+")

    #: True for tables the application may only add to.
    append_only = False

    class Meta:
        abstract = True


def tenant_models() -> list[type[TenantModel]]:
    """Every concrete model whose rows belong to a workspace."""
    from django.apps import apps  # noqa: PLC0415 (the registry is filled after this module is loaded)

    return [model for model in apps.get_models(include_auto_created=True) if issubclass(model, TenantModel)]
