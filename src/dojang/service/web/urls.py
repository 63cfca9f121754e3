from django.urls import path

from dojang.service.web import demo_mail, display, health

urlpatterns = [
    path("display/language/", display.set_language, name="language"),
    path("display/theme/", display.set_theme, name="theme"),
    path("demo/mail/", demo_mail.mail_list, name="demo_mail"),
    path("demo/mail/<int:mail_id>/", demo_mail.mail, name="demo_mail_read"),
    path("demo/mail/<int:mail_id>/html/", demo_mail.mail_html, name="demo_mail_html"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
