"""The XML inside a PDF that anybody may have sent: read within bounds, and refused in one sentence where it is none."""

from collections.abc import Iterator
from io import BytesIO
from types import ModuleType

from dojang.errors import DojangError

_MOST_BYTES = 48 * 1024 * 1024
_MOST_FILES = 500
_MOST_OF_ONE = 8 * 1024 * 1024
_MOST_OF_ALL = 64 * 1024 * 1024
_XML_TYPES = frozenset({"/application/xml", "/text/xml"})


class PdfNotInstalled(DojangError):
    """The packages for PDF are an extra, and are not there."""

    code = "pdf_not_installed"
    ko = "PDF를 만들고 읽는 패키지가 없습니다. pip install 'dojang[pdf]'로 설치하세요."
    en = "The packages for PDF are not installed. Install them: pip install 'dojang[pdf]'."


class PdfRefused(DojangError):
    """Bytes that are no PDF we read: broken, locked, or beyond every bound."""

    code = "pdf_refused"
    ko = "PDF를 읽을 수 없습니다: {why_ko}. 받은 원본 PDF나 XML 파일로 다시 해 보세요."
    en = "The PDF cannot be read: {why_en}. Try again with the original PDF, or with the XML file."


def attached_xml(data: bytes) -> list[bytes]:
    """The XML files inside a PDF, byte for byte, in the order of its list; none where it holds none.

    What the pages show is not looked at, and nothing is verified here.

    Raises:
        PdfRefused: no PDF, a broken or locked one, one with too much in it.
        PdfNotInstalled: the extra `dojang[pdf]` is not there.
    """
    if len(data) > _MOST_BYTES:
        raise PdfRefused(why_ko="파일이 너무 큽니다", why_en="the file is too large")
    pypdf = _pypdf()
    try:
        with pypdf.apply_configuration(
            zlib_maximum_output_length=_MOST_OF_ONE,
            zlib_maximum_recovery_input_length=0,
            lzw_maximum_output_length=_MOST_OF_ONE,
            run_length_maximum_output_length=_MOST_OF_ONE,
            brotli_maximum_output_length=_MOST_OF_ONE,
            maximum_declared_stream_length=_MOST_OF_ONE,
            stream_filters_maximum_length=2,
            stream_decoding_work_maximum_length=2 * _MOST_OF_ONE,
            disable_legacy_handling=True,
        ):
            return list(_xml_files(pypdf, data))
    except PdfRefused:
        raise
    except (MemoryError, RecursionError) as error:
        raise PdfRefused(why_ko="너무 많은 것이 들어 있습니다", why_en="there is too much in it") from error
    # pypdf has its own errors and, on bytes that were made to hurt, any other.
    except Exception as error:
        raise PdfRefused(
            why_ko="PDF가 아니거나 깨졌거나 암호로 잠긴 파일입니다",
            why_en="it is no PDF, or broken, or locked with a password",
        ) from error


def _xml_files(pypdf: ModuleType, data: bytes) -> Iterator[bytes]:
    reader = pypdf.PdfReader(
        BytesIO(data), root_object_recovery_limit=100, xref_stream_maximum_entries=500_000
    )
    together = 0
    for number, file in enumerate(reader.attachment_list, start=1):
        if number > _MOST_FILES:
            raise PdfRefused(
                why_ko=f"첨부 파일이 {_MOST_FILES}개보다 많습니다",
                why_en=f"it holds more than {_MOST_FILES} files",
            )
        if file.subtype not in _XML_TYPES and not str(file.name).lower().endswith(".xml"):
            continue
        content = bytes(file.content)
        together += len(content)
        if together > _MOST_OF_ALL:
            raise PdfRefused(why_ko="첨부 파일이 너무 큽니다", why_en="the files inside are too large")
        yield content


def _pypdf() -> ModuleType:
    try:
        import pypdf  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise PdfNotInstalled from error
    return pypdf
