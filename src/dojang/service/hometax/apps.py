from django.apps import AppConfig


class HometaxConfig(AppConfig):
    name = "dojang.service.hometax"
    label = "hometax"

    def ready(self) -> None:
        """Have files for Hometax asked before a document is issued."""
        from dojang.service.hometax.bulk import BulkGuard  # noqa: PLC0415 (models are loaded by now)
        from dojang.service.invoices import guards  # noqa: PLC0415

        guards.register(BulkGuard())
