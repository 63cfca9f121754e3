from django.apps import AppConfig


class AmendmentsConfig(AppConfig):
    name = "dojang.service.amendments"
    label = "amendments"

    def ready(self) -> None:
        """Keep documents of an amendment together, and issue them only for the deal that they were made for."""
        from dojang.service.amendments.guard import AmendmentGuard  # noqa: PLC0415 (models are loaded by now)
        from dojang.service.invoices import guards  # noqa: PLC0415

        guards.register(AmendmentGuard())
