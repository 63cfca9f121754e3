"""Answers to the questions as they are kept: JSON, and those that name a person apart and encrypted.

A resident number, or that of a foreigner's passport, never stands in a column that lists, logs or exports read.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from dojang.etax.codes import BuyerKind
from dojang.etax.identifiers import holds_resident_number, is_resident_number, normalize
from dojang.service import secrets
from dojang.service.amendments.models import Amendment
from dojang.service.invoices.content import require_storable

_PURPOSE: Final = "amendment.answers"
_PEOPLE: Final = (BuyerKind.INDIVIDUAL.value, BuyerKind.FOREIGNER.value)


def answers_of(amendment: Amendment) -> dict[str, Any]:
    """Every answer by question, numbers of persons included. Not for logs, events or pages."""
    if amendment.secret is None:
        return dict(amendment.answers)
    plain = secrets.decrypt(amendment.secret, purpose=_PURPOSE, workspace_id=amendment.workspace_id)
    hidden: dict[str, Any] = json.loads(plain)
    return {**amendment.answers, **hidden}


def put(amendment: Amendment, answers: Mapping[str, Any]) -> None:
    """Set the answers of a row, each where it belongs; nothing is saved.

    Raises:
        TooLarge, NoJson: what is no answer that anybody gives.
    """
    require_storable(answers)
    hidden = {key: value for key, value in answers.items() if names_a_person(value)}
    amendment.answers = {key: value for key, value in answers.items() if key not in hidden}
    amendment.secret = (
        secrets.encrypt(
            json.dumps(hidden, ensure_ascii=False).encode(),
            purpose=_PURPOSE,
            workspace_id=amendment.workspace_id,
        )
        if hidden
        else None
    )


def names_a_person(value: object) -> bool:
    """Whether an answer has a person's number in it, or is about a person at all."""
    if isinstance(value, str):
        return is_resident_number(normalize(value)) or holds_resident_number(value)
    if isinstance(value, Mapping):
        return value.get("kind") in _PEOPLE or any(map(names_a_person, value.values()))
    if isinstance(value, list | tuple):
        return any(map(names_a_person, value))
    return False
