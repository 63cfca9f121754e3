"""`/amend/…`: from a buyer's request to the workspace that issued the document."""

from django.urls import path

from dojang.service.amendments import views

urlpatterns = [path("<slug:issue_id>/", views.here, name="amendment_here")]
