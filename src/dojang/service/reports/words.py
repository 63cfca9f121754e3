"""Words that several reports share."""

from dojang.etax.notices import Notice as LawNotice
from dojang.etax.penalties.sentences import NAMES, percent
from dojang.etax.returns import Filing, Side, Sums
from dojang.service.invoices.states import State
from dojang.service.reports.codes import KINDS
from dojang.service.reports.selecting import LeftOut
from dojang.service.reports.sheet import Notice
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number, state_text, won
from dojang.service.workspaces.models import Business

__all__ = ["NAMES", "percent"]


def side_name(side: Side) -> str:
    """매출 or 매입."""
    return say("매출", "Sales") if side is Side.SALES else say("매입", "Purchases")


def party_title(side: Side) -> str:
    """What the other party of a side is called."""
    return say("매출처", "Customer") if side is Side.SALES else say("매입처", "Supplier")


def company(business: Business) -> str:
    """A business with its number, as it stands on every print."""
    return f"{business.name} ({business_number(business.number)})"


def filing_name(filing: Filing) -> str:
    """2026년 2기 예정(7~9월)."""
    return say(filing.ko, filing.en)


def document_name(document_type: str) -> str:
    """What a kind of document is called."""
    kind = KINDS[document_type]
    return say(kind.ko, kind.en)


def penalty_name(code: str) -> str:
    """What a penalty is called."""
    return say(NAMES[code].ko, NAMES[code].en)


def law_notice(notice: LawNotice) -> Notice:
    """A warning of the law engine."""
    return Notice(say(notice.ko, notice.en), "warn")


_TO_DO = {
    State.ISSUED: (
        "전송하면 포함됩니다. 이미 발급한 문서는 전송하지 않아도 신고 대상입니다.",
        "They count once they are sent. What was issued has to be declared even so.",
    ),
    State.SUBMITTED: ("국세청의 답이 오면 포함됩니다.", "They count once the NTS has answered."),
    State.UNKNOWN: ("결과를 확인하고 있습니다.", "The result is being asked for."),
    State.REJECTED: (
        "국세청에 없는 문서입니다. 원인을 고쳐 다시 발행하세요.",
        "The NTS does not have them. Put them right and issue anew.",
    ),
}


def left_out(found: LeftOut) -> str:
    """What does not count, and what to do about it."""
    name, amount, count = state_text(found.state), won(found.sums.supply_amount), found.sums.count
    return say(
        f"포함되지 않은 문서: {name} {count:,}건, 공급가액 {amount}원. {_TO_DO[found.state][0]}",
        f"Not counted: {name}, {count:,} documents, {amount} won. {_TO_DO[found.state][1]}",
    )


def consigned(found: Sums) -> str:
    """What was issued for others and is their sale."""
    amount, count = won(found.supply_amount), found.count
    return say(
        f"위수탁으로 발행한 문서 {count:,}건(공급가액 {amount}원)은 위탁자의 매출이라 넣지 않았습니다.",
        f"{count:,} documents issued as a broker ({amount} won) are the sales of others and not counted.",
    )


def consigned_penalties(found: Sums) -> str:
    """The same where penalties are told: they are the principal's, whoever was late."""
    return say(
        f"{consigned(found)} 늦었더라도 그 가산세는 공급자인 위탁자의 것입니다.",
        f"{consigned(found)} Penalties on them, if any, are their supplier's.",
    )


def presumed(count: int, side: Side) -> str:
    """That a day of transmission was taken for granted."""
    return say(
        f"{side_name(side)} 전자세금계산서 {count:,}건은 전송일을 몰라 발급일에 전송된 것으로 보았습니다. 홈택스에서 확인하세요.",
        f"{side_name(side)}: of {count:,} e-invoices the day of transmission is not known; the day of issue was "
        "taken. Check it at Hometax.",
    )
