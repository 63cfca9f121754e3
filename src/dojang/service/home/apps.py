from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "dojang.service.home"
    label = "home"
