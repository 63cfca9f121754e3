"""The lists of records as data: 매입, and 매출 that was issued elsewhere."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, Q

from dojang.service.lists.described import (
    Badge,
    Batch,
    Choice,
    Column,
    DateField,
    ListOf,
    OneOf,
    Shape,
    Tab,
)
from dojang.service.lists.kinds import AMENDED, KINDS, PURPOSES, kind_text, purpose_text, reason_text
from dojang.service.records.deduction import GROUNDS
from dojang.service.records.models import Check, NotDeductible, Record, Side, Source
from dojang.service.records.words import badge, source_text
from dojang.service.tenancy import crossing
from dojang.service.web.say import say, say_items
from dojang.service.web.templatetags.dojang import business_number
from dojang.service.workspaces.roles import Right


def _badges(row: Record) -> list[Badge]:
    colour, text = badge(row)
    found = [Badge(colour, text)] if text else []
    if row.source == Source.PAPER:
        found.append(Badge("quiet", source_text(row.source)))
    if row.way_out == "sandbox":
        found.append(Badge("sandbox", say("모의", "Sandbox")))
    return found


def _item(row: Record) -> str:
    return say_items(row.item_name, row.item_count)


def _ground(row: Record) -> str:
    if not row.not_deductible:
        return ""
    ground = GROUNDS[NotDeductible(row.not_deductible)]
    return say(ground.ko, ground.en)


def _columns(*, purchase: bool) -> tuple[Column, ...]:
    party = ("공급자", "Supplier") if purchase else ("공급받는자", "Buyer")
    always = (
        Column("state", "상태", "State", Shape.BADGES, _badges, sort="check_state", narrow=True, width=18),
        Column("party", *party, Shape.LINK, lambda row: row.party_name or "—", sort="party_name", narrow=True,
               width=28),
        Column("party_number", "등록번호", "Number", Shape.NUMBER, lambda row: business_number(row.party_number),
               shown=False, width=15),
        Column("written_on", "작성일자", "Date written", Shape.DAY, lambda row: row.written_on, sort="written_on",
               width=12),
        Column("item", "품목", "Item", Shape.TEXT, _item, width=28),
        Column("supply_amount", "공급가액", "Supply amount", Shape.WON, lambda row: row.supply_amount,
               sort="supply_amount", width=16),
        Column("tax_amount", "세액", "Tax", Shape.WON, lambda row: row.tax_amount, sort="tax_amount"),
        Column("total_amount", "합계금액", "Total", Shape.WON, lambda row: row.total_amount, sort="total_amount",
               narrow=True, width=16),
        Column("issued_on", "발급일자", "Issued", Shape.DAY, lambda row: row.issued_on, sort="issued_on", shown=False,
               width=12),
        Column("sent_on", "전송일자", "Sent", Shape.DAY, lambda row: row.sent_on, sort="sent_on", shown=False,
               width=12),
        Column("issue_by", "발급기한", "Issue by", Shape.DAY, lambda row: row.issue_by, sort="issue_by", shown=False,
               width=12),
        Column("kind", "과세구분", "Kind", Shape.TEXT, lambda row: kind_text(row.document_type), shown=False, width=10),
        Column("purpose", "영수·청구", "Purpose", Shape.TEXT, lambda row: purpose_text(row.purpose), shown=False,
               width=10),
        Column("reason", "수정사유", "Amendment reason", Shape.TEXT,
           lambda row: reason_text(row.amendment_reason), shown=False, width=22),
        Column("issue_id", "승인번호", "Issue id", Shape.NUMBER, lambda row: row.issue_id, shown=False, width=27),
        Column("original_issue_id", "당초승인번호", "Original issue id", Shape.NUMBER,
               lambda row: row.original_issue_id, shown=False, width=27),
        Column("source", "받은 방법", "Came by", Shape.TEXT, lambda row: source_text(row.source), shown=False,
               width=12),
    )  # fmt: skip
    decided = (
        Column("not_deductible", "불공제 사유", "Not deductible", Shape.TEXT, _ground, shown=False, width=24),
        Column("fixed_asset", "고정자산", "Fixed asset", Shape.TEXT,
               lambda row: say("예", "Yes") if row.fixed_asset else "", shown=False, width=10),
        Column("note", "메모", "Note", Shape.TEXT, lambda row: row.note, shown=False, width=30),
    )  # fmt: skip
    own = Column("business", "사업장", "Business", Shape.TEXT, lambda row: row.business.name, width=20)
    return (*always, *(decided if purchase else decided[2:]), own)


_READ = (
    "id", "side", "source", "way_out", "check_state", "not_deductible", "fixed_asset", "note", "party_name",
    "party_number", "written_on", "issued_on", "sent_on", "issue_by", "purpose", "item_name", "item_count", "supply_amount", "tax_amount",
    "total_amount", "document_type", "amendment_reason", "issue_id", "original_issue_id", "business__name",
)  # fmt: skip


def _check(name: str, ko: str, en: str, check: Check) -> Tab:
    return Tab(name, ko, en, "check_state", frozenset({check.value}))


_PURCHASE_TABS = (
    Tab("all", "전체", "All"),
    _check("to-check", "확인 필요", "To check", Check.TO_CHECK),
    _check("checked", "확인완료", "Checked", Check.CHECKED),
    _check("asked", "수정 요청함", "Correction asked", Check.CORRECTION_ASKED),
    Tab(
        "not-deductible",
        "불공제",
        "Not deductible",
        "not_deductible",
        frozenset(one.value for one in NotDeductible),
    ),
)


def _lateness(_day: date) -> tuple[Choice, ...]:
    """지연수취: issued after 발급기한 (부가가치세법 §34③)."""
    return (Choice("issued", "지연발급", "Issued late", Q(issue_by__lt=F("issued_on"))),)


def _sources(_day: date) -> tuple[Choice, ...]:
    return tuple(Choice(one.value, one.label, one.value.capitalize(), Q(source=one.value)) for one in Source)


def _assets(_day: date) -> tuple[Choice, ...]:
    return (
        Choice("yes", "고정자산만", "Fixed assets only", Q(fixed_asset=True)),
        Choice("no", "고정자산 제외", "Without fixed assets", Q(fixed_asset=False)),
    )


_DATES = (
    DateField("written", "작성일자", "Date written", "written_on"),
    DateField("issued", "발급일자", "Date issued", "issued_on"),
    DateField("sent", "전송일자", "Date sent", "sent_on"),
)
_ONE_OF = (
    OneOf("kind", "과세구분", "Kind", lambda _day: KINDS),
    OneOf("amended", "수정 여부", "Amendment", lambda _day: AMENDED),
    OneOf("purpose", "영수·청구", "Purpose", lambda _day: PURPOSES),
    OneOf("source", "받은 방법", "Came by", _sources),
)
_GROUNDS = tuple(
    (code.value, f"불공제: {ground.ko}", f"Not deductible: {ground.en}") for code, ground in GROUNDS.items()
)


def _list(**own: Any) -> ListOf:
    return ListOf(
        model=Record,
        dates=_DATES,
        person=lambda user_id: Q(created_by_id=user_id),
        url_name="record_list",
        excel_url_name="record_list_excel",
        totals_url_name="record_list_totals",
        row_url_name="record",
        tick="record",
        columns_read=_READ,
        **own,
    )


PURCHASES = _list(
    name="purchases",
    ko="매입 세금계산서",
    en="Purchases",
    base=Q(side=Side.PURCHASE),
    tabs=_PURCHASE_TABS,
    grouped=("check_state", "not_deductible"),
    columns=_columns(purchase=True),
    one_of=(
        *_ONE_OF,
        OneOf("late", "지연", "Late", _lateness),
        OneOf("asset", "고정자산", "Fixed assets", _assets),
    ),
    search=partial(crossing.search_records, Side.PURCHASE.value),
    batches=(
        Batch("records_check", "확인", "Check", Right.WRITE, frozenset({"all", "to-check"}), primary=True),
        Batch("records_check", "확인 취소", "Take the check back", Right.WRITE, frozenset({"checked"}),
              sends=("undo", "1")),
        Batch("records_decide", "공제·불공제 저장", "Save", Right.WRITE, field="not_deductible",
              options=(("", "공제", "Deductible"), *_GROUNDS)),
    ),
    party_ko="공급자",
    party_en="Supplier",
)  # fmt: skip

ISSUED_ELSEWHERE = _list(
    name="elsewhere",
    ko="다른 곳에서 발행한 매출",
    en="Sales issued elsewhere",
    base=Q(side=Side.SALES),
    tabs=(Tab("all", "전체", "All"),),
    grouped=("side",),
    columns=tuple(one for one in _columns(purchase=False)),
    one_of=_ONE_OF,
    search=partial(crossing.search_records, Side.SALES.value),
    fixed={"side": Side.SALES.value},
)
BY_SIDE = {Side.PURCHASE.value: PURCHASES, Side.SALES.value: ISSUED_ELSEWHERE}
