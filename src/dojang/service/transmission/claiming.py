"""From issued invoices whose time has come to a message that is stored before it is sent: one transaction.

Whatever ends the worker before the commit leaves everything as it was; from the commit on the message is there, and
sending it is a matter of looking at its row.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection as database
from django.db import transaction

from dojang.errors import DojangError
from dojang.nts.connection import Connection
from dojang.nts.package import MAX_INVOICES, PackagedInvoice
from dojang.nts.submission import Submission as Message
from dojang.service.audit.actor import WORKER
from dojang.service.errors import Conflict
from dojang.service.invoices import documents
from dojang.service.invoices.changes import Change, apply, lock
from dojang.service.invoices.models import Invoice, SignedDocument
from dojang.service.invoices.states import Action, State
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.transmission import conditions, schedule
from dojang.service.transmission.models import HeldInvoice, Submission, SubmissionItem, SubmissionState
from dojang.service.transmission.places import by_workspace
from dojang.service.transmission.randoms import Opener
from dojang.service.transmission.way_out import way_out

#: Well under what a package may hold; an invoice of 99 lines has a quarter of a megabyte.
MOST_BYTES = 24 << 20
_REGISTRATION = slice(8, 16)  # in an issue id
#: Of 100 invoices that can't be packed each; what is left after them has its turn a minute later.
_ROUNDS = 20


class AnotherRegistration(Conflict):
    """The issue id begins with a registration number that is no longer ours."""

    code = "another_registration"
    ko = "승인번호의 등록번호가 지금의 전송 설정과 달라 전송할 수 없습니다. 설정을 되돌리거나, 발행을 취소하고 다시 발행해 주세요."
    en = "Its issue id has another registration number than the settings. Restore the settings, or cancel and issue anew."


@dataclass(slots=True)
class _Package:
    """What goes into one message, and where each of it belongs."""

    invoices: list[PackagedInvoice] = field(default_factory=list)
    places: dict[int, list[int]] = field(default_factory=dict)
    size: int = 0

    def is_full(self, size: int) -> bool:
        return bool(self.invoices) and (len(self.invoices) >= MAX_INVOICES or self.size + size > MOST_BYTES)

    def add(self, workspace_id: int, invoice_id: int, packaged: PackagedInvoice) -> None:
        self.invoices.append(packaged)
        self.places.setdefault(workspace_id, []).append(invoice_id)
        self.size += len(packaged.xml)


def claim(connection: Connection, *, now: datetime) -> int | None:
    """Prepare and store the next message, of up to 100 due invoices; its id, or None where nothing can go now.

    Nothing can go while an earlier message can't be delivered or was turned down whole: what stays issued can still
    be cancelled by its owner.
    """
    try:
        with transaction.atomic():
            _one_at_a_time()
            if is_blocked(now=now):
                return None
            claimed = _claim(connection, now)
    except DojangError as error:
        # The settings or the NTS's certificate: no invoice is to blame, and none is touched.
        conditions.bad(conditions.PREPARING, error, at=now)
        return None
    if claimed is not None:
        conditions.good(conditions.PREPARING, at=now)
    return claimed


def is_blocked(*, now: datetime) -> bool:
    """Whether new messages have to wait for an earlier one."""
    way = way_out().name
    tried = Submission.objects.filter(way_out=way, state=SubmissionState.PREPARED, calls__isnull=False)
    if tried.exists():
        return True
    turned_down = _turned_down_in_a_row(way)
    if not turned_down or turned_down[0].settled_at is None:
        return False
    until = schedule.after(schedule.TURNED_DOWN, len(turned_down), turned_down[0].settled_at)
    return until > now


def _turned_down_in_a_row(way: str) -> list[Submission]:
    """The newest messages, as far back as all of them were turned down; the newest first."""
    answered = Submission.objects.filter(way_out=way).exclude(
        state__in=[SubmissionState.PREPARED, SubmissionState.SENDING]
    )
    newest = list(answered.order_by("-id").defer("message")[: len(schedule.TURNED_DOWN)])
    good = next((at for at, one in enumerate(newest) if one.state != SubmissionState.REFUSED), len(newest))
    return newest[:good]


def _one_at_a_time() -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('dojang.claim', 0))")


def _claim(connection: Connection, now: datetime) -> int | None:
    way, opener = way_out(), Opener()
    for _ in range(_ROUNDS):
        due = crossing.due_invoices(now, way.name, MAX_INVOICES)
        if not due:
            return None
        package = _Package()
        for workspace_id, invoice_ids in by_workspace(due):
            with in_workspace(workspace_id):
                _gather(package, workspace_id, invoice_ids, opener, now)
        # Those that could not be packed are put off, so that each round sees others.
        if package.invoices:
            return _store(package, connection, now)
    return None


def _gather(
    package: _Package, workspace_id: int, invoice_ids: Sequence[int], opener: Opener, now: datetime
) -> None:
    """Lock what is still to be sent, and pack it."""
    rows = {pk: row for pk, row in lock(invoice_ids).items() if row.state == State.ISSUED}
    signed = SignedDocument.objects.select_related("random", "certificate").filter(invoice_id__in=rows)
    for document in signed.order_by("invoice_id"):
        invoice = rows[document.invoice_id]
        if invoice.transmit_at is None or invoice.transmit_at > now:
            continue
        try:
            packaged = _packaged(document, invoice, opener)
        except DojangError as error:
            _hold(invoice, error, now)
            continue
        if package.is_full(len(packaged.xml)):
            return
        package.add(workspace_id, invoice.pk, packaged)


def _packaged(document: SignedDocument, invoice: Invoice, opener: Opener) -> PackagedInvoice:
    if (invoice.issue_id or "")[_REGISTRATION] != way_out().registration:
        raise AnotherRegistration
    xml = documents.unpack(bytes(document.document), workspace_id=document.workspace_id)
    return PackagedInvoice(xml=xml, random_number=opener.open(document))


def _hold(invoice: Invoice, error: DojangError, now: datetime) -> None:
    """Put one off that can't be packed, so that it holds up no other, and tell the operator."""
    Invoice.objects.filter(pk=invoice.pk).update(transmit_at=now + schedule.HELD)
    held, _ = HeldInvoice.objects.get_or_create(
        invoice_number=invoice.pk,
        defaults={
            "workspace_number": invoice.workspace_id,
            "issue_id": invoice.issue_id or "",
            "since": now,
            "tried_at": now,
        },
    )
    held.code, held.ko, held.en = error.code[:40], error.text("ko")[:500], error.text("en")[:500]
    held.tried_at = now
    held.save()


def _store(package: _Package, connection: Connection, now: datetime) -> int:
    """The message, its invoices, and the step that each of them takes."""
    message = Message.prepare(
        package.invoices, settings=connection.settings, sign=connection.sign, now=now, random=os.urandom
    )
    submission = Submission.objects.create(
        submit_id=message.submit_id,
        registration=connection.settings.registration,
        way_out=way_out().name,
        count=message.total_count,
        message=message.to_bytes(),
        prepared_at=now,
        next_look_at=now,
    )
    position = 0
    told = {"submit_id": message.submit_id}
    for workspace_id, invoice_ids in package.places.items():
        with in_workspace(workspace_id):
            rows = lock(invoice_ids)
            SubmissionItem.objects.bulk_create(
                SubmissionItem(
                    workspace_id=workspace_id,
                    submission=submission,
                    invoice_id=invoice_id,
                    position=position + place,
                )
                for place, invoice_id in enumerate(invoice_ids)
            )
            position += len(invoice_ids)
            changes = [Change(rows[invoice_id], data=told) for invoice_id in invoice_ids]
            apply(Action.SUBMIT, changes, actor=WORKER, now=now)
            HeldInvoice.objects.filter(invoice_number__in=invoice_ids).delete()
    return submission.pk
