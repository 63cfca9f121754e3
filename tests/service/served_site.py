"""The whole site at http://localhost:PORT, on a database of its own, for tests with a real browser."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Thread
from typing import TypeVar
from uuid import uuid4

import psycopg
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from postgres_for_tests import test_server
from psycopg import sql

Result = TypeVar("Result")

_ALIASES = ("default", "owner")
# A thread that waits for its browser's next request must not hold on to the database.
_CLOSE_AFTER_EACH_REQUEST = 0


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        pass


class QuietServer(ThreadedWSGIServer):
    def handle_error(self, request, client_address) -> None:
        """A browser that closes a page in the middle is no news."""


@contextmanager
def served() -> Iterator[str]:
    """The site's address. What is written meanwhile vanishes with its database. To be entered before Playwright is."""
    with _own_database():
        server = QuietServer(("localhost", 0), QuietHandler)
        server.set_app(get_wsgi_application())
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def prepared(act: Callable[[], Result]) -> Result:
    """What a test writes beforehand, in a thread of its own.

    Playwright keeps an event loop in the thread of the tests, beside which Django refuses the database and would
    keep a second set of connections.
    """

    def act_and_close() -> Result:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act_and_close).result()


@contextmanager
def _own_database() -> Iterator[None]:
    """A copy of the tests' database in its place: tests that roll back have left that one empty."""
    usual = connections["default"].settings_dict["NAME"]
    kept_seconds = connections.databases["default"]["CONN_MAX_AGE"]
    own = f"{usual}_{uuid4().hex[:6]}"
    connections.close_all()
    with closing(psycopg.connect(test_server().owner_url, autocommit=True)) as postgres:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(own), sql.Identifier(usual))
        _once_nobody_is_connected(lambda: postgres.execute(make))
        _point_to(own, _CLOSE_AFTER_EACH_REQUEST)
        try:
            yield
        finally:
            _point_to(usual, kept_seconds)
            drop = sql.SQL("DROP DATABASE {}").format(sql.Identifier(own))
            _once_nobody_is_connected(lambda: postgres.execute(drop))


def _point_to(name: str, kept_seconds: int) -> None:
    connections.close_all()
    for alias in _ALIASES:
        for values in (connections.databases[alias], connections[alias].settings_dict):
            values |= {"NAME": name, "CONN_MAX_AGE": kept_seconds}


def _once_nobody_is_connected(act: Callable[[], object]) -> None:
    """A connection that was closed is gone a moment later."""
    for _ in range(10):  # the server itself waits five seconds each time
        try:
            act()
        except psycopg.errors.ObjectInUse:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("somebody is still connected to the database")
