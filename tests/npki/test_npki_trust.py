"""Judging certificates: the fixtures' verdicts, the real chains, and every way a chain can lie."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from npki_authorities import (
    AT,
    ENCRYPTING,
    FROM,
    REAL,
    SIGNING,
    TAX_INVOICE,
    TO,
    USER,
    codes,
    extension,
    fixture_certificate,
    fixture_revocations,
    fixture_store,
    issuer,
    key,
    make,
    make_authority,
    make_root,
    real_certificate,
)
from npki_files import DATA, folder

from dojang.npki import der, issuing
from dojang.npki.certificates import Certificate
from dojang.npki.crl import Good, Revoked, Unknown
from dojang.npki.errors import (
    CertificateRevoked,
    Expired,
    NotForTaxInvoices,
    NotYetValid,
    RevocationUnknown,
    UntrustedIssuer,
)
from dojang.npki.findings import (
    AnchorsUnusable,
    ForgedIssuer,
    IssuerNotAuthority,
    IssuerNotValid,
    IssuerRevoked,
    PolicyNotAllowed,
    WrongKeyUsage,
)
from dojang.npki.trust import TrustStore, _listed, check_certificate, require_certificate

CA_NAMES = ["yessignCA-Class3", "signGATE-CA6", "SignKorea-CA4", "CrossCertCA4", "TradeSignCA4"]


def sign_certificate(identity):
    return Certificate.load((folder(identity) / "signCert.der").read_bytes())


# The fixtures


@pytest.mark.parametrize(
    ("identity", "errors"),
    [
        ("person_general", ["not_for_tax_invoices"]),
        ("biz_etax", []),
        ("biz_general_kica", []),
        ("vid_sha1", ["not_for_tax_invoices"]),
        ("no_R", ["not_for_tax_invoices"]),
        ("expired", ["expired", "not_for_tax_invoices"]),
        ("not_yet", ["not_yet_valid", "not_for_tax_invoices"]),
        ("revoked", ["not_for_tax_invoices", "revoked"]),
    ],
)
def test_every_fixture_gets_the_verdict_of_its_manifest(identity, errors):
    found = check_certificate(
        sign_certificate(identity), fixture_store(), at=AT, revocation=fixture_revocations()
    )
    assert codes(found) == errors
    assert codes(found, "warning") == ["issuer_revocation_unknown"]


@pytest.mark.parametrize(
    ("identity", "refusal"),
    [
        ("expired", Expired),
        ("not_yet", NotYetValid),
        ("revoked", CertificateRevoked),
        ("person_general", None),
    ],
)
def test_the_first_error_is_raised_as_its_own_exception(identity, refusal):
    def required():
        return require_certificate(
            sign_certificate(identity),
            fixture_store(),
            at=AT,
            revocation=fixture_revocations(),
            use="signature",
        )

    if refusal is None:
        assert codes(required()) == []
    else:
        with pytest.raises(refusal):
            required()


def test_a_revocation_counts_from_its_instant_on():
    certificate, day = sign_certificate("revoked"), datetime(2026, 3, 1, tzinfo=UTC)

    def findings(at):
        return check_certificate(
            certificate, fixture_store(), at=at, revocation=fixture_revocations(), use="any"
        )

    before = findings(day - timedelta(seconds=1))
    assert codes(before) == []
    assert "revoked_later" in codes(before, "warning")
    assert codes(findings(day)) == ["revoked"]


def test_validity_includes_both_ends():
    certificate = sign_certificate("biz_etax")
    second = timedelta(seconds=1)
    for at, expected in {
        certificate.valid_from - second: ["not_yet_valid"],
        certificate.valid_from: [],
        certificate.valid_to: [],
        certificate.valid_to + second: ["expired"],
    }.items():
        assert codes(check_certificate(certificate, fixture_store(), at=at)) == expected


def test_findings_speak_both_languages_and_say_what_to_do():
    for finding in check_certificate(sign_certificate("expired"), TrustStore(()), at=AT):
        assert finding.ko != finding.en
        assert "{" not in finding.ko + finding.en
        assert finding.ko.endswith(("요.", "요)."))


def test_a_naive_instant_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        check_certificate(sign_certificate("biz_etax"), fixture_store(), at=AT.replace(tzinfo=None))


# The real authorities


@pytest.mark.parametrize("name", CA_NAMES)
def test_every_accredited_authority_chains_to_the_kisa_root(name):
    certificate = real_certificate(f"{name}.der")
    store = TrustStore.korea()
    assert certificate in store.intermediates
    assert check_certificate(certificate, store, at=AT, use="any") == ()
    only_root = TrustStore((real_certificate("KISA-RootCA-4.der"),))
    assert check_certificate(certificate, only_root, at=AT, use="any") == ()


def test_expired_authorities_count_within_their_validity_only():
    store = TrustStore.korea()
    for name, then in {"KISA-RootCA-1": 2010, "SignKorea-CA3": 2020}.items():
        certificate = real_certificate(f"{name}.der")
        assert codes(check_certificate(certificate, store, at=AT, use="any")) == ["expired"]
        at = datetime(then, 6, 1, tzinfo=UTC)
        assert codes(check_certificate(certificate, store, at=at, use="any")) == []


def test_certificates_of_other_korean_roots_are_not_trusted():
    for name in ("CrossCert-Device-CA", "SignGATE-Device-CA-0101", "SignGATE-ECDSA-CA"):
        found = check_certificate(real_certificate(f"{name}.der"), TrustStore.korea(), at=AT, use="any")
        assert codes(found)[0] == "untrusted_issuer"


def test_an_invented_certificate_is_not_korean():
    with pytest.raises(UntrustedIssuer) as refused:
        require_certificate(sign_certificate("biz_etax"), TrustStore.korea(), at=AT)
    assert "fixtureCA" in str(refused.value)


def test_package_data_is_checked_against_its_index():
    entry = {"file": "KISA-RootCA-4.der", "sha256": "00" * 32}
    with pytest.raises(AnchorsUnusable, match="KISA-RootCA-4"):
        _listed(entry, (REAL / "KISA-RootCA-4.der").read_bytes())


def test_nothing_lies_beside_the_index():
    files = {
        file.name
        for file in resources.files("dojang.npki").joinpath("anchors").iterdir()
        if file.name.endswith(".der")
    }
    assert len(files) == len(TrustStore.korea().certificates) == 8


# Chains that lie


ROOT, ROOT_ISSUER = make_root()
CA, CA_ISSUER = make_authority("TEST CA", ROOT_ISSUER, 1)
STORE = TrustStore((ROOT,), (CA,))


def error(certificate, store=STORE, **options):
    """The first error, as `require_certificate` raises it."""
    found = check_certificate(certificate, store, at=options.pop("at", AT), **options)
    return next((finding.error for finding in found if finding.severity == "error"), None)


def test_an_honest_chain_has_nothing_wrong():
    assert check_certificate(make("A", CA_ISSUER), STORE, at=AT) == ()


def test_a_look_alike_authority_with_the_same_name_is_refused():
    _, forger = make_authority("TEST CA", ROOT_ISSUER, 2)
    assert isinstance(error(make("A", forger)), ForgedIssuer)


def test_a_look_alike_root_and_authority_are_refused():
    fake_root, fake_issuer = make_root(number=3)
    fake_ca, forger = make_authority("TEST CA", fake_issuer, 4)
    forged = make("A", forger)
    assert isinstance(error(forged), ForgedIssuer)
    assert isinstance(error(forged, TrustStore((ROOT,), (CA, fake_ca, fake_root))), ForgedIssuer)


def test_the_honest_chain_is_found_beside_look_alikes():
    fake_ca, _ = make_authority("TEST CA", ROOT_ISSUER, 2)
    renewed, _ = make_authority("TEST CA", ROOT_ISSUER, 1, valid=(FROM, FROM + timedelta(days=1)))
    assert check_certificate(make("A", CA_ISSUER), TrustStore((ROOT,), (renewed, fake_ca, CA)), at=AT) == ()


def test_a_self_signed_certificate_is_not_trusted():
    certificate, _ = make_root("A", 5, USER)
    found = error(certificate)
    assert isinstance(found, UntrustedIssuer)


def test_an_intermediate_is_not_believed_without_an_anchor():
    assert isinstance(error(make("A", CA_ISSUER), TrustStore((), (CA, ROOT))), UntrustedIssuer)


def test_a_user_may_not_issue():
    user = make("A", CA_ISSUER, USER, private_key=key(6))
    victim = make("B", issuer(user, key(6)))
    assert isinstance(error(victim, TrustStore((ROOT,), (CA, user))), IssuerNotAuthority)


@pytest.mark.parametrize(
    "extensions",
    [
        (issuing.key_usage("keyCertSign"),),
        (*issuing.authority(0)[:1], issuing.key_usage("cRLSign"), *issuing.authority(0)[2:]),
    ],
    ids=["no basicConstraints", "no keyCertSign"],
)
def test_an_authority_must_say_that_it_is_one(extensions):
    ca, by = make_authority("TEST CA 2", ROOT_ISSUER, 7, extensions=extensions)
    assert isinstance(error(make("A", by), TrustStore((ROOT,), (ca,))), IssuerNotAuthority)


def test_the_path_length_is_kept():
    below, by = make_authority("TEST CA below", CA_ISSUER, 8)
    store = TrustStore((ROOT,), (CA, below))
    assert isinstance(error(make("A", by), store), IssuerNotAuthority)
    wide, wide_issuer = make_authority("TEST CA wide", ROOT_ISSUER, 9, path_length=1)
    below, by = make_authority("TEST CA below", wide_issuer, 8)
    assert error(make("A", by), TrustStore((ROOT,), (wide, below))) is None


def test_an_authority_that_is_not_valid_at_the_instant_vouches_for_nobody():
    ca, by = make_authority("TEST CA old", ROOT_ISSUER, 10, valid=(FROM, FROM + timedelta(days=365)))
    store = TrustStore((ROOT,), (ca,))
    assert isinstance(error(make("A", by), store), IssuerNotValid)
    assert error(make("A", by), store, at=FROM + timedelta(days=1)) is None


def test_loops_of_cross_signed_authorities_end():
    first, first_issuer = make_authority("TEST X", ROOT_ISSUER, 11)
    second, second_issuer = make_authority("TEST Y", first_issuer, 12)
    again, _ = make_authority("TEST X", second_issuer, 11)
    certificate = make("A", first_issuer)
    assert isinstance(error(certificate, TrustStore((), (again, second))), UntrustedIssuer)
    assert error(certificate, TrustStore((ROOT,), (again, second, first))) is None


def test_a_chain_has_a_longest_length():
    store, by = [ROOT], ROOT_ISSUER
    for number in range(6):
        ca, by = make_authority(f"TEST deep {number}", by, 13, path_length=9)
        store.append(ca)
    assert isinstance(error(make("A", by), TrustStore((ROOT,), tuple(store[1:]))), UntrustedIssuer)


def test_an_unknown_critical_extension_is_refused_wherever_it_is():
    demanding = extension("1.2.3.4", b"\x05\x00", critical=True)
    assert codes(check_certificate(make("A", CA_ISSUER, (*USER, demanding)), STORE, at=AT)) == [
        "unknown_critical_extension"
    ]
    ca, by = make_authority("TEST CA 3", ROOT_ISSUER, 14, extensions=(*issuing.authority(0), demanding))
    found = check_certificate(make("A", by), TrustStore((ROOT,), (ca,)), at=AT)
    assert codes(found) == ["unknown_critical_extension"]
    lonely = make("A", issuer(CA, key(15)), (*USER, demanding))
    assert codes(check_certificate(lonely, STORE, at=AT)) == [
        "untrusted_issuer",
        "unknown_critical_extension",
    ]


def test_a_required_policy_must_be_there_and_allowed_by_every_authority():
    assert isinstance(error(make("A", CA_ISSUER, (SIGNING,))), PolicyNotAllowed)
    narrow = (
        *issuing.authority(0)[:2],
        issuing.policies("1.2.410.200005.1.1.5", "시험", "http://localhost"),
        issuing.authority(0)[3],
    )
    ca, by = make_authority("TEST CA narrow", ROOT_ISSUER, 16, extensions=narrow)
    store = TrustStore((ROOT,), (ca,))
    assert isinstance(error(make("A", by), store), PolicyNotAllowed)
    allowed = issuing.policies("1.2.410.200005.1.1.5", "시험", "http://localhost")
    assert error(make("A", by, (SIGNING, allowed)), store) is None


def test_an_authority_that_demands_no_policy_gets_by_without():
    ca, by = make_authority("TEST CA lax", ROOT_ISSUER, 17, extensions=issuing.authority(None))
    found = check_certificate(make("A", by, (SIGNING,)), TrustStore((ROOT,), (ca,)), at=AT)
    assert [(one.code, one.severity) for one in found] == [("unknown_policy", "warning")]


# Strength


def sha1_signed(certificate, private_key):
    """The same certificate signed anew with SHA-1, as authorities did before 2012."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    sha1 = der.sequence(der.oid("1.2.840.113549.1.1.5"), der.null())
    parts = [part.encoded for part in der.parse(certificate.signed_part).parts]
    parts[2] = sha1
    signed = der.sequence(*parts)
    signature = private_key.sign(signed, padding.PKCS1v15(), hashes.SHA1())
    return Certificate.load(der.sequence(signed, sha1, der.bit_string(signature)))


