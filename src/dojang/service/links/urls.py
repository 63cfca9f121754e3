"""`/v/…`: what a link opens."""

from django.urls import path

from dojang.service.links import views

urlpatterns = [
    path("form.css", views.form_style, name="buyer_form_style"),
    path("<str:token>/", views.buyer_page, name="buyer_page"),
    path("<str:token>/opened/", views.buyer_opened, name="buyer_opened"),
    path("<str:token>/invoice.xml", views.buyer_xml, name="buyer_xml"),
    path("<str:token>/invoice.pdf", views.buyer_pdf, name="buyer_pdf"),
]
