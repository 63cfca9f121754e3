"""`/w/<slug>/lists/<name>/…`: what a person keeps of a list."""

from django.urls import path

from dojang.service.lists import views

urlpatterns = [
    path("<slug:name>/filters/", views.save_filter, name="list_filters"),
    path("<slug:name>/filters/<int:filter_id>/", views.change_filter, name="list_filter"),
    path("<slug:name>/columns/", views.columns, name="list_columns"),
]
