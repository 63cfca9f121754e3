"""What the page reads and signs is, byte for byte, what the library reads and signs."""

import base64
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from dojang.etax import Invoice, codes, schema, signature
from dojang.etax.canonical import canonical, parse
from dojang.etax.schema import Group, Leaf
from dojang.etax.xml_reader import read
from dojang.etax.xml_writer import DECLARATION, write
from dojang.etax.xmldsig import INVOICE, signed_octets
from dojang.npki.discover import USUAL_PLACES
from etax.etax_samples import CERTIFICATE, KEC, UNSIGNED, numbered, sign_bytes
from etax.etax_strategies import invoices
from service.signing_node import run, run_tests

KEY = (KEC / "signer.key.p8.der").read_bytes()
PURPOSES = {code: item for item, code in codes.PURPOSE_CODES.items()}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def in_the_page(*documents: bytes) -> Any:
    asked = {"key": b64(KEY), "certificate": b64(CERTIFICATE), "documents": [b64(xml) for xml in documents]}
    return run("sign_all.js", asked)


def require_same(documents: list[bytes]) -> None:
    answers = in_the_page(*documents)["documents"]
    assert len(answers) == len(documents)
    for xml, answer in zip(documents, answers, strict=True):
        assert "refused" not in answer, answer
        signed = base64.b64decode(answer["signed"])
        assert signed == signature.sign(xml, CERTIFICATE, sign_bytes)
        assert base64.b64decode(answer["octets"]) == signed_octets(canonical(parse(xml)), INVOICE)
        signature.verify(signed)
        require_same_facts(xml, answer["document"])


def require_same_facts(xml: bytes, shown: dict[str, Any]) -> None:
    invoice = read(xml).invoice
    assert shown["issueId"].strip() == invoice.issue_id
    assert shown["typeCode"] == invoice.document_type.value
    assert shown["writtenOn"] == invoice.written_on.isoformat()
    assert invoice.issued_at is not None
    assert shown["issuedAt"] == invoice.issued_at.isoformat()[:19]
    assert shown["signerNumber"].strip() == invoice.signer.business_number
    assert int(shown["supplyAmount"]) == invoice.supply_amount
    assert int(shown["taxAmount"] or 0) == invoice.tax_amount
    assert int(shown["totalAmount"]) == invoice.total_amount
    for role, number in (("supplier", "business_number"), ("buyer", "number"), ("broker", "business_number")):
        party = getattr(invoice, role)
        assert (shown[role] is None) == (party is None)
        if party is not None:
            assert shown[role]["number"].strip() == getattr(party, number)
            assert shown[role]["name"] == party.name
            assert shown[role]["representative"] == party.representative
            assert shown[role]["address"] == (party.address or "")
    assert (shown["purpose"] or {}).get("ko") == (invoice.purpose and invoice.purpose.ko)
    reason = invoice.amendment_reason
    assert (shown["amendmentReason"] or {}).get("ko") == (reason and reason.ko)
    assert shown["originalIssueId"] == (invoice.original_issue_id or "")
    assert [text for text in shown["remarks"] if text] == [text for text in invoice.remarks if text]
    assert [int(one["amount"]) for one in shown["payments"]] == [one.amount for one in invoice.payments]
    assert len(shown["items"]) == len(invoice.items)
    for line, item in zip(shown["items"], invoice.items, strict=True):
        assert line["name"] == (item.name or "")
        assert line["unit"] == (item.unit or "")
        assert line["suppliedOn"] == (item.supplied_on.isoformat() if item.supplied_on else "")
        for field, value in (("supplyAmount", item.supply_amount), ("taxAmount", item.tax_amount)):
            assert line[field] is None or int(line[field]) == value


def test_every_kind_of_document_is_signed_alike_in_the_page_and_in_the_library() -> None:
    require_same([DECLARATION + canonical(parse(path.read_bytes())) for path in UNSIGNED])


