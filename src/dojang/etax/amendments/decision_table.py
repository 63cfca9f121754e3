"""The decision table of amendments, read off the engine: what each reason comes to, and when it is refused.

Nothing here states a rule. A model invoice is amended in every way there is, and the table says what `plan` made of it:
how many documents, of which sign, dated and remarked how, by when, in which return. So the table, and the page of the
documentation that shows it, cannot say anything else than what the engine does.

Source: 부가가치세법 시행령 제70조, as the engine reads it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from dojang.errors import Language
from dojang.etax.amendments import Chain, Option, Plan, options, plan, request_from_data
from dojang.etax.calendar.deadlines import issue_deadline, local_credit_limit, one_year_limit
from dojang.etax.codes import AmendmentReason
from dojang.etax.facts import Facts
from dojang.etax.invoice import Invoice
from dojang.etax.parameters import Law


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    ko: str
    en: str

    def text(self, language: Language = "ko") -> str:
        """In one language."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class Row:
    """One way to amend.

    Attributes:
        reason: 수정사유.
        case: which case of the reason.
        documents: how many, and of which sign.
        written_on: which day is 작성일자.
        remark: 비고, its day left out; "" where there is none.
        deadline: by when they are issued, and what happens after it.
        returns: in which VAT return they stand.
        follow_up: what has to be issued anew beside them; "" where nothing.
        citation: the law.
    """

    reason: AmendmentReason
    case: Words
    documents: Words
    written_on: Words
    remark: str
    deadline: Words
    returns: Words
    follow_up: Words
    citation: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A situation, and the reasons that it bars, each with the code of the refusal."""

    situation: Words
    refused: Mapping[AmendmentReason, str]


# The model ----------------------------------------------------------------------------------------------------

_WRITTEN_ON = date(2026, 5, 6)
_EARLIER = date(2026, 4, 30)
_EVENTS = (date(2026, 5, 20), date(2026, 7, 8))
"""Two days on which it may have happened, so that a rule of dates shows."""
_TODAY = date(2026, 7, 10)
_ISSUE_ID, _CANCELLED_ID = "20260506410000000000000a", "20260520410000000000000b"
_SUPPLY, _PART = 1_000_000, 300_000
_EVENT = "the day of the event"

_SUPPLIER = {"business_number": "9998600010", "name": "견본상사", "representative": "홍길동"}
_BUYER = {
    "kind": "business",
    "number": "9998100015",
    "name": "구매(주)",
    "representative": "이구매",
    "contacts": [{"email": "buyer@example.com"}],
}
_OTHER_BUYER = _BUYER | {"number": "9988100012", "name": "다른(주)"}


_Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Model:
    """One request on the model invoice; `_EVENT` stands for the day of the event."""

    case: Words | None
    request: _Json
    kind: str = "0101"
    facts: _Json = field(default_factory=dict[str, Any])
    events: tuple[date, ...] = _EVENTS


def _mistake(case: Words | None, subtype: str, **request: Any) -> _Model:  # noqa: ANN401 (JSON)
    return _Model(case, {"reason": "01", "subtype": subtype, **request})


def _duplicate(case: Words | None, subtype: str, kind: str = "0101", **request: Any) -> _Model:  # noqa: ANN401 (JSON)
    return _Model(case, {"reason": "06", "subtype": subtype, **request}, kind)


_CREDIT = {"reason": "05", "evidence_number": "1", "evidence_on": _EVENT}
_SWITCHED = {
    "supplier_tax_types": [
        {"from": "2025-07-01", "type": "simplified"},
        {"from": "2026-07-01", "type": "general"},
    ]
}
_AFTER_SWITCH = _EVENTS[1:]

_MODELS = (
    _mistake(Words("금액", "amount"), "mistake", corrected={"supply_amount": _PART}),
    _mistake(Words("작성일자", "date written"), "mistake", corrected={"written_on": _EARLIER.isoformat()}),
    _mistake(
        Words("과세·면세가 섞임", "taxable and exempt mixed"),
        "mistake",
        corrected={"supply_amount": _SUPPLY - _PART},
        also=[{"document_type": "0301", "supply_amount": _PART}],
    ),
    _mistake(None, "non_mistake", corrected={"buyer": _OTHER_BUYER}),
    _mistake(None, "tax_rate", corrected={"document_type": "0102"}),
    _mistake(None, "optional", corrected={"remarks": ["비고"]}),
    _Model(Words("증액", "increase"), {"reason": "02", "event_on": _EVENT, "supply_delta": _PART}),
    _Model(Words("감액", "decrease"), {"reason": "02", "event_on": _EVENT, "supply_delta": -_PART}),
    _Model(
        Words("간이·일반 전환 뒤", "after a switch of tax type"),
        {"reason": "02", "event_on": _EVENT, "supply_delta": -_PART},
        facts=_SWITCHED,
        events=_AFTER_SWITCH,
    ),
    _Model(None, {"reason": "03", "event_on": _EVENT, "supply_amount": _PART}),
    _Model(
        Words("간이·일반 전환 뒤", "after a switch of tax type"),
        {"reason": "03", "event_on": _EVENT, "supply_amount": _PART},
        facts=_SWITCHED,
        events=_AFTER_SWITCH,
    ),
    _Model(None, {"reason": "04", "event_on": _EVENT, "delivered": False}),
    _Model(
        Words("간이·일반 전환 뒤", "after a switch of tax type"),
        {"reason": "04", "event_on": _EVENT, "delivered": False},
        facts=_SWITCHED,
        events=_AFTER_SWITCH,
    ),
    _Model(None, _CREDIT | {"evidence": "local_credit"}),
    _Model(None, _CREDIT | {"evidence": "purchase_confirmation"}),
    _duplicate(None, "duplicate"),
    _duplicate(None, "not_taxable"),
    _duplicate(
        Words("면세를 세금계산서로 발행", "exempt, issued as a tax invoice"),
        "not_taxable",
        replace_with="0301",
    ),
    _duplicate(
        Words("과세를 계산서로 발행", "taxable, issued as an exempt invoice"),
        "not_taxable",
        kind="0301",
        replace_with="0101",
    ),
    _duplicate(None, "wrong_supplier"),
    _duplicate(None, "too_early", replace_with="0101", replace_written_on=_EVENTS[1].isoformat()),
)


def _invoice(kind: str = "0101", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    tax = {"0101": _SUPPLY // 10, "0102": 0}.get(kind)
    return {
        "document_type": kind,
        "written_on": _WRITTEN_ON.isoformat(),
        "purpose": "claim",
        "supplier": _SUPPLIER,
        "buyer": _BUYER,
        "items": [{"name": "노트", "supply_amount": _SUPPLY, "tax_amount": tax}],
        "issue_id": _ISSUE_ID,
        "issued_at": f"{_WRITTEN_ON}T10:00:00+09:00",
    } | changes


def _chain(*invoices: _Json, status: str = "accepted") -> Chain:
    return Chain.from_data({"documents": [{"invoice": each, "status": status} for each in invoices]})


def _facts(told: _Json) -> Facts:
    return Facts.from_json(json.dumps(told))


@cache
def _law() -> Law:
    return Law.load()


def _planned(model: _Model, event: date) -> Plan:
    filled = {name: event.isoformat() if value == _EVENT else value for name, value in model.request.items()}
    chain = _chain(_invoice(model.kind))
    return plan(chain, request_from_data(filled), _facts(model.facts), law=_law(), on=_TODAY)


# What each way comes to -----------------------------------------------------------------------------------------


@cache
def rows() -> tuple[Row, ...]:
    """Every way to amend, in the order of the reasons."""
    offered = options(_chain(_invoice()), Facts(), law=_law(), on=_TODAY)
    return tuple(_row(model, _option(model, offered)) for model in _MODELS)


def _option(model: _Model, offered: Iterable[Option]) -> Option:
    return next(
        option
        for option in offered
        if option.reason.value == model.request["reason"]
        and (option.subtype.field is None or model.request[option.subtype.field] == option.subtype.code)
    )


def _row(model: _Model, option: Option) -> Row:
    plans = {event: _planned(model, event) for event in model.events}
    event, last = list(plans.items())[-1]
    name = Words(option.subtype.ko, option.subtype.en)
    case = model.case
    return Row(
        reason=option.reason,
        case=name if case is None else Words(f"{name.ko}: {case.ko}", f"{name.en}: {case.en}"),
        documents=_signs(last.documents),
        written_on=_dating(last.documents, event),
        remark=_remark(last.documents[-1]),
        deadline=_deadline(plans),
        returns=_returns(last),
        follow_up=_follow_up(last.follow_ups),
        citation=option.subtype.citation,
    )


def _signs(documents: tuple[Invoice, ...]) -> Words:
    signs = ", ".join("−" if each.supply_amount < 0 else "+" for each in documents)
    return Words(f"{len(documents)}건({signs})", f"{len(documents)} ({signs})")


def _dating(documents: tuple[Invoice, ...], event: date) -> Words:
    first, last = documents[0].written_on, documents[-1].written_on
    return {
        (_WRITTEN_ON, _WRITTEN_ON): Words("당초 작성일자", "the original's"),
        (event, event): Words("사유가 생긴 날", "the day it happened"),
        (_WRITTEN_ON, _EARLIER): Words("(−) 당초, (+) 바른 날짜", "(−) the original's, (+) the right one"),
    }[first, last]


def _remark(document: Invoice) -> str:
    if document.amendment_reason is AmendmentReason.MISTAKE:
        return ""  # the remark of the original, or what was put right
    return "".join(remark.partition("(")[0] for remark in document.remarks)


_Rule = Callable[[date], date]


def _by_issue(event: date) -> date:
    return issue_deadline(event, law=_law()).on


def _by_credit(event: date) -> date:
    return min(_by_issue(event), local_credit_limit(_WRITTEN_ON, law=_law(), opened_on=event).on)


def _by_year(_event: date) -> date:
    return one_year_limit(_WRITTEN_ON, law=_law()).on


# The rule, what it says, and what happens after it.
_DEADLINES: tuple[tuple[_Rule, Words, Words], ...] = (
    (
        _by_issue,
        Words("사유가 생긴 달의 다음 달 10일", "the 10th of the month after it happened"),
        Words("이후에도 발행(가산세·주의)", "issued after it, with penalty or warning"),
    ),
    (
        _by_credit,
        Words(
            "개설(발급)한 달의 다음 달 10일, 늦어도 과세기간 끝난 뒤 25일",
            "the 10th of the month after opening, at most 25 days after the tax period",
        ),
        Words("이후에도 발행(영세율 유지)", "issued after it, still at the zero rate"),
    ),
    (
        _by_year,
        Words("확정신고기한 다음 날부터 1년", "one year after the final return was due"),
        Words("이후 불가", "refused after it"),
    ),
)


def _deadline(plans: Mapping[date, Plan]) -> Words:
    found = {event: each.deadline for event, each in plans.items()}
    kind = next(iter(plans.values())).deadline_kind.value
    if kind == "none":
        return Words("없음", "none")
    words, after = next(
        (words, after)
        for rule, words, after in _DEADLINES
        if all(rule(event) == day for event, day in found.items())
    )
    return Words(f"{words.ko} ({after.ko})", f"{words.en} ({after.en})")


_RETURNS = {
    "event": Words("사유가 생긴 날의 신고", "that of the day it happened"),
    "include": Words("당초 작성일자의 신고", "that of the original"),
    "none": Words("당초 작성일자의 신고(금액 변화 없음)", "that of the original (no change of amounts)"),
}


def _returns(planned: Plan) -> Words:
    if len({each.written_on for each in planned.documents}) > 1:
        return Words("각 작성일자의 신고", "those of both dates")
    return _RETURNS[planned.vat.supplier[0].action.value]


def _follow_up(invoices: tuple[Invoice, ...]) -> Words:
    if not invoices:
        return Words("", "")
    kind = invoices[0].document_type
    return Words(f"{kind.ko} 새로 발행(기한 따로)", f"a new {kind.en}, with a deadline of its own")


# What bars which reason ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Situation:
    """How a situation differs from the model."""

    ko: str
    en: str
    chain: Chain
    facts: _Json = field(default_factory=dict[str, Any])
    event: date = _EVENTS[0]
    on: date = _TODAY
    asks: Mapping[str, _Json] = field(default_factory=dict[str, _Json])


_PLAIN: Mapping[str, _Json] = {
    "01": {"subtype": "mistake", "corrected": {"supply_amount": _PART}},
    "02": {"event_on": _EVENT, "supply_delta": -_PART},
    "03": {"event_on": _EVENT, "supply_amount": _PART},
    "04": {"event_on": _EVENT, "delivered": False},
    "05": {"evidence": "local_credit", "evidence_number": "1", "evidence_on": _EVENT, "supply_amount": _PART},
    "06": {"subtype": "not_taxable"},
}
_MORE = 2 * _SUPPLY


def _situations() -> Iterator[_Situation]:
    plain = _chain(_invoice())
    yield _Situation("아직 전송하지 않은 문서", "not transmitted yet", _chain(_invoice(), status="issued"))
    yield _Situation(
        "국세청 결과를 기다리는 문서", "its result is awaited", _chain(_invoice(), status="submitted")
    )
    yield _Situation("국세청이 접수하지 않은 문서", "not accepted", _chain(_invoice(), status="rejected"))
    yield _Situation("계약 해제로 전액 취소된 거래", "the contract was cancelled", _cancelled())
    yield _Situation(
        "이 거래의 세액이 경정될 것을 미리 안 때",
        "an assessment of this deal is known to come",
        plain,
        {"audit": {"ground": "세무조사 통지", "received_on": "2026-07-01", "covers_this_supply": "yes"}},
    )
    yield _Situation(
        "거래처가 다른 사업자이고 1년 기한이 지난 때",
        "the buyer is another business, after the limit of one year",
        plain,
        on=date(2027, 7, 28),
        asks={"01": {"subtype": "non_mistake", "corrected": {"buyer": _OTHER_BUYER}}},
    )
    yield _Situation(
        "거래처가 폐업한 뒤에 생긴 일(승계 없음)",
        "after the buyer closed, without a successor",
        plain,
        {"buyer_closed_on": "2026-05-10"},
    )
    yield _Situation("작성일자보다 먼저 생긴 일", "before the date written", plain, event=_EARLIER)
    yield _Situation("아직 오지 않은 날", "a day to come", plain, event=date(2026, 7, 11))
    yield _Situation(
        "과세기간이 끝나고 25일이 지나 개설된 서류",
        "a document opened more than 25 days after the tax period",
        plain,
        event=date(2026, 7, 28),
        on=date(2026, 7, 28),
    )
    yield _Situation("당초가 영세율", "the original is zero-rated", _chain(_invoice("0102")))
    yield _Situation("당초가 계산서(면세)", "the original is exempt", _chain(_invoice("0301")))
    yield _Situation(
        "남은 금액보다 많이",
        "more than what is left",
        plain,
        asks={
            "02": {"event_on": _EVENT, "supply_delta": -_MORE},
            "03": {"event_on": _EVENT, "supply_amount": _MORE},
            "05": {**_PLAIN["05"], "supply_amount": _MORE},
        },
    )
    yield _Situation(
        "문서의 일부 금액만",
        "only a part of the document",
        plain,
        asks={"06": {"subtype": "duplicate", "supply_amount": _PART}},
    )
    yield _Situation(
        "세금계산서를 계산서로",
        "a tax invoice into an exempt one",
        plain,
        asks={"01": {"subtype": "mistake", "corrected": {"document_type": "0301"}}},
    )
    yield _Situation(
        "공급자를 다른 사업자로",
        "another business as the supplier",
        plain,
        asks={
            "01": {
                "subtype": "mistake",
                "corrected": {"supplier": _SUPPLIER | {"business_number": "9988100012"}},
            }
        },
    )


def _cancelled() -> Chain:
    line = {"name": "노트", "supply_amount": -_SUPPLY, "tax_amount": -_SUPPLY // 10}
    cancelling = _invoice(
        "0201",
        items=[line],
        written_on="2026-05-20",
        amendment_reason="04",
        original_issue_id=_ISSUE_ID,
        issue_id=_CANCELLED_ID,
        issued_at="2026-05-20T10:00:00+09:00",
    )
    return _chain(_invoice(), cancelling)


@cache
def bars() -> tuple[Bar, ...]:
    """Every situation in which a reason is refused."""
    return tuple(_bar(situation) for situation in _situations())


def _bar(situation: _Situation) -> Bar:
    refused = {reason: _refusal(situation, reason) for reason in AmendmentReason}
    return Bar(
        Words(situation.ko, situation.en),
        MappingProxyType({reason: code for reason, code in refused.items() if code}),
    )


def _refusal(situation: _Situation, reason: AmendmentReason) -> str:
    asked = situation.asks.get(reason.value, _PLAIN[reason.value])
    event = situation.event.isoformat()
    filled = {name: event if value == _EVENT else value for name, value in asked.items()}
    request = request_from_data({"reason": reason.value, "target": _ISSUE_ID, **filled})
    found = plan(situation.chain, request, _facts(situation.facts), law=_law(), on=situation.on)
    return found.errors[0].code if found.errors else ""
