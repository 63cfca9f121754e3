"""Addresses that the NTS calls."""

from django.urls import path

from dojang.service.transmission import views

urlpatterns = [path("results", views.results, name="nts_results")]
