"""Pages of counterparties: parse, ask one service, render."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dojang.etax.identifiers import is_business_number, normalize
from dojang.service.counterparties import access, personal, selectors, taxstatus
from dojang.service.counterparties.details import Details
from dojang.service.counterparties.errors import (
    ArchivedAlready,
    ChangedMeanwhile,
    DetailsRefused,
    IsArchived,
    NoPersonalNumber,
    ThereAlready,
)
from dojang.service.counterparties.forms import (
    ContactForm,
    CounterpartyForm,
    MemoForm,
    contact_forms,
    fresh_contact_forms,
    initial_contacts,
    initial_of,
    rearranged,
    show_refusal,
    typed_contacts,
)
from dojang.service.counterparties.history import differences
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.services import editing, statuses
from dojang.service.counterparties.taxstatus import TaxStatus, Unavailable
from dojang.service.web.addresses import page_of
from dojang.service.web.say import say, say_error
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right

PAGE_ROWS = 50
_RECENT_INVOICES = 10
_HISTORY_ROWS = 20


@require_GET
def counterparty_list(request: HttpRequest) -> HttpResponse:
    """Counterparties in use or in the archive, searched, sorted, in pages."""
    member = _viewer(request)
    query = request.GET.get("q", "")
    archived = request.GET.get("tab") == "archived"
    sort = request.GET.get("sort", "name")
    rows = selectors.listed(workspace_id=member.workspace.pk, query=query, archived=archived, sort=sort)
    used, put_away = selectors.counts()
    return render(
        request,
        "counterparties/list.html",
        {
            "page": Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page")),
            "query": query,
            "archived": archived,
            "sort": sort,
            "used": used,
            "put_away": put_away,
            "may_write": access.offers(member, Right.WRITE),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def counterparty_add(request: HttpRequest) -> HttpResponse:
    """The form of a new counterparty."""
    member = _writer(request)
    if request.method != "POST":
        form = CounterpartyForm(initial={"name": request.GET.get("name", ""), "kind": "business"})
        return _form_page(request, form, fresh_contact_forms(()))
    form, rows = CounterpartyForm(request.POST), contact_forms(request.POST)
    if (moved := rearranged(request.POST)) is not None:
        return _form_page(request, _as_typed(form), moved)
    if not _valid(form, rows):
        return _form_page(request, form, rows, status=422)
    details = form.details(typed_contacts(rows))
    status = _ask_before_adding(request, details)
    try:
        added = editing.add(member=member, details=details, now=timezone.now(), status=status)
    except DetailsRefused as refusal:
        show_refusal(refusal, form, rows)
        return _form_page(request, form, rows, status=422)
    except ThereAlready as refusal:
        return _there_already(request, refusal, form, rows)
    messages.success(request, say(f"{added.name}을(를) 등록했습니다.", f"{added.name} was added."))
    return _to(member, added.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def counterparty_edit(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """The form of an existing counterparty; the second of two editors sees what the first one saved."""
    member = _writer(request)
    counterparty = _found(counterparty_id)
    if counterparty.archived_at is not None:
        raise IsArchived
    if request.method != "POST":
        saved = Details.of(counterparty)
        form = CounterpartyForm(initial=initial_of(saved, counterparty.version))
        return _form_page(
            request, form, fresh_contact_forms(initial_contacts(saved)), counterparty=counterparty
        )
    form, rows = CounterpartyForm(request.POST), contact_forms(request.POST)
    if (moved := rearranged(request.POST)) is not None:
        return _form_page(request, _as_typed(form), moved, counterparty=counterparty)
    if not _valid(form, rows):
        return _form_page(request, form, rows, counterparty=counterparty, status=422)
    return _save(request, member, counterparty, form, rows)


@require_GET
def counterparty_page(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """One counterparty: what is known, its contacts, invoices, likely duplicates and history."""
    _viewer(request)
    return _page(request, _found(counterparty_id))


@require_POST
def counterparty_reveal(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """The same page with the number of the person unmasked, once."""
    member = _writer(request)
    counterparty = _found(counterparty_id)
    number = editing.reveal(member=member, counterparty_id=counterparty_id, now=timezone.now())
    if not number:
        raise NoPersonalNumber
    return _page(request, counterparty, revealed=personal.hyphenated(counterparty, number))


@require_POST
def counterparty_memo(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """Save the memo alone."""
    member = _writer(request)
    counterparty = _found(counterparty_id)
    form = MemoForm(request.POST)
    if not form.is_valid():
        return _page(request, counterparty, memo_form=form, status=422)
    try:
        editing.write_memo(
            member=member,
            counterparty_id=counterparty_id,
            version=form.cleaned_data["version"],
            memo=form.cleaned_data["memo"],
            now=timezone.now(),
        )
    except DetailsRefused as refusal:
        form.add_error("memo", " ".join(say(problem.ko, problem.en) for problem in refusal.problems))
        return _page(request, counterparty, memo_form=form, status=422)
    except ChangedMeanwhile as refusal:
        now = _found(counterparty_id)
        typed = MemoForm(initial={"memo": form.cleaned_data["memo"], "version": now.version})
        messages.warning(request, say_error(refusal))
        return _page(request, now, memo_form=typed, status=refusal.status)
    messages.success(request, say("메모를 저장했습니다.", "The memo was saved."))
    return _to(member, counterparty_id)


@require_POST
def counterparty_archive(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """Into the archive."""
    member = _writer(request)
    _found(counterparty_id)
    editing.archive(member=member, counterparty_id=counterparty_id, now=timezone.now())
    messages.success(
        request,
        say(
            "보관했습니다. 새 세금계산서에서 고를 수 없습니다.",
            "Archived: it is not offered for new invoices.",
        ),
    )
    return _to(member, counterparty_id)


@require_POST
def counterparty_unarchive(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """Out of the archive."""
    member = _writer(request)
    _found(counterparty_id)
    editing.unarchive(member=member, counterparty_id=counterparty_id, now=timezone.now())
    messages.success(request, say("보관을 해제했습니다.", "It is out of the archive."))
    return _to(member, counterparty_id)


@require_POST
def counterparty_check(request: HttpRequest, counterparty_id: int) -> HttpResponse:
    """Ask the tax office for its status now."""
    member = _writer(request)
    _found(counterparty_id)
    answer = statuses.check(
        member=member,
        counterparty_id=counterparty_id,
        service=taxstatus.configured(),
        now=timezone.now(),
    )
    _tell(request, answer)
    return _to(member, counterparty_id)


def _save(
    request: HttpRequest,
    member: Member,
    counterparty: Counterparty,
    form: CounterpartyForm,
    rows: list[ContactForm],
) -> HttpResponse:
    details = form.details(typed_contacts(rows))
    try:
        editing.edit(
            member=member,
            counterparty_id=counterparty.pk,
            version=form.cleaned_data["version"] or 0,
            details=details,
            now=timezone.now(),
        )
    except DetailsRefused as refusal:
        show_refusal(refusal, form, rows)
        return _form_page(request, form, rows, counterparty=counterparty, status=422)
    except ThereAlready as refusal:
        return _there_already(request, refusal, form, rows, counterparty=counterparty)
    except ChangedMeanwhile as refusal:
        return _conflict(request, refusal, form, rows, details, counterparty.pk)
    messages.success(request, say("저장했습니다.", "Saved."))
    return _to(member, counterparty.pk)


def _page(
    request: HttpRequest,
    counterparty: Counterparty,
    *,
    revealed: str = "",
    memo_form: MemoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    member = member_of(request)
    history = Paginator(selectors.changes_of(counterparty), _HISTORY_ROWS)
    new_invoice = page_of("invoice_new", member.workspace.slug)
    return render(
        request,
        "counterparties/page.html",
        {
            "counterparty": counterparty,
            "contacts": list(counterparty.contacts.all()),
            "masked": personal.masked(counterparty),
            "revealed": revealed,
            "memo_form": memo_form
            or MemoForm(initial={"memo": counterparty.memo, "version": counterparty.version}),
            "duplicates": selectors.possible_duplicates(counterparty)
            if counterparty.archived_at is None
            else [],
            "invoices": selectors.invoices_of(counterparty, member=member)[:_RECENT_INVOICES],
            "sales": selectors.sales_to(counterparty, member=member),
            "history": history.get_page(request.GET.get("page")),
            "may_write": access.offers(member, Right.WRITE),
            "new_invoice": f"{new_invoice}?counterparty={counterparty.pk}" if new_invoice else "",
        },
        status=status,
    )


def _form_page(
    request: HttpRequest,
    form: CounterpartyForm,
    rows: list[ContactForm],
    *,
    counterparty: Counterparty | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    # Only for its label: whether it is missing was judged by the kind.
    form.fields["number"].required = True
    context = {
        "form": form,
        "rows": rows or fresh_contact_forms(()),
        "counterparty": counterparty,
        "has_personal_number": counterparty is not None and counterparty.personal_number is not None,
        **more,
    }
    return render(request, "counterparties/form.html", context, status=status)


def _as_typed(form: CounterpartyForm) -> CounterpartyForm:
    """The same values without a judgement: someone is still typing."""
    return CounterpartyForm(initial={name: form[name].value() for name in form.fields})


def _valid(form: CounterpartyForm, rows: list[ContactForm]) -> bool:
    return all([form.is_valid(), *(row.is_valid() for row in rows)])


def _there_already(
    request: HttpRequest,
    refusal: ThereAlready,
    form: CounterpartyForm,
    rows: list[ContactForm],
    *,
    counterparty: Counterparty | None = None,
) -> HttpResponse:
    twin = _found(refusal.counterparty_id)
    return _form_page(
        request,
        form,
        rows,
        counterparty=counterparty,
        status=refusal.status,
        twin=twin,
        twin_text=say_error(refusal),
        twin_is_archived=isinstance(refusal, ArchivedAlready),
    )


def _conflict(
    request: HttpRequest,
    refusal: ChangedMeanwhile,
    form: CounterpartyForm,
    rows: list[ContactForm],
    typed: Details,
    counterparty_id: int,
) -> HttpResponse:
    """What stands there now beside what was typed. Saving again is then a decision."""
    current = _found(counterparty_id)
    again = _as_typed(form)
    again.initial["version"] = current.version
    return _form_page(
        request,
        again,
        rows,
        counterparty=current,
        status=refusal.status,
        conflict=say_error(refusal),
        conflicts=differences(Details.of(current), typed.cleaned()),
        last_change=selectors.changes_of(current).first(),
    )


def _ask_before_adding(request: HttpRequest, details: Details) -> TaxStatus | None:
    """The status of a new number. Whatever the other office does, the counterparty is saved."""
    number = normalize(details.number)
    if not is_business_number(number) or details.kind != "business":
        return None
    if Counterparty.objects.filter(number=number, merged_into=None).exists():
        return None
    answer = taxstatus.configured().ask([number])
    status = answer if isinstance(answer, Unavailable) else answer.get(number)
    if isinstance(status, TaxStatus):
        return status
    _tell(request, status)
    return None


def _tell(request: HttpRequest, answer: TaxStatus | Unavailable | None) -> None:
    """That it was asked; what the answer means for invoices stands on the page itself."""
    if isinstance(answer, Unavailable):
        messages.warning(request, say(answer.ko, answer.en))
    elif answer is None:
        messages.warning(
            request,
            say(
                "국세청이 이 번호의 상태를 알려 주지 않았습니다.",
                "The tax office says nothing of this number.",
            ),
        )
    else:
        messages.success(request, say("휴폐업 상태를 확인했습니다.", "The tax status was checked."))


def _found(counterparty_id: int) -> Counterparty:
    counterparty = Counterparty.objects.filter(pk=counterparty_id).first()
    if counterparty is None:
        raise Http404
    return counterparty


def _to(member: Member, counterparty_id: int) -> HttpResponse:
    return redirect("counterparty", member.workspace.slug, counterparty_id)


def _viewer(request: HttpRequest) -> Member:
    member = member_of(request)
    access.require(member, Right.VIEW)
    return member


def _writer(request: HttpRequest) -> Member:
    member = member_of(request)
    access.require(member, Right.WRITE)
    return member