def test_sha1_is_for_archives_only():
    old = (datetime(2009, 1, 1, tzinfo=UTC), TO)
    root, root_issuer = make_root("TEST old root", 18, valid=old)
    ca, by = make_authority("TEST old CA", root_issuer, 19, valid=old)
    weak = sha1_signed(make("A", by, valid=old), key(19))
    store = TrustStore((root,), (ca,))
    assert codes(check_certificate(weak, store, at=AT)) == ["weak_signature"]
    archive = check_certificate(weak, store, at=datetime(2010, 6, 1, tzinfo=UTC))
    assert codes(archive) == []
    assert codes(archive, "warning") == ["weak_signature"]


def test_short_keys_are_for_archives_only():
    old = (datetime(2009, 1, 1, tzinfo=UTC), TO)
    root, by = make_root("TEST older root", 18, valid=old)
    then = datetime(2010, 6, 1, tzinfo=UTC)
    weak = make("A", by, private_key=key(20, 1024), valid=old)
    store = TrustStore((root,))
    assert codes(check_certificate(weak, store, at=AT)) == ["weak_signature"]
    assert codes(check_certificate(weak, store, at=then), "warning") == ["weak_signature"]


# Use


def test_each_use_asks_for_its_key_usage():
    sign, encrypt = make("A", CA_ISSUER), make("B", CA_ISSUER, (ENCRYPTING, TAX_INVOICE))
    uses = ("tax_invoice", "signature", "encryption", "any")
    assert [error(sign, use=use) for use in uses[:2]] == [None, None]
    assert isinstance(error(sign, use="encryption"), WrongKeyUsage)
    assert error(encrypt, use="encryption") is None
    assert isinstance(error(encrypt, use="tax_invoice"), WrongKeyUsage)
    assert isinstance(error(encrypt, use="signature"), WrongKeyUsage)
    assert [error(one, use="any") for one in (sign, encrypt, CA, ROOT)] == [None] * 4


