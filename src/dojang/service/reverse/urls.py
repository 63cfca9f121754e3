"""`/w/<slug>/reverse/…`: what we ask of suppliers, and what buyers ask of us."""

from django.urls import path

from dojang.service.reverse import inbox_views, views, writing_views

urlpatterns = [
    path("", views.reverse_list, name="reverse_list"),
    path("new/", writing_views.reverse_new, name="reverse_new"),
    path("in/", inbox_views.inbox, name="reverse_inbox"),
    path("in/<int:incoming_id>/", inbox_views.incoming, name="reverse_incoming"),
    path("in/<int:incoming_id>/accept/", inbox_views.accept, name="reverse_accept"),
    path("in/<int:incoming_id>/refuse/", inbox_views.refuse, name="reverse_refuse"),
    path("<int:request_id>/", views.reverse_request, name="reverse_request"),
    path("<int:request_id>/edit/", writing_views.reverse_edit, name="reverse_edit"),
    path("<int:request_id>/ask/", views.ask, name="reverse_ask"),
    path("<int:request_id>/again/", views.again, name="reverse_again"),
    path("<int:request_id>/withdraw/", views.withdraw, name="reverse_withdraw"),
    path("<int:request_id>/copy/", views.copy, name="reverse_copy"),
    path("<int:request_id>/delete/", views.delete, name="reverse_delete"),
]
