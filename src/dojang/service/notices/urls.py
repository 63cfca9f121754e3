"""`/w/<slug>/…`."""

from django.urls import path

from dojang.service.notices import views

urlpatterns = [
    path("mails/", views.mail_list, name="mail_list"),
    path("invoices/<int:invoice_id>/mails/", views.resend, name="invoice_mail"),
    path("settings/notices/", views.notice_settings, name="notice_settings"),
]
