"""`/w/<slug>/reverse/…`: what we ask of suppliers: the list, one request, and what is done with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dojang.etax.findings import errors
from dojang.render import Copy
from dojang.service.invoices import timing
from dojang.service.invoices.errors import NotFinished
from dojang.service.links.events import told
from dojang.service.links.forms import SendAgainForm
from dojang.service.links.listing import listed
from dojang.service.notices.errors import InboxFull
from dojang.service.reverse import requesting, selectors, writing
from dojang.service.reverse.errors import AnswerDayOver, NoSupplierMail
from dojang.service.reverse.models import ReverseRequest, State
from dojang.service.reverse.seen import legal_form
from dojang.service.reverse.words import WORDS
from dojang.service.web.language import language_of
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say, say_error
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import offers_somewhere


@require_safe
def reverse_list(request: HttpRequest) -> HttpResponse:
    """역발행 요청: what we asked for and how it stands."""
    member = member_of(request)
    context = {
        **listed(request, selectors.requests(member), selectors.TABS),
        "may_write": offers_somewhere(member, Right.WRITE),
        "today": timing.today(timezone.now()),
    }
    return render(request, "reverse/list.html", context)


@require_safe
def reverse_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: what is asked, its time line, and what can be done now."""
    row = selectors.request_for(member_of(request), request_id)
    return _page(request, row)


@require_POST
def ask(request: HttpRequest, request_id: int) -> HttpResponse:
    """[역발행 요청]: off to the supplier."""
    member = member_of(request)
    version = row_id(request.POST.get("version", ""))
    try:
        row = requesting.request(member=member, request_id=request_id, version=version, now=timezone.now())
    except (NotFinished, NoSupplierMail, AnswerDayOver, InboxFull) as error:
        row = selectors.request_for(member, request_id)
        return _page(request, row, problem=say_error(error), status=error.status)
    messages.success(
        request,
        say(
            f"{row.supplier_email}(으)로 역발행 요청을 보냅니다.",
            f"The request goes to {row.supplier_email}.",
        ),
    )
    return redirect("reverse_request", member.workspace.slug, row.pk)


@require_POST
def again(request: HttpRequest, request_id: int) -> HttpResponse:
    """[다시 보내기]."""
    member = member_of(request)
    form = SendAgainForm(request.POST)
    if not form.is_valid():
        return _page(request, selectors.request_for(member, request_id), again=form, status=422)
    row = requesting.send_again(
        member=member, request_id=request_id, to=form.cleaned_data["to"], now=timezone.now()
    )
    messages.success(
        request, say(f"{row.supplier_email}(으)로 다시 보냅니다.", f"It goes to {row.supplier_email} again.")
    )
    return redirect("reverse_request", member.workspace.slug, row.pk)


@require_POST
def withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """[요청취소]."""
    member = member_of(request)
    requesting.withdraw(member=member, request_id=request_id, now=timezone.now())
    messages.success(
        request,
        say(
            "요청을 취소했습니다. 공급자는 이제 서명할 수 없습니다.",
            "It was withdrawn and cannot be signed any more.",
        ),
    )
    return redirect("reverse_request", member.workspace.slug, request_id)


@require_POST
def copy(request: HttpRequest, request_id: int) -> HttpResponse:
    """[고쳐서 다시 요청]: a draft of the same content."""
    member = member_of(request)
    source = selectors.request_for(member, request_id)
    made = writing.copy(member=member, source=source, now=timezone.now())
    return redirect("reverse_edit", member.workspace.slug, made.pk)


@require_POST
def delete(request: HttpRequest, request_id: int) -> HttpResponse:
    """Throw a draft away."""
    member = member_of(request)
    version = row_id(request.POST.get("version", ""))
    writing.delete(member=member, request_id=request_id, version=version, now=timezone.now())
    messages.success(request, say("임시저장한 요청을 지웠습니다.", "The draft was deleted."))
    return redirect("reverse_list", member.workspace.slug)


def _page(
    request: HttpRequest,
    row: ReverseRequest,
    *,
    problem: str = "",
    again: SendAgainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    member = member_of(request)
    today = timing.today(timezone.now())
    is_draft = row.state == State.DRAFT
    found = writing.findings_of(row, today=today) if is_draft else ()
    context = {
        "row": row,
        "form": legal_form(row, copy=Copy.BUYER, language=language_of(request)),
        "history": told(row, words=WORDS, asked=row.supplier_name),
        "findings": found,
        "has_errors": bool(errors(found)),
        "purchase": selectors.purchase_of(row),
        "mail": selectors.last_mail(row),
        "copies": ReverseRequest.objects.filter(copied_from=row, deleted_at=None).order_by("pk"),
        "is_draft": is_draft,
        "is_open": row.state == State.REQUESTED,
        "is_again": row.state in selectors.ENDED,
        "may_write": member.offers(Right.WRITE, row.business_id),
        "again": again or SendAgainForm(initial={"to": row.supplier_email}),
        "days_left": (row.issue_by - today).days if row.issue_by else None,
        "problem": problem,
    }
    return render(request, "reverse/request.html", context, status=status)
