"""The data folder."""

import os
from pathlib import Path

from dojang.service.postgres.account import ROOT


def make_data_folder(folder: Path) -> None:
    """Make the data folder if it is missing: for its owner alone.

    Where root makes it, others may pass through it though not look: PostgreSQL, which refuses to run as root, has its own
    folder inside.
    """
    mode = 0o711 if os.geteuid() == ROOT else 0o700
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        return
    folder.chmod(mode)
