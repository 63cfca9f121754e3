"""Commands of installed packages join the command line after its own."""

from importlib import import_module
from importlib.metadata import EntryPoint

import click
import pytest

from dojang.cli.main import run


@pytest.fixture
def joined(monkeypatch):
    """What installed packages add, as the test says."""

    def install(**places):
        found = [EntryPoint(name, place, "dojang.commands") for name, place in places.items()]
        monkeypatch.setattr(
            import_module("dojang.cli.main"),
            "entry_points",
            lambda group: found if group == "dojang.commands" else [],
        )

    return install


@click.command(help="An added command.")
def added():
    click.echo("added")


def test_an_added_command_is_listed_after_the_own_ones_and_runs(joined, capsys):
    joined(**{"zz-added": f"{__name__}:added"})
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out
    assert listed.index("version") < listed.index("zz-added")
    assert run(["zz-added"]) == 0
    assert capsys.readouterr().out == "added\n"


def test_an_own_command_cannot_be_replaced(joined, capsys):
    joined(version=f"{__name__}:added")
    assert run(["version"]) == 0
    assert capsys.readouterr().out.startswith("dojang ")


def test_running_an_own_command_loads_no_added_one(joined):
    joined(broken="no.such.module:command")
    assert run(["version"]) == 0


@pytest.mark.parametrize("command", [["serve"], ["web"], ["worker"], ["migrate"], ["secrets", "folder"]])
def test_where_only_the_library_is_the_service_says_what_to_install(command, monkeypatch, capsys):
    monkeypatch.setattr("dojang.service.run.commands.find_spec", lambda name: None)
    assert run(command) == 1
    assert "pip install 'dojang[service]'" in capsys.readouterr().err


def test_the_secrets_of_an_installation_are_made_once(tmp_path, capsys):
    assert run(["secrets", str(tmp_path / "new")]) == 0
    kept = (tmp_path / "new" / "secrets.env").read_text()
    assert "DOJANG_DATA_KEY=" in kept
    shown = capsys.readouterr().out
    assert str(tmp_path / "new" / "secrets.env") in shown
    assert not any(line.partition("=")[2] in shown for line in kept.splitlines() if "_KEY=" in line)
    assert run(["secrets", str(tmp_path / "new")]) == 1
    assert (tmp_path / "new" / "secrets.env").read_text() == kept


def test_a_service_without_settings_tells_all_that_is_missing(monkeypatch, capsys):
    for name in ("DOJANG_DATA", "DOJANG_DEMO", "DOJANG_SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)
    assert run(["serve"]) == 1
    told = capsys.readouterr().err
    assert "DOJANG_DATA" in told
    assert "DOJANG_ORIGIN" in told
