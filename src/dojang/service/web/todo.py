"""The cards and first steps of a workspace's home: a table of what each open state asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dojang.service.invoices.states import State
from dojang.service.web.addresses import page_of
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class Kind:
    """Some states that ask for the same thing; `tab` is the one of the list that shows them."""

    states: tuple[State, ...]
    tab: str
    ko: str
    en: str
    do_ko: str
    do_en: str
    urgent: bool = False


KINDS: tuple[Kind, ...] = (
    Kind(
        (State.REJECTED,),
        "rejected",
        "전송실패",
        "Failed",
        "원인을 보고 고치기",
        "See why and put it right",
        True,
    ),
    Kind((State.DRAFT,), "draft", "임시저장", "Drafts", "이어서 작성", "Go on writing"),
    Kind((State.READY,), "ready", "발행대기", "Ready to sign", "서명만 남음", "Only to be signed"),
    Kind((State.ISSUED,), "issued", "전송 전", "Not sent yet", "국세청 전송을 기다림", "Waiting to be sent"),
    Kind(
        (State.SUBMITTED, State.UNKNOWN),
        "sending",
        "전송중",
        "Being sent",
        "국세청의 답을 기다림",
        "Waiting for the NTS",
    ),
)


@dataclass(frozen=True, slots=True)
class Card:
    """How many invoices stand somewhere, and where they are listed."""

    title: str
    count: int
    text: str
    url: str
    urgent: bool


def cards(counts: Mapping[State, int], workspace_slug: str) -> Iterator[Card]:
    """A card for each kind. Those that most workspaces never use show only where there is something."""
    invoices = page_of("invoice_list", workspace_slug)
    for kind in KINDS:
        count = sum(counts.get(state, 0) for state in kind.states)
        if count or kind.tab in {"draft", "ready", "issued"}:
            yield Card(
                say(kind.ko, kind.en),
                count,
                say(kind.do_ko, kind.do_en),
                f"{invoices}?tab={kind.tab}" if invoices else "",
                urgent=kind.urgent and count > 0,
            )


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do before the first invoice."""

    text: str
    url: str
    done: bool


def first_steps(workspace_slug: str, *, businesses: bool, certificate: bool, invoices: bool) -> list[Step]:
    """From an empty workspace to the first invoice; nothing once all is done."""
    steps = [
        Step(
            say("사업장 등록", "Register your business"), page_of("business_list", workspace_slug), businesses
        ),
        Step(
            say("공동인증서 등록", "Register your certificate"),
            page_of("certificate_list", workspace_slug),
            certificate,
        ),
        Step(
            say("첫 세금계산서 작성", "Write the first tax invoice"),
            page_of("invoice_new", workspace_slug),
            invoices,
        ),
    ]
    return [] if all(step.done for step in steps) else steps
