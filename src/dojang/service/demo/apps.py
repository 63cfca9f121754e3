from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "dojang.service.demo"
    label = "demo"
