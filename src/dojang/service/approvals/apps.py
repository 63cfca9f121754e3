from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "dojang.service.approvals"
    label = "approvals"

    def ready(self) -> None:
        """Have approvals asked for before what needs them."""
        from dojang.service.approvals.guard import ApprovalGuard  # noqa: PLC0415 (models are loaded by now)
        from dojang.service.invoices import guards  # noqa: PLC0415

        guards.register(ApprovalGuard())
