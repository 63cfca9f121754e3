"""Where the NTS tells results by itself: `POST /nts/results`, the ReplyTo of our messages.

Anybody can post here, so nothing counts but the NTS's two signatures. What is acknowledged is never told again:
the results are stored first, and a notice that is not ours to store is refused.
"""

import logging
import os

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dojang.errors import DojangError
from dojang.nts.callback import acknowledge, read_results_notice
from dojang.nts.errors import NtsError
from dojang.nts.ids import RANDOM_BYTES
from dojang.service.transmission import outcomes, system

#: Verdicts on 100 invoices take a tenth of it.
MOST_BYTES = 1 << 20
_BAD_REQUEST, _NOT_FOUND, _LENGTH_REQUIRED, _TOO_LARGE, _UNAVAILABLE = 400, 404, 411, 413, 503

_log = logging.getLogger(__name__)


@csrf_exempt  # a program's message, proven by its signature; no cookie counts here
@require_POST
def results(request: HttpRequest) -> HttpResponse:
    """Apply the results of a notice once, and acknowledge it."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit():
        return _refused(_LENGTH_REQUIRED)
    if int(length[:12]) > MOST_BYTES:
        return _refused(_TOO_LARGE)
    now = timezone.now()
    try:
        connection = system.connection(now=now)
    except DojangError as error:
        # This process can't sign what acknowledges. Polling tells the worker the same.
        _log.warning("a notice of results could not be answered: %s", error.code)
        return _refused(_UNAVAILABLE)
    pinned = connection.settings.nts_certificates
    try:
        notice = read_results_notice(request.body, request.META.get("CONTENT_TYPE"), pinned)
    except NtsError as error:
        _log.warning("a notice of results was refused: %s", error.code)
        return _refused(_BAD_REQUEST)
    if not outcomes.told(notice.response.ref_submit_id, notice.response, now=now):
        return _refused(_NOT_FOUND)
    message = acknowledge(
        notice,
        party=connection.settings.party,
        signer=connection.signer,
        now=now,
        random=os.urandom(RANDOM_BYTES),
    )
    return HttpResponse(message.body, content_type=message.content_type)


def _refused(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain; charset=utf-8")
