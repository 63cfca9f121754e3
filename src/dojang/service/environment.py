"""The settings of the service, read from the environment and checked in one place, all problems told at once.

Nothing is looked up here but the environment and whether a named file is there; nothing secret has a default.
In demo mode `dojang serve --demo` puts the secrets it made into the environment of its processes.
"""

import base64
import binascii
import ipaddress
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from dojang.errors import DojangError, Language

Way = Literal["sandbox", "nts"]
Revocation = Literal["off", "soft", "hard"]
Choice = TypeVar("Choice", bound=str)

DEFAULT_PORT: Final = 8000
DATA_KEY_BYTES: Final = 32
PUBLIC_TAX_STATUS_URL: Final = "https://api.odcloud.kr"
"""공공데이터포털, 국세청 사업자등록정보 상태조회."""
DEMO_TAX_STATUS_KEY: Final = "demo"
"""No secret: the sandbox takes any."""
DEFAULT_LINK_DAYS: Final = 550
"""How long a buyer's link lives: what was written on 1 January is opened again for the income tax return of that year,
due on 30 June of the next at the latest (소득세법 §70의2②), which is 546 days."""
MOST_LINK_DAYS: Final = 1830
"""Five years, as long as the law has a buyer keep the document (국세기본법 §85의3②)."""
MIN_SECRET_KEY: Final = 40
"""Characters; Django warns under 50 of them, and 40 of base64 are 240 bits."""

EVERY_PROCESS: Final = frozenset({"DATABASE_URL", "DOJANG_SECRET_KEY", "DOJANG_DATA_KEY"})
"""What no process of the service can do without."""
MAIL: Final = frozenset({"DOJANG_SMTP_URL", "DOJANG_MAIL_FROM"})
"""What sends mails: pages those of accounts, the worker all others. The demo keeps them and needs neither."""
WEB: Final = EVERY_PROCESS | MAIL | {"DOJANG_TRANSMITTER_PUBLIC_KEY_FILE"}
WORKER: Final = EVERY_PROCESS | MAIL | {"DOJANG_TRANSMITTER_KEY_FILE", "DOJANG_TRANSMITTER_PUBLIC_KEY_FILE"}
MIGRATE: Final = EVERY_PROCESS | {"DATABASE_OWNER_URL"}

BOUNCE_MARK: Final = "{}"
"""Where the token of a mail stands in `DOJANG_MAIL_BOUNCES`."""
_BOUNCE_ROOM: Final = 64 - 52
"""What is left of a local part (RFC 5321 §4.5.3.1.1) beside a token."""

