"""The editor of an invoice and what it asks of the server: save, finish, templates, past invoices, new buyers.

Every answer to a save says all that the page shows beside the text: findings, questions, the deadline and its price.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from dojang.etax.codes import DocumentType
from dojang.service.counterparties import personal, selectors
from dojang.service.counterparties.details import ContactDetails, Details
from dojang.service.counterparties.errors import DetailsRefused, ThereAlready
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.services import editing as counterparty_editing
from dojang.service.invoices import beginnings, content, drafts, editor_state, saved_templates, slips, timing
from dojang.service.invoices.beginnings import Beginning
from dojang.service.invoices.bodies import (
    BuyerBody,
    DraftBody,
    FinishBody,
    NewDraftBody,
    NumberFrom,
    SavedDraftBody,
    TemplateBody,
    read,
)
from dojang.service.invoices.changes import require_version
from dojang.service.invoices.errors import NotFinished
from dojang.service.invoices.guards import DoneElsewhere
from dojang.service.invoices.models import Invoice, Template
from dojang.service.invoices.states import State
from dojang.service.web.language import language_of
from dojang.service.web.numbers import row_id
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import writable_businesses

#: Past invoices of a buyer that are offered to copy from.
_PAST = 10
#: Where somebody who may not sign asks for it.
_APPROVAL = "approval_new"


@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """An empty editor, or one filled by `?copy=`, `?template=` or `?counterparty=`; nothing is saved yet."""
    member = member_of(request)
    today = timing.today(timezone.now())
    begun = _begun(request, member, today)
    if begun is None:
        business = _business(request, member)
        if business is None:
            # There is no business yet, or none in which this person may write.
            member.require(Right.WRITE)
            raise Http404
        begun = (
            business,
            beginnings.blank(
                business,
                kind=request.GET.get("kind", ""),
                counterparty=_counterparty(_id(request, "counterparty")),
                today=today,
            ),
        )
    return _page(request, member, *begun, invoice=None)


@require_safe
def edit(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """A draft, where it was left. What is no draft any more is only shown."""
    member = member_of(request)
    invoice = _invoice(member, invoice_id)
    if invoice.state != State.DRAFT:
        return redirect("invoice", member.workspace.slug, invoice.pk)
    member.require(Right.WRITE, invoice.business_id)
    return _page(request, member, invoice.business, beginnings.saved(invoice), invoice=invoice)


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """The first save."""
    member = member_of(request)
    body = read(request, NewDraftBody)
    business = get_object_or_404(Business, pk=body.business)
    source = _invoice(member, body.copied_from) if body.copied_from else None
    counterparty = _counterparty(body.counterparty)
    number = _number(body, counterparty, before=None, source=source)
    invoice = drafts.create(
        member=member,
        business=business,
        given=beginnings.with_number(body.content, number),
        counterparty_id=counterparty.pk if counterparty else None,
        copied_from=source,
        typed=_typed(body, body.key),
        now=timezone.now(),
    )
    return _answer(request, member, invoice)


@require_POST
def save(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """A save of a draft that exists."""
    member = member_of(request)
    body = read(request, SavedDraftBody)
    before = _invoice(member, invoice_id)
    counterparty = _counterparty(body.counterparty)
    number = _number(body, counterparty, before=before, source=before.copied_from)
    invoice = drafts.save(
        member=member,
        invoice_id=before.pk,
        version=body.version,
        given=beginnings.with_number(body.content, number),
        counterparty_id=counterparty.pk if counterparty else None,
        typed=_typed(body),
        now=timezone.now(),
    )
    return _answer(request, member, invoice)


@require_POST
def finish(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """[발행하기]: to 발행대기 and on to the signing page, or to ask whoever may sign for the approval.

    Findings that forbid it, and questions that nobody has answered, come back instead.
    """
    member = member_of(request)
    body = read(request, FinishBody)
    now = timezone.now()
    today = timing.today(now)
    invoice = _invoice(member, invoice_id)
    member.require(Right.WRITE, invoice.business_id)
    may_issue = member.may(Right.ISSUE, invoice.business_id)
    # Where it is finished already, the answer to the same request was lost.
    if invoice.state != State.READY:
        try:
            drafts.require_whole(invoice, on=today)
            if asked := slips.unanswered(invoice, today=today):
                return _asks(asked)
            if not may_issue:
                # What is asked for is what this person saw.
                require_version(invoice, body.version)
                return _elsewhere(member, invoice, _APPROVAL)
            drafts.finish(member=member, invoice_id=invoice.pk, version=body.version, now=now)
        except NotFinished as error:
            return _refused(error, findings=[one.to_data() for one in error.findings])
        except DoneElsewhere as error:
            return _elsewhere(member, invoice, error.url_name)
    slug = member.workspace.slug
    sign = f"{reverse('sign', args=[slug])}?invoices={invoice.pk}"
    return JsonResponse({"next": sign if may_issue else reverse("invoice", args=[slug, invoice.pk])})


def _elsewhere(member: Member, invoice: Invoice, url_name: str) -> JsonResponse:
    """The page where this goes on."""
    return JsonResponse({"next": f"{reverse(url_name, args=[member.workspace.slug])}?invoices={invoice.pk}"})


@require_GET
def past(request: HttpRequest) -> HttpResponse:
    """`?business=&counterparty=&number=`: the last invoices to a buyer, by either, with items to take over."""
    member = member_of(request)
    business = _business(request, member)
    rows = Invoice.objects.filter(business=business, deleted_at=None).exclude(item_count=0)
    counterparty, number = _id(request, "counterparty"), request.GET.get("number", "")
    same = Q(counterparty_id=counterparty) if counterparty else Q()
    if number:
        same |= Q(buyer_number=number)
    if not same:
        return JsonResponse({"invoices": []})
    rows = rows.filter(same)
    return JsonResponse(
        {
            "invoices": [
                {
                    "id": one.pk,
                    "written_on": one.written_on and one.written_on.isoformat(),
                    "item_name": one.item_name,
                    "item_count": one.item_count,
                    "total_amount": str(one.total_amount),
                    "items": beginnings.for_page(one.content.get("items")),
                }
                for one in rows.order_by("-written_on", "-id")[:_PAST]
            ]
        }
    )


@require_POST
def add_buyer(request: HttpRequest) -> HttpResponse:
    """Keep a buyer that was typed in as a counterparty."""
    member = member_of(request)
    body = read(request, BuyerBody)
    details = Details(
        **body.model_dump(exclude={"contacts"}),
        contacts=tuple(ContactDetails(**one.model_dump()) for one in body.contacts),
    )
    try:
        made = counterparty_editing.add(member=member, details=details, now=timezone.now())
    except DetailsRefused as error:
        problems = [{"path": one.field, "ko": one.ko, "en": one.en} for one in error.problems]
        return _refused(error, problems=problems)
    except ThereAlready as error:
        return _refused(error, counterparty=error.counterparty_id)
    return JsonResponse(selectors.as_json(made), status=HTTPStatus.CREATED)


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """`?business=`: its templates."""
    member = member_of(request)
    business = _business(request, member)
    found = saved_templates.listed(business.pk) if business else []
    return JsonResponse({"templates": [editor_state.template(member, one) for one in found]})


@require_POST
def save_template(request: HttpRequest) -> HttpResponse:
    """Keep a saved draft as a template."""
    member = member_of(request)
    body = read(request, TemplateBody)
    made = saved_templates.save(
        member=member,
        invoice=_invoice(member, body.invoice),
        name=body.name,
        replace=body.replace,
        now=timezone.now(),
    )
    return JsonResponse(editor_state.template(member, made), status=HTTPStatus.CREATED)


@require_POST
def delete_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Throw a template away."""
    saved_templates.delete(member=member_of(request), template=get_object_or_404(Template, pk=template_id))
    return JsonResponse({})


