"""What can be scripted from outside, over the control API or in `script.json`; one JSON for both.

    {"businesses": {"9998100015": {"state": "closed", "closed_on": "2026-10-31"},
                    "9998600010": {"kind": "simplified"}},
     "systems": [{"registration": "42000001", "business_number": "9998100015", "name": "…",
                  "certificate": "<base64 or PEM>", "km_certificate": null, "email": "…"}],
     "anchors": ["/path/of/a/testca"],
     "paper_originals": ["202611204100000000000001"],
     "clock": {"offset_seconds": 0, "frozen_at": "2026-11-20T09:00:00+09:00"},
     "delays": {"judging_seconds": 0, "reply_seconds": 0},
     "callbacks": {"attempts": 10, "retry_seconds": 1},
     "faults": [{"kind": "lost_after", "action": "submit", "times": 1}]}

Every part may be left out. `script.json` in the data folder is taken over at the start after it was written or
changed, and by a reset; what was switched afterwards stays as it is until then.
"""

import base64
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, ValidationError

from dojang.errors import DojangError
from dojang.etax.identifiers import is_business_number
from dojang.npki.certificates import Certificate
from dojang.sandbox.errors import ScriptUnreadable
from dojang.sandbox.faults import MOST_SECONDS, Fault
from dojang.sandbox.record import Record
from dojang.sandbox.register import Business

SCRIPT_NAME = "script.json"
_MAX_SCRIPT_BYTES = 4 << 20
_MOST_OFFSET = 100 * 366 * 86_400


def _checked_number(value: str) -> str:
    if not is_business_number(value):
        raise ValueError("no business number")
    return value


def _der(value: str) -> str:
    """A certificate in base64 or PEM as base64 of its DER."""
    try:
        return base64.b64encode(Certificate.load(value.encode()).der).decode()
    except DojangError:
        raise ValueError("no certificate") from None


Registration = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
BusinessNumber = Annotated[str, AfterValidator(_checked_number)]
PartyNumber = Annotated[str, StringConstraints(pattern=r"^([0-9]{10}|[0-9]{13})$")]
IssueIdText = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}[0-9a-z]{8}$")]
CertificateText = Annotated[str, AfterValidator(_der)]
Seconds = Annotated[float, Field(ge=0, le=MOST_SECONDS, strict=False)]


class System(Record):
    """A registered transmitting system (ERP 설비 or ASP).

    Attributes:
        registration: 국세청 등록번호.
        business_number: of its operator.
        name: of its operator.
        certificate: signs its messages.
        km_certificate: for what others encrypt to it; listed in the archive of certificates.
        email: stands beside it there.
        customs: 관세청, which alone issues import documents.
    """

    registration: Registration
    business_number: BusinessNumber
    name: Annotated[str, StringConstraints(min_length=1, max_length=70)]
    certificate: CertificateText
    km_certificate: CertificateText | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[\w.+-]+@[\w.-]+$", max_length=100)] = (
        "test@example.com"
    )
    customs: bool = False

    @property
    def certificate_der(self) -> bytes:
        return base64.b64decode(self.certificate)

    @property
    def km_certificate_der(self) -> bytes | None:
        return None if self.km_certificate is None else base64.b64decode(self.km_certificate)


class Clock(Record):
    """The sandbox's own time: the real one moved by an offset, or standing still."""

    offset_seconds: Annotated[int, Field(ge=-_MOST_OFFSET, le=_MOST_OFFSET)] = 0
    frozen_at: AwareDatetime | None = None

    def shows(self, real: datetime) -> datetime:
        """What it shows when the real time is this."""
        return self.frozen_at or real + timedelta(seconds=self.offset_seconds)


class Delays(Record):
    """How long the sandbox takes: for its verdicts, and for every reply. In real seconds."""

    judging_seconds: Seconds = 0.0
    reply_seconds: Seconds = 0.0


class CallbackPolicy(Record):
    """How often results are sent to ReplyTo until they are acknowledged; the pause doubles each time."""

    attempts: Annotated[int, Field(ge=1, le=100)] = 10
    retry_seconds: Seconds = 1.0


class Settings(Record):
    """All that is scripted but the faults, which are used up."""

    businesses: dict[PartyNumber, Business] = Field(default_factory=dict[str, Business])
    systems: Annotated[tuple[System, ...], Field(strict=False)] = ()
    anchors: Annotated[tuple[str, ...], Field(strict=False)] = ()
    paper_originals: Annotated[tuple[IssueIdText, ...], Field(strict=False)] = ()
    clock: Clock = Clock()
    delays: Delays = Delays()
    callbacks: CallbackPolicy = CallbackPolicy()


class Script(Settings):
    """The whole of `script.json`."""

    faults: Annotated[tuple[Fault, ...], Field(strict=False)] = ()

    @property
    def settings(self) -> Settings:
        """Without the faults."""
        return Settings(**{name: getattr(self, name) for name in Settings.model_fields})


def read_script(data: Path) -> tuple[bytes, Script] | None:
    """The script of a data folder, and its bytes; None when there is none.

    Raises:
        ScriptUnreadable: it cannot be read or understood.
    """
    file = data / SCRIPT_NAME
    try:
        if not file.exists():
            return None
        with file.open("rb") as opened:
            content = opened.read(_MAX_SCRIPT_BYTES)
        return content, Script.model_validate_json(content)
    except OSError as error:
        raise ScriptUnreadable(file=file, where="", why=error.strerror or "I/O") from None
    except ValidationError as error:
        where, why = first_fault(error)
        raise ScriptUnreadable(file=file, where=where, why=why) from None


def first_fault(error: ValidationError) -> tuple[str, str]:
    """Where the first thing wrong is, and what; the value itself is not repeated."""
    detail = error.errors(include_input=False, include_url=False)[0]
    return ".".join(map(str, detail["loc"])), detail["msg"]
