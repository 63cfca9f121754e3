"""What happened to requests, for the history of the workspace."""

from typing import Any, Final

from django.db.models import Q
from django.urls import reverse

from dojang.service.audit.stream import ISSUE_ID, Source
from dojang.service.reverse.models import ReverseEvent
from dojang.service.reverse.words import SENTENCES
from dojang.service.web.say import say


def _tell(event: Any, slug: str) -> tuple[str, str, str]:
    request = event.request
    total = say(f"{request.total_amount:,}원", f"{request.total_amount:,} won")
    name = request.supplier_name or say("공급자 미정", "no supplier yet")
    what = say(
        f"{name} 역발행({request.written_on.isoformat()}, {total})",
        f"what {name} is to sign ({request.written_on.isoformat()}, {total})",
    )
    url = "" if request.deleted_at else reverse("reverse_request", args=[slug, request.pk])
    return say(*SENTENCES[event.action]), what, url


def _of_document(text: str) -> Q:
    return Q(request__issue_id=text) if len(text) == ISSUE_ID else Q(pk__in=[])


SOURCE: Final = Source(
    4,
    "reverse",
    "actor",
    lambda: ReverseEvent.objects.select_related("actor", "request").defer("request__content"),
    "request__business_id",
    _of_document,
    _tell,
)
