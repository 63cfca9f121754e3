from django.apps import AppConfig


class CounterpartiesConfig(AppConfig):
    name = "dojang.service.counterparties"
    label = "counterparties"
