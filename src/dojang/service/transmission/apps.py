from django.apps import AppConfig


class TransmissionConfig(AppConfig):
    name = "dojang.service.transmission"
    label = "transmission"
