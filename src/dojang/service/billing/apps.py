from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "dojang.service.billing"
    label = "billing"

    def ready(self) -> None:
        """Have its events told in the history of the workspace."""
        from dojang.service.audit import stream  # noqa: PLC0415
        from dojang.service.billing import told  # noqa: PLC0415

        stream.register(told.SOURCE)
