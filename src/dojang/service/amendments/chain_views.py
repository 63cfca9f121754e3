"""All documents of a deal on a time line, with what is left after each; and the same as a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dojang.etax import Invoice as Document
from dojang.etax.amendments import Balance, Node, NodeState, Status
from dojang.etax.codes import Taxation
from dojang.etax.identifiers import IssueId
from dojang.service.amendments import actions, finding
from dojang.service.amendments.chains import Deal
from dojang.service.amendments.halves import needs_mending
from dojang.service.amendments.models import Amendment, AmendmentDocument, AmendmentState, Kind
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.lists.kinds import reason_text
from dojang.service.records.models import Record
from dojang.service.web.say import say
from dojang.service.web.spreadsheet import CONTENT_TYPE, HEAD_COLOUR, book, sheet_name
from dojang.service.web.templatetags.dojang import instant, state_text
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right

_ELSEWHERE = {
    Status.EXTERNAL: ("다른 곳에서 발행", "Issued elsewhere"),
    Status.PAPER: ("종이", "On paper"),
}
_STANDING = {
    NodeState.SUPERSEDED: ("정정됨", "Corrected"),
    NodeState.REVERSED: ("취소됨", "Taken back"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One document on the time line.

    Attributes:
        after: what is left of the deal after it.
        amendment: what it was made by; None of an original and of what was amended elsewhere.
    """

    node: Node
    row: Invoice | Record
    after: Balance
    url: str
    pdf: str
    amendment: Amendment | None = field(default=None, repr=False)

    @property
    def document(self) -> Document:
        """What it says."""
        return self.node.invoice

    @property
    def title(self) -> str:
        """What it is; of an amendment with its reason and the code of that."""
        kind = self.document.document_type
        reason = self.document.amendment_reason
        name = say(kind.ko, kind.en)
        return name if reason is None else f"{name} · {reason_text(reason.value)}({reason.value})"

    @property
    def is_void(self) -> bool:
        """Whether it never came to be."""
        return self.node.state is NodeState.VOID

    @property
    def badge(self) -> str:
        """The colour of its state."""
        return self.row.state if isinstance(self.row, Invoice) else ""

    @property
    def state_text(self) -> str:
        """Where it stands."""
        if isinstance(self.row, Invoice):
            return state_text(self.row.state)
        return say(*_ELSEWHERE.get(self.node.document.status, ("", "")))

    @property
    def standing(self) -> str:
        """What became of it in the deal."""
        return say(*_STANDING.get(self.node.state, ("", "")))

    @property
    def issue_id(self) -> str:
        """승인번호 as people write it."""
        found = IssueId.parse(self.document.issue_id or "")
        return found.hyphenated if found else ""

    @property
    def what(self) -> str:
        """What happened."""
        return finding.event_text(self.amendment.event) if self.amendment else ""

    @property
    def conclusion(self) -> list[dict[str, Any]]:
        """What was shown before it was signed."""
        kept: dict[str, Any] = self.amendment.shown if self.amendment else {}
        return (kept.get("preview") or {}).get("conclusion") or []

    @property
    def confirmed(self) -> list[dict[str, Any]]:
        """What was confirmed then."""
        return (self.amendment.shown if self.amendment else {}).get("confirmed") or []

    @property
    def citation(self) -> str:
        """The law that was named then."""
        return str((self.amendment.shown if self.amendment else {}).get("citation") or "")


@require_safe
def chain_page(request: HttpRequest, key: str) -> HttpResponse:
    """거래 내역: who amended what, when and why."""
    member = member_of(request)
    deal = finding.deal_named(member, key)
    row = deal.row(deal.target_key)
    newest = deal.row(deal.newest_key)
    shown = list(_steps(member, deal))
    amendments = {one.amendment.pk: one.amendment for one in shown if one.amendment}
    context = {
        "deal": deal,
        "document": deal.target.invoice,
        "balance": deal.balance,
        "has_tax": deal.target.invoice.taxation is Taxation.TAXABLE,
        "steps": shown,
        "halves": [half for half in map(needs_mending, amendments.values()) if half],
        "to_sign": _to_sign(list(amendments)),
        "issued_now": _issued_now(list(amendments.values())),
        "may_write": member.offers(Right.WRITE, row.business_id),
        "amend_url": actions.amending_page(member.workspace.slug, newest),
    }
    return render(request, "amendments/chain.html", context)


@require_safe
def chain_excel(request: HttpRequest, key: str) -> HttpResponseBase:
    """The same as a spreadsheet."""
    member = member_of(request)
    deal = finding.deal_named(member, key)
    shown = list(_steps(member, deal))
    return FileResponse(
        book(lambda made: _fill(made, shown)),
        as_attachment=True,
        filename=f"amendments-{deal.key}.xlsx",
        content_type=CONTENT_TYPE,
    )


