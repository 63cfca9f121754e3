"""What goes along with a decision and must never undo it: a mail of it, a copy for somebody else."""

import logging
from collections.abc import Callable

from django.db import OperationalError, transaction

_log = logging.getLogger(__name__)


def beside(work: Callable[[], object], *, what: str) -> bool:
    """Do work as part of the running transaction, and go on without it where it fails; whether it was done.

    The work is undone whole, in a savepoint, and the mistake is logged: what it stood beside has been decided already,
    by a signature or by the tax office, and stays so.

    Args:
        work: what to do.
        what: names it in the log.

    Raises:
        OperationalError: a deadlock, a lock that was not to be had, a lost connection. Nothing is wrong with the work
            then, and whoever tries the whole again does both.
    """
    try:
        with transaction.atomic():
            work()
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 (whatever it was, the decision stands)
        _log.exception("%s failed; what it stood beside stays", what)
        return False
    return True
