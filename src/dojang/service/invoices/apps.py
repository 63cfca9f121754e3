from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "dojang.service.invoices"
    label = "invoices"
