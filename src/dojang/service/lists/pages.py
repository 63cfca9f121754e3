"""The page of any list, its sums, and its workbook: each app's own view hands in what its list is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from dojang.service.accounts.models import User
from dojang.service.lists import excel, keeping, periods
from dojang.service.lists.asked import Asked, choices_of, understood
from dojang.service.lists.described import Badge, Batch, Column, ListOf, Shape
from dojang.service.lists.querying import Listing, Sums, Totals
from dojang.service.web.addresses import page_of
from dojang.service.web.say import say
from dojang.service.web.spreadsheet import CONTENT_TYPE
from dojang.service.web.templatetags.dojang import day, instant, won
from dojang.service.workspaces.members import Member
from dojang.service.workspaces.models import Business, Membership
from dojang.service.workspaces.requests import member_of
from dojang.service.workspaces.roles import Right


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it is shown."""

    column: Column
    text: str
    badges: tuple[Badge, ...] = ()

    @property
    def is_link(self) -> bool:
        """Whether it opens the row."""
        return self.column.shape is Shape.LINK


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is shown; `label` names it to whoever hears the page."""

    row_id: int
    url: str
    label: str
    day: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column, and what pressing it sorts by."""

    column: Column
    address: str
    direction: str


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to do with ticked rows."""

    batch: Batch
    url: str


def list_page(
    request: HttpRequest, of: ListOf, *, template: str = "lists/list.html", **more: Any
) -> HttpResponse:
    """The list as the address asks for it; opened without conditions, as the person wants it by default."""
    member = member_of(request)
    if set(request.GET) <= set(of.fixed) and (usual := keeping.default_of(member, of)) and usual.query:
        return HttpResponseRedirect(f"{request.path}?{usual.query}")
    seen, people = _businesses(member), _people()
    asked = _asked(request, of, member, seen, people)
    listing = Listing(asked)
    page = listing.page()
    later = listing.takes_a_moment and request.GET.get("totals") != "now"
    totals = None if later else listing.totals()
    columns = _columns(member, of, several=len(seen) > 1)
    slug = member.workspace.slug
    buttons = _buttons(member, of, asked, seen)
    context = {
        "of": of,
        "asked": asked,
        "address": asked.address(),
        "tabs": _tabs(asked, totals),
        "totals": totals.sums if totals else None,
        "totals_url": reverse(of.totals_url_name, args=[slug]) + asked.address(),
        "totals_now": asked.address(totals="now"),
        "said": _said(asked),
        "headings": [_heading(asked, column) for column in columns],
        "rows": [_row(of, slug, row, columns) for row in page.rows],
        "next": asked.address(after=page.after) if page.after else "",
        "previous": asked.address(before=page.before) if page.before else "",
        "first": asked.address() if asked.after or asked.before else "",
        "filters": keeping.filters_of(member, of),
        "open_filters": bool(asked.hints),
        "is_wide": any(not column.shown for column in columns),
        "periods": periods.PRESETS,
        "choices": [
            (one, [(choice, asked.values.get(one.name) == choice.name) for choice in choices])
            for one, choices in choices_of(of, timezone.localdate())
        ],
        "businesses": [(key, name, asked.values.get("business") == str(key)) for key, name in seen.items()],
        "people": [(key, name, asked.values.get("person") == str(key)) for key, name in people.items()],
        "excel_url": reverse(of.excel_url_name, args=[slug]) + asked.address(),
        "filters_url": reverse("list_filters", args=[slug, of.name]),
        "columns_url": reverse("list_columns", args=[slug, of.name]),
        "buttons": buttons,
        "may_tick": bool(buttons),
        "nothing_yet": not page.rows
        and asked.tab is of.tabs[0]
        and not asked.is_narrowed
        and not asked.hints,
    }
    return render(request, template, context | more)


def totals(request: HttpRequest, of: ListOf) -> JsonResponse:
    """The sums of what the address asks for: for a page that was shown without waiting for them."""
    member = member_of(request)
    found = Listing(_asked(request, of, member, _businesses(member), _people())).totals()
    return JsonResponse(
        {"sums": _shown_sums(found.sums), "tabs": {k: f"{n:,}" for k, n in found.counts.items()}}
    )


def workbook(request: HttpRequest, of: ListOf) -> FileResponse:
    """Everything that the address asks for, in the person's columns."""
    member = member_of(request)
    seen = _businesses(member)
    asked = _asked(request, of, member, seen, _people())
    listing = Listing(asked)
    sums = listing.totals().sums
    file = excel.workbook(
        _columns(member, of, several=len(seen) > 1),
        listing.everything(),
        name=of.text,
        sums={
            "count": sums.count,
            "supply_amount": sums.supply_amount,
            "tax_amount": sums.tax_amount,
            "total_amount": sums.total_amount,
        },
    )
    name = f"{of.text} {timezone.localdate().isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _asked(
    request: HttpRequest, of: ListOf, member: Member, seen: dict[int, str], people: dict[int, str]
) -> Asked:
    return understood(
        request.GET,
        of,
        today=timezone.localdate(),
        businesses=seen,
        people=people,
        workspace_id=member.workspace.pk,
    )


