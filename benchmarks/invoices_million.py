"""1,000,000 invoices in 200 workspaces, one of them with 300,000: what lists, reports and exports are measured on.

Everything is invented, and the same every time. It is laid by COPY as the owner into a database on an embedded server;
`python benchmarks/invoices_million.py FOLDER` lays it once and keeps it, and `laid(FOLDER)` joins it or lays it anew:

    with laid(folder) as big:
        ...  # Django is set up on it, as the application's role; big.workspace_id, big.user_id

A thousand times smaller for a try: BENCH_ROWS=1000.
"""

import json
import os
import sys
import tempfile
import time
from base64 import b64encode
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from dojang.service.postgres import Addresses, EmbeddedPostgres

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
WORKSPACES = 200
_SHARE_OF_BIGGEST = 0.3
_CUSTOMERS = 3000
_SMALL_CUSTOMERS = 150
_BUSINESSES = 3
_FIRST_DAY = date(2023, 12, 1)
_TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
_TABLE = "invoices_invoice"
_FAST = {
    "max_wal_size": "8GB", "maintenance_work_mem": "512MB", "synchronous_commit": "off", "autovacuum": "off",
}  # fmt: skip

_FIRST = ("한빛", "삼성", "대성", "우리", "새롬", "동방", "서진", "미래", "태양", "금강", "청솔", "하늘", "가온", "누리", "다온",
          "라온", "바른", "세종", "아름", "온누리", "은하", "정우", "참", "푸른", "해밀", "현진", "화성", "도원", "LG", "K2")  # fmt: skip
_SECOND = ("상사", "전자", "산업", "물산", "테크", "건설", "유통", "식품", "기공", "정밀", "화학", "무역", "통상", "시스템", "엔지니어링",
           "디자인", "로지스", "메디칼", "푸드", "소프트")  # fmt: skip
_FORMS = ("주식회사 {}", "{}(주)", "㈜{}", "{}", "(유){}")
_ITEMS = ("복사용지 A4", "토너 카트리지", "유지보수료", "운송료", "철판 가공", "볼트 M8", "컨설팅 용역", "서버 호스팅", "사무용 의자",
          "광고 대행료", "임대료", "전기 공사", "현수막 제작", "원두 1kg", "도시락", "소프트웨어 사용료", "포장재", "청소 용역", "부품 수리",
          "교육비", "택배비", "LED 조명", "방수 공사", "스티커 인쇄", "노트북")  # fmt: skip
_REMARKS = (
    "",
    "",
    "",
    "{month}월분",
    "{month}월 정기 납품",
    "계약번호 C-{serial}",
    "발급 요청: 경리부",
    "현장 {serial}호",
)
_KINDS = (("0101", 80), ("0102", 6), ("0301", 8), ("0201", 5), ("0401", 1))
_LAST_STATES = (("draft", 6), ("ready", 3), ("issued", 2), ("submitted", 1), ("accepted", 88))


@dataclass(frozen=True, slots=True)
class Big:
    """The biggest workspace, and who owns it."""

    workspace_id: int
    slug: str
    user_id: int
    owner_url: str


@contextmanager
def laid(folder: Path | None = None) -> Iterator[Big]:
    """Django on the laid database while it is needed; in a temporary folder unless one is named."""
    with tempfile.TemporaryDirectory() as disk:
        Path(disk).chmod(0o711)  # the embedded server's account has to get through
        home = folder or Path(disk)
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711)
        server = EmbeddedPostgres(home / "postgres", settings=_FAST)
        addresses = server.start()
        try:
            _set_up(addresses, home)
            yield _lay_once(addresses.owner_url)
        finally:
            from django.db import connections

            connections.close_all()
            server.stop()


def _set_up(addresses: Addresses, home: Path) -> None:
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


