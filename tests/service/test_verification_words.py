"""The verdict on a document, in words, from its bytes alone."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from link_world import PERSON, make_company
from service_world import NOW, business_number
from signing_world import keeper

from dojang.etax import Invoice, sign
from dojang.etax.xml_reader import read
from dojang.etax.xmldsig import SHA1, SHA256
from dojang.npki.testca import SERVER_POLICY, TestCA
from dojang.npki.trust import TrustStore
from dojang.render import Copy, form
from dojang.render.pdf import Attachment, pdf
from dojang.service.certificates import judging, revocation
from dojang.service.verification.verdict import Outcome, Standing
from dojang.service.verification.words import MOST_IN_A_PDF, tell, tell_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(monkeypatch, tmp_path):
    return make_company(monkeypatch, tmp_path)


@pytest.fixture
def data(company):
    return company.bytes_of(company.issued())


@pytest.fixture
def believed(company, monkeypatch):
    """As if the test authority were one of the Korean ones."""
    store = company.authority.store
    monkeypatch.setattr(TrustStore, "korea", lambda: store)
    judging.trust_store.cache_clear()
    yield store
    judging.trust_store.cache_clear()


def resigned(data, who, **changes):
    """The same document with something else in it, signed again by somebody."""
    return sign(read(data).invoice.replace(**changes), who.der, who.sign)


def told(data, code, now=NOW):
    verdict = tell(data, now=now)
    return next((one for one in verdict.reasons if one.code == code), None)


# What holds


def test_a_document_as_it_was_signed_is_good_and_says_what_nobody_could_know(data, believed):
    verdict = tell(data, now=NOW)
    assert verdict.outcome is Outcome.OK
    assert not verdict.is_sandbox
    assert {one.code for one in verdict.reasons if one.standing is Standing.GOOD} == {
        "signature_holds", "certificate_good", "content_good",
    }  # fmt: skip
    assert {one.code for one in verdict.reasons if one.standing is Standing.NOTE} == {
        "owner_not_proven", "filing_not_known", "time_not_signed", "revocation_not_known",
    }  # fmt: skip
    assert "발급사실 조회" in told(data, "filing_not_known").ko


def test_a_practice_document_is_never_told_to_be_a_tax_invoice(data):
    verdict = tell(data, now=NOW)
    assert verdict.outcome is Outcome.CAUTION
    assert verdict.is_sandbox
    assert "효력이 없" in verdict.ko
    assert verdict.reasons[0].code == "sandbox_document"
    assert "발급사실 조회" not in told(data, "filing_not_known").ko


def test_in_front_of_the_real_office_a_practice_document_is_bad(data, monkeypatch):
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, nts="nts"))
    judging.trust_store.cache_clear()
    assert told(data, "test_authority").standing is Standing.BAD
    assert tell(data, now=NOW).outcome is Outcome.BAD


def test_facts_and_details_are_those_of_the_bytes(data, believed):
    verdict = tell(data, now=NOW)
    facts = {one.en: one.value for one in verdict.facts}
    assert facts["Total"] == "1,100,000원"
    assert facts["Buyer"] == "(주)새봄 (999-81-00015)"
    assert facts["Date written"] == "2026-11-20"
    details = {one.en: one.value for one in verdict.details}
    assert details["Certificate of"] == "한빛상사"
    assert details["Digest of what is signed"].startswith("SHA-256 ")
    assert "발급일시" in details["Not covered"]


def test_a_persons_number_is_nowhere_in_the_verdict(company):
    data = company.bytes_of(company.issued(buyer=PERSON))
    verdict = tell(data, now=NOW)
    assert b"9001011234567" in data
    for text in (str(verdict.to_data()), *(one.value for one in (*verdict.facts, *verdict.details))):
        assert "1234567" not in text
    assert "900101-*******" in next(one.value for one in verdict.facts if one.en == "Buyer")
    assert "한빛상사" not in repr(verdict)


# What was changed


def test_any_changed_field_that_is_signed_is_found(data, believed):
    text = data.decode()
    begin = text.index("</ds:Signature>")
    values = list(re.finditer(r">([^<>\s][^<>]*)</", text[begin:]))
    assert len(values) > 20
    for value in values:
        start, end = value.span(1)
        old = value[1]
        other = ("9" if old[-1] != "9" else "8") if old[-1].isdigit() else "가" if old[-1] != "가" else "나"
        changed = f"{text[: begin + start]}{old[:-1]}{other}{text[begin + end :]}"
        verdict = tell(changed.encode(), now=NOW)
        assert verdict.outcome is Outcome.BAD, value[0]
        assert "바뀌었습니다" in verdict.reasons[0].ko
        assert verdict.facts == ()


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("the digest", lambda text: re.sub(r"(<ds:DigestValue>).", r"\1/", text)),
        ("the signature's value", lambda text: re.sub(r"(<ds:SignatureValue>).", r"\1/", text)),
        ("the algorithm", lambda text: text.replace(SHA256, SHA1)),
        ("the XPath", lambda text: text.replace("not(self::*[name() = 'TaxInvoice']", "not(self::*[name() = 'X']")),
        ("the whole signature", lambda text: re.sub(r"<ds:Signature .*</ds:Signature>", "", text, flags=re.DOTALL)),
        ("a second signature", lambda text: text.replace("</TaxInvoice>", _signature(text) + "</TaxInvoice>")),
        ("an element behind", lambda text: text.replace("</TaxInvoice>", "<More>1</More></TaxInvoice>")),
    ],
)  # fmt: skip
def test_a_signature_that_was_touched_is_bad(data, believed, what, change):
    changed = change(data.decode())
    assert changed != data.decode()
    verdict = tell(changed.encode(), now=NOW)
    assert verdict.outcome is Outcome.BAD, what
    assert verdict.codes == ("signature_refused",)


def _signature(text):
    return re.search(r"<ds:Signature .*</ds:Signature>", text, flags=re.DOTALL)[0]


def test_what_is_not_signed_may_be_changed_and_is_said_not_to_be(data, believed):
    changed = data.replace(b"<IssueDateTime>20261120100000<", b"<IssueDateTime>20261120110000<")
    assert changed != data
    verdict = tell(changed, now=NOW + timedelta(hours=2))
    assert verdict.outcome is Outcome.OK
    assert "time_not_signed" in verdict.codes


def test_a_time_of_issue_outside_of_the_certificates_life_is_bad(data, believed):
    early = data.replace(b"<IssueDateTime>20261120100000<", b"<IssueDateTime>20251120100000<")
    late = data.replace(b"<IssueDateTime>20261120100000<", b"<IssueDateTime>20281120100000<")
    assert told(early, "not_yet_valid").standing is Standing.BAD
    found = tell(late, now=NOW)
    assert {"expired", "issued_in_future"} <= set(found.codes)
    assert found.outcome is Outcome.BAD


# Whose certificate


def test_nobody_vouches_for_a_look_alike_of_an_authority(company, data, tmp_path, believed):
    other = TestCA.create(NOW)
    forged = resigned(data, keeper(other, business_number(77), "한빛상사"))
    found = tell(forged, now=NOW)
    assert found.outcome is Outcome.BAD
    assert {"forged_issuer", "test_authority"} & set(found.codes)
    assert "certificate_good" not in found.codes


def test_without_any_authority_to_trust_that_is_said_plainly(data, monkeypatch):
    monkeypatch.setattr(judging, "trust_store", lambda: TrustStore(()))
    verdict = tell(data, now=NOW)
    assert verdict.outcome is Outcome.CAUTION
    assert "no_anchors" in verdict.codes
    assert "untrusted_issuer" not in verdict.codes


def test_a_certificate_of_somebody_elses_name_is_told(company, data, believed):
    stranger = keeper(company.authority, business_number(78), "(주)다른회사")
    verdict = tell(resigned(data, stranger), now=NOW)
    assert verdict.outcome is Outcome.CAUTION
    assert "다른회사" in verdict.reasons[0].ko


@pytest.mark.parametrize(
    "name", ["(주)한빛상사", "주식회사 한빛상사", "㈜ 한빛상사", "한빛상사 영업부", "김하나"]
)
def test_ways_to_write_the_suppliers_name_are_one_name(company, data, believed, name):
    verdict = tell(resigned(data, keeper(company.authority, business_number(79), name)), now=NOW)
    assert verdict.outcome is Outcome.OK, verdict.codes


def test_a_certificate_that_is_for_something_else_is_told(company, data, believed):
    server = keeper(company.authority, business_number(80), "한빛상사", policy=SERVER_POLICY)
    assert tell(resigned(data, server), now=NOW).outcome is not Outcome.OK


@pytest.mark.parametrize(("revoked", "code", "standing"), [
    (-timedelta(hours=3), "certificate_revoked", Standing.BAD),
    (timedelta(hours=3), "revoked_later", Standing.CAUTION),
])  # fmt: skip
def test_a_revoked_certificate_is_told_by_when_it_was(company, data, believed, revoked, code, standing):
    certificate = company.keeper.identity.certificate
    later = NOW + timedelta(days=1)
    company.authority.revoke(certificate.serial, NOW + revoked)
    _lists(company, later)
    assert told(data, code, later).standing is standing


def test_a_list_that_does_not_name_it_is_good_news(company, data, believed):
    _lists(company, NOW)
    verdict = tell(data, now=NOW)
    assert "not_revoked" in verdict.codes
    assert "revocation_not_known" not in verdict.codes


def _lists(company, now):
    folder = judging.authority_folder()
    folder.mkdir(exist_ok=True)
    (folder / "user.crl").write_bytes(company.authority.crl(now))
    revocation.refresh(now=now)


# What it says


def test_sums_that_do_not_add_up_are_told_though_the_signature_holds(company, data, believed):
    verdict = tell(resigned(data, company.keeper, total_amount=999), now=NOW)
    assert verdict.outcome is Outcome.CAUTION
    assert "signature_holds" in verdict.codes
    assert "content_findings" in verdict.codes


# What is no document


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04" + b"\0" * 100, "file_is_archive"),
        (b"\x1f\x8b" + b"\0" * 100, "file_is_archive"),
        (b"\xff\xfe<\0T\0", "file_not_utf8"),
        (b"<!DOCTYPE html><html></html>", "file_is_web_page"),
        (b"\xef\xbb\xbf\r\n<HTML>", "file_is_web_page"),
        (b"\x89PNG\r\n", "file_of_other_kind"),
        ("공급자,공급받는자".encode(), "file_of_other_kind"),
        (b"<" * 10, "xml_refused"),
        (b"<a>" * 100_000, "xml_refused"),
        (b"<a/>" + b" " * (1 << 20), "file_too_large"),
        (b"%PDF-1.7" + b"\0" * (20 << 20), "file_too_large"),
        (b"%PDF-1.7 but no more", "pdf_refused"),
        (b'<?xml version="1.0" encoding="euc-kr"?><TaxInvoice/>', "xml_refused"),
        (b"<Order/>", "not_a_tax_invoice"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "xml_refused"),
        (
            b'<!DOCTYPE a [<!ENTITY b "'
            + b"x" * 1000
            + b'"><!ENTITY c "'
            + b"&b;" * 1000
            + b'"><!ENTITY d "'
            + b"&c;" * 1000
            + b'">]><a>&d;</a>',
            "xml_refused",
        ),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml_refused"),
        (b"<TaxInvoice/>", "signature_refused"),
    ],
    ids=str,
)
def test_what_is_no_signed_document_is_refused_in_one_sentence(data, code):
    verdict = tell(data, now=NOW)
    assert verdict.codes == (code,)
    assert verdict.outcome is Outcome.BAD
    assert verdict.reasons[0].ko.endswith((".", "요"))
    assert verdict.facts == verdict.details == ()


@given(st.binary(max_size=400))
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_bytes_make_it_stumble(data):
    assert tell(data, now=NOW).outcome is Outcome.BAD


@given(st.data())
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_broken_copy_makes_it_stumble_or_is_believed(signed_once, draw):
    data = bytearray(signed_once)
    # Behind the part that the signature does not cover.
    place = draw.draw(st.integers(signed_once.index(b"<ds:Signature "), len(data) - 20))
    other = draw.draw(st.integers(0, 255))
    if data[place] == other:
        return
    data[place] = other
    verdict = tell(bytes(data), now=NOW)
    # White space in base64 and the like may differ without anything being changed.
    assert verdict.outcome is Outcome.BAD or read(bytes(data)).invoice == read(signed_once).invoice


@pytest.fixture
def signed_once(data):
    return data


# PDF


def paper(*files):
    invoice = read(files[0]).invoice if files else Invoice.from_data(_PLAIN)
    inside = [Attachment(f"{number}.xml", data, "XML") for number, data in enumerate(files)]
    return pdf([form(invoice, copy=Copy.BUYER)], sandbox=True, dated=NOW, attachments=inside)


_PLAIN = {
    "document_type": "0101",
    "written_on": "2026-11-20",
    "purpose": "claim",
    "supplier": {"business_number": "9998600010", "name": "한빛상사", "representative": "김하나"},
    "buyer": {"kind": "business", "number": "9998100015", "name": "(주)새봄", "representative": "박세리"},
    "items": [{"supplied_on": "2026-11-20", "name": "종이", "supply_amount": 1000, "tax_amount": 100}],
}


def test_of_a_pdf_the_xml_inside_is_verified_and_its_pages_are_said_not_to_be(data, believed):
    verdict = tell(paper(data), now=NOW)
    assert verdict.outcome is Outcome.OK
    assert "pdf_pages_not_signed" in verdict.codes


def test_a_pdf_with_a_tampered_xml_inside_is_bad(data):
    assert tell(paper(data.replace(b">100000<", b">900000<")), now=NOW).codes == ("signature_refused",)


def test_a_pdf_without_xml_has_nothing_to_verify():
    assert tell(paper(), now=NOW).codes == ("not_a_pdf_with_xml",)


def test_each_document_in_a_pdf_has_its_verdict(data):
    both = paper(data, data.replace(b">100000<", b">900000<"))
    assert [one.outcome for one in tell_file(both, now=NOW)] == [Outcome.CAUTION, Outcome.BAD]
    assert tell(both, now=NOW).codes == ("several_documents",)


def test_a_pdf_with_very_many_documents_is_refused(data):
    many = paper(*[data] * (MOST_IN_A_PDF + 1))
    [verdict] = tell_file(many, now=NOW)
    assert verdict.codes == ("file_with_too_many_documents",)
