"""What a penalty is called and why it is owed, in both languages.

A sentence has a name, a figure, a reason (the cause) and, where the law is disputed, the doubt.
The braces name dates of the case.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from dojang.etax.penalties.clauses import Family


class Words(NamedTuple):
    """The same in both languages."""

    ko: str
    en: str


NAMES: Mapping[str, Words] = {
    "late_issue": Words("지연발급 가산세", "Late issue penalty"),
    "non_issue": Words("미발급 가산세", "Non-issue penalty"),
    "paper": Words("종이 발급 가산세", "Paper issue penalty"),
    "other_place": Words("다른 사업장 명의 발급 가산세", "Penalty for issuing in another place's name"),
    "late_send": Words("지연전송 가산세", "Late transmission penalty"),
    "non_send": Words("미전송 가산세", "Non-transmission penalty"),
    "defect": Words("부실기재 가산세", "Penalty for a defective invoice"),
    "late_receive": Words("지연수취 가산세", "Late receipt penalty"),
    "fake": Words("가공 발급·수취 가산세", "Penalty for an invoice without a supply"),
    "name": Words("위장 발급·수취 가산세", "Penalty for an invoice in another's name"),
    "over": Words("과다기재 가산세", "Penalty for an overstated supply amount"),
}

CAUSES: Mapping[str, Words] = {
    "late_issue": Words(
        "발급기한({issue})이 지났고 {final_ko}({final})까지 발급하는 경우입니다.",
        "the issue deadline ({issue}) has passed and it is issued by {final_en} ({final}).",
    ),
    "non_issue": Words(
        "{final_ko}({final})까지 발급하지 않은 경우입니다. 그 뒤에 발급해도 없어지지 않습니다.",
        "it was not issued by {final_en} ({final}); issuing it later does not undo this.",
    ),
    "paper": Words(
        "전자발급 의무자가 발급기한 안에 종이로 발급한 경우입니다.",
        "one who must issue electronically issued on paper, in time.",
    ),
    "other_place": Words(
        "공급한 사업장이 아닌 자신의 다른 사업장 명의로 발급한 경우입니다.",
        "it was issued in the name of another place of business of the supplier than the one that supplied.",
    ),
    "late_send": Words(
        "전송기한({transmit})이 지났고 {final_ko}({final})까지 국세청에 전송하는 경우입니다.",
        "the transmission deadline ({transmit}) has passed and it is sent by {final_en} ({final}).",
    ),
    "non_send": Words(
        "전송기한({transmit})이 지났고 {final_ko}({final})까지 국세청에 전송하지 않은 경우입니다.",
        "the transmission deadline ({transmit}) has passed and it was not sent by {final_en} ({final}).",
    ),
    "defect": Words(
        "필요적 기재사항이 빠졌거나 사실과 다른 경우입니다.",
        "a required entry is missing or untrue.",
    ),
    "early_defect": Words(
        "공급시기({supply}) 전인 {issued}에 발급했고 선발급이 인정되는 경우가 아니어서 사실과 다른 것으로 봅니다.",
        "it was issued on {issued}, before the time of supply ({supply}), not in one of the ways the law allows, "
        "and counts as untrue.",
    ),
    "early_non_issue": Words(
        "공급시기({supply}) 전에 잘못 발급한 것뿐이고 {final_ko}({final})까지 바르게 발급하지 않은 경우입니다.",
        "only the wrong invoice before the time of supply ({supply}) was issued, and no right one by {final_en} ({final}).",
    ),
    "late_receive": Words(
        "발급기한({issue})이 지나 받았으나 확정신고기한({buyer_final})까지여서 매입세액은 공제받습니다.",
        "received after the issue deadline ({issue}) but by the final return date ({buyer_final}); still deductible.",
    ),
    "late_receive_after_return": Words(
        "확정신고기한({buyer_final})이 지나 받았으나 공제 기한({limit}) 안이어서, 수정신고나 경정청구에 붙여 내면 "
        "매입세액은 공제받습니다.",
        "received after the final return date ({buyer_final}) but within the limit ({limit}); deductible with an amended "
        "return or a claim that encloses it.",
    ),
    "early_receive": Words(
        "공급시기({supply}) 전에 받았으나 {early_ko} 안에 공급시기가 와서, 세무서가 거래를 확인하면 매입세액은 공제받습니다.",
        "received before the time of supply ({supply}), which comes within {early_en}; deductible once the tax office "
        "has confirmed the deal.",
    ),
    "fake": Words(
        "실제 공급 없이 주고받은 경우입니다. 나중에 취소해도 없어지지 않습니다.",
        "issued and received without a supply; cancelling it later does not undo this.",
    ),
    "name": Words(
        "실제로 공급하거나 공급받은 자가 아닌 자의 명의로 주고받은 경우입니다.",
        "issued and received in the name of one who did not really supply or receive.",
    ),
    "over": Words(
        "공급가액을 실제보다 많이 적은 부분에 대한 것입니다.",
        "for the part of the supply amount above what was supplied.",
    ),
}

DOUBTS: Mapping[str, Words] = {
    "decrease": Words(
        "감액분에 이 가산세가 있는지는 해석이 나뉩니다.",
        "Whether a decrease is charged at all is disputed.",
    ),
    "substitute_holiday": Words(
        "노동절 대체공휴일을 쉬는 날로 보면 가산세가 없습니다.",
        "There is none if the substitute holiday of Labour Day counts as a holiday.",
    ),
    "new_buyer": Words(
        "공급받는 자를 바로잡은 수정발급에 이 가산세가 있는지는 해석이 나뉩니다.",
        "Whether an amendment that puts the buyer right is charged is disputed.",
    ),
    "late_paper": Words(
        "종이로 받은 것은 확정신고기한까지 가산세가 없다는 해석도 있습니다.",
        "It can also be read that paper received by the final return date costs nothing.",
    ),
}

FINAL_NAMES: Mapping[Family, Words] = {
    Family.VAT: Words("확정신고기한", "the final return date"),
    Family.CORPORATE: Words("사업연도 말의 다음 달 25일", "the 25th of the month after the fiscal year"),
    Family.INDIVIDUAL: Words("다음 해 1월 25일", "25 January of the next year"),
}


def percent(rate: Decimal) -> str:
    """A rate as people write it: 0.003 is 0.3%."""
    return f"{(rate * 100).normalize():f}%"


def figure(rate: Decimal, amount: int, *, disputed: bool) -> Words:
    """Rate and won; of a disputed penalty the most it can be."""
    share = percent(rate)
    if disputed:
        return Words(f"최대 {share} = {amount:,}원", f"at most {share} = {amount:,} won")
    return Words(f"{share} = {amount:,}원", f"{share} = {amount:,} won")


def sentence(code: str, cause: str, doubt: str | None, amount: Words, facts: Mapping[str, str]) -> Words:
    """The whole sentence of a penalty."""
    ko = f"{NAMES[code].ko} {amount.ko}: {CAUSES[cause].ko.format(**facts)}"
    en = f"{NAMES[code].en} {amount.en}: {CAUSES[cause].en.format(**facts)}"
    if doubt is None:
        return Words(ko, en)
    return Words(f"{ko} {DOUBTS[doubt].ko}", f"{en} {DOUBTS[doubt].en}")


def cap_clause(limit: int, amount: int) -> Words:
    """What follows the sentence of a penalty that the cap has cut."""
    return Words(
        f" 가산세 한도({limit:,}원)에 걸려 {amount:,}원만 냅니다.",
        f" The cap ({limit:,} won) leaves {amount:,} won.",
    )
