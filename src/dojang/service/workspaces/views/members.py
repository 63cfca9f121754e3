"""Members, their roles, and the invitations that are open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dojang.service.web.say import say
from dojang.service.workspaces import selectors
from dojang.service.workspaces.forms import (
    BusinessRolesForm,
    HeirForm,
    InvitationForm,
    RoleForm,
    SuccessorForm,
)
from dojang.service.workspaces.models import Business, Membership
from dojang.service.workspaces.reauthentication import asks_again
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right, Role
from dojang.service.workspaces.services import invitations
from dojang.service.workspaces.services import membership as services
from dojang.service.workspaces.views.acting import press

_FORM = ["GET", "POST"]


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """Who is in the workspace, and who is asked to join."""
    member_of(request).require(Right.VIEW)
    return _member_page(request)


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody to join."""
    member = member_of(request)
    member.require(Right.MANAGE)
    form = _invitation_form(request)
    invitation = form.run(
        lambda: invitations.invite(
            member=member,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            business_id=form.cleaned_data["business"],
            now=timezone.now(),
        )
    )
    if invitation is None:
        return _member_page(request, form)
    messages.success(
        request,
        say(
            f"{invitation.email} 님에게 초대 메일을 보냅니다.",
            f"An invitation goes out to {invitation.email}.",
        ),
    )
    return redirect(_members(request))


