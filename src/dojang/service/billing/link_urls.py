"""`/i/…`: what a customer opens that is asked for its billing data."""

from django.urls import path

from dojang.service.billing import link_views

urlpatterns = [
    path("<str:token>/", link_views.page, name="billing_link"),
    path("<str:token>/opened/", link_views.opened, name="billing_opened"),
    path("<str:token>/check/", link_views.check, name="billing_check"),
    path("<str:token>/answer/", link_views.answer, name="billing_answer"),
]
