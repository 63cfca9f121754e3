"""The page of one record, and what can be done with it; uploads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dojang.render import page as printed
from dojang.render import render as render_form
from dojang.service.counterparties.models import Counterparty
from dojang.service.records import content, correcting, deciding, papers, revealing, taking, uploading
from dojang.service.records.deduction import GROUNDS
from dojang.service.records.errors import NothingChosen
from dojang.service.records.forms import CorrectionForm, DecisionForm
from dojang.service.records.models import Check, NotDeductible, Record, Side, Source
from dojang.service.records.selectors import chain_of, record_for, refused_deliveries
from dojang.service.verification.words import tell
from dojang.service.web.language import language_of
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right
from dojang.service.workspaces.selectors import businesses_with

_MOST_AT_ONCE = 1000
_PRINT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"


@require_safe
def record_page(request: HttpRequest, record_id: int) -> HttpResponse:
    """One document of somebody else."""
    member = member_of(request)
    return _page(request, member, record_for(member, record_id))


@require_safe
def record_form(request: HttpRequest, record_id: int) -> HttpResponse:
    """The legal form, to be printed: our copy."""
    record = record_for(member_of(request), record_id)
    text = printed(
        papers.filled(record),
        sandbox=record.way_out == "sandbox",
        language=language_of(request),
    )
    response = HttpResponse(text)
    response.headers["Content-Security-Policy"] = _PRINT_POLICY
    return response


@require_safe
def record_pdf(request: HttpRequest, record_id: int) -> HttpResponse:
    """Our copy of the form as PDF, with the signed XML inside."""
    record = record_for(member_of(request), record_id)
    name = slugify(record.issue_id) or f"{record.written_on}"
    return HttpResponse(
        papers.pdf_of(record, language=language_of(request)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


@require_safe
def record_xml(request: HttpRequest, record_id: int) -> HttpResponse:
    """The signed document, byte for byte as it came."""
    member = member_of(request)
    data = revealing.signed_xml(member=member, record_id=record_id, now=timezone.now())
    name = slugify(record_for(member, record_id).issue_id) or "document"
    return HttpResponse(
        data,
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{name}.xml"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def records_upload(request: HttpRequest) -> HttpResponse:
    """XML files, many at once; a table says what became of each."""
    member = member_of(request)
    if not businesses_with(member, Right.WRITE):
        member.require(Right.WRITE)
    rows: list[uploading.Row] = []
    if request.method == "POST":
        rows = uploading.upload(member=member, files=request.FILES.getlist("files"), now=timezone.now())
    context = {
        "rows": rows,
        "new": sum(one.is_new for row in rows for one in row.taken),
        "known": sum(not one.is_new for row in rows for one in row.taken),
        "refused": sum(bool(row.refusal) for row in rows),
        "most": uploading.MOST_FILES,
        "stuck": refused_deliveries(businesses_with(member, Right.VIEW)),
    }
    return render(request, "records/upload.html", context)


@require_POST
def records_check(request: HttpRequest) -> HttpResponse:
    """[확인] for what was ticked, or for one; `undo` takes it back."""
    member = member_of(request)
    checked = not request.POST.get("undo")
    rows = deciding.check(member=member, versions=_versions(request), checked=checked, now=timezone.now())
    count = len(rows)
    messages.success(
        request,
        say(f"{count}건을 확인했습니다.", f"{count} checked.")
        if checked
        else say(f"{count}건의 확인을 취소했습니다.", f"{count} to be checked again."),
    )
    return _back(request, member)


@require_POST
def records_decide(request: HttpRequest) -> HttpResponse:
    """공제·불공제, 고정자산, 메모 for what was ticked, or for one. A field that was not sent is left as it is."""
    member = member_of(request)
    versions = _versions(request)
    rows = deciding.decide(member=member, versions=versions, decision=_decision(request), now=timezone.now())
    messages.success(request, say(f"{len(rows)}건을 저장했습니다.", f"{len(rows)} saved."))
    return _back(request, member)


@require_POST
def record_ask(request: HttpRequest, record_id: int) -> HttpResponse:
    """[공급자에게 수정 요청]."""
    member = member_of(request)
    record = record_for(member, record_id, Right.WRITE)
    asked = CorrectionForm(request.POST)
    if not asked.is_valid():
        return _page(request, member, record, correction=asked, status=422)
    made, expected = correcting.ask(
        member=member,
        record_id=record_id,
        version=_version(request),
        told=asked.told(),
        text=asked.cleaned_data["text"],
        to=asked.cleaned_data["to"],
        now=timezone.now(),
    )
    messages.success(
        request,
        say(f"{made.to}(으)로 수정 요청을 보냈습니다.", f"The request goes to {made.to}.")
        if made.to
        else say("수정 요청함으로 표시했습니다.", "Marked as asked."),
    )
    if expected.problem:
        ko, en = expected.problem
        messages.warning(
            request,
            say(
                f"받을 문서는 계산하지 못해 사유만 적었습니다. {ko}",
                f"The expected document could not be worked out; only the reason is named. {en}",
            ),
        )
    return redirect("record", member.workspace.slug, record_id)


@require_POST
def record_withdraw(request: HttpRequest, record_id: int) -> HttpResponse:
    """[요청취소]."""
    member = member_of(request)
    correcting.withdraw(member=member, record_id=record_id, version=_version(request), now=timezone.now())
    messages.success(request, say("수정 요청을 취소했습니다.", "The request was withdrawn."))
    return redirect("record", member.workspace.slug, record_id)


def _page(
    request: HttpRequest,
    member: Member,
    record: Record,
    *,
    correction: CorrectionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    document = taking.document_of(record)
    deducts = deciding.carries_tax(record)
    known: Counterparty | None = record.counterparty or content.counterparty_of(record)
    decided = DecisionForm(
        deducts=deducts,
        initial={
            "not_deductible": record.not_deductible,
            "fixed_asset": record.fixed_asset,
            "note": record.note,
        },
    )
    ground = GROUNDS[NotDeductible(record.not_deductible)] if record.not_deductible else None
    context = {
        "record": record,
        "is_purchase": record.side == Side.PURCHASE,
        "is_paper": record.source == Source.PAPER,
        "form": render_form(
            papers.filled(record),
            sandbox=record.way_out == "sandbox",
            language=language_of(request),
        ),
        "counterparty": known,
        "verdict": tell(taking.bytes_of(record), now=timezone.now()) if record.document else None,
        "decision": decided,
        "ground": ground,
        "correction": correction or CorrectionForm(initial={"to": correcting.address_of(document)}),
        "corrections": record.corrections.select_related("asked_by", "answer"),
        "is_asked": record.check_state == Check.CORRECTION_ASKED,
        "chain": chain_of(record),
        "events": record.events.select_related("by"),
        "may_write": member.offers(Right.WRITE, record.business_id),
    }
    return render(request, "records/record.html", context, status=status)


def _decision(request: HttpRequest) -> deciding.Decision:
    posted = request.POST
    # A box that is not ticked is not sent: `fixed_asset_shown` says that it was on the page.
    asset = bool(posted.get("fixed_asset")) if "fixed_asset_shown" in posted else None
    return deciding.Decision(
        not_deductible=posted.get("not_deductible"),
        fixed_asset=asset if asset is not None else (True if posted.get("fixed_asset") else None),
        note=posted.get("note"),
    )


def _versions(request: HttpRequest) -> dict[int, int | None]:
    """The ticked ids; of a single page with the version that it shows. Raises NothingChosen."""
    chosen = [one for one in map(row_id, request.POST.getlist("record")) if one]
    if not chosen:
        raise NothingChosen
    version = _version(request) if request.POST.get("version") else None
    return dict.fromkeys(chosen[:_MOST_AT_ONCE], version if len(chosen) == 1 else None)


def _version(request: HttpRequest) -> int:
    return row_id(request.POST.get("version", ""))


def _back(request: HttpRequest, member: Member) -> HttpResponse:
    """To the page that it was pressed on."""
    chosen = request.POST.getlist("record")
    if request.POST.get("from") == "record" and len(chosen) == 1:
        return redirect("record", member.workspace.slug, row_id(chosen[0]))
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith(
        f"/w/{member.workspace.slug}/"
    ):
        return redirect(address)
    return redirect("record_list", member.workspace.slug)