def _businesses(member: Member) -> dict[int, str]:
    rows = Business.objects.order_by("id").values_list("id", "name")
    return {key: name for key, name in rows if member.may(Right.VIEW, key)}


def _people() -> dict[int, str]:
    """Everybody who has been a member: those who left have written what stands here."""
    ids = Membership.objects.order_by("id").values_list("user_id", flat=True)
    names = dict(User.objects.filter(pk__in=list(ids)).values_list("id", "name"))
    return {key: names[key] for key in dict.fromkeys(ids) if key in names}


def _columns(member: Member, of: ListOf, *, several: bool) -> tuple[Column, ...]:
    """Whose business it is goes without saying where there is one."""
    chosen = keeping.columns_of(member, of)
    return tuple(column for column in chosen if several or column.name != "business") or chosen


def _tabs(asked: Asked, found: Totals | None) -> list[tuple[Any, bool, str, int | None]]:
    return [
        (tab, tab is asked.tab, asked.address(tab=tab.name), found.counts[tab.name] if found else None)
        for tab in asked.of.tabs
    ]


def _said(asked: Asked) -> list[tuple[str, str]]:
    """Each condition in words, and the address without it."""
    told = [(text, asked.address(**dict.fromkeys(names.split(",")))) for names, text in asked.said]
    if asked.text:
        told.insert(0, (f"{say('찾는 말', 'Search')} ‘{asked.text}’", asked.address(q=None)))
    return told


def _heading(asked: Asked, column: Column) -> Heading:
    if not column.sort:
        return Heading(column, "", "")
    current = asked.sort.column is column
    # First the way that one looks for: the newest and the largest, but names from the beginning.
    other = not asked.sort.descending if current else column.shape is not Shape.LINK
    direction = ("descending" if asked.sort.descending else "ascending") if current else ""
    return Heading(column, asked.address(sort=("-" if other else "") + column.name), direction)


def _row(of: ListOf, slug: str, row: Any, columns: Sequence[Column]) -> Row:
    cells = tuple(_cell(column, row) for column in columns)
    name = next((cell.text for cell in cells if cell.is_link), "")
    written_on = day(row.written_on)
    label = f"{name} {written_on} {won(row.total_amount)}".strip()
    return Row(row.pk, reverse(of.row_url_name, args=[slug, row.pk]), label, written_on, cells)


def _cell(column: Column, row: Any) -> Cell:
    value = column.value(row)
    match column.shape:
        case Shape.BADGES:
            return Cell(column, "", tuple(value))
        case Shape.WON:
            return Cell(column, won(value))
        case Shape.DAY:
            return Cell(column, day(value))
        case Shape.INSTANT:
            return Cell(column, instant(value))
        case _:
            return Cell(column, value or "")


def _buttons(member: Member, of: ListOf, asked: Asked, seen: dict[int, str]) -> list[Button]:
    """What this person may do with rows of this tab; a page that there is not yet has no button."""
    suiting = [batch for batch in of.batches if not batch.in_tabs or asked.tab.name in batch.in_tabs]
    allowed = [batch for batch in suiting if any(_offered(member, batch, key) for key in seen)]
    found = [Button(batch, page_of(batch.url_name, member.workspace.slug)) for batch in allowed]
    return [button for button in found if button.url]


def _offered(member: Member, batch: Batch, business_id: int) -> bool:
    """What reads is there in a closed workspace, too."""
    return (member.may if batch.reads else member.offers)(batch.right, business_id)


def _shown_sums(sums: Sums) -> dict[str, str]:
    return {
        "count": f"{sums.count:,}",
        "supply_amount": f"{sums.supply_amount:,}",
        "tax_amount": f"{sums.tax_amount:,}",
        "total_amount": f"{sums.total_amount:,}",
    }
