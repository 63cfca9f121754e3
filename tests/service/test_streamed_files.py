"""ZIP files and spreadsheets that are made while they are read open in every program that reads such files."""

import io
import subprocess
import tracemalloc
import zipfile
import zlib
from datetime import UTC, date, datetime

import pytest
import python_calamine

from dojang.service.web import zipped
from dojang.service.web.streamed_spreadsheet import Heading, Workbook, streamed
from dojang.service.web.zipped import Archive, Pipe, TooBigForZip

AT = datetime(2026, 11, 22, 1, 2, 4, tzinfo=UTC)


def zipped_with(fill):
    pipe = Pipe()
    archive = Archive(pipe.write, at=AT)
    fill(archive)
    archive.finish()
    return pipe.take()


def opened(data):
    return zipfile.ZipFile(io.BytesIO(data))


def sheets_of(data):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_files_come_out_as_they_went_in():
    packed = zlib.compress(b"abc" * 99)

    def fill(archive):
        archive.add("XML/2026-11/한글 이름.xml", b"<x/>" * 500)
        archive.add("empty.txt", b"")
        archive.add_deflated("packed.txt", packed[2:-4], crc=zlib.crc32(b"abc" * 99), size=297)
        with archive.open("big.jsonl", big=True) as write:
            for _ in range(1000):
                write(b"line\n")
        with archive.open("none.txt"):
            pass

    with opened(zipped_with(fill)) as file:
        assert file.testzip() is None
        assert file.read("XML/2026-11/한글 이름.xml") == b"<x/>" * 500
        assert file.read("packed.txt") == b"abc" * 99
        assert file.read("big.jsonl") == b"line\n" * 1000
        assert file.read("none.txt") == file.read("empty.txt") == b""
        assert file.infolist()[0].date_time == (2026, 11, 22, 10, 2, 4)  # in Korea
        assert all(one.flag_bits & 0x800 for one in file.infolist())  # names are UTF-8


def test_unzip_finds_nothing_wrong(tmp_path):
    file = tmp_path / "export.zip"

    def fill(archive):
        for number in range(70_000):  # more than a ZIP without ZIP64 can list
            archive.add(f"n/{number}", b"x")
        with archive.open("큰 파일", big=True) as write:
            write(b"x" * 100_000)

    file.write_bytes(zipped_with(fill))
    done = subprocess.run(["unzip", "-tq", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(file) as there:
        assert len(there.namelist()) == 70_001


def test_places_behind_four_gibibytes_are_listed_in_zip64(monkeypatch):
    """The limit is lowered instead of writing so much: whatever is beyond it is told in the extra field."""
    monkeypatch.setattr(zipped, "_FULL", 0xFFFFFFFF)
    pipe = Pipe()
    archive = Archive(pipe.write, at=AT)
    archive._offset = 5 << 30
    archive.add("late.txt", b"late")
    archive.finish()
    data = pipe.take()
    # Python's reader takes what is missing in front as a prefix, and finds the file all the same.
    with opened(data) as file:
        assert file.read("late.txt") == b"late"
        assert file.infolist()[0].extra[:2] == b"\x01\x00"


def test_a_file_that_was_not_announced_as_big_is_refused_when_it_is(monkeypatch):
    monkeypatch.setattr(zipped, "_FULL", 1000)
    archive = Archive(Pipe().write, at=AT)
    with pytest.raises(TooBigForZip), archive.open("x") as write:
        write(b"x" * 1001)


def test_a_zip_without_its_end_is_seen_to_be_broken():
    pipe = Pipe()
    Archive(pipe.write, at=AT).add("a", b"b")
    with pytest.raises(zipfile.BadZipFile):
        opened(pipe.take())


def test_cells_are_what_they_were():
    row = ["가나다", "=1+1", "<&>\"'", " spaces ", 123_456_789_012, -5, date(2026, 11, 22), AT, None, ""]
    pieces = streamed([Heading(str(n)) for n in range(10)], [[row]], name="표", at=AT)
    [(name, rows)] = sheets_of(b"".join(pieces)).items()
    assert name == "표"
    korean = datetime(2026, 11, 22, 10, 2, 4)  # noqa: DTZ001 (a spreadsheet has no zones)
    assert rows[1] == [*row[:4], 123_456_789_012, -5, date(2026, 11, 22), korean, "", ""]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("a\x00b\x0b\ufffec", "abc"),
        ("_x0041_", "_x0041_"),
        ("두\n줄", "두\n줄"),
        ("x" * 40_000, "x" * 32_767),
        ("\ud800z", "z"),
    ],
)
def test_what_xml_cannot_say_is_left_out_and_nothing_else(given, read):
    rows = sheets_of(b"".join(streamed([Heading("a")], [[[given]]], name="x", at=AT)))["x"]
    assert rows[1] == [read]


def test_a_full_sheet_goes_on_in_the_next_one():
    pipe = Pipe()
    book = Workbook(pipe.write, [Heading("수")], name="문서[1]", at=AT, most_rows=3)
    for number in range(7):
        book.add([number])
    book.finish()
    told = sheets_of(pipe.take())
    assert list(told) == ["문서1", "문서1 2", "문서1 3", "문서1 4"]
    assert [row[0] for rows in told.values() for row in rows if row[0] != "수"] == list(range(7))
    assert all(rows[0] == ["수"] for rows in told.values())


def test_a_spreadsheet_without_rows_has_its_headings():
    assert sheets_of(b"".join(streamed([Heading("가")], [], name="x", at=AT))) == {"x": [["가"]]}


def test_rows_are_not_kept():
    """A hundred thousand rows take no more memory than a few."""
    rows = (
        [[f"{number}", number, AT] for number in range(start, start + 500)]
        for start in range(0, 100_000, 500)
    )
    tracemalloc.start()
    total = sum(len(piece) for piece in streamed([Heading("a")] * 3, rows, name="x", at=AT))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 500_000
    assert most < 2_000_000
