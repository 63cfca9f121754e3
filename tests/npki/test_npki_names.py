"""Distinguished names: NPKI order, escapes, old encodings, and characters that must not reach a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.npki import der
from dojang.npki.errors import MalformedFile
from dojang.npki.names import Name, printable, read_text, write_name


def read(*parts):
    return Name.read(der.parse(write_name(*parts)))


def test_the_most_specific_part_comes_first_with_keys_in_lower_case():
    found = read(("c", "kr"), ("o", "yessign"), ("ou", "personal4IB"), ("ou", "HNB"), ("cn", "홍길동()0012"))
    assert str(found) == "cn=홍길동()0012,ou=HNB,ou=personal4IB,o=yessign,c=kr"
    assert found.all("ou") == ("personal4IB", "HNB")
    assert found.last("ou") == "HNB"
    assert found.last("email") == ""


def test_a_value_cannot_pretend_to_be_two():
    assert str(read(("o", "A, Inc."), ("cn", 'a,ou=b+c="x"'))) == r"cn=a\,ou=b\+c=\"x\",o=A\, Inc."


def test_control_and_direction_changing_characters_do_not_get_through():
    assert read(("cn", "a\x1b[31m\u202egnp.exe\nx")).last("cn") == "a\ufffd[31m\ufffdgnp.exe\ufffdx"
    assert printable("plain") == "plain"
    assert printable("홍길동") == "홍길동"


@given(st.text())
def test_whatever_was_typed_prints_on_one_line(text):
    assert len(printable(text).splitlines()) <= 1


def test_names_are_the_same_apart_from_case_and_white_space():
    assert read(("c", "KR"), ("o", "A  B")).same_as(read(("c", "kr"), ("o", " a b ")))
    assert not read(("c", "KR"), ("o", "AB")).same_as(read(("c", "kr"), ("o", "a b")))
    assert not read(("c", "KR")).same_as(read(("c", "KR"), ("o", "x")))


def test_an_unknown_attribute_keeps_its_oid():
    pair = der.sequence(der.oid("1.2.3.4"), der.encode(0x0C, b"x"))
    two = der.set_of(der.sequence(der.oid("2.5.4.3"), der.encode(0x13, b"y")), pair)
    assert set(str(Name.read(der.parse(der.sequence(two)))).split("+")) == {"1.2.3.4=x", "cn=y"}


@pytest.mark.parametrize(
    ("tag", "octets"),
    [
        (0x0C, "가나다".encode()),
        (0x1E, "가나다".encode("utf-16-be")),
        (0x1C, "가나다".encode("utf-32-be")),
        (0x14, "가나다".encode("cp949")),
        (0x13, "가나다".encode("cp949")),
    ],
    ids=["UTF8String", "BMPString", "UniversalString", "T61String", "PrintableString with CP949"],
)
def test_every_string_type_of_old_certificates_reads(tag, octets):
    assert read_text(der.parse(der.encode(tag, octets))) == "가나다"


@pytest.mark.parametrize(
    ("tag", "octets"), [(0x0C, b"\xff"), (0x1E, b"\x00"), (0x1A, b"\xff"), (0x04, b"x"), (0x13, b"\xff\xff")]
)
def test_a_string_that_is_none_is_malformed(tag, octets):
    with pytest.raises(MalformedFile):
        read_text(der.parse(der.encode(tag, octets)))


def test_t61_falls_back_to_latin_1():
    assert read_text(der.parse(der.encode(0x14, b"caf\xe9"))) == "café"


def test_an_attribute_with_three_parts_is_malformed():
    part = der.sequence(der.oid("2.5.4.3"), der.encode(0x0C, b"x"), der.null())
    with pytest.raises(MalformedFile):
        Name.read(der.parse(der.sequence(der.set_of(part))))
