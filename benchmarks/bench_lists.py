"""How fast lists are where they are longest: 300,000 invoices in one workspace, 1,000,000 in the table.

`make bench-service` runs it; `python benchmarks/bench_lists.py FOLDER` uses (and leaves) a database that was laid there.
Each page is asked for through all of Django (session, membership, row-level security, template) under the application's
role; what is timed is the server's time of one request. Sums of a text that very many rows hold are asked for by the page
when it is shown, and are timed apart. So are the home page and the reports of the running period, with this project's own
aims beside them; only the bars of lists and exports decide about the exit status.

Bars: every page 100 ms at p95; 100,000 rows of Excel in 15 s without more memory than 10,000 take.
"""

import gc
import logging
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import table
from invoices_million import Big, laid

if TYPE_CHECKING:
    from django.test import Client

RUNS = int(os.environ.get("BENCH_RUNS", "20"))
BAR_SECONDS = 0.100
EXPORT_ROWS = 100_000
EXPORT_BAR_SECONDS = 15.0
#: What a workbook of any length may take beside the service itself.
EXPORT_BAR_MB = 64
#: What this project asks of itself beside the bars.
HOME_AIM_SECONDS = 0.100
REPORT_AIM_SECONDS = 1.0
REPORTS = ("months", "parties", "summary", "vat", "late")
_HOST = "localhost"

# What is asked of the list, and in words. An address says all there is to say.
PAGES = (
    ("first page", ""),
    ("tab: accepted", "tab=accepted"),
    ("tab: rejected (few)", "tab=rejected"),
    ("tab: amendments", "tab=amended"),
    ("written this month", "period=this-month"),
    ("written this tax period", "period=tax-period"),
    ("issued last quarter", "date=issued&period=last-quarter"),
    ("sent 2024", "date=sent&from=2024-01-01&to=2024-12-31"),
    ("the biggest customer", "counterparty=1"),
    ("a small customer", "counterparty=2900"),
    ("customers called 삼성", "party=삼성"),
    ("one business", "business={business}"),
    ("zero-rated", "kind=zero"),
    ("exempt", "kind=exempt"),
    ("no amendments", "amended=no"),
    ("receipt", "purpose=receipt"),
    ("1 to 2 million won", "min=1000000&max=2000000"),
    ("issued late", "late=issued"),
    ("sent late", "late=sent"),
    ("person", "person={user}"),
    ("all at once", "period=tax-period&kind=taxable&purpose=claim&min=100000&amended=no&business={business}"),
    ("by total", "sort=-total_amount"),
    ("by name", "sort=buyer"),
    ("by day issued", "sort=-issued_at"),
    ("page in the middle", "after=150000~2025-06-01"),
    ("by total, deep", "sort=-total_amount&after=150000~2000000"),
    ("text: 뷁 (nowhere)", "q=뷁"),
    ("text: zz (rare)", "q=zz"),
    ("text: 현장 2999호", "q=현장 2999호"),
    ("text: 도", "q=도"),
    ("text: 삼성", "q=삼성"),
    ("text: 삼성 전자 의자", "q=삼성 전자 의자"),
    ("text: LG", "q=lg"),
    ("text: ㅅ", "q=ㅅ"),
    ("text: ㅅㅅ", "q=ㅅㅅ"),
    ("text: ㅅㅅㅈㅈ", "q=ㅅㅅㅈㅈ"),
    ("text: 998-81-00012", "q=998-81-00012"),
    ("text: 12", "q=12"),
    ("text: an issue id", "q={issue_id}"),
    ("text: half an issue id", "q={half}"),
    ("text and tab", "q=삼성&tab=rejected"),
    ("text and period", "q=삼성&period=last-tax-period"),
    ("text and customer", "q=의자&counterparty=1"),
    ("text and late", "q=노트북&late=sent"),
    ("text by total", "q=삼성&sort=-total_amount"),
    ("text, second page", "q=삼성&after=290000~2026-10-01"),
    ("text, a page far back", "q=삼성&after=20000~2024-02-01"),
)


