from django.urls import path

from dojang.service.counterparties import answers, merge_views, sheet_views, views

urlpatterns = [
    path("", views.counterparty_list, name="counterparty_list"),
    path("add/", views.counterparty_add, name="counterparty_add"),
    path("<int:counterparty_id>/", views.counterparty_page, name="counterparty"),
    path("<int:counterparty_id>/edit/", views.counterparty_edit, name="counterparty_edit"),
    path("<int:counterparty_id>/memo/", views.counterparty_memo, name="counterparty_memo"),
    path("<int:counterparty_id>/reveal/", views.counterparty_reveal, name="counterparty_reveal"),
    path("<int:counterparty_id>/check/", views.counterparty_check, name="counterparty_check"),
    path("<int:counterparty_id>/archive/", views.counterparty_archive, name="counterparty_archive"),
    path("<int:counterparty_id>/unarchive/", views.counterparty_unarchive, name="counterparty_unarchive"),
    path(
        "<int:counterparty_id>/merge/<int:other_id>/",
        merge_views.counterparty_merge,
        name="counterparty_merge",
    ),
    path("export/", sheet_views.counterparty_export, name="counterparty_export"),
    path("template/", sheet_views.counterparty_template, name="counterparty_template"),
    path("upload/", sheet_views.counterparty_upload, name="counterparty_upload"),
    path("upload/<int:upload_id>/", sheet_views.counterparty_preview, name="counterparty_preview"),
    path("find", answers.find, name="counterparty_find"),
    path("items", answers.items, name="counterparty_items"),
]