_WAYS: tuple[Way, ...] = ("sandbox", "nts")
_REVOCATIONS: tuple[Revocation, ...] = ("soft", "off", "hard")
_LANGUAGES: tuple[Language, ...] = ("ko", "en")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})
_HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
# What stands beside a token is set off by a sign that no token has.
_BOUNCES = re.compile(r"(?:[A-Za-z0-9.+_=-]*[.+_=-])?\{\}(?:[.+_=-][A-Za-z0-9.+_=-]*)?")
_NAMED_MAIL = re.compile(r"[^<>\r\n]*<([^<>]+)>")
_HOW_TO_MAKE = {
    "DOJANG_SECRET_KEY": "dojang secrets FOLDER",
    "DOJANG_DATA_KEY": "dojang secrets FOLDER",
    "DOJANG_TRANSMITTER_KEY_FILE": "dojang secrets FOLDER",
    "DOJANG_TRANSMITTER_PUBLIC_KEY_FILE": "dojang secrets FOLDER",
    "DATABASE_URL": "export DATABASE_URL='postgresql://dojang_app:…@HOST/dojang'",
    "DATABASE_OWNER_URL": "export DATABASE_OWNER_URL='postgresql://dojang_owner:…@HOST/dojang'",
    "DOJANG_DATA": "export DOJANG_DATA=/var/lib/dojang",
    "DOJANG_ORIGIN": "export DOJANG_ORIGIN=https://tax.example.com",
    "DOJANG_SMTP_URL": "export DOJANG_SMTP_URL='smtp+starttls://USER:…@HOST:587'",
    "DOJANG_MAIL_FROM": "export DOJANG_MAIL_FROM='도장 <no-reply@example.com>'",
    "DOJANG_NTS_SETTINGS": "export DOJANG_NTS_SETTINGS=/etc/dojang/nts.toml",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one variable, never its value."""

    variable: str
    ko: str
    en: str

    def text(self, language: Language) -> str:
        return f"{self.variable}: {self.ko if language == 'ko' else self.en}"


class BadEnvironment(DojangError):
    """Settings that are missing or wrong; `problems` has them all."""

    code = "bad_environment"
    ko = "환경 변수를 고쳐야 시작할 수 있습니다."
    en = "It can't start until these environment variables are right."

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(problems=self.problems)

    def text(self, language: Language = "ko") -> str:
        head = self.ko if language == "ko" else self.en
        return "\n".join([head, *(f"  {problem.text(language)}" for problem in self.problems)])

    def __reduce__(self) -> tuple[object, ...]:
        return (BadEnvironment, (self.problems,))


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
        parts = _split(url)
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


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings of one process, right as far as they can be known to be without opening a connection."""

    data: Path
    """Absolute: what people upload, and the embedded PostgreSQL."""
    demo: bool
    database_url: str = field(repr=False)
    """PostgreSQL as the application's role, which owns nothing; empty only where it was not needed."""
    owner_url: str = field(repr=False)
    """PostgreSQL as the owner, for migrations alone; empty where it was not given."""
    secret_key: str = field(repr=False)
    data_key: bytes = field(repr=False)
    """32 bytes; encrypts documents that name a resident number."""
    transmitter_key_file: Path | None
    """PEM; the worker's alone."""
    transmitter_public_key_file: Path | None
    hosts: tuple[str, ...]
    origin: str
    """`https://host[:port]`, without a slash at the end."""
    port: int
    proxies: int
    """How many proxies stand before the web process, each of which adds to X-Forwarded-For."""
    smtp_url: str = field(repr=False)
    """Empty in demo mode, where mails stay in the database, and where it was not needed."""
    mail_from: str
    mail_bounces: str
    """Where mails come back to, with `{}` for what tells them apart; empty where nobody reads what comes back."""
    nts: Way
    nts_settings: Path | None
    """The client's settings for the NTS or the sandbox."""
    sandbox_url: str
    tax_status_url: str
    """Where 휴폐업 is asked for, without a slash at the end; in demo mode the sandbox, if there is one."""
    tax_status_key: str = field(repr=False)
    """The service key for it; empty means that it is not asked for."""
    revocation: Revocation
    link_days: int
    """How long a link without account lives."""
    language: Language

    @property
    def debug(self) -> bool:
        """Never: what a page of Django's debugger shows is a secret."""
        return False

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies may be theirs alone."""
        return self.origin.startswith("https:")

    @property
    def database(self) -> DatabaseAddress:
        """PostgreSQL as the application's role."""
        return DatabaseAddress.parse(self.database_url)

    @property
    def owner_database(self) -> DatabaseAddress:
        """PostgreSQL as the owner."""
        return DatabaseAddress.parse(self.owner_url)

    @property
    def smtp(self) -> SmtpAddress | None:
        return _smtp(self.smtp_url) if self.smtp_url else None

    @classmethod
    def read(cls, environ: Mapping[str, str], *, needs: Collection[str] = EVERY_PROCESS) -> "Environment":
        """The settings in `environ`.

        Args:
            environ: usually `os.environ`.
            needs: the variables that this process cannot do without: `WEB`, `WORKER`, `MIGRATE`.

        Raises:
            BadEnvironment: with every problem there is.
        """
        values = _Values(environ, frozenset(needs))
        demo = values.flag("DOJANG_DEMO")
        if demo:
            values.need_not(MAIL)
        port = values.port("DOJANG_PORT")
        nts: Way = values.choice("DOJANG_NTS", _WAYS)
        origin = values.origin("DOJANG_ORIGIN", f"http://localhost:{port}" if demo else None)
        smtp_url = values.smtp_url("DOJANG_SMTP_URL")
        sandbox_url = values.http_url("DOJANG_SANDBOX_URL")
        environment = cls(
            data=values.folder("DOJANG_DATA", Path("demo") if demo else None),
            demo=demo,
            database_url=values.database_url("DATABASE_URL"),
            owner_url=values.database_url("DATABASE_OWNER_URL"),
            secret_key=values.secret_key("DOJANG_SECRET_KEY"),
            data_key=values.data_key("DOJANG_DATA_KEY"),
            transmitter_key_file=values.file("DOJANG_TRANSMITTER_KEY_FILE"),
            transmitter_public_key_file=values.file("DOJANG_TRANSMITTER_PUBLIC_KEY_FILE"),
            hosts=values.hosts("DOJANG_HOSTS", origin, demo=demo),
            origin=origin,
            port=port,
            # What terminates https is one; the header of more would be whoever asks.
            proxies=values.count("DOJANG_PROXIES", 1 if origin.startswith("https:") else 0),
            smtp_url=smtp_url,
            mail_from=values.mail_address("DOJANG_MAIL_FROM", "dojang@localhost" if demo else ""),
            mail_bounces=values.bounce_address("DOJANG_MAIL_BOUNCES"),
            nts=nts,
            nts_settings=values.file("DOJANG_NTS_SETTINGS", required=nts == "nts"),
            sandbox_url=sandbox_url,
            tax_status_url=values.keyed_url(
                "DOJANG_TAX_STATUS_URL", sandbox_url if demo else PUBLIC_TAX_STATUS_URL
            ),
            tax_status_key=values.text("DOJANG_TAX_STATUS_KEY") or (DEMO_TAX_STATUS_KEY if demo else ""),
            revocation=values.choice("DOJANG_REVOCATION", _REVOCATIONS),
            link_days=values.days("DOJANG_LINK_DAYS", DEFAULT_LINK_DAYS, MOST_LINK_DAYS),
            language=values.choice("DOJANG_LANGUAGE", _LANGUAGES),
        )
        values.two_roles(environment.database_url, environment.owner_url)
        if values.problems:
            raise BadEnvironment(values.problems)
        return environment


class _Values:
    """Reads one variable at a time and remembers what was wrong with it."""

    def __init__(self, environ: Mapping[str, str], needs: frozenset[str]) -> None:
        self._environ = environ
        self._needs = needs
        self.problems: list[Problem] = []

    def need_not(self, names: Collection[str]) -> None:
        self._needs -= frozenset(names)

    def wrong(self, variable: str, ko: str, en: str) -> None:
        self.problems.append(Problem(variable, ko, en))

    def text(self, variable: str, *, required: bool = False) -> str:
        value = self._environ.get(variable, "").strip()
        if not value and (required or variable in self._needs):
            how = _HOW_TO_MAKE.get(variable, f"export {variable}=…")
            self.wrong(variable, f"값이 없습니다. 예: {how}", f"is missing. For example: {how}")
        return value

    def flag(self, variable: str) -> bool:
        value = self.text(variable).lower()
        if value not in _TRUE | _FALSE:
            self.wrong(variable, "1 또는 0이어야 합니다.", "has to be 1 or 0.")
        return value in _TRUE

    def choice(self, variable: str, choices: tuple[Choice, ...]) -> Choice:
        """One of `choices`, of which the first is the default."""
        value = self.text(variable) or choices[0]
        if chosen := next((choice for choice in choices if choice == value), None):
            return chosen
        listed = ", ".join(choices)
        self.wrong(variable, f"{listed} 가운데 하나여야 합니다.", f"has to be one of {listed}.")
        return choices[0]

    def port(self, variable: str) -> int:
        value = self.text(variable) or str(DEFAULT_PORT)
        number = int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 0  # noqa: PLR2004 - 65535
        if not 0 < number < 1 << 16:
            self.wrong(variable, "1에서 65535 사이의 수여야 합니다.", "has to be a number from 1 to 65535.")
            return DEFAULT_PORT
        return number

    def count(self, variable: str, default: int) -> int:
        """A small number, one digit."""
        value = self.text(variable) or str(default)
        if len(value) != 1 or not value.isascii() or not value.isdecimal():
            self.wrong(variable, "0에서 9 사이의 수여야 합니다.", "has to be a number from 0 to 9.")
            return default
        return int(value)

    def days(self, variable: str, default: int, most: int) -> int:
        """From 1 to `most` days."""
        value = self.text(variable) or str(default)
        days = int(value) if value.isascii() and value.isdecimal() and len(value) <= len(str(most)) else 0
        if not 0 < days <= most:
            self.wrong(variable, f"1에서 {most} 사이의 날수여야 합니다.", f"has to be from 1 to {most} days.")
            return default
        return days

    def folder(self, variable: str, default: Path | None) -> Path:
        value = self.text(variable, required=default is None)
        return (Path(value).expanduser() if value else default or Path()).absolute()

    def file(self, variable: str, *, required: bool = False) -> Path | None:
        value = self.text(variable, required=required)
        if not value:
            return None
        path = Path(value).expanduser().absolute()
        try:
            there = path.is_file() and os.access(path, os.R_OK)
        except OSError:
            there = False
        if not there:
            self.wrong(
                variable,
                f"파일이 없거나 읽을 수 없습니다: {path}.",
                f"names a file that is not there or not to be read: {path}.",
            )
        return path

    def secret_key(self, variable: str) -> str:
        value = self.text(variable)
        if value and len(value) < MIN_SECRET_KEY:
            self.wrong(
                variable,
                f"너무 짧습니다. {MIN_SECRET_KEY}자 이상의 무작위 값이어야 합니다. 예: dojang secrets FOLDER",
                f"is too short: {MIN_SECRET_KEY} random characters at least. For example: dojang secrets FOLDER",
            )
        return value

    def data_key(self, variable: str) -> bytes:
        value = self.text(variable)
        if not value:
            return b""
        try:
            key = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != DATA_KEY_BYTES:
            self.wrong(
                variable,
                f"{DATA_KEY_BYTES}바이트를 base64로 적은 값이어야 합니다. 예: dojang secrets FOLDER",
                f"has to be {DATA_KEY_BYTES} bytes in base64. For example: dojang secrets FOLDER",
            )
        return key

    def database_url(self, variable: str) -> str:
        value = self.text(variable)
        if value and not _is_database_url(value):
            self.wrong(
                variable,
                "postgresql://역할:비밀번호@서버/데이터베이스 모양이어야 합니다. 비밀번호의 특수 문자는 %XX로 적으세요.",
                "has to look like postgresql://role:password@server/database, with special characters of the "
                "password as %XX.",
            )
            return ""
        return value

    def two_roles(self, database_url: str, owner_url: str) -> None:
        """The application under the owner's role would not be held by row-level security."""
        if (
            database_url
            and owner_url
            and DatabaseAddress.parse(database_url).user == DatabaseAddress.parse(owner_url).user
        ):
            self.wrong(
                "DATABASE_OWNER_URL",
                "DATABASE_URL과 다른 역할이어야 합니다. 응용 역할은 아무것도 소유하지 않아야 회사별 자료가 분리됩니다.",
                "has to name another role than DATABASE_URL: companies are kept apart only while the application's "
                "role owns nothing.",
            )

    def origin(self, variable: str, default: str | None) -> str:
        value = (self.text(variable, required=default is None) or default or "").removesuffix("/")
        if value and not _is_origin(value):
            self.wrong(
                variable,
                "https://tax.example.com처럼 적으세요. http는 localhost에서만 쓸 수 있습니다.",
                "has to look like https://tax.example.com; http is for localhost alone.",
            )
            return ""
        return value

    def hosts(self, variable: str, origin: str, *, demo: bool) -> tuple[str, ...]:
        named = tuple(part.strip() for part in self.text(variable).split(",") if part.strip())
        if any(not _is_host(name) for name in named):
            self.wrong(
                variable,
                "서버 이름을 쉼표로 나누어 적으세요. *는 쓸 수 없습니다.",
                "has to be names of hosts with commas between them; * is refused.",
            )
        own = {"localhost": None, "127.0.0.1": None} if demo else {}
        from_origin = {host: None} if (host := _split(origin).hostname) else {}
        return named or tuple(own | from_origin)

    def http_url(self, variable: str) -> str:
        value = self.text(variable).removesuffix("/")
        parts = _split(value)
        if value and not (parts.scheme in {"http", "https"} and parts.hostname):
            self.wrong(
                variable, "http://서버:포트 모양이어야 합니다.", "has to look like http://server:port."
            )
        return value

    def keyed_url(self, variable: str, default: str) -> str:
        """An address to which a key is sent: https, or http on this machine."""
        value = self.http_url(variable) or default
        if value and not (_split(value).scheme == "https" or _is_local(_split(value).hostname)):
            self.wrong(
                variable,
                "인증키를 보내는 주소이므로 https여야 합니다. http는 localhost에서만 쓸 수 있습니다.",
                "has to be https, since a key is sent there; http is for localhost alone.",
            )
            return ""
        return value

    def smtp_url(self, variable: str) -> str:
        value = self.text(variable)
        if value and _smtp(value) is None:
            self.wrong(
                variable,
                "smtp+starttls://사용자:비밀번호@서버:587, smtps://… 또는 smtp://… 모양이어야 합니다.",
                "has to look like smtp+starttls://user:password@server:587, smtps://… or smtp://….",
            )
            return ""
        return value

    def bounce_address(self, variable: str) -> str:
        """A mail address with one `{}` in its local part, or nothing."""
        value = self.text(variable)
        local, _, domain = value.rpartition("@")
        good = _BOUNCES.fullmatch(local) and len(local) - len(BOUNCE_MARK) <= _BOUNCE_ROOM
        if value and not (good and _is_host(domain)):
            self.wrong(
                variable,
                "bounce+{}@mail.example.com처럼 적으세요. {} 앞뒤는 합쳐 12자까지입니다.",
                "has to look like bounce+{}@mail.example.com, with up to 12 characters beside {}.",
            )
            return ""
        return value

    def mail_address(self, variable: str, default: str) -> str:
        value = self.text(variable) or default
        named = _NAMED_MAIL.fullmatch(value)
        if value and not _MAIL.fullmatch(named[1] if named else value):
            self.wrong(
                variable,
                "메일 주소여야 합니다. 예: 도장 <no-reply@example.com>",
                "has to be a mail address, such as Dojang <no-reply@example.com>.",
            )
        return value


_NOTHING = SplitResult("", "", "", "", "")


def _split(url: str) -> SplitResult:
    """The parts of a URL; none of them where it is not one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return _NOTHING
    return parts


def _is_database_url(value: str) -> bool:
    parts = _split(value)
    query = dict(parse_qsl(parts.query))
    return (
        parts.scheme in {"postgresql", "postgres"}
        and bool(parts.username)
        and bool(parts.hostname or query.get("host"))
        and len(parts.path) > 1
    )


def _is_host(name: str) -> bool:
    return bool(_HOST.fullmatch(name)) or _is_ip(name)


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _is_origin(value: str) -> bool:
    parts = _split(value)
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    lawful = parts.scheme == "https" or (parts.scheme == "http" and _is_local(parts.hostname))
    return bare and lawful and bool(parts.hostname) and _is_host(parts.hostname or "")


def _is_local(host: str | None) -> bool:
    return host is not None and (host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost"))


_SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def _smtp(url: str) -> SmtpAddress | None:
    parts = _split(url)
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
