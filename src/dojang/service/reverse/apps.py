from django.apps import AppConfig


class ReverseConfig(AppConfig):
    name = "dojang.service.reverse"
    label = "reverse"
