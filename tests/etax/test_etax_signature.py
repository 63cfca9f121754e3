"""Signatures: the octets of the standard, what is accepted, and one test for each attack.

`forge` makes signatures whose values are right, so that what is refused is refused for its shape.
"""

import base64
import hashlib
import re
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from dojang.etax import (
    CannotWrite,
    InvalidInvoice,
    Invoice,
    SignatureRefused,
    XmlRefused,
    read,
    sign,
    verify,
    write,
)
from dojang.etax import xmldsig as x
from dojang.etax.canonical import MAX_BYTES, canonical, parse, root_tag
from dojang.etax.schema import NAMESPACE
from dojang.etax.xml_writer import write_unsigned
from dojang.npki import der
from etax.etax_samples import CERTIFICATE, KEC, SIGNED, UNSIGNED, forge, key, numbered, replaced, sign_bytes
from etax.etax_strategies import invoices

GOLDEN = (KEC / "signed" / "0101-plain.xml").read_bytes().decode()
PLAIN = (KEC / "unsigned" / "0101-plain.xml").read_bytes().decode()
DS = f'xmlns:ds="{x.DS}"'

CHANGED = "its content was changed after signing"
MISMATCH = "the signature value does not match the certificate"
SHAPE = "the signature is not of the standard's shape"
PARTS = "its parts are not those of the standard"
ALGORITHMS = "not made with the standard's algorithms"
ONE_CERTIFICATE = "there is not exactly one certificate in it"
UNREADABLE = "the certificate in it cannot be read"
NONE = "there is no signature"


def refused(document: str | bytes, why: str, **options: bool) -> None:
    with pytest.raises(SignatureRefused) as caught:
        verify(document.encode() if isinstance(document, str) else document, **options)
    assert why in str(caught.value)
    assert caught.value.text("ko").startswith("전자서명을 인정할 수 없습니다: ")


def signature_in(document: bytes) -> bytes:
    return re.search(b"<ds:Signature .*</ds:Signature>", document, re.DOTALL)[0]


def stem(path) -> str:
    return path.stem


# The octets of the standard, as the JDK wrote them --------------------------------------------------------------


@pytest.mark.parametrize("path", SIGNED, ids=stem)
def test_the_octets_are_those_that_the_jdk_digested(path):
    octets = x.signed_octets(canonical(parse(path.read_bytes())), x.INVOICE)
    assert octets == path.with_suffix(".digest-input.bin").read_bytes()


@pytest.mark.parametrize("path", SIGNED, ids=stem)
def test_what_the_jdk_signed_is_good(path):
    signed = verify(path.read_bytes())
    assert signed.certificate == CERTIFICATE
    assert signed.signer == "CN=Synthetic e-tax signer,O=SYNTHETIC TEST ONLY,C=KR"
    assert signed.valid_from == datetime(2025, 1, 1, tzinfo=UTC)
    assert signed.valid_until == datetime(2045, 1, 1, tzinfo=UTC)
    assert not signed.is_archive
    assert signed.covered == ("TaxInvoiceDocument", "TaxInvoiceTradeSettlement", "TaxInvoiceTradeLineItem")
    assert signed.uncovered == ("ExchangedDocument", "TaxInvoice/@xsi:schemaLocation")
    assert signed.invoice == read(path.read_bytes()).invoice
    assert signed.invoice is signed.invoice


def test_there_are_twelve_of_each():
    assert len(SIGNED) == len(UNSIGNED) == 12


@pytest.mark.parametrize("path", UNSIGNED, ids=stem)
def test_every_document_that_we_sign_is_good_and_covers_the_same_octets(path):
    signed = sign(path.read_bytes(), CERTIFICATE, sign_bytes)
    assert verify(signed).invoice == read(path.read_bytes()).invoice
    assert (
        x.signed_octets(canonical(parse(signed)), x.INVOICE)
        == (KEC / "signed" / f"{path.stem}.digest-input.bin").read_bytes()
    )


def test_a_signed_document_is_canonical_and_holds_the_unsigned_one_unchanged():
    signed = sign(PLAIN.encode(), CERTIFICATE, sign_bytes)
    assert b'<?xml version="1.0" encoding="UTF-8"?>\n' + canonical(parse(signed)) == signed
    without = re.sub(rb"<ds:Signature.*</ds:Signature>", b"", signed)
    assert canonical(parse(without)) == canonical(parse(PLAIN.encode()))


@given(invoices())
def test_every_invoice_that_we_sign_is_good(invoice):
    signed = sign(invoice, CERTIFICATE, sign_bytes)
    assert b'<?xml version="1.0" encoding="UTF-8"?>\n' + canonical(parse(signed)) == signed
    assert verify(signed).invoice == invoice
    assert read(signed).is_signed
    # By the short way of the writer, and by the long way of somebody else's XML.
    again = sign(write(invoice), CERTIFICATE, sign_bytes)
    assert verify(again).invoice == invoice
    assert signature_in(again) == signature_in(signed)


@given(invoices())
def test_what_the_writer_digests_is_what_the_document_digests(invoice):
    octets = x.signed_octets(canonical(parse(write(invoice))), x.INVOICE)
    assert write_unsigned(invoice).octets == octets


def accepted(document: bytes) -> Invoice | None:
    """The invoice when its signature is good."""
    try:
        return verify(document).invoice
    except (SignatureRefused, XmlRefused):
        return None


@given(invoices(), st.data())
def test_a_changed_byte_in_the_covered_part_is_noticed_or_changes_nothing(invoice, data):
    signed = sign(invoice, CERTIFICATE, sign_bytes)
    covered = signed.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    place = data.draw(st.integers(covered, len(signed) - len(b"</TaxInvoice>") - 1))
    byte = data.draw(st.integers(1, 255))
    changed = signed[:place] + bytes([signed[place] ^ byte]) + signed[place + 1 :]
    # A parser makes LF of CR, and a tab in a tag is as good as a blank: then nothing was changed.
    assert accepted(changed) in (None, invoice)


