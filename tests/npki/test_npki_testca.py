"""The test CA: what it makes passes our own checks, reads like the real thing, and openssl accepts it."""

import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from npki_authorities import codes, real_certificate
from npki_files import folder

from dojang.npki import der, discover, keys, pbe, pfx
from dojang.npki.certificates import Certificate
from dojang.npki.crl import Crl, CrlStore
from dojang.npki.errors import NotThisBusinessNumber, UnsupportedScheme
from dojang.npki.findings import AnchorsUnusable
from dojang.npki.identity import open_identity
from dojang.npki.names import BMP_STRING, UTF8_STRING
from dojang.npki.testca import CA_NAME, TestCA, TestIdentity
from dojang.npki.trust import TrustStore, check_certificate
from dojang.npki.vid import vid_matches

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
NUMBER, NAME, PASSPHRASE = "9998100015", "(주)도장상사", "Test-CA!2026"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def ca():
    return TestCA.create(NOW)


@pytest.fixture(scope="module")
def identity(ca):
    return ca.issue(NUMBER, NAME, passphrase=PASSPHRASE, with_km=True)


def issue(ca, **options):
    return ca.issue(NUMBER, NAME, passphrase=PASSPHRASE, **options)


# What is issued


def test_an_identity_is_accepted_for_tax_invoices_and_belongs_to_its_number(ca, identity):
    assert check_certificate(identity.certificate, ca.store, at=NOW) == ()
    assert vid_matches(identity.certificate, identity.random_number, "999-81-00015")
    assert not vid_matches(identity.certificate, identity.random_number, "9998600010")
    assert identity.certificate.owner == NAME


def test_every_name_says_test(ca, identity):
    for certificate in (
        ca.root,
        ca.authority,
        identity.certificate,
        ca.issue_server("NTS", usage="encryption").certificate,
    ):
        assert "TEST" in certificate.common_name
        assert "TEST" in certificate.issuer
    assert "TEST".encode("utf-16-be") in identity.certificate.der  # the notice people are shown


def test_nobody_else_trusts_it(identity):
    assert codes(check_certificate(identity.certificate, TrustStore.korea(), at=NOW)) == ["untrusted_issuer"]


def test_two_test_authorities_of_the_same_name_do_not_vouch_for_each_other(identity):
    other = TestCA.create(NOW)
    assert codes(check_certificate(identity.certificate, other.store, at=NOW)) == ["untrusted_issuer"]


def test_the_key_file_opens_and_belongs_to_the_certificate(identity):
    for encrypted, pair in (
        (identity.encrypted_key, identity.pair),
        (identity.encrypted_km_key, identity.km),
    ):
        key = keys.open_private_key(encrypted, PASSPHRASE)
        keys.require_pair(key, pair.certificate.public_key_info)
        assert key.random_number == identity.random_number
        assert key.scheme == pbe.DEFAULT_SCHEME


def test_the_pfx_holds_the_signing_pair_with_r(identity):
    (entry,) = pfx.read(identity.pfx, PASSPHRASE)
    assert entry.key.random_number == identity.random_number
    assert entry.certificate == identity.certificate.der


def test_the_km_pair_is_for_encryption(ca, identity):
    assert check_certificate(identity.km.certificate, ca.store, at=NOW, use="encryption") == ()
    assert codes(check_certificate(identity.km.certificate, ca.store, at=NOW)) == ["wrong_key_usage"]


@pytest.mark.parametrize("scheme", [name for name in pbe.SCHEMES if not name.startswith("pkcs12")])
def test_every_scheme_can_be_asked_for(ca, scheme):
    opened = keys.open_private_key(issue(ca, scheme=scheme).encrypted_key, PASSPHRASE)
    assert opened.random_number is not None


def test_an_unknown_scheme_is_refused(ca):
    with pytest.raises(UnsupportedScheme):
        issue(ca, scheme="rot13")


