"""Django on a real PostgreSQL: a database of its own for each test process, made from one migrated template.

The application's role is used as in production, so every test runs under row-level security. Tests run in a
transaction that is rolled back (`db`); those marked `django_db(transaction=True)` get their tables emptied.
"""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import settings_for_checks  # noqa: F401 (fills the environment before Django's settings are read)
from psycopg import sql

os.environ["DJANGO_SETTINGS_MODULE"] = "dojang.service.settings"

import django

django.setup()

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from dojang.service.server_addresses import DatabaseAddress
from dojang.service.tenancy.models import tenant_models

_LOCK = 0x646F6A616E67  # one process at a time makes the template


def _addresses() -> tuple[str, str]:
    """The application's and the owner's address of the server under test."""
    from postgres_for_tests import test_server

    addresses = test_server()
    return addresses.app_url, addresses.owner_url


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _point(alias: str, url: str) -> None:
    address = DatabaseAddress.parse(url)
    values = {
        "NAME": address.name, "USER": address.user, "PASSWORD": address.password,
        "HOST": address.host, "PORT": address.port, "OPTIONS": dict(address.options),
    }  # fmt: skip
    connections.databases[alias].update(values)
    connections[alias].close()
    connections[alias].settings_dict.update(values)


def _empty(owner_url: str) -> None:
    """Empty every table but those that migrations fill. Django would ask the application's role, which may not."""
    connections.close_all()
    kept = {"django_migrations", "django_content_type", "auth_permission", "procrastinate_version"}
    added_to = [sql.Identifier(model._meta.db_table) for model in tenant_models() if model.append_only]
    with psycopg.connect(owner_url) as server:
        rows = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for table in added_to:
            server.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER append_only").format(table))
        tables = sql.SQL(", ").join(sql.Identifier(name) for (name,) in rows if name not in kept)
        server.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
        for table in added_to:
            server.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER append_only").format(table))


def _drop(server: psycopg.Connection, name: str) -> None:
    """Drop a database, giving connections that were just closed the moment their processes need to end."""
    for attempt in range(100):
        try:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            # The owner may not end processes of the application's role.
            if attempt == 99:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id) -> Iterator[None]:
    app_url, owner_url = _addresses()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    template, name = f"dojang_template_{run}", f"dojang_{run}_{worker_id}"
    settings.APPLICATION_ROLE = DatabaseAddress.parse(app_url).user
    with django_db_blocker.unblock(), closing(psycopg.connect(owner_url, autocommit=True)) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
            _point("owner", _named(owner_url, template))
            call_command("migrate", database="owner", verbosity=0)
            connections["owner"].close()
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        server.execute(make)
        server.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        _point("default", _named(app_url, name))
        _point("owner", _named(owner_url, name))
        TransactionTestCase._fixture_teardown = lambda _: _empty(_named(owner_url, name))
        yield
        connections.close_all()
        _drop(server, name)
        # Whoever comes later makes the template again.
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(template)))


@pytest.fixture(autouse=True)
def _no_counters_left(request) -> None:
    """Rate limits of one test are not the next one's."""
    if "db" in request.fixturenames:
        cache.clear()
