"""The cards and first steps of a workspace's home: tables of what there is to do, by whoever may do it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from dojang.service.invoices.states import State
from dojang.service.reports import words
from dojang.service.reports.building import consigned_url
from dojang.service.reports.running import Running
from dojang.service.reports.sheet import Notice
from dojang.service.web.addresses import page_of
from dojang.service.web.say import say
from dojang.service.workspaces.roles import Right


@dataclass(frozen=True, slots=True)
class Kind:
    """A state that asks for something; `query` is what shows exactly its documents in the list.

    `do_ko` and `do_en` are said to who has the right to do it; to others only where they stand.
    """

    state: State
    query: str
    ko: str
    en: str
    do_ko: str
    do_en: str
    right: Right = Right.WRITE
    urgent: bool = False


KINDS: tuple[Kind, ...] = (
    Kind(
        State.REJECTED,
        "tab=rejected",
        "전송실패",
        "Failed",
        "원인을 보고 고치기",
        "See why and put it right",
        Right.WRITE,
        urgent=True,
    ),
    Kind(State.DRAFT, "tab=draft", "임시저장", "Drafts", "이어서 작성", "Go on writing"),
    Kind(
        State.AWAITING_APPROVAL,
        "tab=awaiting",
        "승인대기",
        "Awaiting approval",
        "승인하거나 반려",
        "Approve or send back",
        Right.ISSUE,
    ),
    Kind(
        State.READY, "tab=ready", "발행대기", "Ready to sign", "서명만 남음", "Only to be signed", Right.ISSUE
    ),
    Kind(
        State.ISSUED,
        "tab=issued",
        "전송 전",
        "Not sent yet",
        "국세청 전송을 기다림",
        "Waiting to be sent",
        Right.VIEW,
    ),
    Kind(
        State.SUBMITTED,
        "tab=sending&stage=waiting",
        "전송중",
        "Being sent",
        "국세청의 답을 기다림",
        "Waiting for the NTS",
        Right.VIEW,
    ),
    Kind(
        State.UNKNOWN,
        "tab=sending&stage=unknown",
        "결과 확인중",
        "Result unknown",
        "다시 보내지 않고 결과를 확인합니다",
        "Not sent again; the result is asked for",
        Right.VIEW,
        urgent=True,
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


#: Shown even where there is nothing, so that the page looks the same every day.
_ALWAYS = frozenset({State.DRAFT, State.READY, State.ISSUED})


def cards(
    counts: Mapping[State, int], workspace_slug: str, *, may: Callable[[Right], bool]
) -> Iterator[Card]:
    """A card for each kind. Those that most workspaces never use show only where there is something."""
    invoices = page_of("invoice_list", workspace_slug)
    for kind in KINDS:
        count = counts.get(kind.state, 0)
        if count or kind.state in _ALWAYS:
            yield Card(
                say(kind.ko, kind.en),
                count,
                say(kind.do_ko, kind.do_en) if may(kind.right) else "",
                f"{invoices}?{kind.query}" if invoices else "",
                urgent=kind.urgent and count > 0,
            )


@dataclass(frozen=True, slots=True)
class Other:
    """Something to do that is no state of an invoice: its words, its page, and who may do it and open that."""

    name: str
    ko: str
    en: str
    do_ko: str
    do_en: str
    url_name: str
    query: str = ""
    right: Right = Right.WRITE
    opens: Right = Right.VIEW
    urgent: bool = False


OTHERS: tuple[Other, ...] = (
    Other(
        "due",
        "발급기한이 다가온 문서",
        "To be issued by the 10th",
        "기한 안에 발행하기",
        "Issue them in time",
        "invoice_list",
        "?stage=due",
        right=Right.ISSUE,
        urgent=True,
    ),
    Other(
        "amendments",
        "끝나지 않은 수정발행",
        "Amendments not finished",
        "이어서 하기",
        "Go on with them",
        "amendment_list",
    ),
    Other(
        "reverse",
        "받은 역발행 요청",
        "Asked to sign",
        "확인하고 발행하거나 거부",
        "Check and issue, or refuse",
        "reverse_inbox",
        "?tab=open",
        right=Right.ISSUE,
    ),
    Other(
        "records",
        "확인할 매입",
        "Purchases to check",
        "공제 여부 정하기",
        "Decide on deduction",
        "record_list",
        "?tab=to-check",
    ),
    Other(
        "deliveries",
        "받지 못한 매입 문서",
        "Documents that could not be taken",
        "공급자에게 XML을 받아 올리기",
        "Ask the supplier for the XML and upload it",
        "records_upload",
        opens=Right.WRITE,
        urgent=True,
    ),
    Other(
        "mails",
        "전달되지 않은 메일",
        "Mails not delivered",
        "다른 주소로 보내기",
        "Send to another address",
        "mail_list",
        "?state=bad&since=lately",
        urgent=True,
    ),
    Other(
        "held",
        "전송할 수 없는 문서",
        "Documents that cannot be sent",
        "운영자에게 알리기",
        "Tell the operator",
        "invoice_list",
        "?tab=issued&stage=held",
        right=Right.VIEW,
        urgent=True,
    ),
)


def other_cards(
    counts: Mapping[str, int], workspace_slug: str, *, may: Callable[[Right], bool]
) -> Iterator[Card]:
    """A card for each other thing of which there is any."""
    for one in OTHERS:
        count = counts.get(one.name, 0)
        if count:
            opens = one.opens is Right.VIEW or may(one.opens)
            page = page_of(one.url_name, workspace_slug) if opens else ""
            yield Card(
                say(one.ko, one.en),
                count,
                say(one.do_ko, one.do_en) if may(one.right) else "",
                f"{page}{one.query}" if page else "",
                urgent=one.urgent,
            )


@dataclass(frozen=True, slots=True)
class Gap:
    """What a return lacks: its words and colour, how many, and the list of exactly these."""

    name: str
    ko: str
    en: str
    mood: str
    url_name: str
    query: str

    @property
    def text(self) -> str:
        """What it is called."""
        return say(self.ko, self.en)


GAPS: tuple[Gap, ...] = (
    Gap("unissued", "발행하지 않은 문서", "drafts", "warn", "invoice_list", "stage=unissued&consigned=no"),
    Gap(
        "unsent", "국세청 미접수", "not with the NTS", "bad", "invoice_list", "stage=unaccepted&consigned=no"
    ),
    Gap("unchecked", "확인할 매입", "purchases to check", "warn", "record_list", "tab=to-check"),
)


def gaps(one: Running, workspace_slug: str) -> list[tuple[Gap, int, str]]:
    """What is still missing in a return: how many of each, and the address of the list that shows them."""
    within = urlencode(
        {"business": one.business.pk, "date": "written", "from": one.filing.start, "to": one.filing.end}
    )
    return [
        (gap, count, f"{page_of(gap.url_name, workspace_slug)}?{gap.query}&{within}")
        for gap in GAPS
        if (count := getattr(one, gap.name))
    ]


def consigned(one: Running, workspace_slug: str) -> Notice | None:
    """That what was issued for others in the period of a return is not in it, where there is some."""
    if not one.consigned.count:
        return None
    url = consigned_url(workspace_slug, one.filing.start, one.filing.end)
    return Notice(words.consigned(one.consigned), url=url)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do before the first invoice."""

    text: str
    url: str
    done: bool


STEPS = (
    ("business", "사업장 등록", "Register your business", "business_list", Right.MANAGE),
    ("certificate", "공동인증서 등록", "Register your certificate", "certificate_list", Right.MANAGE),
    ("counterparty", "거래처 등록", "Add a counterparty", "counterparty_add", Right.WRITE),
    ("invoice", "첫 세금계산서 작성", "Write the first tax invoice", "invoice_new", Right.WRITE),
)


def first_steps(workspace_slug: str, *, may: Callable[[Right], bool], done: Collection[str]) -> list[Step]:
    """From an empty workspace to the first invoice; nothing once that is written, or for who can do none of it.

    An invoice can be written without the step before it: nobody has to enter a counterparty apart.
    """
    if {"business", "certificate", "invoice"} <= set(done) or not may(Right.WRITE):
        return []
    return [
        Step(say(ko, en), page_of(page, workspace_slug) if may(right) else "", name in done)
        for name, ko, en, page, right in STEPS
    ]
