"""종이·수기 세금계산서: typed in, changed, deleted. Nothing else here can be changed by anybody.

The document is kept as the library's own JSON without an issue id, so that reports, lists and the legal form treat it
as any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from dojang.etax import Invoice as Document
from dojang.etax.amounts import tax_of
from dojang.etax.codes import BuyerKind, DocumentType, Taxation
from dojang.etax.identifiers import (
    IssueId,
    is_branch_number,
    is_business_number,
    is_resident_number,
    normalize,
)
from dojang.service.invoices import timing
from dojang.service.invoices.models import Invoice
from dojang.service.records import content, events
from dojang.service.records.errors import AskedTwice, OnlyPaper
from dojang.service.records.locking import locked
from dojang.service.records.models import PartyKind, Record, Side, Source
from dojang.service.records.refusals import PaperRefused, Problem
from dojang.service.records.selectors import twins
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import business_for

LINES: Final = 4
"""What the paper form has."""
_MOST_WON: Final = 10**15
_OLDEST: Final = date(2000, 1, 1)
_TYPES: Final[Mapping[Taxation, DocumentType]] = {
    Taxation.TAXABLE: DocumentType.TAX,
    Taxation.ZERO_RATED: DocumentType.TAX_ZERO_RATED,
    Taxation.EXEMPT: DocumentType.EXEMPT,
}


@dataclass(frozen=True, slots=True)
class PaperItem:
    """품목 of one line. Without a tax amount it is 10 % as the business rounds, where the document is taxable."""

    name: str = ""
    supply_amount: int | None = None
    tax_amount: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.name.strip() and self.supply_amount is None and self.tax_amount is None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper document as somebody typed it.

    Attributes:
        side: 매입 or 매출.
        taxation: 과세, 영세율 or 면세.
        amended: a 수정(세금)계산서: amounts may be below 0.
        written_on: 작성일자.
        issued_on: 발급일자, if it is another day.
        party_kind: a supplier is a business; a buyer may be a person.
        number: the party's business number.
        personal_number: of a person; None leaves the saved one.
        items: up to four lines.
        remark: 비고.
    """

    side: Side
    taxation: Taxation
    written_on: date
    name: str
    issued_on: date | None = None
    amended: bool = False
    party_kind: PartyKind = PartyKind.BUSINESS
    number: str = ""
    branch_number: str = ""
    personal_number: str | None = field(default="", repr=False)
    representative: str = ""
    items: tuple[PaperItem, ...] = ()
    remark: str = ""

    @property
    def document_type(self) -> DocumentType:
        """Its type, were it electronic."""
        kind = _TYPES[self.taxation]
        return kind.amended if self.amended else kind


@transaction.atomic
def add(*, member: Member, business_id: int, paper: Paper, is_another: bool = False, now: datetime) -> Record:
    """Type a paper document in.

    Args:
        member: needs the right to write for the business.
        business_id: whose it is.
        paper: as typed.
        is_another: that one with the same party, day and amount is another one was said already.
        now: aware.

    Raises:
        NoSuchBusiness, PermissionDenied.
        PaperRefused: with what is wrong in each field.
        AskedTwice: one like it is there; asked once.
    """
    business = business_for(member, business_id, Right.WRITE)
    document = _document(paper, business, kept_number="", today=timing.today(now))
    return _added(document, paper, business, member, is_another=is_another, now=now)