def _lay_once(owner_url: str) -> Big:
    from django.core.management import call_command

    from dojang.service.accounts.models import User

    call_command("migrate", database="owner", verbosity=0)
    if not User.objects.filter(email="owner0@example.com").exists():
        began = time.perf_counter()
        places = [_place(number) for number in range(WORKSPACES)]
        _fill(owner_url, places)
        print(f"laid {ROWS:,} invoices in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    user = User.objects.get(email="owner0@example.com")
    from dojang.service.tenancy import crossing

    [found] = crossing.memberships(user.pk)
    return Big(found.workspace_id, found.slug, user.pk, owner_url)


@dataclass(frozen=True, slots=True)
class _Place:
    """One workspace."""

    number: int
    workspace_id: int
    user_id: int
    businesses: list[tuple[int, dict[str, Any]]]


def _number(serial: int, *, office: str, kind: str) -> str:
    """A business number with a right check digit, of a tax office that doesn't exist."""
    digits = f"{office}{kind}{serial:04d}"
    total = sum(int(d) * w for d, w in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True))
    return f"{digits}{(10 - (total + int(digits[8]) * 5 // 10) % 10) % 10}"


def _place(number: int) -> _Place:
    from dojang.service.accounts.models import User
    from dojang.service.audit.actor import Actor
    from dojang.service.invoices.content import supplier_of
    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.details import BusinessDetails
    from dojang.service.workspaces.models import Business
    from dojang.service.workspaces.services.businesses import insert_business
    from dojang.service.workspaces.services.founding import create_workspace

    at = datetime(2023, 11, 1, tzinfo=UTC)
    user = User.objects.create_user(f"owner{number}@example.com", None, name="김하나", language="ko")
    actor = Actor("user", user.pk, "127.0.0.1")

    def details(place: int) -> BusinessDetails:
        return BusinessDetails(
            number=_number(number * 10 + place, office="999", kind="86"),
            name=f"{_FIRST[number % 28]}{_SECOND[place]}",
            representative="김하나",
            address="서울특별시 가상구 없는로 1",
            business_type="도매업",
            business_item="사무용품",
            contact_name="이두리",
            contact_email="tax@example.com",
        ).cleaned()

    workspace = create_workspace(name=f"작업공간 {number}", business=details(0), actor=actor, now=at)
    with in_workspace(workspace.pk):
        for place in range(1, _BUSINESSES if number == 0 else 1):
            insert_business(details(place), actor=actor, now=at)
        found = [(one.pk, supplier_of(one)) for one in Business.objects.order_by("pk")]
    return _Place(number, workspace.pk, user.pk, found)


class _Customers:
    """Who buys in one workspace: a few buy most (Zipf)."""

    def __init__(self, place: _Place, first_id: int) -> None:
        count = _CUSTOMERS if place.number == 0 else _SMALL_CUSTOMERS
        random = Random(place.number)
        self.rows = []
        for serial in range(count):
            base = f"{random.choice(_FIRST)}{random.choice(_SECOND)}"
            name = random.choice(_FORMS).format(f"{base}{serial}" if serial % 7 == 0 else base)
            number = _number(serial, office="998", kind=f"{81 + place.number % 8}")
            email = f"tax{serial}@example.com" if serial % 9 else ""
            self.rows.append((first_id + serial, number, name, email))
        self._weights = list(accumulate(1 / (rank + 1) for rank in range(count)))

    def any(self, random: Random) -> tuple[int, str, str, str]:
        return self.rows[bisect(self._weights, random.random() * self._weights[-1])]


def _fill(owner_url: str, places: Sequence[_Place]) -> None:
    from dojang.service.counterparties.hangul import initials
    from dojang.service.counterparties.names import name_key

    with psycopg.connect(owner_url, autocommit=True) as owner:
        indexes, keys = _take_off(owner)
        customers = []
        with (
            owner.cursor() as cursor,
            cursor.copy(
                "COPY counterparties_counterparty (id, workspace_id, kind, code, number, branch_number, name, "
                "personal_number_hmac, representative, address, business_type, business_item, memo, search, name_key, "
                "tax_status, tax_type, tax_status_text, created_at, version) FROM STDIN"
            ) as copy,
        ):
            first = 1
            for place in places:
                bought = _Customers(place, first)
                first += len(bought.rows)
                customers.append(bought)
                for key, number, name, _ in bought.rows:
                    found_by = "\n".join((name, initials(name), number))
                    copy.write_row((key, place.workspace_id, "business", "", number, "", name, "", "박대표", "", "", "",
                                    "", found_by, name_key(name), "", "", "", NOW, 1))  # fmt: skip
        with owner.cursor() as cursor, cursor.copy(_COPY) as copy:
            for row in _rows(places, customers):
                copy.write_row((*row, *_NOT_CONSIGNED))
        for table in (_TABLE, "counterparties_counterparty"):
            owner.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
        owner.execute("SET max_parallel_maintenance_workers = 2")
        for statement in (*indexes, *keys):
            owner.execute(statement)
        owner.execute("VACUUM (ANALYZE)")


