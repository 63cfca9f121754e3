"""The environment of one process, completed: the demo's secrets, and the embedded PostgreSQL where no other is named."""

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dojang.service.environment import Environment
from dojang.service.postgres import Addresses, EmbeddedPostgres
from dojang.service.run import new_secrets
from dojang.service.run.folders import make_data_folder

_NOTHING: frozenset[str] = frozenset()


def with_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The same, and in demo mode with the secrets of its folder; what the environment names wins.

    Raises:
        BadEnvironment: outside demo mode, or where the demo's folder is wrong.
        ServiceError: the demo's secrets cannot be used.
    """
    environment = Environment.read(environ, needs=_NOTHING)
    kept: dict[str, str] = {}
    if environment.demo:
        make_data_folder(environment.data)
        kept = new_secrets.load_or_make(environment.data)
    given = {name: value for name, value in environ.items() if value.strip()}
    return {**kept, **given, "DOJANG_DATA": str(environment.data)}


def embedded(data: Path) -> EmbeddedPostgres:
    """The embedded PostgreSQL of a data folder."""
    return EmbeddedPostgres(data / "postgres")


def with_addresses(environ: Mapping[str, str], addresses: Addresses) -> dict[str, str]:
    return {**environ, "DATABASE_URL": addresses.app_url, "DATABASE_OWNER_URL": addresses.owner_url}


def names_database(environ: Mapping[str, str]) -> bool:
    """Whether a PostgreSQL of the operator's own is to be used."""
    return bool(environ.get("DATABASE_URL", "").strip() or environ.get("DATABASE_OWNER_URL", "").strip())


@contextmanager
def complete(environ: Mapping[str, str], needs: Collection[str]) -> Generator[dict[str, str]]:
    """Everything that one process needs, while the block lasts.

    Raises:
        BadEnvironment, ServiceError, PostgresError: before anything was started.
    """
    full = with_secrets(environ)
    if names_database(full):
        Environment.read(full, needs=needs)
        yield full
        return
    # All that can be wrong is told before a server is started.
    data = Environment.read(full, needs=set(needs) - {"DATABASE_URL", "DATABASE_OWNER_URL"}).data
    server = embedded(data)
    addresses = server.start()
    try:
        yield with_addresses(full, addresses)
    finally:
        server.stop()
