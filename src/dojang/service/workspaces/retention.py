"""Until when the books and documents of a workspace have to be kept, whether it is closed or not."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from dojang.etax.calendar.deadlines import final_return_due, months_after
from dojang.etax.calendar.periods import GENERAL, Taxpayer, TaxType, TaxTypeSince
from dojang.etax.parameters.law import FIRST_DAY, LAST_DAY, DateOutOfReach, Law

#: Five years after 확정신고기한 (부가가치세법 제71조 제3항).
_MONTHS: Final = 60
#: Whose taxable period is the calendar year (부가가치세법 제5조 제1항 제1호): its 확정신고기한 is the latest there is.
_WHOLE_YEAR: Final = Taxpayer((TaxTypeSince(date.min, TaxType.SIMPLIFIED),))


def keep_until(days: Iterable[date | None], *, law: Law) -> date | None:
    """The last day on which documents of these days have to be there; None without any.

    Counted by the longer of a general and a simplified taxpayer's periods, so that nobody throws away too early.

    Source: 부가가치세법 제71조 제3항. What was transmitted to the NTS as an electronic invoice is excepted there; the
    books, and what came on paper, are not.
    """
    known = [day for day in days if day is not None and FIRST_DAY <= day <= LAST_DAY]
    if not known:
        return None
    latest = max(known)
    try:
        return max(
            months_after(final_return_due(latest, law=law, taxpayer=taxpayer).on, _MONTHS)
            for taxpayer in (GENERAL, _WHOLE_YEAR)
        )
    except DateOutOfReach:
        return None
