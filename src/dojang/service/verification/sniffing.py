"""What a file is, from its first bytes: names and types that a browser tells are not believed."""

from typing import Final, Literal

from dojang.service.errors import ServiceError

Kind = Literal["xml", "pdf"]

MOST_XML: Final = 1 << 20
MOST_PDF: Final = 20 << 20

_BOM = b"\xef\xbb\xbf"
_HEAD: Final = 1024
_PDF = b"%PDF-"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_PAGE = (b"<!doctype html", b"<html")


class NotToBeVerified(ServiceError):
    """A file of which no verdict can be given."""

    code = "not_to_be_verified"


class Empty(NotToBeVerified):
    """No bytes."""

    code = "file_empty"
    ko = "빈 파일입니다. 파일을 다시 내려받아 올려 주세요."
    en = "The file is empty. Download it again."


class TooLarge(NotToBeVerified):
    """Larger than any of its kind."""

    code = "file_too_large"
    ko = "파일이 너무 큽니다. XML은 1MB, PDF는 20MB까지 검증합니다."
    en = "The file is too large: XML is verified up to 1 MB, PDF up to 20 MB."
    status = 413


class Archive(NotToBeVerified):
    """A zip or its like, or a workbook, which is one too."""

    code = "file_is_archive"
    ko = "압축 파일이나 엑셀 파일입니다. 압축을 풀어 그 안의 XML이나 PDF를 올려 주세요."
    en = "This is an archive or a workbook. Unpack it and choose the XML or PDF inside."


class WebPage(NotToBeVerified):
    """HTML; most often the encrypted mail of the NTS."""

    code = "file_is_web_page"
    ko = "웹 페이지(HTML) 파일입니다. 국세청 보안메일이라면 열어서 XML을 내려받아 그 파일을 올려 주세요."
    en = "This is a web page. If it is the secure mail of the NTS, open it, save the XML and choose that."


class OtherEncoding(NotToBeVerified):
    """UTF-16, which no tax invoice is written in."""

    code = "file_not_utf8"
    ko = "UTF-8로 쓴 XML이 아닙니다. 편집기로 다시 저장하지 않은 원본 파일을 올려 주세요."
    en = "This XML is not in UTF-8. Choose the original file, not one saved again by an editor."


class OtherKind(NotToBeVerified):
    """Neither XML nor PDF."""

    code = "file_of_other_kind"
    ko = "전자세금계산서 XML이나 PDF가 아닙니다. 발급한 곳에서 받은 XML 파일이나 도장에서 받은 PDF를 올려 주세요."
    en = "This is neither a tax invoice's XML nor a PDF. Choose the XML that its issuer gave, or a PDF of Dojang's."


def kind_of(data: bytes) -> Kind:
    """What a file is.

    Raises:
        NotToBeVerified: neither XML nor PDF, or too much of it.
    """
    if not data:
        raise Empty
    if _PDF in data[:_HEAD]:
        if len(data) > MOST_PDF:
            raise TooLarge
        return "pdf"
    if data.startswith(_ZIP):
        raise Archive
    if data.startswith(_WIDE):
        raise OtherEncoding
    head = data[:_HEAD].removeprefix(_BOM).lstrip()
    if head[:20].lower().startswith(_PAGE):
        raise WebPage
    if not head.startswith(b"<"):
        raise OtherKind
    if len(data) > MOST_XML:
        raise TooLarge
    return "xml"
