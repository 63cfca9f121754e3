from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "dojang.service.workspaces"
    label = "workspaces"
