"""Handing out the bytes of a record: those that name a person's number leave only with an event that tells of it."""

from datetime import datetime

from django.db import transaction

from dojang.service.invoices import documents
from dojang.service.records import events, taking
from dojang.service.records.errors import NoSuchRecord
from dojang.service.records.selectors import record_for
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


@transaction.atomic
def signed_xml(*, member: Member, record_id: int, now: datetime) -> bytes:
    """The document as it came, byte for byte.

    Raises:
        NoSuchRecord: or it has no signed document.
        PermissionDenied: a person's number takes `Right.WRITE`, as everywhere.

    Source: 개인정보의 안전성 확보조치 기준 §8 (who looked at a resident number is kept).
    """
    record = record_for(member, record_id)
    if record.document is None:
        raise NoSuchRecord
    if documents.is_secret(bytes(record.document)):
        member.require(Right.WRITE, record.business_id)
        events.note(record, "downloaded", actor=member.actor, now=now)
    return taking.bytes_of(record)
