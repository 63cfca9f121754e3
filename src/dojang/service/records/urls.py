from django.urls import path

from dojang.service.records import list_views, paper_views, views

urlpatterns = [
    path("", list_views.record_list, name="record_list"),
    path("totals/", list_views.record_list_totals, name="record_list_totals"),
    path("excel/", list_views.record_list_excel, name="record_list_excel"),
    path("upload/", views.records_upload, name="records_upload"),
    path("paper/", paper_views.record_new, name="record_new"),
    path("check/", views.records_check, name="records_check"),
    path("decide/", views.records_decide, name="records_decide"),
    path("<int:record_id>/", views.record_page, name="record"),
    path("<int:record_id>/edit/", paper_views.record_edit, name="record_edit"),
    path("<int:record_id>/delete/", paper_views.record_delete, name="record_delete"),
    path("<int:record_id>/form/", views.record_form, name="record_form"),
    path("<int:record_id>/pdf/", views.record_pdf, name="record_pdf"),
    path("<int:record_id>/xml/", views.record_xml, name="record_xml"),
    path("<int:record_id>/ask/", views.record_ask, name="record_ask"),
    path("<int:record_id>/withdraw/", views.record_withdraw, name="record_withdraw"),
]
