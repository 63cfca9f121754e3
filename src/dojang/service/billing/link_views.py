"""`/i/<token>/…`: where a customer fills in its billing data, for whoever has the link; no account is needed.

Looking changes nothing: mail scanners look too.
"""

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dojang.etax.identifiers import is_business_number, normalize
from dojang.service.billing import answers, asking, guests, terms
from dojang.service.billing.forms import AnswerForm
from dojang.service.billing.models import BillingRequest, State
from dojang.service.counterparties.errors import DetailsRefused
from dojang.service.counterparties.forms import ContactForm, typed_contacts
from dojang.service.counterparties.models import Kind
from dojang.service.counterparties.problems import Problem
from dojang.service.counterparties.taxstatus import TaxStatus, Unavailable
from dojang.service.counterparties.telling import told
from dojang.service.links.pages import address_of, behind_link, step_behind_link
from dojang.service.links.terms import last_day
from dojang.service.web.limits import TooOften, limit
from dojang.service.web.say import say

#: A person fills it in once or twice; a page that asks again and again is none.
_STEPS: Final = "30/m/ip"
#: The tax office is asked for the numbers of one customer, not for a register of all.
_CHECKS: Final = "10/m/ip,30/h/key"
_ANSWERS: Final = "20/h/key"

_step = step_behind_link("billing_step", _STEPS)


@require_safe
@behind_link
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks, until when, and the form; once it is over, how it ended."""
    now = timezone.now()
    with guests.inside(token, now) as row:
        form, rows = _filled(row)
        return _page(request, token, row, form, rows)


@require_POST
@_step
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The page says that somebody sees it."""
    guests.opened(token, address=address_of(request), now=timezone.now())
    return HttpResponse(status=204)


@require_POST
@_step
def check(request: HttpRequest, token: str) -> HttpResponse:
    """What the tax office says of a number, while it is typed."""
    now = timezone.now()
    with guests.inside(token, now) as row:
        key, is_open = str(row.pk), guests.is_open(row, now)
    number = normalize(request.POST.get("number", "")[:40])
    if not is_open or not is_business_number(number):
        return JsonResponse({"state": "", "ko": "", "en": ""})
    limit(request, "billing_check", _CHECKS, key=key)
    return JsonResponse(told(guests.ask_about(number)).to_data())


@require_POST
@_step
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """[보내기], or [번호 확인] where no script does it while one types."""
    now = timezone.now()
    with guests.inside(token, now) as row:
        form = AnswerForm(request.POST, row=row)
        rows = [ContactForm(request.POST, prefix=f"contact-{place}") for place in range(answers.CONTACTS)]
        is_valid = all([form.is_valid(), *(one.is_valid() for one in rows)])
        key, is_open = str(row.pk), guests.is_open(row, now)
        if is_open and not is_valid and "check" not in request.POST:
            return _page(request, token, row, form, rows, status=422)
    if not is_open:
        return redirect("billing_link", token)
    asked = _asked(request, key, form)
    if "check" in request.POST:
        with guests.inside(token, now) as row:
            form, rows = _as_typed(request, row)
            return _page(request, token, row, form, rows, number_told=asked)
    limit(request, "billing_answer", _ANSWERS, key=key)
    try:
        guests.answer(
            token,
            details=form.details(typed_contacts(rows)),
            status=asked if isinstance(asked, TaxStatus) else None,
            address=address_of(request),
            now=now,
        )
    except DetailsRefused as refusal:
        _show(refusal.problems, form, rows)
        with guests.inside(token, now) as row:
            return _page(request, token, row, form, rows, status=422)
    return redirect("billing_link", token)


def _asked(request: HttpRequest, key: str, form: AnswerForm) -> TaxStatus | Unavailable | None:
    """What the tax office says; an answer does not fail because it was asked too often."""
    if request.POST.get("kind") != Kind.BUSINESS:
        return None
    try:
        limit(request, "billing_check", _CHECKS, key=key)
    except TooOften:
        return Unavailable.TOO_MANY
    return guests.ask_about(str(form["number"].value() or ""))


def _filled(row: BillingRequest) -> tuple[AnswerForm, list[ContactForm]]:
    """The form as it was filled in before; never with the number of a person."""
    initial = {name: row.answer.get(name, "") for name in answers.FIELDS} if row.answer else {}
    contacts = row.answer.get("contacts", []) if row.answer else []
    rows = [
        ContactForm(initial=contacts[place] if place < len(contacts) else {}, prefix=f"contact-{place}")
        for place in range(answers.CONTACTS)
    ]
    return AnswerForm(initial=initial, row=row), rows


def _as_typed(request: HttpRequest, row: BillingRequest) -> tuple[AnswerForm, list[ContactForm]]:
    """The same values without a judgement; what is never shown again has to be typed again."""
    form = AnswerForm(request.POST, row=row)
    rows = [ContactForm(request.POST, prefix=f"contact-{place}") for place in range(answers.CONTACTS)]
    typed = {name: form[name].value() for name in form.fields if name != "personal_number"}
    return AnswerForm(initial=typed, row=row), [
        ContactForm(initial={name: one[name].value() for name in one.fields}, prefix=one.prefix)
        for one in rows
    ]


def _show(problems: Sequence[Problem], form: AnswerForm, rows: Sequence[ContactForm]) -> None:
    """Put each problem beside its field. Empty rows were not counted when the problems were named."""
    filled = [row for row in rows if any(row.cleaned_data.values())] or [rows[0]]
    for problem in problems:
        text = say(problem.ko, problem.en)
        parts = problem.field.split(".")
        if parts[0] != "contacts":
            form.add_error(problem.field if problem.field in form.fields else None, text)
        elif len(parts) == 1:
            filled[0].add_error("email", text)
        else:
            filled[int(parts[1])].add_error(parts[2], text)


def _page(
    request: HttpRequest,
    token: str,
    row: BillingRequest,
    form: AnswerForm,
    rows: Sequence[ContactForm],
    *,
    number_told: TaxStatus | Unavailable | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    # Only for their labels: what is missing was judged by the kind.
    needed = ["number", "representative", *([] if row.personal_number is not None else ["personal_number"])]
    for name in (one for one in needed if one in form.fields):
        form.fields[name].required = True
    rows[0].fields["email"].required = True
    context = {
        "token": token,
        "row": row,
        "state": guests.standing(row, now).value,
        "is_open": guests.is_open(row, now),
        "is_answered": row.state == State.ANSWERED,
        "last_day": last_day(row.expires_at),
        "kept_until": answers.kept_until(row),
        "kept_days": terms.ANSWER_KEPT.days,
        "is_erased": asking.was_erased(row),
        "form": form,
        "rows": rows,
        "has_number": row.personal_number is not None,
        "number_told": told(number_told) if number_told is not None else _kept(row, form),
    }
    return render(request, "billing/link.html", context, status=status)


def _kept(row: BillingRequest, form: AnswerForm) -> object:
    """What was said of the number when it was sent, as long as it stands there."""
    said = answers.status_of(row)
    return told(said[0]) if said and not form.is_bound else None
