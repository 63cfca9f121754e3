"""The forms of a counterparty. What is right and wrong is said in `details`, not here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from django import forms
from django.http import QueryDict

from dojang.service.counterparties.details import (
    CONTACT_FIELDS,
    FIELDS,
    MOST_CONTACTS,
    ContactDetails,
    Details,
)
from dojang.service.counterparties.errors import DetailsRefused
from dojang.service.counterparties.models import Kind
from dojang.service.counterparties.problems import Problem
from dojang.service.web.fields import QUIET
from dojang.service.web.say import say, say_lazy
from dojang.service.web.templatetags.dojang import business_number

KINDS: Final = (
    (Kind.BUSINESS.value, say_lazy("사업자", "Business")),
    (Kind.INDIVIDUAL.value, say_lazy("개인", "Individual")),
    (Kind.FOREIGNER.value, say_lazy("외국인", "Foreigner")),
)


class CounterpartyForm(forms.Form):
    """Everything but the contacts, which are rows of their own."""

    kind = forms.ChoiceField(
        label=say_lazy("구분", "Kind"), choices=KINDS, widget=forms.RadioSelect, initial=Kind.BUSINESS
    )
    number = forms.CharField(
        label=say_lazy("사업자등록번호", "Business number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **QUIET}),
        help_text=say_lazy("사업자만 적습니다. 숫자 10자리.", "For businesses: ten digits."),
    )
    branch_number = forms.CharField(
        label=say_lazy("종사업장번호", "Branch number"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **QUIET}),
        help_text=say_lazy(
            "사업자단위과세의 종된 사업장이면 4자리.", "Four digits, for a branch taxed as one unit."
        ),
    )
    personal_number = forms.CharField(
        label=say_lazy("주민·외국인등록번호(여권번호)", "Resident, foreigner or passport number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=QUIET),
        help_text=say_lazy(
            "개인과 외국인만 적습니다. 암호화해 보관하고 화면에는 가려서 보여 줍니다.",
            "For individuals and foreigners. It is kept encrypted and shown masked.",
        ),
    )
    remove_personal_number = forms.BooleanField(
        label=say_lazy("저장된 번호 지우기", "Delete the saved number"), required=False
    )
    name = forms.CharField(label=say_lazy("상호(성명)", "Name"), max_length=200)
    representative = forms.CharField(
        label=say_lazy("대표자", "Representative"), required=False, max_length=100
    )
    business_type = forms.CharField(label=say_lazy("업태", "Business type"), required=False, max_length=200)
    business_item = forms.CharField(label=say_lazy("종목", "Business item"), required=False, max_length=200)
    address = forms.CharField(label=say_lazy("사업장 주소", "Address"), required=False, max_length=400)
    code = forms.CharField(
        label=say_lazy("거래처코드", "Code"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs=QUIET),
        help_text=say_lazy("회계 프로그램에서 쓰는 코드.", "As your accounting software names it."),
    )
    memo = forms.CharField(
        label=say_lazy("메모", "Memo"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def details(self, contacts: Sequence[ContactDetails]) -> Details:
        """What was typed; an empty number of a person leaves the saved one, unless it is to be deleted."""
        values = self.cleaned_data
        typed = values["personal_number"]
        keeps = not typed and not values["remove_personal_number"]
        return Details(
            **{name: values[name] for name in FIELDS},
            personal_number=None if keeps else typed,
            contacts=tuple(contacts),
        )


class ContactForm(forms.Form):
    """One contact. One without anything in it is left out."""

    name = forms.CharField(label=say_lazy("이름", "Name"), required=False, max_length=100)
    department = forms.CharField(label=say_lazy("부서", "Department"), required=False, max_length=100)
    email = forms.CharField(
        label=say_lazy("이메일", "E-mail"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "email", **QUIET}),
    )
    phone = forms.CharField(
        label=say_lazy("전화", "Phone"),
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"inputmode": "tel", **QUIET}),
    )


class MemoForm(forms.Form):
    """The memo alone, on the page of a counterparty."""

    memo = forms.CharField(
        label=say_lazy("메모", "Memo"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class MergeForm(forms.Form):
    """What was shown of both, and that the difference of numbers was seen."""

    keep_version = forms.IntegerField(widget=forms.HiddenInput)
    other_version = forms.IntegerField(widget=forms.HiddenInput)
    numbers_may_differ = forms.BooleanField(
        required=False,
        label=say_lazy(
            "등록번호가 다르지만 같은 거래처가 맞습니다.",
            "The numbers differ, but it is the same counterparty.",
        ),
    )


class SheetForm(forms.Form):
    """A spreadsheet to take over."""

    file = forms.FileField(
        label=say_lazy("파일", "File"),
        help_text=say_lazy(
            ".xlsx, .xls, .csv · 5MB, 20,000행까지", ".xlsx, .xls or .csv, up to 5 MB and 20,000 rows"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        max_length=250,
        allow_empty_file=True,
    )


def contact_forms(posted: QueryDict) -> list[ContactForm]:
    """The rows of contacts that came with a form."""
    return [
        ContactForm(posted, prefix=_prefix(place))
        for place in range(MOST_CONTACTS)
        if any(f"{_prefix(place)}-{name}" in posted for name in CONTACT_FIELDS)
    ]


def fresh_contact_forms(contacts: Sequence[Mapping[str, Any]]) -> list[ContactForm]:
    """Rows with these contacts, or one empty row."""
    return [
        ContactForm(initial=dict(contact), prefix=_prefix(place))
        for place, contact in enumerate((contacts or ({},))[:MOST_CONTACTS])
    ]


def rearranged(posted: QueryDict) -> list[ContactForm] | None:
    """The rows after a press on [담당자 추가], [위로] or [빼기]; None where something else was pressed."""
    rows = [{name: form[name].value() or "" for name in CONTACT_FIELDS} for form in contact_forms(posted)]
    if "more" in posted:
        rows.append({})
    elif "up" in posted:
        place = _place(posted["up"], len(rows))
        if place > 0:
            rows[place - 1], rows[place] = rows[place], rows[place - 1]
    elif "drop" in posted:
        place = _place(posted["drop"], len(rows))
        rows = [row for number, row in enumerate(rows) if number != place]
    else:
        return None
    return fresh_contact_forms(rows)


def typed_contacts(rows: Sequence[ContactForm]) -> list[ContactDetails]:
    """What is in the rows, in their order; the rows have been validated."""
    return [ContactDetails(**{name: row.cleaned_data[name] for name in CONTACT_FIELDS}) for row in rows]


def initial_of(details: Details, version: int) -> dict[str, Any]:
    """For the form of an existing counterparty."""
    values = {name: getattr(details, name) for name in FIELDS}
    return values | {"number": business_number(details.number), "version": version}


def initial_contacts(details: Details) -> list[dict[str, str]]:
    return [asdict(contact) for contact in details.contacts]


def show_refusal(refusal: DetailsRefused, form: CounterpartyForm, rows: Sequence[ContactForm]) -> None:
    """Put each problem beside its field. Empty rows were not counted when the problems were named."""
    filled = [row for row in rows if any(row.cleaned_data.values())]
    for problem in refusal.problems:
        _show(problem, form, filled)


def _show(problem: Problem, form: CounterpartyForm, filled: Sequence[ContactForm]) -> None:
    text = say(problem.ko, problem.en)
    parts = problem.field.split(".")
    if parts[0] != "contacts":
        form.add_error(problem.field, text)
    elif len(parts) == 1:
        form.add_error(None, text)
    else:
        filled[int(parts[1])].add_error(parts[2], text)


def _prefix(place: int) -> str:
    return f"contact-{place}"


def _place(text: str | list[object], count: int) -> int:
    """A row out of a button's value; -1 for none."""
    is_number = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 4  # noqa: PLR2004
    place = int(str(text)) if is_number else -1
    return place if place < count else -1
