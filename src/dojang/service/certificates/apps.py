from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "dojang.service.certificates"
    label = "certificates"
