"""What the operator has to know, each thing in one row: good or not, since when, and what to do."""

from datetime import datetime

from django.db import transaction

from dojang.errors import DojangError
from dojang.service.transmission.models import Condition

PREPARING = "preparing"
NTS_CERTIFICATE = "nts_certificate"
CLOCK = "clock"
REVOCATION = "revocation"
TAX_STATUS = "tax_status"
MAIL = "mail"

_LONGEST = 500


def good(name: str, *, at: datetime, value: float | None = None) -> None:
    """It was looked at and is as it should be."""
    _note(name, at, is_good=True, code="", ko="", en="", value=value)


def bad(name: str, error: DojangError, *, at: datetime, value: float | None = None) -> None:
    """It is not as it should be; the sentences of the error say what to do."""
    ko, en = error.text("ko")[:_LONGEST], error.text("en")[:_LONGEST]
    _note(name, at, is_good=False, code=error.code[:60], ko=ko, en=en, value=value)


def _note(name: str, at: datetime, **found: object) -> None:
    with transaction.atomic():
        before = Condition.objects.select_for_update().filter(name=name).first()
        same = before is not None and (before.is_good, before.code) == (found["is_good"], found["code"])
        since = before.since if before is not None and same else at
        Condition.objects.update_or_create(name=name, defaults={**found, "at": at, "since": since})
