"""`/w/<slug>/reports/…`."""

from django.urls import path

from dojang.service.reports import filed, views

_PATHS = (
    ("months", views.MONTHS),
    ("parties", views.PARTIES),
    ("summary", views.SUMMARY),
    ("vat", views.VAT),
    ("late", views.LATE),
    ("documents", views.DOCUMENTS),
)

urlpatterns = [
    path("", views.report_home, name="report_home"),
    path("filed/", filed.mark, name="report_filed"),
    *(path(f"{place}/", views.view(page), name=page.url_name) for place, page in _PATHS),
    *(path(f"{place}.xlsx", views.excel(page), name=f"{page.url_name}_excel") for place, page in _PATHS),
]
