"""`/w/<slug>/export/`."""

from django.urls import path

from dojang.service.exports import views

urlpatterns = [path("", views.export, name="export")]
