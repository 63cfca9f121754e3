"""The page of 수정발행 도우미: what is amended, the question, the answers so far, and what they come to."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from dojang.etax.amendments import Status
from dojang.etax.amendments.suggest import Question, SuggestError, Words
from dojang.etax.codes import Taxation
from dojang.etax.identifiers import IssueId
from dojang.etax.notices import Notice, distinct
from dojang.service.amendments import actions, finding, showing
from dojang.service.amendments.chains import Deal
from dojang.service.amendments.facts import buyer_of
from dojang.service.amendments.halves import needs_mending
from dojang.service.amendments.models import Amendment, AmendmentState
from dojang.service.amendments.previewing import preview_shown
from dojang.service.amendments.steps import Step, step_of
from dojang.service.counterparties.models import Counterparty
from dojang.service.invoices import timing
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.lists.kinds import reason_text
from dojang.service.web.language import language_of
from dojang.service.web.say import say_error
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.roles import Right


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that is shown again as it was sent."""

    key: str
    posted: Any
    error: Words | None = None
    matches: tuple[Counterparty, ...] | None = None
    used: Counterparty | None = None

    def shown(self, question: Question, step: Step) -> showing.Shown:
        """Its question, with what was typed."""
        return showing.shown(
            question,
            step.deal.target.invoice,
            posted=self.posted,
            error=self.error,
            matches=self.matches,
            used=self.used,
        )


def shown(
    request: HttpRequest,
    member: Member,
    row: Amendment,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an amendment that was begun.

    Args:
        request: of whoever looks.
        member: who that is.
        row: which one.
        more: what its template gets besides; `tried` is a form that is shown again.
        status: of the answer.
    """
    try:
        step = step_of(row, now=timezone.now())
    except SuggestError as error:
        # Kept answers that fit no question any more, as after an update: what happened is asked again.
        messages.warning(request, say_error(error))
        row.event = ""
        step = step_of(row, now=timezone.now())
    return page_of(request, member, step, {"url": url_of(member, row.pk)} | (more or {}), status=status)


def page_of(
    request: HttpRequest, member: Member, step: Step, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page of a step, also of an amendment that is only looked at."""
    row, deal = step.deal.row(step.deal.target_key), step.deal
    tried: Tried | None = more.get("tried")

    def question_shown(question: Question) -> showing.Shown:
        if tried is not None and tried.key == question.key:
            return tried.shown(question, step)
        return showing.shown(question, deal.target.invoice)

    made, follow_ups = finding.made_by(step.amendment) if step.amendment.pk else ([], [])
    issue = member.offers(Right.ISSUE, row.business_id)
    context = {
        "step": step,
        "amendment": step.amendment,
        "question": question_shown(step.question) if step.question else None,
        "asked": [question_shown(one) for one in step.asked],
        "event_text": finding.event_text(step.amendment.event),
        "notes": step.suggestion.notes,
        "made": made,
        "follow_ups": follow_ups,
        "sign": sign_page(member, step.amendment, made) if _can_sign(made) and issue else "",
        "is_prepared": step.amendment.state == AmendmentState.PREPARED,
        "may_issue": issue,
        "mends": needs_mending(step.amendment.mends) if step.amendment.mends else None,
        **_gate(member, deal),
        **_preview(request, step),
        **more,
    }
    return render(request, "amendments/amendment.html", context, status=status)


def _gate(member: Member, deal: Deal) -> dict[str, Any]:
    """The card that is always on top: what is amended, and what is left of it."""
    document, row = deal.target.invoice, deal.row(deal.target_key)
    hint = row.counterparty
    found = IssueId.parse(document.issue_id or "")
    return {
        "deal": deal,
        "document": document,
        "issue_id": found.hyphenated if found else document.issue_id or "",
        "balance": deal.balance,
        "has_tax": document.taxation is Taxation.TAXABLE,
        "amended_count": sum(
            node.document.status.counts for node in deal.nodes if node.invoice.document_type.is_amendment
        ),
        "place": actions.Place(member.workspace.slug, row, deal, buyer_of(document, hint)),
    }


def _preview(request: HttpRequest, step: Step) -> dict[str, Any]:
    if not step.planned:
        return {}
    refused = [sentence for one in step.planned for sentence in one.preview.refused]
    if refused or not all(one.documents for one in step.planned):
        return {"refused": refused, "is_refused": True}
    facts = getattr(step.suggestion, "facts", step.facts)
    today = timing.today(timezone.now())
    shown = [
        preview_shown(one, number=number, facts=facts, today=today, language=language_of(request))
        for number, one in enumerate(step.planned)
    ]
    ready = step.planned[0]
    return {
        "previews": shown,
        "count": sum(len(one.documents) for one in step.planned),
        "together": [_together(many) for many in sorted({len(one.documents) for one in step.planned} - {1})],
        "on_paper": any(
            one.deal.target.document.status is Status.PAPER
            or any(document.original_issue_id is None for document in one.documents)
            for one in step.planned
        ),
        "warnings": _warnings(step),
        "reason": f"{reason_text(ready.reason.value)}({ready.reason.value})" if ready.reason else "",
    }


#: What a note has told already, by its key; and what the sentences of the preview tell themselves.
_TOLD_BY_NOTE: Final = {
    "N-EXTERNAL": "external_original",
    "N-PAPER": "paper_original",
    "W-POSITIVE06": "positive_06",
    "W-5YEARS": "past_five_years",
}
_TOLD_BY_PREVIEW: Final = frozenset({"amounts_unchanged", "dates_swapped"})


def _warnings(step: Step) -> tuple[Notice, ...]:
    """What is to be known and was not told yet, once."""
    told = _TOLD_BY_PREVIEW | {_TOLD_BY_NOTE.get(note.key, "") for note in step.suggestion.notes}
    found: list[Notice] = []
    for one in step.planned:
        # That a deadline has passed is said with what that costs.
        said = told | {"late"} if one.plan.deadline is not None else told
        found += [each for each in one.plan.warnings if each.code not in said]
    return distinct(tuple(found))


def _together(count: int) -> Words:
    """What is said under the button of documents of one deal."""
    if count == 2:  # noqa: PLR2004 (a pair)
        return Words(
            "2건은 함께 서명·전송되며 한 건만 따로 발행되지는 않습니다.",
            "The two are signed and sent together; neither is issued alone.",
        )
    return Words(
        f"{count}건은 함께 서명·전송되며 일부만 따로 발행되지는 않습니다.",
        f"The {count} are signed and sent together; none of them is issued alone.",
    )


def _can_sign(made: list[Invoice]) -> bool:
    return bool(made) and all(one.state == State.READY for one in made)


def sign_page(member: Member, row: Amendment, made: list[Invoice]) -> str:
    """Where its documents are signed, and from where one comes back to the deal."""
    slug = member.workspace.slug
    ids = ",".join(str(one.pk) for one in made)
    then = reverse("amendment_chain", args=[slug, row.chain])
    return f"{reverse('sign', args=[slug])}?invoices={ids}&then={then}"


def url_of(member: Member, amendment_id: int) -> str:
    """Where the page is."""
    return reverse("amendment", args=[member.workspace.slug, amendment_id])
