"""기한 달력: a month as weeks, with what ends on each day."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dojang.etax.calendar.deadlines import issue_deadline, months_after
from dojang.etax.parameters.law import FIRST_DAY, LAST_DAY
from dojang.etax.returns import Filing
from dojang.service.invoices.selectors import due_on, unissued_between
from dojang.service.law import law
from dojang.service.web.addresses import page_of
from dojang.service.web.say import say


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends on a day: a kind for its look, words, and where it is done."""

    kind: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar."""

    on: date
    is_inside: bool
    is_today: bool
    is_closed: bool
    name: str
    endings: Sequence[Ending] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month: its weeks from Sunday, and the months beside it."""

    first: date
    weeks: Sequence[Sequence[Day]]
    before: str
    after: str

    @property
    def title(self) -> str:
        """2026년 11월."""
        return say(f"{self.first.year}년 {self.first.month}월", f"{self.first:%B %Y}")


def asked_month(text: str, today: date) -> date:
    """The first day of the month asked for, `2026-11`; of today's where that makes no sense."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    is_near = months_after(FIRST_DAY, 24) < found < months_after(LAST_DAY, -24)
    return found if is_near else today.replace(day=1)


def sheet(
    first: date, *, today: date, slug: str, business_ids: Sequence[int], filings: Iterable[Filing]
) -> Sheet:
    """The calendar of a month, for businesses with these returns around it."""
    last = months_after(first, 1) - timedelta(days=1)
    endings = _endings(first, last, slug, business_ids, filings)
    weeks = calendar.Calendar(calendar.SUNDAY).monthdatescalendar(first.year, first.month)
    return Sheet(
        first,
        [[_day(day, first, today, endings) for day in week] for week in weeks],
        before=months_after(first, -1).strftime("%Y-%m"),
        after=months_after(first, 1).strftime("%Y-%m"),
    )


def _day(day: date, first: date, today: date, endings: Mapping[date, Sequence[Ending]]) -> Day:
    is_closed = not law().calendar.is_business_day(day)
    named = law().calendar.holidays(day.year).get(day, "")
    is_inside = day.month == first.month
    return Day(
        day,
        is_inside=is_inside,
        is_today=day == today,
        is_closed=is_closed,
        name=named if is_inside else "",
        endings=endings.get(day, ()) if is_inside else (),
    )


def _endings(
    first: date, last: date, slug: str, business_ids: Sequence[int], filings: Iterable[Filing]
) -> dict[date, list[Ending]]:
    found: dict[date, list[Ending]] = {}
    invoices = page_of("invoice_list", slug)
    written = months_after(first, -1)
    end = first - timedelta(days=1)
    waiting = unissued_between(business_ids, written, end)
    by = issue_deadline(written, law=law()).on
    found.setdefault(by, []).append(
        Ending(
            "issue",
            say(f"{written.month}월분 발급기한", f"Issue by: {written:%B}") + _number(waiting),
            f"{invoices}?stage=unissued&date=written&from={written}&to={end}" if waiting else "",
        )
    )
    for day, count in due_on(business_ids, first, last).items():
        found.setdefault(day, []).append(
            Ending(
                "transmit",
                say("전송기한", "Send by") + _number(count),
                f"{invoices}?tab=issued&date=transmit-by&from={day}&to={day}",
            )
        )
    for name, on, kind in dict.fromkeys(_of_returns(filings)):
        if first <= on <= last:
            report = page_of("report_summary" if kind == "cutoff" else "report_vat", slug)
            found.setdefault(on, []).append(Ending(kind, name, report))
    return found


def _number(count: int) -> str:
    return say(f" {count:,}건", f" ({count:,})") if count else ""


def _of_returns(filings: Iterable[Filing]) -> Iterable[tuple[str, date, str]]:
    for one in filings:
        name = one.ko.partition("(")[0], one.en.partition(" (")[0]
        if one.is_yearly_list:
            # It is a form itself, and individuals report their business with it (소득세법 제78조).
            due = say(f"{name[0]} 제출기한(개인은 사업장현황신고)", f"Due: {name[1]}")
        else:
            due = say(f"{name[0]} 신고기한", f"Due: {name[1]}")
        form = name[0].removesuffix(" 계산서합계표")
        yield say(f"{form} 합계표 전송 마감", f"Sent in time for: {name[1]}"), one.cutoff.on, "cutoff"
        yield due, one.due, "return"
