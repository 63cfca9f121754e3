from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nts_office import INVOICES, NOW, REGISTRATION, data, km_decrypt, operator, settings, submission

from dojang.nts import cms, package, soap, wire
from dojang.nts.errors import InvalidSettings, NtsError, PackageRefused, SubmissionDamaged
from dojang.nts.ids import parse_submit_id
from dojang.nts.submission import Submission

MADE = submission()
STORED = MADE.to_bytes()


def test_a_submission_is_a_signed_message_with_the_encrypted_package():
    received = wire.unpack(MADE.http.content_type, MADE.http.body)
    message = received.message
    assert isinstance(message, soap.TaxInvoiceSubmit)
    assert received.certificate == operator().certificate
    assert message.submit_id == MADE.submit_id
    assert message.header.message_id == MADE.message_id
    assert message.total_count == MADE.total_count == 2
    assert message.header.reply_to == "http://127.0.0.1:9/callback"
    assert parse_submit_id(MADE.submit_id).registration == REGISTRATION
    opened = cms.open_envelope(received.attachment, data("package/km.cert.der"), km_decrypt)
    assert sorted(invoice.xml for invoice in package.decode(opened)) == sorted(i.xml for i in INVOICES)


def test_stored_and_loaded_it_is_the_same_to_the_byte():
    assert Submission.from_bytes(STORED) == MADE
    assert Submission.from_bytes(STORED).to_bytes() == STORED


def test_each_has_numbers_of_its_own_and_given_randomness_makes_it_again():
    assert submission().submit_id != MADE.submit_id
    one, two = (
        Submission.prepare(
            INVOICES, settings=settings(), sign=operator().sign, now=NOW, random=lambda n: b"\7" * n
        )
        for _ in range(2)
    )
    assert (one.submit_id, one.message_id) == (two.submit_id, two.message_id)


def test_r_is_nowhere_in_what_is_stored_or_shown():
    for invoice in INVOICES:
        assert invoice.random_number not in STORED
        assert invoice.random_number.hex() not in repr(MADE)
    assert "MIME" not in repr(MADE)
    assert len(repr(MADE)) < 700


def test_the_day_in_the_number_is_the_korean_day():
    late = NOW.replace(hour=15)
    made = Submission.prepare(INVOICES, settings=settings(), sign=operator().sign, now=late, random=bytes)
    assert made.submit_id.startswith(REGISTRATION + "-20261123-")


def test_nothing_is_prepared_without_invoices_or_the_offices_certificate():
    with pytest.raises(PackageRefused):
        Submission.prepare((), settings=settings(), sign=operator().sign, now=NOW, random=bytes)
    with pytest.raises(InvalidSettings, match="km"):
        submission(settings(nts_km_certificate=None))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"x",
        STORED[:-1],
        STORED + b"\0",
        STORED[1:],
        STORED.replace(b'"total_count":2', b'"total_count":"2"'),
        STORED.replace(b'"total_count":2', b'"total_count":2,"more":1'),
        STORED.replace(b'"message_id"', b'"message"'),
        b"dojang-submission/1\n[]\n",
        b"dojang-submission/1\n" + b"[" * 100_000,
    ],
)
def test_damaged_bytes_are_never_sent(damaged):
    with pytest.raises(SubmissionDamaged):
        Submission.from_bytes(damaged)


@given(st.integers(0, 600), st.binary(min_size=1, max_size=4))
def test_any_damage_to_the_body_is_noticed(at, noise):
    with suppress(NtsError):
        assert (
            Submission.from_bytes(STORED[:at] + noise + STORED[at + len(noise) :]).http.body == MADE.http.body
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"submit_address": "ftp://example.com/"},
        {"submit_address": "http:///nowhere"},
        {"submit_address": "http://example.com:99999/"},
        {"results_address": "example.com"},
        {"certificates_address": "http://example.com/ a"},
        {"certificates_address": "http://예시.kr/"},
        {"registration": "4199999"},
        {"nts_registration": ""},
        {"business_number": "999-81-00015"},
        {"connect_timeout": 0},
        {"read_timeout": -1.0},
        {"write_timeout": float("inf")},
        {"reply_timeout": float("nan")},
        {"nts_certificates": ()},
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(changes):
    (name,) = changes
    with pytest.raises(InvalidSettings, match=name):
        settings(**changes)


def test_settings_name_who_we_are_and_show_no_certificates():
    assert settings().party == ("9998100015", "(주)도장상사")
    assert "x06" not in repr(settings())