def test_an_authority_may_not_sign_invoices_itself():
    assert isinstance(error(CA), WrongKeyUsage)
    assert isinstance(error(ROOT), WrongKeyUsage)


@pytest.mark.parametrize(
    ("oid", "expected"),
    [
        ("1.2.410.200005.1.1.4", ("not_for_tax_invoices", "error")),
        ("1.2.410.200005.1.1.3", ("not_for_tax_invoices", "error")),
        ("1.2.410.200005.1.1.6.3", ("unknown_policy", "warning")),
        ("1.2.410.200005.9.9.9", ("unknown_policy", "warning")),
    ],
)
def test_only_a_kind_known_not_to_be_accepted_is_refused(oid, expected):
    policy = issuing.policies(oid, "시험", "http://localhost")
    certificate = make("A", CA_ISSUER, (SIGNING, policy))
    found = check_certificate(certificate, STORE, at=AT)
    assert [(one.code, one.severity) for one in found] == [expected]
    assert check_certificate(certificate, STORE, at=AT, use="signature") == ()


def test_one_accepted_policy_is_enough_and_one_unknown_leaves_it_open():
    def policies(*oids):
        value = der.sequence(*(der.sequence(der.oid(oid)) for oid in oids))
        return extension("2.5.29.32", value, critical=True)

    bank, good, unknown = "1.2.410.200005.1.1.4", "1.2.410.200005.1.1.5", "1.2.3"
    for oids, expected in {
        (bank, good): [],
        (bank, unknown): ["unknown_policy"],
        (bank, bank): ["not_for_tax_invoices"],
    }.items():
        certificate = make("A", CA_ISSUER, (SIGNING, policies(*oids)))
        assert [one.code for one in check_certificate(certificate, STORE, at=AT)] == expected


