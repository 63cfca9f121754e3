"""What a customer fills in: judged, kept without the number of a person, read again, compared with what is known."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from dojang.etax.identifiers import holds_resident_number
from dojang.service import secrets
from dojang.service.billing import terms
from dojang.service.billing.models import BillingRequest, State
from dojang.service.counterparties import personal
from dojang.service.counterparties.details import (
    LABELS,
    MOST_CONTACTS,
    ContactDetails,
    Details,
    refusals,
)
from dojang.service.counterparties.errors import DetailsRefused
from dojang.service.counterparties.models import BusinessState, Counterparty, Kind
from dojang.service.counterparties.problems import Problem
from dojang.service.counterparties.taxstatus import TaxStatus
from dojang.service.links.terms import last_day

_PURPOSE: Final = "billing.personal_number"
_DATE_OF_BIRTH: Final = 6
#: What a customer can say of itself; code and memo are ours.
FIELDS: Final = (
    "kind", "number", "branch_number", "name", "representative", "address", "business_type", "business_item",
)  # fmt: skip
KINDS: Final = (Kind.BUSINESS, Kind.INDIVIDUAL)
CONTACTS: Final = 2


def accepted(details: Details, *, has_number: bool) -> Details:
    """Cleaned details that make a whole answer.

    Args:
        details: as typed.
        has_number: whether the number of the person is kept already.

    Raises:
        DetailsRefused: with everything that is wrong or missing.
    """
    cleaned = details.cleaned()
    all_of_it = (*refusals(cleaned), *_missing(cleaned, has_number=has_number))
    found = {(one.field, one.code): one for one in all_of_it}
    if found:
        raise DetailsRefused(list(found.values()))
    return cleaned


def _missing(details: Details, *, has_number: bool) -> list[Problem]:
    found = []
    if details.kind == Kind.BUSINESS and not details.representative:
        found.append(
            Problem(
                "representative",
                "representative_missing",
                "대표자를 적어 주세요. 세금계산서에 적습니다.",
                "Enter the representative, who stands on invoices.",
            )
        )
    if details.kind == Kind.INDIVIDUAL and not details.personal_number and not has_number:
        found.append(
            Problem(
                "personal_number",
                "personal_number_missing",
                "주민등록번호(또는 외국인등록번호)를 적어 주세요.",
                "Enter your resident or foreign registration number.",
            )
        )
    for place, text in _texts(details):
        if holds_resident_number(text):
            found.append(
                Problem(
                    place,
                    "personal_number_elsewhere",
                    "주민등록번호로 보이는 번호가 있습니다. 이 칸에서는 지워 주세요.",
                    "This looks like a resident number. Take it out of this field.",
                )
            )
    if not any(one.email for one in details.contacts):
        place = "contacts.0.email" if details.contacts else "contacts"
        found.append(
            Problem(
                place,
                "email_missing",
                "세금계산서를 받을 이메일을 적어 주세요.",
                "Enter the e-mail address that invoices go to.",
            )
        )
    return found


def _texts(details: Details) -> Iterator[tuple[str, str]]:
    """What is kept as it was typed, by the name of its field."""
    yield from ((name, getattr(details, name)) for name in FIELDS if name not in {"kind", "number"})
    for place, contact in enumerate(details.contacts):
        yield from ((f"contacts.{place}.{name}", text) for name, text in asdict(contact).items())


def keep(row: BillingRequest, details: Details) -> None:
    """Put an accepted answer into a request that is saved afterwards. None as the number leaves the kept one."""
    row.answer = {name: getattr(details, name) for name in FIELDS} | {
        "contacts": [asdict(one) for one in details.contacts]
    }
    if details.kind != Kind.INDIVIDUAL:
        row.personal_number = None
    elif details.personal_number:
        row.personal_number = secrets.encrypt(
            details.personal_number.encode(), purpose=_PURPOSE, workspace_id=row.workspace_id
        )


def details_of(row: BillingRequest) -> Details:
    """The answer as details, without the number of a person."""
    given: dict[str, Any] = {name: str(row.answer.get(name, "")) for name in FIELDS}
    contacts = tuple(ContactDetails(**one) for one in row.answer.get("contacts", ()))
    return Details(**given, contacts=contacts)


def number_of(row: BillingRequest) -> str:
    """The number of the person, to be put with the counterparty. Never shown.

    Raises:
        SecretUnreadable.
    """
    if row.personal_number is None:
        return ""
    opened = secrets.decrypt(row.personal_number, purpose=_PURPOSE, workspace_id=row.workspace_id)
    return opened.decode()


def masked_number(row: BillingRequest) -> str:
    """As members may see it: 900101-*******."""
    number = number_of(row)
    hidden = "*" * (len(number) - _DATE_OF_BIRTH)
    return f"{number[:_DATE_OF_BIRTH]}-{hidden}" if number else ""


def kept_until(row: BillingRequest) -> date | None:
    """The last day on which an answer is there unless somebody takes it over; nothing where there is none to lose."""
    if row.state != State.ANSWERED or row.answered_at is None:
        return None
    return last_day(terms.kept_until(answered_at=row.answered_at, expires_at=row.expires_at))


# --- what the tax office said ---------------------------------------------------------------------------------------


def keep_status(row: BillingRequest, status: TaxStatus | None, now: datetime) -> None:
    """Put what was said of the number, or that nothing was, into a request that is saved afterwards."""
    row.status = (
        {}
        if status is None
        else {
            "number": status.number,
            "state": status.state.value,
            "tax_type": status.tax_type,
            "text": status.text,
            "closed_on": status.closed_on.isoformat() if status.closed_on else "",
            "at": now.isoformat(),
        }
    )


def status_of(row: BillingRequest) -> tuple[TaxStatus, datetime] | None:
    """What was said of the number in the answer, and when."""
    kept = row.status
    if not kept or kept["number"] != row.answer.get("number"):
        return None
    closed = date.fromisoformat(kept["closed_on"]) if kept["closed_on"] else None
    status = TaxStatus(kept["number"], BusinessState(kept["state"]), kept["tax_type"], kept["text"], closed)
    return status, datetime.fromisoformat(kept["at"])


# --- beside what is known -------------------------------------------------------------------------------------------


def merged(known: Details | None, row: BillingRequest) -> Details:
    """What the counterparty becomes: the answer, and what it leaves open as it was known.

    Another number is another registration, of which nothing that was known before says anything; code and memo are
    ours and stay. Contacts that the answer does not name come after those it names.
    """
    answer = details_of(row)
    if known is None:
        return answer
    found = replace(answer, code=known.code, memo=known.memo)
    if (known.kind, known.number) == (answer.kind, answer.number):
        empty = {name: getattr(known, name) for name in FIELDS if not getattr(answer, name)}
        found = replace(found, **empty)
    named = {_key(one) for one in answer.contacts}
    others = [one for one in known.contacts if _key(one) not in named]
    return replace(found, contacts=(*answer.contacts, *others)[:MOST_CONTACTS])


def _key(contact: ContactDetails) -> str:
    return (contact.email or contact.name).lower()


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the comparison.

    Attributes:
        field: its name, as in `counterparties.details.LABELS`.
        known: what the counterparty has; `answered`: what was filled in.
        mark: same, new, changed, or kept where nothing was filled in.
    """

    field: str
    known: str
    answered: str
    mark: str