def _take_off(owner: psycopg.Connection) -> tuple[list[str], list[str]]:
    """Indexes and foreign keys of the table: looked after once at the end instead of row by row."""
    of = f"'{_TABLE}'::regclass"
    keys = owner.execute(
        f"SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = {of} AND contype = 'f'"
    ).fetchall()
    indexes = owner.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        f"WHERE i.indrelid = {of} AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
    ).fetchall()
    table = sql.Identifier(_TABLE)
    for name, _ in keys:
        owner.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, sql.Identifier(name)))
    for name, _ in indexes:
        owner.execute(f"DROP INDEX {name}")
    return (
        [definition for _, definition in indexes],
        [f'ALTER TABLE {_TABLE} ADD CONSTRAINT "{name}" {definition}' for name, definition in keys],
    )


_COLUMNS = (
    "workspace_id", "business_id", "counterparty_id", "state", "version", "content", "content_hash", "editor",
    "document_type", "amendment_reason", "buyer_number", "buyer_name", "buyer_email", "item_name", "item_count",
    "purpose", "written_on", "issue_by", "supply_amount", "tax_amount", "total_amount", "search", "issue_id",
    "original_issue_id", "way_out", "issued_at", "delivered_on", "transmit_by", "sent_at", "answered_at",
    "result_code", "created_by_id", "created_at", "changed_by_id", "changed_at", "supplier_number", "supplier_name",
)  # fmt: skip
_NOT_CONSIGNED = ("", "")
_COPY = f"COPY {_TABLE} ({', '.join(_COLUMNS)}) FROM STDIN"


@dataclass(frozen=True, slots=True)
class _Days:
    """The days and instants of one invoice."""

    written_on: date
    issue_by: date
    issued_at: datetime
    transmit_by: date
    sent_at: datetime


@cache
def _deadlines(written_on: date, issued_on: date) -> tuple[date, date]:
    from dojang.etax.calendar.deadlines import transmit_deadline
    from dojang.service.invoices.content import issue_by
    from dojang.service.law import law

    by = issue_by(written_on)
    assert by is not None
    return by, transmit_deadline(issued_on, law=law(), written_on=written_on).on


def _days(random: Random, written_on: date) -> _Days:
    """Most are issued within days and sent the next; some are late."""
    wait = random.choice((0, 0, 1, 3, 8, 12)) if random.random() < 0.98 else 50
    issued_on = min(written_on + timedelta(days=wait), _TODAY)
    issue_by, transmit_by = _deadlines(written_on, issued_on)
    issued_at = datetime(issued_on.year, issued_on.month, issued_on.day, random.randrange(9), 30, tzinfo=UTC)
    sent_at = issued_at + timedelta(hours=random.choice((1, 1, 1, 20)) if random.random() < 0.99 else 150)
    return _Days(written_on, issue_by, issued_at, transmit_by, min(sent_at, NOW))


def _state(random: Random, age: int) -> str:
    if random.random() < 0.004:
        return random.choice(("rejected", "cancelled", "unknown"))
    return _weighted(random, _LAST_STATES) if age < 40 else "accepted"


def _weighted(random: Random, table: Sequence[tuple[str, int]]) -> str:
    return random.choices([one for one, _ in table], [weight for _, weight in table])[0]


def _rows(places: Sequence[_Place], customers: Sequence[_Customers]) -> Iterator[tuple[Any, ...]]:
    biggest = int(ROWS * _SHARE_OF_BIGGEST)
    others = (ROWS - biggest) / (len(places) - 1)
    serial = 0
    span = (_TODAY - _FIRST_DAY).days
    for place, bought in zip(places, customers, strict=True):
        random = Random(1000 + place.number)
        until = biggest if place.number == 0 else biggest + round(others * place.number)
        # As they are written: day after day.
        days = sorted(random.randrange(span + 1) for _ in range(until - serial))
        for day in days:
            serial += 1
            yield _row(random, place, bought, serial, _FIRST_DAY + timedelta(days=day))


