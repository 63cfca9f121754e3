"""Serving the modules as they are written."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dojang.service.signing import release

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@require_safe
def module(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """One file of the current release. An address of another version is not found: its hashes would not hold."""
    modules = release.current()
    data = modules.files.get(name) if version == modules.version else None
    kind = next((kind for suffix, kind in _TYPES.items() if name.endswith(suffix)), None)
    if data is None or kind is None:
        raise Http404
    response = HttpResponse(data, content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
