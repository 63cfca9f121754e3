"""`/w/<slug>/records/…`."""

from django.urls import path

from dojang.service.records import list_views

urlpatterns = [
    path("", list_views.record_list, name="record_list"),
    path("totals/", list_views.record_list_totals, name="record_list_totals"),
    path("excel/", list_views.record_list_excel, name="record_list_excel"),
]
