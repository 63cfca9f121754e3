"""The PostgreSQL that comes with Dojang: one server for one data folder, started and stopped by who uses it.

`EmbeddedPostgres(folder).start()` gives two addresses: the application's and the owner's. See `server` for how it lives.
"""

from dojang.service.postgres.errors import PostgresError
from dojang.service.postgres.server import Addresses, EmbeddedPostgres, running

__all__ = ["Addresses", "EmbeddedPostgres", "PostgresError", "running"]
