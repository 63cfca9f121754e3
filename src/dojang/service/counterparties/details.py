"""What is known of a counterparty: the fields a person types, cleaned and judged in one place.

Forms, spreadsheets and programs all come through here, so that each refuses the same things with the same words.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Final, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model

from dojang.etax.identifiers import (
    Likeness,
    is_branch_number,
    is_business_number,
    is_resident_number,
    normalize,
    resident_doubts,
    resident_within,
)
from dojang.service.counterparties.hangul import composed
from dojang.service.counterparties.models import Contact, Counterparty, Kind
from dojang.service.counterparties.problems import Problem

MOST_CONTACTS: Final = 10
CONTACT_FIELDS: Final = ("name", "department", "email", "phone")
TEXT_FIELDS: Final = ("name", "code", "representative", "address", "business_type", "business_item")
FIELDS: Final = ("kind", "number", "branch_number", *TEXT_FIELDS, "memo")
"""The columns that hold what was typed; contacts and the encrypted number stand elsewhere."""

LABELS: Final[dict[str, tuple[str, str]]] = {
    "kind": ("구분", "Kind"),
    "number": ("사업자등록번호", "Business number"),
    "branch_number": ("종사업장번호", "Branch number"),
    "personal_number": ("주민·외국인등록번호(여권번호)", "Personal number"),
    "name": ("상호", "Name"),
    "code": ("거래처코드", "Code"),
    "representative": ("대표자", "Representative"),
    "address": ("주소", "Address"),
    "business_type": ("업태", "Business type"),
    "business_item": ("종목", "Business item"),
    "memo": ("메모", "Memo"),
    "contacts": ("담당자", "Contacts"),
    "contact_name": ("담당자", "Contact"),
    "department": ("부서", "Department"),
    "email": ("이메일", "E-mail"),
    "phone": ("전화", "Phone"),
}

_FOREIGN_ID = re.compile(r"[A-Z0-9]{5,20}")
_PHONE = re.compile(r"[0-9+()\-~. ,#*내선]*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """담당자: a person at a counterparty."""

    name: str = ""
    department: str = ""
    email: str = ""
    phone: str = ""

    def cleaned(self) -> "ContactDetails":
        return ContactDetails(**{name: _one_line(value) for name, value in asdict(self).items()})

    @property
    def is_empty(self) -> bool:
        return not any(asdict(self).values())

    def line(self) -> str:
        """As a history shows it."""
        return " · ".join(value for value in asdict(self).values() if value)


@dataclass(frozen=True, slots=True)
class Details:
    """A counterparty as somebody typed it."""

    name: str
    kind: str = Kind.BUSINESS
    number: str = ""
    branch_number: str = ""
    personal_number: str | None = field(default=None, repr=False)
    """None leaves the saved one as it is; empty takes it away."""
    code: str = ""
    representative: str = ""
    address: str = ""
    business_type: str = ""
    business_item: str = ""
    memo: str = ""
    contacts: tuple[ContactDetails, ...] = ()
    """In their order; the first two stand on invoices."""

    def cleaned(self) -> Self:
        """Without blanks around, numbers without hyphens, nothing that the kind does not have."""
        lines = {name: _one_line(getattr(self, name)) for name in TEXT_FIELDS}
        business = self.kind == Kind.BUSINESS
        personal = None if self.personal_number is None else normalize(self.personal_number).upper()
        contacts = (contact.cleaned() for contact in self.contacts)
        return replace(
            self,
            **lines,
            number=normalize(self.number) if business else "",
            branch_number=normalize(self.branch_number) if business else "",
            personal_number="" if business else personal,
            memo=_lines(self.memo),
            contacts=tuple(contact for contact in contacts if not contact.is_empty),
        )

    @classmethod
    def of(cls, counterparty: Counterparty) -> "Details":
        """As they are saved; the encrypted number is left where it is."""
        return cls(
            **{name: getattr(counterparty, name) for name in FIELDS},
            contacts=tuple(
                ContactDetails(**{name: getattr(contact, name) for name in CONTACT_FIELDS})
                for contact in counterparty.contacts.all()
            ),
        )


def problems(details: Details) -> tuple[Problem, ...]:
    """What is wrong or doubtful about cleaned details, in the order of the fields."""
    return (
        *_of_numbers(details),
        *_of_lengths(details),
        *_of_contacts(details.contacts),
        *_of_texts(details),
    )


def refusals(details: Details) -> tuple[Problem, ...]:
    """Only what keeps them from being saved."""
    return tuple(problem for problem in problems(details) if problem.blocks)


def limit(model: type[Model], name: str) -> int:
    """How many characters a column holds."""
    return int(getattr(model._meta.get_field(name), "max_length", 0) or 0)


def _of_numbers(details: Details) -> list[Problem]:
    found: list[Problem] = []
    if details.kind not in Kind.values:
        found.append(
            Problem(
                "kind", "kind", "구분은 사업자, 개인, 외국인 가운데 하나입니다.", "Choose one of the kinds."
            )
        )
    if details.kind == Kind.BUSINESS and not is_business_number(details.number):
        found.append(
            Problem(
                "number",
                "business_number",
                "사업자등록번호가 올바르지 않습니다. 열 자리 숫자를 다시 확인하세요.",
                "The business number is not valid. Check its ten digits.",
            )
        )
    if details.branch_number and not is_branch_number(details.branch_number):
        found.append(
            Problem(
                "branch_number",
                "branch_number",
                "종사업장번호는 네 자리 숫자입니다. 없으면 비워 두세요.",
                "A branch number has four digits. Leave it empty if there is none.",
            )
        )
    if details.personal_number:
        found += _PERSONAL.get(details.kind, _none)(details.personal_number)
    return found


def _none(_number: str) -> list[Problem]:
    return []


def _of_resident_number(number: str) -> list[Problem]:
    if not is_resident_number(number):
        return [
            Problem(
                "personal_number",
                "resident_number",
                "주민등록번호(또는 외국인등록번호)는 열세 자리 숫자입니다.",
                "A resident or foreign registration number has thirteen digits.",
            )
        ]
    if resident_doubts(number):
        return [
            Problem(
                "personal_number",
                "resident_number_doubtful",
                "생년월일이나 검증번호가 맞지 않습니다. 잘못 적지 않았는지 확인하세요.",
                "The date in it or its check digit is odd. Make sure that it is no slip.",
                blocks=False,
            )
        ]
    return []


def _of_foreign_id(number: str) -> list[Problem]:
    if _FOREIGN_ID.fullmatch(number):
        return []
    return [
        Problem(
            "personal_number",
            "foreigner_id",
            "외국인등록번호나 여권번호는 영문자와 숫자 5~20자입니다.",
            "A foreign registration or passport number has 5 to 20 letters and digits.",
        )
    ]


_PERSONAL: Final[dict[str, Callable[[str], list[Problem]]]] = {
    Kind.INDIVIDUAL: _of_resident_number,
    Kind.FOREIGNER: _of_foreign_id,
}


def _of_lengths(details: Details) -> list[Problem]:
    found: list[Problem] = []
    if not details.name:
        found.append(Problem("name", "name_missing", "상호(성명)를 적어 주세요.", "Enter the name."))
    long = (
        name for name in (*TEXT_FIELDS, "memo") if len(getattr(details, name)) > limit(Counterparty, name)
    )
    return found + [_too_long(name, name, limit(Counterparty, name)) for name in long]


def _too_long(place: str, label: str, most: int) -> Problem:
    ko, en = LABELS[label]
    return Problem(
        place, "too_long", f"{ko}: {most:,}자까지 쓸 수 있습니다.", f"{en}: {most:,} characters at most."
    )


def _of_contacts(contacts: tuple[ContactDetails, ...]) -> list[Problem]:
    found: list[Problem] = []
    if len(contacts) > MOST_CONTACTS:
        found.append(
            Problem(
                "contacts",
                "too_many_contacts",
                f"담당자는 {MOST_CONTACTS}명까지 둘 수 있습니다.",
                f"{MOST_CONTACTS} contacts at most.",
            )
        )
    for place, contact in enumerate(contacts):
        found += _of_contact(contact, f"contacts.{place}")
    return found


def _of_contact(contact: ContactDetails, place: str) -> list[Problem]:
    found: list[Problem] = []
    for name in CONTACT_FIELDS:
        label = "contact_name" if name == "name" else name
        if len(getattr(contact, name)) > limit(Contact, name):
            found.append(_too_long(f"{place}.{name}", label, limit(Contact, name)))
    if contact.email and not _is_email(contact.email):
        found.append(
            Problem(
                f"{place}.email",
                "email",
                "이메일 주소가 올바르지 않습니다. name@example.com 모양으로 적어 주세요.",
                "The e-mail address is not valid. It should look like name@example.com.",
            )
        )
    if contact.phone and not _PHONE.fullmatch(contact.phone):
        found.append(
            Problem(
                f"{place}.phone",
                "phone",
                "전화번호에는 숫자와 하이픈만 쓸 수 있습니다.",
                "A phone number has digits and hyphens only.",
            )
        )
    return found


def _of_texts(details: Details) -> list[Problem]:
    """Numbers of persons that stand where they are shown, searched and kept as they are: their field is encrypted."""
    texts = [(name, getattr(details, name)) for name in (*TEXT_FIELDS, "memo")]
    for place, contact in enumerate(details.contacts):
        texts += [(f"contacts.{place}.{name}", text) for name, text in asdict(contact).items()]
    return [
        Problem(
            place,
            "personal_number_elsewhere",
            "주민등록번호가 있습니다. 이 칸에서는 지우고, 개인 거래처라면 주민등록번호 칸에 적어 주세요.",
            "There is a resident number. Take it out; an individual's belongs in the field for the number.",
        )
        for place, text in texts
        if resident_within(text) is Likeness.SURE
    ]


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _one_line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", composed(text)).split())


def _lines(text: str) -> str:
    lines = _CONTROLS.sub(" ", composed(text)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
