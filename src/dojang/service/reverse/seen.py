"""What the reader of a link is shown: while it is asked for all of it, and afterwards how it ended."""

from dataclasses import dataclass, field
from datetime import date, datetime

from dojang.errors import Language
from dojang.etax.identifiers import IssueId
from dojang.render import Copy, cancelled, form
from dojang.render import render as render_form
from dojang.service.invoices import timing
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State as InvoiceState
from dojang.service.links.models import Purpose
from dojang.service.links.services import resolve
from dojang.service.links.terms import last_day
from dojang.service.links.told import Told, told
from dojang.service.notices.letters.words import is_sandbox
from dojang.service.reverse.guests import request_of
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.reverse.writing import document_of
from dojang.service.tenancy.scope import in_workspace
from dojang.service.workspaces.models import Workspace

#: How a document stands that is asked for or was signed; of the others nothing is shown but that they are over.
_SHOWN = frozenset({State.REQUESTED, State.SIGNED})


@dataclass(frozen=True, slots=True)
class LinkPage:
    """The page of a link.

    Attributes:
        request: the buyer's row, as it was read.
        state: how it stands now, by the clock too.
        form: the legal form in HTML, where it is shown.
        answer_by: the last day.
        days_left: of 발급기한; negative once it is over.
        standing: of what was signed behind this link.
        issue_id: of the same.
        is_waiting: that it was signed and not sent yet.
    """

    request: ReverseRequest
    state: State
    form: str = field(repr=False)
    answer_by: date | None
    days_left: int | None
    is_sandbox: bool
    standing: Told | None = None
    issue_id: str = ""
    is_waiting: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return self.state == State.REQUESTED

    @property
    def hyphenated(self) -> str:
        """승인번호 as people write it."""
        found = IssueId.parse(self.issue_id)
        return found.hyphenated if found else self.issue_id


def by_link(token: str, *, language: Language, now: datetime) -> LinkPage:
    """The page of a link.

    Raises:
        NoSuchLink, LinkExpired, LinkRevoked.
    """
    with resolve(token, Purpose.REVERSE_REQUEST, now) as link:
        row = request_of(link)
        state = _state(row, now)
        page = LinkPage(
            request=row,
            state=state,
            form=legal_form(row, copy=Copy.SUPPLIER, language=language) if state in _SHOWN else "",
            answer_by=last_day(row.expires_at) if row.expires_at else None,
            days_left=(row.issue_by - timing.today(now)).days if row.issue_by else None,
            is_sandbox=is_sandbox(),
        )
    if row.guest is None or not row.issue_id:
        return page
    return _with_signed(page, row.guest)


def legal_form(row: ReverseRequest, *, copy: Copy, language: Language) -> str:
    """The legal form of what is asked for, in HTML; of what was issued, with its number."""
    document = document_of(row)
    drawn = form(document.replace(issue_id=row.issue_id) if row.issue_id else document, copy=copy)
    if row.state == State.CANCELLED:
        drawn = cancelled(drawn)
    return render_form(drawn, sandbox=is_sandbox(), language=language)


def _with_signed(page: LinkPage, guest: int) -> LinkPage:
    """The same with how the document stands that was signed behind this link, if it was this link."""
    with in_workspace(guest):
        invoice = Invoice.objects.filter(issue_id=page.request.issue_id).first()
        if invoice is None:
            return page
        return LinkPage(
            page.request,
            page.state,
            page.form,
            page.answer_by,
            page.days_left,
            page.is_sandbox,
            standing=told(invoice),
            issue_id=invoice.issue_id or "",
            is_waiting=invoice.state == InvoiceState.ISSUED,
        )


def _state(row: ReverseRequest, now: datetime) -> State:
    if row.state != State.REQUESTED:
        return State(row.state)
    if row.expires_at is None or row.expires_at <= now:
        return State.EXPIRED
    # A closed workspace asks nothing of anybody.
    return State.REQUESTED if Workspace.objects.get().closed_at is None else State.WITHDRAWN
