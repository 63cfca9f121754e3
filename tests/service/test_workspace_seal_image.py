"""A picture of a seal: what is taken, what is left out of it, what is refused."""

import struct
import zlib

import pytest

from dojang.service.workspaces.errors import NotAnImage
from dojang.service.workspaces.seal_image import JPEG, MOST_BYTES, PNG, clean

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name, content=b""):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def header(width=2, height=2, depth=8, colour=6, compression=0, filtering=0, interlace=0):
    return chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, compression, filtering, interlace)
    )


def pixels(width=2, height=2, samples=4):
    return chunk(b"IDAT", zlib.compress((b"\0" + b"\x7f" * (width * samples)) * height))


def png(*between, ihdr=None, idat=None, end=True):
    return (
        SIGNATURE
        + (ihdr or header())
        + b"".join(between)
        + (idat or pixels())
        + (chunk(b"IEND") if end else b"")
    )


def segment(marker, content=b""):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def frame(width=8, height=8, *, marker=0xC0, depth=8, components=3):
    parts = b"".join(bytes((number, 0x11, 0)) for number in range(components))
    return segment(marker, struct.pack(">BHHB", depth, height, width, components) + parts)


SCAN = segment(0xDA, b"\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
JFIF = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")


def jpeg(*between, sof=None, scan=SCAN, end=b"\xff\xd9"):
    return b"\xff\xd8" + JFIF + segment(0xDB, bytes(65)) + b"".join(between) + (sof or frame()) + scan + end


def test_a_png_is_taken_as_it_is():
    assert clean(png()) == (png(), PNG)


def test_a_jpeg_is_taken_as_it_is():
    assert clean(jpeg()) == (jpeg(), JPEG)


@pytest.mark.parametrize(("colour", "samples"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_every_kind_of_colour_is_taken(colour, samples):
    data = png(ihdr=header(colour=colour), idat=pixels(samples=samples))
    assert clean(data)[0] == data


def test_a_palette_is_taken():
    palette = chunk(b"PLTE", bytes(6)) + chunk(b"tRNS", b"\0")
    data = png(palette, ihdr=header(colour=3, depth=1), idat=chunk(b"IDAT", zlib.compress(b"\0\x80" * 2)))
    assert clean(data)[0] == data


def test_text_camera_and_profile_are_left_out_of_a_png():
    spoken = (
        chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")
        + chunk(b"eXIf", b"GPS")
        + chunk(b"iCCP", b"x\0\0x")
    )
    assert clean(png(spoken)) == (png(), PNG)


def test_place_camera_and_comment_are_left_out_of_a_jpeg():
    spoken = (
        segment(0xE1, b"Exif\0\0GPS") + segment(0xFE, b"<script>alert(1)</script>") + segment(0xE2, b"ICC")
    )
    assert clean(jpeg(spoken)) == (jpeg(), JPEG)


@pytest.mark.parametrize("tail", [b"PK\x03\x04", b"<html>", b"\xff\xd8\xff\xe0"])
def test_a_second_file_behind_the_picture_is_left_out(tail):
    assert clean(png() + tail)[0] == png()
    assert clean(jpeg() + tail)[0] == jpeg()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x89PNG", b"GIF89a" + bytes(20), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"BM" + bytes(60),
        b"RIFF\0\0\0\0WEBPVP8 ", b" " + png(), b"\xff\xd8", bytes(1000),
    ],
)  # fmt: skip
def test_other_files_are_refused(data):
    with pytest.raises(NotAnImage, match="neither PNG nor JPEG"):
        clean(data)


@pytest.mark.parametrize(
    "data",
    [
        SIGNATURE,
        png(end=False),
        png()[:-5],
        png()[:40],
        png(ihdr=chunk(b"IHDR", b"\0" * 5)),
        SIGNATURE + pixels() + header() + chunk(b"IEND"),
        png(header()),
        png().replace(b"IDAT", b"IDAU"),
        png(idat=chunk(b"IDAT", b"no zlib")),
        png(idat=pixels(height=1)),
        png(idat=pixels(height=3)),
        png(idat=chunk(b"IDAT", zlib.compress(bytes(18)) + b"more")),
        png(idat=chunk(b"IDAT", zlib.compress(bytes(18))[:-3])),
        png(ihdr=header(depth=3)),
        png(ihdr=header(colour=5)),
        png(ihdr=header(colour=3), idat=pixels(samples=1)),
        SIGNATURE + header() + chunk(b"IEND"),
        jpeg(end=b""),
        jpeg()[:30],
        jpeg(scan=b""),
        jpeg(frame()),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\0\0",
        b"\xff\xd8" + JFIF + b"no marker",
        jpeg(segment(0xC4, b"x")[:-1] + b""),
    ],
)  # fmt: skip
def test_damaged_pictures_are_refused(data):
    with pytest.raises(NotAnImage):
        clean(data)


@pytest.mark.parametrize(
    "data",
    [
        png(ihdr=header(interlace=1)),
        png(chunk(b"acTL", bytes(8))),
        png(chunk(b"ABCD", b"unknown and critical")),
        jpeg(sof=frame(marker=0xC3)),
        jpeg(sof=frame(marker=0xC9)),
        jpeg(sof=frame(depth=12)),
        jpeg(sof=frame(components=4)),
    ],
)
def test_special_kinds_are_refused_with_a_way_out(data):
    with pytest.raises(NotAnImage, match="ordinary PNG"):
        clean(data)


@pytest.mark.parametrize("size", [(0, 2), (2, 0), (2001, 1), (1, 2001), (2**31, 2**31)])
def test_a_picture_has_two_sides_of_some_length(size):
    with pytest.raises(NotAnImage, match="2,000 pixels"):
        clean(png(ihdr=header(*size)))


@pytest.mark.parametrize("size", [(0, 2), (2, 0), (2001, 1), (65535, 65535)])
def test_so_has_a_jpeg(size):
    with pytest.raises(NotAnImage, match="2,000 pixels"):
        clean(jpeg(sof=frame(*size)))


def test_a_bomb_is_not_unpacked():
    bomb = zlib.compress(bytes(100_000_000), 9)
    assert len(bomb) < MOST_BYTES
    with pytest.raises(NotAnImage, match="damaged"):
        clean(png(idat=chunk(b"IDAT", bomb)))


def test_what_is_too_big_is_refused_before_it_is_read():
    with pytest.raises(NotAnImage, match="larger than 200 KB"):
        clean(png() + bytes(MOST_BYTES))


def test_cleaning_twice_changes_nothing():
    for data in (png(chunk(b"tEXt", b"a\0b")), jpeg(segment(0xFE, b"x"))):
        once, kind = clean(data)
        assert clean(once) == (once, kind)
