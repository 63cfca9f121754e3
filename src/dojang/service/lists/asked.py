"""What is asked of a list, read from its address. The address is the whole state: it can be kept, sent and gone back to.

Nothing that stands in an address is an error: what can't be understood is left out and said.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from dojang.etax.invoice import KST
from dojang.service.counterparties.models import Counterparty
from dojang.service.counterparties.search import matching
from dojang.service.lists import periods, searching
from dojang.service.lists.described import Column, DateField, ListOf, OneOf, Tab
from dojang.service.web.numbers import row_id
from dojang.service.web.say import say

_MOST_WON: Final = 10**15
_MOST_ID: Final = 1 << 63
_MOST_TEXT: Final = 100
_MOST_TOKEN: Final = 150
_NOT_A_DIGIT: Final = re.compile(r"[\s.,/\-년월일원₩]+")
_DAY: Final = re.compile(r"\d{8}")
_WON: Final = re.compile(r"-?\d{1,15}")
_BETWEEN: Final = "~"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row after (or before) which a page begins: its value in the sorted field, and its id."""

    value: Any
    row_id: int


@dataclass(frozen=True, slots=True)
class Sort:
    """By which column, which way."""

    column: Column
    descending: bool

    @property
    def name(self) -> str:
        """As it stands in addresses."""
        return ("-" if self.descending else "") + self.column.name


