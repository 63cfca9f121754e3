"""What is to be seen of a history."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from dojang.service.audit import stream
from dojang.service.audit.stream import Wanted
from dojang.service.web.fields import DayField
from dojang.service.web.say import say, say_lazy


class HistoryForm(forms.Form):
    """Filters, as they stand in the address. What can't be read is left out, with a word about it."""

    person = forms.TypedChoiceField(
        label=say_lazy("사람", "Person"), coerce=int, empty_value=None, required=False
    )
    kind = forms.ChoiceField(label=say_lazy("종류", "Kind"), required=False)
    since = DayField(
        label=say_lazy("부터", "From"),
        required=False,
    )
    until = DayField(
        label=say_lazy("까지", "Until"),
        required=False,
    )
    document = forms.CharField(
        label=say_lazy("승인번호", "Issue id"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        everybody = [("", say("모두", "Everybody"))]
        everything = [("", say("모두", "Everything"))]
        people = [(str(one.pk), str(one)) for one in stream.people()]
        kinds = [(name, say(one.ko, one.en)) for name, one in stream.KINDS.items()]
        for name, choices in (("person", everybody + people), ("kind", everything + kinds)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def wanted(self, *, without: frozenset[int]) -> Wanted:
        """The filters that could be read."""
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            person=given.get("person"),
            kind=given.get("kind") or "",
            since=_begin(given.get("since")),
            until=_end(given.get("until")),
            document=(given.get("document") or "").replace("-", "").strip(),
            without=without,
        )


def _begin(day: date | None) -> datetime | None:
    """Midnight in Korea at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def _end(day: date | None) -> datetime | None:
    """Midnight in Korea at which it ends."""
    if day is None or day == date.max:
        return None
    return _begin(date.fromordinal(day.toordinal() + 1))
