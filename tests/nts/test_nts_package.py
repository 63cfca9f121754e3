import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nts_office import data

from dojang.npki import der
from dojang.nts import ber, package
from dojang.nts.errors import Malformed, NtsError, PackageRefused
from dojang.nts.package import PackagedInvoice

R = bytes(range(20))
PACKAGE = data("package/package.der")


def test_the_fixture_is_read_and_written_again_byte_for_byte():
    invoices = package.decode(PACKAGE)
    assert len(invoices) == 3
    assert {invoice.random_number for invoice in invoices} == {R}
    assert all(invoice.xml.startswith(b"<?xml") for invoice in invoices)
    assert package.encode(invoices) == PACKAGE


def test_the_order_given_does_not_matter_because_der_sorts_a_set():
    invoices = [PackagedInvoice(bytes([n]) * size, R) for n, size in ((1, 300), (2, 20), (3, 20))]
    made = package.encode(invoices)
    random.Random(1).shuffle(invoices)
    assert package.encode(invoices) == made


def test_any_order_is_read():
    first, second = (der.sequence(der.octet_string(R), der.octet_string(x)) for x in (b"<b/>", b"<a/>"))
    unsorted = der.sequence(der.integer(2), der.encode(der.SET, first, second))
    assert [invoice.xml for invoice in package.decode(unsorted)] == [b"<b/>", b"<a/>"]


def test_ber_with_indefinite_lengths_and_strings_in_pieces_is_read():
    pieces = b"\x24\x80" + der.octet_string(b"<a") + der.octet_string(b"/>") + b"\0\0"
    one = b"\x30\x80" + der.octet_string(R) + pieces + b"\0\0"
    whole = b"\x30\x80" + der.integer(1) + b"\x31\x80" + one + b"\0\0" + b"\0\0"
    assert package.decode(whole) == (PackagedInvoice(b"<a/>", R),)


@given(
    st.lists(
        st.builds(PackagedInvoice, st.binary(min_size=1), st.binary(min_size=20, max_size=20)),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read_back(invoices):
    assert sorted(package.decode(package.encode(invoices)), key=repr_of) == sorted(invoices, key=repr_of)


def repr_of(invoice):
    return (invoice.random_number, invoice.xml)


def test_one_hundred_fit_and_a_hundred_and_one_do_not():
    invoices = [PackagedInvoice(b"<a/>", R)] * 100
    assert len(package.decode(package.encode(invoices))) == 100
    for wrong in ([], [*invoices, invoices[0]]):
        with pytest.raises(PackageRefused):
            package.encode(wrong)
    one = der.sequence(der.octet_string(R), der.octet_string(b"<a/>"))
    for count in (0, 101):
        with pytest.raises(PackageRefused):
            package.decode(der.sequence(der.integer(count), der.encode(der.SET, *[one] * count)))


@pytest.mark.parametrize("random_number", [b"", R[:19], R + b"\0"])
def test_an_r_that_is_not_20_bytes_is_refused_without_being_told(random_number):
    with pytest.raises(PackageRefused) as refused:
        package.encode([PackagedInvoice(b"<a/>", random_number)])
    assert random_number.hex() not in str(refused.value) or not random_number


def test_an_empty_invoice_and_one_beyond_all_bounds_are_refused(monkeypatch):
    with pytest.raises(PackageRefused):
        package.encode([PackagedInvoice(b"", R)])
    monkeypatch.setattr(ber, "MAX_BYTES", 100)
    with pytest.raises(PackageRefused):
        package.encode([PackagedInvoice(b"x" * 100, R)])


def test_a_count_that_lies_is_refused():
    one = der.sequence(der.octet_string(R), der.octet_string(b"<a/>"))
    for count in (0, 2, 100):
        with pytest.raises(PackageRefused, match="holds 1"):
            package.decode(der.sequence(der.integer(count), der.set_of(one)))


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x85\0\0\0\0\1",
        b"\x30\x81",
        b"\x04\x80",
        b"\x1f\x01\x00",
        b"\x00\x00",
        PACKAGE[:-1],
        PACKAGE + b"\0",
        der.sequence(der.integer(1)),
        der.sequence(der.octet_string(b"\1"), der.set_of(der.sequence())),
        der.sequence(der.encode(der.INTEGER), der.set_of(der.sequence())),
        der.sequence(der.integer(1), der.set_of(der.sequence(der.integer(1), der.integer(2)))),
        der.sequence(der.integer(1 << 40), der.set_of(der.sequence())),
    ],
)
def test_what_is_no_package_is_refused(wrong):
    with pytest.raises(PackageRefused):
        package.decode(wrong)


def test_nesting_number_of_elements_and_size_are_bounded(monkeypatch):
    with pytest.raises(Malformed, match="complex"):
        ber.parse(b"\x30\x80" * 100_000)
    monkeypatch.setattr(ber, "MAX_ELEMENTS", 1000)
    with pytest.raises(Malformed, match="complex"):
        ber.parse(der.encode(der.SEQUENCE, b"\x05\x00" * 1000))
    monkeypatch.setattr(ber, "MAX_BYTES", 10)
    with pytest.raises(Malformed, match="large"):
        ber.parse(bytes(11))


@given(st.binary(max_size=200))
def test_random_bytes_end_in_a_typed_error(noise):
    with pytest.raises(NtsError):
        package.decode(noise)


@given(st.integers(0, 300), st.binary(min_size=1, max_size=4))
def test_a_damaged_package_is_read_or_refused_and_nothing_else(at, noise):
    damaged = PACKAGE[:at] + noise + PACKAGE[at + len(noise) :]
    with suppress(NtsError):
        package.decode(damaged)


def test_neither_r_nor_the_invoice_shows_in_a_repr():
    shown = repr(PackagedInvoice(b"<secret/>", b"RRRRRRRRRRRRRRRRRRRR"))
    assert "RRR" not in shown
    assert "secret" not in shown
    assert "RRR" not in repr(ber.parse(der.sequence(der.octet_string(b"RRRRRRRR"))))


def test_object_identifiers_are_shown_dotted_and_anything_else_as_hex():
    def shown(encoded):
        return ber.dotted(ber.parse(encoded))

    assert shown(der.oid("1.2.840.113549.3.7")) == "1.2.840.113549.3.7"
    assert shown(der.oid("2.999.1")) == "2.999.1"
    assert shown(der.octet_string(b"\1\2")) == "0102"
    assert shown(b"\x06\x00") == "?"
    assert shown(b"\x06\x01\x80") == "80"
    assert shown(b"\x06\x50" + b"\x81" * 79 + b"\x01") == "81" * 16
