"""`/w/<slug>/invoices/…`."""

from django.urls import path

from dojang.service.invoices import editing, paper_views, views

urlpatterns = [
    path("", views.invoice_list, name="invoice_list"),
    path("totals/", views.invoice_list_totals, name="invoice_list_totals"),
    path("excel/", views.invoice_list_excel, name="invoice_list_excel"),
    path("new/", editing.new, name="invoice_new"),
    path("drafts/", editing.create, name="draft_create"),
    path("past/", editing.past, name="invoice_past"),
    path("buyers/", editing.add_buyer, name="invoice_buyer_add"),
    path("templates/", editing.template_list, name="invoice_templates"),
    path("templates/save/", editing.save_template, name="invoice_template_save"),
    path("templates/<int:template_id>/delete/", editing.delete_template, name="invoice_template_delete"),
    path("sign/", views.sign_chosen, name="invoices_sign"),
    path("transmit/", views.transmit_chosen, name="invoices_transmit"),
    path("pdf/", paper_views.invoices_pdf, name="invoices_pdf"),
    path("form.css", views.form_style, name="form_style"),
    path("<int:invoice_id>/", views.invoice_page, name="invoice"),
    path("<int:invoice_id>/edit/", editing.edit, name="invoice_edit"),
    path("<int:invoice_id>/draft/", editing.save, name="draft_save"),
    path("<int:invoice_id>/finish/", editing.finish, name="draft_finish"),
    path("<int:invoice_id>/form/", views.form_page, name="invoice_form"),
    path("<int:invoice_id>/pdf/", paper_views.invoice_pdf, name="invoice_pdf"),
    path("<int:invoice_id>/xml/", views.xml, name="invoice_xml"),
    path("<int:invoice_id>/ask-again/", views.ask_again, name="invoice_ask_again"),
    path("<int:invoice_id>/cancel/", views.cancel, name="invoice_cancel"),
    path("<int:invoice_id>/reopen/", views.reopen, name="invoice_reopen"),
    path("<int:invoice_id>/delete/", views.delete, name="invoice_delete"),
    path("<int:invoice_id>/copy/", views.copy, name="invoice_copy"),
]
