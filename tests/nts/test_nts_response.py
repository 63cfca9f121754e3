from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nts_office import document, identity, operator

from dojang.nts import response
from dojang.nts.codes import ProcessStatus
from dojang.nts.errors import NtsError, ResponseRefused
from dojang.nts.response import InvoiceResult, ResponseKind

SUBMIT_ID = "41999999-20261122-" + "0" * 32
RESULTS = (
    InvoiceResult("202611224199999900000001", ("SUC001",)),
    InvoiceResult("202611224199999900000002", ("SYN002", "ERR007", "XYZ123")),
    InvoiceResult("202611224199999900000003", ()),
)
FULL = document(
    SUBMIT_ID,
    kind=ResponseKind.RESULTS,
    process_status=ProcessStatus.DONE,
    total=3,
    success=1,
    fail=2,
    results=RESULTS,
    description="샌드박스 <&>",
)


def written(found=FULL):
    return response.write(found, identity("NTS"))


@pytest.mark.parametrize(
    "found", [FULL, document(SUBMIT_ID), document(SUBMIT_ID, process_status="03", fail_reason="SYS003")]
)
def test_a_response_is_signed_read_and_verified(found):
    xml = written(found)
    signed = response.read(xml)
    assert signed.response == found
    assert signed.certificate == identity("NTS").certificate
    assert signed.xml == xml


def test_what_is_written_is_the_standards_form():
    xml = written(document(SUBMIT_ID))
    assert xml.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<TaxInvoiceResponse xmlns="urn:kr:or:kec:standard:Tax:'
        b'ReusableAggregateBusinessInformationEntitySchemaModule:1:0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-'
        b'instance" xsi:schemaLocation="urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntity'
        b'SchemaModule:1:0 http://www.kec.or.kr/standard/Tax/TaxInvoiceResponseSchemaModule_1.0.xsd"><ds:Signature'
    )
    assert xml.endswith(
        b"</ds:Signature><ResultDocument><RefSubmitID>" + SUBMIT_ID.encode() + b"</RefSubmitID>"
        b"<ReceiptID>NTS-20261122100203-00001</ReceiptID><TypeCode>01</TypeCode>"
        b"<ResponseDateTime>20261122100203</ResponseDateTime></ResultDocument></TaxInvoiceResponse>"
    )


def test_elements_stand_in_the_schemas_order():
    xml = written(
        document(
            SUBMIT_ID, process_status="01", fail_reason="X", total=0, success=0, fail=0,
            results=RESULTS[:1], description="d",
        )
    )  # fmt: skip
    names = [
        b"RefSubmitID", b"ReceiptID", b"TypeCode", b"ResponseDateTime", b"ProcessStatusCode",
        b"FailReasonStatusCode", b"TotalCountQuantity", b"SuccessCountQuantity", b"FailCountQuantity",
        b"ValidationDocument", b"IssueID", b"ResultStatusCode", b"DescriptionText",
    ]  # fmt: skip
    places = [xml.index(b"<" + name + b">") for name in names]
    assert places == sorted(places)


def test_several_codes_and_unknown_ones_are_kept_and_only_suc001_alone_is_acceptance():
    accepted, refused, silent = response.read(written()).response.results
    assert accepted.accepted
    assert not refused.accepted
    assert not silent.accepted
    assert refused.codes == ("SYN002", "ERR007", "XYZ123")
    assert [info.known for info in refused.described] == [True, True, False]
    assert not InvoiceResult("x", ("SUC001", "ERR001")).accepted


def test_a_result_is_found_by_issue_id():
    assert FULL.result_of(RESULTS[1].issue_id) == RESULTS[1]
    assert FULL.result_of("nobody") is None


@pytest.mark.parametrize(
    ("changes", "refused", "working", "missing"),
    [
        ({}, False, False, False),
        ({"process_status": "01", "results": RESULTS}, False, False, False),
        ({"process_status": "02"}, False, True, False),
        ({"process_status": "03"}, True, False, False),
        ({"process_status": "03", "results": RESULTS}, False, False, False),
        ({"process_status": "03", "fail_reason": "SYS003"}, True, False, True),
        ({"process_status": "03", "fail_reason": "NEW001"}, True, False, False),
        ({"fail_reason": "SYS001", "results": RESULTS}, True, False, False),
        ({"process_status": "99"}, False, False, False),
    ],
)
def test_refusal_work_in_progress_and_absence_are_told_apart(changes, refused, working, missing):
    found = document(SUBMIT_ID, **changes)
    assert (found.refused, found.still_working, found.never_arrived) == (refused, working, missing)


