"""The menu of a workspace: one table, of which a person sees the pages that exist and that their role opens."""

from dataclasses import dataclass

from django.http import HttpRequest

from dojang.service.web.addresses import page_of
from dojang.service.web.say import say
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu, in both languages; `group` is the heading it stands under.

    What only `writes` is not there in a closed workspace; `also` names pages that belong to it though their addresses do not begin with its own.
    """

    url_name: str
    ko: str
    en: str
    group: tuple[str, str] | None = None
    right: Right = Right.VIEW
    writes: bool = False
    also: frozenset[str] = frozenset()


_SALES = ("매출", "Sales")
_PURCHASES = ("매입", "Purchases")
_REPORTS = ("보고서", "Reports")
_SETTINGS = ("설정", "Settings")

_HOME = "workspace_home"
ENTRIES: tuple[Entry, ...] = (
    Entry(_HOME, "홈", "Home"),
    Entry("invoice_list", "세금계산서", "Tax invoices", _SALES),
    Entry("approval_list", "발행 승인", "Approvals", _SALES),
    Entry("reverse_inbox", "받은 역발행 요청", "Asked to sign", _SALES),
    Entry("amendment_list", "수정발행", "Amendments", _SALES),
    Entry("hometax_bulk", "홈택스 일괄발급", "Issue on Hometax", _SALES, Right.ISSUE, writes=True),
    Entry("mail_list", "메일 기록", "Mails", _SALES, Right.ISSUE),
    Entry("record_list", "세금계산서", "Tax invoices", _PURCHASES),
    Entry("reverse_list", "역발행 요청", "Requests to suppliers", _PURCHASES),
    Entry("records_upload", "XML 올리기", "Upload XML", _PURCHASES, Right.WRITE, writes=True),
    Entry("hometax_lists", "홈택스 목록 가져오기", "Hometax's lists", _PURCHASES, Right.WRITE, writes=True),
    Entry("record_new", "종이 문서 등록", "Enter paper", _PURCHASES, Right.WRITE, writes=True),
    Entry("counterparty_list", "거래처", "Counterparties"),
    Entry("billing_list", "발행정보 요청", "Billing data"),
    Entry("report_months", "월별", "By month", _REPORTS),
    Entry("report_parties", "거래처별", "By party", _REPORTS),
    Entry("report_summary", "합계표", "Summaries", _REPORTS),
    Entry("report_vat", "부가세 신고 금액", "VAT return", _REPORTS),
    Entry("report_late", "지연·가산세", "Late, penalties", _REPORTS),
    Entry("business_list", "사업장", "Businesses", _SETTINGS),
    Entry("certificate_list", "인증서", "Certificates", _SETTINGS),
    Entry("member_list", "구성원", "Members", _SETTINGS, also=frozenset({"invitation_new"})),
    Entry("notice_settings", "알림", "Notifications", _SETTINGS),
    Entry("history", "이력", "History", _SETTINGS, Right.MANAGE),
    Entry(
        "workspace_settings",
        "작업공간 설정",
        "Workspace",
        _SETTINGS,
        Right.MANAGE,
        also=frozenset({"export"}),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is shown; `heading` begins a group, and what is `apart` stands in none after one."""

    url: str
    text: str
    heading: str
    current: bool
    apart: bool


def links(request: HttpRequest, member: Member) -> list[Link]:
    """The menu of `member` on this page. One link at most is current: the one nearest to the address."""
    shown = [
        (entry, page_of(entry.url_name, member.workspace.slug))
        for entry in ENTRIES
        if (member.offers if entry.writes else member.may)(entry.right)
    ]
    found = [(entry, url) for entry, url in shown if url]
    current = _current(request, found)
    return [
        Link(
            url,
            say(entry.ko, entry.en),
            _heading(entry, before),
            url == current,
            apart=_leaves(entry, before),
        )
        for (entry, url), before in zip(found, [None, *(entry for entry, _ in found)], strict=False)
    ]


def _current(request: HttpRequest, found: list[tuple[Entry, str]]) -> str:
    match = request.resolver_match
    here = match.url_name if match is not None else None
    named = next((url for entry, url in found if here == entry.url_name or here in entry.also), None)
    if named is not None:
        return named
    # Every address begins with that of the home page, which is its own page alone.
    near = [url for entry, url in found if entry.url_name != _HOME and request.path.startswith(url)]
    return max(near, key=len, default="")


def _heading(entry: Entry, before: Entry | None) -> str:
    if entry.group is None or (before is not None and before.group == entry.group):
        return ""
    return say(*entry.group)


def _leaves(entry: Entry, before: Entry | None) -> bool:
    return entry.group is None and before is not None and before.group is not None
