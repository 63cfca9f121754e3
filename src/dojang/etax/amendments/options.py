"""`options`: for each reason and its sub-types whether it is possible now, why not, and the form it needs.

The form is a JSON Schema (2020-12) of the request: `title` in Korean, `x-title-en` in English, and the limits of this
chain filled in: the largest amount, the earliest and the latest day (`formatMinimum`, `formatMaximum`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from dojang.etax.amendments.case import Case, Rule, Subtype
from dojang.etax.amendments.chain import Chain
from dojang.etax.amendments.gate import gate
from dojang.etax.amendments.plan import RULES, no_target, notice_data
from dojang.etax.calendar.deadlines import local_credit_limit
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.facts import Facts
from dojang.etax.notices import Notice
from dojang.etax.parameters.law import Law

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Option:
    """One way to amend a document.

    Attributes:
        reason: 수정사유.
        subtype: which way the reason applies.
        why_not: why it is not possible now; nothing if it is.
        schema: the form, as JSON Schema of the request.
    """

    reason: AmendmentReason
    subtype: Subtype
    why_not: tuple[Notice, ...]
    schema: Mapping[str, Any]

    @property
    def is_possible(self) -> bool:
        """Whether it can be asked for."""
        return not self.why_not

    def to_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "reason": self.reason.value,
            "subtype": self.subtype.code,
            "ko": self.reason.ko,
            "en": self.reason.en,
            "subtype_ko": self.subtype.ko,
            "subtype_en": self.subtype.en,
            "citation": self.subtype.citation,
            "deadline_kind": self.subtype.kind.value,
            "possible": self.is_possible,
            "why_not": [notice_data(each) for each in self.why_not],
            "schema": dict(self.schema),
        }


def options(
    chain: Chain, facts: Facts, *, law: Law, on: date, target: str | None = None
) -> tuple[Option, ...]:
    """Every reason and sub-type, possible or not.

    Args:
        chain: the original and everything issued on it.
        facts: what is known of the parties.
        law: the figures and the calendar.
        on: the day, in Korea.
        target: 승인번호 of the document to amend; the default target if it is left out.
    """
    return tuple(
        _option(rule, subtype, chain, facts, law, on, target)
        for rule in RULES.values()
        for subtype in rule.subtypes
    )


def _option(
    rule: Rule[Any], subtype: Subtype, chain: Chain, facts: Facts, law: Law, on: date, target: str | None
) -> Option:
    node = chain.find(target)
    if node is None:
        return Option(rule.reason, subtype, (no_target(target),), form(rule, subtype))
    case = Case(chain, node, facts, law, on)
    why_not = tuple(gate(case, rule.reason)) or tuple(rule.bars(case, subtype))
    return Option(rule.reason, subtype, why_not, _limited(form(rule, subtype), rule.reason, case))


# Forms --------------------------------------------------------------------------------------------------------


def form(rule: Rule[Any], subtype: Subtype) -> dict[str, Any]:
    """The form of a sub-type before anything is known of a chain."""
    schema: dict[str, Any] = {"$schema": _DIALECT} | rule.shape.model_json_schema()
    schema |= {"title": f"{rule.reason.ko}: {subtype.ko}", "x-title-en": f"{rule.reason.en}: {subtype.en}"}
    schema.pop("description", None)  # what a programmer reads, not what a form shows
    if subtype.field is not None:
        _narrow(schema, subtype.field, {"const": subtype.code, "default": subtype.code})
        schema["properties"][subtype.field].pop("enum", None)
    if rule.reason is AmendmentReason.CANCELLED_CONTRACT:
        # It has to be asked, so a form offers no "unknown".
        labels = {"title": schema["properties"]["delivered"]["title"]}
        english = {"x-title-en": schema["properties"]["delivered"]["x-title-en"]}
        schema["properties"]["delivered"] = {"type": "boolean"} | labels | english
        schema["required"].append("delivered")
    for field in _UNUSED.get(subtype.code or "", ()):
        del schema["properties"][field]
    return schema


_UNUSED: Mapping[str, tuple[str, ...]] = {
    "duplicate": ("replace_with", "replace_written_on", "supply_amount"),
    "not_taxable": ("twin", "supply_amount"),
    "wrong_supplier": ("twin", "replace_with", "replace_written_on", "supply_amount"),
    "too_early": ("twin", "supply_amount"),
    "non_mistake": ("also",),
    "tax_rate": ("also",),
    "optional": ("also",),
}
"""Fields that a sub-type has no use for, though a request may leave them null."""


def _narrow(schema: dict[str, Any], field: str, limits: Mapping[str, Any]) -> None:
    """Put limits on a field; where it may be null, on what it is when it is not."""
    found = cast("dict[str, Any]", schema["properties"][field])
    choices = [each for each in found.get("anyOf", ()) if each.get("type") in {"integer", "string"}]
    for place in choices or [found]:
        if "const" not in place:
            place.update(limits)


def _limited(schema: dict[str, Any], reason: AmendmentReason, case: Case) -> dict[str, Any]:
    """The form with the limits of a case."""
    if case.invoice.issue_id is not None:
        schema["properties"]["target"]["default"] = case.target.key
    for field, limits in _limits(reason, case):
        _narrow(schema, field, limits)
    return schema


def _limits(reason: AmendmentReason, case: Case) -> Iterator[tuple[str, Mapping[str, Any]]]:
    taxed = case.taxation is Taxation.TAXABLE
    left = case.left
    most = {"minimum": 1, "maximum": max(left.supply_amount, 0)}
    if reason is AmendmentReason.PRICE_CHANGE:
        yield "supply_delta", {"minimum": -max(left.supply_amount, 0)}
        yield "tax_delta", {"minimum": -max(left.tax_amount, 0)} if taxed else {"const": 0}
    if reason is AmendmentReason.RETURN:
        yield "supply_amount", most
        yield "tax_amount", {"minimum": 0, "maximum": max(left.tax_amount, 0)} if taxed else {"const": 0}
    if reason in _EVENTS:
        yield "event_on", _days(case.original_on, _latest_event(case))
    if reason is AmendmentReason.LOCAL_CREDIT:
        yield "supply_amount", most | {"maximum": max(case.own.of(case.taxation).supply_amount, 0)}
        yield "evidence_on", _days(case.invoice.written_on, min(case.on, _credit_limit(case)))
    if reason is AmendmentReason.MISTAKE:
        yield "corrected", {"x-issued-on": _text(case.target.document.issued_on or case.on)}


_EVENTS = frozenset(
    {AmendmentReason.PRICE_CHANGE, AmendmentReason.RETURN, AmendmentReason.CANCELLED_CONTRACT}
)


def _days(first: date, last: date) -> Mapping[str, str]:
    return {"formatMinimum": _text(first), "formatMaximum": _text(last)}


def _text(day: date) -> str:
    return day.isoformat()


def _latest_event(case: Case) -> date:
    """Today, or the day on which a party without a successor closed."""
    facts = case.facts
    closed = [facts.supplier_closed_on, None if facts.successors.buyer else facts.buyer_closed_on]
    return min([case.on, *(day for day in closed if day is not None)])


def _credit_limit(case: Case) -> date:
    found = local_credit_limit(
        case.invoice.written_on, law=case.law, opened_on=case.on, taxpayer=case.facts.supplier
    )
    return found.on