def test_validity_and_policy_are_as_asked_for(ca):
    expired = issue(ca, expired=True).certificate
    assert codes(check_certificate(expired, ca.store, at=NOW)) == ["expired"]
    assert codes(check_certificate(expired, ca.store, at=expired.valid_from)) == []
    future = issue(ca, valid_from=NOW + DAY, days=10).certificate
    assert codes(check_certificate(future, ca.store, at=NOW)) == ["not_yet_valid"]
    assert future.valid_to - future.valid_from == 10 * DAY
    exact = issue(ca, valid_from=NOW, valid_to=NOW + DAY).certificate
    assert (exact.valid_from, exact.valid_to) == (NOW, NOW + DAY)
    bank = issue(ca, policy="1.2.410.200005.1.1.4").certificate
    assert codes(check_certificate(bank, ca.store, at=NOW)) == ["not_for_tax_invoices"]
    late = issue(ca, valid_to=datetime(2050, 1, 1, tzinfo=UTC)).certificate
    assert late.valid_to.year == 2050


def test_an_identity_without_r_has_a_vid_nobody_can_prove(ca):
    identity = issue(ca, with_random_number=False)
    assert identity.random_number is None
    assert identity.certificate.vid is not None
    assert keys.open_private_key(identity.encrypted_key, PASSPHRASE).random_number is None


def test_an_old_vid_uses_sha1(ca):
    identity = issue(ca, hash_name="sha1")
    assert identity.certificate.vid.hash_name == "sha1"
    assert vid_matches(identity.certificate, identity.random_number, NUMBER)


def test_a_number_that_is_none_is_refused(ca):
    with pytest.raises(NotThisBusinessNumber):
        ca.issue("12345", NAME, passphrase=PASSPHRASE)


def test_machines_get_certificates_for_their_use(ca):
    encryption, signature = (
        ca.issue_server("NTS", usage="encryption"),
        ca.issue_server("ERP", usage="signature", number=NUMBER),
    )
    assert check_certificate(encryption.certificate, ca.store, at=NOW, use="encryption") == ()
    assert check_certificate(signature.certificate, ca.store, at=NOW, use="signature") == ()
    assert codes(check_certificate(signature.certificate, ca.store, at=NOW)) == ["not_for_tax_invoices"]
    assert encryption.certificate.vid is None
    assert signature.certificate.vid is not None
    key = keys.from_private_key_info(encryption.private_key_info, scheme="none")
    keys.require_pair(key, encryption.certificate.public_key_info)


def _shape(element, depth=0):
    """Tags and object identifiers of a certificate, without the values that differ from one to the next."""
    kept = element.oid() if element.tag == der.OBJECT_IDENTIFIER else ""
    return [(depth, element.tag, kept), *(line for part in element.parts for line in _shape(part, depth + 1))]


def _extensions(certificate):
    """By object identifier and criticality, in the order of the certificate: the shape of the value."""
    found = der.parse(certificate.signed_part).parts[-1].parts[0].parts
    return {
        b"".join(part.encoded for part in extension.parts[:-1]): _shape(
            der.parse(extension.parts[-1].octets())
        )
        for extension in found
    }


POLICIES = der.oid("2.5.29.32") + b"\x01\x01\xff"


def test_the_bytes_have_the_shape_of_an_issued_certificate(identity):
    """Same extensions in the same order, with the same criticality, types and object identifiers inside."""
    model = Certificate.load((folder("biz_etax") / "signCert.der").read_bytes())
    ours, theirs = _extensions(identity.certificate), _extensions(model)
    assert list(ours) == list(theirs)
    # The model writes its notice as UTF8String; issued certificates have a BMPString there.
    notice = theirs[POLICIES].index((5, UTF8_STRING, ""))
    theirs[POLICIES][notice] = (5, BMP_STRING, "")
    assert ours == theirs
    assert _shape(der.parse(identity.certificate.subject_name.encoded)) == _shape(
        der.parse(model.subject_name.encoded)
    )


def test_the_authority_has_what_real_authorities_have(ca):
    real = real_certificate("yessignCA-Class3.der")
    ours = ca.authority
    assert (ours.critical_extensions, ours.path_length, ours.needs_policy) == (
        real.critical_extensions,
        real.path_length,
        real.needs_policy,
    )
    assert ours.key_usage == real.key_usage
    assert ours.policy_oids == real.policy_oids


def test_serial_numbers_never_repeat(ca):
    serials = [ca._register.claim_serial() for _ in range(1000)]
    assert len(set(serials)) == 1000
    assert all(0 < serial < 2**31 for serial in serials)


