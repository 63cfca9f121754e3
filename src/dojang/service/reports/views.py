"""보고서: each as a page and as a workbook. Whoever may see a business may see its figures."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dojang.etax.returns import Side
from dojang.service.reports import (
    by_month,
    by_party,
    drilling,
    late_documents,
    summaries,
    vat_figures,
    workbook,
)
from dojang.service.reports.behind import Behind
from dojang.service.reports.building import Builder
from dojang.service.reports.by_party import SORTS
from dojang.service.reports.choosing import Chosen, choose
from dojang.service.reports.filed import filed
from dojang.service.reports.sheet import Report
from dojang.service.web.say import say
from dojang.service.web.spreadsheet import CONTENT_TYPE
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right

_TOPS = {"50": 50, "200": 200, "all": 2000}


@dataclass(frozen=True, slots=True)
class Page:
    """One report: its words, what it lets choose, and who builds it."""

    url_name: str
    ko: str
    en: str
    chooses: frozenset[str]
    build: Callable[[Builder, HttpRequest], Report]


def _by_party(builder: Builder, request: HttpRequest) -> Report:
    sort = request.GET.get("sort", "")
    return by_party.by_party(
        builder, sort=sort if sort in SORTS else SORTS[0], top=_TOPS.get(request.GET.get("top", ""), 50)
    )


MONTHS = Page(
    "report_months", "월별", "By month", frozenset({"year"}), lambda builder, _: by_month.by_month(builder)
)
PARTIES = Page("report_parties", "거래처별", "By party", frozenset({"year", "side", "sort"}), _by_party)
SUMMARY = Page(
    "report_summary",
    "합계표",
    "Summaries",
    frozenset({"period"}),
    lambda builder, _: summaries.tax_summary(builder),
)
VAT = Page(
    "report_vat",
    "부가세 신고 금액",
    "VAT return",
    frozenset({"period"}),
    lambda builder, _: vat_figures.vat_lines(builder),
)
LATE = Page(
    "report_late",
    "지연·가산세",
    "Late, penalties",
    frozenset({"period"}),
    lambda builder, _: late_documents.penalties(builder),
)
DOCUMENTS = Page(
    "report_documents",
    "문서 목록",
    "Documents",
    frozenset(),
    lambda builder, request: drilling.documents(builder, Behind.of(request.GET.dict())),
)
PAGES = (MONTHS, PARTIES, SUMMARY, VAT, LATE)


@require_safe
def report_home(request: HttpRequest) -> HttpResponse:
    """The first of the reports."""
    return redirect(MONTHS.url_name, member_of(request).workspace.slug)


def view(page: Page) -> Callable[[HttpRequest], HttpResponse]:
    """The page of a report."""

    @require_safe
    def shown(request: HttpRequest) -> HttpResponse:
        member = member_of(request)
        chosen = choose(request.GET, member)
        if chosen is None:
            return render(request, "reports/nothing.html")
        member.require(Right.VIEW, chosen.business.pk)
        slug = member.workspace.slug
        report = page.build(Builder(chosen, slug), request)
        context = {
            "report": report,
            "page": page,
            "chosen": chosen,
            "filed": filed(chosen, member) if page is VAT else None,
            "tabs": _tabs(page, slug, chosen),
            "excel": f"{reverse(f'{page.url_name}_excel', args=[slug])}?{request.GET.urlencode()}",
            "side": chosen.side.value,
            "sides": [
                (Side.SALES.value, say("매출", "Sales")),
                (Side.PURCHASE.value, say("매입", "Purchases")),
            ],
            "sorts": list(
                zip(
                    SORTS,
                    (say("금액순", "by amount"), say("이름순", "by name"), say("건수순", "by number")),
                    strict=True,
                )
            ),
            "sort": request.GET.get("sort", SORTS[0]),
            "tops": [("50", "50"), ("200", "200"), ("all", say("전체", "all"))],
            "top": request.GET.get("top", "50"),
            "periods": [
                (each.key, say(each.ko, each.en), _query(chosen, period=each.key)) for each in chosen.filings
            ],
        }
        return render(request, "reports/report.html", context)

    return shown


def excel(page: Page) -> Callable[[HttpRequest], HttpResponseBase]:
    """The same as a workbook, whole."""

    @require_safe
    def written(request: HttpRequest) -> HttpResponseBase:
        member = member_of(request)
        chosen = choose(request.GET, member)
        if chosen is None:
            return render(request, "reports/nothing.html")
        member.require(Right.VIEW, chosen.business.pk)
        report = page.build(Builder(chosen, member.workspace.slug, whole=True), request)
        return FileResponse(
            workbook.write(report),
            as_attachment=True,
            filename=f"{report.file_name}.xlsx",
            content_type=CONTENT_TYPE,
        )

    return written


def _tabs(page: Page, slug: str, chosen: Chosen) -> list[tuple[str, str, bool]]:
    """The reports beside this one, for the same business and period."""
    kept = _query(chosen, period=chosen.filing.key)
    return [
        (f"{reverse(each.url_name, args=[slug])}?{kept}", say(each.ko, each.en), each is page)
        for each in PAGES
    ]


def _query(chosen: Chosen, **others: str) -> str:
    return urlencode({"business": chosen.business.pk, **others})
