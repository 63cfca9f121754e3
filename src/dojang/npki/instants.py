"""UTCTime and GeneralizedTime as certificates write them (RFC 5280, 4.1.2.5), to and from aware UTC datetimes."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from dojang.npki import der
from dojang.npki.errors import MalformedFile

UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18

_SECONDS_AND_Z: Final = {
    UTC_TIME: re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z", re.ASCII),
    GENERALIZED_TIME: re.compile(rb"(\d\d\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z", re.ASCII),
}
# RFC 5280, 4.1.2.5.1: two digits of 50 and above mean 19xx; from 2050 on GeneralizedTime is used.
_PIVOT: Final = 50
_FIRST_GENERALIZED_YEAR: Final = 2050
_KST: Final = timezone(timedelta(hours=9))


def read_instant(element: der.Element) -> datetime:
    """The aware UTC instant of a `Time`.

    Raises:
        MalformedFile: another type, a form RFC 5280 forbids (no seconds, an offset), or no such day.
    """
    form = _SECONDS_AND_Z.get(element.tag)
    match = form.fullmatch(element.content) if form else None
    if match is None:
        raise MalformedFile
    year, *rest = map(int, match.groups())
    if element.tag == UTC_TIME:
        year += 1900 if year >= _PIVOT else 2000
    try:
        month, day, hour, minute, second = rest
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise MalformedFile from None


def write_instant(instant: datetime) -> bytes:
    """The DER `Time` of an aware instant, to the second."""
    utc = instant.astimezone(UTC)
    if utc.year < _FIRST_GENERALIZED_YEAR:
        return der.encode(UTC_TIME, f"{utc:%y%m%d%H%M%SZ}".encode())
    return der.encode(GENERALIZED_TIME, f"{utc:%Y%m%d%H%M%SZ}".encode())


def in_korea(instant: datetime) -> str:
    """An instant for people: date and time of day in Korea (KST), which has no summer time."""
    return f"{instant.astimezone(_KST):%Y-%m-%d %H:%M}"


def korean_date(instant: datetime) -> date:
    """The day it was in Korea."""
    return instant.astimezone(_KST).date()
