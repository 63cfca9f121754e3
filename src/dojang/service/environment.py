"""The settings of the service, read from the environment and checked in one place, all problems told at once.

Nothing is looked up here but the environment and whether a named file is there; nothing secret has a default.
In demo mode `dojang serve --demo` puts the secrets it made into the environment of its processes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from dojang.errors import Language
from dojang.service.server_addresses import DatabaseAddress, SmtpAddress, smtp_address
from dojang.service.variables import BadEnvironment, Variables

Way = Literal["sandbox", "nts"]
Revocation = Literal["off", "soft", "hard"]

PUBLIC_TAX_STATUS_URL: Final = "https://api.odcloud.kr"
"""공공데이터포털, 국세청 사업자등록정보 상태조회."""
DEMO_TAX_STATUS_KEY: Final = "demo"
"""No secret: the sandbox takes any."""
DEFAULT_LINK_DAYS: Final = 550
"""How long a buyer's link lives: what was written on 1 January is opened again for the income tax return of that year,
due on 30 June of the next at the latest (소득세법 §70의2②), which is 546 days."""
MOST_LINK_DAYS: Final = 1830
"""Five years, as long as the law has a buyer keep the document (국세기본법 §85의3②)."""

EVERY_PROCESS: Final = frozenset({"DATABASE_URL", "DOJANG_SECRET_KEY", "DOJANG_DATA_KEY"})
"""What no process of the service can do without."""
MAIL: Final = frozenset({"DOJANG_SMTP_URL", "DOJANG_MAIL_FROM"})
"""What sends mails: pages those of accounts, the worker all others. The demo keeps them and needs neither."""
WEB: Final = EVERY_PROCESS | MAIL | {"DOJANG_TRANSMITTER_PUBLIC_KEY_FILE"}
WORKER: Final = EVERY_PROCESS | MAIL | {"DOJANG_TRANSMITTER_KEY_FILE", "DOJANG_TRANSMITTER_PUBLIC_KEY_FILE"}
MIGRATE: Final = EVERY_PROCESS | {"DATABASE_OWNER_URL"}

_WAYS: tuple[Way, ...] = ("sandbox", "nts")
_REVOCATIONS: tuple[Revocation, ...] = ("soft", "off", "hard")
_LANGUAGES: tuple[Language, ...] = ("ko", "en")


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
        return smtp_address(self.smtp_url) if self.smtp_url else None

    @classmethod
    def read(cls, environ: Mapping[str, str], *, needs: Collection[str] = EVERY_PROCESS) -> "Environment":
        """The settings in `environ`.

        Args:
            environ: usually `os.environ`.
            needs: the variables that this process cannot do without: `WEB`, `WORKER`, `MIGRATE`.

        Raises:
            BadEnvironment: with every problem there is.
        """
        values = Variables(environ, frozenset(needs))
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
