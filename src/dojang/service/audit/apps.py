from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dojang.service.audit"
    label = "audit"
