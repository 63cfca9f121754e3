from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nts_office import ACCEPTED, BUSINESS_NUMBER, NOW, document, header, identity, operator

from dojang.nts import callback, response, soap, wire
from dojang.nts.errors import AnotherMessage, NtsError, ResponseRefused, UnknownSigner
from dojang.nts.soap import PartyId

SUBMIT_ID = "41999999-20261122-" + "0" * 32
VERDICTS = document(SUBMIT_ID, kind="02", process_status="01", results=ACCEPTED)
PINNED = (identity("NTS").certificate,)


def posted(message_signer=None, document_signer=None, xml=None):
    message = soap.ResultsSubmit(header(), "20261122" + "c" * 32, "payload")
    xml = xml or response.write(VERDICTS, document_signer or identity("NTS"))
    return wire.pack(message, message_signer or identity("NTS"), xml)


def read(http):
    return callback.read_results_notice(http.body, http.content_type, PINNED)


def test_results_that_the_office_posts_are_read_and_verified():
    notice = read(posted())
    assert notice.response == VERDICTS
    assert notice.message.result_id == "20261122" + "c" * 32


def test_the_acknowledgement_names_result_and_message():
    notice = read(posted())
    ack = callback.acknowledge(
        notice, party=PartyId(BUSINESS_NUMBER, "(주)도장상사"), signer=operator(), now=NOW, random=bytes(16)
    )
    received = wire.unpack(ack.content_type, ack.body)
    assert isinstance(received.message, soap.ResultsRecvAck)
    assert received.message.ref_result_id == notice.message.result_id
    assert received.message.header.relates_to == notice.message.header.message_id
    assert received.message.header.receiver == soap.NTS_PARTY
    assert received.certificate == operator().certificate


def test_the_same_notice_twice_reads_the_same():
    http = posted()
    assert read(http) == read(http)


@pytest.mark.parametrize(
    ("http", "error"),
    [
        (posted(message_signer=operator()), UnknownSigner),
        (posted(document_signer=operator()), UnknownSigner),
        (posted(xml=b"<a/>"), ResponseRefused),
        (wire.pack(soap.ResultsRecvAck(header(), "x"), identity("NTS")), AnotherMessage),
        (wire.pack(soap.TaxInvoiceRecvAck(header(), "x", "y"), identity("NTS"), b"<a/>"), AnotherMessage),
    ],
)
def test_a_notice_that_the_office_did_not_sign_or_is_none_is_refused(http, error):
    with pytest.raises(error):
        read(http)


@given(st.binary(max_size=300), st.text(max_size=50))
def test_whatever_a_stranger_posts_ends_in_a_typed_error(body, content_type):
    with pytest.raises(NtsError):
        callback.read_results_notice(body, content_type, PINNED)


@given(st.integers(0, 9000), st.binary(min_size=1, max_size=4))
def test_no_damage_to_a_notice_gets_through(at, noise):
    http = posted()
    body = http.body[:at] + noise + http.body[at + len(noise) :]
    with suppress(NtsError):
        assert callback.read_results_notice(body, http.content_type, PINNED).response == VERDICTS
