from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "dojang.service.reports"
    label = "reports"
