"""`/verify/`."""

from django.urls import path

from dojang.service.verification import views

urlpatterns = [path("", views.verify, name="verify")]
