"""Every result code, tripped by a document made for it and sent over the wire."""

from datetime import timedelta

import pytest
from sandbox_world import (
    BROKER,
    BUYER,
    NOW,
    REGISTRATION,
    SUPPLIER,
    Company,
    authority,
    broker,
    company,
    data,
    force_sign,
    invoice,
    issue_id,
    item,
    party,
    supplier,
    world,
)

from dojang.etax import write
from dojang.npki.keys import from_private_key_info, private_key_info
from dojang.npki.testca import TestCA
from dojang.nts.package import PackagedInvoice

ELSEWHERE = "202611014299999900000001"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with world(tmp_path_factory.mktemp("verdicts")) as running:
        yield running


def consigned(**changes):
    return {"document_type": "0103", "broker": party(BROKER, "수탁(주)")} | changes


def amending(original, reason="02", supply=-5000, tax=-500, **changes):
    return {
        "document_type": "0201",
        "amendment_reason": reason,
        "original_issue_id": original,
        "items": [item(supply, tax)],
    } | changes


def buyer(**changes):
    return {"kind": "business", "number": BUYER, "name": "구매(주)", "representative": "이구매"} | changes


GOOD = {
    "plain": {},
    "zero-rated": {"document_type": "0102", "items": [item(10000, 0)]},
    "exempt": {"document_type": "0301", "items": [item(10000)]},
    "individual": {"buyer": buyer(kind="individual", number="9002301234561")},
    "foreigner": {"buyer": buyer(kind="foreigner", number="9999999999999"), "remarks": ["M12345678"]},
    "issued elsewhere": amending(ELSEWHERE),
    "return": amending(ELSEWHERE, "03"),
    "written last month": {"written_on": "2026-10-31"},
    "tax off by a won": {"items": [item(9999, 1000)]},
    "no buyer's e-mail": {"buyer": buyer()},
    "the sender's clock is ahead a little": {"issued_at": "2026-11-20T10:04:00+09:00"},
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_is_accepted_and_nothing_else_said(sandbox, name):
    assert sandbox.verdict(invoice(**GOOD[name])) == ("SUC001",)


BAD = {
    "supplier's check digit": ({"supplier": party("9998100016")}, "ERR001"),
    "buyer's check digit": ({"buyer": buyer(number="9988100013")}, "ERR002"),
    "individual without thirteen digits": (
        {"buyer": buyer(kind="individual", number="900230123")},
        "ERR002 SYN004",
    ),
    "foreigner under another number": (
        {"buyer": buyer(kind="foreigner", number="9002305234561"), "remarks": ["M1"]},
        "ERR002",
    ),
    "foreigner without a remark": ({"buyer": buyer(kind="foreigner", number="9999999999999")}, "ERR002"),
    "issued later than it arrives": ({"issued_at": "2026-11-20T10:06:00+09:00"}, "ERR005"),
    "issued tomorrow": ({"issued_at": "2026-11-21T09:00:00+09:00"}, "ERR005"),
    "written tomorrow": ({"written_on": "2026-11-21"}, "ERR006"),
    "written after it was issued": ({"issued_at": "2026-11-19T09:00:00+09:00"}, "ERR006"),
    "issue id of another day": ({"issue_id": issue_id("2026-11-19")}, "ERR006"),
    "signs differ": ({"items": [item(20000, -1000), item(0, 3000)]}, "ERR007"),
    "positive return": (amending(ELSEWHERE, "03", 10000, 1000), "ERR007"),
    "positive cancellation": (amending(ELSEWHERE, "04", 10000, 1000), "ERR007"),
    "zero-rated with tax": ({"document_type": "0102"}, "ERR007"),
    "exempt with tax": ({"document_type": "0301"}, "ERR007"),
    "total is no sum": ({"total_amount": 11001}, "ERR007"),
    "supply is not the lines'": ({"supply_amount": 10010, "total_amount": 11010}, "ERR007"),
    "payments are not the total": ({"payments": [{"means": "cash", "amount": 5}]}, "ERR007"),
    "tax beyond 1,000 won": ({"items": [item(100000, 11001)]}, "ERR007"),
    "import by a business": ({"document_type": "0104"}, "ERR008"),
    "no purpose": ({"purpose": None}, "ERR008"),
    "amendment without reason": (amending(ELSEWHERE, None), "ERR008"),
    "reason on an original": ({"amendment_reason": "01"}, "ERR008"),
    "consigned without broker": ({"document_type": "0103"}, "ERR008"),
    "broker on another type": ({"broker": party(BROKER)}, "ERR008"),
    "another system's issue id": ({"issue_id": issue_id(registration="41000001")}, "ERR010"),
    "amendment without original": (amending(None), "ERR011"),
    "original on an original": ({"original_issue_id": ELSEWHERE}, "ERR011"),
    "original that is itself": (
        amending("202611204100000000000zzz", issue_id="202611204100000000000zzz"),
        "ERR011",
    ),
    "original of no form": (amending("2026"), "ERR011"),
    "original of this sandbox that is not there": (amending("202611014100000000000abc"), "ERR011"),
    "issue id of no form": ({"issue_id": "2026112041000000ABCDEFGH"}, "SYN003"),
    "issue id of no day": ({"issue_id": "202611314100000000000001"}, "SYN003"),
    "name too long": ({"supplier": party(SUPPLIER, "가" * 71)}, "SYN004"),
    "no name": ({"supplier": party(SUPPLIER, " ")}, "SYN004"),
    "emoji": ({"remarks": ["감사합니다 🙏"]}, "SYN004"),
    "branch number": ({"supplier": party(SUPPLIER) | {"branch_number": "12"}}, "SYN004"),
    "several at once": (
        {"buyer": buyer(number="9988100013"), "document_type": "0102", "purpose": None},
        "ERR002 ERR007 ERR008",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_document_gets_its_code(sandbox, name):
    changes, codes = BAD[name]
    signer = company(authority(), "9998100016") if "supplier's check" in name else None
    assert sandbox.verdict(invoice(**changes), by=signer) == tuple(sorted(codes.split(), key=order))


def order(code):
    return ("SYN", "ERR").index(code[:3]), code


# The form of the XML

REPLACED = {
    "unknown type": (b"<TypeCode>0101<", b"<TypeCode>0302<", "ERR008"),
    "no such day": (b"<IssueDateTime>20261120</", b"<IssueDateTime>20261131</", "ERR006"),
    "no such hour": (b"<IssueDateTime>20261120095900<", b"<IssueDateTime>20261120255900<", "ERR005"),
    "unknown kind of buyer": (b"<BusinessTypeCode>01<", b"<BusinessTypeCode>04<", "ERR008"),
    "no representative": (
        "<SpecifiedPerson><NameText>홍길동</NameText></SpecifiedPerson>".encode(),
        b"",
        "SYN004",
    ),
    "an unknown element": (b"<PurposeCode>", b"<New>1</New><PurposeCode>", "SYN004"),
    "elements out of order": (
        b"<TypeCode>0101</TypeCode><IssueDateTime>20261120</IssueDateTime>",
        b"<IssueDateTime>20261120</IssueDateTime><TypeCode>0101</TypeCode>",
        "SYN004",
    ),
    "an element twice": (b"<PurposeCode>02</PurposeCode>", b"<PurposeCode>02</PurposeCode>" * 2, "SYN004"),
    "a fraction of a won": (b"<GrandTotalAmount>11000<", b"<GrandTotalAmount>11000.5<", "SYN004"),
    "hyphens in a number": (b"<ID>9998100015<", b"<ID>999-81-00015<", "SYN004"),
    "hyphens in the issue id": (b"<IssueID>20261120", b"<IssueID>20261120-", "SYN003"),
    "no tax total": (b"<TaxTotalAmount>1000</TaxTotalAmount>", b"", "ERR007"),
}


@pytest.mark.parametrize("name", REPLACED)
def test_xml_that_is_not_the_standards_gets_its_code(sandbox, name):
    before, after, code = REPLACED[name]
    xml = write(invoice())
    xml = b"".join(line.strip() for line in xml.splitlines(keepends=True))
    assert xml.count(before) == 1
    [codes] = sandbox.codes(force_sign(xml.replace(before, after), supplier())).values()
    assert codes == (code,)


@pytest.mark.parametrize(
    "xml", [b"hello", b"<a/>", b"\xff\xfe\x00", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<TaxInvoice/>"]
)
def test_what_is_no_tax_invoice_is_a_fault_of_schema_under_an_issue_id_of_zeros(sandbox, xml):
    [(found, codes)] = sandbox.codes(PackagedInvoice(xml, bytes(20))).items()
    assert found == "0" * 24
    assert "SYN004" in codes


# Signature, certificate, owner


def signed_by(**options):
    return company(authority(), SUPPLIER, **options)


def test_an_amount_changed_after_signing_is_syn002(sandbox):
    good = supplier().packaged(invoice())
    changed = good.xml.replace(b">10000<", b">90000<").replace(b">11000<", b">91000<")
    [codes] = sandbox.codes(PackagedInvoice(changed, good.random_number)).values()
    assert codes[0] == "SYN002"


def test_no_signature_is_syn002(sandbox):
    [codes] = sandbox.codes(PackagedInvoice(write(invoice()), supplier().random_number)).values()
    assert codes == ("SYN002",)


@pytest.mark.parametrize("random_number", [bytes(20), b"", bytes(21)])
def test_another_r_is_syn002(sandbox, random_number, monkeypatch):
    monkeypatch.setattr("dojang.nts.package.RANDOM_NUMBER_BYTES", len(random_number))
    good = supplier().packaged(invoice())
    [codes] = sandbox.codes(PackagedInvoice(good.xml, random_number)).values()
    assert codes == ("SYN002",)


def test_another_businesss_certificate_is_syn002(sandbox):
    assert sandbox.verdict(invoice(), by=broker()) == ("SYN002",)


def test_a_certificate_not_valid_when_it_was_issued_is_syn002(sandbox):
    signer = signed_by()
    early = invoice(written_on="2025-09-01", issued_at="2025-09-01T09:00:00+09:00")
    assert sandbox.verdict(early, by=signer) == ("SYN002",)
    assert sandbox.verdict(invoice(), by=signer) == ("SUC001",)


def test_a_certificate_for_banks_only_is_syn002(sandbox):
    assert sandbox.verdict(invoice(), by=signed_by(policy="1.2.410.200005.1.1.4")) == ("SYN002",)


def test_an_unknown_kind_of_certificate_is_let_through(sandbox):
    assert sandbox.verdict(invoice(), by=signed_by(policy="1.2.410.200005.9.9.9")) == ("SUC001",)


def test_a_certificate_of_an_authority_nobody_trusts_is_syn002(sandbox):
    assert sandbox.verdict(invoice(), by=company(TestCA.create(NOW), SUPPLIER)) == ("SYN002",)


def test_a_key_that_is_no_certificate_is_syn002(sandbox):
    # KeyInfo is outside what is signed: another certificate there fails by its key, no certificate by its form.
    good = supplier().packaged(invoice())
    begin, end = (good.xml.index(mark) for mark in (b"<ds:X509Certificate>", b"</ds:X509Certificate>"))
    broken = good.xml[: begin + len(b"<ds:X509Certificate>")] + b"AAAA" + good.xml[end:]
    [codes] = sandbox.codes(PackagedInvoice(broken, good.random_number)).values()
    assert codes == ("SYN002",)


def test_a_certificate_too_large_to_be_one_is_syn002(sandbox):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "TEST")])
    padding = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), bytes(70_000))
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=1))
    certificate = builder.add_extension(padding, critical=False).sign(key, hashes.SHA256())
    private = from_private_key_info(private_key_info(key, None), scheme="test")
    signer = Company(certificate.public_bytes(Encoding.DER), private, bytes(20))
    assert sandbox.verdict(invoice(), by=signer) == ("SYN002",)


