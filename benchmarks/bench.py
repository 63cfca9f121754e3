"""How fast the core is, as ratios to what the machine can do at most: raw RSA-2048 signing on one core.

`make bench` prints a table; `BENCH_JSON=FILE` also writes it as JSON: name → {per_second, ratio}.
Rounds are interleaved, so that a change of the machine's speed hits every row alike; medians are shown.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

from dojang.cli.connection import connect
from dojang.cli.invoices import sample
from dojang.etax import KST, Invoice, read, sign, verify
from dojang.npki import keys
from dojang.npki.testca import TestCA
from dojang.nts import cms
from dojang.nts.outcomes import Receipt
from dojang.nts.package import PackagedInvoice, encode
from dojang.nts.submission import Submission
from dojang.sandbox.server import running

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
ROUND_SECONDS = 0.15
MEMORY_INVOICES = int(os.environ.get("BENCH_MEMORY", "20000"))
NUMBER = "9988100012"
PASSPHRASE = "bench-Passphrase-1"
NOW = datetime.now(UTC)

Work = Callable[[], object]


def invoice(day: date) -> Invoice:
    return sample(day, NUMBER).replace(
        issue_id=f"{day:%Y%m%d}41000000bench001",
        issued_at=datetime(day.year, day.month, day.day, 9, tzinfo=KST),
    )


def per_second(work: Work, clock: Callable[[], float] = time.perf_counter) -> float:
    """How often the work can be done in a second of this clock, over one round."""
    done, start = 0, clock()
    while (elapsed := clock() - start) < ROUND_SECONDS:
        work()
        done += 1
    return done / elapsed


def on_one_core(work: Work) -> float:
    """Per second of CPU time, so that what else the machine does meanwhile changes little."""
    return per_second(work, time.thread_time)


def in_threads(count: int, work: Work) -> float:
    """The sum of what threads do at the same time."""
    rates: list[float] = []
    threads = [threading.Thread(target=lambda: rates.append(per_second(work))) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(rates)


def on_cores(cores: set[int]) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)


def measure(stack: ExitStack, folder: Path) -> dict[str, tuple[float, float]]:
    """Each row's rate and its ratio to raw RSA, medians over the rounds."""
    authority = TestCA.create(NOW)
    identity = authority.issue(NUMBER, "(주)도장상사", passphrase=PASSPHRASE)
    key = keys.open_private_key(identity.encrypted_key, PASSPHRASE)
    certificate = identity.certificate.der
    document = invoice(NOW.astimezone(KST).date())
    signed = sign(document, certificate, key.sign)
    assert key.random_number is not None
    packaged = [PackagedInvoice(signed, key.random_number.reveal())] * 100
    recipient = authority.issue_server("NTS", usage="encryption").certificate.der
    server = stack.enter_context(running(folder / "sandbox"))
    submit = submitter(stack, server.client_settings, packaged[0])

    one_core: dict[str, Work] = {
        "build_sign": lambda: sign(document, certificate, key.sign),
        "verify": lambda: verify(signed),
        "read": lambda: read(signed),
        "package_100": lambda: cms.envelope(encode(packaged), recipient, random=os.urandom),
        "open_key": lambda: keys.open_private_key(identity.encrypted_key, PASSPHRASE),
    }
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()
    octets = os.urandom(1200)
    rows: dict[str, list[tuple[float, float]]] = {}
    for _ in range(ROUNDS):
        on_cores(set(sorted(cores)[:1]))
        raw = on_one_core(lambda: key.sign(octets))
        rates = {"raw_rsa_2048": raw} | {name: on_one_core(work) for name, work in one_core.items()}
        raw_by_the_clock = per_second(lambda: key.sign(octets))
        on_cores(cores)
        rates["build_sign_2_threads"] = in_threads(2, one_core["build_sign"]) * raw / raw_by_the_clock
        rates["sandbox_submissions"] = per_second(submit)
        for name, rate in rates.items():
            rows.setdefault(name, []).append((rate, rate / raw))
    return {
        name: (statistics.median(rate for rate, _ in seen), statistics.median(ratio for _, ratio in seen))
        for name, seen in rows.items()
    }


def submitter(stack: ExitStack, settings: Path, packaged: PackagedInvoice) -> Work:
    """One submission of one invoice over SOAP, from packaging to the receipt."""
    connection = connect(settings)
    client = stack.enter_context(connection.client())

    def submit() -> None:
        submission = Submission.prepare(
            [packaged],
            settings=connection.settings,
            sign=connection.sign,
            now=datetime.now(UTC),
            random=os.urandom,
        )
        assert isinstance(client.submit(submission), Receipt)

    return submit


def peak_memory(folder: Path, count: int) -> float:
    """Megabytes that `dojang sign` takes at most, for so many invoices streamed from a file."""
    authority = TestCA.load_or_create(folder, now=NOW)
    _, pfx = authority.write(authority.issue(NUMBER, "(주)도장상사", passphrase=PASSPHRASE), folder)
    source = folder / f"{count}.jsonl"
    line = sample(NOW.astimezone(KST).date(), NUMBER).to_json(indent=None) + "\n"
    with source.open("w") as file:
        for _ in range(count):
            file.write(line)
    program = (
        "import resource, sys; from dojang.cli.main import run; status = run(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr); sys.exit(status)"
    )
    command = ["sign", str(source), "--cert", str(pfx), "--out", str(folder / f"signed-{count}")]
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        env=os.environ | {"DOJANG_PASSPHRASE": PASSPHRASE},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    unit = 1 if sys.platform == "darwin" else 1024
    return int(done.stderr.split()[-1]) * unit / 1e6


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dojang-bench-")))
        rows = measure(stack, folder)
    print(f"{'':<22}{'per second':>12}{'ratio':>8}   (ratio to raw RSA-2048 signing on one core)")
    for name, (rate, ratio) in rows.items():
        print(f"{name:<22}{rate:>12,.1f}{ratio:>8.3f}")
    two, one = rows["build_sign_2_threads"][0], rows["build_sign"][0]
    print(f"two threads sign {two / one:.2f} times as much as one")
    if path := os.environ.get("BENCH_JSON"):
        data = {name: {"per_second": rate, "ratio": ratio} for name, (rate, ratio) in rows.items()}
        Path(path).write_text(json.dumps(data, indent=2) + "\n")
    with tempfile.TemporaryDirectory(prefix="dojang-bench-") as folder:
        few, many = (peak_memory(Path(folder), count) for count in (1_000, MEMORY_INVOICES))
    print(
        f"dojang sign, peak memory: 1,000 invoices {few:.0f} MB, {MEMORY_INVOICES:,} invoices {many:.0f} MB"
    )


if __name__ == "__main__":
    main()
