"""When mails are put down: what happens to invoices, and to whom it is told. Called in the transaction of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dojang.service.amendments.models import AmendmentDocument
from dojang.service.amendments.models import Kind as DocumentKind
from dojang.service.invoices.models import Invoice
from dojang.service.notices import outbox, people
from dojang.service.notices.choices import Choices
from dojang.service.notices.models import Kind, OutgoingMail
from dojang.service.notices.outbox import NewMail
from dojang.service.workspaces.roles import Right

#: Contacts of a buyer that a document can name.
_CONTACTS = 2
_LONGEST_ADDRESS = 254


def issued(invoices: Sequence[Invoice], *, now: datetime) -> None:
    """They were issued: to the contacts of their buyers."""
    amending = dict(
        AmendmentDocument.objects.filter(
            invoice_id__in=[one.pk for one in invoices], kind=DocumentKind.AMENDMENT
        ).values_list("invoice_id", "amendment_id")
    )
    mails = [
        NewMail(Kind.INVOICE_ISSUED, key=f"{one.pk}:{place}", to=address, invoice_id=one.pk)
        for one in invoices
        if one.pk not in amending
        for place, address in enumerate(addresses_of(one), 1)
    ]
    outbox.put_all([*mails, *_of_amendments(invoices, amending)], now=now)


def _of_amendments(invoices: Sequence[Invoice], amending: Mapping[int, int]) -> Iterator[NewMail]:
    """One mail to each address about all documents of an amendment that name it: nobody gets half of a correction."""
    together: dict[tuple[int, str], list[int]] = {}
    for one in sorted((one for one in invoices if one.pk in amending), key=lambda one: one.pk):
        for address in addresses_of(one):
            together.setdefault((amending[one.pk], address), []).append(one.pk)
    for place, ((_, address), ids) in enumerate(together.items(), 1):
        facts = {"also": ids[1:]} if ids[1:] else {}
        yield NewMail(
            Kind.INVOICE_ISSUED, key=f"{ids[0]}:{place}", to=address, invoice_id=ids[0], facts=facts
        )


def buyers_are_mailed() -> bool:
    """Whether what is issued is mailed to its buyer: without it, no inbox but Hometax's receives it."""
    return Choices().is_on(Kind.INVOICE_ISSUED)


def cancelled(invoice: Invoice, *, now: datetime) -> None:
    """It was cancelled before transmission: those who may know of it are told, what waits is not sent any more."""
    mails = OutgoingMail.objects.filter(invoice=invoice, kind=Kind.INVOICE_ISSUED)
    told = outbox.take_back(mails, why="cancelled", now=now)
    # Documents that were issued together are cancelled together; the mail about the first tells of all.
    also = sorted({other for mail in mails for other in mail.invoice_ids} - {invoice.pk})
    outbox.put_all(
        [
            NewMail(
                Kind.INVOICE_CANCELLED,
                key=f"{invoice.pk}:{place}",
                to=address,
                invoice_id=invoice.pk,
                facts={"also": also} if also else {},
            )
            for place, address in enumerate(sorted(told), 1)
        ],
        now=now,
    )


def rejected(invoices: Sequence[Invoice], *, now: datetime) -> None:
    """The NTS did not take them: one mail to each who issues for their businesses."""
    ids = {one.business_id for one in invoices}
    mails = []
    for person in people.with_right(Right.ISSUE, ids):
        theirs = sorted(one.pk for one in invoices if one.business_id in person.business_ids)
        mails.append(
            NewMail(
                Kind.RESULT_FAILED,
                key=f"{theirs[0]}:{person.user.pk}",
                to=person.user.email,
                language=person.user.language,
                person_id=person.user.pk,
                invoice_id=theirs[0] if len(theirs) == 1 else None,
                facts={"invoices": theirs},
            )
        )
    outbox.put_all(mails, now=now)


def addresses_of(invoice: Invoice) -> list[str]:
    """The mail addresses that the document names for its buyer, each once."""
    contacts = (invoice.content.get("buyer") or {}).get("contacts") or ()
    found = (str(one.get("email") or "").strip() for one in contacts[:_CONTACTS])
    return list(dict.fromkeys(one for one in found if one and len(one) <= _LONGEST_ADDRESS))
