import base64
import re
import ssl

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from nts_office import certificate, data, header, identity, operator, rsa_key, signing_with
from nts_wss4j import message as wss4j_message

from dojang.nts import soap, wsse
from dojang.nts.errors import MessageRefused, MessageSignatureRefused, NtsError, UnknownSigner
from dojang.nts.wsse import Signer

CID = "11111111-2222-3333-4444-555555555555"
CMS = data("package/package.py.cms.der")
SUBMIT = data("soap/submit.xml")
QUESTION = data("soap/results-req.xml")


def verified(envelope=SUBMIT, attachments=None):
    return wsse.verify(envelope, {CID: CMS} if attachments is None else attachments)


def refused(envelope, attachments=None, match=None):
    with pytest.raises(MessageSignatureRefused, match=match):
        verified(envelope, attachments)


def test_both_fixtures_verify_signature_envelope_digest_and_attachment_digest():
    found = verified()
    assert found.certificate == data("signer.cert.der")
    assert found.attachments == {CID: CMS}
    assert wsse.verify(QUESTION, {}).certificate == data("signer.cert.der")


def test_the_fixtures_are_built_again_byte_for_byte():
    for fixture, attachments in ((SUBMIT, {CID: CMS}), (QUESTION, {})):
        message = soap.parse(wsse.verify(fixture, attachments).root)
        assert soap.build(message, operator(), attachments) == fixture


def test_a_message_as_wss4j_signs_it_verifies():
    xml = b"<?xml version='1.0'?>\n<a>\n</a>\n"
    signed = wss4j_message(identity("NTS"), "random-id", xml)
    found = wsse.verify(signed, {"random-id": xml})
    assert found.certificate == identity("NTS").certificate
    assert soap.parse(found.root).reference_id == "random-id"


def test_an_xml_attachment_whose_line_ends_became_crlf_is_given_back_as_it_was_signed():
    xml = b"<a>\n</a>\n"
    signed = wss4j_message(identity("NTS"), "x", xml)
    assert wsse.verify(signed, {"x": xml.replace(b"\n", b"\r\n")}).attachments == {"x": xml}


def test_a_content_id_with_characters_that_a_url_escapes_is_found():
    signed = wss4j_message(identity("NTS"), "a%40b", b"<a/>")
    assert wsse.verify(signed, {"a@b": b"<a/>"})


@pytest.mark.parametrize(
    "attachments",
    [{}, {CID: CMS[:-1]}, {CID: CMS + b"\n"}, {"other": CMS}, {CID: CMS, "more": b""}, {CID: b"<a/>"}],
)
def test_every_attachment_has_to_be_the_one_that_was_signed(attachments):
    refused(SUBMIT, attachments)


def test_an_attachment_that_nothing_covers_is_refused():
    refused(QUESTION, {CID: CMS}, "not those that are signed")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<kec:TotalCount>3<", b"<kec:TotalCount>4<"),
        (b"41999999-2025", b"41999998-2025"),
        (b"<kec:TotalCount>", b"<kec:TotalCount >\n"),
        (b"</SOAP:Header><SOAP:Body>", b"</SOAP:Header>\n<SOAP:Body>"),
        (b"<SOAP:Envelope ", b'<SOAP:Envelope mustUnderstand="1" '),
        (b"<wsa:To>http://nts", b"<wsa:To>http://xyz"),
    ],
)
def test_any_change_outside_the_signature_is_noticed(old, new):
    assert old in SUBMIT
    refused(SUBMIT.replace(old, new), match="changed after signing")


def test_the_certificate_in_the_token_is_der_and_nothing_else():
    signer = identity("NTS")
    pem = ssl.DER_cert_to_PEM_cert(signer.certificate).encode()
    for token, why in (
        (pem, "not DER"),
        (signer.certificate[:-1], "cannot be read"),
        (b"", "cannot be read"),
    ):
        signed = soap.build(soap.RequestCert("9998100015", "41999999"), Signer(token, signer.sign))
        refused(signed, {}, match=why)


