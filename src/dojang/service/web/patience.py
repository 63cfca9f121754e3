"""How long the database may keep a page waiting: a person who waits for ever presses the button again.

Settings of the web server's own connections. The worker has none of it: its work may take as long as it takes, and so
may an export (`exports.making`).
"""

from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg import errors as postgres

from dojang.errors import DojangError
from dojang.service.errors import Conflict, ServiceError

LOCK_SECONDS: Final = 5
"""What somebody else holds is waited for so long."""
STATEMENT_SECONDS: Final = 60
"""A statement of a page that takes longer is given up."""

_WAITED_FOR_EACH_OTHER: Final = (
    postgres.DeadlockDetected,
    postgres.LockNotAvailable,
    postgres.SerializationFailure,
)


class SomebodyElseAtIt(Conflict):
    """PostgreSQL let this one go so that the other could finish; nothing of it is left."""

    code = "somebody_else_at_it"
    ko = "다른 사람이 같은 문서를 처리하고 있어 하지 못했습니다. 바뀐 것은 없으니 다시 해 주세요."
    en = "Somebody else was at the same documents, so it was not done. Nothing was changed; please try again."


class TookTooLong(ServiceError):
    """A statement was given up; nothing of it is left."""

    code = "took_too_long"
    ko = "자료를 읽는 데 너무 오래 걸려 멈췄습니다. 바뀐 것은 없습니다. 기간을 줄이거나 잠시 뒤에 다시 해 주세요."
    en = "Reading took too long and was given up. Nothing was changed. Ask for less, or try again in a while."
    status = 503


def refusal_of(error: BaseException) -> DojangError | None:
    """What to tell of an error of the database that time will mend; None where it is another one."""
    if isinstance(error.__cause__, _WAITED_FOR_EACH_OTHER):
        return SomebodyElseAtIt()
    return TookTooLong() if isinstance(error.__cause__, postgres.QueryCanceled) else None


def be_impatient() -> None:
    """From here on, connections of this process give up waiting. Called by the web server alone."""
    connection_created.connect(_limit, dispatch_uid="dojang.patience")


def _limit(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET lock_timeout = '{LOCK_SECONDS}s'; SET statement_timeout = '{STATEMENT_SECONDS}s'"
        )
