"""`/w/<slug>/approvals/…`."""

from django.urls import path

from dojang.service.approvals import views

urlpatterns = [
    path("", views.approval_list, name="approval_list"),
    path("new/", views.approval_new, name="approval_new"),
    path("ask/", views.approval_ask, name="approval_ask"),
    path("answer/", views.approval_answer, name="approval_answer"),
    path("<int:invoice_id>/take-back/", views.approval_take_back, name="approval_take_back"),
    path("policy/<int:business_id>/", views.approval_policy, name="approval_policy"),
]
