from django.apps import AppConfig


class ReverseConfig(AppConfig):
    name = "dojang.service.reverse"
    label = "reverse"

    def ready(self) -> None:
        """Have a say in steps with the documents that buyers wrote."""
        from dojang.service.invoices import guards  # noqa: PLC0415
        from dojang.service.reverse.guard import ReverseGuard  # noqa: PLC0415

        guards.register(ReverseGuard())
