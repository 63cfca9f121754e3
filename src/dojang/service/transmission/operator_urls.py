"""The operator's address."""

from django.urls import path

from dojang.service.transmission import operator_views

urlpatterns = [path("", operator_views.operator, name="operator")]
