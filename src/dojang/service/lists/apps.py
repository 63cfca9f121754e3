from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "dojang.service.lists"
    label = "lists"
