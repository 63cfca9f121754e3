"""신고 완료: whether the return of a report was filed, who said so, and the button that says so."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dojang.etax.facts import ReturnFiled
from dojang.etax.returns import Filing
from dojang.service.reports.choosing import Chosen, choose
from dojang.service.web.say import say
from dojang.service.workspaces.facts import returns_marked
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import WorkspaceEvent
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.services import businesses

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Filed:
    """What the page says of a return that is over.

    Attributes:
        on: the day it was filed; None where nobody told.
        by: who told.
        may_mark: whether this member may tell, or take it back.
        first: the day after the period, the first on which it can be filed.
        last: today.
        proposed: its due date, or today before that.
    """

    on: date | None
    by: str
    may_mark: bool
    first: date
    last: date
    proposed: date


def filed(chosen: Chosen, member: Member) -> Filed | None:
    """What is told of the return chosen; None where it is no VAT return, or its period is not over."""
    filing = chosen.filing
    if not _can_be_filed(filing, chosen.day):
        return None
    day = returns_marked(chosen.business.facts).get(filing.key)
    may_mark = chosen.business.archived_at is None and member.offers(Right.MANAGE, chosen.business.pk)
    return Filed(
        date.fromisoformat(day) if day else None,
        _marked_by(chosen) if day else "",
        may_mark,
        filing.end + _DAY,
        chosen.day,
        min(filing.due, chosen.day),
    )


def _can_be_filed(filing: Filing, day: date) -> bool:
    return not filing.is_yearly_list and filing.end < day


def _marked_by(chosen: Chosen) -> str:
    events = WorkspaceEvent.objects.filter(
        subject=WorkspaceEvent.Subject.BUSINESS, subject_id=chosen.business.pk, action="mark_filed"
    )
    event = events.filter(changes__period__1=chosen.filing.key).select_related("by").order_by("-id").first()
    return str(event.by) if event is not None else ""


@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """[이 기간 신고 완료로 표시], and [신고 완료 표시 취소]."""
    member = member_of(request)
    asked: QueryDict = request.POST
    chosen = choose(asked, member)
    key = asked.get("period", "")
    if chosen is None or chosen.filing.key != key or str(chosen.business.pk) != asked.get("business"):
        raise Http404
    if not _can_be_filed(chosen.filing, chosen.day):
        raise Http404
    business_id, now = chosen.business.pk, timezone.now()
    if "undo" in asked:
        businesses.unmark_filed(member=member, business_id=business_id, period=key, now=now)
        messages.success(request, say("신고 완료 표시를 취소했습니다.", "The mark was taken back."))
    elif (day := _day(asked.get("filed_on", ""), chosen)) is not None:
        told = ReturnFiled(period=key, filed_on=day)
        businesses.mark_filed(member=member, business_id=business_id, filed=told, now=now)
        messages.success(request, say("신고 완료로 표시했습니다.", "The return is marked as filed."))
    else:
        messages.error(request, _refusal(chosen))
    query = QueryDict(mutable=True)
    query.update({"business": str(business_id), "period": key})
    return redirect(f"{reverse('report_vat', args=[member.workspace.slug])}?{query.urlencode()}")


def _day(text: str, chosen: Chosen) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if chosen.filing.end < day <= chosen.day else None


def _refusal(chosen: Chosen) -> str:
    first, last = (chosen.filing.end + _DAY).isoformat(), chosen.day.isoformat()
    return say(
        f"신고일은 {first}부터 {last}까지의 날짜로 적어 주세요.",
        f"The day of filing lies between {first} and {last}.",
    )
