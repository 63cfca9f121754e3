"""The list of registered certificates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dojang.service.certificates import selectors, services
from dojang.service.certificates.models import Certificate, Verdict
from dojang.service.web.say import say
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Each business with its certificates: whose, until when, revoked or not."""
    member = member_of(request)
    context = {
        "businesses": selectors.registered(member),
        "now": timezone.now(),
        "may_manage": member.offers(Right.MANAGE),
        "words": {
            Verdict.PENDING.value: say("확인 중", "being checked"),
            Verdict.MATCHES.value: say("본인 확인됨", "confirmed"),
            Verdict.MISMATCH.value: say("다른 사업자의 인증서", "somebody else's"),
            Verdict.REFUSED.value: say("확인하지 못함", "could not be confirmed"),
        },
    }
    return render(request, "certificates/list.html", context)


@require_POST
def remove(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Use a certificate no more."""
    member = member_of(request)
    row = get_object_or_404(Certificate, pk=certificate_id, removed_at=None)
    services.remove(member=member, certificate=row, now=timezone.now())
    messages.success(
        request,
        say(
            "인증서 등록을 해제했습니다. 이미 발행한 세금계산서는 그대로 유효합니다.",
            "The certificate is no longer registered. What it issued stays valid.",
        ),
    )
    return redirect("certificate_list", member.workspace.slug)
