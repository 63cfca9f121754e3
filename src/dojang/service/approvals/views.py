"""`/w/<slug>/approvals/…`: asking, answering, and what has to be asked for."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dojang.service.approvals import policies, selectors, services
from dojang.service.approvals.forms import PolicyForm
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.timing import today
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import offers_somewhere

#: Reasons that are shown for what was refused; the list shows the rest.
_MOST_TOLD = 5


@require_safe
def approval_list(request: HttpRequest) -> HttpResponse:
    """What waits, and what was answered last."""
    member = member_of(request)
    rows = selectors.waiting(member)
    return render(
        request,
        "approvals/list.html",
        {
            "rows": rows,
            "answered": selectors.answered(member),
            "may_answer": any(one.is_mine_to_answer for one in rows),
            "may_write": offers_somewhere(member, Right.WRITE),
            "most": selectors.MOST,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def approval_new(request: HttpRequest) -> HttpResponse:
    """What is to be asked for: `?invoices=1,2`, or what was ticked in the list."""
    member = member_of(request)
    given = (
        request.POST.getlist("invoice")
        if request.method == "POST"
        else request.GET.get("invoices", "").split(",")
    )
    rows = selectors.askable(member, _ids(given), on=today(timezone.now()))
    if not rows:
        messages.info(
            request,
            say(
                "승인을 요청할 임시저장 문서가 없습니다. 이미 요청했거나 발행한 문서일 수 있습니다.",
                "There is no draft to ask for. It may be waiting already, or issued.",
            ),
        )
        return redirect("invoice_list", member.workspace.slug)
    return render(
        request,
        "approvals/new.html",
        {"rows": rows, "whole": sum(one.is_whole for one in rows), "total": _total(rows)},
    )


@require_POST
def approval_ask(request: HttpRequest) -> HttpResponse:
    """[발행 승인 요청]."""
    member = member_of(request)
    ids = _ids(request.POST.getlist("invoice"))
    outcome = services.ask(
        member=member, invoice_ids=ids, note=request.POST.get("note", ""), now=timezone.now()
    )
    count = len(outcome.done)
    _tell(
        request,
        outcome,
        f"{count}건의 발행 승인을 요청했습니다.",
        f"Approval of {count} document(s) was asked for.",
    )
    if len(ids) == 1:
        return redirect("invoice", member.workspace.slug, ids[0])
    return redirect("approval_list", member.workspace.slug)


@require_POST
def approval_answer(request: HttpRequest) -> HttpResponse:
    """[승인] or [반려] of what was ticked, or of one from its page."""
    member = member_of(request)
    pairs = [one.partition(":") for one in request.POST.getlist("seen")]
    seen = [services.Seen(pk, content_hash) for raw, _, content_hash in pairs if (pk := row_id(raw))]
    if not seen:
        messages.warning(request, say("먼저 문서를 선택해 주세요.", "Choose documents first."))
    elif request.POST.get("answer") == "approve":
        outcome = services.approve(member=member, seen=seen, now=timezone.now())
        count = len(outcome.done)
        _tell(
            request,
            outcome,
            f"{count}건을 승인했습니다. 이제 서명해 발행할 수 있습니다.",
            f"{count} approved. They can be signed and issued now.",
        )
    else:
        outcome = services.send_back(
            member=member,
            invoice_ids=[one.invoice_id for one in seen],
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
        count = len(outcome.done)
        _tell(request, outcome, f"{count}건을 반려했습니다.", f"{count} sent back.")
    return _back(request, member, seen)


@require_POST
def approval_take_back(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """[요청 취소]."""
    member = member_of(request)
    row = get_object_or_404(Invoice, pk=invoice_id, deleted_at=None)
    if not member.may(Right.VIEW, row.business_id):
        raise Http404
    outcome = services.take_back(member=member, invoice_ids=[row.pk], now=timezone.now())
    _tell(
        request,
        outcome,
        "승인 요청을 취소했습니다. 다시 고쳐 쓸 수 있습니다.",
        "The request was taken back. It can be changed again.",
    )
    return redirect("invoice", member.workspace.slug, invoice_id)


@require_http_methods(["GET", "HEAD", "POST"])
def approval_policy(request: HttpRequest, business_id: int) -> HttpResponse:
    """What has to be approved in one business."""
    member = member_of(request)
    business = get_object_or_404(Business, pk=business_id)
    member.require(Right.MANAGE, business.pk)
    given = request.POST if request.method == "POST" else None
    form = PolicyForm(policies.policies_of([business.pk]).get(business.pk), given)
    if given is not None and form.save(member, business, timezone.now()):
        messages.success(request, say("발행 승인 설정을 저장했습니다.", "The approval settings were saved."))
        return redirect("business", member.workspace.slug, business.pk)
    return render(request, "approvals/policy.html", {"form": form, "business": business})


def _tell(request: HttpRequest, outcome: services.Outcome, ko: str, en: str) -> None:
    """What was done, and of the rest why not."""
    if outcome.done:
        messages.success(request, say(ko, en))
    names = Invoice.objects.in_bulk([one.invoice_id for one in outcome.refused])
    for one in outcome.refused[:_MOST_TOLD]:
        row = names.get(one.invoice_id)
        is_seen = row is not None and member_of(request).may(Right.VIEW, row.business_id)
        name = row.buyer_name if row is not None and is_seen else str(one.invoice_id)
        messages.warning(request, f"{name or '—'}: {say(one.why.text('ko'), one.why.text('en'))}")
    if len(outcome.refused) > _MOST_TOLD:
        more = len(outcome.refused) - _MOST_TOLD
        messages.warning(
            request, say(f"그 밖에 {more}건은 그대로 두었습니다.", f"{more} more were left as they were.")
        )


def _back(request: HttpRequest, member: Member, seen: Sequence[services.Seen]) -> HttpResponse:
    if request.POST.get("from") == "invoice" and len(seen) == 1:
        return redirect("invoice", member.workspace.slug, seen[0].invoice_id)
    return redirect("approval_list", member.workspace.slug)


def _ids(given: Sequence[str]) -> list[int]:
    ids = [found for one in given if (found := row_id(one))]
    if len(ids) > selectors.MOST * 10:
        raise Http404
    return list(dict.fromkeys(ids))


def _total(rows: Sequence[selectors.Askable]) -> int:
    return sum(one.invoice.total_amount for one in rows)
