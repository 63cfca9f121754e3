"""The states of an invoice and every way between them: one table, nothing else is possible."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models

from dojang.service.workspaces.roles import Right


class State(models.TextChoices):
    """Where an invoice stands; the text is its badge."""

    DRAFT = "draft", "임시저장"
    AWAITING_APPROVAL = "awaiting_approval", "발행 승인대기"
    READY = "ready", "발행대기"
    ISSUED = "issued", "발행완료 · 전송 전"
    SUBMITTED = "submitted", "전송중"
    UNKNOWN = "unknown", "결과 확인중"
    ACCEPTED = "accepted", "전송완료"
    REJECTED = "rejected", "전송실패"
    CANCELLED = "cancelled", "발행취소"


class Action(StrEnum):
    """What can be done to an invoice."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    FINISH = "finish"
    REOPEN = "reopen"
    #: 발행 승인: asked for by whoever wrote it, given or refused by whoever may issue.
    ASK_APPROVAL = "ask_approval"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    TAKE_BACK = "take_back"
    ISSUE = "issue"
    CANCEL = "cancel"
    SEND_NOW = "send_now"
    SUBMIT = "submit"
    NOT_SENT = "not_sent"
    LOSE_ANSWER = "lose_answer"
    ACCEPT = "accept"
    REJECT = "reject"
    #: A person's number was handed out: an event that changes nothing, so the table has no such step.
    REVEAL = "reveal"
    #: It was put into a file that Hometax issues from; and then found in Hometax's list, so that its draft is closed.
    HOMETAX_FILE = "hometax_file"
    HOMETAX_ISSUED = "hometax_issued"
    #: Whom a link was made for looked at it the first time: another event that changes nothing.
    OPEN = "open"
    #: The buyer's mail came back after it was on its way: nothing but 발급일 changes.
    BOUNCE = "bounce"
    #: Its mail was sent to the buyer once more, or to another address: it changes nothing either.
    MAIL = "mail"


class Who(StrEnum):
    """Who may do it: a member with a right, or the machinery."""

    WRITER = "writer"
    ISSUER = "issuer"
    WORKER = "worker"

    @property
    def right(self) -> Right | None:
        """The right that a person needs; None where no person may."""
        return {Who.WRITER: Right.WRITE, Who.ISSUER: Right.ISSUE}.get(self)


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step."""

    action: Action
    source: State | None
    target: State | None
    who: Who


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Action.CREATE, None, State.DRAFT, Who.WRITER),
    Transition(Action.EDIT, State.DRAFT, State.DRAFT, Who.WRITER),
    # A draft was never a document: it can be thrown away. Its events stay.
    Transition(Action.DELETE, State.DRAFT, None, Who.WRITER),
    Transition(Action.DELETE, State.READY, None, Who.WRITER),
    Transition(Action.HOMETAX_ISSUED, State.DRAFT, None, Who.ISSUER),
    Transition(Action.HOMETAX_ISSUED, State.READY, None, Who.ISSUER),
    Transition(Action.FINISH, State.DRAFT, State.READY, Who.WRITER),
    Transition(Action.REOPEN, State.READY, State.DRAFT, Who.WRITER),
    Transition(Action.ASK_APPROVAL, State.DRAFT, State.AWAITING_APPROVAL, Who.WRITER),
    Transition(Action.APPROVE, State.AWAITING_APPROVAL, State.READY, Who.ISSUER),
    # Changed afterwards, it is a draft that has to be asked for again.
    Transition(Action.SEND_BACK, State.AWAITING_APPROVAL, State.DRAFT, Who.ISSUER),
    Transition(Action.TAKE_BACK, State.AWAITING_APPROVAL, State.DRAFT, Who.WRITER),
    Transition(Action.ISSUE, State.READY, State.ISSUED, Who.ISSUER),
    # Only before transmission: what the NTS knows is never taken back, only amended (시행령 §70).
    Transition(Action.CANCEL, State.ISSUED, State.CANCELLED, Who.ISSUER),
    Transition(Action.SUBMIT, State.ISSUED, State.SUBMITTED, Who.WORKER),
    # [지금 전송]: nothing but the time changes.
    Transition(Action.SEND_NOW, State.ISSUED, State.ISSUED, Who.ISSUER),
    # The NTS turned down the message as a whole, so that certainly none of it is filed.
    Transition(Action.NOT_SENT, State.SUBMITTED, State.ISSUED, Who.WORKER),
    Transition(Action.NOT_SENT, State.UNKNOWN, State.ISSUED, Who.WORKER),
    Transition(Action.LOSE_ANSWER, State.SUBMITTED, State.UNKNOWN, Who.WORKER),
    Transition(Action.ACCEPT, State.SUBMITTED, State.ACCEPTED, Who.WORKER),
    Transition(Action.ACCEPT, State.UNKNOWN, State.ACCEPTED, Who.WORKER),
    Transition(Action.REJECT, State.SUBMITTED, State.REJECTED, Who.WORKER),
    Transition(Action.REJECT, State.UNKNOWN, State.REJECTED, Who.WORKER),
    Transition(Action.BOUNCE, State.SUBMITTED, State.SUBMITTED, Who.WORKER),
    Transition(Action.BOUNCE, State.UNKNOWN, State.UNKNOWN, Who.WORKER),
    Transition(Action.BOUNCE, State.ACCEPTED, State.ACCEPTED, Who.WORKER),
    Transition(Action.BOUNCE, State.REJECTED, State.REJECTED, Who.WORKER),
)

_BY_STEP = {(one.source, one.action): one for one in TRANSITIONS}


def transition(source: State | None, action: Action) -> Transition | None:
    """The step, or None where there is no such one."""
    return _BY_STEP.get((source, action))


def actions_from(state: State) -> tuple[Transition, ...]:
    """What can be done in a state."""
    return tuple(one for one in TRANSITIONS if one.source == state)