@require_POST
def resend(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation's mail again."""
    return press(
        request,
        lambda: invitations.resend(
            member=member_of(request), invitation_id=invitation_id, now=timezone.now()
        ),
        say(
            "초대 메일을 다시 보냅니다. 먼저 보낸 링크는 쓸 수 없습니다.",
            "The mail is sent again; the link before it no longer works.",
        ),
        _members(request),
    )


@require_POST
def revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    return press(
        request,
        lambda: invitations.revoke(
            member=member_of(request), invitation_id=invitation_id, now=timezone.now()
        ),
        say("초대를 취소했습니다.", "The invitation was revoked."),
        _members(request),
    )


@require_http_methods(_FORM)
def member(request: HttpRequest, membership_id: int) -> HttpResponse:
    """One member: the role, the roles in single businesses, taking them out."""
    acting = member_of(request)
    acting.require(Right.MANAGE)
    person = selectors.membership(membership_id)
    form = RoleForm(request.POST or None, initial={"role": person.role})
    if request.method == "POST":
        saved = form.run(
            lambda: services.change_role(
                member=acting,
                membership_id=membership_id,
                role=form.cleaned_data["role"],
                now=timezone.now(),
            )
        )
        if saved is not None:
            return _saved(request, membership_id)
    return _person_page(request, person, form=form)


@require_POST
def business_roles(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Roles in single businesses."""
    acting = member_of(request)
    acting.require(Right.MANAGE)
    person = selectors.membership(membership_id)
    form = _business_roles_form(request, person)
    saved = form.run(
        lambda: services.change_business_roles(
            member=acting, membership_id=membership_id, roles=form.roles(), now=timezone.now()
        )
    )
    return _saved(request, membership_id) if saved else _person_page(request, person, roles=form)


@require_POST
def remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take a member out."""
    acting = member_of(request)
    acting.require(Right.MANAGE)
    person = selectors.membership(membership_id)
    form = _successor_form(request, person)
    done = form.run(
        lambda: (
            services.remove_member(
                member=acting,
                membership_id=membership_id,
                successor_id=form.cleaned_data["successor"],
                now=timezone.now(),
            )
            or True
        )
    )
    if done is None:
        return _person_page(request, person, successor=form)
    messages.success(request, say(f"{person.user} 님을 뺐습니다.", f"{person.user} was removed."))
    return redirect(_members(request))


@require_http_methods(_FORM)
def leave(request: HttpRequest) -> HttpResponse:
    """Go out of the workspace."""
    acting = member_of(request)
    own = selectors.membership(acting.membership_id)
    form = _successor_form(request, own)
    if request.method == "POST":
        done = form.run(
            lambda: (
                services.leave(member=acting, successor_id=form.cleaned_data["successor"], now=timezone.now())
                or True
            )
        )
        if done is not None:
            messages.success(
                request,
                say(
                    f"‘{acting.workspace.name}’에서 나왔습니다.", f"You have left “{acting.workspace.name}”."
                ),
            )
            return redirect("home")
    page = {
        "form": form,
        "is_owner": own.role == Role.OWNER,
        "open_count": services.open_invoices(own.user_id).count(),
    }
    return render(request, "workspaces/leave.html", page)


@require_http_methods(_FORM)
def ownership(request: HttpRequest) -> HttpResponse:
    """Hand the workspace over, after showing again who one is."""
    member_of(request).require(Right.OWN)
    return _ownership(request)


@asks_again
def _ownership(request: HttpRequest) -> HttpResponse:
    acting = member_of(request)
    candidates = [person for person in selectors.members() if person.pk != acting.membership_id]
    form = HeirForm(request.POST or None, candidates=candidates)
    if request.method == "POST":
        done = form.run(
            lambda: (
                services.transfer_ownership(
                    member=acting, membership_id=form.cleaned_data["heir"], now=timezone.now()
                )
                or True
            )
        )
        if done is not None:
            messages.success(
                request,
                say(
                    "소유권을 넘겼습니다. 이제 관리자입니다.",
                    "Ownership was handed over. You are an admin now.",
                ),
            )
            return redirect(_members(request))
    return render(request, "workspaces/ownership.html", {"form": form, "candidates": candidates})


def _member_page(request: HttpRequest, form: InvitationForm | None = None) -> HttpResponse:
    acting = member_of(request)
    may_manage = acting.offers(Right.MANAGE)
    page = {
        "people": selectors.members(),
        "invitations": selectors.open_invitations() if may_manage else [],
        "form": form or (_invitation_form(request) if may_manage else None),
        "may_manage": may_manage,
        "may_own": acting.may(Right.OWN),
        "now": timezone.now(),
    }
    return render(request, "workspaces/member_list.html", page)


def _person_page(
    request: HttpRequest,
    person: Membership,
    *,
    form: RoleForm | None = None,
    roles: BusinessRolesForm | None = None,
    successor: SuccessorForm | None = None,
) -> HttpResponse:
    acting = member_of(request)
    page = {
        "person": person,
        "form": form or RoleForm(initial={"role": person.role}),
        "roles": roles or _business_roles_form(request, person),
        "successor": successor or _successor_form(request, person),
        "open_count": services.open_invoices(person.user_id).count(),
        "may_change": person.role != Role.OWNER and person.pk != acting.membership_id,
        "is_self": person.pk == acting.membership_id,
    }
    return render(request, "workspaces/member.html", page)


def _active_businesses() -> list[Business]:
    return list(Business.objects.filter(archived_at__isnull=True).only("id", "name").order_by("id"))


def _posted_to(request: HttpRequest, url_name: str) -> bool:
    """Several forms stand on a page; only the one that was sent is filled."""
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.url_name == url_name


def _invitation_form(request: HttpRequest) -> InvitationForm:
    data = request.POST if _posted_to(request, "invitation_new") else None
    return InvitationForm(data, businesses=_active_businesses())


def _business_roles_form(request: HttpRequest, person: Membership) -> BusinessRolesForm:
    data = request.POST if _posted_to(request, "member_business_roles") else None
    roles = dict(person.business_roles.values_list("business_id", "role"))
    return BusinessRolesForm(data, businesses=_active_businesses(), roles=roles)


def _successor_form(request: HttpRequest, person: Membership) -> SuccessorForm:
    sent = _posted_to(request, "member_remove") or _posted_to(request, "member_leave")
    return SuccessorForm(
        request.POST if sent else None,
        candidates=selectors.successors(person),
        needed=services.open_invoices(person.user_id).exists(),
    )


def _members(request: HttpRequest) -> str:
    return reverse("member_list", args=[member_of(request).workspace.slug])


def _saved(request: HttpRequest, membership_id: int) -> HttpResponse:
    messages.success(request, say("저장했습니다.", "Saved."))
    return redirect(reverse("member", args=[member_of(request).workspace.slug, membership_id]))
