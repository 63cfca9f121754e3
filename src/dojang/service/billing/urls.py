"""`/w/<slug>/billing/…`: what we ask of customers."""

from django.urls import path

from dojang.service.billing import views

urlpatterns = [
    path("", views.billing_list, name="billing_list"),
    path("new/", views.billing_new, name="billing_new"),
    path("<int:billing_id>/", views.billing_request, name="billing_request"),
    path("<int:billing_id>/confirm/", views.confirm, name="billing_confirm"),
    path("<int:billing_id>/back/", views.send_back, name="billing_send_back"),
    path("<int:billing_id>/again/", views.again, name="billing_again"),
    path("<int:billing_id>/withdraw/", views.withdraw, name="billing_withdraw"),
]
