"""EncryptedPrivateKeyInfo: every scheme, every passphrase form, every bound."""

import shutil
import subprocess
import unicodedata
from dataclasses import replace
from functools import partial

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st
from npki_files import MANIFEST, PASSPHRASE, PLAIN, PLAIN_WITHOUT_R, content

from dojang.npki import der, pbe
from dojang.npki.errors import (
    FileTooLarge,
    IterationsRefused,
    MalformedFile,
    PassphraseUnusable,
    UnsupportedScheme,
    WrongPassphraseOrDamaged,
)

NAMES_OF_THE_FORMAT = [
    "pbes1-seedCBCWithSHA1",
    "pbes1-seedCBC-fixedIV-pbkdf1",
    "pbes1-seedCBC-fixedIV-pbkdf2",
    "pbes2-seed-hmacSHA1",
    "pbes2-seed-hmacSHA256",
    "pbes2-seed-hmacSHA512",
    *(
        f"pbes2-{cipher}{bits}-{prf}"
        for cipher in ("aria", "aes")
        for bits in (128, 192, 256)
        for prf in ("hmacSHA1", "hmacSHA256", "hmacSHA384", "hmacSHA512")
    ),
]
OPENABLE_BY_OPENSSL = [
    "pbes2-seed-hmacSHA1",
    "pbes2-seed-hmacSHA256",
    "pbes2-aria192-hmacSHA256",
    "pbes2-aes256-hmacSHA512",
]
SURROGATE = "비밀\ud800번호"

encrypt = partial(pbe.encrypt, PLAIN, PASSPHRASE, iterations=3)


def test_the_table_holds_every_scheme_of_the_format():
    assert set(NAMES_OF_THE_FORMAT) <= set(pbe.SCHEMES)
    assert all(name == scheme.name for name, scheme in pbe.SCHEMES.items())


@pytest.mark.parametrize("name", pbe.SCHEMES)
def test_every_scheme_opens_what_it_encrypts(name):
    assert pbe.decrypt(encrypt(scheme=name), PASSPHRASE) == (PLAIN, name)


@pytest.mark.parametrize("name", pbe.SCHEMES)
def test_every_scheme_refuses_a_wrong_passphrase(name):
    with pytest.raises(WrongPassphraseOrDamaged):
        pbe.decrypt(encrypt(scheme=name), PASSPHRASE + " ")


@pytest.mark.parametrize("fixture", MANIFEST["key_schemes"])
def test_the_fixture_is_opened_under_the_name_of_its_scheme(fixture):
    said = MANIFEST["key_schemes"][fixture]
    plain, scheme = pbe.decrypt(content(said["file"]), said.get("password", PASSPHRASE))
    assert plain == PLAIN
    assert fixture.startswith((scheme, "pbes1-pw-"))


@pytest.mark.parametrize("passphrase", ["", "짧음", "비밀번호Test12!", "a" * 10_000, "\0", "e\u0301é", "🔑"])
@pytest.mark.parametrize("name", ["pbes1-seedCBCWithSHA1", "pbes2-aes256-hmacSHA256", "pkcs12-3des"])
def test_any_passphrase_that_has_an_encoding_works(name, passphrase):
    encrypted = pbe.encrypt(PLAIN, passphrase, scheme=name, iterations=2)
    assert pbe.decrypt(encrypted, passphrase)[0] == PLAIN


