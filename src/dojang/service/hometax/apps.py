from django.apps import AppConfig


class HometaxConfig(AppConfig):
    name = "dojang.service.hometax"
    label = "hometax"
