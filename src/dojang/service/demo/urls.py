"""`/demo/…`: only where settings.DEMO is on."""

from django.urls import path

from dojang.service.demo import views

urlpatterns = [path("certificates.zip", views.certificates, name="demo_certificates")]
