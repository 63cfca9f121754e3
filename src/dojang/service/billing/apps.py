from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "dojang.service.billing"
    label = "billing"
