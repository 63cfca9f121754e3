"""Files of people without an account, taken into memory alone: no temporary file, and not more than is verified."""

from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from dojang.service.errors import ServiceError
from dojang.service.verification.sniffing import MOST_PDF

MOST_FILES: Final = 20
MOST_TOGETHER: Final = 40 << 20
"""Of one request: twenty XML files and a large PDF, and what a small server has to spare."""
_AROUND: Final = 64 << 10
"""What stands between the files of a form."""


class TooMuchAtOnce(ServiceError):
    """More files, or larger ones, than one request may bring."""

    code = "too_much_at_once"
    ko = "한 번에 20개, 모두 40MB까지 검증합니다. 나누어 올려 주세요."
    en = "Up to 20 files and 40 MB are verified at a time. Choose fewer."
    status = 413


class _Memory(FileUploadHandler):
    """Keeps files in memory; of one that is too large, a byte more than is verified, so that it is seen."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._files = self._together = 0

    def new_file(self, *arguments: Any, **named: Any) -> None:
        """The next file. Raises TooMuchAtOnce."""
        super().new_file(*arguments, **named)
        self._files += 1
        if self._files > MOST_FILES:
            raise TooMuchAtOnce
        self._file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A part of it."""
        self._file.write(raw_data[: max(0, MOST_PDF + 1 - start)])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file. Raises TooMuchAtOnce."""
        size = self._file.tell()
        self._together += size
        if self._together > MOST_TOGETHER:
            raise TooMuchAtOnce
        self._file.seek(0)
        return InMemoryUploadedFile(
            self._file, self.field_name, self.file_name or "", self.content_type, size, self.charset
        )


def files_of(request: HttpRequest, field: str) -> list[tuple[str, bytes]]:
    """Name and bytes of each file that came in a field of a form, read into memory now.

    Nothing may have read the request before: a view that wants this is exempt from CSRF's check, which does.

    Raises:
        TooMuchAtOnce.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_TOGETHER + _AROUND:
        raise TooMuchAtOnce
    request.upload_handlers = [_Memory(request)]
    return [(file.name or "", file.read()) for file in request.FILES.getlist(field)]
