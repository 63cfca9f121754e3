"""`dojang demo` and `dojang sandbox`."""

import os
import signal
import subprocess
import sys
import time
import urllib.request

from dojang.etax import verify


def test_the_demo_ends_in_acceptance_and_leaves_its_files(shell):
    assert shell.run("demo") == 0
    assert "SUC001" in shell.out
    [run] = [path for path in shell.path("dojang-demo").iterdir() if path.name.startswith("20")]
    assert sorted(path.name for path in run.iterdir()) == [
        "invoice.json",
        "invoice.xml",
        "receipt.xml",
        "results.xml",
        "signed.xml",
        "submission.mime",
    ]
    assert verify((run / "signed.xml").read_bytes()).invoice.issue_id == run.name


def test_the_demo_can_be_run_again(shell):
    assert shell.run("demo", "--out", "here") == 0
    assert shell.run("demo", "--out", "here") == 0
    assert len([path for path in shell.path("here").iterdir() if path.name.startswith("20")]) == 2


def test_the_sandbox_command_serves_until_it_is_stopped(shell):
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "LANG": "en_US.UTF-8"}
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from dojang.cli import main; main()",
            "sandbox",
            "--port",
            "0",
            "--data",
            "nts",
        ],
        cwd=shell.folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = process.stdout.readline().split()[-1]
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"{address}/healthz") as answer:
                    assert answer.status == 200
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise AssertionError("the sandbox did not answer")
        assert shell.path("nts/client/client.json").is_file()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        process.stdout.close()
