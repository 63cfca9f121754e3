"""What every reason is judged on, and what it comes to: a case, and the draft of its documents."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from dojang.errors import Language
from dojang.etax.amendments.chain import Balance, Chain, Node, sign_of
from dojang.etax.amendments.messages import Message
from dojang.etax.amendments.mirror import Heading, kept_remarks
from dojang.etax.amounts import Totals
from dojang.etax.calendar.deadlines import Deadline
from dojang.etax.codes import AmendmentReason, Taxation
from dojang.etax.facts import Facts
from dojang.etax.invoice import Invoice, Record
from dojang.etax.notices import Notice
from dojang.etax.parameters.law import Law
from dojang.etax.penalties import DocumentFacts


@dataclass(frozen=True, slots=True)
class Case:
    """One document of a chain that is to be amended on one day.

    Attributes:
        chain: the documents.
        target: the document to amend.
        facts: what is known of the parties.
        law: the figures and the calendar.
        on: the day on which it is issued, in Korea.
    """

    chain: Chain
    target: Node
    facts: Facts
    law: Law
    on: date

    @property
    def invoice(self) -> Invoice:
        """The target's content."""
        return self.target.invoice

    @property
    def taxation(self) -> Taxation:
        """과세구분 of the target."""
        return self.invoice.taxation

    @property
    def sign(self) -> int:
        """Whether the target adds (1) or takes off (−1)."""
        return sign_of(self.invoice)

    @property
    def balance(self) -> Balance:
        """What is left of the chain."""
        return self.chain.balance(self.target)

    @property
    def own(self) -> Balance:
        """What is left of what the target itself brought in, never more than what is left of the chain."""
        return self.chain.own_left(self.target)

    @property
    def standing(self) -> Balance:
        """What a later event can take off: all of the supply, or what a document that added to it brought in."""
        return self.chain.standing(self.target)

    @property
    def left(self) -> Totals:
        """What is left of the target's kind of taxation."""
        return self.standing.of(self.taxation)

    @property
    def original_on(self) -> date:
        """처음 세금계산서 작성일."""
        return self.target.first_written_on

    def heading(
        self, reason: AmendmentReason, written_on: date | None = None, remarks: tuple[str, ...] = ()
    ) -> Heading:
        """What an amendment of the target has of its own; dated like the target unless another day is given."""
        return Heading(
            reason=reason,
            original_issue_id=self.target.document.reference,
            written_on=written_on or self.invoice.written_on,
            remarks=kept_remarks(self.invoice) + remarks,
        )


class DeadlineKind(StrEnum):
    """hard: refused after it. soft: issued with a penalty or a warning. none: there is no deadline."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reason comes to.

    Attributes:
        documents: the amendments, without 승인번호 and 발급일시.
        follow_ups: fresh documents that have to be issued beside them.
        deadline: by when the amendments are issued.
        deadline_kind: what happens after it.
        judged: the documents that can cost a penalty, as penalties see them.
        warnings: what to know.
        vat: what their return does with them: an event of its own period, or part of the original's.
    """

    documents: tuple[Invoice, ...]
    follow_ups: tuple[Invoice, ...] = ()
    deadline: Deadline | None = None
    deadline_kind: DeadlineKind = DeadlineKind.NONE
    judged: tuple[DocumentFacts, ...] = ()
    warnings: tuple[Notice, ...] = ()
    vat: Literal["event", "include"] = "include"

    def warned(self, *warnings: Notice) -> "Draft":
        """With these warnings in front."""
        return replace(self, warnings=(*warnings, *self.warnings))


@dataclass(frozen=True, slots=True)
class Subtype:
    """One way in which a reason applies. `code` is None for a reason that has but one.

    Attributes:
        field: the field of the request that says which.
        code: its value.
        ko: what it is called in Korean.
        en: what it is called in English.
        citation: the ground of the decree.
        kind: its deadline's kind.
    """

    field: str | None
    code: str | None
    ko: str
    en: str
    citation: str
    kind: DeadlineKind

    def text(self, language: Language = "ko") -> str:
        """Its name for a person, in their language."""
        return self.ko if language == "ko" else self.en


R = TypeVar("R", bound=Record)


def _as_asked(_case: Case, request: R) -> R:
    return request


@dataclass(frozen=True, slots=True)
class Rule(Generic[R]):
    """One reason.

    Attributes:
        reason: 수정사유.
        shape: the shape of its requests.
        subtypes: the ways in which it applies.
        bars: why it is not possible for a case, whatever is entered.
        faults: what is wrong with what was entered, bars included.
        draft: the documents for a request without faults.
        meant: what a request comes to by law, where it names another way than what it changes is.
    """

    reason: AmendmentReason
    shape: type[R]
    subtypes: tuple[Subtype, ...]
    bars: Callable[[Case, Subtype], Iterator[Message]]
    faults: Callable[[Case, R], Iterator[Message]]
    draft: Callable[[Case, R], Draft]
    meant: Callable[[Case, R], R] = _as_asked

    def subtype(self, request: R) -> Subtype:
        """Which way a request means."""
        return next(
            subtype
            for subtype in self.subtypes
            if subtype.field is None or getattr(request, subtype.field) == subtype.code
        )
