"""Who can log in to the demo, which listens on this machine alone."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from dojang.service.workspaces.roles import Role

PASSWORD = "dojang-demo-2026"  # noqa: S105 (of the demo, on loopback)
CERTIFICATE_PASSPHRASE = "dojang-demo!1"  # noqa: S105 (of invented certificates)


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the demo."""

    email: str
    name: str
    role: Role
    ko: str
    en: str
    is_operator: bool = False


ACCOUNTS = (
    Account("owner@demo.example", "한도장", Role.OWNER, "소유자", "owner", is_operator=True),
    Account("issuer@demo.example", "김회계", Role.ISSUER, "발행 담당", "issuer"),
    Account("writer@demo.example", "이담당", Role.WRITER, "작성 담당", "writer"),
    Account("viewer@demo.example", "박열람", Role.VIEWER, "열람", "viewer"),
)


def certificate_folder() -> Path:
    """Where the demo's certificates lie, as people keep theirs."""
    folder: Path = settings.ENVIRONMENT.data / "certificates"
    return folder