# --- what comes in ------------------------------------------------------------------------------------------------


def _typed(body: DraftBody, key: Any = None) -> drafts.Typed:
    kept = body.kept.model_dump(mode="json") | {"save": str(body.save)}
    return drafts.Typed(kept=kept, draft_key=key, lost=frozenset(map(str, body.lost)))


def _number(
    body: DraftBody, counterparty: Counterparty | None, *, before: Invoice | None, source: Invoice | None
) -> str:
    """The number of a person, from wherever the page says that it is."""
    match body.number.source:
        case NumberFrom.TYPED:
            return body.number.value.strip()
        case NumberFrom.SAVED if before is not None:
            return content.personal_number(before)
        case NumberFrom.COUNTERPARTY if counterparty is not None:
            return personal.plain(counterparty)
        case NumberFrom.COPY if source is not None:
            return content.personal_number(source)
        case _:
            return ""


def _begun(request: HttpRequest, member: Member, today: date) -> tuple[Business, Beginning] | None:
    if (source_id := _id(request, "copy")) is not None:
        source = _invoice(member, source_id)
        member.require(Right.WRITE, source.business_id)
        return source.business, beginnings.copied(source, today=today)
    if (template_id := _id(request, "template")) is not None:
        template = get_object_or_404(
            Template.objects.select_related("business", "counterparty"), pk=template_id
        )
        member.require(Right.WRITE, template.business_id)
        return template.business, beginnings.from_template(template, today=today)
    return None