def _steps(member: Member, deal: Deal) -> Iterator[Shown]:
    ids = [row.pk for _, row in deal.documents if isinstance(row, Invoice)]
    bound = AmendmentDocument.objects.filter(invoice_id__in=ids).select_related(
        "amendment", "amendment__changed_by"
    )
    by_invoice = {one.invoice_id: one.amendment for one in bound}
    for node, after in deal.steps:
        row = deal.row(node.key)
        place = actions.Place(member.workspace.slug, row)
        is_ours = isinstance(row, Invoice)
        yield Shown(
            node,
            row,
            after,
            place.document(),
            place.page("invoice_pdf" if is_ours else "record_pdf", row.pk),
            by_invoice.get(row.pk) if is_ours else None,
        )


def _to_sign(amendment_ids: list[int]) -> list[Invoice]:
    """Fresh documents beside these amendments that nobody has signed yet."""
    rows = AmendmentDocument.objects.filter(
        amendment_id__in=amendment_ids,
        kind=Kind.FOLLOW_UP,
        invoice__state__in=[State.DRAFT, State.AWAITING_APPROVAL, State.READY],
        invoice__deleted_at=None,
    )
    return [one.invoice for one in rows.select_related("invoice").order_by("pk")]


def _issued_now(amendments: list[Amendment]) -> str:
    """What was just issued here, while the tax office has not answered."""
    for one in amendments:
        if one.state != AmendmentState.ISSUED:
            continue
        rows = [made.invoice for made in one.documents.filter(kind=Kind.AMENDMENT).select_related("invoice")]
        waiting = [made for made in rows if made.state in {State.ISSUED, State.SUBMITTED}]
        if not waiting:
            continue
        times = [
            made.transmit_at for made in waiting if made.transmit_at and made.transmit_at > timezone.now()
        ]
        when = instant(max(times)) if times else ""
        kind = waiting[0].document_type[:2]
        noun = "수정계산서" if kind == "04" else "수정세금계산서"
        ko = f"{noun} {len(rows)}건을 발행했습니다."
        en = f"{len(rows)} amendment(s) were issued."
        if when:
            ko += f" 국세청 전송 결과는 {when} 이후에 확인됩니다."
            en += f" The NTS's answer is known after {when}."
        return say(ko, en)
    return ""


_COLUMNS = (
    ("순서", "No.", 6), ("문서", "Document", 34), ("상태", "State", 18), ("거래처", "Buyer", 24),
    ("작성일자", "Date written", 12), ("발급일시", "Issued", 18), ("공급가액", "Supply amount", 16),
    ("세액", "Tax", 14), ("합계금액", "Total", 16), ("잔액 공급가액", "Left: supply", 16),
    ("잔액 세액", "Left: tax", 14), ("승인번호", "Issue id", 28), ("당초승인번호", "Original issue id", 28),
    ("무슨 일", "What happened", 28), ("담당자", "Person", 14), ("내용", "What was shown", 60),
    ("확인", "Confirmed", 40),
)  # fmt: skip
_WON = frozenset({6, 7, 8, 9, 10})


def _fill(made: Any, shown: list[Shown]) -> None:
    sheet = made.add_worksheet(sheet_name(say("거래 내역", "Documents")))
    head = made.add_format({"bold": True, "bg_color": HEAD_COLOUR, "bottom": 1})
    won = made.add_format({"num_format": "#,##0"})
    for place, (ko, en, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, say(ko, en), head)
    for number, one in enumerate(shown, 1):
        for place, value in enumerate(_row(number, one)):
            if isinstance(value, int):
                sheet.write_number(number, place, value, won if place in _WON else None)
            else:
                sheet.write_string(number, place, value)


def _row(number: int, one: Shown) -> tuple[str | int, ...]:
    document, amendment = one.document, one.amendment
    original = IssueId.parse(document.original_issue_id or "")
    return (
        number, one.title, one.state_text, document.buyer.name, document.written_on.isoformat(),
        instant(document.issued_at), document.supply_amount, document.tax_amount, document.total_amount,
        one.after.supply_amount, one.after.tax_amount, one.issue_id, original.hyphenated if original else "",
        one.what, str(amendment.changed_by) if amendment else "", _told(one.conclusion), _told(one.confirmed),
    )  # fmt: skip


def _told(kept: list[dict[str, Any]]) -> str:
    return " ".join(say(str(one.get("ko", "")), str(one.get("en", ""))) for one in kept)
