"""Certificate policies (용도): what an NPKI certificate was issued for, as dated data.

The table is `policies.toml`. An OID that is not in it says nothing against a certificate: authorities add kinds,
and the 국세청 decides in the end.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

ANY_POLICY: Final = "2.5.29.32.0"

Use = Literal[
    "general_business",
    "general_personal",
    "tax_invoice",
    "bank",
    "securities",
    "card",
    "civil_service",
    "procurement",
    "financial",
    "server",
]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy OID.

    `accepted` says whether a certificate of this kind may sign tax invoices; None where sources leave it open.
    `since` and `until` bound the days on which the entry holds, None where unbounded.
    """

    oid: str
    ca: str
    use: Use
    ko: str
    en: str
    accepted: bool | None
    source: str
    since: date | None = None
    until: date | None = None

    def holds_on(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


def lookup(oid: str, on: date | None = None) -> Policy | None:
    """The policy with this OID, on this day when one is given; None when the table does not know it."""
    found = table().get(oid, ())
    return next((policy for policy in found if on is None or policy.holds_on(on)), None)


@cache
def table() -> Mapping[str, tuple[Policy, ...]]:
    """Every entry by OID, in the order of the file."""
    text = resources.files("dojang.npki").joinpath("policies.toml").read_text("utf-8")
    found: dict[str, tuple[Policy, ...]] = {}
    for entry in tomllib.loads(text)["policy"]:
        entry["accepted"] = _ACCEPTED[entry["accepted"]]
        policy = Policy(**entry)
        found[policy.oid] = (*found.get(policy.oid, ()), policy)
    return MappingProxyType(found)


_ACCEPTED: Final = {"yes": True, "no": False, "open": None}
