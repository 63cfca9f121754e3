from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "dojang.service.approvals"
    label = "approvals"
