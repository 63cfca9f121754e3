"""Businesses, their branches, seal and tax facts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dojang.service.web.addresses import page_of
from dojang.service.web.say import say
from dojang.service.web.templatetags.dojang import business_number
from dojang.service.workspaces import facts, seal_image, selectors
from dojang.service.workspaces.details import BusinessDetails
from dojang.service.workspaces.forms import BranchForm, BusinessForm, DefaultsForm, FactsForm, SealForm
from dojang.service.workspaces.models import Branch, Business
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.services import businesses as services
from dojang.service.workspaces.views.acting import press

_FORM = ["GET", "POST"]


@require_safe
def business_list(request: HttpRequest) -> HttpResponse:
    """The businesses a member may see."""
    member = member_of(request)
    page = {
        "businesses": selectors.visible_businesses(member),
        "may_add": member.may(Right.MANAGE),
    }
    return render(request, "workspaces/business_list.html", page)


@require_http_methods(_FORM)
def new_business(request: HttpRequest) -> HttpResponse:
    """One more business."""
    member = member_of(request)
    member.require(Right.MANAGE)
    form = BusinessForm(request.POST or None)
    if request.method == "POST":
        business = form.run(
            lambda: services.add_business(
                member=member, details=BusinessDetails.of(form.cleaned_data), now=timezone.now()
            )
        )
        if business is not None:
            messages.success(request, say("사업장을 추가했습니다.", "The business was added."))
            return redirect(_page(request, business.pk))
    return render(request, "workspaces/business_new.html", {"form": form})


@require_http_methods(_FORM)
def business(request: HttpRequest, business_id: int) -> HttpResponse:
    """All of one business; posting changes its details."""
    member = member_of(request)
    found = selectors.business_for(member, business_id)
    form = BusinessForm(request.POST or None, initial=vars_of(found))
    if request.method == "POST":
        saved = form.run(
            lambda: services.edit_business(
                member=member,
                business_id=business_id,
                details=BusinessDetails.of(form.cleaned_data),
                now=timezone.now(),
            )
        )
        if saved is not None:
            return _saved(request, business_id)
    return _business_page(request, found, form=form)


@require_POST
def save_defaults(request: HttpRequest, business_id: int) -> HttpResponse:
    """What a new document begins with."""
    member = member_of(request)
    found = selectors.business_for(member, business_id, Right.MANAGE)
    form = DefaultsForm(request.POST)
    saved = form.run(
        lambda: services.set_defaults(
            member=member,
            business_id=business_id,
            purpose=form.cleaned_data["purpose"],
            rounding=form.cleaned_data["rounding"],
            now=timezone.now(),
        )
    )
    return _saved(request, business_id) if saved else _business_page(request, found, defaults=form)


@require_http_methods(_FORM)
def business_facts(request: HttpRequest, business_id: int) -> HttpResponse:
    """What deadlines, penalties and returns are computed from."""
    member = member_of(request)
    found = selectors.business_for(member, business_id, Right.MANAGE)
    form = FactsForm(request.POST or None, initial=facts.shown(found.facts))
    if request.method == "POST":
        saved = form.run(
            lambda: services.set_facts(
                member=member,
                business_id=business_id,
                facts=facts.told(form.cleaned_data),
                now=timezone.now(),
            )
        )
        if saved is not None:
            return _saved(request, business_id)
    return render(request, "workspaces/business_facts.html", {"form": form, "business": found})


@require_safe
def seal(request: HttpRequest, business_id: int) -> HttpResponse:
    """The picture of the seal."""
    found = selectors.business_for(member_of(request), business_id)
    if found.seal_image is None:
        raise Http404
    return HttpResponse(bytes(found.seal_image), content_type=found.seal_image_type)


@require_POST
def upload_seal(request: HttpRequest, business_id: int) -> HttpResponse:
    """Another picture of the seal."""
    member = member_of(request)
    found = selectors.business_for(member, business_id, Right.MANAGE)
    form = SealForm(request.POST, request.FILES)
    saved = form.run(
        lambda: services.set_seal(
            member=member,
            business_id=business_id,
            # One octet more than is allowed is enough to refuse it.
            image=form.cleaned_data["image"].read(seal_image.MOST_BYTES + 1),
            now=timezone.now(),
        )
    )
    return _saved(request, business_id) if saved else _business_page(request, found, seal_form=form)


@require_POST
def remove_seal(request: HttpRequest, business_id: int) -> HttpResponse:
    """No seal any more."""
    return press(
        request,
        lambda: services.remove_seal(member=member_of(request), business_id=business_id, now=timezone.now()),
        say("도장 이미지를 지웠습니다.", "The seal image was removed."),
        _page(request, business_id),
    )


@require_POST
def archive(request: HttpRequest, business_id: int) -> HttpResponse:
    """Put it away."""
    return press(
        request,
        lambda: services.archive_business(
            member=member_of(request), business_id=business_id, now=timezone.now()
        ),
        say("사업장을 보관했습니다.", "The business was archived."),
        _page(request, business_id),
    )


@require_POST
def restore(request: HttpRequest, business_id: int) -> HttpResponse:
    """Bring it back."""
    return press(
        request,
        lambda: services.restore_business(
            member=member_of(request), business_id=business_id, now=timezone.now()
        ),
        say("사업장을 다시 꺼냈습니다.", "The business was brought back."),
        _page(request, business_id),
    )


@require_http_methods(_FORM)
def branch(request: HttpRequest, business_id: int, branch_id: int | None = None) -> HttpResponse:
    """A 종사업장, new or changed."""
    member = member_of(request)
    found = selectors.business_for(member, business_id, Right.MANAGE)
    edited: Branch | None = None if branch_id is None else selectors.branch_of(found, branch_id)
    first = {name: getattr(edited, name) for name in ("number", "name", "address")} if edited else {}
    form = BranchForm(request.POST or None, initial=first)
    if request.method == "POST":
        saved = form.run(
            lambda: services.save_branch(
                member=member,
                business_id=business_id,
                branch_id=branch_id,
                number=form.cleaned_data["number"],
                name=form.cleaned_data["name"],
                address=form.cleaned_data["address"],
                now=timezone.now(),
            )
        )
        if saved is not None:
            return _saved(request, business_id)
    return render(request, "workspaces/branch.html", {"form": form, "business": found, "branch": edited})


@require_POST
def remove_branch(request: HttpRequest, business_id: int, branch_id: int) -> HttpResponse:
    """Take a 종사업장 out."""
    return press(
        request,
        lambda: services.remove_branch(
            member=member_of(request), business_id=business_id, branch_id=branch_id, now=timezone.now()
        ),
        say("종사업장을 지웠습니다.", "The branch was removed."),
        _page(request, business_id),
    )


def vars_of(found: Business) -> dict[str, str]:
    """A business's details for a form, the number as it is written."""
    details = BusinessDetails.of_business(found)
    values = {name: getattr(details, name) for name in BusinessForm.base_fields}
    return values | {"number": business_number(details.number)}


def _business_page(
    request: HttpRequest,
    found: Business,
    *,
    form: BusinessForm | None = None,
    defaults: DefaultsForm | None = None,
    seal_form: SealForm | None = None,
) -> HttpResponse:
    member = member_of(request)
    page = {
        "business": found,
        "branches": found.branches.all(),
        "form": form or BusinessForm(initial=vars_of(found)),
        "defaults": defaults
        or DefaultsForm(initial={"purpose": found.default_purpose, "rounding": found.rounding}),
        "seal_form": seal_form or SealForm(),
        "facts": FactsForm(initial=facts.shown(found.facts)),
        "may_edit": member.may(Right.MANAGE, found.pk) and found.archived_at is None,
        "may_manage": member.offers(Right.MANAGE),
        "certificates": page_of("certificate_list", member.workspace.slug),
    }
    return render(request, "workspaces/business.html", page)


def _page(request: HttpRequest, business_id: int) -> str:
    return reverse("business", args=[member_of(request).workspace.slug, business_id])


def _saved(request: HttpRequest, business_id: int) -> HttpResponse:
    messages.success(request, say("저장했습니다.", "Saved."))
    return redirect(_page(request, business_id))