def comparison(known: Counterparty | None, row: BillingRequest) -> list[Line]:
    """Each field of the answer beside what is known; numbers of persons masked."""
    before = None if known is None else Details.of(known)
    after = merged(before, row)
    lines = [
        _line(name, getattr(before, name) if before else "", str(row.answer.get(name, "")))
        for name in FIELDS
        if name in LABELS and not (name in {"number", "branch_number"} and after.kind != Kind.BUSINESS)
    ]
    if after.kind == Kind.INDIVIDUAL:
        same = known is not None and personal.plain(known) == number_of(row)
        shown = personal.masked(known) if known else ""
        line = _line("personal_number", shown, masked_number(row))
        if line.mark == "same" and not same:
            line = replace(line, mark="changed")
        lines.insert(1, line)
    contacts = (_contacts(before.contacts if before else ()), _contacts(details_of(row).contacts))
    return [*lines, _line("contacts", *contacts)]


def _line(field: str, known: str, answered: str) -> Line:
    if known == answered:
        mark = "same"
    elif not answered:
        mark = "kept"
    elif not known:
        mark = "new"
    else:
        mark = "changed"
    return Line(field, known, answered, mark)


def _contacts(contacts: Sequence[ContactDetails]) -> str:
    return "\n".join(one.line() for one in contacts)