def test_the_signer_gets_exactly_the_canonical_signed_info():
    given_to_sign: list[bytes] = []

    def keep(data: bytes) -> bytes:
        given_to_sign.append(data)
        return sign_bytes(data)

    signed = sign(numbered(), CERTIFICATE, keep).decode()
    inside = re.search("<ds:SignedInfo>(.*)</ds:SignedInfo>", signed)[1]
    digest = base64.b64encode(hashlib.sha256(write_unsigned(numbered()).octets).digest()).decode()
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    assert given_to_sign == [
        f'<ds:SignedInfo xmlns="{NAMESPACE}" xmlns:ds="{x.DS}" xmlns:xsi="{xsi}">{inside}</ds:SignedInfo>'.encode()
    ]
    assert f"<ds:DigestValue>{digest}</ds:DigestValue>" in inside
    assert (
        sign(numbered(), CERTIFICATE, lambda _: b"anything").count(b"<ds:SignatureValue>YW55dGhpbmc=<") == 1
    )


def test_a_signer_that_fails_is_heard():
    def locked(_: bytes) -> bytes:
        raise PermissionError("the vault is locked")

    with pytest.raises(PermissionError):
        sign(numbered(), CERTIFICATE, locked)


# What signing refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SIGNED, ids=stem)
def test_what_is_signed_is_not_signed_again(path):
    with pytest.raises(SignatureRefused, match="signed already"):
        sign(path.read_bytes(), CERTIFICATE, sign_bytes)


@pytest.mark.parametrize(
    "signature",
    [f"<ds:Signature {DS}/>", f'<d:Signature xmlns:d="{x.DS}"/>', f'<Signature xmlns="{x.DS}"/>'],
)
@pytest.mark.parametrize(
    "before", ["<ExchangedDocument>", "<TaxInvoiceDocument>", "<PurposeCode>", "</TaxInvoice>"]
)
def test_a_signature_under_any_prefix_and_at_any_place_counts(signature, before):
    with pytest.raises(SignatureRefused, match="signed already"):
        sign(replaced(PLAIN, before, signature + before).encode(), CERTIFICATE, sign_bytes)


@pytest.mark.parametrize("part", ['<x:y xmlns:x="u:x"/>', "<NewPart/>", '<TaxInvoiceDocument xmlns="u:x"/>'])
@pytest.mark.parametrize("before", ["<ExchangedDocument>", "<TaxInvoiceDocument>", "</TaxInvoice>"])
def test_unknown_parts_are_not_signed_since_they_could_not_be_verified(part, before):
    with pytest.raises(SignatureRefused, match="its parts"):
        sign(replaced(PLAIN, before, part + before).encode(), CERTIFICATE, sign_bytes)


@pytest.mark.parametrize(
    ("name", "error", "why"),
    [
        ("TaxInvoice", XmlRefused, "more than one TaxInvoice"),
        ("ExchangedDocument", XmlRefused, "more than one ExchangedDocument"),
        ("ds:Signature", SignatureRefused, "signed already"),
    ],
)
def test_an_inner_element_that_the_xpath_would_drop_is_not_signed(name, error, why):
    inner = f'<{name} xmlns="u:x" xmlns:ds="u:x"/>'
    with pytest.raises(error, match=why):
        sign(replaced(PLAIN, "<PurposeCode>", inner + "<PurposeCode>").encode(), CERTIFICATE, sign_bytes)


def test_the_prefix_ds_must_not_mean_something_else():
    with pytest.raises(SignatureRefused, match="prefix ds"):
        sign(PLAIN.replace("<TaxInvoice ", '<TaxInvoice xmlns:ds="u:x" ').encode(), CERTIFICATE, sign_bytes)


def test_a_root_that_declares_ds_is_signed_with_it():
    signed = sign(PLAIN.replace("<TaxInvoice ", f"<TaxInvoice {DS} ").encode(), CERTIFICATE, sign_bytes)
    assert verify(signed).invoice == read(PLAIN.encode()).invoice


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (b"junk", XmlRefused),
        (b"<TaxInvoice/>", XmlRefused),
        (replaced(PLAIN, "<TypeCode>0101", "<TypeCode>9").encode(), InvalidInvoice),
        (replaced(PLAIN, "<TaxInvoice ", "<TaxInvoice xmlns:z='relative' ").encode(), XmlRefused),
        (b" " * (MAX_BYTES + 1), XmlRefused),
        (numbered(issue_id=None), CannotWrite),
        (numbered(issued_at=None), CannotWrite),
        (numbered(remarks=["\x01"]), CannotWrite),
    ],
)
def test_what_is_no_invoice_is_not_signed(document, error):
    def never(_: bytes) -> bytes:
        pytest.fail("was asked to sign")

    with pytest.raises(error):
        sign(document, CERTIFICATE, never)


# Attacks on the content ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ChargeTotalAmount>10000<", "<ChargeTotalAmount>1000<"),
        ("<InvoiceAmount>10000<", "<InvoiceAmount>90000<"),
        ("<ID>1111111119<", "<ID>2222222227<"),
        ('unitCode="EA"', 'unitCode="KG"'),
        ("<PurposeCode>02<", "<PurposeCode>01<"),
        ("비고 1", "비고 2"),
        ("<ChargeTotalAmount>", "<ChargeTotalAmount> "),
    ],
)
def test_a_changed_value_is_noticed(old, new):
    refused(replaced(GOLDEN, old, new), CHANGED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</ExchangedDocument>\n", "</ExchangedDocument>"),
        ("</ExchangedDocument>", "</ExchangedDocument> "),
        ("</TaxInvoiceDocument>\n", "</TaxInvoiceDocument>\n\n"),
        ("</TaxInvoiceDocument>", "</TaxInvoiceDocument>text"),
        ("\n</TaxInvoice>", "</TaxInvoice>"),
    ],
)
def test_changed_text_between_the_parts_is_noticed(old, new):
    refused(replaced(GOLDEN, old, new), CHANGED)


