"""A fuzzer without dependencies: `python tests/fuzz/fuzz.py SECONDS [--seed N] [--folder PATH] [--only TARGET]`.

Mutates every file of tests/data and feeds it to everything that reads foreign bytes (`fuzz_targets`). Anything but success
or a `DojangError`, and whatever takes longer than five seconds, is a finding: the input and its traceback are written
into the folder, under the input's hash, and the exit status is 1. `--replay FILE --only TARGET` runs one input again.

The n-th input of a target depends on the seed alone, so the same seed finds the same again.
"""

import faulthandler
import hashlib
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom

import click
from fuzz_mutations import mutate
from fuzz_targets import FILES, TARGETS, Target

from dojang.errors import DojangError
from dojang.npki import pbe

LIMIT_SECONDS = 5.0
MEMORY_BYTES = 4 << 30
ANY_FILE_SHARE = 0.05
"""How often a target gets a file that is made for another one."""

MAX_ITERATIONS = 20_000
"""Iterations of key derivation for the fuzzer: what the real limit costs is known, and would drown what is not."""

HARMLESS_WARNINGS = ("Parsed a serial number", "Attribute's length must be")
"""What `cryptography` says of certificates that are not as RFC 5280 wants them; any other warning is a finding."""


class TookTooLong(BaseException):
    """Not an Exception, so that nobody on the way catches it."""


@dataclass(slots=True)
class Tally:
    """What became of a target's inputs."""

    executions: int = 0
    accepted: int = 0
    findings: int = 0
    seconds: float = 0.0

    def line(self, name: str) -> str:
        rate = self.executions / self.seconds if self.seconds else 0
        return f"{name:24}{self.executions:>10,}{rate:>10,.0f}/s{self.accepted:>10,}{self.findings:>10}"


HEADER = f"{'target':24}{'inputs':>10}{'':>12}{'accepted':>10}{'findings':>10}"


def inputs(target: Target, seed: int) -> Iterator[bytes]:
    """Endless; the files themselves come first."""
    own, every = target.files(), list(FILES.values())
    yield from own
    number = 0
    while True:
        random = Random(f"{seed}/{target.name}/{number}")
        data = random.choice(every if random.random() < ANY_FILE_SHARE else own)
        yield mutate(random, data, random.choice(random.choice((own, every))))
        number += 1


def attempt(target: Target, data: bytes, limit: float = LIMIT_SECONDS) -> str | None:
    """None when it was accepted, an empty text when it was refused, otherwise the traceback."""
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        target.run(data)
    except DojangError as refusal:
        return _said(refusal)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - also TookTooLong, and panics of Rust, which are no Exceptions
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def _said(refusal: DojangError) -> str:
    try:
        assert refusal.text("ko")
        assert refusal.text("en")
    except Exception:  # noqa: BLE001 - a sentence that cannot be said is a finding
        return traceback.format_exc()
    return ""


class Findings:
    """Where findings are written; of those that end in the same line of a target, only the first."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._seed = folder, seed
        self._seen: set[tuple[str, str]] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self._running = os.open(folder / "running", os.O_RDWR | os.O_CREAT, 0o600)

    def begin(self, data: bytes) -> None:
        """Keep the input at hand: should the process die of it, it is in the file `running`."""
        os.ftruncate(self._running, len(data))
        os.pwrite(self._running, data, 0)

    def add(self, target: Target, data: bytes, trace: str) -> bool:
        """Whether it is a new one."""
        places = [line for line in trace.splitlines() if line.startswith("  File ")]
        where = (target.name, places[-1] if places else trace)
        if where in self._seen:
            return False
        self._seen.add(where)
        name = hashlib.sha256(data).hexdigest()[:16]
        (self._folder / name).write_bytes(data)
        (self._folder / f"{name}.txt").write_text(
            f"--only {target.name} --seed {self._seed}\n\n{trace}", "utf-8"
        )
        click.echo(f"\n{self._folder / name}  ({target.name})\n{trace}")
        return True

    def end(self) -> None:
        os.close(self._running)
        (self._folder / "running").unlink()


def fuzz(seconds: float, seed: int, folder: Path, targets: Sequence[Target]) -> dict[str, Tally]:
    """Give every target the same time."""
    findings = Findings(folder, seed)
    tallies = {target.name: Tally() for target in targets}
    sources = {target.name: inputs(target, seed) for target in targets}
    ends = time.monotonic() + seconds
    while (began := time.monotonic()) < ends:
        target = min(targets, key=lambda target: tallies[target.name].seconds)
        tally, data = tallies[target.name], next(sources[target.name])
        findings.begin(data)
        trace = attempt(target, data)
        tally.executions += 1
        tally.accepted += trace is None
        tally.findings += bool(trace) and findings.add(target, data, trace)
        tally.seconds += time.monotonic() - began
    findings.end()
    return tallies


@contextmanager
def bounded() -> Iterator[None]:
    """Bounds of time and memory, and warnings as errors, while the fuzzer works."""

    def too_long(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, too_long)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError):  # macOS knows no such bound
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
    most, pbe.MAX_ITERATIONS = pbe.MAX_ITERATIONS, MAX_ITERATIONS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for message in HARMLESS_WARNINGS:
                warnings.filterwarnings("ignore", message)
            yield
    finally:
        pbe.MAX_ITERATIONS = most
        with suppress(ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGALRM, before)


@click.command()
@click.argument("seconds", type=click.FloatRange(min=0), default=60)
@click.option("--seed", type=int, help="The same seed gives the same inputs; random when not given.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Where findings are written."
)
@click.option("--only", type=click.Choice([target.name for target in TARGETS]), multiple=True)
@click.option("--replay", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(
    seconds: float, seed: int | None, folder: Path | None, only: Sequence[str], replay: Path | None
) -> None:
    """Fuzz for SECONDS in all."""
    targets = [target for target in TARGETS if not only or target.name in only]
    with bounded():
        if replay:
            traces = {target.name: attempt(target, replay.read_bytes()) for target in targets}
            for name, trace in traces.items():
                click.echo(f"{name}: {'accepted' if trace is None else trace or 'refused'}")
            sys.exit(any(traces.values()))
        seed = SystemRandom().randrange(1 << 32) if seed is None else seed
        folder = folder or Path(tempfile.mkdtemp(prefix="dojang-fuzz-"))
        click.echo(f"seed {seed}, findings in {folder}")
        tallies = fuzz(seconds, seed, folder, targets)
    click.echo("\n".join((HEADER, *(tally.line(name) for name, tally in tallies.items()))))
    sys.exit(any(tally.findings for tally in tallies.values()))


if __name__ == "__main__":
    faulthandler.enable()
    main()