def test_a_folder_of_authorities_is_trusted_and_its_revocations_count(tmp_path):
    other = TestCA.load_or_create(tmp_path / "ca", now=NOW)
    good, revoked = company(other, SUPPLIER), company(other, SUPPLIER)
    other.revoke(_certificate(revoked).serial, NOW)
    (tmp_path / "ca/testca/list.crl").write_bytes(other.crl(NOW))
    with world(tmp_path, anchors=[tmp_path / "ca"]) as sandbox:
        assert sandbox.verdict(invoice(), by=good) == ("SUC001",)
        late = invoice(issued_at="2026-11-20T10:01:00+09:00")
        assert sandbox.verdict(late, by=revoked) == ("SYN002",)
        assert sandbox.verdict(invoice(), by=revoked) == ("SUC001",), "issued a minute before it was revoked"


def _certificate(signer):
    from dojang.npki.certificates import Certificate

    return Certificate.load(signer.certificate)


# 위수탁


def test_in_a_consigned_document_the_brokers_certificate_is_what_counts(sandbox):
    assert sandbox.verdict(invoice(**consigned()), by=broker()) == ("SUC001",)
    assert sandbox.verdict(invoice(**consigned()), by=supplier()) == ("SYN002",)


def test_a_brokers_wrong_number_is_err003(sandbox):
    wrong = company(authority(), "9998600011")
    assert sandbox.verdict(invoice(**consigned(broker=party("9998600011"))), by=wrong) == ("ERR003",)