def test_an_element_added_to_a_covered_part_is_noticed():
    refused(replaced(GOLDEN, "<PurposeCode>", "<Later/><PurposeCode>"), CHANGED)
    refused(replaced(GOLDEN, "<PurposeCode>", '<PurposeCode a="1">'), CHANGED)


def test_line_items_swapped_removed_or_repeated_are_noticed():
    two = numbered(items=[{"name": "a"}, {"name": "b"}])
    signed = sign(two, CERTIFICATE, sign_bytes).decode()
    items = re.findall("<TaxInvoiceTradeLineItem>.*\n", signed)
    assert len(items) == 2
    refused(signed.replace("".join(items), items[1] + items[0]), CHANGED)
    refused(signed.replace(items[1], ""), CHANGED)
    refused(signed.replace(items[1], items[1] * 2), CHANGED)


def test_exchanged_document_edited_is_still_good_and_said_to_be_uncovered():
    edited = replaced(GOLDEN, "20250630101112", "20250630235959")
    edited = replaced(edited, "SYN-0101", "OTHER")
    signed = verify(edited.encode())
    assert "ExchangedDocument" in signed.uncovered
    assert signed.invoice.exchange_id == "OTHER"
    assert signed.invoice.issued_at.hour == 23


def test_schema_location_edited_is_still_good_and_said_to_be_uncovered():
    edited = re.sub('xsi:schemaLocation="[^"]*"', 'xsi:schemaLocation="u:x y" other="1"', GOLDEN)
    assert edited != GOLDEN
    assert "TaxInvoice/@xsi:schemaLocation" in verify(edited.encode()).uncovered


@pytest.mark.parametrize(
    "declaration", ['xmlns:z="u:z"', 'xmlns:a="u:a"', DS, 'xmlns:xs="http://www.w3.org/2001/XMLSchema"']
)
def test_an_extra_namespace_on_the_root_is_noticed(declaration):
    refused(replaced(GOLDEN, "<TaxInvoice ", f"<TaxInvoice {declaration} "), CHANGED)


def test_another_default_namespace_is_refused():
    refused(GOLDEN.replace(NAMESPACE, "u:other"), PARTS)
    refused(replaced(GOLDEN, f'xmlns="{NAMESPACE}" ', ""), PARTS)


def test_another_meaning_of_xsi_is_noticed():
    refused(replaced(GOLDEN, "http://www.w3.org/2001/XMLSchema-instance", "u:other"), CHANGED)


def test_a_namespace_declared_again_on_a_covered_part_changes_nothing():
    again = replaced(GOLDEN, "<TaxInvoiceDocument>", f'<TaxInvoiceDocument xmlns="{NAMESPACE}">')
    assert verify(again.encode()).invoice == verify(GOLDEN.encode()).invoice


@pytest.mark.parametrize(
    "declaration", ['xmlns="u:other"', 'xmlns:xsi="u:other"', 'xmlns:z="u:z"', 'xmlns=""']
)
def test_another_namespace_declared_on_a_covered_part_is_noticed(declaration):
    with pytest.raises(SignatureRefused):
        verify(replaced(GOLDEN, "<TaxInvoiceDocument>", f"<TaxInvoiceDocument {declaration}>").encode())
    refused(replaced(GOLDEN, "<PurposeCode>", f"<PurposeCode {declaration}>"), CHANGED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ChargeTotalAmount>10000<", "<ChargeTotalAmount>10<!-- x -->000<"),
        ("<ChargeTotalAmount>10000<", "<ChargeTotalAmount><![CDATA[10000]]><"),
        ("<ChargeTotalAmount>10000<", "<ChargeTotalAmount>1<![CDATA[00]]>&#48;<!---->0<"),
        ("<TaxInvoiceDocument>", "<!-- x --><TaxInvoiceDocument>"),
        ("<DescriptionText/>", "<DescriptionText></DescriptionText>"),
    ],
)
def test_comments_and_cdata_hide_nothing_the_whole_value_is_read_and_covered(old, new):
    signed = verify(replaced(GOLDEN, old, new).encode())
    assert signed.invoice == verify(GOLDEN.encode()).invoice
    assert signed.invoice.supply_amount == 10000


@pytest.mark.parametrize("new", ["10<!-- -->0<", "1<!--0-->000<", "<![CDATA[1000]]><", "<!--10000-->1<"])
def test_a_comment_or_cdata_does_not_hide_a_changed_amount(new):
    refused(replaced(GOLDEN, "<ChargeTotalAmount>10000<", f"<ChargeTotalAmount>{new}"), CHANGED)


def test_line_ends_and_a_bom_change_nothing():
    for variant in (GOLDEN.replace("\n", "\r\n"), "\ufeff" + GOLDEN, GOLDEN + "\n<!-- end -->\n"):
        assert verify(variant.encode()).invoice == verify(GOLDEN.encode()).invoice


@pytest.mark.parametrize("declaration", ['encoding="EUC-KR"', 'encoding="UTF-16"'])
def test_another_declared_encoding_is_refused_since_others_would_read_another_text(declaration):
    with pytest.raises(XmlRefused):
        verify(replaced(GOLDEN, 'encoding="UTF-8"', declaration).encode())


# Wrapping and moving --------------------------------------------------------------------------------------------