# Revocation


def test_a_revoked_certificate_is_on_the_list_from_its_instant(ca):
    identity = issue(ca)
    ca.revoke(identity.certificate.serial, NOW + DAY)
    ca.revoke(identity.certificate.serial, NOW + 5 * DAY)

    def source(at):
        return CrlStore([Crl.load(ca.crl(at)), Crl.load(ca.arl(at))], ca.store.certificates)

    assert check_certificate(identity.certificate, ca.store, at=NOW, revocation=source(NOW)) == ()
    later = NOW + 2 * DAY
    assert codes(check_certificate(identity.certificate, ca.store, at=later, revocation=source(later))) == [
        "revoked"
    ]
    assert Crl.load(ca.crl(later)).entries[identity.certificate.serial].when == NOW + DAY
    assert codes(
        check_certificate(identity.certificate, ca.store, at=NOW + 30 * DAY, revocation=source(NOW))
    ) == ["revocation_unknown"]


# In a folder


def test_a_folder_keeps_its_authority_and_what_it_revoked(tmp_path):
    first = TestCA.load_or_create(tmp_path, now=NOW)
    identity = issue(first)
    first.revoke(identity.certificate.serial, NOW)
    first.revoke(identity.certificate.serial, NOW - DAY)
    again = TestCA.load_or_create(tmp_path, now=NOW + DAY)
    assert again.root == first.root
    assert Crl.load(again.crl(NOW)).entries[identity.certificate.serial].when == NOW
    assert check_certificate(issue(again).certificate, first.store, at=NOW + DAY) == ()
    assert TrustStore.from_folder(tmp_path / "testca") == first.store


def test_keys_are_readable_by_their_owner_only(tmp_path):
    ca = TestCA.load_or_create(tmp_path, now=NOW)
    home, archive = ca.write(issue(ca, with_km=True), tmp_path)
    for file in (*tmp_path.glob("testca/*.key"), *home.iterdir(), archive):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_identity_is_written_as_npki_folders_are(tmp_path, ca, identity):
    home, archive = ca.write(identity, tmp_path)
    assert home == tmp_path / "NPKI" / CA_NAME / "USER" / identity.certificate.subject
    assert sorted(file.name for file in home.iterdir()) == [
        "kmCert.der",
        "kmPri.key",
        "signCert.der",
        "signPri.key",
    ]
    assert (home / "signCert.der").read_bytes() == identity.certificate.der
    assert (home / "signPri.key").read_bytes() == identity.encrypted_key
    assert archive.read_bytes() == identity.pfx
    assert archive.suffix == ".pfx"
    assert ca.write(identity, tmp_path) == (home, archive)


def test_what_is_written_is_found_and_opens(tmp_path, ca, identity):
    home, archive = ca.write(identity, tmp_path)
    (found,) = discover.find_certificates([tmp_path])
    assert (found.folder, found.certificate, found.has_km) == (home.resolve(), identity.certificate, True)
    for place in (home, archive):
        opened = open_identity(place, PASSPHRASE)
        assert opened.certificate == identity.certificate
        assert opened.key.random_number == identity.random_number
        assert opened.certificate.verify(opened.sign(b"data"), b"data")


def test_an_identity_without_km_has_two_files(tmp_path, ca):
    home, _ = ca.write(issue(ca), tmp_path)
    assert sorted(file.name for file in home.iterdir()) == ["signCert.der", "signPri.key"]


@pytest.mark.parametrize("name", ["../../etc", "a/b\\c:d*e?f", "가" * 100, "\x00\x1b[2J", ".", " "])
def test_a_name_cannot_leave_the_folder_or_be_too_long(tmp_path, ca, name):
    identity = ca.issue(NUMBER, name, passphrase=PASSPHRASE)
    home, archive = ca.write(identity, tmp_path)
    assert home.parent == tmp_path / "NPKI" / CA_NAME / "USER"
    assert archive.parent == tmp_path
    assert len(home.name.encode()) <= 220
    assert (home / "signCert.der").read_bytes() == identity.certificate.der


