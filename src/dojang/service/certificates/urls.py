"""`/w/<slug>/certificates/…`; registering happens on the signing page."""

from django.urls import path

from dojang.service.certificates import views

urlpatterns = [
    path("", views.certificate_list, name="certificate_list"),
    path("<int:certificate_id>/remove/", views.remove, name="certificate_remove"),
]
