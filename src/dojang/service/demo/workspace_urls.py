"""`/w/<slug>/demo/…`: only where settings.DEMO is on."""

from django.urls import path

from dojang.service.demo import views

urlpatterns = [path("certificates/<int:business_id>.pfx", views.certificate, name="demo_certificate")]
