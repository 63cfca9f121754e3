"""`/w/<slug>/sign/…`: the two pages, and what they ask."""

from django.urls import path

from dojang.service.signing import views

urlpatterns = [
    path("", views.page, name="sign"),
    path("register/", views.register_page, name="sign_register_page"),
    path("orders/", views.place_orders, name="sign_orders"),
    path("issue/", views.issue, name="sign_issue"),
    path("session/", views.session, name="sign_session"),
    path("certificate/", views.register, name="sign_register"),
    path("certificate/<int:certificate_id>/", views.certificate, name="sign_certificate"),
]
