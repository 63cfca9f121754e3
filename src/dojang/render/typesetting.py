"""Running Typst: in this process, or in one of its own where a file is large.

Typst keeps what it has set, to be quick the next time: some megabytes after single documents, more than a gigabyte
after 500 in one file. A process that ends gives it back. Nothing goes through a file: pages may name people.
"""

import json
import subprocess
import sys
from functools import cache
from importlib.resources import as_file, files
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dojang.render.attached import PdfNotInstalled
from dojang.render.glyphs import folder

if TYPE_CHECKING:
    import typst


def typeset(data: dict[str, Any], timestamp: int, *, apart: bool) -> bytes:
    """The PDF of what the template is given.

    Args:
        data: see `pdf.py`.
        timestamp: when it was made, in seconds since 1970.
        apart: in another process.

    Raises:
        PdfNotInstalled: Typst is not there.
    """
    _typst()
    given = json.dumps(data, ensure_ascii=False)
    if not apart:
        return _typeset(given, timestamp)
    command = [sys.executable, "-m", "dojang.render.typesetting", str(timestamp)]
    done = subprocess.run(command, input=given.encode(), stdout=subprocess.PIPE, check=True)  # noqa: S603 (our own)
    return done.stdout


def _typeset(given: str, timestamp: int) -> bytes:
    compiler = _typst().Compiler(
        _template(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"forms": given}
    )
    made = compiler.compile(format="pdf", pdf_standards="a-3b", timestamp=timestamp)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no file")
    return made


@cache
def _template() -> bytes:
    return files("dojang.render").joinpath("form.typ").read_bytes()


@cache
def _fonts() -> "typst.Fonts":
    """Read once in a process: three files of seven megabytes."""
    with as_file(folder()) as path:
        return _typst().Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[path])


def _typst() -> ModuleType:
    try:
        import typst  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise PdfNotInstalled from error
    return typst


if __name__ == "__main__":
    sys.stdout.buffer.write(_typeset(sys.stdin.buffer.read().decode(), int(sys.argv[1])))
