"""A list of Hometax with 100,000 documents: how long it takes to look at it and to take it over, and how much memory.

`python benchmarks/hometax_list.py` on an embedded server of its own, as the worker does it. Memory is the peak of the
worker's process above what it had before, and that of the process that reads the workbook. BENCH_ROWS=1000 for a try.
"""

import io
import os
import resource
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import table
from dojang.service.postgres import EmbeddedPostgres

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
BAR_SECONDS = 240.0
BAR_MEGABYTES = 200
OURS, CUSTOMERS = "9998600010", 3000
HEADINGS = (
    "작성일자", "승인번호", "발급일자", "전송일자", "공급자사업자등록번호", "종사업장번호", "상호", "대표자명", "주소",
    "공급받는자사업자등록번호", "종사업장번호", "상호", "대표자명", "주소", "합계금액", "공급가액", "세액", "전자세금계산서분류",
    "전자세금계산서종류", "발급유형", "비고", "영수/청구 구분", "공급자 이메일", "공급받는자 이메일1", "공급받는자 이메일2",
    "품목일자", "품목명", "품목규격", "품목수량", "품목단가", "품목공급가액", "품목세액", "품목비고",
)  # fmt: skip


def main() -> None:
    """Print what was measured; the exit status says whether the bars were met."""
    with tempfile.TemporaryDirectory() as disk:
        Path(disk).chmod(0o711)  # the embedded server's account has to get through
        with _django(Path(disk)):
            met = measure(workbook(ROWS))
    sys.exit(0 if met else 1)


def workbook(rows: int) -> bytes:
    """The file, as .xlsx."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("세금계산서")
        sheet.write_string(0, 0, "매출 전자세금계산서 목록조회")
        for place, heading in enumerate(HEADINGS):
            sheet.write_string(5, place, heading)
        for number in range(rows):
            for place, cell in enumerate(_row(number)):
                if cell:
                    sheet.write_string(number + 6, place, cell)
    return file.getvalue()


def measure(data: bytes) -> bool:
    """Look at the file, and take it over."""
    from django.utils import timezone

    from dojang.service.hometax import importing, taking
    from dojang.service.hometax.looking import read_list
    from dojang.service.hometax.models import ListImport
    from dojang.service.records.models import Record
    from dojang.service.tenancy.scope import in_workspace

    member, workspace_id = _company()
    with in_workspace(workspace_id):
        found = importing.upload(member=member, content=data, file_name="list.xlsx", now=timezone.now())
    size = f"{len(data) / 1e6:.0f} MB"
    del data
    before = _peak(resource.RUSAGE_SELF)
    looking = _timed(lambda: read_list(workspace_id, found.pk, clock=timezone.now))
    with in_workspace(workspace_id):
        importing.start(member=member, list_id=found.pk, now=timezone.now())
    taking_over = _timed(lambda: taking.take_list(workspace_id, found.pk, clock=timezone.now))
    grown, reader = _peak(resource.RUSAGE_SELF) - before, _peak(resource.RUSAGE_CHILDREN)
    with in_workspace(workspace_id):
        done = ListImport.objects.get(pk=found.pk)
        assert (done.taken, Record.objects.count()) == (ROWS, ROWS)
    table.row(f"a list of {ROWS:,} rows, .xlsx of", size)
    table.row("looked at: read, compared, kept", f"{looking:.1f} s", f"{ROWS / looking:.0f} /s")
    table.row("taken over: documents, events", f"{taking_over:.1f} s", f"{ROWS / taking_over:.0f} /s")
    bar = BAR_SECONDS * ROWS / 100_000
    quick = table.row(
        "both", f"{looking + taking_over:.1f} s", bar=f"< {bar:.0f} s", met=looking + taking_over < bar
    )
    small = table.row(
        "memory of the worker, grown by",
        f"{grown} MB",
        bar=f"< {BAR_MEGABYTES} MB",
        met=grown < BAR_MEGABYTES,
    )
    table.row("memory of the process that reads the workbook", f"{reader} MB")
    return quick and small


def _row(number: int) -> tuple[str, ...]:
    day = f"2026-{number % 11 + 1:02d}-{number % 28 + 1:02d}"
    supply = 10_000 + number
    tax = supply // 10
    customer = _number(number % CUSTOMERS)
    return (
        day, f"{day.replace('-', '')}-41000012-{number:08x}", day, day, "999-86-00010", "", "한빛상사", "김하나",
        "서울특별시 가상구 없는로 1", customer, "", f"(주)거래처 {number % CUSTOMERS}", "박큰솔",
        "부산광역시 가상구 없는길 2", f"{supply + tax:,}", f"{supply:,}", f"{tax:,}", "세금계산서", "일반", "인터넷발급",
        f"{number % 12 + 1}월분", "청구", "tax@hanbit.example", "buy@keunsol.example", "", day, f"복사용지 {number % 50}",
        "A4", "10", f"{supply / 10:.0f}", f"{supply:,}", f"{tax:,}", "",
    )  # fmt: skip


def _number(serial: int) -> str:
    digits = f"99886{serial:04d}"
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True)
    )
    return f"{digits}{(10 - (total + int(digits[8]) * 5 // 10) % 10) % 10}"


def _company() -> tuple[object, int]:
    """Its owner as a member, and the workspace."""
    from django.utils import timezone

    from dojang.service.accounts.models import User
    from dojang.service.audit.actor import Actor
    from dojang.service.tenancy import crossing
    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.details import BusinessDetails
    from dojang.service.workspaces.members import Member
    from dojang.service.workspaces.models import Workspace
    from dojang.service.workspaces.services.founding import create_workspace

    user = User.objects.create_user("owner@hanbit.example", None, name="김하나")
    actor = Actor("user", user.pk, "127.0.0.1")
    business = BusinessDetails(number=OURS, name="한빛상사", representative="김하나")
    create_workspace(name="한빛상사", business=business, actor=actor, now=timezone.now())
    found = crossing.memberships(user.pk)[0]
    with in_workspace(found.workspace_id):
        workspace = Workspace.objects.get()
    return Member(found.membership_id, found.role, workspace, actor), found.workspace_id


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak(who: int) -> int:
    """In megabytes."""
    return resource.getrusage(who).ru_maxrss // 1024


@contextmanager
def _django(home: Path) -> Iterator[None]:
    server = EmbeddedPostgres(home / "postgres")
    addresses = server.start()
    os.environ.update({
        "DJANGO_SETTINGS_MODULE": "dojang.service.settings",
        "DOJANG_DEMO": "1",
        "DOJANG_DATA": str(home),
        "DATABASE_URL": addresses.app_url,
        "DATABASE_OWNER_URL": addresses.owner_url,
        "DOJANG_SECRET_KEY": "only-for-measuring-" * 4,
        "DOJANG_DATA_KEY": b64encode(b"only to measure: thirty-two byte").decode(),
    })  # fmt: skip
    (home / "static").mkdir(exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    try:
        call_command("migrate", database="owner", verbosity=0)
        yield
    finally:
        connections.close_all()
        server.stop()


if __name__ == "__main__":
    main()
