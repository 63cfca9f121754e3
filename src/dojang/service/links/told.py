"""The states of an invoice as its buyer needs them: what it means for them, and what they had better not do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class Told:
    """A state: its badge, what it means, and the kind of notice that says so: info, success or error."""

    badge: str
    text: str
    kind: str


def told(invoice: Invoice) -> Told | None:
    """What a buyer is told of an invoice; None of one that was never issued."""
    tell = _STATES.get(State(invoice.state))
    return tell(invoice) if tell is not None else None


def office(invoice: Invoice) -> str:
    """Who has or gets it: nobody who is shown a sandbox document may think that it was really filed."""
    return say("국세청", "the NTS") if invoice.way_out == "nts" else say("모의 국세청", "the sandbox NTS")


def _not_sent(invoice: Invoice) -> Told:
    office_ = office(invoice)
    return Told(
        say("발행완료 · 전송 전", "Issued · not sent yet"),
        say(
            f"공급자가 서명해 발행했습니다. {_until(invoice)}{office_}에 전송하며, 전송하기 전에는 공급자가 취소할 수 있습니다.",
            f"The supplier has signed and issued it. It goes to {office_}{_until(invoice)}; "
            "until it is sent the supplier can cancel it.",
        ),
        "info",
    )


def _until(invoice: Invoice) -> str:
    if invoice.transmit_by is None:
        return ""
    last = invoice.transmit_by.isoformat()
    return say(f"{last}까지 ", f" by {last}")


def _being_sent(invoice: Invoice) -> Told:
    return Told(
        say("국세청 전송중", "Being sent"),
        say(
            f"공급자가 {office(invoice)}에 전송했고 결과를 확인하고 있습니다.",
            f"The supplier has sent it to {office(invoice)} and waits for the answer.",
        ),
        "info",
    )


def _accepted(invoice: Invoice) -> Told:
    if invoice.way_out != "nts":
        return Told(
            say("모의 전송완료", "Accepted by the sandbox"),
            say(
                "모의 국세청에 전송된 연습용 문서입니다. 실제로 신고되지 않았고 홈택스에도 없습니다.",
                "A practice document, accepted by the sandbox. It is filed nowhere, and Hometax does not have it.",
            ),
            "info",
        )
    return Told(
        say("국세청 전송완료", "Accepted by the NTS"),
        say(
            "국세청에 전송된 문서입니다. 홈택스의 전자세금계산서 조회에서도 같은 승인번호로 볼 수 있습니다.",
            "The NTS has it. Hometax shows it under the same issue id.",
        ),
        "success",
    )


def _rejected(invoice: Invoice) -> Told:
    return Told(
        say("국세청 전송실패", "Not accepted"),
        say(
            f"{office(invoice)}에 접수되지 않았습니다. 공급자가 고쳐서 다시 발행할 때까지 신고에 쓰지 마세요.",
            f"It was not accepted by {office(invoice)}. Do not use it in a return until the supplier has issued it anew.",
        ),
        "error",
    )


def _cancelled(invoice: Invoice) -> Told:
    return Told(
        say("발행취소됨", "Cancelled"),
        say(
            "공급자가 국세청에 전송하기 전에 취소한 문서입니다. 효력이 없으니 신고에 쓰지 마세요.",
            "The supplier cancelled it before it was sent. It has no effect: do not use it in a return.",
        ),
        "error",
    )


_STATES: Final[Mapping[State, Callable[[Invoice], Told]]] = MappingProxyType(
    {
        State.ISSUED: _not_sent,
        State.SUBMITTED: _being_sent,
        State.UNKNOWN: _being_sent,
        State.ACCEPTED: _accepted,
        State.REJECTED: _rejected,
        State.CANCELLED: _cancelled,
    }
)