def test_two_processes_that_make_the_same_folder_agree(tmp_path):
    code = (
        "import sys; from datetime import *; from pathlib import Path; from dojang.npki.testca import TestCA;"
        f"print(TestCA.load_or_create(Path(sys.argv[1]), now=datetime.fromisoformat('{NOW.isoformat()}')).root.fingerprint)"
    )
    with ThreadPoolExecutor(3) as pool:
        found = list(
            pool.map(
                lambda _: (
                    subprocess.run(
                        [sys.executable, "-c", code, str(tmp_path)],
                        capture_output=True,
                        text=True,
                        check=True,
                    ).stdout
                ),
                range(3),
            )
        )
    assert len(set(found)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["testca"]


def test_who_comes_second_keeps_the_first(tmp_path, monkeypatch):
    first = TestCA.load_or_create(tmp_path / "first", now=NOW)
    from dojang.npki import testca

    created = testca._create

    def create_while_another_is_faster(now):
        shutil.copytree(tmp_path / "first" / "testca", tmp_path / "second" / "testca")
        return created(now)

    monkeypatch.setattr(testca, "_create", create_while_another_is_faster)
    assert TestCA.load_or_create(tmp_path / "second", now=NOW).root == first.root
    assert [file.name for file in (tmp_path / "second").iterdir()] == ["testca"]


def test_a_folder_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path, monkeypatch):
    from pathlib import Path

    def refuse(self, target):
        raise PermissionError(str(target))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        TestCA.load_or_create(tmp_path, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_no_half_file(tmp_path, ca, identity, monkeypatch):
    from pathlib import Path

    home, _ = ca.write(identity, tmp_path)
    before = {file.name: file.read_bytes() for file in home.iterdir()}

    def refuse(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        ca.write(identity, tmp_path)
    monkeypatch.undo()
    assert {file.name: file.read_bytes() for file in home.iterdir()} == before


@pytest.mark.parametrize("damage", ["root.der", "ca.der", "root.key", "ca.key"])
def test_a_damaged_folder_is_refused(tmp_path, damage):
    TestCA.load_or_create(tmp_path, now=NOW)
    file = tmp_path / "testca" / damage
    file.write_bytes(b"junk")
    with pytest.raises(AnchorsUnusable):
        TestCA.load_or_create(tmp_path, now=NOW)
    file.unlink()
    with pytest.raises(AnchorsUnusable):
        TestCA.load_or_create(tmp_path, now=NOW)


def test_a_key_of_another_certificate_or_kind_is_refused(tmp_path):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    TestCA.load_or_create(tmp_path, now=NOW)
    home = tmp_path / "testca"
    right = (home / "ca.key").read_bytes()
    elliptic = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for wrong in ((home / "root.key").read_bytes(), elliptic):
        (home / "ca.key").write_bytes(wrong)
        with pytest.raises(AnchorsUnusable):
            TestCA.load_or_create(tmp_path, now=NOW)
    (home / "ca.key").write_bytes(right)
    TestCA.load_or_create(tmp_path, now=NOW)


def test_a_claimed_serial_number_is_not_given_again(tmp_path, monkeypatch):
    from dojang.npki import testca

    for ca in (TestCA.load_or_create(tmp_path, now=NOW), TestCA.create(NOW)):
        numbers = iter([5, 5, 6])
        monkeypatch.setattr(testca, "_random_serial", lambda numbers=numbers: next(numbers))
        assert [ca._register.claim_serial(), ca._register.claim_serial()] == [5, 6]


# Secrets


def test_neither_r_nor_a_key_shows_in_a_repr(ca, identity):
    secret = identity.random_number.reveal()
    for shown in (repr(identity), repr(identity.pair), repr(ca), str(identity)):
        assert secret.hex() not in shown
        assert repr(secret)[2:-1] not in shown
        assert identity.private_key_info.hex()[100:140] not in shown
        assert "private_key_info" not in shown
        assert PASSPHRASE not in shown


def test_a_naive_now_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        TestCA.create(NOW.replace(tzinfo=None))


def test_pytest_does_not_take_it_for_a_test():
    assert TestCA.__test__ is TestIdentity.__test__ is False


# openssl


def openssl(home, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=home, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the openssl program is not installed"
)


@pytest.fixture(scope="module")
def pem_files(ca, identity, tmp_path_factory):
    home = tmp_path_factory.mktemp("openssl")
    contents = {
        "root": ca.root.der,
        "ca": ca.authority.der,
        "user": identity.certificate.der,
        "km": identity.km.certificate.der,
    }
    for name, content in contents.items():
        (home / f"{name}.der").write_bytes(content)
        assert openssl(home, "x509", "-inform", "der", "-in", f"{name}.der", "-out", f"{name}.pem")[0] == 0
    for name, content in {"crl": ca.crl(NOW), "arl": ca.arl(NOW)}.items():
        (home / f"{name}.der").write_bytes(content)
        assert openssl(home, "crl", "-inform", "der", "-in", f"{name}.der", "-out", f"{name}.pem")[0] == 0
    return home


VERIFY = ("verify", "-x509_strict", "-attime", str(int(NOW.timestamp())))
# Korean authorities demand an explicit policy; openssl then wants to know which one is meant.
FOR_TAX_INVOICES = ("-policy_check", "-policy", "1.2.410.200005.1.1.6.8")


@needs_openssl
@pytest.mark.interop
def test_openssl_prints_the_certificate(pem_files):
    status, text = openssl(pem_files, "x509", "-in", "user.pem", "-noout", "-text", "-nameopt", "utf8")
    assert status == 0
    for line in (
        "Digital Signature, Non Repudiation",
        "Policy: 1.2.410.200005.1.1.6.8",
        "ou=dp1p1",
        "serial:10:28",
    ):
        assert line in text
    assert f"CN={NAME}(TEST)" in text


@needs_openssl
@pytest.mark.interop
@pytest.mark.parametrize("name", ["user", "km"])
def test_openssl_builds_the_chain_and_reads_the_list(pem_files, name):
    arguments = (
        "-CAfile",
        "root.pem",
        "-untrusted",
        "ca.pem",
        "-crl_check",
        "-CRLfile",
        "crl.pem",
        "-extended_crl",
    )
    status, text = openssl(pem_files, *VERIFY, *FOR_TAX_INVOICES, *arguments, f"{name}.pem")
    assert (status, text) == (0, f"{name}.pem: OK\n")
    for_banks = ("-policy_check", "-policy", "1.2.410.200005.1.1.4")
    assert "no explicit policy" in openssl(pem_files, *VERIFY, *for_banks, *arguments, f"{name}.pem")[1]


@needs_openssl
@pytest.mark.interop
def test_openssl_accepts_the_authority_and_its_list(pem_files):
    arguments = ("-CAfile", "root.pem", "-crl_check", "-CRLfile", "arl.pem", "-extended_crl", "ca.pem")
    assert openssl(pem_files, *VERIFY, *arguments) == (0, "ca.pem: OK\n")


@needs_openssl
@pytest.mark.interop
@pytest.mark.parametrize(("name", "by"), [("crl", "ca"), ("arl", "root")])
def test_openssl_verifies_the_lists(pem_files, name, by):
    status, text = openssl(pem_files, "crl", "-in", f"{name}.pem", "-noout", "-CAfile", f"{by}.pem")
    assert (status, text.strip()) == (0, "verify OK")


@needs_openssl
@pytest.mark.interop
def test_openssl_sees_what_is_revoked(tmp_path, pem_files, ca, identity):
    home = tmp_path
    for file in pem_files.glob("*.pem"):
        shutil.copy(file, home)
    doomed = issue(ca)
    ca.revoke(doomed.certificate.serial, NOW)
    (home / "doomed.der").write_bytes(doomed.certificate.der)
    (home / "new.der").write_bytes(ca.crl(NOW))
    openssl(home, "x509", "-inform", "der", "-in", "doomed.der", "-out", "doomed.pem")
    openssl(home, "crl", "-inform", "der", "-in", "new.der", "-out", "new.pem")
    arguments = (
        "-CAfile",
        "root.pem",
        "-untrusted",
        "ca.pem",
        "-crl_check",
        "-CRLfile",
        "new.pem",
        "-extended_crl",
    )
    status, text = openssl(home, *VERIFY, *arguments, "doomed.pem")
    assert status != 0
    assert "certificate revoked" in text
    assert openssl(home, *VERIFY, *arguments, "user.pem")[0] == 0
