from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "dojang.service.web"
    label = "web"
