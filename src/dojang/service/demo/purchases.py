"""매입 of the demo: what an invented supplier issued to its first business, an uploaded XML; paper of both sides.

The supplier has a workspace of its own, so that its invoices come as they do in life: accepted, then delivered.
"""

from datetime import date, datetime, timedelta
from typing import Any

from dojang.etax import KST, Invoice
from dojang.etax.codes import Taxation
from dojang.etax.identifiers import IssueId
from dojang.etax.signature import sign
from dojang.npki.identity import Identity
from dojang.service.invoices.content import supplier_of
from dojang.service.records import correcting, deciding, delivering, paper, taking
from dojang.service.records.expected import Told
from dojang.service.records.models import Correction, Record, Side, Source
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business

#: Not the sandbox's: of somebody who issues elsewhere.
_ELSEWHERE = "41000001"
_UNIT_PRICES = (
    ("사무용품 일괄", 420_000),
    ("회의실 다과", 180_000),
    ("복합기", 1_850_000),
    ("명함 인쇄", 66_000),
)
_VAT_DIVISOR = 10


def content(buyer: Business, day: date, number: int) -> dict[str, Any]:
    """What the supplier sells on a day, as a draft: each month the same things."""
    name, supply = _UNIT_PRICES[number % len(_UNIT_PRICES)]
    return {
        "document_type": "0101",
        "written_on": day.isoformat(),
        "purpose": "claim",
        "buyer": {
            "kind": "business",
            "number": buyer.number,
            "name": buyer.name,
            "representative": buyer.representative,
            "business_type": buyer.business_type or None,
            "business_item": buyer.business_item or None,
            "address": buyer.address or None,
            "contacts": [{"name": buyer.contact_name or None, "email": buyer.contact_email or None}],
        },
        "items": [
            {
                "supplied_on": day.isoformat(),
                "name": name,
                "quantity": "1",
                "unit_price": str(supply),
                "supply_amount": supply,
                "tax_amount": supply // _VAT_DIVISOR,
            }
        ],
    }


def arrange(
    *, member: Member, buyer: Business, supplier: Business, identity: Identity, now: datetime
) -> None:
    """Take in what was delivered, bring what came otherwise, and decide about some of it."""
    delivering.take_all(now=now)
    with in_workspace(member.workspace.pk):
        _upload(member, buyer, supplier, identity, now)
        _type_in(member, buyer, now)
        _decide(member, now)


def _upload(member: Member, buyer: Business, supplier: Business, identity: Identity, now: datetime) -> None:
    """One that the supplier issued elsewhere, after its deadline."""
    issued_at = now - timedelta(days=3)
    day = (issued_at.astimezone(KST).date().replace(day=1) - timedelta(days=40)).replace(day=20)
    document = Invoice.from_data(
        {
            **content(buyer, day, 0),
            "supplier": supplier_of(supplier),
            "issue_id": str(IssueId(day, _ELSEWHERE, "00000001")),
            "issued_at": issued_at.isoformat(),
        }
    )
    taking.take_xml(member=member, data=sign(document, identity.certificate.der, identity.sign), now=now)


def _type_in(member: Member, buyer: Business, now: datetime) -> None:
    lunch = paper.Paper(
        side=Side.PURCHASE,
        taxation=Taxation.TAXABLE,
        written_on=now.astimezone(KST).date() - timedelta(days=6),
        name="늘푸른식당",
        representative="조푸른",
        number="9980500018",
        items=(paper.PaperItem("거래처 식사", 150_000),),
        remark="수기 발급",
    )
    sample = paper.Paper(
        side=Side.SALES,
        taxation=Taxation.TAXABLE,
        written_on=now.astimezone(KST).date() - timedelta(days=9),
        name="다온상회",
        representative="문다온",
        number="9980500022",
        items=(paper.PaperItem("견본품", 80_000),),
        remark="행사장 현장 판매",
    )
    for one in (lunch, sample):
        paper.add(member=member, business_id=buyer.pk, paper=one, now=now)


def _decide(member: Member, now: datetime) -> None:
    """The older ones were looked at; of the newest, one was asked back."""
    rows = list(Record.objects.filter(side=Side.PURCHASE).exclude(issue_id="").order_by("written_on", "pk"))
    delivered = [row for row in rows if row.source == Source.DELIVERED]
    looked_at, newest = delivered[:-3], delivered[-1:]
    deciding.check(member=member, versions={row.pk: None for row in looked_at}, now=now)
    marks = {
        "회의실 다과": deciding.Decision(not_deductible="4", note="거래처 접대"),
        "복합기": deciding.Decision(fixed_asset=True),
    }
    for name, decision in marks.items():
        chosen = {row.pk: None for row in looked_at if row.item_name == name}
        if chosen:
            deciding.decide(member=member, versions=chosen, decision=decision, now=now)
    for row in newest:
        correcting.ask(
            member=member,
            record_id=row.pk,
            version=row.version,
            told=Told(Correction.Why.AMOUNT, supply_amount=row.supply_amount * 9 // 10),
            text="할인된 금액으로 계약했습니다.",
            to="",
            now=now,
        )
