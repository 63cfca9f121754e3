"""What pages call things of lists, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dojang.service.hometax import errors
from dojang.service.hometax.models import ListState, Verdict
from dojang.service.invoices.states import State
from dojang.service.lists.kinds import kind_text
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number, state_text, won

# The colour of the badge, and its text.
_STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    ListState.WAITING: ("info", "읽기 대기", "Waiting"),
    ListState.READING: ("info", "읽는 중", "Being read"),
    ListState.LOOKED: ("warn", "확인 대기", "To look at"),
    ListState.TAKING: ("info", "가져오는 중", "Being taken over"),
    ListState.DONE: ("good", "가져옴", "Taken over"),
    ListState.REFUSED: ("bad", "읽지 못함", "Not readable"),
    ListState.DROPPED: ("cancelled", "버림", "Dropped"),
}
_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "state": ("상태", "state"),
    "document_type": ("종류", "kind"),
    "written_on": ("작성일자", "date written"),
    "supply_amount": ("공급가액", "supply amount"),
    "tax_amount": ("세액", "tax"),
    "total_amount": ("합계금액", "total"),
    "party_number": ("거래처 등록번호", "other party's number"),
}
_REFUSALS: Final = {one.code: one for one in (errors.ListTooLarge, errors.ListUnreadable, errors.NoHeadings)}


@dataclass(frozen=True, slots=True)
class Kind:
    """A group of rows: its words, and what they mean."""

    verdict: Verdict
    ko: str
    en: str
    why_ko: str
    why_en: str

    @property
    def text(self) -> str:
        """What it is called."""
        return say(self.ko, self.en)

    @property
    def why(self) -> str:
        """What it means."""
        return say(self.why_ko, self.why_en)


KINDS: Final = (
    Kind(
        Verdict.DIFFERENT,
        "여기와 다름",
        "Different here",
        "승인번호가 같은 문서가 여기에도 있는데 내용이 다릅니다. 여기 있는 문서는 바꾸지 않습니다. 어느 쪽이 맞는지 확인하세요.",
        "A document with the same issue id is here and says something else. What is here is not changed: see which is right.",
    ),
    Kind(
        Verdict.MISSING,
        "목록에 없음",
        "Not in the list",
        "여기서 발행해 전송완료된 문서인데 목록에 없습니다. 목록의 첫 작성일자부터 마지막 작성일자까지만 봅니다. 거래처나 종류를 골라 내려받은 목록이면 빠져 있을 수 있습니다.",
        "Issued here and accepted by the tax office, but not in this list, between its first and its last day. A list that "
        "was downloaded for one customer or kind lacks the others.",
    ),
    Kind(
        Verdict.DRAFT,
        "작성 중인 문서와 같음",
        "Same as a draft",
        "홈택스에서 발급한 문서인데, 거래처·작성일자·합계금액이 같은 임시저장 문서가 여기에 있습니다. 가져온 뒤 그 임시저장 문서를 닫아 두 번 발행하지 않게 하세요.",
        "Issued on Hometax, and a draft here has the same customer, day and total. Take the list over and close the draft, so "
        "that it is not issued twice.",
    ),
    Kind(
        Verdict.WRONG,
        "읽지 못함",
        "Not readable",
        "이 행들은 가져오지 않습니다. 홈택스에서 목록을 다시 내려받는 것이 가장 쉽습니다.",
        "These rows are not taken over. Downloading the list again is the easiest way to mend them.",
    ),
    Kind(
        Verdict.NEW,
        "새 문서",
        "New",
        "여기에 없는 문서입니다. 가져오면 매입 또는 ‘다른 곳에서 발행한 매출’이 됩니다.",
        "Not here yet: it becomes a purchase, or a sale issued elsewhere.",
    ),
    Kind(
        Verdict.OTHER,
        "다른 사업자",
        "Somebody else's",
        "공급자도 공급받는자도 작성 권한이 있는 사업장이 아닙니다. 가져오지 않습니다.",
        "Neither party is a business that you may write for. They are not taken over.",
    ),
    Kind(
        Verdict.SAME,
        "이미 있고 같음",
        "Here already",
        "여기에 이미 있고 내용이 같습니다.",
        "Here already, with the same content.",
    ),
)  # fmt: skip


def state_badge(state: str) -> tuple[str, str]:
    """The colour and the text."""
    colour, ko, en = _STATES[state]
    return colour, say(ko, en)


def refusal_text(code: str) -> str:
    """Why a file could not be read."""
    found = _REFUSALS.get(code)
    return say(found.ko, found.en) if found else code


def difference_text(difference: list[Any]) -> str:
    """공급가액: 여기 1,000원 · 목록 2,000원."""
    name, here, there = difference
    label = say(*_FIELDS[name])
    return (
        f"{label}: {say('여기', 'here')} {_value(name, here)} · {say('목록', 'list')} {_value(name, there)}"
    )


def _value(name: str, value: Any) -> str:
    if name.endswith("_amount"):
        return f"{won(value)}{say('원', ' won')}"
    if name == "state":
        return state_text(value) if value in State else str(value)
    if name == "document_type":
        return kind_text(value)
    return business_number(value) if name == "party_number" else str(value)
