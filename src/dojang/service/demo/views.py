"""The demo's certificates, to be downloaded as their owners would have them."""

import io
import zipfile

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dojang.service.demo.accounts import certificate_folder


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """A zip of the certificate folder: `NPKI/<CA>/USER/<DN>/…` and a `.pfx` for each business."""
    if not settings.DEMO:
        raise Http404
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
