"""Many files at once: each taken or refused by itself, none half."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dojang.errors import DojangError
from dojang.service.records.errors import FileTooLarge, NothingChosen, TooManyFiles
from dojang.service.records.taking import Taken, take_xml
from dojang.service.records.verifying import MOST_BYTES
from dojang.service.web.say import say, say_error
from dojang.service.workspaces.members import Member

MOST_FILES = 200


class GivenFile(Protocol):
    """A file as a form gives it."""

    @property
    def name(self) -> str | None:
        """As it was called on the disk."""

    @property
    def size(self) -> int | None:
        """In bytes."""

    def read(self) -> Any:
        """All of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file.

    Attributes:
        name: as it was called on the disk.
        taken: what it became; empty where it was refused.
        refusal: why, in the person's language.
    """

    name: str
    taken: tuple[Taken, ...] = ()
    refusal: str = ""


def upload(*, member: Member, files: Iterable[GivenFile], now: datetime) -> list[Row]:
    """Take the files one by one.

    Raises:
        NothingChosen, TooManyFiles: before anything is read.
    """
    given = list(files)
    if not given:
        raise NothingChosen
    if len(given) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    return [_one(member, file, now) for file in given]


def _one(member: Member, file: GivenFile, now: datetime) -> Row:
    name = (file.name or "")[-120:]
    try:
        if file.size is None or file.size > MOST_BYTES:
            raise FileTooLarge
        # A savepoint: what one file began is taken back when it is refused, and the others stay.
        with transaction.atomic():
            return Row(name, take_xml(member=member, data=file.read(), now=now))
    except DojangError as error:
        return Row(name, refusal=say_error(error))
    except PermissionDenied:
        return Row(
            name,
            refusal=say(
                "이 사업장의 문서를 등록할 권한이 없습니다. 관리자에게 작성 권한을 요청하세요.",
                "You may not add documents of this business. Ask an administrator for the right to write.",
            ),
        )