@pytest.mark.parametrize("file", ["keys/pbes1-pw-korean-cp949.key", "keys/pbes1-pw-korean-utf8.key"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_korean_passphrase_opens_in_either_unicode_form(file, form):
    assert pbe.decrypt(content(file), unicodedata.normalize(form, "비밀번호Test12!"))[0] == PLAIN


def test_a_passphrase_without_encoding_opens_nothing_and_encrypts_nothing():
    with pytest.raises(WrongPassphraseOrDamaged):
        pbe.decrypt(encrypt(scheme="pbes2-aes128-hmacSHA1"), SURROGATE)
    with pytest.raises(WrongPassphraseOrDamaged):
        pbe.decrypt(encrypt(scheme="pkcs12-3des"), SURROGATE)
    with pytest.raises(PassphraseUnusable):
        pbe.encrypt(PLAIN, SURROGATE)


def test_two_encryptions_share_nothing():
    assert encrypt(scheme="pbes1-seedCBCWithSHA1") != encrypt(scheme="pbes1-seedCBCWithSHA1")


def iterations_of(encrypted: bytes) -> int:
    algorithm = der.parse(encrypted).fields().next()
    return pbe.read_algorithm(algorithm)[1].iterations


def test_without_a_count_a_file_is_as_issued_and_pbes2_as_kept_at_rest():
    assert iterations_of(pbe.encrypt(PLAIN, PASSPHRASE)) == 2_048
    assert pbe.decrypt(pbe.encrypt(PLAIN, PASSPHRASE), PASSPHRASE)[1] == "pbes1-seedCBCWithSHA1"
    assert iterations_of(pbe.encrypt(PLAIN, PASSPHRASE, scheme="pbes2-aes256-hmacSHA256")) == 600_000


@pytest.mark.parametrize("iterations", [0, -1, pbe.MAX_ITERATIONS + 1, 2**31 - 1, 2**64])
def test_no_file_is_written_with_a_count_that_would_be_refused(iterations):
    with pytest.raises(IterationsRefused):
        pbe.encrypt(PLAIN, PASSPHRASE, scheme="pbes2-seed-hmacSHA1", iterations=iterations)


def test_an_unknown_scheme_is_not_written():
    with pytest.raises(UnsupportedScheme, match="pbes3"):
        pbe.encrypt(PLAIN, PASSPHRASE, scheme="pbes3")


def pbes1(salt: bytes, iterations: bytes, *, oid: str = "1.2.410.200004.1.15") -> bytes:
    algorithm = der.sequence(der.oid(oid), der.sequence(salt, iterations))
    return der.sequence(algorithm, der.octet_string(bytes(16)))


@pytest.mark.parametrize(
    "count", [0, -5, pbe.MAX_ITERATIONS + 1, 2**31 - 1, 2**63, pytest.param(2**20_000, id="2500 octets")]
)
@pytest.mark.parametrize("oid", ["1.2.410.200004.1.15", "1.2.410.200004.1.4", "1.2.840.113549.1.12.1.3"])
def test_a_count_no_honest_file_has_is_refused_before_any_work(count, oid, monkeypatch):
    def derive(*_):
        pytest.fail("a key was derived")

    never = {name: replace(scheme, derive=derive) for name, scheme in pbe.SCHEMES.items()}
    monkeypatch.setattr(pbe, "SCHEMES", never)
    hostile = pbes1(der.octet_string(b"saltsalt"), der.integer(count), oid=oid)
    with pytest.raises(IterationsRefused):
        pbe.decrypt(hostile, PASSPHRASE)


def pbes2(
    salt: bytes = der.octet_string(b"saltsalt"),
    iterations: int = 2,
    options: tuple[bytes, ...] = (),
    iv: bytes = bytes(16),
    kdf: str = "1.2.840.113549.1.5.12",
    cipher: str = "2.16.840.1.101.3.4.1.2",
) -> bytes:
    pbkdf2 = der.sequence(der.oid(kdf), der.sequence(salt, der.integer(iterations), *options))
    encryption = der.sequence(der.oid(cipher), der.octet_string(iv))
    algorithm = der.sequence(der.oid("1.2.840.113549.1.5.13"), der.sequence(pbkdf2, encryption))
    return der.sequence(algorithm, der.octet_string(bytes(16)))


def prf(oid: str) -> bytes:
    return der.sequence(der.oid(oid), der.null())


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (pbes2(), WrongPassphraseOrDamaged),
        (pbes2(options=(der.integer(16), prf("1.2.840.113549.2.9"))), WrongPassphraseOrDamaged),
        (pbes2(options=(der.integer(32),)), MalformedFile),
        (pbes2(options=(der.integer(-(2**5000)),)), MalformedFile),
        (pbes2(options=(der.null(),)), MalformedFile),
        (pbes2(iv=bytes(15)), MalformedFile),
        (pbes2(iv=b""), MalformedFile),
        (pbes2(iterations=2**31 - 1), IterationsRefused),
        (pbes2(salt=prf("1.2.3")), MalformedFile),
        (pbes2(kdf="1.3.6.1.4.1.11591.4.11"), UnsupportedScheme),
        (pbes2(cipher="1.2.410.100001.1.7"), UnsupportedScheme),
        (pbes2(options=(prf("1.2.840.113549.2.99"),)), UnsupportedScheme),
        (pbes1(der.octet_string(b""), der.integer(1)), WrongPassphraseOrDamaged),
        (pbes1(der.null(), der.integer(1)), MalformedFile),
        (pbes1(der.octet_string(b"salt"), der.null()), MalformedFile),
        (pbes1(der.octet_string(b"salt"), der.integer(1), oid="1.2.410.200004.1.11"), UnsupportedScheme),
        (content("negative/unknown-alg.key"), UnsupportedScheme),
        (content("negative/huge-iterations.key"), IterationsRefused),
        (content("negative/bitflip-last-block.key"), WrongPassphraseOrDamaged),
        (content("negative/empty.key"), MalformedFile),
        (content("negative/text.key"), MalformedFile),
        (content("negative/truncated.key"), MalformedFile),
        (PLAIN, MalformedFile),
        (content("keys/signCert.der"), MalformedFile),
        (content("pfx/modern-openssl3-style-noR.p12"), MalformedFile),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_for_what_it_is(file, refusal):
    with pytest.raises(refusal) as caught:
        pbe.decrypt(file, PASSPHRASE)
    assert type(caught.value) is refusal


@pytest.mark.parametrize("length", [0, 1, 15, 17])
def test_a_ciphertext_of_no_whole_blocks_is_malformed(length):
    parts = der.parse(content("keys/pbes1-seedCBCWithSHA1-1.key")).items()
    with pytest.raises(MalformedFile):
        pbe.decrypt(der.sequence(parts[0].encoded, der.octet_string(bytes(length))), PASSPHRASE)


def test_trailing_octets_are_malformed():
    with pytest.raises(MalformedFile):
        pbe.decrypt(content("keys/pbes1-seedCBCWithSHA1-1.key") + b"\0", PASSPHRASE)


def test_a_file_longer_than_a_key_can_be_is_not_looked_into():
    with pytest.raises(FileTooLarge):
        pbe.decrypt(bytes(pbe.MAX_SIZE + 1), PASSPHRASE)


@given(passphrase=st.text(max_size=30))
@settings(max_examples=30, deadline=None)
def test_the_old_schemes_are_told_apart_by_their_plaintext(passphrase):
    old = [name for name, scheme in pbe.SCHEMES.items() if scheme.oid == "1.2.410.200004.1.4"]
    assert len(old) == 3
    for name in old:
        assert pbe.decrypt(pbe.encrypt(PLAIN, passphrase, scheme=name, iterations=1), passphrase)[1] == name


@pytest.mark.interop
@pytest.mark.parametrize("name", OPENABLE_BY_OPENSSL)
def test_openssl_opens_what_is_encrypted(name, tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    file = tmp_path / "signPri.key"
    file.write_bytes(encrypt(scheme=name))
    command = ["openssl", "pkcs8", "-inform", "DER", "-in", str(file), "-passin", f"pass:{PASSPHRASE}"]
    answer = subprocess.run(
        [*command, "-outform", "DER", "-provider", "legacy", "-provider", "default"],
        capture_output=True,
        check=False,
    )
    if b"unsupported" in answer.stderr:
        pytest.skip("this openssl lacks the cipher")
    assert answer.returncode == 0, answer.stderr
    opened = serialization.load_der_private_key(answer.stdout, password=None)
    original = serialization.load_der_private_key(PLAIN_WITHOUT_R, password=None)
    assert opened.private_numbers() == original.private_numbers()
