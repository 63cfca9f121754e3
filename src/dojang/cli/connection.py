"""How the command line reaches 국세청, or a sandbox: `client.json`, with the passphrase as people give it here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dojang.cli import options
from dojang.cli.errors import BadSettings
from dojang.cli.language import language
from dojang.nts import connection
from dojang.nts.client import NtsClient
from dojang.nts.errors import SettingsFileRefused
from dojang.nts.settings import NtsSettings


@dataclass(frozen=True, slots=True)
class Connection:
    """Settings with the key of the transmitting system, and the folder where submissions are kept."""

    settings: NtsSettings
    sign: Callable[[bytes], bytes]
    store: Path

    def client(self) -> NtsClient:
        return connection.Connection(self.settings, self.sign, self.store.parent).client(clock=options.now)


def connect(path: Path) -> Connection:
    """From a client.json, or the folder that has one (a sandbox's data folder, for example).

    Raises:
        BadSettings: it cannot be used.
        NpkiError, InvalidSettings: what it names cannot be.
    """
    try:
        found = connection.connect(path, passphrase=options.passphrase)
    except SettingsFileRefused as error:
        why = str(error.facts["why_ko" if language() == "ko" else "why_en"])
        raise BadSettings(name=error.facts["name"], why=why) from None
    return Connection(found.settings, found.sign, found.home / "submissions")