def test_the_refusal_names_the_kind_for_people():
    policy = issuing.policies("1.2.410.200005.1.1.4", "시험", "http://localhost")
    found = error(make("A", CA_ISSUER, (SIGNING, policy)))
    assert isinstance(found, NotForTaxInvoices)
    assert "은행" in found.text("ko")


# Revocation


class Source:
    """A revocation source that says one thing about the user and one about authorities."""

    def __init__(self, user, authority=None):
        self.user, self.authority = user, authority or Good()

    def status(self, certificate, at):
        assert at == AT
        return self.authority if certificate.is_ca else self.user


REVOKED = Revoked(AT, "keyCompromise")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source(Good()), None),
        (Source(REVOKED), CertificateRevoked),
        (Source(Unknown("stale")), RevocationUnknown),
        (Source(Good(), REVOKED), IssuerRevoked),
        (Source(Good(), Unknown("no_list")), None),
        (Source(Good(), Good(revoked_later=REVOKED)), None),
    ],
)
def test_what_a_revocation_source_says_becomes_a_finding(source, expected):
    found = error(make("A", CA_ISSUER), revocation=source)
    assert found is None if expected is None else isinstance(found, expected)


def test_an_anchor_alone_is_asked_about_too():
    assert isinstance(error(ROOT, revocation=Source(Good(), REVOKED), use="any"), CertificateRevoked)


