"""What a browser may run on the signing page, and how anyone computes which version it was."""

import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from dojang.service.signing import release
from dojang.service.signing.release import MODULES, Release

ROOT = Path(__file__).parents[2]
HOW_TO = (ROOT / "docs" / "howto" / "signing-page.md").read_text(encoding="utf-8")
FILES = {"b.js": b"b", "a.js": b"a", "sign.css": b"c"}


def test_the_how_tos_commands_compute_the_version() -> None:
    commands = [block for block in re.findall(r"```sh\n(.*?)```", HOW_TO, re.DOTALL) if "sha384sum" in block]
    assert len(commands) == 2
    for command in commands:
        done = subprocess.run(["sh", "-ec", command], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == release.current().version


def test_the_command_prints_the_version_and_what_it_is_made_of(capsys: pytest.CaptureFixture[str]) -> None:
    release.main()
    *hashes, version = capsys.readouterr().out.splitlines()
    assert version == f"version {release.current().version}"
    assert [line.split("  ")[1] for line in hashes] == sorted(release.current().files)


def test_the_version_changes_with_every_file_and_name() -> None:
    versions = {
        Release(files).version
        for files in (
            FILES,
            FILES | {"a.js": b"A"},
            FILES | {"c.js": b""},
            {("z.js" if name == "a.js" else name): data for name, data in FILES.items()},
        )
    }
    assert len(versions) == 4
    assert all(re.fullmatch("[0-9a-f]{16}", version) for version in versions)


def test_the_order_of_the_files_does_not_matter() -> None:
    assert Release(dict(reversed(FILES.items()))).version == Release(FILES).version


def test_the_import_map_has_the_hash_of_every_module() -> None:
    modules = release.current()
    content = json.loads(modules.import_map)
    place = f"/sign/{modules.version}/"
    assert content["imports"] == {"dojang/": place}
    assert content["integrity"] == {
        place + path.name: f"sha384-{base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()}"
        for path in MODULES.glob("*.js")
    }


def test_the_import_map_needs_no_escaping_in_a_page() -> None:
    assert re.fullmatch(r'[\w/.+={}":,-]+', release.current().import_map)


def test_the_policy_allows_this_versions_modules_and_nothing_else() -> None:
    modules = release.current()
    map_hash = base64.b64encode(hashlib.sha256(modules.import_map.encode()).digest()).decode()
    first, second = (
        dict(part.partition(" ")[::2] for part in policy.split("; "))
        for policy in modules.headers["Content-Security-Policy"].split(", ")
    )
    assert first == {
        "default-src": "'none'",
        "script-src": f"'self' 'sha256-{map_hash}'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert second == {
        "script-src": f"*:*/sign/{modules.version}/ 'sha256-{map_hash}'",
        "style-src": f"*:*/sign/{modules.version}/",
    }


def test_a_page_that_signs_is_kept_apart_and_out_of_caches() -> None:
    headers = release.current().headers
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["README.md", "a.js.map", "folder"])
def test_nothing_else_may_lie_among_the_modules(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.js").write_bytes(b"")
    (tmp_path / name).mkdir() if name == "folder" else (tmp_path / name).write_bytes(b"")
    with pytest.raises(ValueError, match=name):
        release.read(tmp_path)


def test_an_asset_that_is_not_there_has_no_address() -> None:
    with pytest.raises(KeyError):
        Release(FILES).asset("nothing.js")


def test_no_module_reaches_out_or_makes_code_or_markup_from_text() -> None:
    forbidden = re.compile(
        r"\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|https?://(?!www\.w3\.org|www\.kec\.or\.kr)"
        r"|\bWorker\(|localStorage|sessionStorage|document\.cookie|console\.|\bimport\("
    )
    comments = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
    found = {
        path.name: forbidden.findall(comments.sub("", path.read_text("utf-8")))
        for path in MODULES.glob("*.js")
    }
    assert {name: what for name, what in found.items() if what} == {}
