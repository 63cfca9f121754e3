"""`/w/<slug>/history/…`."""

from django.urls import path

from dojang.service.audit import views

urlpatterns = [
    path("", views.history, name="history"),
    path("excel/", views.history_excel, name="history_excel"),
    path("verify/", views.verify, name="history_verify"),
]