# Anchors in a folder


def test_a_folder_of_certificates_is_a_trust_store(tmp_path):
    for name in ("root.der", "intermediate.der"):
        shutil.copy(DATA / "ca" / name, tmp_path / name)
    (tmp_path / "README.txt").write_text("not a certificate")
    shutil.copy(folder("biz_etax") / "signCert.der", tmp_path / "user.crt")
    store = TrustStore.from_folder(tmp_path)
    assert store == fixture_store()
    assert check_certificate(sign_certificate("biz_etax"), store, at=AT) == ()


@pytest.mark.parametrize("content", [b"", b"junk"])
def test_a_folder_with_a_damaged_certificate_is_refused_by_name(tmp_path, content):
    shutil.copy(DATA / "ca" / "root.der", tmp_path / "root.der")
    (tmp_path / "damaged.cer").write_bytes(content)
    with pytest.raises(AnchorsUnusable, match=r"damaged\.cer"):
        TrustStore.from_folder(tmp_path)


def test_a_folder_without_a_root_is_refused(tmp_path):
    with pytest.raises(AnchorsUnusable):
        TrustStore.from_folder(tmp_path)
    shutil.copy(DATA / "ca" / "intermediate.der", tmp_path / "ca.der")
    with pytest.raises(AnchorsUnusable):
        TrustStore.from_folder(tmp_path)
    with pytest.raises(AnchorsUnusable):
        TrustStore.from_folder(tmp_path / "none")


def test_a_root_that_only_claims_to_be_self_signed_is_no_anchor(tmp_path):
    root = fixture_certificate("ca/root.der")
    forged = replace(root, signature=bytes(256))
    assert not forged.issued(forged)
    parts = der.parse(root.der).parts
    (tmp_path / "root.der").write_bytes(
        der.sequence(parts[0].encoded, parts[1].encoded, der.bit_string(bytes(256)))
    )
    with pytest.raises(AnchorsUnusable):
        TrustStore.from_folder(tmp_path)