@dataclass(frozen=True)
class Asked:
    """Everything that was understood.

    Attributes:
        of: the list.
        tab: the chosen tab.
        text: what is searched for, as typed, and `words`: its patterns.
        condition: all conditions but the tab and the text.
        business_ids: of these businesses alone.
        written: the first and the last day, where the period is that of 작성일자.
        sort: the order.
        after, before: where the page begins or ends.
        values: the conditions as they stand in the address, by name; without sort, tab, text and place.
        said: a few words for each condition, with the address without it.
        hints: what was left out.
    """

    of: ListOf
    tab: Tab
    text: str
    words: tuple[searching.Wanted, ...]
    condition: Q
    business_ids: tuple[int, ...]
    written: tuple[date | None, date | None]
    sort: Sort
    after: Cursor | None
    before: Cursor | None
    fixed: Mapping[str, str]
    values: Mapping[str, str]
    said: tuple[tuple[str, str], ...]
    hints: tuple[str, ...]

    def address(self, **changed: str | None) -> str:
        """The query of another page of this list: with some values changed, or taken out by None."""
        whole: dict[str, str | None] = {
            **self.fixed,
            "tab": self.tab.name,
            "q": self.text,
            **self.values,
            "sort": "" if self.sort.name == self.of.default_sort else self.sort.name,
        }
        return "?" + urlencode([(name, value) for name, value in (whole | changed).items() if value])

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab is asked for."""
        return bool(self.text or self.values)


@dataclass
class _Reader:
    """One reading of one address."""

    of: ListOf
    given: QueryDict
    today: date
    businesses: Mapping[int, str]
    people: Mapping[int, str]
    workspace_id: int
    values: dict[str, str] = field(default_factory=dict)
    conditions: list[Q] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    written: tuple[date | None, date | None] = (None, None)

    def text(self, name: str, most: int = _MOST_TEXT) -> str:
        return self.given.get(name, "").replace("\x00", "").strip()[:most]

    def keep(self, names: Mapping[str, str], condition: Q, told: str) -> None:
        self.values.update(names)
        self.conditions.append(condition)
        self.said.append((",".join(names), told))

    def leave_out(self, ko: str, en: str) -> None:
        self.hints.append(say(ko, en))


def understood(
    given: QueryDict,
    of: ListOf,
    *,
    today: date,
    businesses: Mapping[int, str],
    people: Mapping[int, str],
    workspace_id: int,
) -> Asked:
    """What an address asks for.

    Args:
        given: the query of the address.
        of: the list.
        today: in Korea.
        businesses: those that the member may see, by id.
        people: the workspace's members, by id.
        workspace_id: the open workspace.
    """
    reader = _Reader(of, given, today, businesses, people, workspace_id)
    for read in (_period, _business, _counterparty, _party, _choices, _amounts, _person):
        read(reader)
    sort = _sort(reader)
    text = reader.text("q")
    words = searching.wanted(text)
    if text and not words:
        reader.leave_out(
            "찾을 글자나 숫자가 없어 검색어를 빼고 보여 드립니다.",
            "There is no letter or digit to search for; it was left out.",
        )
    tab = of.tab(reader.text("tab"))
    if tab is None and reader.text("tab"):
        reader.leave_out("그런 탭이 없어 전체를 보여 드립니다.", "There is no such tab; all are shown.")
    own = reader.values.get("business")
    return Asked(
        of=of,
        tab=tab or of.tabs[0],
        text=text if words else "",
        words=words,
        condition=_all_of(reader.conditions),
        business_ids=(int(own),) if own else tuple(businesses),
        written=reader.written,
        sort=sort,
        after=_cursor(reader, sort, "after"),
        before=_cursor(reader, sort, "before"),
        fixed=of.fixed,
        values=reader.values,
        said=tuple(reader.said),
        hints=tuple(reader.hints),
    )


def token(value: Any, row_id: int) -> str:
    """A place in the list as it stands in an address."""
    text = "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
    return f"{row_id}{_BETWEEN}{text}"


def _all_of(conditions: Collection[Q]) -> Q:
    whole = Q()
    for one in conditions:
        whole &= one
    return whole


def _period(reader: _Reader) -> None:
    by_name = {one.name: one for one in reader.of.dates}
    asked = reader.text("date")
    which = by_name.get(asked, reader.of.dates[0])
    if asked and asked not in by_name:
        reader.leave_out(
            f"그런 날짜가 없어 {which.ko}로 찾았습니다.", f"There is no such date; {which.en} was taken."
        )
    name = reader.text("period")
    preset = periods.BY_NAME.get(name)
    if name and preset is None:
        reader.leave_out("기간을 알 수 없어 빼고 보여 드립니다.", "The period is unknown; it was left out.")
    if preset is not None:
        first, last = preset.days(reader.today)
        reader.keep(
            {"date": which.name, "period": name},
            _within(reader, which, first, last),
            f"{which.text} {preset.text}",
        )
        return
    begin, end = _day(reader, "from"), _day(reader, "to")
    if begin and end and begin > end:
        begin, end = end, begin
        reader.leave_out(
            "시작한 날이 끝난 날보다 뒤라 서로 바꾸었습니다.",
            "The first day was after the last; they were swapped.",
        )
    if begin or end:
        values = {"date": which.name}
        values |= {name: day.isoformat() for name, day in (("from", begin), ("to", end)) if day}
        told = f"{which.text} {begin or ''} ~ {end or ''}".strip()
        reader.keep(values, _within(reader, which, begin, end), told)


def _within(reader: _Reader, which: DateField, first: date | None, last: date | None) -> Q:
    condition = Q()
    if which.field == "written_on":
        reader.written = (first, last)
    if first is not None:
        condition &= Q(**{f"{which.field}__gte": _begin(first) if which.instant else first})
    if last is not None:
        end = {f"{which.field}__lt": _begin(last + timedelta(days=1))} if which.instant else {
            f"{which.field}__lte": last
        }  # fmt: skip
        condition &= Q(**end)
    return condition


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), KST)


def _day(reader: _Reader, name: str) -> date | None:
    text = reader.text(name)
    if not text:
        return None
    digits = _NOT_A_DIGIT.sub("", text)
    try:
        day = date.fromisoformat(digits) if _DAY.fullmatch(digits) else None
    except ValueError:
        day = None
    # A day is added to it, and Korea's midnight is the day before in UTC.
    if day is None or not date(1900, 1, 1) <= day < date(9999, 1, 1):
        reader.leave_out(
            f"날짜 ‘{text}’을(를) 읽을 수 없어 빼고 보여 드립니다. 2026-11-20처럼 적어 주세요.",
            f"The date “{text}” cannot be read; it was left out. Write it like 2026-11-20.",
        )
        return None
    return day


def _business(reader: _Reader) -> None:
    row_id = _id(reader, "business", reader.businesses, ("사업장", "business"))
    if row_id is not None:
        reader.keep({"business": str(row_id)}, Q(business_id=row_id), reader.businesses[row_id])


def _person(reader: _Reader) -> None:
    row_id = _id(reader, "person", reader.people, ("담당자", "person"))
    if row_id is not None:
        told = f"{say('담당자', 'Person')} {reader.people[row_id]}"
        reader.keep({"person": str(row_id)}, reader.of.person(row_id), told)


def _id(reader: _Reader, name: str, known: Mapping[int, str], words: tuple[str, str]) -> int | None:
    text = reader.text(name)
    if not text:
        return None
    found = row_id(text)
    if found not in known:
        reader.leave_out(
            f"그런 {words[0]}이(가) 없어 빼고 보여 드립니다.",
            f"There is no such {words[1]}; it was left out.",
        )
        return None
    return found


def _counterparty(reader: _Reader) -> None:
    text = reader.text("counterparty")
    if not text:
        return
    row = Counterparty.objects.filter(pk=row_id(text)).only("id", "name").first()
    if row is None:
        reader.leave_out(
            "그런 거래처가 없어 빼고 보여 드립니다.", "There is no such counterparty; it was left out."
        )
        return
    reader.keep({"counterparty": text}, Q(counterparty_id=row.pk), row.name)


def _party(reader: _Reader) -> None:
    """거래처 as typed: by name, 초성, number or code, in the address book."""
    text = reader.text("party")
    if not text:
        return
    found = matching(Counterparty.objects.all(), text, workspace_id=reader.workspace_id)
    told = f"{say(reader.of.party_ko, reader.of.party_en)} ‘{text}’"
    reader.keep({"party": text}, Q(counterparty_id__in=found.order_by().values("pk")), told)


def _choices(reader: _Reader) -> None:
    for one in reader.of.one_of:
        name = reader.text(one.name)
        if not name:
            continue
        choice = next((each for each in one.choices(reader.today) if each.name == name), None)
        if choice is None:
            reader.leave_out(
                f"{one.ko} 조건을 알 수 없어 빼고 보여 드립니다.",
                f"{one.en}: unknown condition; it was left out.",
            )
        else:
            reader.keep({one.name: name}, choice.condition, choice.text)


def _amounts(reader: _Reader) -> None:
    least, most = _won(reader, "min"), _won(reader, "max")
    if least is not None and most is not None and least > most:
        least, most = most, least
        reader.leave_out("금액의 처음과 끝을 서로 바꾸었습니다.", "The amounts were swapped.")
    values = {name: str(amount) for name, amount in (("min", least), ("max", most)) if amount is not None}
    if not values:
        return
    condition = Q()
    if least is not None:
        condition &= Q(total_amount__gte=least)
    if most is not None:
        condition &= Q(total_amount__lte=most)
    shown = [f"{amount:,}" if amount is not None else "" for amount in (least, most)]
    reader.keep(values, condition, f"{say('합계금액', 'Total')} {shown[0]} ~ {shown[1]}".strip())


def _won(reader: _Reader, name: str) -> int | None:
    text = reader.text(name)
    if not text:
        return None
    minus = "-" if text[0] in "-−" else ""
    digits = minus + _NOT_A_DIGIT.sub("", text.lstrip("-−"))
    if not digits.isascii() or not _WON.fullmatch(digits) or abs(int(digits)) > _MOST_WON:
        reader.leave_out(
            f"금액 ‘{text}’을(를) 읽을 수 없어 빼고 보여 드립니다.",
            f"The amount “{text}” cannot be read; it was left out.",
        )
        return None
    return int(digits)


def _sort(reader: _Reader) -> Sort:
    asked = reader.text("sort")
    column = reader.of.column(asked.removeprefix("-"))
    if column is not None and column.sort:
        return Sort(column, asked.startswith("-"))
    if asked:
        reader.leave_out(
            "그 열로는 정렬할 수 없어 기본 순서로 보여 드립니다.", "It cannot be sorted by that column."
        )
    usual = reader.of.column(reader.of.default_sort.removeprefix("-"))
    assert usual is not None  # noqa: S101 (a list is described with its own columns)
    return Sort(usual, reader.of.default_sort.startswith("-"))


def _cursor(reader: _Reader, sort: Sort, name: str) -> Cursor | None:
    text = reader.text(name, _MOST_TOKEN)
    if not text:
        return None
    found = _place(text, reader.of.model._meta.get_field(sort.column.sort).get_internal_type())
    if found is None:
        reader.leave_out(
            "쪽을 알 수 없어 처음부터 보여 드립니다.", "The page is unknown; the first one is shown."
        )
    return found


def _place(text: str, kind: str) -> Cursor | None:
    row_id, between, value = text.partition(_BETWEEN)
    if not between or not (row_id.isascii() and row_id.isdigit()) or int(row_id) >= _MOST_ID:
        return None
    try:
        return Cursor(_READ.get(kind, str)(value) if value or kind == "CharField" else None, int(row_id))
    except ValueError:
        return None


def _instant(text: str) -> datetime:
    # A plus in an address that was typed by hand is a space.
    found = datetime.fromisoformat(text.replace(" ", "+"))
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _bigint(text: str) -> int:
    number = int(text)
    if abs(number) >= _MOST_ID:
        raise ValueError(text)
    return number


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "DateField": date.fromisoformat,
    "DateTimeField": _instant,
    "BigIntegerField": _bigint,
}


def choices_of(of: ListOf, today: date) -> Iterator[tuple[OneOf, Sequence[Any]]]:
    """The conditions that are chosen from a few, with their choices today."""
    for one in of.one_of:
        yield one, one.choices(today)