def test_times_are_korean_whatever_zone_they_are_given_in():
    late = datetime(2026, 12, 31, 15, 0, 1, tzinfo=UTC)
    xml = written(document(SUBMIT_ID, responded_at=late))
    assert b">20270101000001<" in xml
    found = response.read(xml).response.responded_at
    assert found == late
    assert found.utcoffset() == timedelta(hours=9)


def resigned(old: bytes, new: bytes) -> bytes:
    """A response signed by the NTS whose content another producer wrote."""
    plain = written(document(SUBMIT_ID))
    content = plain[plain.index(b"<ResultDocument>") : -len(b"</TaxInvoiceResponse>")]
    assert old in content
    content = content.replace(old, new)
    namespaces = response._NAMESPACES
    signer = identity("NTS")
    signature = response.signature_element(
        namespaces + content, namespaces, response.RESPONSE, signer.certificate, signer.sign
    )
    return b"".join((response._OPEN, signature, content, response._CLOSE))


def test_unknown_elements_and_white_space_of_another_producer_are_passed_over():
    xml = resigned(b"<TypeCode>01", b"\n<New><Deep>1</Deep></New>\n<TypeCode> 01 ")
    assert response.read(b"\r\n" + xml + b"\n").response == document(SUBMIT_ID)


def test_a_receipt_without_number_is_read():
    assert (
        response.read(resigned(b"<ReceiptID>NTS-20261122100203-00001</ReceiptID>", b"")).response.receipt_id
        == ""
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<TypeCode>01</TypeCode>", b""),
        (b"<TypeCode>01</TypeCode>", b"<TypeCode></TypeCode>"),
        (b"<TypeCode>01</TypeCode>", b"<TypeCode>01</TypeCode>" * 2),
        (b"20261122100203<", b"20261322100203<"),
        (b"20261122100203<", b"2026112210020<"),
        (b"20261122100203<", b"2026-11-22T10:02<"),
        (b"<TypeCode>", b"<TotalCountQuantity>-1</TotalCountQuantity><TypeCode>"),
        (b"<TypeCode>", b"<TotalCountQuantity>many</TotalCountQuantity><TypeCode>"),
        (b"<TypeCode>", b"<ValidationDocument></ValidationDocument><TypeCode>"),
        (b"<TypeCode>", b"<ValidationDocument><IssueID>x</IssueID></ValidationDocument>" * 101 + b"<TypeCode>"),
        (b"<ResultDocument>", b"<Other></Other><ResultDocument>"),
    ],
)  # fmt: skip
def test_what_is_well_signed_but_not_of_the_schema_is_refused(old, new):
    with pytest.raises(ResponseRefused):
        response.read(resigned(old, new))


@pytest.mark.parametrize(
    "damage",
    [
        lambda xml: xml.replace(b"SYN002", b"SUC001"),
        lambda xml: xml.replace(b"<TypeCode>", b" <TypeCode>"),
        lambda xml: xml[: xml.index(b"<ds:Signature")] + xml[xml.index(b"<ResultDocument>") :],
        lambda xml: xml.replace(b"</TaxInvoiceResponse>", b"<ResultDocument/></TaxInvoiceResponse>"),
        lambda xml: xml.replace(b"TaxInvoiceResponse", b"TaxInvoice"),
        lambda xml: xml.replace(b"xsi:schemaLocation", b'xmlns:r="relative" xsi:schemaLocation'),
        lambda xml: xml[:-1],
        lambda _: b"",
        lambda _: b"<a/>",
        lambda _: b"<!DOCTYPE a><a/>",
    ],
)
def test_changed_unsigned_and_other_documents_are_refused(damage):
    with pytest.raises(ResponseRefused):
        response.read(damage(written()))


def test_a_signature_of_a_stranger_holds_but_names_the_stranger():
    signed = response.read(response.write(FULL, operator()))
    assert signed.certificate == operator().certificate


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=4))
def test_no_damage_gets_through_unnoticed(at, noise):
    xml = written()
    with suppress(NtsError):
        assert response.read(xml[:at] + noise + xml[at + len(noise) :]).response == FULL
