"""`/w/<slug>/billing/…`: the list, one request with what came back, and what is done with it."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dojang.service.billing import answers, asking, confirming, selectors, terms
from dojang.service.billing.errors import (
    AnswerChanged,
    AnswerDayOver,
    ChooseWhere,
    NoMail,
    NoName,
    NoReason,
    TooManyMails,
)
from dojang.service.billing.forms import AskForm, SendBackForm
from dojang.service.billing.models import BillingRequest, State
from dojang.service.billing.words import WORDS
from dojang.service.counterparties.errors import (
    ChangedMeanwhile,
    DetailsRefused,
    IsArchived,
    ThereAlready,
)
from dojang.service.counterparties.looking_up import in_use
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.telling import told
from dojang.service.errors import ServiceError
from dojang.service.invoices import timing
from dojang.service.links import events
from dojang.service.links.forms import SendAgainForm
from dojang.service.links.listing import listed
from dojang.service.notices.errors import InboxFull, MailsOfTheDay
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say, say_error
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import offers_somewhere, writable_businesses

#: Where each refusal of a request is shown in its form.
_FIELDS: Mapping[type[ServiceError], str] = {
    NoName: "name",
    NoMail: "email",
    TooManyMails: "email",
    InboxFull: "email",
    AnswerDayOver: "last_day",
}
_REFUSALS = (NoName, NoMail, TooManyMails, AnswerDayOver, MailsOfTheDay, InboxFull)


@require_safe
def billing_list(request: HttpRequest) -> HttpResponse:
    """발행정보 요청: whom we asked and how it stands."""
    member = member_of(request)
    context = {
        **listed(request, selectors.requests(member), selectors.TABS),
        "may_write": offers_somewhere(member, Right.WRITE),
    }
    return render(request, "billing/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def billing_new(request: HttpRequest) -> HttpResponse:
    """Whom to ask: a counterparty (`?counterparty=`), or a name and an address."""
    member = member_of(request)
    businesses = writable_businesses(member)
    if not businesses:
        member.require(Right.WRITE)
    now = timezone.now()
    if request.method != "POST":
        initial = _initial(in_use(request.GET.get("counterparty", "")))
        initial["last_day"] = timing.today(now) + terms.USUALLY
        form = AskForm(initial=initial, businesses=businesses)
        return render(request, "billing/new.html", {"form": form})
    form = AskForm(request.POST, businesses=businesses)
    if form.is_valid():
        values = form.cleaned_data
        business = next(one for one in businesses if str(one.pk) == values.pop("business"))
        try:
            row = asking.ask(member=member, wanted=asking.Wanted(business, **values), now=now)
        except _REFUSALS as error:
            form.say(error, _FIELDS.get(type(error)))
        else:
            messages.success(
                request, say(f"{row.email}(으)로 요청을 보냅니다.", f"The request goes to {row.email}.")
            )
            return _to(member, row.pk)
    return render(request, "billing/new.html", {"form": form}, status=422)


@require_safe
def billing_request(request: HttpRequest, billing_id: int) -> HttpResponse:
    """One request: how it stands and, once there is an answer, what it would change."""
    return _page(request, selectors.request_for(member_of(request), billing_id))


@require_POST
def confirm(request: HttpRequest, billing_id: int) -> HttpResponse:
    """[거래처에 반영]."""
    member = member_of(request)
    target, _, target_version = request.POST.get("target", "").partition(":")
    try:
        made = confirming.confirm(
            member=member,
            request_id=billing_id,
            version=row_id(request.POST.get("version", "")) or 0,
            target=target,
            target_version=row_id(target_version) or 0,
            now=timezone.now(),
        )
    except (AnswerChanged, ChooseWhere, ChangedMeanwhile, DetailsRefused, IsArchived, ThereAlready) as error:
        row = selectors.request_for(member, billing_id)
        return _page(request, row, problem=say_error(error), status=error.status)
    messages.success(
        request, say(f"{made.name} 거래처에 반영했습니다.", f"It was taken over into {made.name}.")
    )
    return redirect("counterparty", member.workspace.slug, made.pk)


@require_POST
def send_back(request: HttpRequest, billing_id: int) -> HttpResponse:
    """[돌려보내기]."""
    member = member_of(request)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _page(request, selectors.request_for(member, billing_id), back=form, status=422)
    try:
        row = asking.send_back(member=member, request_id=billing_id, now=timezone.now(), **form.cleaned_data)
    except (NoReason, TooManyMails, MailsOfTheDay, InboxFull, AnswerChanged) as error:
        form.say(error)
        return _page(request, selectors.request_for(member, billing_id), back=form, status=error.status)
    messages.success(
        request,
        say(
            f"{row.email}(으)로 돌려보냈습니다. 같은 링크에서 고칠 수 있습니다.",
            f"It was sent back to {row.email}, to be mended by the same link.",
        ),
    )
    return _to(member, billing_id)


@require_POST
def again(request: HttpRequest, billing_id: int) -> HttpResponse:
    """[다시 보내기]."""
    member = member_of(request)
    form = SendAgainForm(request.POST)
    if not form.is_valid():
        return _page(request, selectors.request_for(member, billing_id), again=form, status=422)
    row = asking.send_again(
        member=member, request_id=billing_id, to=form.cleaned_data["to"], now=timezone.now()
    )
    messages.success(request, say(f"{row.email}(으)로 다시 보냅니다.", f"It goes to {row.email} again."))
    return _to(member, billing_id)


@require_POST
def withdraw(request: HttpRequest, billing_id: int) -> HttpResponse:
    """[요청 취소]."""
    member = member_of(request)
    asking.withdraw(member=member, request_id=billing_id, now=timezone.now())
    messages.success(
        request,
        say(
            "요청을 취소했습니다. 작성된 내용은 지웠습니다.", "It was withdrawn; what was filled in is gone."
        ),
    )
    return _to(member, billing_id)


def _page(
    request: HttpRequest,
    row: BillingRequest,
    *,
    problem: str = "",
    back: SendBackForm | None = None,
    again: SendAgainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    member = member_of(request)
    is_answered = row.state == State.ANSWERED
    said = answers.status_of(row) if is_answered else None
    context = {
        "row": row,
        "history": events.told(row, words=WORDS, asked=row.name),
        "targets": [(one, answers.comparison(one.counterparty, row)) for one in confirming.targets(row)]
        if is_answered
        else [],
        "said": told(said[0]) if said else None,
        "said_at": said[1] if said else None,
        "is_answered": is_answered,
        "is_asked": row.state == State.ASKED,
        "kept_until": answers.kept_until(row),
        "is_erased": asking.was_erased(row),
        "may_write": member.offers(Right.WRITE, row.business_id),
        "back": back or SendBackForm(initial={"version": row.version}),
        "again": again or SendAgainForm(initial={"to": row.email}),
        "problem": problem,
    }
    return render(request, "billing/request.html", context, status=status)


def _initial(found: Counterparty | None) -> dict[str, object]:
    """What is known of the counterparty that the address names."""
    if found is None:
        return {}
    email = next((one.email for one in found.contacts.all() if one.email), "")
    return {"counterparty": found.pk, "name": found.name, "email": email}


def _to(member: Member, billing_id: int) -> HttpResponse:
    return redirect("billing_request", member.workspace.slug, billing_id)