def main() -> None:
    """Print what was measured; the exit status says whether every bar was met."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    logging.disable(logging.WARNING)
    with laid(folder) as big:
        table.head()
        met = [*_pages(big), *_exports(big)]
        _figures(big)
    sys.exit(0 if all(met) else 1)


def _client(big: Big) -> "Client":
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME=_HOST)
    client.force_login(get_user_model().objects.get(pk=big.user_id))
    return client


def _known(big: Big) -> dict[str, Any]:
    from dojang.service.invoices.models import Invoice
    from dojang.service.tenancy.scope import in_workspace
    from dojang.service.workspaces.models import Business

    with in_workspace(big.workspace_id):
        issue_id = Invoice.objects.exclude(issue_id=None).order_by("id")[1000].issue_id
        business = Business.objects.order_by("id")[1].pk
    return {"issue_id": issue_id, "half": issue_id[:16], "business": business, "user": big.user_id}


def _pages(big: Big) -> Iterator[bool]:
    client, known = _client(big), _known(big)
    base = f"/w/{big.slug}/invoices/"
    for name, query in PAGES:
        address = f"{base}?{query.format(**known) or 'tab=all'}"
        pages = _times(lambda address=address: client.get(address))
        answer = client.get(address)
        yield _told(f"list: {name}", pages, BAR_SECONDS)
        if "data-totals-url" in answer.content.decode():
            sums = _times(lambda address=address: client.get(address.replace("/?", "/totals/?")), runs=5)
            table.row("  its sums, asked for later", _ms(sums, 50), _ms(sums, 95))


def _figures(big: Big) -> None:
    """The home page and the reports, as somebody opens them."""
    client = _client(big)
    base = f"/w/{big.slug}/"
    _told("home", _times(lambda: client.get(base)), HOME_AIM_SECONDS, what="aim")
    for report in REPORTS:
        asked = _times(lambda report=report: client.get(f"{base}reports/{report}/"), runs=5)
        _told(f"report: {report}", asked, REPORT_AIM_SECONDS, what="aim")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    table.row("memory after all of these pages", f"{peak / 1024:.0f} MB")


def _told(name: str, times: list[float], limit: float, *, what: str = "p95") -> bool:
    met = _percentile(times, 95) < limit
    return table.row(name, _ms(times, 50), _ms(times, 95), bar=f"{what} < {limit * 1000:.0f} ms", met=met)


def _times(ask: Callable[[], Any], runs: int = RUNS) -> list[float]:
    found = []
    for number in range(runs + 1):
        gc.collect()
        began = time.perf_counter()
        answer = ask()
        took = time.perf_counter() - began
        assert answer.status_code == 200, answer.status_code
        if number:  # the first one fills caches, as the first person of a morning does
            found.append(took)
    return found


def _percentile(times: list[float], which: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[which - 1]


def _ms(times: list[float], which: int) -> str:
    return f"{_percentile(times, which) * 1000:.1f} ms"


def _exports(big: Big) -> Iterator[bool]:
    """Each in a process of its own, so that its memory is its own."""
    found = {rows: _export_apart(big, rows) for rows in (10_000, EXPORT_ROWS)}
    for rows, (seconds, peak, size) in found.items():
        bar = EXPORT_BAR_SECONDS if rows == EXPORT_ROWS else None
        yield table.row(
            f"Excel of {rows:,} rows ({size / 1e6:.1f} MB)",
            f"{seconds:.1f} s",
            bar=f"< {bar:.0f} s" if bar else "",
            met=seconds < bar if bar else None,
        )
        yield table.row(
            "  memory that it took",
            f"{peak:.0f} MB",
            bar=f"< {EXPORT_BAR_MB} MB, constant",
            met=peak < EXPORT_BAR_MB,
        )


def _export_apart(big: Big, rows: int) -> tuple[float, float, int]:
    """Seconds, megabytes above what the process had before, and the size of the file."""
    from django.db import connections

    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            os.write(writer, repr(_export(big, rows)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        seconds, peak, size = told.read().strip("()").split(",")
    os.waitpid(child, 0)
    return float(seconds), float(peak), int(size)


def _export(big: Big, rows: int) -> tuple[float, float, int]:
    from dojang.service.invoices.models import Invoice
    from dojang.service.tenancy.scope import in_workspace

    with in_workspace(big.workspace_id):
        day = Invoice.objects.order_by("-written_on", "-id").values_list("written_on", flat=True)[rows]
    client = _client(big)
    client.get(f"/w/{big.slug}/invoices/?tab=all")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    answer = client.get(f"/w/{big.slug}/invoices/excel/?from={day.isoformat()}")
    size = sum(len(piece) for piece in answer.streaming_content)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return seconds, peak / 1024, size


if __name__ == "__main__":
    main()