SIGNATURE = re.search("<ds:Signature .*</ds:Signature>", GOLDEN, re.DOTALL)[0]
DOCUMENT = re.search("<TaxInvoiceDocument>.*</TaxInvoiceDocument>", GOLDEN, re.DOTALL)[0]
EXCHANGED = re.search("<ExchangedDocument>.*</ExchangedDocument>", GOLDEN, re.DOTALL)[0]
FAKE = DOCUMENT.replace("0101", "0102", 1)


@pytest.mark.parametrize(
    "place", ["<ExchangedDocument>", "<TaxInvoiceDocument>", "<PurposeCode>", "</TaxInvoice>"]
)
@pytest.mark.parametrize("second", [SIGNATURE, f"<ds:Signature {DS}/>", f'<d:Signature xmlns:d="{x.DS}"/>'])
def test_a_second_signature_is_refused(place, second):
    refused(replaced(GOLDEN, place, second + place), "")


@pytest.mark.parametrize("place", ["<PurposeCode>", "<ID>", "</TaxInvoice>", "<ExchangedDocument>"])
def test_a_moved_signature_is_refused(place):
    without = replaced(GOLDEN, SIGNATURE, "")
    refused(replaced(without, place, SIGNATURE + place), "")


def test_a_signature_inside_an_object_or_a_signature_is_refused():
    inside = f"<ds:Signature {DS}><ds:Object>{SIGNATURE}</ds:Object></ds:Signature>"
    refused(replaced(GOLDEN, SIGNATURE, inside), "more than one ds:Signature")
    refused(
        replaced(GOLDEN, "</ds:Signature>", f"<ds:Object>{SIGNATURE}</ds:Object></ds:Signature>"),
        "more than one",
    )


@pytest.mark.parametrize("element", ["ds:Object", "ds:Manifest", "evil"])
def test_anything_else_inside_the_signature_is_refused(element):
    inside = f"<{element}>{FAKE}</{element}>"
    refused(replaced(GOLDEN, "</ds:Signature>", f"{inside}</ds:Signature>"), SHAPE)
    refused(replaced(GOLDEN, "<ds:KeyInfo>", f"{inside}<ds:KeyInfo>"), SHAPE)
    refused(replaced(GOLDEN, "<ds:X509Data>", f"{inside}<ds:X509Data>"), ONE_CERTIFICATE)


@pytest.mark.parametrize("wrapper", ["Wrapper", "TaxInvoice", "ExchangedDocument", "TaxInvoiceDocument"])
def test_a_wrapped_document_is_refused(wrapper):
    refused(replaced(GOLDEN, DOCUMENT, f"{FAKE}<{wrapper}>{DOCUMENT}</{wrapper}>"), PARTS)
    refused(replaced(GOLDEN, DOCUMENT, f"<{wrapper}>{DOCUMENT}</{wrapper}>"), "")


@pytest.mark.parametrize("both", [FAKE + DOCUMENT, DOCUMENT + FAKE, DOCUMENT + DOCUMENT])
def test_a_second_document_is_refused(both):
    refused(replaced(GOLDEN, DOCUMENT, both), PARTS)


def test_a_document_hidden_in_the_uncovered_part_is_refused_or_not_read():
    refused(
        replaced(GOLDEN, DOCUMENT, "").replace("</ExchangedDocument>", f"{DOCUMENT}</ExchangedDocument>", 1),
        PARTS,
    )
    hidden = verify(replaced(GOLDEN, "</ExchangedDocument>", f"{FAKE}</ExchangedDocument>").encode())
    assert hidden.invoice.document_type.value == "0101"


@pytest.mark.parametrize("place", ["<PurposeCode>", "<InvoicerParty>", "<SequenceNumeric>"])
def test_exchanged_document_elsewhere_is_refused_since_it_would_be_uncovered(place):
    refused(replaced(GOLDEN, place, EXCHANGED + place), "more than one ExchangedDocument")


def test_a_second_exchanged_document_is_refused():
    refused(replaced(GOLDEN, EXCHANGED, EXCHANGED * 2), PARTS)


@pytest.mark.parametrize("namespace", [NAMESPACE, "u:other"])
@pytest.mark.parametrize("name", ["TaxInvoice", "ExchangedDocument"])
def test_an_inner_element_that_the_xpath_would_drop_is_refused_in_any_namespace(name, namespace):
    # The JDK takes the tags of an inner TaxInvoice away and leaves its content.
    signed = sign(PLAIN.encode(), CERTIFICATE, sign_bytes).decode()
    inner = f'<{name} xmlns="{namespace}">x</{name}>'
    refused(replaced(signed, "<PurposeCode>", inner + "<PurposeCode>"), f"more than one {name}")


def test_an_inner_element_of_such_a_name_with_a_prefix_is_covered_as_any_other():
    inner = '<p:TaxInvoice xmlns:p="u:x"><p:ExchangedDocument>x</p:ExchangedDocument></p:TaxInvoice>'
    document = forge(replaced(PLAIN, "<PurposeCode>", inner + "<PurposeCode>"))
    assert verify(document).invoice == read(document).invoice
    refused(document.replace(b">x</p:E", b">y</p:E"), CHANGED)


@pytest.mark.parametrize(
    "part", ["<NewPart/>", '<x:y xmlns:x="u:x"/>', '<TaxInvoiceTradeLineItem xmlns="u:x"/>']
)
@pytest.mark.parametrize(
    "place", ["<ExchangedDocument>", "<ds:Signature", "<TaxInvoiceDocument>", "</TaxInvoice>"]
)
def test_an_unknown_part_of_the_root_is_refused_even_when_it_is_signed(part, place):
    refused(replaced(GOLDEN, place, part + place), PARTS)
    if place != "<ds:Signature":
        refused(forge(replaced(PLAIN, place, part + place)), PARTS)


