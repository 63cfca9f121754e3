"""The way to the tax office and back: what goes wrong on it, and what is learnt."""

from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from product_model import ON_THE_WIRE
from product_world import World, any_doc
from random_steps import sometimes

from dojang.nts.client import NtsClient
from dojang.nts.codes import FailReason
from dojang.nts.errors import NotReached
from dojang.nts.outcomes import NotSent
from dojang.nts.submission import Submission as Message
from dojang.sandbox import answers, submitting
from dojang.service.audit import chain
from dojang.service.transmission import carrying, claiming, outcomes, pipeline, system, tasks
from dojang.service.transmission.models import Submission, SubmissionState

CODES = (("ERR002",), ("SYN004",), ("SYN003",), ("XYZ123", "ERR999"))
WIRE_FAULTS = ("lost_before", "lost_after", "http_500", "http_500_after", "garbage", "wrongly_signed")
CRASHES: tuple[tuple[Any, str], ...] = (
    (claiming, "_store"),
    (carrying, "send"),
    (NtsClient, "submit"),
    (outcomes, "sent"),
    (carrying, "look"),
    (outcomes, "asked"),
    (outcomes, "_apply"),
)
"""Where a worker dies: before it has stored the message, before it sends it, after it …"""


class Killed(BaseException):
    """The worker's process ends here."""


def die(*_: Any, **__: Any) -> None:
    raise Killed


class Wire(World):
    """What the worker and the tax office do."""

    # The wire

    @sometimes(
        2,
        when=lambda self: any(one.state == "issued" for one in self.model.on_the_wire()),
        number=any_doc,
        codes=(CODES),
    )
    def will_be_refused(self, number: int, codes: tuple[str, ...]) -> None:
        waiting = [one for one in self.model.on_the_wire() if one.state == "issued"]
        doc = waiting[number % len(waiting)]
        if not doc.codes:
            doc.codes = codes
            self.office.fault("code", issue_id=self.row(doc).issue_id, codes=list(codes))

    @sometimes(1, seconds=(0.0, 0.0, 5.0, 1800.0))
    def tax_office_is_slow(self, seconds: float) -> None:
        self.judging = seconds
        self.office.set(delays={"judging_seconds": seconds, "reply_seconds": 0.0})

    @sometimes(
        1,
        when=lambda self: self.model.on_the_wire(),
        kind=(WIRE_FAULTS),
        action=("submit", "results", None),
        times=(1, 2, 3),
    )
    def wire_breaks(self, kind: str, action: str | None, times: int) -> None:
        self.office.fault(kind, action=action, times=times)

    @sometimes(
        4,
        when=lambda self: self.model.on_the_wire(),
        minutes=(0, 31, 31, 31, 300),
        crash=(None, None, None, *CRASHES),
        trouble=(None, None, None, "turned_down", "not_reached"),
    )
    def transmit(self, minutes: int, crash: Any, trouble: str | None) -> None:
        """The worker sends what is due, or dies at it, or is turned away."""
        self.office.clock.later(minutes=minutes)
        due = [one for one in self.model.on_the_wire() if one.state == "issued" and one.due <= self.now]
        goes_well = crash is None and trouble is None and self.is_quiet()
        with ExitStack() as patched:
            if trouble is not None:
                patched.enter_context(TROUBLES[trouble]())
            if crash is not None:
                patched.enter_context(mock.patch.object(*crash, die))
            self.work()
        self.learn()
        if goes_well:
            assert all(one.state == ("rejected" if one.codes else "accepted") for one in due)

    @sometimes(3, when=lambda self: self.model.on_the_wire(), minutes=(0, 1, 11, 60))
    def look(self, minutes: int) -> None:
        self.office.clock.later(minutes=minutes)
        tasks.look_at_due(clock=self.office.clock)
        self.learn()

    @sometimes(
        2,
        when=lambda self: any(one.state in {"submitted", "unknown"} for one in self.model.on_the_wire()),
        times=(1, 2),
    )
    def results_come_by_themselves(self, times: int) -> None:
        office = self.office.running.sandbox.office
        for row in Submission.objects.order_by("pk"):
            found = office.store.submission(row.submit_id)
            if found is not None:
                for _ in range(times):
                    assert outcomes.told(row.submit_id, answers.results(office, found), now=self.now)
        self.learn()

    @sometimes(3, when=lambda self: any(one.state == "unknown" for one in self.model.on_the_wire()))
    def what_was_lost_arrives_late(self) -> None:
        """Bytes that went out and seemed lost are at the tax office after all."""
        rows = Submission.objects.filter(
            state=SubmissionState.UNKNOWN, calls__outcome="unknown", calls__kind="submit"
        )
        with system.connection(now=self.now).client(clock=self.office.clock) as client:
            for row in rows.distinct().order_by("pk"):
                client.submit(Message.from_bytes(bytes(row.message)))
        self.learn()

    @sometimes(1, hours=(0.3, 5, 24))
    def time_passes(self, hours: float) -> None:
        self.office.clock.later(hours=hours)

    @sometimes(1)
    def seal(self) -> None:
        with self.inside():
            chain.seal(at=self.now)

    def work(self) -> None:
        try:
            while pipeline.transmit(clock=self.office.clock, carriers=0, pause=self.office.clock.pause):
                pass
        except Killed:
            return

    def is_quiet(self) -> bool:
        """Whether what is due now is sent and answered at once."""
        newest = Submission.objects.order_by("-pk").first()
        waiting = [one for one in self.office.store.faults() if one.fault.kind != "code"]
        return (
            not self.judging
            and not waiting
            and not Submission.objects.exclude(state__in=("settled", "refused")).exists()
            and (newest is None or newest.state == SubmissionState.SETTLED)
        )

    def learn(self) -> None:
        """What became of documents on the wire; where they may be is told by the tax office's own book."""
        store = self.office.store
        for doc in self.model.on_the_wire():
            row = self.row(doc)
            came = [one for one in store.documents_of(row.issue_id) if one.codes]
            filed = store.filed(row.issue_id) is not None
            match row.state:
                case "accepted":
                    assert filed
                    assert not doc.codes
                case "rejected":
                    assert not filed
                    assert [one.codes for one in came] == [doc.codes]
                case "issued":
                    assert not came, "the tax office has it"
                case state:
                    assert state in ON_THE_WIRE
            if doc.state == "issued" and doc.due > self.now:
                assert row.state == "issued", "it was not due"
            doc.state = row.state


@contextmanager
def turned_down() -> Any:
    def known_system(*_: Any) -> None:
        raise submitting.TurnedDown(FailReason.SYS001, "-")

    with mock.patch.object(submitting, "known_system", known_system):
        yield


@contextmanager
def not_reached() -> Any:
    def submit(_: Any, message: Message) -> NotSent:
        return NotSent(message.submit_id, NotReached(address="-"))

    with mock.patch.object(NtsClient, "submit", submit):
        yield


TROUBLES: dict[str, Callable[[], Any]] = {"turned_down": turned_down, "not_reached": not_reached}