def test_another_namespace_on_the_root_breaks_the_signature_of_everything_in_it():
    refused(
        SUBMIT.replace(b"<SOAP:Envelope ", b'<SOAP:Envelope xmlns:new="urn:new" '), match="does not match"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<SOAP:Body>", b"<!-- a comment --><SOAP:Body>"),
        (b"<kec:TotalCount>3<", b"<kec:TotalCount><![CDATA[3]]><"),
        (b'<ds:Reference URI="">', b"<ds:Reference   URI=''>"),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n', b"\r\n \n"),
    ],
)
def test_another_way_of_writing_the_same_document_verifies(old, new):
    assert soap.parse(verified(SUBMIT.replace(old, new)).root).total_count == 3


def element(name, source=SUBMIT):
    found = re.search(rb"<%b[ >].*?</%b>" % (name, name), source, re.DOTALL)
    assert found is not None
    return found[0]


SIGNATURE = element(b"ds:Signature")
TOKEN = element(b"wsse:BinarySecurityToken")
BODY = element(b"SOAP:Body")


@pytest.mark.parametrize(
    "attack",
    [
        SUBMIT.replace(SIGNATURE, b""),
        SUBMIT.replace(SIGNATURE, SIGNATURE * 2),
        SUBMIT.replace(SIGNATURE, b"").replace(b"</wsse:Security>", b"</wsse:Security>" + SIGNATURE),
        SUBMIT.replace(SIGNATURE, b"").replace(b"<SOAP:Body>", b"<SOAP:Body>" + SIGNATURE),
        SUBMIT.replace(SIGNATURE, b"<kec:X>" + SIGNATURE + b"</kec:X>"),
        SUBMIT.replace(b"</ds:KeyInfo>", b"</ds:KeyInfo><ds:Object>" + BODY + b"</ds:Object>"),
        SUBMIT.replace(b"</ds:KeyInfo>", b"</ds:KeyInfo><ds:Object></ds:Object>"),
        SUBMIT.replace(b"</ds:SignatureValue>", b"</ds:SignatureValue><kec:X></kec:X>"),
        SUBMIT.replace(BODY, BODY + BODY.replace(b">3<", b">4<")),
        SUBMIT.replace(BODY, b"<kec:Old>" + BODY + b"</kec:Old>" + BODY.replace(b">3<", b">4<")),
        SUBMIT.replace(b"<SOAP:Header>", b"<SOAP:Header></SOAP:Header><SOAP:Header>"),
        SUBMIT.replace(b"<SOAP:Body>", b"<SOAP:Body><wsse:Security></wsse:Security>"),
        SUBMIT.replace(b"<wsse:Security>", b"<wsse:Security></wsse:Security><wsse:Security>"),
        SUBMIT.replace(b"SOAP:Body", b"SOAP:Corpus"),
        SUBMIT.replace(TOKEN, TOKEN + TOKEN),
        SUBMIT.replace(TOKEN, b"").replace(b"<SOAP:Body>", b"<SOAP:Body>" + TOKEN),
        SUBMIT.replace(b"<SOAP:Body>", b'<SOAP:Body wsu:Id="X509Token">'),
        SUBMIT.replace(b"<SOAP:Body>", b'<SOAP:Body ID="X509Token">'),
        SUBMIT.replace(b'URI="#X509Token"', b'URI=""'),
        SUBMIT.replace(b'URI="#X509Token"', b'URI="#nobody"'),
        SUBMIT.replace(b'<wsse:Reference URI="#X509Token"></wsse:Reference>', b""),
        SUBMIT.replace(b"#X509v3", b"#X509PKIPathv1"),
        SUBMIT.replace(b"wsse:BinarySecurityToken", b"wsse:UsernameToken"),
    ],
)
def test_wrapping_doubling_and_moving_are_refused(attack):
    assert attack != SUBMIT
    refused(attack)


