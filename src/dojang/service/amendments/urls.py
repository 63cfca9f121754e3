"""`/w/<slug>/amendments/…`."""

from django.urls import path

from dojang.service.amendments import chain_views, elsewhere_views, views

urlpatterns = [
    path("", views.amendment_list, name="amendment_list"),
    path("elsewhere/", elsewhere_views.elsewhere, name="amendment_elsewhere"),
    path("elsewhere/upload/", elsewhere_views.upload, name="amendment_elsewhere_upload"),
    path("elsewhere/typed/", elsewhere_views.typed, name="amendment_elsewhere_typed"),
    path("of/invoice/<int:invoice_id>/", views.of_invoice, name="amendment_of_invoice"),
    path("of/record/<int:record_id>/", views.of_record, name="amendment_of_record"),
    path("of/<slug:issue_id>/", views.of_number, name="amendment_of_number"),
    path("chain/<slug:key>/", chain_views.chain_page, name="amendment_chain"),
    path("chain/<slug:key>/excel/", chain_views.chain_excel, name="amendment_chain_excel"),
    path("<int:amendment_id>/", views.amendment_page, name="amendment"),
    path("<int:amendment_id>/prepare/", views.prepare, name="amendment_prepare"),
    path("<int:amendment_id>/reopen/", views.reopen, name="amendment_reopen"),
    path("<int:amendment_id>/withdraw/", views.withdraw, name="amendment_withdraw"),
    path("<int:amendment_id>/reissue/", views.reissue, name="amendment_reissue"),
]
