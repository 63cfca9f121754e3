"""Test certificates, to be downloaded as their owners would have them."""

import io
import zipfile

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from dojang.service.demo.accounts import certificate_folder
from dojang.service.demo.certificates import archive_of
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """A zip of the certificate folder: `NPKI/<CA>/USER/<DN>/…` and a `.pfx` for each business."""
    _only_in_demo()
    home = certificate_folder()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(home.rglob("*")):
            if file.is_file():
                archive.writestr(str(file.relative_to(home)), file.read_bytes())
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="dojang-demo-certificates.zip"'},
    )


@require_safe
def certificate(request: HttpRequest, business_id: int) -> HttpResponse:
    """The test certificate of one's own business, a `.pfx`: the same one whenever it is asked for."""
    _only_in_demo()
    member_of(request).require(Right.MANAGE)
    business = get_object_or_404(Business, pk=business_id)
    archive = archive_of(business.number, business.name, now=timezone.now())
    return HttpResponse(
        archive.read_bytes(),
        content_type="application/x-pkcs12",
        headers={"Content-Disposition": f'attachment; filename="dojang-test-{business.number}.pfx"'},
    )


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404
