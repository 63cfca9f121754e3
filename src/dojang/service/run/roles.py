"""The processes of the service: `python -m dojang.service.run.roles NAME`, as the supervisor starts them."""

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from dojang.cli.language import language
from dojang.errors import DojangError
from dojang.npki.files import write_private
from dojang.service.environment import EVERY_PROCESS, MIGRATE, WEB, WORKER, Environment
from dojang.service.run import watchdog
from dojang.service.run.errors import PartMissing

SETTINGS = "dojang.service.settings"
WSGI = "dojang.service.wsgi:application"
_MIGRATION_LOCK = 0x646F6A61  # one machine at a time migrates
_THREADS_OF_A_CORE = 2


def migrate() -> None:
    """Bring the database up to the code, as its owner.

    Raises:
        NewerSchema: a later version was here.
        DifferentSchema: its tables are not those that these migrations make.
    """
    Environment.read(os.environ, needs=MIGRATE)
    _set_up()
    from django.conf import settings  # noqa: PLC0415 - Django is loaded when it is set up
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from dojang.service.run.schema import refuse_different, refuse_newer  # noqa: PLC0415

    owner: str = settings.OWNER_DATABASE
    try:
        with connections[owner].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        refuse_newer(owner)
        refuse_different(owner)
        call_command("migrate", database=owner, interactive=False, verbosity=0)
    finally:
        connections.close_all()  # which lets go of the lock


def known_migrations() -> None:
    """Write every migration that this version knows, as JSON."""
    _set_up()
    from dojang.service.run.schema import known  # noqa: PLC0415

    sys.stdout.write(json.dumps(sorted(known())))


def web(host: str = "127.0.0.1") -> None:
    """Serve the pages and the API until a signal."""
    environment = Environment.read(os.environ, needs=WEB)
    _set_up()
    _refuse_other_schema()
    # WhiteNoise looks for collected files there; without them it finds each where it was written.
    (environment.data / "static").mkdir(parents=True, exist_ok=True)
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    Server(
        WSGI,
        address=host,
        port=environment.port,
        interface=Interfaces.WSGI,
        blocking_threads=max(4, _THREADS_OF_A_CORE * (os.cpu_count() or 1)),
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


def worker() -> None:
    """Do the work in the background until a signal."""
    Environment.read(os.environ, needs=WORKER)
    _set_up()
    _refuse_other_schema()
    _call("dojang.service.worker", "main")


def sandbox(folder: str, port: str) -> None:
    """A 국세청 to try things on."""
    from dojang.sandbox.server import Sandbox, serve  # noqa: PLC0415

    data = Path(folder)
    anchors = [place for place in (data.parent / "testca",) if place.is_dir()]
    host = "127.0.0.1"
    server = Sandbox.open(data, base_address=f"http://{host}:{port}", anchors=anchors)
    serve(server, host, int(port))


def demo_data(told_file: str) -> None:
    """Fill an empty demo; what there is to tell the person goes into a private file."""
    Environment.read(os.environ, needs=EVERY_PROCESS)
    _set_up()
    try:
        told = _call("dojang.service.demo", "build")
    except PartMissing as error:
        told = error.text(language())  # an empty demo is of use too
    write_private(Path(told_file), f"{told or ''}\n".encode())


def _set_up() -> None:
    import django  # noqa: PLC0415 - slow, and not there without the extra

    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()


def _refuse_other_schema() -> None:
    from django.db import connections  # noqa: PLC0415

    from dojang.service.run.schema import refuse_other  # noqa: PLC0415

    refuse_other("default")
    connections.close_all()


def _call(module: str, function: str) -> object:
    """Call what another part of the service does.

    Raises:
        PartMissing: this installation does not have it.
    """
    found = getattr(import_module(module), function, None) if find_spec(module) else None
    if found is None:
        raise PartMissing(name=f"{module}.{function}")
    return found()


_ROLES: dict[str, Callable[..., None]] = {
    "web": web,
    "worker": worker,
    "sandbox": sandbox,
    "migrate": migrate,
    "known-migrations": known_migrations,
    "demo-data": demo_data,
}


def main() -> None:
    """Run one role; a refusal is told in one sentence."""
    watchdog.watch()
    name, *arguments = sys.argv[1:]
    try:
        _ROLES[name](*arguments)
    except DojangError as error:
        sys.stderr.write(f"{name}: {error.text(language())}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
