"""What of `dojang.etax.facts.Facts` a business says of itself: guessed from its number, then told on one page."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from dojang.etax.calendar.periods import SupplierKind, TaxType
from dojang.etax.facts import Facts
from dojang.etax.identifiers import BusinessClass, business_class
from dojang.etax.parameters.law import FIRST_DAY

YES, NO, UNKNOWN = "yes", "no", "unknown"
_TOLD = {YES: True, NO: False, UNKNOWN: None}
_SAID = {told: said for said, told in _TOLD.items()}

RETURNS_FILED = "returns_filed"
"""The fact that is told return by return."""

_SOLE = frozenset({BusinessClass.SOLE_TAXABLE, BusinessClass.SOLE_EXEMPT})


def guess(number: str) -> dict[str, Any]:
    """What the digits of a business number suggest, until somebody tells.

    Whether a sole proprietor is obliged to issue electronically depends on last year's supplies (시행령 §68①),
    which no digit says: unknown. For its first quarter and its third it is billed, and files nothing (법 §48③).
    """
    kind = business_class(number)
    if kind not in _SOLE:
        return {"supplier_kind": SupplierKind.CORPORATION.value}
    facts: dict[str, Any] = {
        "supplier_kind": SupplierKind.INDIVIDUAL.value,
        "e_obligated": None,
        "files_preliminary": False,
    }
    if kind is BusinessClass.SOLE_EXEMPT:
        facts["supplier_tax_types"] = _tax_types(TaxType.EXEMPT.value, None)
    return facts


def told(form: Mapping[str, Any]) -> dict[str, Any]:
    """Facts, as JSON, from the fields of the page."""
    corporation = form["supplier_kind"] == SupplierKind.CORPORATION
    return {
        "supplier_kind": form["supplier_kind"],
        # A corporation always is (부가가치세법 §32②); its fiscal year is its own, a person's is the calendar year.
        "e_obligated": True if corporation else _TOLD[form["e_obligated"]],
        "fiscal_year_end": form["fiscal_year_end"] if corporation else "12-31",
        "supplier_tax_types": _tax_types(form["tax_type"], form["tax_type_since"]),
        "files_preliminary": _TOLD[form["files_preliminary"]],
        "sme": form["sme"],
    }


def shown(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the page from stored facts."""
    facts = Facts.from_json(json.dumps(dict(stored)))
    types = facts.supplier_tax_types
    latest = max(types, key=lambda entry: entry.since) if types else None
    since = None if latest is None or latest.since == FIRST_DAY else latest.since
    return {
        "supplier_kind": facts.supplier_kind.value,
        "e_obligated": _SAID[facts.e_obligated],
        "fiscal_year_end": facts.fiscal_year_end,
        "tax_type": (latest.tax_type if latest else None) or TaxType.GENERAL.value,
        "tax_type_since": since,
        "files_preliminary": _SAID[facts.files_preliminary],
        "sme": facts.sme,
    }


def returns_marked(stored: Mapping[str, Any]) -> dict[str, str]:
    """신고 완료: the day, as ISO writes it, on which each return that is marked was filed."""
    told = stored.get(RETURNS_FILED)
    return {each["period"]: each["filed_on"] for each in told} if isinstance(told, list) else {}


def with_returns(stored: Mapping[str, Any], marks: Mapping[str, str]) -> dict[str, Any]:
    """Stored facts with these returns marked; without a day one is not, and without any the fact is unknown again."""
    others = {name: told for name, told in stored.items() if name != RETURNS_FILED}
    filed = [{"period": period, "filed_on": day} for period, day in sorted(marks.items()) if day]
    return others | {RETURNS_FILED: filed} if filed else others


def _tax_types(tax_type: str, since: date | None) -> list[dict[str, str]]:
    """A history of one entry: from a day on, or always."""
    if tax_type == TaxType.GENERAL and since is None:
        return []
    return [{"from": (since or FIRST_DAY).isoformat(), "type": tax_type}]
