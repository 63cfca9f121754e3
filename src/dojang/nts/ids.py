"""The numbers of the wire: SubmitID, MessageID, ResultID and ReceiptID.

Randomness and time are arguments, so that a number can be made again in a test and drawn from the right
source in production. Times in them are Korean local time.

Source: KEC 표준전자세금계산서 v3.0, 전송 메시지.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from dojang.etax.invoice import KST
from dojang.nts.errors import InvalidIdentifier

RANDOM_BYTES = 16
"""How many random bytes SubmitID, MessageID and ResultID take."""

_REGISTRATION = re.compile(r"[0-9]{8}")
_SUBMIT_ID = re.compile(r"([0-9]{8})-([0-9]{8})-([0-9a-f]{32})")
_MESSAGE_ID = re.compile(r"([0-9]{17})-([0-9a-f]{32})")
_RESULT_ID = re.compile(r"([0-9]{8})([0-9a-f]{32})")
_RECEIPT_ID = re.compile(r"NTS-([0-9]{14})-([0-9]{5})")


@dataclass(frozen=True, slots=True)
class SubmitId:
    """The parts of a SubmitID: which system sent, on which day, and a random rest."""

    registration: str
    day: date
    serial: str

    def __str__(self) -> str:
        return f"{self.registration}-{self.day:%Y%m%d}-{self.serial}"


def new_submit_id(registration: str, day: date, random: bytes) -> str:
    """A SubmitID, 50 characters: registration number, day of sending (KST), 16 random bytes as hex.

    Raises:
        InvalidIdentifier: when the registration number is not 8 digits.
    """
    if not _REGISTRATION.fullmatch(registration):
        raise InvalidIdentifier(name="registration number", shape="8 digits")
    return f"{registration}-{day:%Y%m%d}-{_hex(random)}"


def new_message_id(now: datetime, random: bytes) -> str:
    """A wsa:MessageID: `now` in KST to the millisecond, a hyphen, 16 random bytes as hex."""
    local = _korean(now)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}-{_hex(random)}"


def new_result_id(now: datetime, random: bytes) -> str:
    """A ResultID, which only the NTS gives: the day in KST and 16 random bytes as hex."""
    return f"{_korean(now):%Y%m%d}{_hex(random)}"


def new_receipt_id(now: datetime, random: bytes) -> str:
    """A ReceiptID, which only the NTS gives: `NTS-`, 14 digits of time in KST, `-`, 5 digits."""
    return f"NTS-{_korean(now):%Y%m%d%H%M%S}-{int.from_bytes(random) % 100_000:05d}"


def parse_submit_id(text: str) -> SubmitId:
    """The parts of a SubmitID.

    Raises:
        InvalidIdentifier: for another shape, or a day that no calendar has.
    """
    match = _match("SubmitID", "NNNNNNNN-yyyyMMdd-32 hex", _SUBMIT_ID, text)
    return SubmitId(match[1], _day("SubmitID", match[2]), match[3])


def check_message_id(text: str) -> str:
    """The MessageID itself, when it is one; raises InvalidIdentifier otherwise."""
    _day("MessageID", _match("MessageID", "yyyyMMddHHmmssSSS-32 hex", _MESSAGE_ID, text)[1][:8])
    return text


def check_result_id(text: str) -> str:
    """The ResultID itself, when it is one; raises InvalidIdentifier otherwise."""
    _day("ResultID", _match("ResultID", "yyyyMMdd+32 hex", _RESULT_ID, text)[1])
    return text


def check_receipt_id(text: str) -> str:
    """The ReceiptID itself, when it is one; raises InvalidIdentifier otherwise."""
    _day("ReceiptID", _match("ReceiptID", "NTS-yyyyMMddHHmmss-NNNNN", _RECEIPT_ID, text)[1][:8])
    return text


def _match(name: str, shape: str, pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise InvalidIdentifier(name=name, shape=shape)
    return match


def _day(name: str, digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidIdentifier(name=name, shape="a real day") from None


def _hex(random: bytes) -> str:
    if len(random) != RANDOM_BYTES:
        raise InvalidIdentifier(name="random part", shape=f"{RANDOM_BYTES} bytes")
    return random.hex()


def _korean(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise InvalidIdentifier(name="time", shape="a datetime that knows its zone")
    return now.astimezone(KST)
