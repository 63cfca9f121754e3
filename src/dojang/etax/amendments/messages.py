"""Everything the amendment engine says, by code: refusals and warnings in both languages, with their citation.

The texts stand in `messages.toml`, once each.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

from dojang.etax.amendments.particles import fill
from dojang.etax.notices import Notice

Fact = int | str | date
"""What a sentence may name: won, a name, a day."""


@dataclass(frozen=True, slots=True)
class Message(Notice):
    """A notice with the facts that its sentence names, for programs.

    Attributes:
        facts: name and value, in the order of the names; such as the largest amount that is possible.
    """

    facts: tuple[tuple[str, Fact], ...] = ()

    def fact(self, name: str) -> Fact | None:
        """The value of one fact; None when the sentence has none of that name."""
        return dict(self.facts).get(name)


@dataclass(frozen=True, slots=True)
class _Text:
    ko: str
    en: str
    citation: str


@cache
def _texts() -> Mapping[str, _Text]:
    data = resources.files("dojang.etax.amendments").joinpath("messages.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            code: _Text(entry["ko"], entry["en"], entry.get("citation", ""))
            for code, entry in tomllib.loads(data).items()
        }
    )


CODE_OF = MappingProxyType(
    {
        "also_same_family": "family_cross",
        "attached_first": "balance_negative",
        "balance_negative_tax": "balance_negative",
        "chain_cancelled_on": "chain_cancelled",
        "change_sign_mixed": "sign",
        "change_zero": "amount_zero",
        "evidence_before_original": "event_before_original",
        "issue_cancelled": "chain_cancelled",
        "non_mistake_late_exempt": "non_mistake_after_final_return",
        "non_mistake_late_zero_rated": "non_mistake_after_final_return",
        "not_transmitted_send_then_amend": "not_transmitted_use_cancel_issue",
        "plus_failed_reissue": "send_failed_reissue",
        "return_zero": "amount_zero",
        "sign_of_target": "sign",
        "sign_mixed": "sign",
        "takes_back_only": "target_superseded",
    }
)
"""Texts that say the same code for a case of its own."""


def message(text: str, **facts: Fact) -> Message:
    """What is said, with its facts.

    Args:
        text: the name of the text; as a rule also the code.
        facts: what its sentences name, and what else a program wants to know.

    Raises:
        KeyError: no such text, or a fact is missing.
    """
    found = _texts()[text]
    shown = dict(sorted(facts.items()))
    return Message(
        code=CODE_OF.get(text, text),
        ko=fill(found.ko, shown),
        en=fill(found.en, shown),
        citation=found.citation,
        facts=tuple(shown.items()),
    )


def codes() -> tuple[str, ...]:
    """Every text there is, in the order of the file."""
    return tuple(_texts())
