"""`/w/<slug>/invoices/…`."""

from django.urls import path

from dojang.service.invoices import views

urlpatterns = [
    path("", views.invoice_list, name="invoice_list"),
    path("sign/", views.sign_chosen, name="invoices_sign"),
    path("transmit/", views.transmit_chosen, name="invoices_transmit"),
    path("form.css", views.form_style, name="form_style"),
    path("<int:invoice_id>/", views.invoice_page, name="invoice"),
    path("<int:invoice_id>/form/", views.form_page, name="invoice_form"),
    path("<int:invoice_id>/xml/", views.xml, name="invoice_xml"),
    path("<int:invoice_id>/cancel/", views.cancel, name="invoice_cancel"),
    path("<int:invoice_id>/reopen/", views.reopen, name="invoice_reopen"),
    path("<int:invoice_id>/delete/", views.delete, name="invoice_delete"),
    path("<int:invoice_id>/copy/", views.copy, name="invoice_copy"),
]
