from datetime import UTC, datetime

import pytest
from nts_office import NOW, REGISTRATION, header, operator

from dojang.nts import mime, soap, wire, wsse
from dojang.nts.errors import CannotWriteText, MessageRefused, SoapFault

SUBMIT_ID = REGISTRATION + "-20261122-" + "0" * 32
MESSAGES = [
    (
        soap.TaxInvoiceSubmit(header(reply_to="http://127.0.0.1/x?a=1&b=2"), SUBMIT_ID, 100, "ref"),
        b"\0\r\n--",
    ),
    (soap.TaxInvoiceRecvAck(header(relates_to="us-1"), "result", "ref"), b"<a/>"),
    (soap.ResultsSubmit(header(), "result", "ref"), b"<a/>"),
    (soap.ResultsRecvAck(header(relates_to="nts-1"), "result"), None),
    (soap.ResultsReqSubmit(header(), SUBMIT_ID), None),
    (soap.ResultsReqRecvAck(header(relates_to="us-1"), "result", "ref"), b"<a/>"),
    (soap.RequestCert("9998100015", REGISTRATION), None),
    (soap.RequestRecvCert("ref"), b"PK"),
]


@pytest.mark.parametrize(("message", "attachment"), MESSAGES, ids=lambda value: type(value).__name__)
def test_each_of_the_eight_messages_is_built_signed_read_and_verified(message, attachment):
    http = wire.pack(message, operator(), attachment)
    received = wire.unpack(http.content_type, http.body)
    assert received == wire.Received(message, attachment, operator().certificate)
    assert http.headers() == {"Content-Type": http.content_type, "SOAPAction": f'"{message.kind.action}"'}
    assert http.content_type.startswith('multipart/related; type="text/xml"; start="<SOAPPART>"; boundary="')


def test_actions_and_operations_are_the_standards():
    kinds = [message.kind for message, _ in MESSAGES]
    assert [(kind.action.rpartition("/")[2], kind.operation + kind.direction) for kind in kinds] == [
        ("TaxInvoiceSubmit", "0101"),
        ("TaxInvoiceRecvAck", "0102"),
        ("ResultsSubmit", "0201"),
        ("ResultsRecvAck", "0202"),
        ("ResultsReqSubmit", "0301"),
        ("ResultsReqRecvAck", "0302"),
        ("RequestCert", ""),
        ("RequestRecvCert", ""),
    ]


def test_the_certificate_request_has_nothing_but_security_in_its_header():
    built = soap.build(MESSAGES[6][0], operator())
    assert b"<SOAP:Header><wsse:Security>" in built
    assert (
        b"</wsse:Security></SOAP:Header><SOAP:Body><kec:RequestMessage><kec:BusnID>9998100015</kec:BusnID>"
        in built
    )


@pytest.mark.parametrize(("message", "attachment"), [MESSAGES[0], MESSAGES[4]])
def test_attachment_and_reference_id_come_together_or_not_at_all(message, attachment):
    with pytest.raises(MessageRefused):
        wire.pack(message, operator(), None if attachment else b"x")


def parsed(header_text="", body="", namespaces=""):
    return soap.parse(
        wsse.read_envelope(
            f'<S:Envelope xmlns:S="{wsse.SOAP}" xmlns:w="{soap.WSA}" xmlns:k="{soap.KEC}" {namespaces}>'
            f"<S:Header>{header_text}</S:Header><S:Body>{body}</S:Body></S:Envelope>".encode()
        )
    )


HEAD = "<w:Action>http://example.com/ResultsReqRecvAck/</w:Action><w:MessageID>m</w:MessageID>"


def test_prefixes_order_white_space_wrappers_and_unknown_elements_are_tolerated():
    for wrapper in ("k:RequestMessage", "k:ResponseMessage", "ResponseMessage"):
        message = parsed(
            HEAD
            + "<k:MessageHeader> <k:TimeStamp>2026-11-22T10:02:03</k:TimeStamp><k:New/></k:MessageHeader>",
            f"\n<{wrapper}><k:New>1</k:New>\n<k:ReferenceID> r </k:ReferenceID></{wrapper}>",
        )
        assert isinstance(message, soap.ResultsReqRecvAck)
        assert (message.reference_id, message.result_id) == ("r", "")
        assert message.header.sent_at == datetime(2026, 11, 22, 10, 2, 3, tzinfo=UTC)
        assert message.header.sender == ("", "")
        assert message.header.relates_to is None


def test_a_time_stamp_that_nobody_understands_is_not_worth_losing_an_answer():
    message = parsed(
        HEAD + "<k:MessageHeader><k:TimeStamp>yesterday</k:TimeStamp></k:MessageHeader>",
        "<k:ResponseMessage><k:ReferenceID>r</k:ReferenceID></k:ResponseMessage>",
    )
    assert message.header.sent_at is None
    assert (
        parsed(HEAD, "<k:ResponseMessage><k:ReferenceID>r</k:ReferenceID></k:ResponseMessage>").header.sent_at
        is None
    )


def test_an_answer_to_the_certificate_request_needs_nothing_in_its_body():
    assert parsed() == soap.RequestRecvCert(None)
    assert parsed("", "<k:Anything/>") == soap.RequestRecvCert(None)
    named = "<k:ResponseMessage><k:ReferenceID>r</k:ReferenceID></k:ResponseMessage>"
    assert parsed("<w:Action>x/RequestRecvCert</w:Action>", named) == soap.RequestRecvCert("r")