# The book


def test_an_issue_id_already_filed_is_syn003(sandbox):
    document = invoice()
    assert sandbox.verdict(document) == ("SUC001",)
    assert sandbox.verdict(document) == ("SYN003",)
    assert sandbox.filed(document.issue_id) == (True, 2)


def test_an_issue_id_twice_in_a_package_is_syn003_for_both_as_a_set_has_no_first(sandbox):
    first, second = data(), data(remarks=["두 번째"])
    second["issue_id"] = first["issue_id"]
    codes = sandbox.codes(*(supplier().packaged(invoice(**one)) for one in (first, second)))
    assert codes == {first["issue_id"]: ("SYN003",)}
    assert sandbox.filed(first["issue_id"]) == (False, 2)


def test_a_refused_issue_id_is_not_used_up(sandbox):
    document = data(purpose=None)
    assert sandbox.verdict(invoice(**document)) == ("ERR008",)
    assert sandbox.verdict(invoice(**(document | {"purpose": "claim"}))) == ("SUC001",)


def test_an_amendment_of_a_filed_document_is_accepted(sandbox):
    original = invoice()
    assert sandbox.verdict(original) == ("SUC001",)
    assert sandbox.verdict(invoice(**amending(original.issue_id))) == ("SUC001",)


def test_an_amendment_of_another_suppliers_document_is_err011(sandbox):
    original = invoice()
    assert sandbox.verdict(original) == ("SUC001",)
    other = invoice(**amending(original.issue_id, supplier=party(BROKER)))
    assert sandbox.verdict(other, by=broker()) == ("ERR011",)