def test_parts_in_another_order_are_refused_even_when_they_are_signed():
    settlement = re.search("<TaxInvoiceTradeSettlement>.*</TaxInvoiceTradeSettlement>", PLAIN, re.DOTALL)[0]
    document = re.search("<TaxInvoiceDocument>.*</TaxInvoiceDocument>", PLAIN, re.DOTALL)[0]
    swapped = PLAIN.replace(document, "#").replace(settlement, document).replace("#", settlement)
    refused(forge(swapped), PARTS)
    refused(forge(replaced(PLAIN, settlement, "")), PARTS)


@pytest.mark.parametrize("name", ["ExchangedDocument", "TaxInvoiceDocument", "TaxInvoiceTradeLineItem"])
def test_prefixed_parts_are_refused(name):
    document = GOLDEN.replace(f"<{name}>", f'<p:{name} xmlns:p="{NAMESPACE}">').replace(
        f"</{name}>", f"</p:{name}>"
    )
    assert document != GOLDEN
    refused(document, PARTS)


def test_a_prefixed_root_is_refused():
    document = GOLDEN.replace("<TaxInvoice ", f'<p:TaxInvoice xmlns:p="{NAMESPACE}" ')
    refused(document.replace("</TaxInvoice>", "</p:TaxInvoice>"), PARTS)


@pytest.mark.parametrize("name", ["TaxInvoiceResponse", "TaxInvoiceX", "Other"])
def test_another_root_is_refused(name):
    document = GOLDEN.replace("<TaxInvoice ", f"<{name} ").replace("</TaxInvoice>", f"</{name}>")
    refused(document, PARTS)


def test_a_signed_document_with_a_wrong_value_is_good_but_no_invoice():
    signed = verify(forge(replaced(PLAIN, "<TypeCode>0101", "<TypeCode>9999")))
    with pytest.raises(InvalidInvoice):
        _ = signed.invoice
    signed = verify(forge(replaced(PLAIN, "<TaxInvoiceDocument>", "text<TaxInvoiceDocument>")))
    with pytest.raises(InvalidInvoice, match="text between"):
        _ = signed.invoice


# The allow-list -------------------------------------------------------------------------------------------------


def test_a_forged_signature_is_good_when_nothing_is_wrong_with_it():
    assert verify(forge(PLAIN)).invoice == read(PLAIN.encode()).invoice


def test_blanks_between_the_elements_of_a_signature_are_free():
    def spread(text: str) -> str:
        return re.sub(r"(?<!Method)(?<!Transform)><(?!/ds:Transform>|/ds:\w+Method>)", ">\n  <", text)

    document = forge(PLAIN, info=spread, signature=spread)
    assert document.count(b">\n  <") > 10
    assert verify(document).invoice == read(PLAIN.encode()).invoice


@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("line_end", ["\n", "&#13;\n", "\n\t"])
def test_base64_may_be_broken_into_lines(width, line_end):
    def broken(text: str) -> str:
        return re.sub("[A-Za-z0-9+/=]{80,}", lambda found: line_end.join(
            found[0][start : start + width] for start in range(0, len(found[0]), width)), text)  # fmt: skip

    document = forge(PLAIN, signature=broken)
    assert len(document) > len(forge(PLAIN))
    assert verify(document)


XPATH = x.INVOICE.xpath


@pytest.mark.parametrize(
    "xpath",
    [
        "".join(XPATH.split(" ")).replace("'", "'"),
        XPATH.replace(" | ", "\n\t|  "),
        f"\n {XPATH} \n",
        XPATH.replace("::", " :: "),
        XPATH.replace("not(", "not ( "),
        XPATH.replace("name() = ", "name ( )="),
    ],
)
def test_blanks_between_the_tokens_of_the_xpath_are_free(xpath):
    assert verify(forge(PLAIN, info=lambda info: replaced(info, XPATH, xpath)))


@pytest.mark.parametrize(
    "xpath",
    [
        XPATH.replace("'TaxInvoice'", "'Tax Invoice'"),
        XPATH.replace("'TaxInvoice'", "' TaxInvoice'"),
        XPATH.replace("'ExchangedDocument'", "'ExchangedDocument '"),
        XPATH.replace("ds:Signature", "ds : Signature"),
        XPATH.replace("ancestor-or-self::ds", "ancestor -or-self::ds"),
        XPATH.replace("ancestor-or-self::ds", "ancestor-or-self: :ds"),
        XPATH.replace("not(", "n ot("),
        XPATH.replace("'TaxInvoice'", "'TaxInvoiceDocument'"),
        XPATH.replace(" | ancestor-or-self::ds:Signature", ""),
        f"{XPATH} or true()",
        XPATH.replace("not(", "not(ancestor-or-self::*[name() = 'TaxInvoiceTradeSettlement'] | "),
        x.RESPONSE.xpath,
        "not(ancestor-or-self::ds:Signature)",
        "true()",
        "",
    ],
)
def test_another_xpath_is_refused(xpath):
    refused(
        forge(PLAIN, info=lambda info: replaced(info, XPATH, xpath)), "it covers another part of the document"
    )


