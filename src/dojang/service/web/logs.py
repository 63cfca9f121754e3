"""Log lines without secrets: an address that lets somebody in stands in no log, whoever logs it."""

import logging
import re
from typing import Final

#: Tokens of links and invitations: 32 bytes in base64url, a part of a path of their own. And what resets a password.
_TOKENS: Final = re.compile(
    r"(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])|(?<=/reset/key/)[^/\s'\"]+|(?<=/confirm-email/)[^/\s'\"]+"
)
_INSTEAD: Final = "…"


class WithoutTokens(logging.Formatter):
    """Takes tokens out of the finished line, its traceback included: Django logs the path of each page that breaks."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return _TOKENS.sub(_INSTEAD, super().format(record))
