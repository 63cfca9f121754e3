from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "dojang.service.notices"
    label = "notices"
