"""Everything that happened in a workspace as one stream, the newest first.

Tables are read side by side and merged by time: of documents, of the workspace itself, of what others issued, of
counterparties, and those that apps register whose requests are answered behind links. Each page begins behind the last entry of the one before (by
its time, its table and its id), so that the thousandth page costs what the first one does.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any, Final, Self

from django.db.models import Q, QuerySet

from dojang.service.accounts.models import User
from dojang.service.audit.models import Event
from dojang.service.counterparties.models import CounterpartyChange
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import Action
from dojang.service.records.models import RecordEvent
from dojang.service.web.numbers import row_id
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, Membership, WorkspaceEvent
from dojang.service.workspaces.roles import Right

ISSUE_ID: Final = 24
_MICROSECOND: Final = timedelta(microseconds=1)
_CURSOR: Final = re.compile(r"([0-9]{1,17})\.([0-9])\.([0-9]{1,18})", re.ASCII)
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two entries."""

    at: datetime
    rank: int
    row: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From an address; None where it is no place."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            return None
        try:
            return cls(_EPOCH + int(match[1]) * _MICROSECOND, int(match[2]), int(match[3]))
        except OverflowError:
            return None

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.rank}.{self.row}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen of it.

    Attributes:
        person: whose doings.
        kind: a name of `KINDS`, or nothing.
        since, until: from this instant on, and before that one.
        document: an issue id, or the number of an invoice as it stands in its address.
        without: businesses of which this member may see nothing.
    """

    person: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    document: str = ""
    without: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; `row` is its row, with what it speaks of."""

    at: datetime
    source: "Source"
    row: Any

    @property
    def cursor(self) -> Cursor:
        """The place behind it."""
        return Cursor(self.at, self.source.rank, self.row.pk)

    @property
    def person(self) -> User | None:
        """Who did it; nobody where the machinery did."""
        found: User | None = getattr(self.row, self.source.person)
        return found

    @property
    def address(self) -> str:
        """From where."""
        return str(getattr(self.row, "address", ""))


@dataclass(frozen=True, slots=True)
class Source:
    """One of the tables.

    Attributes:
        rank: which comes first of what happened in the same microsecond.
        name: as in `KINDS`.
        person: the field that says who it was.
        rows: its rows with what an entry shows.
        business: the field that says of which business it is, if it is of one.
        document: narrows to one document; None where none of it is about documents.
        tell: of a row that is registered, with the name of the workspace in addresses: its sentence (see `words`), what
            stands in it, and where that is; None for those that `words` knows.
    """

    rank: int
    name: str
    person: str
    rows: Callable[[], QuerySet[Any]]
    business: str = ""
    document: Callable[[str], Q] | None = None
    tell: Callable[[Any, str], tuple[str, str, str]] | None = None


def _document_of_event(text: str) -> Q:
    if len(text) == ISSUE_ID:
        return Q(invoice_id__in=list(Invoice.objects.filter(issue_id=text).values_list("pk", flat=True)))
    return Q(invoice_id=row_id(text))


def _document_of_record(text: str) -> Q:
    return Q(record__issue_id=text) if len(text) == ISSUE_ID else Q(pk__in=[])


DOCUMENTS: Final = Source(
    0,
    "document",
    "actor",
    lambda: Event.objects.select_related("actor", "invoice").defer(
        "invoice__content", "invoice__editor", "invoice__secret"
    ),
    "invoice__business_id",
    _document_of_event,
)
WORKSPACE: Final = Source(1, "workspace", "by", lambda: WorkspaceEvent.objects.select_related("by"))
RECORDS: Final = Source(
    2,
    "record",
    "by",
    lambda: RecordEvent.objects.select_related("by", "record").defer("record__content", "record__document"),
    "record__business_id",
    _document_of_record,
)
COUNTERPARTIES: Final = Source(
    3, "counterparty", "by", lambda: CounterpartyChange.objects.select_related("by", "counterparty")
)
SOURCES: Final = [DOCUMENTS, WORKSPACE, RECORDS, COUNTERPARTIES]


def register(source: Source) -> None:
    """Have one more table told, when its app is loaded; ranks and names are its own."""
    if all(one.name != source.name for one in SOURCES):
        SOURCES.append(source)


@dataclass(frozen=True, slots=True)
class Kind:
    """Something people look for: its words, and where it is, table by table; no actions are all of them."""

    ko: str
    en: str
    where: Mapping[str, Collection[str]]