def test_a_certificate_request_without_file_type_wants_a_zip():
    body = "<k:RequestMessage><k:BusnID>1</k:BusnID><k:BusnCrfcNo>2</k:BusnCrfcNo></k:RequestMessage>"
    assert parsed("", body) == soap.RequestCert("1", "2", "1")


SUBMIT_BODY = "<k:RequestMessage><k:SubmitID>s</k:SubmitID><k:TotalCount>{}</k:TotalCount><k:ReferenceID>r</k:ReferenceID></k:RequestMessage>"
SUBMIT_HEAD = "<w:MessageID>m</w:MessageID><w:Action>TaxInvoiceSubmit</w:Action>"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (HEAD, ""),
        (HEAD, "<k:ResponseMessage/>"),
        (HEAD, "<k:ResponseMessage/><k:ResponseMessage/>"),
        (HEAD, "<k:Nonsense><k:ReferenceID>r</k:ReferenceID></k:Nonsense>"),
        (HEAD, "<k:ResponseMessage><k:ReferenceID>r</k:ReferenceID><k:ReferenceID>s</k:ReferenceID></k:ResponseMessage>"),
        (HEAD + "<w:Action>x</w:Action>", "<k:ResponseMessage><k:ReferenceID>r</k:ReferenceID></k:ResponseMessage>"),
        ("<w:Action>ResultsReqRecvAck</w:Action>", "<k:ResponseMessage><k:ReferenceID>r</k:ReferenceID></k:ResponseMessage>"),
        ("<w:Action>urn:Nonsense</w:Action>", "<k:ResponseMessage><k:ReferenceID>r</k:ReferenceID></k:ResponseMessage>"),
        (SUBMIT_HEAD, SUBMIT_BODY.format("three")),
        (SUBMIT_HEAD, SUBMIT_BODY.format("-3")),
        (SUBMIT_HEAD, SUBMIT_BODY.format("٣")),
        (SUBMIT_HEAD, SUBMIT_BODY.format("")),
    ],
)  # fmt: skip
def test_what_lacks_or_doubles_what_it_has_to_say_is_refused(head, body):
    with pytest.raises(MessageRefused):
        parsed(head, body)


def test_faults_of_both_soap_versions_are_read_and_their_texts_bounded():
    with pytest.raises(SoapFault) as fault:
        parsed("", "<S:Fault><faultcode>S:Server</faultcode><faultstring>잠시 {0}</faultstring></S:Fault>")
    assert fault.value.facts == {"fault_code": "S:Server", "reason": "잠시 {0}"}
    assert "잠시 {0}" in fault.value.text("ko")
    with pytest.raises(SoapFault) as fault:
        parsed(
            "",
            f"<S:Fault><S:Code><S:Value>c</S:Value></S:Code><S:Reason><S:Text>{'x' * 999}</S:Text></S:Reason></S:Fault>",
        )
    assert len(fault.value.facts["reason"]) == 300
    with pytest.raises(SoapFault, match=r"\?"):
        parsed("", "<S:Fault/>")


def test_text_is_escaped_and_what_xml_cannot_hold_is_refused():
    nasty = soap.PartyId("1", "<&>\"'\t\r\n가\U0001f4a9")
    http = wire.pack(soap.ResultsReqSubmit(header(sender=nasty), "x"), operator())
    received = wire.unpack(http.content_type, http.body)
    assert received.message.header.sender.name == nasty.name.strip()
    for forbidden in ("\0", "\x0b", "\ud800", "\uffff"):
        with pytest.raises(CannotWriteText, match="U\\+"):
            wire.pack(soap.ResultsReqSubmit(header(sender=soap.PartyId("1", forbidden)), "x"), operator())


def test_times_are_written_in_utc_to_the_millisecond_and_may_be_left_out():
    assert b"<kec:TimeStamp>2026-11-22T01:02:03.456Z</kec:TimeStamp>" in soap.build(
        soap.ResultsReqSubmit(header(sent_at=NOW), "x"), operator()
    )
    assert b"TimeStamp" not in soap.build(soap.ResultsReqSubmit(header(sent_at=None), "x"), operator())


def test_what_is_written_is_canonical():
    from dojang.etax.canonical import canonical, parse

    built = soap.build(MESSAGES[0][0], operator(), {"ref": b""})
    assert soap.DECLARATION + canonical(parse(built)) == built


def two_parts(names, reference):
    message = soap.TaxInvoiceRecvAck(header(), "result", reference)
    attachments = dict.fromkeys(names, b"<a/>")
    envelope = soap.build(message, operator(), attachments)
    parts = [mime.Part("root", mime.XML_TYPE, envelope)]
    return mime.write([*parts, *(mime.Part(name, mime.BINARY_TYPE, b"<a/>") for name in names)])


def test_two_attachments_under_one_id_are_refused():
    with pytest.raises(MessageRefused, match="one Content-ID"):
        wire.unpack(*two_parts(["x", "x"], "x"))


def test_a_reference_id_that_names_no_attachment_is_refused():
    with pytest.raises(MessageRefused, match="missing"):
        wire.unpack(*two_parts(["x"], "y"))


def test_a_reference_id_in_brackets_and_a_second_signed_attachment_do_no_harm():
    assert wire.unpack(*two_parts(["x", "y"], "<x>")).attachment == b"<a/>"
