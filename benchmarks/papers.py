"""How many pages of paper a second: single files one after another, and one file of many. Fonts are read before.

Prints each figure beside the bar of 50 pages a second; `measure()` is for other benchmarks. Seconds are those of one
core (CPU time), so that what else the machine does meanwhile changes little. The bar is held by the first figure, an
ordinary invoice of two items with both copies on its page and its XML inside. Memory is the peak of the whole process.
"""

import os
import resource
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

import table
from dojang.cli.invoices import sample
from dojang.etax import KST, Invoice
from dojang.etax.xml_writer import write
from dojang.render import Copy, form
from dojang.render.pdf import Attachment, attached_xml, pdf

BAR = 50
"""Pages a second, warm, that the service promises."""

SINGLE, MANY, LONG = 150, 500, 10
MADE = datetime(2026, 11, 20, tzinfo=UTC)


def invoice(number: int, lines: int = 2) -> Invoice:
    """One that differs from every other in what differs in practice: names, amounts, number."""
    plain = sample(date(2026, 11, 20), "9988100012")
    items = [
        {
            "supplied_on": "2026-11-20",
            "name": f"품목 {number}-{line}",
            "supply_amount": 1000 + number,
            "tax_amount": 100,
        }
        for line in range(lines)
    ]
    data = {
        **plain.to_data(),
        "issue_id": f"20261120410000{number:010d}",
        "items": items,
        "payments": [],
    }
    return Invoice.from_data(data).replace(issued_at=datetime(2026, 11, 20, 9, tzinfo=KST))


def file_of(invoices: list[Invoice]) -> bytes:
    """Both copies of each, with their XML inside."""
    return pdf(
        [form(one, copy=copy) for one in invoices for copy in Copy],
        sandbox=True,
        dated=MADE,
        attachments=[Attachment(f"{one.issue_id}.xml", write(one), "XML") for one in invoices],
    )


def measure() -> dict[str, float]:
    """Pages a second by kind of file."""
    file_of([invoice(0)])
    single = [invoice(number) for number in range(1, SINGLE + 1)]
    many = [invoice(number) for number in range(1000, 1000 + MANY)]
    long = [invoice(number, 99) for number in range(LONG)]
    return {
        "one invoice a file, both copies on a page": SINGLE
        / seconds(lambda: [file_of([one]) for one in single]),
        f"{MANY} invoices in one file": MANY / seconds(lambda: file_of(many)),
        "99 items, both copies on four pages": 4 * LONG / seconds(lambda: [file_of([one]) for one in long]),
    }


def seconds(work: Callable[[], object]) -> float:
    """Of CPU time, all threads and the processes that large files are set in together."""
    start = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - start


def main() -> None:
    """Print what was measured; the exit status says whether the ordinary invoice met the bar."""
    found = measure()
    met = [
        table.row(f"PDF: {name}", f"{rate:.1f} pages/s", bar=f"≥ {BAR} pages/s", met=rate >= BAR)
        for name, rate in found.items()
    ]
    whole = file_of([invoice(number) for number in range(MANY)])
    took = seconds(lambda: attached_xml(whole))
    table.row(f"PDF: reading {MANY} XML files out of one ({len(whole) / 1e6:.1f} MB)", f"{took:.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.row("PDF: peak memory", f"{peak:.0f} MB")
    sys.exit(0 if met[0] else 1)


if __name__ == "__main__":
    main()