TRANSFORM = f'<ds:Transform Algorithm="{x.C14N}"></ds:Transform>'
SECOND = '<ds:Transform Algorithm="{}"></ds:Transform>'
REFERENCE = re.compile("<ds:Reference .*</ds:Reference>")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TRANSFORM, ""),
        (TRANSFORM, TRANSFORM * 2),
        (TRANSFORM, TRANSFORM + SECOND.format("http://www.w3.org/2000/09/xmldsig#enveloped-signature")),
        (TRANSFORM, SECOND.format("http://www.w3.org/2001/10/xml-exc-c14n#")),
        (TRANSFORM, SECOND.format(f"{x.C14N}#WithComments")),
        (TRANSFORM, SECOND.format("http://www.w3.org/TR/1999/REC-xslt-19991116")),
        (x.XPATH, "http://www.w3.org/2002/06/xmldsig-filter2"),
        ("</ds:Transforms>", f"{TRANSFORM}</ds:Transforms>"),
        ('CanonicalizationMethod Algorithm="', 'CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#" x="'),
        (f'CanonicalizationMethod Algorithm="{x.C14N}"', 'CanonicalizationMethod Algorithm="http://www.w3.org/2006/12/xml-c14n11"'),
        ('URI=""', 'URI="#x"'),
        ('URI=""', 'URI="http://dojang.invalid/"'),
        (' URI=""', ""),
        ('URI=""', 'Id="r" URI=""'),
        ('URI=""', 'URI="" Type="http://www.w3.org/2000/09/xmldsig#Manifest"'),
        ("<ds:XPath>", '<ds:XPath xmlns:a="u:a">'),
        ("<ds:XPath>", "<ds:XPath><x/>"),
        ("<ds:DigestValue>", '<ds:DigestValue Id="x">'),
        ("</ds:Reference>", "text</ds:Reference>"),
    ],
)  # fmt: skip
def test_another_transform_or_reference_is_refused(old, new):
    refused(forge(PLAIN, info=lambda info: replaced(info, old, new)), SHAPE)


@pytest.mark.parametrize("change", ["{}{}", "{}<ds:Reference URI='#x'></ds:Reference>"])
def test_an_extra_reference_is_refused(change):
    def twice(info: str) -> str:
        one = REFERENCE.search(info)[0]
        return info.replace(one, change.format(one, one))

    refused(forge(PLAIN, info=twice), SHAPE)


