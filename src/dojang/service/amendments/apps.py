from django.apps import AppConfig


class AmendmentsConfig(AppConfig):
    name = "dojang.service.amendments"
    label = "amendments"
