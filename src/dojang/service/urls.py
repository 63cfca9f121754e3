"""Every address of the service."""

from django.urls import include, path

from dojang.service.accounts.profile import profile

urlpatterns = [
    path("", include("dojang.service.home.urls")),
    path("", include("dojang.service.web.urls")),
    path("account/profile/", profile, name="account_profile"),
    path("account/", include("allauth.urls")),
    path("", include("dojang.service.workspaces.urls")),
    path("w/<slug:workspace>/", include("dojang.service.workspaces.workspace_urls")),
    path("w/<slug:workspace>/counterparties/", include("dojang.service.counterparties.urls")),
    path("w/<slug:workspace>/certificates/", include("dojang.service.certificates.urls")),
    path("w/<slug:workspace>/invoices/", include("dojang.service.invoices.urls")),
    path("w/<slug:workspace>/", include("dojang.service.notices.urls")),
    path("w/<slug:workspace>/records/", include("dojang.service.records.urls")),
    path("w/<slug:workspace>/amendments/", include("dojang.service.amendments.urls")),
    path("w/<slug:workspace>/approvals/", include("dojang.service.approvals.urls")),
    path("w/<slug:workspace>/reverse/", include("dojang.service.reverse.urls")),
    path("w/<slug:workspace>/billing/", include("dojang.service.billing.urls")),
    path("w/<slug:workspace>/hometax/", include("dojang.service.hometax.urls")),
    path("w/<slug:workspace>/lists/", include("dojang.service.lists.urls")),
    path("w/<slug:workspace>/sign/", include("dojang.service.signing.urls")),
    path("w/<slug:workspace>/reports/", include("dojang.service.reports.urls")),
    path("w/<slug:workspace>/history/", include("dojang.service.audit.urls")),
    path("w/<slug:workspace>/export/", include("dojang.service.exports.urls")),
    path("w/<slug:workspace>/links/", include("dojang.service.links.workspace_urls")),
    path("w/<slug:workspace>/demo/", include("dojang.service.demo.workspace_urls")),
    path("amend/", include("dojang.service.amendments.here_urls")),
    path("v/", include("dojang.service.links.urls")),
    path("i/", include("dojang.service.billing.link_urls")),
    path("r/", include("dojang.service.reverse.link_urls")),
    path("verify/", include("dojang.service.verification.urls")),
    path("sign/", include("dojang.service.signing.module_urls")),
    path("demo/", include("dojang.service.demo.urls")),
    path("nts/", include("dojang.service.transmission.urls")),
    path("operator/", include("dojang.service.transmission.operator_urls")),
]

handler400 = "dojang.service.web.errors.bad_request"
handler403 = "dojang.service.web.errors.permission_denied"
handler404 = "dojang.service.web.errors.page_not_found"
handler429 = "dojang.service.web.errors.too_many_requests"
handler500 = "dojang.service.web.errors.server_error"
