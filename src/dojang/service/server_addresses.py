"""Addresses of servers as they stand in the environment: of PostgreSQL, of mail, of the service itself."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """Where mail goes out: `smtp://`, `smtp+starttls://` or `smtps://`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    starttls: bool
    tls: bool


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """The parts of a `postgresql://` URL. `host` is a folder where the server listens on a Unix socket."""

    name: str
    user: str
    password: str = field(repr=False)
    host: str
    port: str
    options: Mapping[str, str]
    """The rest of the query, as libpq names it: `sslmode`, `sslrootcert`."""

    @classmethod
    def parse(cls, url: str) -> "DatabaseAddress":
        """The parts of a URL that was checked already."""
        parts = split(url)
        query = dict(parse_qsl(parts.query))
        host = query.pop("host", parts.hostname or "")
        port = query.pop("port", str(parts.port or ""))
        return cls(
            name=unquote(parts.path.removeprefix("/")),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=host,
            port=port,
            options=query,
        )


_NOTHING = SplitResult("", "", "", "", "")


def split(url: str) -> SplitResult:
    """The parts of a URL; none of them where it is not one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return _NOTHING
    return parts


def is_database_url(value: str) -> bool:
    """Whether PostgreSQL, a role and a database are named."""
    parts = split(value)
    query = dict(parse_qsl(parts.query))
    return (
        parts.scheme in {"postgresql", "postgres"}
        and bool(parts.username)
        and bool(parts.hostname or query.get("host"))
        and len(parts.path) > 1
    )


def is_host(name: str) -> bool:
    """Whether it is the name of a host, a domain with a dot before it, or an IP address."""
    return bool(_HOST.fullmatch(name)) or _is_ip(name)


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def is_origin(value: str) -> bool:
    """Whether it is the address of a site and nothing more: https, or http on this machine."""
    parts = split(value)
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    lawful = parts.scheme == "https" or (parts.scheme == "http" and is_local(parts.hostname))
    return bare and lawful and bool(parts.hostname) and is_host(parts.hostname or "")


def is_local(host: str | None) -> bool:
    """Whether it is this machine."""
    return host is not None and (host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost"))


_SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def smtp_address(url: str) -> SmtpAddress | None:
    """The parts of a mail server's URL; None where it is not one."""
    parts = split(url)
    if parts.scheme not in _SMTP_PORTS or not parts.hostname or parts.path not in {"", "/"}:
        return None
    return SmtpAddress(
        host=parts.hostname,
        port=parts.port or _SMTP_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+starttls",
        tls=parts.scheme == "smtps",
    )
