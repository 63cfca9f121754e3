"""What is to be noticed about a document of somebody else: computed from its columns, for lists and its page alike."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from dojang.etax.calendar.deadlines import final_return_due, issue_deadline, late_deduction_limit
from dojang.etax.calendar.periods import GENERAL, TaxType, vat_period
from dojang.etax.facts import Facts, InvalidFacts
from dojang.etax.parameters.law import DateOutOfReach, Law
from dojang.etax.penalties.sentences import percent
from dojang.service.counterparties.models import BusinessState
from dojang.service.records.content import KINDS
from dojang.service.records.models import Record, Side, Source
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to notice.

    Attributes:
        code: stable.
        ko, en: its badge.
        why_ko, why_en: what it means, in a sentence.
        tone: the badge's colour: bad, warn or quiet.
        citation: the law.
    """

    code: str
    ko: str
    en: str
    why_ko: str
    why_en: str
    tone: str = "warn"
    citation: str = ""

    @property
    def text(self) -> str:
        """The badge in the person's language."""
        return say(self.ko, self.en)

    @property
    def why(self) -> str:
        """The sentence in the person's language."""
        return say(self.why_ko, self.why_en)


PAPER: Final = Flag(
    "paper",
    "종이",
    "Paper",
    "합계표에서는 ‘전자 외’로 집계하고 거래처별로 적습니다.",
    "Counted among the documents that are not electronic, and listed by party.",
    "quiet",
    "부가가치세법 §54",
)
CONSIGNED: Final = Flag(
    "consigned",
    "위수탁",
    "Consigned",
    "수탁자가 공급자 이름으로 발급했습니다.",
    "A broker issued it in the supplier's name.",
    "quiet",
    "부가가치세법 시행령 §69",
)
LISTED: Final = Flag(
    "listed",
    "홈택스 목록",
    "From a list",
    "홈택스 목록에서 가져온 문서입니다. 목록에는 첫 품목만 있고 서명한 원본이 없습니다. 홈택스에서 XML을 받아 올리면 채워집니다.",
    "Taken from Hometax's list, which has the first item alone and no signed original. Upload its XML to complete it.",
    "quiet",
)
AMENDED: Final = Flag(
    "amended",
    "수정 있음",
    "Amended",
    "이 문서를 수정한 문서가 있습니다. 함께 확인하세요.",
    "There is an amendment of this document. Look at both.",
)
AMENDMENT: Final = Flag(
    "amendment",
    "수정",
    "Amendment",
    "다른 문서를 수정한 문서입니다.",
    "It amends another document.",
    "quiet",
)
_CLOSED: Final = {
    BusinessState.SUSPENDED: Flag(
        "supplier_suspended",
        "휴업자",
        "Suspended",
        "국세청 조회에서 휴업 중인 거래처입니다. 실제 거래인지 확인하세요.",
        "The tax office says that this business is suspended. See that the deal was real.",
    ),
    BusinessState.CLOSED: Flag(
        "supplier_closed",
        "폐업자",
        "Closed",
        "국세청 조회에서 폐업한 거래처입니다. 폐업일 뒤에 발급된 세금계산서로는 공제받지 못할 수 있습니다.",
        "The tax office says that this business has closed. Tax on what it issued afterwards may not be deductible.",
        "bad",
        "부가가치세법 §39①2",
    ),
    BusinessState.UNREGISTERED: Flag(
        "supplier_unregistered",
        "미등록",
        "Not registered",
        "국세청에 등록되지 않은 사업자등록번호입니다.",
        "The tax office knows no such business number.",
        "bad",
        "부가가치세법 §39①2",
    ),
}


def flags_of(record: Record, *, law: Law) -> tuple[Flag, ...]:
    """The flags of a record, the gravest first.

    Args:
        record: from `selectors.with_flags`, so that neither its counterparty nor its amendments are asked for one by
            one.
        law: the figures and the calendar.
    """
    found = [*_lateness(record, law), *_of_party(record), *_of_kind(record)]
    return tuple(sorted(found, key=lambda flag: _TONES.index(flag.tone)))


_TONES = ("bad", "warn", "quiet")