def test_a_package_may_hold_an_original_and_the_chain_of_its_amendments_in_any_order(sandbox):
    ids = [issue_id() for _ in range(3)]
    originals = [None, *ids[:2]]
    documents = [
        invoice(**(amending(original) if original else {}) | {"issue_id": own})
        for own, original in zip(ids, originals, strict=True)
    ]
    codes = sandbox.codes(*(supplier().packaged(document) for document in reversed(documents)))
    assert codes == dict.fromkeys(ids, ("SUC001",))


def test_two_amendments_that_name_each_other_are_err011(sandbox):
    one, two = issue_id(), issue_id()
    documents = [invoice(**amending(one, issue_id=two)), invoice(**amending(two, issue_id=one))]
    codes = sandbox.codes(*(supplier().packaged(document) for document in documents))
    assert codes == {one: ("ERR011",), two: ("ERR011",)}


def test_paper_originals_need_not_be_there(sandbox):
    never_filed, nameless = "20261101" + REGISTRATION + "paper001", issue_id()
    for paper in (never_filed, nameless):
        sandbox.control("POST", "paper-originals", {"issue_id": paper})
    assert sandbox.verdict(invoice(**amending(never_filed))) == ("SUC001",)
    assert sandbox.verdict(invoice(**amending(None, issue_id=nameless))) == ("SUC001",)


# The register


@pytest.fixture
def register(sandbox):
    yield lambda number, **business: sandbox.control("PUT", f"businesses/{number}", business)
    sandbox.control("PATCH", "settings", {"businesses": {}})


@pytest.mark.parametrize(
    ("number", "changes", "code"),
    [
        (SUPPLIER, {}, "ERR001"),
        (BUYER, {}, "ERR002"),
        ("9002301234561", {"buyer": buyer(kind="individual", number="9002301234561")}, "ERR002"),
    ],
)
def test_a_number_not_on_the_register(sandbox, register, number, changes, code):
    register(number, state="unknown")
    assert sandbox.verdict(invoice(**changes)) == (code,)


def test_a_broker_not_on_the_register(sandbox, register):
    register(BROKER, state="unknown")
    assert sandbox.verdict(invoice(**consigned()), by=broker()) == ("ERR003",)


@pytest.mark.parametrize(("closed_on", "code"), [("2026-11-19", "ERR009"), ("2026-11-20", "SUC001")])
def test_who_closed_before_the_date_written_may_not_issue(sandbox, register, closed_on, code):
    register(SUPPLIER, state="closed", closed_on=closed_on)
    assert sandbox.verdict(invoice()) == (code,)


def test_nor_may_a_closed_broker(sandbox, register):
    register(BROKER, state="closed", closed_on="2026-11-19")
    assert sandbox.verdict(invoice(**consigned()), by=broker()) == ("ERR009",)


@pytest.mark.parametrize("kind", ["simplified", "exempt"])
def test_who_may_not_issue_tax_invoices_may_issue_exempt_ones_and_amend(sandbox, register, kind):
    register(SUPPLIER, kind=kind)
    assert sandbox.verdict(invoice()) == ("ERR001",)
    assert sandbox.verdict(invoice(document_type="0301", items=[item(10000)])) == ("SUC001",)
    assert sandbox.verdict(invoice(**amending(ELSEWHERE))) == ("SUC001",)