def test_no_reference_is_refused():
    refused(forge(PLAIN, info=lambda info: REFERENCE.sub("", info)), SHAPE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (x.RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        (x.RSA_SHA256, "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        (x.RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
        (x.RSA_SHA256, "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
        (x.RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"),
        (x.RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        (x.RSA_SHA256, x.RSA_SHA1),
        (x.RSA_SHA256, ""),
        (x.SHA256, x.SHA1),
        (x.SHA256, "http://www.w3.org/2001/04/xmlenc#sha512"),
        (x.SHA256, "http://www.w3.org/2001/04/xmldsig-more#md5"),
    ],
)
@pytest.mark.parametrize("archive", [False, True])
def test_another_algorithm_is_refused(old, new, archive):
    refused(
        forge(PLAIN, info=lambda info: replaced(info, f'"{old}"', f'"{new}"')), ALGORITHMS, archive=archive
    )


def test_an_hmac_length_is_refused():
    def truncated(info: str) -> str:
        return replaced(
            info, "</ds:SignatureMethod>", "<ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>"
        )

    refused(forge(PLAIN, info=truncated), SHAPE)


def test_sha1_is_refused_but_in_archives_and_is_said_there():
    document = forge(PLAIN, sha1=True)
    refused(document, ALGORITHMS)
    signed = verify(document, archive=True)
    assert signed.is_archive
    assert signed.invoice == read(PLAIN.encode()).invoice
    refused(document.replace(b">10000<", b">10001<"), CHANGED, archive=True)
    assert not verify(GOLDEN.encode(), archive=True).is_archive


@pytest.mark.parametrize("attribute", ['Id="x"', "xmlns:a='u:a'", "xmlns='u:a'"])
def test_signed_info_with_attributes_or_declarations_of_its_own_is_refused(attribute):
    document = replaced(GOLDEN, "<ds:SignedInfo>", f"<ds:SignedInfo {attribute}>")
    refused(document, SHAPE)


@pytest.mark.parametrize("element", ["SignatureValue", "KeyInfo", "SignedInfo"])
def test_id_attributes_inside_are_refused(element):
    refused(replaced(GOLDEN, f"<ds:{element}>", f'<ds:{element} Id="x">'), SHAPE)


@pytest.mark.parametrize("attribute", ['Id="x"', "Id='a>b'"])
def test_an_id_of_the_signature_itself_is_harmless_or_refused(attribute):
    document = replaced(GOLDEN, "<ds:Signature ", f"<ds:Signature {attribute} ").encode()
    if ">" in attribute:
        refused(document, SHAPE)
    else:
        assert verify(document).invoice == verify(GOLDEN.encode()).invoice


@pytest.mark.parametrize("declaration", ["xmlns:a='u:a'", "xmlns='u:a'", "xmlns=''"])
def test_further_declarations_on_the_signature_are_refused(declaration):
    refused(replaced(GOLDEN, "<ds:Signature ", f"<ds:Signature {declaration} "), SHAPE)


def test_a_signature_under_another_prefix_is_refused():
    other = SIGNATURE.replace("ds:", "dsig:").replace("xmlns:ds=", "xmlns:dsig=")
    refused(replaced(GOLDEN, SIGNATURE, other), "")


def test_a_decoy_of_another_namespace_beside_the_real_signature_is_refused():
    other = SIGNATURE.replace("<ds:", "<d:").replace("</ds:", "</d:").replace("xmlns:ds=", "xmlns:d=")
    decoy = SIGNATURE.replace(x.DS, "u:other")
    refused(replaced(GOLDEN, SIGNATURE, other + decoy), PARTS)
    refused(replaced(GOLDEN, SIGNATURE, decoy), NONE)


@pytest.mark.parametrize("path", UNSIGNED, ids=stem)
def test_no_signature_is_said_to_be_none(path):
    refused(path.read_bytes(), NONE)


@pytest.mark.parametrize("document", [b"", b"junk", b"<!DOCTYPE a><a/>"])
def test_what_is_no_xml_is_refused_as_such(document):
    with pytest.raises(XmlRefused):
        verify(document)
    with pytest.raises(XmlRefused):
        verify(GOLDEN.encode(), max_bytes=100)


def test_a_truncated_file_is_refused():
    octets = GOLDEN.rstrip().encode()
    for length in range(0, len(octets), 499):
        with pytest.raises(XmlRefused):
            verify(octets[:length])


# Keys and certificates ------------------------------------------------------------------------------------------


def certificate(
    own: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    *,
    issuer: rsa.RSAPrivateKey | None = None,
    name: str = "TEST",
) -> bytes:
    names = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(names).issuer_name(names).public_key(own.public_key())
    builder = builder.serial_number(5).not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
    signed = builder.not_valid_after(datetime(2045, 1, 1, tzinfo=UTC)).sign(issuer or own, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


OTHER_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def test_a_certificate_of_another_key_is_refused():
    refused(forge(PLAIN, certificate=certificate(OTHER_KEY)), MISMATCH)


def test_a_signature_by_another_key_is_refused():
    document = sign(
        numbered(), CERTIFICATE, lambda data: OTHER_KEY.sign(data, padding.PKCS1v15(), hashes.SHA256())
    )
    refused(document, MISMATCH)


def test_another_padding_is_refused():
    def pss(data: bytes) -> bytes:
        return key().sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())

    refused(sign(numbered(), CERTIFICATE, pss), MISMATCH)


@pytest.mark.parametrize("value", [b"", b"\x00", b"\x00" * 256, b"\xff" * 256, b"x" * 257, b"x" * 100_000])
def test_a_signature_value_of_any_length_is_refused(value):
    refused(sign(numbered(), CERTIFICATE, lambda _: value), MISMATCH)


def test_a_signature_value_swapped_in_from_another_document_is_refused():
    other = sign(numbered(remarks=["other"]), CERTIFICATE, sign_bytes).decode()
    value = re.search("<ds:SignatureValue>.*</ds:SignatureValue>", other)[0]
    mine = sign(numbered(), CERTIFICATE, sign_bytes).decode()
    refused(re.sub("<ds:SignatureValue>.*</ds:SignatureValue>", value, mine), MISMATCH)
    whole = re.search("<ds:Signature .*</ds:Signature>", other)[0]
    refused(re.sub("<ds:Signature .*</ds:Signature>", whole, mine), CHANGED)


def test_a_certificate_of_the_same_key_in_another_name_is_told_by_its_name():
    # KeyInfo is not signed: that the name is the supplier's is asked of the certificate's chain, not here.
    assert (
        verify(forge(PLAIN, certificate=certificate(key(), name="SOMEONE ELSE"))).signer == "CN=SOMEONE ELSE"
    )


def broken_certificates() -> dict[str, bytes]:
    good = certificate(key(), name="ABCDEFGH")
    elliptic = certificate(EC_KEY)
    version = bytes.fromhex("a003020102")
    assert good.count(version) == 1
    return {
        "nothing": b"",
        "garbage": b"garbage",
        "cut": good[:-1],
        "followed by more": good + b"x",
        "unknown version": good.replace(version, bytes.fromhex("a003020109")),
        "unknown key algorithm": good.replace(bytes.fromhex("06092a864886f70d010101"), bytes.fromhex("06092a864886f70d01017f")),
        "unknown curve": elliptic.replace(bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03017f")),
        "broken subject": good.replace(b"ABCDEFGH", b"AB\xff\xfeEFGH"),
        "subject that is a boolean": good.replace(b"\x0c\x08ABCDEFGH", b"\x01\x08ABCDEFGH"),
        "impossible time": good.replace(b"250101000000Z", b"259901000000Z"),
        "even exponent": with_rsa_key((1 << 2048) | 1, 2),
        "no modulus": with_rsa_key(0, 3),
    }  # fmt: skip


def with_rsa_key(modulus: int, exponent: int) -> bytes:
    to_be_signed, *rest = der.parse(certificate(key())).parts
    fields = [field.encoded for field in to_be_signed.parts]
    algorithm = to_be_signed.parts[_PUBLIC_KEY].parts[0].encoded
    numbers = der.sequence(der.integer(modulus), der.integer(exponent))
    fields[_PUBLIC_KEY] = der.sequence(algorithm, der.bit_string(numbers))
    return der.sequence(der.sequence(*fields), *(part.encoded for part in rest))


_PUBLIC_KEY = 6  # version, serial, algorithm, issuer, validity and subject come before it


@pytest.mark.parametrize("what", broken_certificates())
def test_a_certificate_that_cannot_be_read_is_refused(what):
    broken = broken_certificates()[what]
    assert broken != certificate(key(), name="ABCDEFGH")
    refused(forge(PLAIN, certificate=broken), UNREADABLE)


def test_a_certificate_without_an_rsa_key_is_refused():
    refused(forge(PLAIN, certificate=certificate(EC_KEY)), "its certificate has no RSA key")


@pytest.mark.parametrize("bits", [20_000, 200_000])
def test_an_absurdly_large_key_is_refused_quickly(bits):
    refused(forge(PLAIN, certificate=with_rsa_key((1 << bits) | 1, (1 << 60) | 1)), MISMATCH)


B64 = base64.b64encode(CERTIFICATE).decode()
CERTIFICATE_ELEMENT = f"<ds:X509Certificate>{B64}</ds:X509Certificate>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CERTIFICATE_ELEMENT, CERTIFICATE_ELEMENT * 2),
        (CERTIFICATE_ELEMENT, ""),
        (CERTIFICATE_ELEMENT, f"<evil>{CERTIFICATE_ELEMENT}</evil>"),
        (CERTIFICATE_ELEMENT, f'{CERTIFICATE_ELEMENT}<d:X509Certificate xmlns:d="{x.DS}">AAAA</d:X509Certificate>'),
        (CERTIFICATE_ELEMENT, CERTIFICATE_ELEMENT.replace("<ds:X509Certificate>", '<ds:X509Certificate xmlns:ds="u:x">')),
        (CERTIFICATE_ELEMENT, CERTIFICATE_ELEMENT.replace("<ds:X509Certificate>", '<ds:X509Certificate Id="x>y">')),
        (CERTIFICATE_ELEMENT, CERTIFICATE_ELEMENT.replace("X509Certificate", "X509CRL")),
        ("ds:X509Data>", "ds:Evil>"),
        ("<ds:X509Data>", '<ds:X509Data xmlns:ds="u:x">'),
        ("</ds:X509Data>", "</ds:X509Data><ds:X509Data/>"),
        ("<ds:X509Data>", "text<ds:X509Data>"),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:KeyInfo></ds:KeyInfo>"),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object>x</ds:Object><ds:KeyInfo></ds:KeyInfo>"),
    ],
)  # fmt: skip
def test_anything_but_one_certificate_where_it_belongs_is_refused(old, new):
    document = forge(PLAIN, signature=lambda text: text.replace(old, new))
    assert document != forge(PLAIN)
    refused(document, ONE_CERTIFICATE)


@pytest.mark.parametrize("where", ["{0}{1}", "{1}{0}"])
def test_the_key_repeated_beside_its_certificate_is_harmless(where):
    value = (
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AAAA</ds:Modulus>\n<ds:Exponent>AQAB</ds:Exponent>"
        "</ds:RSAKeyValue></ds:KeyValue>"
    )
    data = re.compile("<ds:X509Data>.*</ds:X509Data>")
    document = forge(
        PLAIN, signature=lambda text: data.sub(lambda found: where.format(value, found[0]), text)
    )
    assert b"KeyValue" in document
    assert verify(document).certificate == CERTIFICATE


@pytest.mark.parametrize("element", ["SignatureValue", "X509Certificate", "DigestValue"])
@pytest.mark.parametrize("garbage", ["!", "AAA", "=", "한", "AAAA=AAAA", "&amp;", "AAAA\u00a0AAAA"])
def test_base64_garbage_is_refused(element, garbage):
    document = re.sub(f"<ds:{element}>[^<]*<", f"<ds:{element}>{garbage}<", GOLDEN)
    refused(document, "its values are not base64")


@pytest.mark.parametrize("element", ["SignatureValue", "DigestValue"])
@pytest.mark.parametrize("more", ["=", " =", "====", "AAAA"])
def test_base64_that_goes_on_behind_its_end_is_refused(element, more):
    document = forge(PLAIN).decode()
    assert f"=</ds:{element}>" in document
    refused(replaced(document, f"</ds:{element}>", f"{more}</ds:{element}>"), "its values are not base64")


def test_an_empty_digest_is_no_digest():
    refused(re.sub("<ds:DigestValue>[^<]*<", "<ds:DigestValue><", GOLDEN), CHANGED)


# What is shown ---------------------------------------------------------------------------------------------------


def test_a_repr_names_neither_signer_nor_content():
    signed = verify(GOLDEN.encode())
    assert "Synthetic" not in f"{signed!r}{signed}"
    assert "시험상사" not in f"{signed!r}"
    verified = x.verify(parse(GOLDEN.encode()), x.INVOICE)
    assert "시험상사".encode() in verified.covered
    assert repr(verified) == "Verified(is_archive=False)"


# The profile of responses ------------------------------------------------------------------------------------------

RESPONSE = f'<TaxInvoiceResponse xmlns="{NAMESPACE}">#<ResultDocument>1</ResultDocument></TaxInvoiceResponse>'


def signed_response(document: str = RESPONSE) -> str:
    octets = canonical(parse(document.replace("#", "").encode()))
    namespaces, _ = root_tag(octets)
    element = x.signature_element(
        x.signed_octets(octets, x.RESPONSE), namespaces, x.RESPONSE, CERTIFICATE, sign_bytes
    )
    return document.replace("#", element.decode())


def test_a_response_is_signed_and_verified_by_its_own_xpath():
    verified = x.verify(parse(signed_response().encode()), x.RESPONSE)
    assert verified.covered == f' xmlns="{NAMESPACE}"<ResultDocument>1</ResultDocument>'.encode()
    assert verified.certificate_der == CERTIFICATE


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (">1<", ">2<", CHANGED),
        ("<ResultDocument>", "<ResultDocument><TaxInvoiceResponse/>", "more than one TaxInvoiceResponse"),
        ("TaxInvoiceResponse", "TaxInvoiceOther", "its root is not TaxInvoiceResponse"),
    ],
)
def test_a_changed_response_is_refused(old, new, why):
    changed = signed_response()
    before, signature, after = re.split("(<ds:Signature.*</ds:Signature>)", changed)
    changed = before.replace(old, new) + signature + after.replace(old, new)
    with pytest.raises(SignatureRefused, match=why):
        x.verify(parse(changed.encode()), x.RESPONSE)


def test_a_response_is_no_invoice_and_an_invoice_no_response():
    with pytest.raises(SignatureRefused):
        x.verify(parse(signed_response().encode()), x.INVOICE)
    with pytest.raises(SignatureRefused):
        x.verify(parse(GOLDEN.encode()), x.RESPONSE)


def test_a_response_without_a_signature_or_with_a_nested_one_is_refused():
    with pytest.raises(SignatureRefused, match=NONE):
        x.verify(parse(RESPONSE.replace("#", "").encode()), x.RESPONSE)
    nested = (
        signed_response()
        .replace("<ds:Signature ", "<Box><ds:Signature ")
        .replace("</ds:Signature>", "</ds:Signature></Box>")
    )
    with pytest.raises(SignatureRefused, match="not where it belongs"):
        x.verify(parse(nested.encode()), x.RESPONSE)


def test_a_response_without_a_canonical_form_is_refused():
    with pytest.raises(SignatureRefused, match="namespace"):
        x.verify(
            parse(signed_response().replace("<ResultDocument>", '<ResultDocument xmlns:r="rel">').encode()),
            x.RESPONSE,
        )
