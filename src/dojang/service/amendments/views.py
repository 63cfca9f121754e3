"""수정발행 도우미: one page for each amendment, from what happened to what is issued. It works without script."""

from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dojang.errors import DojangError
from dojang.etax.amendments.suggest import Question, SuggestError, Words, tree
from dojang.service.amendments import actions, finding, reading, services, wizard
from dojang.service.amendments.halves import halves
from dojang.service.amendments.models import Amendment, AmendmentState
from dojang.service.amendments.steps import Step, step_of
from dojang.service.counterparties import personal
from dojang.service.counterparties.looking_up import in_use, is_looking_up, look_up
from dojang.service.counterparties.models import Kind as PartyKind
from dojang.service.errors import ServiceError
from dojang.service.invoices.models import Invoice
from dojang.service.records.models import Record
from dojang.service.tenancy import crossing
from dojang.service.tenancy.scope import in_workspace
from dojang.service.web.say import say, say_error
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with, offers_somewhere

_PER_PAGE: Final = 30
_WITH: Final = "with-"
_MOST_NOTE: Final = 500
_MOST_BOXES: Final = 10


@require_safe
def amendment_list(request: HttpRequest) -> HttpResponse:
    """[수정발행]: what is not finished, and what was done."""
    member = member_of(request)
    rows = finding.amendments_of(member)
    waiting = rows.filter(state__in=finding.OPEN, beside=None).order_by("-changed_at", "-pk")[:100]
    done = rows.filter(state=AmendmentState.ISSUED, beside=None).order_by("-issued_at", "-pk")
    page = Paginator(done, _PER_PAGE).get_page(request.GET.get("page"))
    businesses = businesses_with(member, Right.VIEW)
    broken = halves(businesses)
    context = {
        "waiting": [finding.Listed(one) for one in waiting],
        "halves": broken,
        "unfinished": finding.unfinished(businesses).count() + len(broken),
        "done": [finding.Listed(one) for one in page.object_list],
        "page": page,
        "may_write": offers_somewhere(member, Right.WRITE),
    }
    return render(request, "amendments/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_invoice(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """What may have happened to one of our documents; nothing is kept before something is chosen."""
    member = member_of(request)
    return _begin(request, member, finding.invoice_for(member, invoice_id))


@require_http_methods(["GET", "HEAD", "POST"])
def of_record(request: HttpRequest, record_id: int) -> HttpResponse:
    """The same for a sale that was issued elsewhere."""
    member = member_of(request)
    return _begin(request, member, finding.sale_for(member, record_id))


@require_safe
def of_number(request: HttpRequest, issue_id: str) -> HttpResponse:
    """The same by 승인번호, as a buyer's request names it; `?event=` is what they say has happened."""
    member = member_of(request)
    row = finding.by_number(member, issue_id)
    event = request.GET.get("event", "")
    query = f"?event={event}" if event in tree().events else ""
    return redirect(actions.amending_page(member.workspace.slug, row) + query)


@require_safe
@login_required
def here(request: HttpRequest, issue_id: str) -> HttpResponse:
    """The same for whoever reads a buyer's request by mail: in the workspace of theirs that issued the document."""
    event = request.GET.get("event", "")
    for membership in crossing.memberships(cast("int", request.user.pk)):
        with in_workspace(membership.workspace_id):
            is_there = Invoice.objects.filter(issue_id=issue_id, deleted_at=None).exists()
        if is_there:
            address = reverse("amendment_of_number", args=[membership.slug, issue_id])
            return redirect(f"{address}?{urlencode({'event': event})}")
    raise Http404


def _begin(request: HttpRequest, member: Member, row: Invoice | Record) -> HttpResponse:
    member.require(Right.WRITE, row.business_id)
    target = {"invoice": row} if isinstance(row, Invoice) else {"record": row}
    if request.method == "POST":
        now = timezone.now()
        made = services.start(member=member, now=now, **target)
        _choose(request, member, made)
        return _to(member, made.pk)
    # As if it were begun: nothing is kept yet.
    looked_at = Amendment(
        workspace_id=member.workspace.pk,
        business=row.business,
        target=row if isinstance(row, Invoice) else None,
        record=row if isinstance(row, Record) else None,
    )
    step = step_of(looked_at, now=timezone.now())
    own = {"target" if isinstance(row, Invoice) else "record": row}
    begun = finding.amendments_of(member).filter(
        state__in=finding.OPEN, started_by_id=member.user_id, mends=None, beside=None, **own
    )
    event = request.GET.get("event", "")
    more = {
        "begun": begun.first(),
        "preset": event if event in tree().events else "",
        "preset_text": finding.event_text(event),
        "url": request.path,
    }
    return wizard.page_of(request, member, step, more)


@require_http_methods(["GET", "HEAD", "POST"])
def amendment_page(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """The questions, one after the other, and what they come to; a posted form answers one of them."""
    member = member_of(request)
    row = finding.amendment_for(member, amendment_id)
    if row.state == AmendmentState.ISSUED:
        return redirect("amendment_chain", member.workspace.slug, row.chain)
    if row.state == AmendmentState.WITHDRAWN:
        messages.info(request, say("그만둔 수정발행입니다.", "This amendment was given up."))
        return redirect(_target_page(member, row))
    if request.method == "POST":
        return _answered(request, member, row)
    return wizard.shown(request, member, row)


# Answering --------------------------------------------------------------------------------------------------------


def _answered(request: HttpRequest, member: Member, row: Amendment) -> HttpResponse:
    if "event" in request.POST:
        _choose(request, member, row)
        return _to(member, row.pk)
    if "restart" in request.POST:
        services.forget(member=member, amendment_id=row.pk, question=None, now=timezone.now())
        return _to(member, row.pk)
    question = _asked(step_of(row, now=timezone.now()), request.POST.get("question", ""))
    if question is None:
        messages.info(
            request,
            say(
                "다른 답이 바뀌어 지금 묻는 질문이 달라졌습니다.",
                "Another answer changed, so this is not asked now.",
            ),
        )
        return _to(member, row.pk)
    if question.kind == "party" and is_looking_up(request.POST):
        return _looked_up(request, member, row, question)
    try:
        value = _read(request, member, question)
        services.answer(
            member=member, amendment_id=row.pk, question=question.key, value=value, now=timezone.now()
        )
    except (reading.Unreadable, SuggestError) as error:
        wrong = Words(error.text("ko"), error.text("en"))
        tried = wizard.Tried(question.key, posted=request.POST, error=wrong)
        return wizard.shown(request, member, row, {"tried": tried}, status=422)
    return _to(member, row.pk)


def _choose(request: HttpRequest, member: Member, row: Amendment) -> None:
    """What happened, and what a button of a stop has answered beforehand."""
    event = request.POST.get("event", "")
    values = {
        name.removeprefix(_WITH): value for name, value in request.POST.items() if name.startswith(_WITH)
    }
    now = timezone.now()
    if values:
        services.answer_all(member=member, amendment_id=row.pk, event=event, values=values, now=now)
    else:
        services.choose(member=member, amendment_id=row.pk, event=event, now=now)


def _asked(step: Step, key: str) -> Question | None:
    asked = (*step.asked, *([step.question] if step.question else []))
    return next((one for one in asked if one.key == key), None)


def _read(request: HttpRequest, member: Member, question: Question) -> reading.Answer:
    posted: QueryDict = request.POST
    chosen = in_use(posted.get("counterparty", "")) if question.kind == "party" else None
    if chosen is not None and chosen.kind == PartyKind.INDIVIDUAL and not posted.get("personal_number"):
        # A person of the address book: the number is kept there, and goes from there into the answer.
        copy = posted.copy()
        copy["personal_number"] = personal.plain(chosen)
        return reading.read(question, copy)
    return reading.read(question, posted)


def _looked_up(request: HttpRequest, member: Member, row: Amendment, question: Question) -> HttpResponse:
    """The form again with the counterparties that fit, or with one of them filled in; nothing is judged yet."""
    found = look_up(request.POST, workspace_id=member.workspace.pk)
    tried = wizard.Tried(question.key, posted=request.POST, matches=found.matches, used=found.used)
    return wizard.shown(request, member, row, {"tried": tried})


def _to(member: Member, amendment_id: int) -> HttpResponse:
    return redirect(wizard.url_of(member, amendment_id) + "#step")


def _target_page(member: Member, row: Amendment) -> str:
    target = row.target or row.record
    if target is None:
        raise Http404
    return actions.Place(member.workspace.slug, target).document()


# What is done with an amendment -----------------------------------------------------------------------------------


@require_POST
def prepare(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """[서명하고 발행], or [발행 승인 요청] of who may not: the documents are made, and signed on the signing page."""
    member = member_of(request)
    row = finding.amendment_for(member, amendment_id)
    boxes = {str(place): place for place in range(_MOST_BOXES)}
    confirmed = [boxes[one] for one in request.POST.getlist("confirmed") if one in boxes]
    try:
        made = services.prepare(
            member=member,
            amendment_id=row.pk,
            confirmed=confirmed,
            seen=request.POST.get("seen", ""),
            note=request.POST.get("note", "")[:_MOST_NOTE],
            now=timezone.now(),
        )
    except ServiceError as error:
        row = finding.amendment_for(member, amendment_id)
        if row.state == AmendmentState.ISSUED:
            raise
        again = _Refused(error, tuple(confirmed))
        return wizard.shown(request, member, row, {"refusal": again}, status=error.status)
    if made.awaits_approval:
        count = len(made.invoices)
        messages.success(
            request,
            say(
                f"수정세금계산서 {count}건의 발행 승인을 요청했습니다.",
                f"Approval of {count} document(s) is asked for.",
            ),
        )
        return redirect(wizard.url_of(member, row.pk))
    return redirect(wizard.sign_page(member, row, list(made.invoices)))


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why the documents were not made; what was ticked stays ticked."""

    error: DojangError
    confirmed: tuple[int, ...]

    @property
    def text(self) -> str:
        return say_error(self.error)


@require_POST
def reopen(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """[답 고치기]: documents that were not signed are thrown away, the answers stay."""
    member = member_of(request)
    row = finding.amendment_for(member, amendment_id)
    services.reopen(member=member, amendment_id=row.pk, now=timezone.now())
    return _to(member, row.pk)


@require_POST
def withdraw(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """[그만두기]."""
    member = member_of(request)
    row = finding.amendment_for(member, amendment_id)
    services.withdraw(member=member, amendment_id=row.pk, now=timezone.now())
    messages.success(request, say("수정발행을 그만두었습니다.", "The amendment was given up."))
    return redirect(_target_page(member, row))


@require_POST
def reissue(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """[다시 발행]: what was not accepted of documents that were issued together."""
    member = member_of(request)
    row = finding.amendment_for(member, amendment_id)
    made = services.reissue(member=member, amendment_id=row.pk, now=timezone.now())
    return _to(member, made.pk)
