from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "dojang.service.exports"
    label = "exports"