_EVERY: Final[Collection[str]] = ()
KINDS: Final[Mapping[str, Kind]] = {
    "write": Kind(
        "작성",
        "Writing",
        {"document": (Action.CREATE, Action.EDIT, Action.FINISH, Action.REOPEN, Action.DELETE)},
    ),
    "approval": Kind(
        "발행 승인",
        "Approvals",
        {"document": (Action.ASK_APPROVAL, Action.APPROVE, Action.SEND_BACK, Action.TAKE_BACK)},
    ),
    "issue": Kind("발행·발행취소", "Issuing and cancelling", {"document": (Action.ISSUE, Action.CANCEL)}),
    "hometax": Kind(
        "홈택스 일괄발급", "Issued on Hometax", {"document": (Action.HOMETAX_FILE, Action.HOMETAX_ISSUED)}
    ),
    "send": Kind(
        "국세청 전송",
        "Sending to the NTS",
        {
            "document": (
                Action.SEND_NOW, Action.SUBMIT, Action.NOT_SENT, Action.LOSE_ANSWER, Action.ACCEPT, Action.REJECT,
                Action.BOUNCE,
            )
        },
    ),
    "mail": Kind("메일 재발송", "Mailed again", {"document": (Action.MAIL,)}),
    "open": Kind("거래처 열람", "Opened by buyers", {"document": (Action.OPEN,)}),
    "reveal": Kind(
        "개인정보 열람", "Personal numbers", {"document": (Action.REVEAL,), "counterparty": ("reveal",)}
    ),
    "record": Kind("매입 문서", "Purchases", {"record": _EVERY}),
    "counterparty": Kind("거래처", "Counterparties", {"counterparty": _EVERY}),
    "request": Kind(
        "역발행·발행정보 요청", "Requests to suppliers and customers", {"reverse": _EVERY, "billing": _EVERY}
    ),
    "workspace": Kind("작업공간·구성원·사업장", "Workspace, members, businesses", {"workspace": _EVERY}),
}  # fmt: skip


def hidden_businesses(member: Member) -> frozenset[int]:
    """The businesses of which a member may see nothing."""
    if not member.business_roles:
        return frozenset()
    every = Business.objects.values_list("pk", flat=True)
    return frozenset(one for one in every if not member.may(Right.VIEW, one))


def people() -> list[User]:
    """Who is or was a member, by name."""
    members = Membership.objects.select_related("user").order_by("user_id").distinct("user_id")
    return sorted((one.user for one in members), key=str)


def page(wanted: Wanted, after: Cursor | None, size: int) -> tuple[list[Entry], Cursor | None]:
    """Some entries, and the place where the next ones begin; None behind the last."""
    found = list(islice(_merged(wanted, after, size + 1), size + 1))
    shown = found[:size]
    return shown, shown[-1].cursor if len(found) > size else None


def pages(wanted: Wanted, size: int) -> Iterator[list[Entry]]:
    """All of it, `size` at a time; nothing of the database is held between two of them."""
    shown, after = page(wanted, None, size)
    yield shown
    while after is not None:
        shown, after = page(wanted, after, size)
        yield shown


def _merged(wanted: Wanted, after: Cursor | None, size: int) -> Iterator[Entry]:
    streams = [_entries(source, wanted, after, size) for source in SOURCES]
    return merge(*streams, key=lambda entry: (entry.at, -entry.source.rank, entry.row.pk), reverse=True)


def _entries(source: Source, wanted: Wanted, after: Cursor | None, size: int) -> Iterable[Entry]:
    condition = _condition(source, wanted)
    if condition is None:
        return ()
    rows = source.rows().filter(condition)
    if after is not None:
        rows = rows.filter(_behind(source, after))
    if source.business and wanted.without:
        rows = rows.exclude(**{f"{source.business}__in": wanted.without})
    return [Entry(row.at, source, row) for row in rows.order_by("-at", "-pk")[:size]]


def _condition(source: Source, wanted: Wanted) -> Q | None:
    """What the rows of a table have to be; None where none of them can be wanted."""
    condition = Q()
    if wanted.kind:
        actions = KINDS[wanted.kind].where.get(source.name)
        if actions is None:
            return None
        if actions:
            condition &= Q(action__in=[str(one) for one in actions])
    if wanted.document:
        if source.document is None:
            return None
        condition &= source.document(wanted.document)
    if wanted.person is not None:
        condition &= Q(**{f"{source.person}_id": wanted.person})
    if wanted.since is not None:
        condition &= Q(at__gte=wanted.since)
    if wanted.until is not None:
        condition &= Q(at__lt=wanted.until)
    return condition


def _behind(source: Source, after: Cursor) -> Q:
    """Older; of the same instant, what comes later in the order. `at__lte` alone is what an index can be asked."""
    same = Q(at=after.at)
    if source.rank == after.rank:
        return Q(at__lte=after.at) & (Q(at__lt=after.at) | (same & Q(pk__lt=after.row)))
    return Q(at__lte=after.at) if source.rank > after.rank else Q(at__lt=after.at)
