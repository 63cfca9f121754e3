"""The documents that count, as rows of the database: issued here and accepted, and records of others.

Both tables are given the same columns, so that each report asks its question once and adds the answers.

Counted are invoices that 국세청 accepted, and records of documents issued elsewhere. Not counted are those that were
refused or cancelled, and those not transmitted yet; `left_out` adds them up. What was issued for the sandbox (모의)
counts only where the sandbox is the way out of this server.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from dojang.etax.returns import NOTHING, Cell, Family, Filing, Key, Party, Side, Sums, Told
from dojang.service import secrets
from dojang.service.days import DayInKorea
from dojang.service.invoices.consigned import IS_CONSIGNED
from dojang.service.invoices.content import personal_number
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.stages import unaccepted
from dojang.service.invoices.states import State
from dojang.service.records.models import PartyKind, Record, Source
from dojang.service.reports.codes import KINDS

SANDBOX = "sandbox"
_SUMS = {
    "n": Count("id"),
    "supply": Sum("supply_amount", default=0),
    "tax": Sum("tax_amount", default=0),
}
_EXEMPT = Q(document_type__startswith="03") | Q(document_type__startswith="04")


def is_sandbox() -> bool:
    """Whether documents of this server go to the sandbox, so that figures are of 모의 documents."""
    return bool(settings.ENVIRONMENT.nts == SANDBOX)


def _real(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows if is_sandbox() else rows.exclude(way_out=SANDBOX)


def invoices(business_ids: Iterable[int]) -> QuerySet[Invoice]:
    """Sales issued here and accepted; not those of others that were issued here as their broker (위수탁)."""
    rows = Invoice.objects.filter(deleted_at=None, business_id__in=list(business_ids), state=State.ACCEPTED)
    return _real(rows.exclude(IS_CONSIGNED))


def unfinished(business_ids: Iterable[int]) -> QuerySet[Invoice]:
    """Sales that were signed and that 국세청 has not accepted."""
    rows = Invoice.objects.filter(unaccepted(), deleted_at=None, business_id__in=list(business_ids))
    return rows.exclude(IS_CONSIGNED)


def consigned(business_ids: Iterable[int]) -> QuerySet[Invoice]:
    """Issued here as the broker of others and accepted: in no figure of ours."""
    rows = Invoice.objects.filter(
        IS_CONSIGNED, deleted_at=None, business_id__in=list(business_ids), state=State.ACCEPTED
    )
    return _real(rows)


def records(business_ids: Iterable[int], side: Side) -> QuerySet[Record]:
    """Documents issued elsewhere; not those that are here as invoices too."""
    rows = _real(Record.objects.filter(deleted_at=None, business_id__in=list(business_ids), side=side.value))
    if side is Side.PURCHASE:
        return rows
    # A broker of the same workspace may have issued it: that is no sale of the broker's, so the record counts.
    here = Invoice.objects.filter(issue_id=OuterRef("issue_id"), business_id=OuterRef("business_id"))
    return rows.exclude(Exists(here))


def told_invoices(rows: QuerySet[Invoice]) -> QuerySet[Any]:
    """Invoices with the columns that reports ask for."""
    return rows.annotate(
        number=F("buyer_number"),
        name=F("buyer_name"),
        party=Case(
            When(buyer_number="", then=Value(Party.PERSON.value)),
            default=Value(Party.BUSINESS.value),
            output_field=CharField(),
        ),
        issued=Coalesce("delivered_on", DayInKorea("issued_at"), output_field=DateField()),
        sent=F("sent_on"),
        paper=Value(value=False, output_field=BooleanField()),
        refused=Value("", output_field=CharField()),
        asset=Value(value=False, output_field=BooleanField()),
    )


def told_records(rows: QuerySet[Record]) -> QuerySet[Any]:
    """Records with the same columns.

    Of an e-invoice whose 전송일 is not known the day of issue is taken: it bears an issue id and a signature, so it
    was transmitted, and the law gives it a day.
    """
    return rows.annotate(
        number=F("party_number"),
        name=F("party_name"),
        party=Case(
            When(party_kind=PartyKind.BUSINESS, then=Value(Party.BUSINESS.value)),
            default=Value(Party.PERSON.value),
            output_field=CharField(),
        ),
        issued=Coalesce("issued_on", "written_on", output_field=DateField()),
        sent=Case(
            When(source=Source.PAPER, then=Value(None)),
            default=Coalesce("sent_on", "issued_on"),
            output_field=DateField(),
        ),
        paper=Case(
            When(source=Source.PAPER, then=Value(value=True)),
            default=Value(value=False),
            output_field=BooleanField(),
        ),
        refused=F("not_deductible"),
        asset=F("fixed_asset"),
    )


def documents(business_ids: Iterable[int], side: Side) -> list[QuerySet[Any]]:
    """All that counts on one side, by table."""
    found: list[QuerySet[Any]] = [told_records(records(business_ids, side))]
    return found if side is Side.PURCHASE else [told_invoices(invoices(business_ids)), *found]


# --- one return ---


def in_filing(rows: QuerySet[Any], filing: Filing) -> QuerySet[Any]:
    """The documents that have to do with a return, and how: `told` and `collected`, as `Filing` itself says."""
    own = Q(written_on__range=(filing.start, filing.end))
    before = filing.missed
    missed = (
        Q(
            written_on__range=(before.start, before.end),
            issued__gt=before.closed_on,
        )
        if before is not None
        else None
    )
    found: QuerySet[Any] = rows.filter(own | missed if missed is not None else own).annotate(
        told=Case(
            When(issued__gt=filing.closed_on, then=Value(Told.AFTER.value)),
            When(own, then=Value(Told.IN_RETURN.value)),
            default=Value(Told.MISSED.value),
            output_field=CharField(),
        ),
        collected=Case(
            When(sent__lte=filing.cutoff.on, then=Value(value=True)),
            default=Value(value=False),
            output_field=BooleanField(),
        ),
        exempt=Case(
            When(_EXEMPT, then=Value(value=True)), default=Value(value=False), output_field=BooleanField()
        ),
    )
    return found


def listed(rows: QuerySet[Any], filing: Filing) -> QuerySet[Any]:
    """The documents of a return's 합계표."""
    found = in_filing(rows, filing)
    return found if filing.is_final else found.filter(told__in=[told.value for told in filing.listed])


