"""What happened to requests, for the history of the workspace. Nothing of what customers filled in."""

from typing import Any, Final

from django.urls import reverse

from dojang.service.audit.stream import Source
from dojang.service.billing.models import BillingEvent
from dojang.service.billing.words import SENTENCES
from dojang.service.web.say import say


def _tell(event: Any, slug: str) -> tuple[str, str, str]:
    request = event.request
    what = say(f"{request.name} 발행정보", f"the billing data of {request.name}")
    return say(*SENTENCES[event.action]), what, reverse("billing_request", args=[slug, request.pk])


SOURCE: Final = Source(
    5,
    "billing",
    "actor",
    lambda: BillingEvent.objects.select_related("actor", "request").defer(
        "request__answer", "request__personal_number", "request__status"
    ),
    "request__business_id",
    tell=_tell,
)