def _lateness(record: Record, law: Law) -> list[Flag]:
    """Received late is deductible with a penalty, and not at all after the limit (시행령 §75 3호·7호, 법 §60⑦1)."""
    issued_on, kind = record.issued_on, KINDS.get(record.document_type)
    if record.side != Side.PURCHASE or issued_on is None or kind is None or kind.is_amendment:
        return []
    try:
        if issued_on <= issue_deadline(record.written_on, law=law).on:
            return []
        return [_late(record, issued_on, law)]
    except DateOutOfReach:
        return []


def _late(record: Record, issued_on: date, law: Law) -> Flag:
    deadline = issue_deadline(record.written_on, law=law).on
    next_period = vat_period(issued_on, GENERAL).start > vat_period(record.written_on, GENERAL).start
    final = final_return_due(record.written_on, law=law).on
    limit = late_deduction_limit(record.written_on, law=law).on
    rate = percent(law.parameter("late_receive", record.written_on).rate)
    if record.tax_amount <= 0 or record.not_deductible or not _deducts(record):
        # 제60조 제7항 제1호 counts on input tax that was deducted.
        return Flag(
            "late",
            "지연수취",
            "Received late",
            f"발급기한({deadline})이 지나 발급됐습니다.",
            f"Issued after the deadline ({deadline}).",
        )
    if issued_on > limit:
        return Flag(
            "late_lost",
            "지연수취 · 공제 불가",
            "Too late to deduct",
            f"공제받을 수 있는 기한({limit})이 지나 발급돼 매입세액을 공제받지 못합니다.",
            f"Issued after {limit}, so its tax is not deductible.",
            "bad",
            "부가가치세법 §39①2, 시행령 §75 7호",
        )
    if issued_on > final:
        return Flag(
            "late_after_return",
            "확정신고기한 뒤 발급",
            "Issued after the return",
            f"확정신고기한({final})이 지나 발급됐습니다. {limit}까지 발급된 문서라 이 세금계산서와 함께 수정신고나 경정청구를 하면 공제할 수 "
            f"있지만, 지연수취 가산세 {rate}가 있습니다.",
            f"Issued after the final return was due ({final}): deductible by an amended return, with a penalty of {rate}.",
            "bad",
            "부가가치세법 §60⑦1, 시행령 §75 7호",
        )
    if next_period:
        return Flag(
            "late_next_period",
            "다음 과세기간 발급",
            "Issued in the next period",
            f"발급기한({deadline})이 지나 다음 과세기간에 발급됐습니다. 확정신고기한({final}) 안이라 작성일자가 속한 과세기간의 "
            f"신고에서 공제할 수 있지만, 지연수취 가산세 {rate}가 있습니다.",
            f"Issued after {deadline}, in the next taxable period, but before the final return was due ({final}): "
            f"deductible in the period of its date, with a penalty of {rate}.",
            "bad",
            "부가가치세법 §60⑦1, 시행령 §75 3호",
        )
    return Flag(
        "late",
        "지연수취",
        "Received late",
        f"발급기한({deadline})이 지나 발급됐습니다. 공제할 수 있지만 지연수취 가산세 {rate}가 있습니다.",
        f"Issued after {deadline}: deductible, with a penalty of {rate}.",
        "warn",
        "부가가치세법 §60⑦1, 시행령 §75 3호",
    )


def _deducts(record: Record) -> bool:
    """Whether our business deducted input tax at all on that day: simplified and exempt ones do not."""
    try:
        facts = Facts.from_json(json.dumps(record.business.facts))
    except InvalidFacts:
        return True
    return facts.supplier.tax_type(record.written_on) not in {TaxType.SIMPLIFIED, TaxType.EXEMPT}


def _of_party(record: Record) -> list[Flag]:
    party = record.counterparty
    if party is None or not party.tax_status or record.side != Side.PURCHASE:
        return []
    state = BusinessState(party.tax_status)
    # What was issued before a business closed is as good as ever.
    if state is BusinessState.CLOSED and party.closed_on and party.closed_on >= record.written_on:
        return []
    flag = _CLOSED.get(state)
    return [flag] if flag else []


def _of_kind(record: Record) -> list[Flag]:
    kind = KINDS.get(record.document_type)
    found = []
    if getattr(record, "is_amended", False):
        found.append(AMENDED)
    if kind is not None and kind.is_amendment:
        found.append(AMENDMENT)
    if record.source == Source.PAPER:
        found.append(PAPER)
    if record.source == Source.HOMETAX and not record.sha256:
        found.append(LISTED)
    if kind is not None and kind.is_consigned:
        found.append(CONSIGNED)
    return found
