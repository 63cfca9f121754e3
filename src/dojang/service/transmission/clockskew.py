"""How far this machine's clock is from the NTS's, as its signed answers tell."""

from datetime import datetime

from dojang.nts.response import TaxInvoiceResponse
from dojang.service.errors import ServiceError
from dojang.service.transmission import conditions

#: The NTS refuses what was issued later than it was transmitted (ERR005), to the second.
TOLERATED_SECONDS = 60.0


class ClockIsOff(ServiceError):
    """Issue times that lie in the NTS's future are refused."""

    code = "clock_is_off"
    ko = "서버의 시계가 국세청보다 {seconds:.0f}초 {which_ko}. 발급일시 오류(ERR005)가 나지 않도록 시계를 맞춰 주세요(NTP)."
    en = "This machine's clock is {seconds:.0f} s {which_en} the NTS's. Set it (NTP), or issue times are refused (ERR005)."


def observe(response: TaxInvoiceResponse, *, now: datetime) -> None:
    """Compare the time of an answer that has just come with ours."""
    ahead = (now - response.responded_at).total_seconds()
    if abs(ahead) <= TOLERATED_SECONDS:
        conditions.good(conditions.CLOCK, at=now, value=ahead)
        return
    error = ClockIsOff(
        seconds=abs(ahead),
        which_ko="빠릅니다" if ahead > 0 else "느립니다",
        which_en="ahead of" if ahead > 0 else "behind",
    )
    conditions.bad(conditions.CLOCK, error, at=now, value=ahead)