def test_whatever_xml_can_hold_is_signed_alike_in_the_page_and_in_the_library() -> None:
    # One run of node for all of them: starting it takes longer than signing.
    documents: list[bytes] = []

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(invoices())
    def collect(invoice: Invoice) -> None:
        documents.append(write(invoice))

    collect()
    require_same(documents)


def replaced(old: str, new: str) -> bytes:
    text = write(numbered()).decode()
    assert old in text, old
    return text.replace(old, new, 1).encode()


REFUSED = {
    "a byte order mark": b"\xef\xbb\xbf" + write(numbered()),
    "bytes that are no UTF-8": write(numbered()).replace("홍".encode(), b"\xff", 1),
    "another encoding declared": replaced("UTF-8", "EUC-KR"),
    "a DTD": replaced("<TaxInvoice ", '<!DOCTYPE x [<!ENTITY a "b">]><TaxInvoice '),
    "a comment": replaced("<PurposeCode>", "<!-- a --><PurposeCode>"),
    "a comment in a value": replaced("홍길동", "홍<!-- a -->길동"),
    "a processing instruction": replaced("<PurposeCode>", "<?a b?><PurposeCode>"),
    "a CDATA section": replaced("홍길동", "<![CDATA[홍길동]]>"),
    "a signature": replaced("<TaxInvoiceDocument>", "<ds:Signature></ds:Signature><TaxInvoiceDocument>"),
    "a prefix": replaced("<PurposeCode>02</PurposeCode>", "<x:PurposeCode>02</x:PurposeCode>"),
    "an attribute": replaced("<PurposeCode>", '<PurposeCode a="b">'),
    "a namespace": replaced("<PurposeCode>", '<PurposeCode xmlns="urn:x">'),
    "another attribute of the root": replaced("<TaxInvoice ", '<TaxInvoice a="b" '),
    "an element that the standard does not know": replaced(
        "<PurposeCode>", "<Hidden>1</Hidden><PurposeCode>"
    ),
    "an element twice": replaced("<PurposeCode>", "<PurposeCode>01</PurposeCode><PurposeCode>"),
    "an element missing": replaced("<TypeCode>0101</TypeCode>", ""),
    "elements in another order": replaced(
        "<TypeCode>0101</TypeCode><IssueDateTime>20261120</IssueDateTime>",
        "<IssueDateTime>20261120</IssueDateTime><TypeCode>0101</TypeCode>",
    ),
    "text between elements": replaced("<PurposeCode>", "몰래<PurposeCode>"),
    "a self-closing tag": replaced("<NameText>구매(주)</NameText>", "<NameText/>"),
    "an entity that XML knows and C14N never writes": replaced("구매(주)", "&apos;구매(주)"),
    "a character reference": replaced("구매(주)", "&#54861;"),
    "a bare ampersand": replaced("구매(주)", "구매&(주)"),
    "a bare greater-than sign": replaced("구매(주)", "구매>(주)"),
    "a carriage return": replaced("구매(주)", "구매\r(주)"),
    "a control character": replaced("구매(주)", "구매\x01(주)"),
    "an unknown type code": replaced(">0101<", ">0199<"),
    "an unknown purpose": replaced("<PurposeCode>02", "<PurposeCode>09"),
    "a name of Object's in place of a code": replaced("<PurposeCode>02", "<PurposeCode>constructor"),
    "an amount with a comma": replaced("<GrandTotalAmount>11000", "<GrandTotalAmount>11,000"),
    "an amount with an exponent": replaced("<GrandTotalAmount>11000", "<GrandTotalAmount>11e3"),
    "an amount with leading zeros": replaced("<GrandTotalAmount>11000", "<GrandTotalAmount>0011000"),
    "an amount in other digits": replaced("<GrandTotalAmount>11000", "<GrandTotalAmount>１１０００"),
    "an empty amount": replaced("<GrandTotalAmount>11000", "<GrandTotalAmount>"),
    "a day that no calendar has": replaced("<IssueDateTime>20261120<", "<IssueDateTime>20260230<"),
    "an hour that no day has": replaced("20261120090000", "20261120250000"),
    "a broker where nobody consigned": replaced(">0101<", ">0103<"),
    "something behind the end": write(numbered()) + b"\n",
    "no end": write(numbered())[:-3],
    "an end in the middle": write(numbered())[: len(write(numbered())) // 2],
    "nothing": b"",
    "more than a mebibyte": replaced("구매(주)", "가" * (1 << 20)),
    "ExchangedDocument again behind the others": replaced(
        "</TaxInvoice>",
        "<ExchangedDocument><IssueDateTime>20261120090000</IssueDateTime></ExchangedDocument></TaxInvoice>",
    ),
}


def test_a_document_with_anything_in_it_that_the_page_cannot_show_is_not_signed() -> None:
    answers = in_the_page(*REFUSED.values())["documents"]
    assert {
        what: answer.get("refused") for what, answer in zip(REFUSED, answers, strict=True)
    } == dict.fromkeys(REFUSED, "document_refused")


def of_schema(part: Leaf | Group) -> dict[str, Any]:
    """An entry of the library's table as the page's table has it."""
    common: dict[str, Any] = {
        "name": part.name,
        "field": part.field,
        "required": part.need is schema.REQUIRED,
        "most": part.most,
    }
    if isinstance(part, Group):
        return common | {"place": part.place, "children": [of_schema(child) for child in part.children]}
    return common | {"kind": KINDS[part.kind], "attribute": part.attribute and list(part.attribute)}


KINDS = {
    schema.TEXT: "text",
    schema.NUMBER: "number",
    schema.WON: "won",
    schema.COUNT: "count",
    schema.EXACT: "exact",
    schema.DAY: "day",
    schema.INSTANT: "instant",
    schema._TYPE_CODE: "document_type",
    schema._REASON: "amendment_reason",
    schema._PURPOSE: "purpose",
    schema._BUYER_KIND: "buyer_kind",
    schema._MEANS: "payment_means",
}


@pytest.fixture(scope="module")
def tables() -> Any:
    return in_the_page()["tables"]


def test_the_page_knows_the_elements_of_the_standard_as_the_library_does(tables: Any) -> None:
    groups = (schema.EXCHANGED_DOCUMENT, schema.DOCUMENT, schema.SETTLEMENT, schema.LINE_ITEM)
    assert tables["shape"]["children"] == [of_schema(group) for group in groups]


def test_the_page_names_codes_as_the_library_does(tables: Any) -> None:
    def labels(written: dict[Any, str]) -> dict[str, dict[str, str]]:
        return {code: {"ko": item.ko, "en": item.en} for item, code in written.items()}

    assert tables["codes"] == {
        "DOCUMENT_TYPES": labels({item: item.value for item in codes.DocumentType}),
        "AMENDMENT_REASONS": labels({item: item.value for item in codes.AmendmentReason}),
        "PURPOSES": labels(codes.PURPOSE_CODES),
        "BUYER_KINDS": labels(codes.BUYER_KIND_CODES),
        "PAYMENT_MEANS": labels(codes.PAYMENT_MEANS_CODES),
        "CONSIGNED": sorted({item.kind for item in codes.DocumentType if item.is_consigned}),
    }


def test_the_folders_that_the_page_names_are_those_the_library_looks_in(tables: Any) -> None:
    systems = {"windows": "Windows", "mac": "Darwin", "linux": "Linux"}
    assert {system for system, places in tables["places"].items() if places} == set(systems)
    for system, name in systems.items():
        assert set(tables["places"][system]) <= set(USUAL_PLACES[name])


@pytest.mark.parametrize("name", ["client.test.js", "session.test.js", "registering.test.js", "ui.test.js"])
def test_node_finds_nothing_wrong_in(name: str) -> None:
    run_tests(name)