@transaction.atomic
def add_elsewhere(
    *,
    member: Member,
    business_id: int,
    paper: Paper,
    issue_id: str,
    is_another: bool = False,
    now: datetime,
) -> Record:
    """Type in a sale that was issued electronically elsewhere, so that it can be amended here.

    What a list of the tax office says of it already is completed, where both say the same.

    Args:
        member: needs the right to write for the business.
        business_id: the supplier.
        paper: as typed; a sale.
        issue_id: its 승인번호, with or without hyphens.
        is_another: as for `add`.
        now: aware.

    Raises:
        NoSuchBusiness, PermissionDenied, PaperRefused, AskedTwice.
    """
    business = business_for(member, business_id, Right.WRITE)
    number = _issue_id(issue_id)
    document = _document(paper, business, kept_number="", today=timing.today(now)).replace(issue_id=number)
    known = (
        Record.objects.select_for_update(no_key=True, of=("self",))
        .filter(business=business, side=paper.side, issue_id=number, deleted_at=None)
        .first()
    )
    if known is not None:
        return _completed(known, document, paper, member, now)
    if Invoice.objects.filter(issue_id=number).exists():
        raise PaperRefused({"issue_id": _ISSUED_HERE})
    return _added(document, paper, business, member, is_another=is_another, now=now)


def _added(
    document: Document, paper: Paper, business: Business, member: Member, *, is_another: bool, now: datetime
) -> Record:
    _ask_once(business, paper, document, None, is_another=is_another)
    record = Record(
        workspace_id=business.workspace_id,
        business=business,
        side=paper.side,
        source=Source.PAPER,
        created_by_id=member.user_id,
        created_at=now,
    )
    _fill(record, document, paper, now)
    record.save()
    events.note(record, "typed", actor=member.actor, now=now)
    return record


_ISSUED_HERE = Problem(
    "여기에서 발행한 문서입니다. 그 문서를 열어 수정발행하세요.",
    "It was issued here. Open it and amend it there.",
)
_THERE_ALREADY = Problem(
    "이미 등록한 문서입니다. 매출 목록에서 찾아 수정발행하세요.",
    "It is here already. Find it among the records and amend it there.",
)
_LISTED_OTHERWISE = Problem(
    "홈택스 목록에는 작성일자 {written_on}, 공급가액 {supply:,}원, 세액 {tax:,}원으로 있습니다. 문서를 다시 확인해 주세요.",
    "Hometax's list has it written on {written_on}, supply {supply:,} and tax {tax:,} won. Look at the document again.",
)


def _issue_id(text: str) -> str:
    found = IssueId.parse(text)
    if found is None:
        raise PaperRefused(
            {
                "issue_id": Problem(
                    "승인번호 24자리가 맞지 않습니다. 문서의 번호를 다시 확인해 주세요.",
                    "That is no issue id. Check it against the document.",
                )
            }
        )
    return str(found)


def _completed(known: Record, document: Document, paper: Paper, member: Member, now: datetime) -> Record:
    """What a list says of a document gets its content, if that says the same."""
    if known.source != Source.HOMETAX or known.sha256 or known.content.get("items"):
        raise PaperRefused({"issue_id": _THERE_ALREADY})
    listed = (known.written_on, known.supply_amount, known.tax_amount)
    if listed != (document.written_on, document.supply_amount, document.tax_amount):
        facts = {"written_on": known.written_on, "supply": known.supply_amount, "tax": known.tax_amount}
        told = Problem(_LISTED_OTHERWISE.ko.format(**facts), _LISTED_OTHERWISE.en.format(**facts))
        raise PaperRefused({"issue_id": told})
    issued_on = known.issued_on
    _fill(known, document, paper, now)
    known.issued_on = paper.issued_on or issued_on
    known.version += 1
    known.save()
    events.note(known, "typed", actor=member.actor, now=now)
    return known


@transaction.atomic
def edit(
    *,
    member: Member,
    record_id: int,
    version: int,
    paper: Paper,
    is_another: bool = False,
    now: datetime,
) -> Record:
    """Change what was typed in; its side and business stay.

    Raises:
        NoSuchRecord, PermissionDenied, ChangedMeanwhile, OnlyPaper, PaperRefused, AskedTwice.
    """
    record = _paper(member, record_id, version)
    before = _shown(record)
    document = _document(paper, record.business, kept_number=_kept_number(record), today=timing.today(now))
    if record.issue_id:
        document = document.replace(issue_id=record.issue_id)
    _ask_once(record.business, paper, document, record, is_another=is_another)
    _fill(record, document, paper, now)
    after = _shown(record)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record.version += 1
    record.save()
    events.note(record, "edited", actor=member.actor, now=now, data=changes)
    return record