def cells(business_id: int, filing: Filing) -> tuple[Cell, ...]:
    """What the documents of a return add up to, as `dojang.etax.returns.cells` would."""
    found: dict[Key, Sums] = {}
    names = ("document_type", "party", "collected", "told", "refused", "asset")
    for side in Side:
        for rows in documents([business_id], side):
            for row in in_filing(rows, filing).order_by().values(*names).annotate(**_SUMS):
                key = Key(
                    side,
                    KINDS[row["document_type"]],
                    Party(row["party"]),
                    row["collected"],
                    Told(row["told"]),
                    row["refused"],
                    row["asset"],
                )
                found[key] = found.get(key, NOTHING) + Sums(row["n"], row["supply"], row["tax"])
    return tuple(Cell(key, sums) for key, sums in found.items())


Counted = dict[tuple[Side, bool, Party, bool], int]


def parties(business_id: int, filing: Filing) -> Counted:
    """처수, as `dojang.etax.returns.parties` would count them."""
    found: Counted = {}
    for side in Side:
        every = [listed(rows, filing).order_by() for rows in documents([business_id], side)]
        _count_businesses(side, every, found)
        for exempt, collected, _ in {each for rows in every for each in _people(rows)}:
            key = (side, exempt, Party.PERSON, collected)
            found[key] = found.get(key, 0) + 1
    return found


