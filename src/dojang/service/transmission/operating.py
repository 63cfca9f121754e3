"""What the operator has to see of transmission: the system, its certificates, its clock, and what does not move."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from procrastinate.contrib.django.models import ProcrastinateWorker

from dojang.errors import DojangError
from dojang.npki.certificates import Certificate
from dojang.nts.settings import NtsSettings
from dojang.service.invoices.models import Invoice
from dojang.service.invoices.states import State
from dojang.service.tenancy import crossing
from dojang.service.transmission import system
from dojang.service.transmission.models import (
    Condition,
    HeldInvoice,
    Submission,
    SubmissionCall,
    SubmissionState,
)
from dojang.service.transmission.way_out import way_out

#: A submission that is not answered for so long is shown; most are within a minute.
STUCK_AFTER = timedelta(minutes=10)
#: A worker says that it lives every few seconds.
SILENT_AFTER = timedelta(minutes=1)
RENEW_AHEAD_DAYS = 30
_MOST = 50
_MOST_OVERDUE = 1000


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate and how long it lasts."""

    owner: str
    valid_to: datetime
    days_left: int

    @classmethod
    def of(cls, der: bytes, now: datetime) -> "Ending":
        found = Certificate.load(der)
        return cls(found.owner, found.valid_to, (found.valid_to - now).days)

    @property
    def ends_soon(self) -> bool:
        return self.days_left < RENEW_AHEAD_DAYS


@dataclass(frozen=True, slots=True)
class System:
    """The settings as they are in force, or why they cannot be read."""

    settings: NtsSettings | None
    certificate: Ending | None
    nts_certificate: Ending | None
    problem: DojangError | None

    @property
    def problem_ko(self) -> str:
        return self.problem.text("ko") if self.problem else ""

    @property
    def problem_en(self) -> str:
        return self.problem.text("en") if self.problem else ""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A submission that does not move, what happened to it, and what to do."""

    submission: Submission
    calls: tuple[SubmissionCall, ...]
    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Workers:
    """Who works: how many, and when one was last heard of."""

    count: int
    last_heard: datetime | None
    is_silent: bool


_WHAT_TO_DO = {
    SubmissionState.PREPARED: (
        (
            "국세청에 연결되지 않아 아무것도 보내지 못했습니다. 주소와 통신망(방화벽, 인증서)을 확인하세요. 연결되면 같은 자료가 그대로 "
            "나갑니다."
        ),
        (
            "No connection came about, so nothing was sent. Check addresses and network (firewall, certificates); the same "
            "bytes go out once there is one."
        ),
    ),
    SubmissionState.SENDING: (
        "보내던 작업자가 멈췄을 수 있습니다. 작업자가 돌고 있는지 확인하세요. 다시 시작하면 먼저 국세청에 결과를 묻습니다.",
        "Its worker may have died. See that one runs: it asks the NTS first.",
    ),
    SubmissionState.UNKNOWN: (
        (
            "도착했는지 알 수 없어 결과를 묻고 있습니다. 10분 넘는 간격으로 두 번 ‘없음’(SYS003)이면 같은 자료가 같은 번호로 다시 나갑니다. "
            "손으로 다시 보내지 마세요. 국세청이 받았다고 한 뒤 ‘없음’이라고 하면 국세청에 문의하세요."
        ),
        (
            "Nobody knows whether it arrived, so the NTS is being asked. After SYS003 twice, ten minutes apart, the same bytes "
            "go again under the same number. Never send it by hand. If the NTS had it and now says that it does not, ask the NTS."
        ),
    ),
    SubmissionState.RECEIVED: (
        "국세청이 받았고 결과를 기다립니다. 하루가 지나면 SubmitID로 국세청에 문의하세요.",
        "The NTS has it; its verdicts are awaited. After a day, ask the NTS, naming the SubmitID.",
    ),
    SubmissionState.REFUSED: (
        (
            "국세청이 통째로 거부해 문서가 ‘전송 전’으로 돌아갔습니다. SYS001이면 등록번호와 전송 인증서를, SYN001이면 국세청 암호화용 인증서를 "
            "확인하세요. 고치면 새 번호로 저절로 다시 나갑니다."
        ),
        (
            "The NTS turned it down whole and its invoices wait again. For SYS001 check registration and certificate, for "
            "SYN001 the NTS's certificate for encryption. Once mended they go out under a new number by themselves."
        ),
    ),
}


def the_system(*, now: datetime) -> System:
    """What is in force."""
    try:
        found = system.connection(now=now).settings
        km_certificate = found.nts_km_certificate
        return System(
            settings=found,
            certificate=Ending.of(found.certificate, now),
            nts_certificate=Ending.of(km_certificate, now) if km_certificate else None,
            problem=None,
        )
    except DojangError as error:
        return System(None, None, None, error)


def stuck(*, now: datetime) -> list[Stuck]:
    """What does not move, the oldest first; and what was turned down within a day."""
    closed = [SubmissionState.SETTLED, SubmissionState.REFUSED]
    waiting = Submission.objects.filter(prepared_at__lt=now - STUCK_AFTER).exclude(state__in=closed)
    refused = Submission.objects.filter(state=SubmissionState.REFUSED, settled_at__gt=now - timedelta(days=1))
    rows = (waiting | refused).defer("message").prefetch_related("calls").order_by("prepared_at")
    return [
        Stuck(row, tuple(row.calls.all()), *_WHAT_TO_DO[SubmissionState(row.state)]) for row in rows[:_MOST]
    ]


def held() -> list[HeldInvoice]:
    """Issued invoices that cannot be packed."""
    return list(HeldInvoice.objects.order_by("since")[:_MOST])


def held_back(invoice: Invoice) -> HeldInvoice | None:
    """Why an issued invoice can't be sent, for those who may see it; None where it can, or is cancelled."""
    if invoice.state != State.ISSUED:
        return None
    return HeldInvoice.objects.filter(invoice_number=invoice.pk).first()


def overdue(*, now: datetime) -> int:
    """How many invoices should have gone long ago; counted up to 1,000."""
    return len(crossing.due_invoices(now - STUCK_AFTER, way_out().name, _MOST_OVERDUE))


def workers(*, now: datetime) -> Workers:
    """Who works."""
    beats = list(
        ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True)
    )
    alive = [beat for beat in beats if beat > now - SILENT_AFTER]
    return Workers(len(alive), beats[0] if beats else None, not alive)


def conditions() -> list[Condition]:
    """What the machinery found out, the bad first."""
    return list(Condition.objects.order_by("is_good", "name"))
