"""`/verify/`: whether a document holds, for anybody. Nothing that comes here is stored or logged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dojang.service.errors import ServiceError
from dojang.service.verification.uploads import MOST_FILES, files_of
from dojang.service.verification.verdict import Verdict
from dojang.service.verification.words import tell_file, too_many_documents
from dojang.service.web.limits import limit
from dojang.service.web.say import say_error

#: An accountant with a month's purchases is not stopped; whoever feeds files by program is.
_RATES: Final = "20/m/ip,200/h/ip"
_MOST_NAME: Final = 120
MOST_DOCUMENTS: Final = 200
"""Looked at in one request, those inside PDFs among them; a file that was begun is looked through."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one document of one file; `number` counts those of a PDF with several."""

    name: str
    number: int
    of: int
    verdict: Verdict


# There is no session and nothing changes, so a request that another site made somebody send does nothing to anybody.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Choose files, and read what is to be said of them."""
    if request.method != "POST":
        return _page(request, {})
    try:
        limit(request, "verify", _RATES)
        files = files_of(request, "file")
    except ServiceError as error:
        return _page(request, {"refused": say_error(error)}, status=error.status)
    answers: list[Answer] = []
    for name, data in files:
        answers += _answers(name, data) if len(answers) < MOST_DOCUMENTS else [_left_over(name)]
    return _page(request, {"answers": answers, "nothing_chosen": not files})


def _left_over(name: str) -> Answer:
    return Answer(name[:_MOST_NAME], 1, 1, too_many_documents())


def _answers(name: str, data: bytes) -> Iterator[Answer]:
    told = tell_file(data, now=timezone.now())
    for number, verdict in enumerate(told, 1):
        yield Answer(name[:_MOST_NAME], number, len(told), verdict)


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(
        request, "verification/verify.html", {"most_files": MOST_FILES} | context, status=status
    )
    response.headers["Cache-Control"] = "no-store"
    return response
