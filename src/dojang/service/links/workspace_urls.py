"""`/w/<slug>/links/…`."""

from django.urls import path

from dojang.service.links import member_views

urlpatterns = [
    path("of/<int:invoice_id>/", member_views.make, name="link_make"),
    path("<uuid:link_id>/revoke/", member_views.revoke, name="link_revoke"),
]
