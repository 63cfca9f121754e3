"""What commands of the service's apps share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from dojang.service.environment import EVERY_PROCESS


@contextmanager
def service() -> Iterator[None]:
    """The service's database, as its settings name it, with Django set up while the block lasts.

    Raises:
        BadEnvironment: settings are missing or wrong.
    """
    from dojang.service.run.database import complete  # noqa: PLC0415 - needs the service's packages
    from dojang.service.run.roles import SETTINGS  # noqa: PLC0415

    with complete(os.environ, EVERY_PROCESS) as environ:
        os.environ.update(environ)
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        import django  # noqa: PLC0415

        django.setup()
        yield
