"""The day on which 국세청 had an invoice: 발급일 of one whose buyer has no inbox but Hometax."""

import re
from datetime import date, datetime
from typing import Final

from dojang.service.invoices.timing import today

_RECEIVED_ON: Final = re.compile(r"NTS-([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{6}-[0-9]{5}")


def entered_on(receipt_id: str, *, sent_at: datetime) -> date:
    """The day that the receipt names, and the day of sending where it names none.

    Args:
        receipt_id: `NTS-`, 14 digits of its time in Korea, `-`, 5 digits; anything else is no receipt's.
        sent_at: aware.

    Source: 부가가치세법 시행령 §68⑪⑫.
    """
    match = _RECEIVED_ON.fullmatch(receipt_id)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    return today(sent_at)
