"""`/r/…`: what a supplier that is asked opens."""

from django.urls import path

from dojang.service.reverse import link_views

urlpatterns = [
    path("<str:token>/", link_views.page, name="reverse_page"),
    path("<str:token>/opened/", link_views.opened, name="reverse_opened"),
    path("<str:token>/refuse/", link_views.refuse, name="reverse_link_refuse"),
    path("<str:token>/begin/", link_views.begin, name="reverse_begin"),
    path("<str:token>/cancel/", link_views.cancel, name="reverse_cancel"),
    path("<str:token>/invoice.pdf", link_views.pdf, name="reverse_pdf"),
    path("<str:token>/invoice.xml", link_views.xml, name="reverse_xml"),
    path("<str:token>/sign/", link_views.sign, name="reverse_sign"),
    path("<str:token>/sign/orders/", link_views.orders, name="reverse_sign_orders"),
    path("<str:token>/sign/issue/", link_views.issue, name="reverse_sign_issue"),
    path("<str:token>/sign/register/", link_views.register, name="reverse_sign_register"),
    path("<str:token>/sign/session/", link_views.session, name="reverse_sign_session"),
    path(
        "<str:token>/sign/certificate/<int:certificate_id>/",
        link_views.certificate,
        name="reverse_sign_certificate",
    ),
]
