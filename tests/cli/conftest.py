import pytest
from cli_tools import Shell


@pytest.fixture
def shell(tmp_path, capsys, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "DOJANG_PASSPHRASE", "DOJANG_NTS"):
        monkeypatch.delenv(name, raising=False)
    return Shell(tmp_path, capsys, monkeypatch)
