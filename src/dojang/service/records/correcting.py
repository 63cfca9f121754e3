"""[공급자에게 수정 요청]: asked with a reason and the expected document, by mail; asked again, withdrawn, answered."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from dojang.etax import Invoice as Document
from dojang.etax.amendments import Status
from dojang.service.audit.actor import Actor
from dojang.service.invoices import timing
from dojang.service.law import law
from dojang.service.notices import asking, outbox
from dojang.service.notices.models import Kind
from dojang.service.records import content, events
from dojang.service.records.errors import AskedTooOften, NoOpenCorrection, NoPurchase
from dojang.service.records.expected import Expected, Told, expected
from dojang.service.records.locking import locked
from dojang.service.records.models import Check, Correction, Record, Side, Source
from dojang.service.records.selectors import chain_of
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business

MOST_MAILS = 5
"""About one document; anybody can type one in, with any address."""
_LONGEST = 500
_SENTENCE = 600


def expected_for(record: Record, told: Told, *, on: date) -> Expected:
    """Which document would put it right."""
    documents = [(content.whole(one), _status(one)) for one in chain_of(record)]
    return expected(told, documents, target=record.issue_id, our_business=_buyer(record), law=law(), on=on)


@transaction.atomic
def ask(
    *, member: Member, record_id: int, version: int, told: Told, text: str, to: str, now: datetime
) -> tuple[Correction, Expected]:
    """Ask the supplier for a correction; what was asked before and not answered is replaced.

    Args:
        member: needs the right to write for the business.
        record_id: a purchase.
        version: of the record, as it was shown.
        told: what happened.
        text: in the buyer's own words.
        to: the supplier's mail address; empty where it is told by telephone.
        now: aware.

    Raises:
        NoSuchRecord, PermissionDenied, ChangedMeanwhile, NoPurchase, AskedTooOften, MailsOfTheDay, InboxFull.
    """
    record = locked(member, record_id, version=version)
    if record.side != Side.PURCHASE:
        raise NoPurchase
    if to:
        if Correction.objects.filter(record=record).exclude(to="").count() >= MOST_MAILS:
            raise AskedTooOften(most=MOST_MAILS)
        asking.require_left(member, now=now)
    found = expected_for(record, told, on=timing.today(now))
    Correction.objects.filter(record=record, state=Correction.State.ASKED).update(
        state=Correction.State.REPLACED, closed_at=now
    )
    made = Correction.objects.create(
        workspace_id=record.workspace_id,
        record=record,
        why=told.why,
        text=text.strip()[:_LONGEST],
        expected_ko=found.ko[:_SENTENCE],
        expected_en=found.en[:_SENTENCE],
        to=to,
        asked_by_id=member.user_id,
        asked_at=now,
    )
    _set(record, Check.CORRECTION_ASKED, now)
    told_of = {"why": told.why, "to": to, "expected": found.ko}
    events.note(record, "correction_asked", actor=member.actor, now=now, data=told_of)
    if to:
        outbox.put(
            Kind.CORRECTION_ASKED,
            key=f"correction-{made.pk}",
            to=to,
            facts=_facts(record, made),
            asked_by_id=member.user_id,
            now=now,
        )
    return made, found


@transaction.atomic
def withdraw(*, member: Member, record_id: int, version: int, now: datetime) -> Record:
    """Take the request back: it has to be looked at again.

    Raises:
        NoSuchRecord, PermissionDenied, ChangedMeanwhile, NoOpenCorrection.
    """
    record = locked(member, record_id, version=version)
    done = Correction.objects.filter(record=record, state=Correction.State.ASKED).update(
        state=Correction.State.WITHDRAWN, closed_at=now
    )
    if not done:
        raise NoOpenCorrection
    _set(record, Check.TO_CHECK, now)
    events.note(record, "correction_withdrawn", actor=member.actor, now=now)
    return record


def answer_with(amendment: Record, *, actor: Actor, now: datetime) -> None:
    """An amendment came: what was asked for in its chain is answered, and the document is to be looked at again."""
    if not amendment.original_issue_id:
        return
    others = [one.pk for one in chain_of(amendment) if one.pk != amendment.pk]
    waiting = Record.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=others, check_state=Check.CORRECTION_ASKED
    )
    for record in waiting.order_by("pk"):
        Correction.objects.filter(record=record, state=Correction.State.ASKED).update(
            state=Correction.State.ANSWERED, closed_at=now, answer=amendment
        )
        _set(record, Check.TO_CHECK, now)
        events.note(
            record, "correction_answered", actor=actor, now=now, data={"issue_id": amendment.issue_id}
        )


def address_of(document: Document) -> str:
    """Where the supplier of a document can be reached, as it says itself."""
    contact = document.supplier.contact
    return (contact.email or "") if contact else ""


def _set(record: Record, state: Check, now: datetime) -> None:
    record.check_state = state
    record.version += 1
    record.changed_at = now
    record.save(update_fields=["check_state", "version", "changed_at"])


def _status(record: Record) -> Status:
    return Status.PAPER if record.source == Source.PAPER else Status.EXTERNAL


def _buyer(record: Record) -> dict[str, Any]:
    """공급받는자 as it should stand there: our business as it is registered, its contacts as they were."""
    business: Business = record.business
    before = record.content.get("buyer") or {}
    return {
        "kind": "business",
        "number": business.number,
        "branch_number": before.get("branch_number"),
        "name": business.name,
        "representative": business.representative,
        "business_type": business.business_type or None,
        "business_item": business.business_item or None,
        "address": business.address or None,
        "contacts": before.get("contacts") or [],
    }


def _facts(record: Record, made: Correction) -> dict[str, Any]:
    """What the mail says besides what stands on the document."""
    why = Correction.Why(made.why)
    said = f" · {made.text}" if made.text else ""
    return {
        "record": record.pk,
        "correction": made.pk,
        "why": why.value,
        "reason": f"{why.label}{said}",
        "reason_en": f"{WHY_EN[why]}{said}",
        "expected_ko": made.expected_ko,
        "expected_en": made.expected_en,
    }


WHY_EN = {
    Correction.Why.AMOUNT: "The amount is wrong",
    Correction.Why.PARTY: "Our number or name is wrong",
    Correction.Why.DATE: "The date written is wrong",
    Correction.Why.TWICE: "Issued twice",
    Correction.Why.RETURNED: "Goods were returned",
    Correction.Why.UNDONE: "The contract was undone",
    Correction.Why.OTHER: "Something else",
}