@transaction.atomic
def delete(*, member: Member, record_id: int, version: int, now: datetime) -> None:
    """Take out what was typed in; the row and its events stay.

    Raises:
        NoSuchRecord, PermissionDenied, ChangedMeanwhile, OnlyPaper.
    """
    record = _paper(member, record_id, version)
    record.deleted_at = now
    record.version += 1
    record.save(update_fields=["deleted_at", "version"])
    events.note(record, "deleted", actor=member.actor, now=now)


def typed(record: Record) -> Paper:
    """What was typed, to be shown in the form again; a person's number is not."""
    data = record.content
    kind = content.KINDS[record.document_type]
    party = data["supplier" if record.side == Side.PURCHASE else "buyer"]
    return Paper(
        side=Side(record.side),
        taxation=kind.taxation,
        amended=kind.is_amendment,
        written_on=record.written_on,
        issued_on=record.issued_on,
        party_kind=PartyKind(record.party_kind),
        number=record.party_number,
        branch_number=party.get("branch_number") or "",
        personal_number=None,
        name=party["name"],
        representative=party["representative"],
        items=tuple(
            PaperItem(item["name"] or "", item["supply_amount"], item["tax_amount"]) for item in data["items"]
        ),
        remark=next(iter(data["remarks"]), ""),
    )


def _paper(member: Member, record_id: int, version: int) -> Record:
    record = locked(member, record_id, version=version)
    if record.source != Source.PAPER:
        raise OnlyPaper
    return record


def _fill(record: Record, document: Document, paper: Paper, now: datetime) -> None:
    content.fill(record, document)
    record.issued_on = paper.issued_on
    record.changed_at = now


def _ask_once(
    business: Business, paper: Paper, document: Document, record: Record | None, *, is_another: bool
) -> None:
    if is_another:
        return
    found = twins(
        business_id=business.pk,
        side=paper.side,
        document=document,
        except_id=record.pk if record else None,
    )
    if found.exists():
        raise AskedTwice


def _document(paper: Paper, business: Business, *, kept_number: str, today: date) -> Document:
    problems = dict(_problems(paper, today))
    if problems:
        raise PaperRefused(problems)
    items = [_item(one, paper, business) for one in paper.items if not one.is_empty]
    ours = {
        "name": business.name,
        "representative": business.representative,
        "address": business.address or None,
        "business_type": business.business_type or None,
        "business_item": business.business_item or None,
    }
    theirs = {
        "name": " ".join(paper.name.split()),
        "representative": " ".join(paper.representative.split()),
        "branch_number": normalize(paper.branch_number) or None,
    }
    is_purchase = paper.side is Side.PURCHASE
    number = normalize(paper.number)
    if paper.party_kind is PartyKind.INDIVIDUAL:
        number = kept_number if paper.personal_number is None else normalize(paper.personal_number)
    supplier = (
        {"business_number": number, **theirs} if is_purchase else {"business_number": business.number, **ours}
    )
    buyer = {"kind": "business", "number": business.number, **ours} if is_purchase else {
        "kind": paper.party_kind.value, "number": number, **theirs,
    }  # fmt: skip
    remark = " ".join(paper.remark.split())
    return Document.from_data(
        {
            "document_type": paper.document_type.value,
            "written_on": paper.written_on.isoformat(),
            "supplier": supplier,
            "buyer": buyer,
            "items": items,
            "remarks": [remark] if remark else [],
        }
    )


def _item(item: PaperItem, paper: Paper, business: Business) -> dict[str, Any]:
    supply = item.supply_amount or 0
    tax = tax_of_line(item.tax_amount, supply=supply, taxation=paper.taxation, business=business)
    return {"name": " ".join(item.name.split()) or None, "supply_amount": supply, "tax_amount": tax}


