"""The settings that static checks and tests load: a demo's, with addresses where nothing listens."""

import base64
import os
import tempfile
from pathlib import Path

PLACEHOLDERS = {
    "DOJANG_DEMO": "1",
    "DOJANG_DATA": str(Path(tempfile.gettempdir()) / "dojang-tests"),
    "DATABASE_URL": "postgresql://dojang_app:none@localhost:1/dojang",
    "DATABASE_OWNER_URL": "postgresql://dojang_owner:none@localhost:1/dojang",
    "DOJANG_SECRET_KEY": "only-for-tests-" * 4,
    "DOJANG_DATA_KEY": base64.b64encode(b"only for tests, thirty-two bytes").decode(),
}
os.environ.update(PLACEHOLDERS)
# WhiteNoise warns where its folder is missing; in tests it finds files without collecting them.
(Path(PLACEHOLDERS["DOJANG_DATA"]) / "static").mkdir(parents=True, exist_ok=True)

from dojang.service.settings import *  # noqa: E402, F403
