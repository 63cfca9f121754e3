"""The number of a person: sealed, found by its fingerprint, shown masked."""

from typing import Final

from dojang.service import secrets
from dojang.service.counterparties.models import Counterparty, Kind

PURPOSE: Final = "counterparty.personal_number"
_SHOWN: Final = {Kind.INDIVIDUAL: 6, Kind.FOREIGNER: 2}
"""How many characters stay: of a resident number the date of birth."""


def seal(counterparty: Counterparty, number: str) -> None:
    """Put a number, or none where it is empty, into a counterparty that is saved afterwards."""
    if not number:
        counterparty.personal_number, counterparty.personal_number_hmac = None, ""
        return
    workspace_id = counterparty.workspace_id
    counterparty.personal_number = secrets.encrypt(
        number.encode(), purpose=PURPOSE, workspace_id=workspace_id
    )
    counterparty.personal_number_hmac = secrets.fingerprint(number, workspace_id)


def plain(counterparty: Counterparty) -> str:
    """The number itself, for the document that the law wants it on. Showing it to a person is `services.reveal`.

    Returns:
        Empty where none is saved.

    Raises:
        SecretUnreadable: it was sealed with another data key.
    """
    if counterparty.personal_number is None:
        return ""
    opened = secrets.decrypt(
        counterparty.personal_number, purpose=PURPOSE, workspace_id=counterparty.workspace_id
    )
    return opened.decode()


def masked(counterparty: Counterparty) -> str:
    """As it may be seen: 900101-*******, or M1*******."""
    number = plain(counterparty)
    if not number:
        return ""
    shown = _SHOWN.get(Kind(counterparty.kind), 0)
    return hyphenated(counterparty, number[:shown] + "*" * (len(number) - shown))


def hyphenated(counterparty: Counterparty, number: str) -> str:
    """As people write it: a resident number as 6-7, others as they are."""
    return f"{number[:6]}-{number[6:]}" if counterparty.kind == Kind.INDIVIDUAL else number
