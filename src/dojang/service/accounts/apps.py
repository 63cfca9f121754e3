from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "dojang.service.accounts"
    label = "accounts"