def tax_of_line(typed: int | None, *, supply: int, taxation: Taxation, business: Business) -> int | None:
    """What was typed or, without it, 10 % as the business rounds; where no tax is due, that."""
    if taxation is Taxation.EXEMPT:
        return None
    if taxation is Taxation.ZERO_RATED:
        return 0
    return tax_of(supply, business.towards) if typed is None else typed


def _problems(paper: Paper, today: date) -> Iterator[tuple[str, Problem]]:
    """What is wrong, by the name of its field."""
    yield from _problems_of_party(paper)
    yield from _problems_of_days(paper, today)
    yield from _problems_of_items(paper)


def _problems_of_party(paper: Paper) -> Iterator[tuple[str, Problem]]:
    if not paper.name.strip():
        yield "name", Problem("상호(성명)를 적어 주세요.", "Enter the name.")
    if paper.side is Side.PURCHASE and paper.party_kind is not PartyKind.BUSINESS:
        yield "party_kind", Problem("공급자는 사업자여야 합니다.", "A supplier is a business.")
    if paper.party_kind is PartyKind.BUSINESS and not is_business_number(normalize(paper.number)):
        yield (
            "number",
            Problem(
                "사업자등록번호 10자리가 맞지 않습니다. 문서의 번호를 다시 확인해 주세요.",
                "That is no business number. Check it against the document.",
            ),
        )
    given = normalize(paper.personal_number or "")
    if paper.party_kind is PartyKind.INDIVIDUAL and given and not is_resident_number(given):
        yield "personal_number", Problem("주민등록번호는 13자리입니다.", "A resident number has 13 digits.")
    branch = normalize(paper.branch_number)
    if branch and not is_branch_number(branch):
        yield "branch_number", Problem("종사업장번호는 4자리입니다.", "A branch number has four digits.")


def _problems_of_days(paper: Paper, today: date) -> Iterator[tuple[str, Problem]]:
    if not _OLDEST <= paper.written_on <= today:
        yield (
            "written_on",
            Problem(
                "작성일자는 오늘까지의 날짜여야 합니다. 문서의 날짜를 확인해 주세요.",
                "The date written cannot lie in the future. Check it against the document.",
            ),
        )
    if paper.issued_on is not None and not _OLDEST <= paper.issued_on <= today:
        yield "issued_on", Problem("발급일자를 확인해 주세요.", "Check the date of issue.")


def _problems_of_items(paper: Paper) -> Iterator[tuple[str, Problem]]:
    lines = [one for one in paper.items if not one.is_empty]
    if not lines:
        yield "items", Problem("품목과 공급가액을 한 줄 이상 적어 주세요.", "Enter at least one item.")
    if any(one.supply_amount is None for one in lines):
        yield "items", Problem("품목마다 공급가액을 적어 주세요.", "Enter the supply amount of each item.")
    amounts = [n for one in lines for n in (one.supply_amount, one.tax_amount) if n is not None]
    if any(abs(amount) > _MOST_WON for amount in amounts):
        yield "items", Problem("금액이 너무 큽니다.", "An amount is too large.")
    if not paper.amended and any(amount < 0 for amount in amounts):
        yield (
            "items",
            Problem(
                "음수 금액은 수정세금계산서에만 씁니다. ‘수정세금계산서’에 표시해 주세요.",
                "An amount below 0 stands on amendments only: tick “amended”.",
            ),
        )


def _kept_number(record: Record) -> str:
    document = content.whole(record)
    return document.buyer.number if document.buyer.kind is BuyerKind.INDIVIDUAL else ""


def _shown(record: Record) -> dict[str, Any]:
    """What an event tells of a change; a person's number is not among it."""
    names = (
        "document_type", "party_number", "party_name", "item_name", "supply_amount", "tax_amount", "total_amount",
    )  # fmt: skip
    days = {"written_on": record.written_on, "issued_on": record.issued_on}
    return {name: getattr(record, name) for name in names} | {
        name: day.isoformat() if day else None for name, day in days.items()
    }
