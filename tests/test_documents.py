"""README's commands do what it says, and the generated reference pages are fresh."""

import os
import re
import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def test_the_readmes_examples_run_as_written(tmp_path):
    two_commands, shell_lines = blocks("sh")
    assert two_commands.split("\n")[0].startswith("make run")
    [program] = blocks("python")
    # Only the port differs, which somebody may be using.
    script = "\n".join(
        [
            "set -euo pipefail",
            "trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT",
            shell_lines.replace("8090", str(free_port())),
            "python program.py",
        ]
    )
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "발행할 수 있습니다" in done.stdout
    assert "SUC001" in done.stdout


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_fresh(name):
    page = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert page == "".join(PAGES[name]()), "run: python docs/generate.py"


def test_links_between_documents_lead_somewhere():
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.name}: {link}"
        for document in documents
        for link in re.findall(r"\]\(((?!https?:)[^)#]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    ]
    assert broken == []
