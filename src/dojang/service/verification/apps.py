from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "dojang.service.verification"
    label = "verification"