def _count_businesses(side: Side, every: list[QuerySet[Any]], found: Counted) -> None:
    """The largest table is counted by the database; of the other only those that the first does not know."""
    first, *others = (rows.filter(party=Party.BUSINESS.value) for rows in every)
    for row in first.values("exempt", "collected").annotate(n=Count("number", distinct=True)):
        found[(side, row["exempt"], Party.BUSINESS, row["collected"])] = row["n"]
    for rows in others:
        named = set(rows.values_list("exempt", "collected", "number").distinct())
        known = first.filter(number__in={number for _, _, number in named})
        for exempt, collected, _ in named - set(
            known.values_list("exempt", "collected", "number").distinct()
        ):
            key = (side, exempt, Party.BUSINESS, collected)
            found[key] = found.get(key, 0) + 1


def _people(rows: QuerySet[Any]) -> set[tuple[bool, bool, str]]:
    """People are told apart by the fingerprint of a number that is kept encrypted."""
    chosen = rows.filter(party=Party.PERSON.value)
    if rows.model is Record:
        found = chosen.values_list("exempt", "collected", "party_hmac", "name").distinct()
        return {(exempt, collected, hmac or name) for exempt, collected, hmac, name in found}
    columns = ("id", "workspace_id", "secret", "content", "buyer_name")
    return {
        (row.exempt, row.collected, _fingerprint(row))
        for row in chosen.only(*columns).iterator(chunk_size=2000)
    }


def _fingerprint(invoice: Invoice) -> str:
    number = personal_number(invoice)
    return secrets.fingerprint(number, invoice.workspace_id) if number else invoice.buyer_name


# --- what does not count ---


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Documents of one state that do not count."""

    state: State
    sums: Sums


def left_out(business_id: int, filing: Filing) -> list[LeftOut]:
    """What was signed for a period and is not with 국세청."""
    rows: QuerySet[Any] = unfinished([business_id]).filter(written_on__range=(filing.start, filing.end))
    return [
        LeftOut(State(row["state"]), Sums(row["n"], row["supply"], row["tax"]))
        for row in rows.order_by("state").values("state").annotate(**_SUMS)
    ]


def left_out_families(business_id: int, filing: Filing) -> set[Family]:
    """Of which forms something was signed for a period and is not with 국세청."""
    rows = unfinished([business_id]).filter(written_on__range=(filing.start, filing.end)).order_by()
    found = {Family.EXEMPT: rows.filter(_EXEMPT), Family.TAX: rows.exclude(_EXEMPT)}
    return {family for family, some in found.items() if some.exists()}


def presumed_sent(business_id: int, filing: Filing) -> Mapping[Side, int]:
    """How many e-invoices of a period were taken as transmitted on the day of issue, because nobody told."""
    return {
        side: records([business_id], side)
        .filter(written_on__range=(filing.start, filing.end), sent_on=None)
        .exclude(source=Source.PAPER)
        .count()
        for side in Side
    }


def deducted_otherwise(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Amendments of purchases that are deducted while what they amend is not, or the other way round."""
    original = Record.objects.filter(
        business_id=OuterRef("business_id"),
        side=Side.PURCHASE.value,
        issue_id=OuterRef("original_issue_id"),
        deleted_at=None,
    ).exclude(tax_amount=0)
    amended = rows.exclude(original_issue_id="").exclude(tax_amount=0)
    return amended.filter(Exists(original.exclude(not_deductible=OuterRef("not_deductible"))))


def sums_by(rows: QuerySet[Any], column: str) -> dict[Any, Sums]:
    """What rows add up to for each value of a column."""
    found = rows.order_by().values(column).annotate(**_SUMS)
    return {row[column]: Sums(row["n"], row["supply"], row["tax"]) for row in found}


def sums_of(rows: QuerySet[Any]) -> Sums:
    """What rows add up to."""
    found = rows.order_by().aggregate(**_SUMS)
    return Sums(found["n"], found["supply"], found["tax"])
