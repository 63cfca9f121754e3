"""The bounded reader and the writer of ASN.1."""

import base64
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojang.npki import armor, der
from dojang.npki.errors import MalformedFile


@given(st.integers(min_value=-(1 << 4096), max_value=1 << 4096))
def test_integers_come_back(value):
    assert der.parse(der.integer(value)).integer() == value


@pytest.mark.parametrize(
    ("value", "encoded"),
    [(0, "020100"), (127, "02017f"), (128, "02020080"), (-128, "020180"), (2048, "02020800")],
)
def test_integers_are_as_short_as_der_demands(value, encoded):
    assert der.integer(value).hex() == encoded


@pytest.mark.parametrize(
    ("dotted", "encoded"),
    [
        ("1.2.410.200004.10.1.1.3", "060a2a831a8c9a440a010103"),
        ("2.16.840.1.101.3.4.1.42", "060960864801650304012a"),
        ("0.9.2342", "0603099226"),
        ("2.999.3", "0603883703"),
        ("1.2.840.113549.1.1.1", "06092a864886f70d010101"),
    ],
)
def test_object_identifiers_come_back(dotted, encoded):
    assert der.oid(dotted).hex() == encoded
    assert der.parse(der.oid(dotted)).oid() == dotted


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_every_length_of_content_comes_back(length):
    assert der.parse(der.octet_string(bytes(length))).octets() == bytes(length)


def test_a_set_is_sorted():
    assert der.parse(der.set_of(der.integer(3), der.integer(1))).items(der.SET)[0].integer() == 1


def test_octets_in_pieces_and_indefinite_lengths_are_joined():
    pieces = bytes.fromhex("2480 0402 6162 0401 63 0000".replace(" ", ""))
    assert der.parse(pieces).octets() == b"abc"
    sequence = der.parse(bytes.fromhex("3080 020105 2480 0401 61 0000 0000".replace(" ", "")))
    fields = sequence.fields()
    assert fields.next().integer() == 5
    assert fields.next().octets() == b"a"


def test_implicit_octets_in_pieces_are_joined():
    assert der.parse(bytes.fromhex("a0060401610401" + "62")).octets_tagged(0x80) == b"ab"
    assert der.parse(bytes.fromhex("80026162")).octets_tagged(0x80) == b"ab"


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "30",
        "3005",
        "300502010",
        "3003020105ff",
        "30840000000602010500",
        "30857fffffffff",
        "308501000000000000",
        "3082",
        "1f8101",
        "3080020105",
        "3080",
        "308000",
        "0480",
        "30030202ff",
        "30800201050000ff",
        "3004308005000000",
    ],
)
def test_what_is_not_one_whole_value_is_malformed(encoded):
    with pytest.raises(MalformedFile):
        der.parse(bytes.fromhex(encoded + "0" * (len(encoded) % 2)))


@pytest.mark.parametrize(
    ("encoded", "read"),
    [
        ("0200", der.Element.integer),
        ("0401ff", der.Element.integer),
        ("0600", der.Element.oid),
        ("060180", der.Element.oid),
        ("0641" + "01" * 65, der.Element.oid),
        ("0603" + "2a8001", der.Element.oid),
        ("0602" + "8001", der.Element.oid),
        ("0300", der.Element.bits),
        ("030204f0", der.Element.bits),
        ("0201ff", der.Element.octets),
        ("0201ff", der.Element.fields),
        ("0201ff", der.Element.items),
    ],
)
def test_a_field_of_another_kind_is_malformed(encoded, read):
    element = der.parse(bytes.fromhex(encoded))
    with pytest.raises(MalformedFile):
        read(element)


def test_fields_are_taken_in_order_and_all():
    fields = der.parse(der.sequence(der.integer(1), der.null())).fields()
    assert fields.optional(der.NULL) is None
    assert fields.next().integer() == 1
    with pytest.raises(MalformedFile):
        fields.end()
    assert fields.optional(der.NULL) is not None
    fields.end()
    assert fields.optional(der.NULL) is None
    with pytest.raises(MalformedFile):
        fields.next()


def test_depth_is_bounded():
    nested = der.null()
    for _ in range(der.MAX_DEPTH):
        nested = der.sequence(nested)
    der.parse(nested)
    with pytest.raises(MalformedFile):
        der.parse(der.sequence(nested))
    with pytest.raises(MalformedFile):
        der.parse(b"\x30\x80" * 100_000)


def test_the_number_of_elements_is_bounded():
    der.parse(der.sequence(*[der.null()] * (der.MAX_ELEMENTS - 1)))
    with pytest.raises(MalformedFile):
        der.parse(der.sequence(*[der.null()] * 500_000))


def test_nothing_is_copied_until_it_is_asked_for():
    megabytes = der.octet_string(bytes(8_000_000))
    for _ in range(der.MAX_DEPTH):
        megabytes = der.sequence(megabytes)
    tracemalloc.start()
    try:
        element = der.parse(megabytes)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100_000
    assert len(element.encoded) == len(megabytes)


def test_elements_are_equal_when_their_octets_are_wherever_they_stand():
    first, second, other, longer = der.parse(
        der.sequence(der.oid("1.2.3"), der.oid("1.2.3"), der.oid("1.2.4"), bytes.fromhex("0681022a03"))
    ).items()
    assert first == second
    assert first == der.parse(der.oid("1.2.3"))
    assert len({first, second, other, longer}) == 3
    assert first != der.oid("1.2.3")


@given(st.binary(max_size=300))
def test_random_octets_are_parsed_or_malformed(data):
    try:
        element = der.parse(data)
    except MalformedFile:
        return
    assert element.encoded == data


@given(st.binary(max_size=100))
def test_a_framed_sequence_is_known_by_its_own_length(content):
    framed = der.encode(der.SEQUENCE, content)
    assert der.frames_sequence(framed)
    assert not der.frames_sequence(framed + b"\0")
    assert not der.frames_sequence(framed[:-1])


def test_a_framed_sequence_may_be_indefinite():
    assert der.frames_sequence(bytes.fromhex("30800201050000"))
    assert not der.frames_sequence(bytes.fromhex("308002010500ff"))
    assert not der.frames_sequence(b"")


def test_elements_never_show_their_content():
    assert "secret" not in repr(der.parse(der.sequence(der.octet_string(b"secret"))))


DER = der.sequence(der.integer(12345), der.octet_string(b"octets of a file" * 8))


@pytest.mark.parametrize(
    "data",
    [
        DER,
        base64.b64encode(DER),
        base64.encodebytes(DER).replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + base64.encodebytes(DER),
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
        + base64.encodebytes(DER)
        + b"-----END ENCRYPTED PRIVATE KEY-----\n",
        b"Bag Attributes\n  friendlyName: x\n-----BEGIN X509 CRL-----\r\n"
        + base64.encodebytes(DER)
        + b"-----END X509 CRL-----",
    ],
    ids=["der", "base64", "crlf", "byte order mark", "pem", "pem with a preface"],
)
def test_der_pem_and_base64_are_told_apart_by_content(data):
    assert armor.to_der(data) == DER


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a key",
        b"AAAA",
        "인증서".encode(),
        b"-----BEGIN X-----\n!!!\n-----END X-----",
        b"\xff\xfe" + b"0" * 9,
    ],
)
def test_other_text_is_malformed(data):
    with pytest.raises(MalformedFile):
        armor.to_der(data)
