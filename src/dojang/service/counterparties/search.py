"""How counterparties are found: by name, 초성, number, code, representative; a person's number by its fingerprint."""

import re
from typing import Final

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from dojang.etax.identifiers import is_resident_number, normalize
from dojang.service import secrets
from dojang.service.counterparties.hangul import composed, has_initials, initials, pattern
from dojang.service.counterparties.models import Counterparty

MOST_CHARACTERS: Final = 70
_NUMBER: Final = re.compile(r"[0-9][0-9\-\s]*")


def search_text(counterparty: Counterparty) -> str:
    """What the column `search` holds: one line for each thing it can be found by."""
    name = composed(counterparty.name).lower()
    close = "".join(name.split())
    lines = (
        name,
        close if close != name else "",
        initials(close),
        counterparty.number,
        counterparty.code.lower(),
        composed(counterparty.representative).lower(),
    )
    return "\n".join(line for line in lines if line)


def matching(rows: QuerySet[Counterparty], query: str, *, workspace_id: int) -> QuerySet[Counterparty]:
    """Those that fit what was typed; all of them where nothing was."""
    text = _typed(query)
    return rows.filter(_fits(text, workspace_id)) if text else rows


def ranked(rows: QuerySet[Counterparty], query: str) -> QuerySet[Counterparty]:
    """Exact numbers first, then names that begin so, then names."""
    text = _typed(query)
    start = f"^{pattern(text)}" if text else "^"
    rank = Case(
        When(number=normalize(text), then=Value(0)),
        When(Q(search__regex=start) | Q(name_key__regex=start), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.order_by(rank, "name_key", "name", "id")


def _typed(query: str) -> str:
    return " ".join(composed(query.replace("\x00", "")).lower().split())[:MOST_CHARACTERS]


def _fits(text: str, workspace_id: int) -> Q:
    digits = normalize(text)
    if is_resident_number(digits):
        return Q(personal_number_hmac=secrets.fingerprint(digits, workspace_id))
    close = "".join(text.split())
    found = Q(search__regex=pattern(text)) if _is_half_typed(text) else Q(search__contains=text)
    if close != text:
        found |= Q(search__regex=pattern(close)) if has_initials(close) else Q(search__contains=close)
    if _NUMBER.fullmatch(text):
        found |= Q(search__contains=digits)
    return found


def _is_half_typed(text: str) -> bool:
    """Whether plain text would not do: consonants alone, or a last syllable that may get a final consonant."""
    return pattern(text) != re.escape(text)
