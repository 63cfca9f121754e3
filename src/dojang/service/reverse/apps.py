from django.apps import AppConfig


class ReverseConfig(AppConfig):
    name = "dojang.service.reverse"
    label = "reverse"

    def ready(self) -> None:
        """Have a say in steps with the documents that buyers wrote, and its events told in the history."""
        from dojang.service.audit import stream  # noqa: PLC0415
        from dojang.service.invoices import guards  # noqa: PLC0415
        from dojang.service.reverse import told  # noqa: PLC0415
        from dojang.service.reverse.guard import ReverseGuard  # noqa: PLC0415

        guards.register(ReverseGuard())
        stream.register(told.SOURCE)
