"""The fuzzer finds what is there to find, finds it again, and finds nothing in its first inputs."""

import hashlib
import re
import time
from itertools import islice

import fuzz_targets
import pytest
from click.testing import CliRunner
from fuzz_targets import TARGETS, Target

import fuzz
from dojang.errors import DojangError

MADE_FOR = ("made/archive.zip",)


def crashes_on_long_input(data: bytes) -> None:
    if len(data) > 1_500:
        raise IndexError(len(data))
    raise DojangError


def sleeps(_: bytes) -> None:
    time.sleep(60)


@pytest.fixture(autouse=True)
def bounds():
    with fuzz.bounded():
        yield


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_takes_some_of_its_files_and_no_early_input_breaks_it(target):
    results = [
        fuzz.attempt(target, data) for data in islice(fuzz.inputs(target, 0), len(target.files()) + 20)
    ]
    assert None in results
    assert not any(results)


def test_a_name_in_a_certificate_that_cryptography_cannot_hold_stays_refused():
    certificate = fuzz_targets.SIGNER.replace(b"\x13\x02KR", b"\x03\x02\x00R")
    assert certificate != fuzz_targets.SIGNER
    (target,) = (one for one in TARGETS if one.name == "verify_invoice_signed_with")
    assert fuzz.attempt(target, certificate) == ""


def test_every_fixture_is_used():
    assert len(fuzz_targets.FILES) > 130
    assert all(target.files() for target in TARGETS)


def test_the_same_seed_gives_the_same_inputs_and_another_others():
    def first(seed):
        return list(islice(fuzz.inputs(TARGETS[0], seed), 100))

    assert first(7) == first(7)
    assert first(7) != first(8)


def test_a_crash_is_written_once_with_its_input_and_traceback(tmp_path):
    planted = Target(crashes_on_long_input, MADE_FOR)
    tallies = fuzz.fuzz(0.5, 1, tmp_path, [planted])
    assert tallies["crashes_on_long_input"].findings == 1
    (written,) = (path for path in tmp_path.iterdir() if not path.suffix)
    assert written.name == hashlib.sha256(written.read_bytes()).hexdigest()[:16]
    assert len(written.read_bytes()) > 1_500
    assert "IndexError" in written.with_suffix(".txt").read_text("utf-8")
    assert "--only crashes_on_long_input --seed 1" in written.with_suffix(".txt").read_text("utf-8")


def test_what_takes_too_long_is_a_finding():
    assert "TookTooLong" in fuzz.attempt(Target(sleeps, MADE_FOR), b"", limit=0.01)


def test_a_refusal_whose_sentence_cannot_be_said_is_a_finding():
    class Unspeakable(DojangError):
        ko = "{missing}"

    def refuses(_):
        raise Unspeakable

    assert "KeyError" in fuzz.attempt(Target(refuses, MADE_FOR), b"")


@pytest.mark.parametrize(("name", "status"), [("crashes_on_long_input", 1), ("load_crl", 0)])
def test_the_exit_status_says_whether_anything_was_found(name, status, tmp_path, monkeypatch):
    (target,) = [one for one in (*TARGETS, Target(crashes_on_long_input, MADE_FOR)) if one.name == name]
    monkeypatch.setattr(fuzz, "TARGETS", (target,))
    ran = CliRunner().invoke(fuzz.main, ["0.3", "--seed", "3", "--folder", str(tmp_path / "new")])
    assert ran.exit_code == status, ran.output
    assert re.search(rf"^{name} +[\d,]+ +[\d,]+/s", ran.output, re.MULTILINE)


def test_a_finding_can_be_replayed(tmp_path):
    (tmp_path / "found").write_bytes(fuzz_targets.FILES["npki/ca/intermediate.crl"])
    ran = CliRunner().invoke(fuzz.main, ["--replay", str(tmp_path / "found"), "--only", "load_crl"])
    assert (ran.exit_code, ran.output) == (0, "load_crl: accepted\n")
