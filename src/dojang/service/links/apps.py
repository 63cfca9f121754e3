from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "dojang.service.links"
    label = "links"
