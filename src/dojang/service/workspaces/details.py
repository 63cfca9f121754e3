"""What is known of a business: the fields a person types, cleaned and judged in one place."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model

from dojang.etax.identifiers import is_business_number, normalize
from dojang.service.workspaces.errors import DetailMissing, DetailTooLong, NoBusinessNumber, NoEmail
from dojang.service.workspaces.models import Business

#: The Korean and English name of what must not be empty: 필요적 기재사항 of the supplier (부가가치세법 §32①1).
_NEEDED = {"name": ("상호", "company name"), "representative": ("대표자", "representative's name")}


_LONGEST_EMAIL = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""


@dataclass(frozen=True, slots=True)
class BusinessDetails:
    """A business as its registration certificate names it, and who is asked about its invoices."""

    number: str
    name: str
    representative: str
    address: str = ""
    business_type: str = ""
    business_item: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""

    def cleaned(self) -> Self:
        """Without blanks around, the number without hyphens.

        Raises:
            NoBusinessNumber: the check digit is wrong.
            DetailMissing: name or representative is empty.
            DetailTooLong: one has no room where it is to stand.
            NoEmail: the contact's address is none.
        """
        values = {name: " ".join(value.split()) for name, value in asdict(self).items()}
        values["number"] = normalize(values["number"])
        if not is_business_number(values["number"]):
            raise NoBusinessNumber
        for name, (ko, en) in _NEEDED.items():
            if not values[name]:
                raise DetailMissing(label_ko=ko, label_en=en)
        refuse_long(Business, values)
        if values["contact_email"]:
            values["contact_email"] = email_address(values["contact_email"])
        return type(self)(**values)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """From a form's cleaned data, whatever else is in it."""
        return cls(**{name: values.get(name) or "" for name in DETAIL_FIELDS})

    @classmethod
    def of_business(cls, business: Business) -> Self:
        """As they stand now."""
        return cls(**{name: getattr(business, name) for name in DETAIL_FIELDS})


def refuse_long(model: type[Model], values: Mapping[str, str]) -> None:
    """Refuse a text that is longer than its column.

    Raises:
        DetailTooLong: with the name and the room of the first such field.
    """
    for name, value in values.items():
        field = model._meta.get_field(name)
        most = getattr(field, "max_length", None)
        if most is not None and len(value) > most:
            label = getattr(field, "verbose_name", name)
            raise DetailTooLong(label_ko=label, label_en=name.replace("_", " "), most=most)


def email_address(text: str) -> str:
    """An address in lower case.

    Raises:
        NoEmail: it is none, or longer than any can be.
    """
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise NoEmail from None
    if len(address) > _LONGEST_EMAIL:
        raise NoEmail
    return address


DETAIL_FIELDS = tuple(field.name for field in fields(BusinessDetails))
