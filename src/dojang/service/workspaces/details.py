"""What is known of a business: the fields a person types, cleaned and judged in one place."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from dojang.etax.identifiers import is_business_number, normalize
from dojang.service.workspaces.errors import DetailMissing, NoBusinessNumber
from dojang.service.workspaces.models import Business

#: The Korean and English name of what must not be empty: 필요적 기재사항 of the supplier (부가가치세법 §32①1).
_NEEDED = {"name": ("상호", "company name"), "representative": ("대표자", "representative's name")}


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
        """
        values = {name: " ".join(value.split()) for name, value in asdict(self).items()}
        values["number"] = normalize(values["number"])
        if not is_business_number(values["number"]):
            raise NoBusinessNumber
        for name, (ko, en) in _NEEDED.items():
            if not values[name]:
                raise DetailMissing(label_ko=ko, label_en=en)
        return type(self)(**values)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """From a form's cleaned data, whatever else is in it."""
        return cls(**{name: values.get(name) or "" for name in DETAIL_FIELDS})

    @classmethod
    def of_business(cls, business: Business) -> Self:
        """As they stand now."""
        return cls(**{name: getattr(business, name) for name in DETAIL_FIELDS})


DETAIL_FIELDS = tuple(field.name for field in fields(BusinessDetails))
