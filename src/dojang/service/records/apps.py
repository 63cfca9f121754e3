from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "dojang.service.records"
    label = "records"
