from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "dojang.service.signing"
    label = "signing"
