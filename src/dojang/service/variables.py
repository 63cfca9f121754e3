"""Variables of the environment, read one at a time; what is wrong with each is remembered, so that all is told at once."""

import base64
import binascii
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from dojang.errors import DojangError, Language
from dojang.service.server_addresses import (
    DatabaseAddress,
    is_database_url,
    is_host,
    is_local,
    is_origin,
    smtp_address,
    split,
)

Choice = TypeVar("Choice", bound=str)

DEFAULT_PORT: Final = 8000
DATA_KEY_BYTES: Final = 32
MIN_SECRET_KEY: Final = 40
"""Characters; Django warns under 50 of them, and 40 of base64 are 240 bits."""

BOUNCE_MARK: Final = "{}"
"""Where the token of a mail stands in `DOJANG_MAIL_BOUNCES`."""
_BOUNCE_ROOM: Final = 64 - 52
"""What is left of a local part (RFC 5321 §4.5.3.1.1) beside a token."""
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})
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


class Variables:
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
        if value and not is_database_url(value):
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
        if value and not is_origin(value):
            self.wrong(
                variable,
                "https://tax.example.com처럼 적으세요. http는 localhost에서만 쓸 수 있습니다.",
                "has to look like https://tax.example.com; http is for localhost alone.",
            )
            return ""
        return value

    def hosts(self, variable: str, origin: str, *, demo: bool) -> tuple[str, ...]:
        named = tuple(part.strip() for part in self.text(variable).split(",") if part.strip())
        if any(not is_host(name) for name in named):
            self.wrong(
                variable,
                "서버 이름을 쉼표로 나누어 적으세요. *는 쓸 수 없습니다.",
                "has to be names of hosts with commas between them; * is refused.",
            )
        own = {"localhost": None, "127.0.0.1": None} if demo else {}
        from_origin = {host: None} if (host := split(origin).hostname) else {}
        return named or tuple(own | from_origin)

    def http_url(self, variable: str) -> str:
        value = self.text(variable).removesuffix("/")
        parts = split(value)
        if value and not (parts.scheme in {"http", "https"} and parts.hostname):
            self.wrong(
                variable, "http://서버:포트 모양이어야 합니다.", "has to look like http://server:port."
            )
        return value

    def keyed_url(self, variable: str, default: str) -> str:
        """An address to which a key is sent: https, or http on this machine."""
        value = self.http_url(variable) or default
        if value and not (split(value).scheme == "https" or is_local(split(value).hostname)):
            self.wrong(
                variable,
                "인증키를 보내는 주소이므로 https여야 합니다. http는 localhost에서만 쓸 수 있습니다.",
                "has to be https, since a key is sent there; http is for localhost alone.",
            )
            return ""
        return value

    def smtp_url(self, variable: str) -> str:
        value = self.text(variable)
        if value and smtp_address(value) is None:
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
        if value and not (good and is_host(domain)):
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