@cache
def _found_by(part: str) -> str:
    from dojang.service.lists.searching import search_text

    return search_text(part)


def _row(random: Random, place: _Place, bought: _Customers, serial: int, written_on: date) -> tuple[Any, ...]:
    customer, number, name, email = bought.any(random)
    business, supplier = place.businesses[
        0 if random.random() < 0.7 else random.randrange(len(place.businesses))
    ]
    kind = _weighted(random, _KINDS)
    state = _state(random, (_TODAY - written_on).days)
    days = _days(random, written_on)
    supply = random.randrange(1, 500) * random.choice((1_000, 10_000, 100_000))
    supply = -supply if kind[:2] in {"02", "04"} and random.random() < 0.7 else supply
    tax = supply // 10 if kind in {"0101", "0201"} else 0
    items = random.sample(_ITEMS, random.choice((1, 1, 1, 2, 3)))
    remark = random.choice(_REMARKS).format(month=written_on.month, serial=random.randrange(3000))
    reason = f"0{random.randrange(1, 7)}" if kind[:2] in {"02", "04"} else ""
    issued = state not in {"draft", "ready"}
    sent = state in {"accepted", "rejected", "submitted", "unknown"}
    issue_id = f"{days.issued_at:%Y%m%d}41000099{_base36(serial)}" if issued else None
    original = f"{written_on:%Y%m%d}41000099{_base36(max(1, serial - 40))}" if reason else ""
    purpose = "claim" if random.random() < 0.8 else "receipt"
    found_by = [_found_by(name), _found_by(number), *(_found_by(one) for one in items)]
    found_by += [_found_by(remark)] if remark else []
    found_by += [_spelled(issue_id)] if issue_id else []
    found_by += [_spelled(original)] if original else []
    content = _content(kind, written_on, purpose, supplier, (number, name, email), items, supply, tax, remark)
    return (
        place.workspace_id, business, customer, state, 4, content, "0" * 64, "{}",
        kind, reason, number, name, email, items[0], len(items),
        purpose, written_on, days.issue_by, supply, tax, supply + tax, "\n".join(found_by), issue_id,
        original, "sandbox" if issued else "", days.issued_at if issued else None,
        days.issued_at.date() if issued and email else None, days.transmit_by if issued else None,
        days.sent_at if sent else None, days.sent_at if state in {"accepted", "rejected"} else None,
        {"accepted": "SUC001", "rejected": "ERR002"}.get(state, ""), place.user_id, days.issued_at,
        place.user_id, days.sent_at,
    )  # fmt: skip


def _spelled(issue_id: str) -> str:
    from dojang.service.lists.searching import search_text

    return issue_id if issue_id.isdigit() else search_text(issue_id)


def _base36(serial: int) -> str:
    text = ""
    while serial:
        serial, rest = divmod(serial, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + text
    return text.rjust(8, "0")


def _content(
    kind: str,
    written_on: date,
    purpose: str,
    supplier: dict[str, Any],
    buyer: tuple[str, str, str],
    items: Sequence[str],
    supply: int,
    tax: int,
    remark: str,
) -> str:
    number, name, email = buyer
    day = written_on.isoformat()
    return json.dumps({
        "document_type": kind,
        "written_on": day,
        "purpose": purpose,
        "supplier": supplier,
        "buyer": {
            "kind": "business", "number": number, "name": name, "representative": "박대표",
            "contacts": [{"email": email}] if email else [],
        },
        "items": [
            {"supplied_on": day, "name": one, "supply_amount": supply if not place else 0,
             "tax_amount": tax if not place else 0}
            for place, one in enumerate(items)
        ],
        "remarks": [remark] if remark else [],
    }, ensure_ascii=False)  # fmt: skip


if __name__ == "__main__":
    with laid(Path(sys.argv[1]) if len(sys.argv) > 1 else None) as made:
        print(made.slug)
