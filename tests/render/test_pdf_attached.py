"""Reading the XML out of a PDF: byte for byte from ours, and in one sentence refused from whoever means harm."""

import sys
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dojang.render import Copy, attached, form
from dojang.render.pdf import Attachment, PdfNotInstalled, PdfRefused, attached_xml, pdf
from render.render_samples import taxed

MADE = datetime(2026, 11, 20, tzinfo=UTC)
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<가 a="&#13;">\r\n\t"\\"</가>'.encode()
FORMS = [form(taxed(), copy=Copy.SUPPLIER)]


def with_files(*files):
    return pdf(
        FORMS, sandbox=False, dated=MADE, attachments=[Attachment(name, data, name) for name, data in files]
    )


def written(*files):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    for name, data in files:
        writer.add_attachment(name, data)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("data", [XML, b"\xff\xfe\x00bytes\x00", b"", bytes(range(256)) * 40])
def test_what_is_inside_is_what_was_put_there(data):
    assert attached_xml(with_files(("a.xml", data))) == [data]


def test_every_file_is_given():
    files = [(f"{number:03}.xml", XML + b"%d" % number) for number in range(120)]
    assert sorted(attached_xml(with_files(*files))) == sorted(data for _, data in files)


def test_a_pdf_of_others_is_read_and_what_is_no_xml_left_out():
    data = written(("a.XML", XML), ("b.txt", b"no"))
    assert attached_xml(data) == [XML]
    assert attached_xml(written()) == []
    assert attached_xml(pdf(FORMS, sandbox=False, dated=MADE)) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a/>",
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\x00" * 10_000,
        b"%PDF-1.7\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
    ],
)
def test_what_is_no_pdf_is_refused(data):
    with pytest.raises(PdfRefused) as caught:
        attached_xml(data)
    assert "원본 PDF" in caught.value.text("ko")


@given(st.integers(min_value=0, max_value=40_000), st.binary(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(place, bytes_there):
    whole = with_files(("a.xml", XML))
    with suppress(PdfRefused):
        assert isinstance(attached_xml(whole[:place] + bytes_there + whole[place + len(bytes_there) :]), list)


def test_a_locked_file_is_refused():
    writer = pypdf.PdfWriter(clone_from=BytesIO(with_files(("a.xml", XML))))
    writer.encrypt("비밀", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(PdfRefused, match="password"):
        attached_xml(out.getvalue())


def bomb(size):
    """A small file that unpacks to a large one."""
    packed = zlib.compress(b"\x00" * size, 9)
    return (
        b"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.xml) 3 0 R]>>>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n3 0 obj<</Type/Filespec/F(a.xml)/EF<</F 4 0 R>>>>endobj\n"
        b"4 0 obj<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n"
        b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%%%EOF" % (len(packed), packed)
    )


def test_what_unpacks_beyond_bounds_is_refused():
    assert attached_xml(bomb(1000)) == [b"\x00" * 1000]
    with pytest.raises(PdfRefused):
        attached_xml(bomb(60_000_000))


def test_a_list_that_leads_to_itself_ends():
    data = bomb(10).replace(
        b"/EmbeddedFiles<</Names[(a.xml) 3 0 R]>>", b"/EmbeddedFiles<</Kids[1 0 R 1 0 R]>>"
    )
    assert attached_xml(data) == []


def test_too_many_files_and_too_large_a_file_are_refused(monkeypatch):
    monkeypatch.setattr(attached, "_MOST_FILES", 2)
    with pytest.raises(PdfRefused, match="more than 2 files"):
        attached_xml(with_files(*((f"{number}.xml", XML) for number in range(3))))
    monkeypatch.setattr(attached, "_MOST_OF_ALL", 10)
    with pytest.raises(PdfRefused, match="too large"):
        attached_xml(with_files(("a.xml", XML)))
    monkeypatch.setattr(attached, "_MOST_BYTES", 10)
    with pytest.raises(PdfRefused, match="too large"):
        attached_xml(with_files(("a.xml", XML)))


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(PdfNotInstalled):
        attached_xml(b"%PDF")
