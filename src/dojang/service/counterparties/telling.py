"""What an answer of the tax office means to whoever has just typed a number, in a sentence of both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dojang.service.counterparties.models import BusinessState
from dojang.service.counterparties.taxstatus import TaxStatus, Unavailable
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and the colour it has: good, warn, bad, or none where nothing is known."""

    state: str
    ko: str
    en: str

    @property
    def text(self) -> str:
        """In the person's language."""
        return say(self.ko, self.en)

    def to_data(self) -> dict[str, str]:
        """For a script."""
        return {"state": self.state, "ko": self.ko, "en": self.en}


_NOTHING: Final = Told(
    "",
    "지금은 국세청에 확인할 수 없습니다. 번호가 맞으면 그대로 보내도 됩니다.",
    "The tax office cannot be asked now. If the number is right, send it as it is.",
)
_STATES: Final[Mapping[BusinessState, tuple[str, str, str]]] = {
    BusinessState.ACTIVE: ("good", "국세청 확인: 계속사업자", "The tax office says: in business"),
    BusinessState.SUSPENDED: (
        "warn",
        "국세청 확인: 휴업자입니다. 번호가 맞는지 확인해 주세요.",
        "The tax office says: suspended. Make sure that the number is right.",
    ),
    BusinessState.CLOSED: (
        "bad",
        "국세청 확인: 폐업자입니다. 번호가 맞는지 확인해 주세요.",
        "The tax office says: closed. Make sure that the number is right.",
    ),
    BusinessState.UNREGISTERED: (
        "bad",
        "국세청에 등록되지 않은 번호입니다. 번호가 맞는지 확인해 주세요.",
        "The tax office does not know this number. Make sure that it is right.",
    ),
}


def told(answer: TaxStatus | Unavailable | None) -> Told:
    """The sentence. Why the office cannot be asked is nothing to a stranger."""
    if not isinstance(answer, TaxStatus):
        return _NOTHING
    state, ko, en = _STATES[answer.state]
    if answer.state is BusinessState.UNREGISTERED or not answer.text:
        return Told(state, ko, en)
    return Told(state, f"{ko} · {answer.text}", f"{en} · {answer.text}")
