from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "dojang.service.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from dojang.service.tenancy import checks, row_security  # noqa: F401, PLC0415

        post_migrate.connect(row_security.after_migrate, sender=self)
