"""Where the test authority lies whose certificates the sandbox believes."""

from pathlib import Path

from django.conf import settings


def authority_folder() -> Path:
    """`testca` in the sandbox's folder: its settings file is `<folder>/client/client.json`."""
    file: Path | None = settings.ENVIRONMENT.nts_settings
    home = file.parent.parent if file is not None else settings.ENVIRONMENT.data
    return home / "testca"