def _business(request: HttpRequest, member: Member) -> Business | None:
    """The business that is asked for, or the first in which this member may write."""
    writable = writable_businesses(member)
    wanted = _id(request, "business")
    if wanted is None:
        return next(iter(writable), None)
    business = next((one for one in writable if one.pk == wanted), None)
    if business is None:
        get_object_or_404(Business, pk=wanted)
        member.require(Right.WRITE, wanted)
        raise Http404
    return business


def _counterparty(counterparty_id: int | None) -> Counterparty | None:
    """One of this workspace; another's is not there."""
    if counterparty_id is None:
        return None
    return Counterparty.objects.filter(pk=counterparty_id, merged_into=None).first()


def _invoice(member: Member, invoice_id: int) -> Invoice:
    rows = Invoice.objects.select_related("business", "counterparty", "changed_by", "copied_from")
    invoice = get_object_or_404(rows, pk=invoice_id, deleted_at=None)
    if not member.may(Right.VIEW, invoice.business_id):
        raise Http404
    return invoice


def _id(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    if not given:
        return None
    if not (found := row_id(given)):
        raise Http404
    return found


# --- what goes out ------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest, member: Member, business: Business, begun: Beginning, *, invoice: Invoice | None
) -> HttpResponse:
    context = {
        "state": {
            **editor_state.start_of(member, business, begun, invoice=invoice),
            "language": language_of(request),
            "token": get_token(request),
            "key": str(uuid4()),
        },
        "invoice": invoice,
        "business": business,
        "businesses": writable_businesses(member) if invoice is None else [business],
        "kinds": [(kind.value, kind.ko, kind.en) for kind in beginnings.KINDS],
        "other_kind": _other_kind(begun.content),
    }
    return render(request, "invoices/edit.html", context)


def _other_kind(given: Mapping[str, Any]) -> DocumentType | None:
    """A kind that is not written here but may be edited."""
    kind = given.get("document_type")
    known = next((one for one in DocumentType if one.value == kind), None)
    return None if known is None or known.value in beginnings.WRITTEN else known


def _answer(request: HttpRequest, member: Member, invoice: Invoice) -> JsonResponse:
    # The row that was saved has not read its relations anew.
    return JsonResponse(editor_state.told(member, _invoice(member, invoice.pk)))


def _asks(asked: Sequence[slips.Question]) -> JsonResponse:
    return JsonResponse(
        {
            "code": "questions",
            "ko": "발행하기 전에 확인할 것이 있습니다. 맞으면 [맞아요]를 눌러 주세요.",
            "en": "There is something to look at before it is issued. If it is right, say so.",
            "questions": [one.to_data() for one in asked],
        },
        status=HTTPStatus.CONFLICT,
    )


def _refused(error: Any, **more: Any) -> JsonResponse:
    said = {"code": error.code, "ko": error.text("ko"), "en": error.text("en")}
    return JsonResponse(said | more, status=error.status)
