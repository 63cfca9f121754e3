from django.urls import path

from dojang.service.hometax import bulk_views, views

urlpatterns = [
    path("lists/", views.hometax_lists, name="hometax_lists"),
    path("lists/<int:listimport_id>/", views.hometax_list, name="hometax_list"),
    path("lists/<int:listimport_id>/state/", views.hometax_list_state, name="hometax_list_state"),
    path("lists/<int:listimport_id>/take/", views.hometax_list_take, name="hometax_list_take"),
    path("lists/<int:listimport_id>/drop/", views.hometax_list_drop, name="hometax_list_drop"),
    path("lists/<int:listimport_id>/close/", views.hometax_list_close, name="hometax_list_close"),
    path("lists/<int:listimport_id>/sheet/", views.hometax_list_sheet, name="hometax_list_sheet"),
    path("bulk/", bulk_views.hometax_bulk, name="hometax_bulk"),
    path("bulk/make/", bulk_views.hometax_bulk_make, name="hometax_bulk_make"),
    path("bulk/release/", bulk_views.hometax_bulk_release, name="hometax_bulk_release"),
]
