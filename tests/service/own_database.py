"""A database that one test has alone: for what commits, for threads, and for other processes that join it."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from postgres_for_tests import test_server
from psycopg import sql

from dojang.service.postgres import Addresses
from dojang.service.server_addresses import DatabaseAddress

_PLACE = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def own_database(name: str) -> Iterator[Addresses]:
    """A copy of the migrated template, to which Django's connections point while the block lasts."""
    server = test_server()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    database = f"dojang_{name}_{run}_{os.getpid()}"
    own = Addresses(app_url=_named(server.app_url, database), owner_url=_named(server.owner_url, database))
    with closing(psycopg.connect(server.owner_url, autocommit=True)) as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(f"dojang_template_{run}")
            )
        )
        try:
            with pointed_at(own):
                yield own
        finally:
            _drop(owner, database)


@contextmanager
def pointed_at(addresses: Addresses) -> Iterator[None]:
    """Django's two connections at other addresses."""
    before = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    try:
        _point("default", addresses.app_url)
        _point("owner", addresses.owner_url)
        yield
    finally:
        for alias, values in before.items():
            _set(alias, {key: values[key] for key in _PLACE})


def _point(alias: str, url: str) -> None:
    address = DatabaseAddress.parse(url)
    values = (
        address.name, address.user, address.password, address.host, address.port, dict(address.options),
    )  # fmt: skip
    _set(alias, dict(zip(_PLACE, values, strict=True)))


def _set(alias: str, values: dict) -> None:
    connections[alias].close()
    connections.databases[alias].update(values)
    connections[alias].settings_dict.update(values)


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _drop(owner: psycopg.Connection, database: str) -> None:
    """As soon as the last connection has ended: its owner may not end those of the other role."""
    for _ in range(100):
        try:
            owner.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database)))
        except psycopg.errors.ObjectInUse:
            time.sleep(0.1)
        else:
            return