EXCLUSIVE = b"http://www.w3.org/2001/10/xml-exc-c14n#"
C14N_TRANSFORM = b'<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"></ds:Transform>'
XPATH_OPEN = b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
ENVELOPE_REFERENCE = element(b"ds:Reference")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        (b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        (b"http://www.w3.org/2001/04/xmlenc#sha256", b"http://www.w3.org/2000/09/xmldsig#sha1"),
        (b"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", EXCLUSIVE),
        (C14N_TRANSFORM, b""),
        (C14N_TRANSFORM, C14N_TRANSFORM * 2),
        (C14N_TRANSFORM, C14N_TRANSFORM.replace(b"></", b"><kec:X></kec:X></")),
        (C14N_TRANSFORM, XPATH_OPEN + b"<ds:XPath>not(self::kec:ReplyTo)</ds:XPath></ds:Transform>" + C14N_TRANSFORM),
        (C14N_TRANSFORM, XPATH_OPEN + b"</ds:Transform>" + C14N_TRANSFORM),
        (C14N_TRANSFORM, XPATH_OPEN + b"<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>" * 2 + b"</ds:Transform>" + C14N_TRANSFORM),
        (C14N_TRANSFORM, XPATH_OPEN + b'<d:XPath xmlns:d="http://www.w3.org/2000/09/xmldsig#" xmlns:ds="urn:x">not(ancestor-or-self::ds:Signature)</d:XPath></ds:Transform>' + C14N_TRANSFORM),
        (b"#Attachment-Content-Signature-Transform", b"#Attachment-Complete-Signature-Transform"),
        (b'<ds:Reference URI="">', b'<ds:Reference URI="#body">'),
        (b'<ds:Reference URI="">', b"<ds:Reference>"),
        (b'URI="cid:11111111', b'URI="http://example.com/11111111'),
        (ENVELOPE_REFERENCE, b""),
        (ENVELOPE_REFERENCE, ENVELOPE_REFERENCE * 2),
        (ENVELOPE_REFERENCE, ENVELOPE_REFERENCE * 12),
        (b"<ds:SignedInfo>", b"<ds:SignedInfo><kec:X></kec:X>"),
        (b"<ds:DigestValue>", b"<ds:DigestValue>*"),
        (b"<ds:DigestValue>", b"<ds:DigestValue><kec:X></kec:X>"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>*"),
        (element(b"ds:SignedInfo"), b""),
    ],
)  # fmt: skip
def test_only_the_standards_algorithms_transforms_and_references_are_taken(old, new):
    assert old in SUBMIT
    refused(SUBMIT.replace(old, new))


def signed_by(signer):
    return soap.build(soap.ResultsReqSubmit(header(), "x"), signer)


def test_a_signature_value_of_another_key_is_refused():
    refused(
        signed_by(Signer(operator().certificate, identity("NTS").sign)), {}, "does not match the certificate"
    )


def test_a_key_of_1024_bits_another_kind_of_key_and_an_unreadable_certificate_are_refused():
    small = rsa_key("small", 1024)
    refused(signed_by(Signer(certificate("small", small.public_key()), signing_with(small))), {}, "2048 bits")
    curve = certificate("curve", ec.generate_private_key(ec.SECP256R1()).public_key())
    refused(signed_by(Signer(curve, operator().sign)), {}, "2048 bits")
    refused(signed_by(Signer(b"0\0", operator().sign)), {}, "cannot be read")


def test_a_pinned_certificate_is_compared_octet_for_octet():
    ours = operator().certificate
    wsse.require_pinned(ours, [identity("NTS").certificate, ours])
    for pinned in ([], [identity("NTS").certificate], [ours + b"\0"]):
        with pytest.raises(UnknownSigner):
            wsse.require_pinned(ours, pinned)


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"garbage",
        b"<a/>",
        b"<!DOCTYPE a><a/>",
        b'<SOAP:Envelope xmlns:SOAP="urn:x"/>',
        b"<?x y?>" + SUBMIT.partition(b"\n")[2],
    ],
)
def test_what_is_no_envelope_is_refused(envelope):
    with pytest.raises(MessageRefused):
        verified(envelope)


def test_a_namespace_that_has_no_canonical_form_is_refused():
    refused(SUBMIT.replace(b"<SOAP:Body>", b'<SOAP:Body xmlns:r="relative">'), match="namespace")


def test_an_envelope_of_soap_1_2_is_read():
    root = wsse.read_envelope(b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>')
    assert len(root) == 0


@given(st.integers(0, len(SUBMIT)), st.binary(min_size=1, max_size=5))
def test_no_damage_gets_through_unnoticed(at, noise):
    damaged = SUBMIT[:at] + noise + SUBMIT[at + len(noise) :]
    try:
        message = soap.parse(verified(damaged).root)
    except NtsError:
        return
    assert message == soap.parse(verified().root)


def test_neither_key_nor_attachment_shows_in_a_repr():
    shown = repr(verified()) + repr(operator())
    assert base64.b64encode(CMS[:30]).decode() not in shown
    assert repr(CMS[:10])[2:-1] not in shown
    assert "sign=" not in shown
