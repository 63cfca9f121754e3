"""Faults on purpose: what can go wrong between a transmitting system and 국세청, switched on from outside.

A fault waits for the next requests that it fits and is used up by them, or stays until it is taken away.
"""

from collections.abc import Collection
from enum import StrEnum, unique
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from dojang.nts.codes import ResultCode
from dojang.sandbox.record import Record

MOST_SECONDS = 3600.0


@unique
class Action(StrEnum):
    """Which request of a transmitting system."""

    SUBMIT = "submit"
    RESULTS = "results"
    CERTIFICATES = "certificates"
    TAX_STATUS = "tax_status"
    """상태조회, which is no message of the wire: only a fault that names it fits."""


@unique
class FaultKind(StrEnum):
    """What goes wrong."""

    LOST_BEFORE = "lost_before"
    """The connection breaks before anything is done."""
    LOST_AFTER = "lost_after"
    """Everything is done; the connection breaks instead of the reply."""
    SLOW = "slow"
    """Everything is done; the reply comes `seconds` later."""
    HTTP_500 = "http_500"
    """HTTP 500, and nothing is done."""
    HTTP_429 = "http_429"
    """HTTP 429 (too many requests), and nothing is done; only for `tax_status`."""
    HTTP_500_AFTER = "http_500_after"
    """Everything is done; HTTP 500 instead of the reply."""
    GARBAGE = "garbage"
    """Everything is done; the reply is bytes without sense."""
    WRONGLY_SIGNED = "wrongly_signed"
    """Everything is done; the reply is signed with a certificate that is not the NTS's."""
    DUPLICATE_CALLBACK = "duplicate_callback"
    """The results are sent to ReplyTo once more after they were acknowledged."""
    CODE = "code"
    """The verdict on an invoice is `codes`, whatever is in it; it is not filed."""


BEFORE = frozenset({FaultKind.LOST_BEFORE, FaultKind.HTTP_500, FaultKind.HTTP_429})
"""Faults that leave the request undone."""

OF_EXCHANGES = frozenset(FaultKind) - {FaultKind.DUPLICATE_CALLBACK, FaultKind.CODE}
"""Faults of a request and its reply."""

OF_TAX_STATUS = BEFORE | {FaultKind.LOST_AFTER, FaultKind.SLOW, FaultKind.GARBAGE}
"""Faults of 상태조회, which files nothing and signs nothing."""

ResultCodeText = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}[0-9]{3}$")]


class Fault(Record):
    """One fault and what it fits; a field that is null fits everything.

    Attributes:
        kind: what goes wrong.
        action: the kind of request; only for faults of a request and its reply.
        submit_id: the submission it is about.
        issue_id: the invoice it is about; a request fits if the invoice is in its package.
        times: how often; null means until it is taken away.
        seconds: for `slow`.
        codes: for `code`; any result codes but SUC001, also such as the standard does not know.
    """

    kind: FaultKind
    action: Action | None = None
    submit_id: str | None = None
    issue_id: str | None = None
    times: Annotated[int, Field(ge=1, le=1_000_000)] | None = 1
    seconds: Annotated[float, Field(ge=0, le=MOST_SECONDS, strict=False)] = 5.0
    codes: tuple[ResultCodeText, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.kind is FaultKind.CODE) != bool(self.codes):
            raise ValueError("codes go with the kind code")
        if ResultCode.SUC001 in self.codes:
            raise ValueError("SUC001 cannot be forced: only a good invoice is accepted")
        if self.action is not None and self.kind not in OF_EXCHANGES:
            raise ValueError("this kind has no action")
        if self.action is Action.TAX_STATUS and self.kind not in OF_TAX_STATUS:
            raise ValueError("tax_status has no fault of this kind")
        if self.kind is FaultKind.HTTP_429 and self.action is not Action.TAX_STATUS:
            raise ValueError("http_429 goes with the action tax_status")
        return self

    def fits(self, action: Action | None, submit_id: str | None, issue_ids: Collection[str]) -> bool:
        """Whether this is the kind of request, the submission and the invoice that it is about."""
        return (
            self.action in {None, action}
            and self.submit_id in {None, submit_id}
            and (self.issue_id is None or self.issue_id in issue_ids)
        )
