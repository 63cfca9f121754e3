"""The opened private key and R."""

import copy
import pickle

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from npki_files import (
    CERTIFICATE,
    IDENTITIES,
    MANIFEST,
    PASSPHRASE,
    PLAIN,
    PLAIN_WITHOUT_R,
    R,
    content,
    folder,
)

from dojang.npki import der, pbe, pkcs8
from dojang.npki.certificates import Certificate
from dojang.npki.errors import (
    Damaged,
    DecryptionFailed,
    KeyDoesNotMatchCertificate,
    NpkiError,
    UnsupportedScheme,
)
from dojang.npki.keys import from_private_key_info, open_private_key, private_key_info, require_pair
from dojang.npki.random_number import RandomNumber

RSA_KEY = serialization.load_der_private_key(PLAIN_WITHOUT_R, password=None)
CERTIFIED = Certificate.load(CERTIFICATE).public_key_info


def opened(data: bytes = PLAIN):
    return from_private_key_info(data, scheme="none")


@pytest.mark.parametrize("fixture", MANIFEST["key_schemes"])
def test_every_key_fixture_opens_with_its_r_and_matches_its_certificate(fixture):
    said = MANIFEST["key_schemes"][fixture]
    key = open_private_key(content(said["file"]), said.get("password", PASSPHRASE))
    assert key.random_number == R
    require_pair(key, CERTIFIED)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_every_identity_has_the_r_its_manifest_says(identity):
    key = open_private_key((folder(identity) / "signPri.key").read_bytes(), PASSPHRASE)
    found = key.random_number.reveal().hex() if key.random_number else None
    assert found == IDENTITIES[identity]["R"]


@pytest.mark.parametrize(("file", "code"), MANIFEST["negative"].items())
def test_every_negative_fixture_fails_as_its_manifest_says(file, code):
    with pytest.raises(NpkiError) as caught:
        require_pair(open_private_key(content(f"negative/{file}"), PASSPHRASE), CERTIFIED)
    assert caught.value.code == code.split()[0]


def test_a_signature_is_rsa_sha256_and_verifies_with_the_certificate():
    signature = opened().sign(b"taxinvoice")
    assert Certificate.load(CERTIFICATE).verify(signature, b"taxinvoice")
    RSA_KEY.public_key().verify(signature, b"taxinvoice", padding.PKCS1v15(), hashes.SHA256())
    assert opened().sign(b"taxinvoice") == signature


def test_what_was_encrypted_to_the_key_is_decrypted():
    ciphertext = RSA_KEY.public_key().encrypt(b"session key", padding.PKCS1v15())
    assert opened().decrypt(ciphertext) == b"session key"


@pytest.mark.parametrize("ciphertext", [b"", b"short", bytes(255), b"\xff" * 256, bytes(257)])
def test_what_cannot_be_for_this_key_is_refused(ciphertext):
    with pytest.raises(DecryptionFailed):
        opened().decrypt(ciphertext)


def test_the_public_key_is_that_of_the_certificate():
    assert opened().public_key_info == CERTIFIED


@pytest.mark.parametrize("number", [None, R, RandomNumber(bytes(20)), RandomNumber(b"\0\0" + b"\x01" * 18)])
def test_private_key_info_keeps_every_octet_of_r(number):
    info = private_key_info(RSA_KEY, number)
    assert opened(info).random_number == number
    assert opened(info).public_key_info == CERTIFIED


def test_private_key_info_is_what_the_fixture_holds():
    assert private_key_info(RSA_KEY, R) == PLAIN
    assert private_key_info(RSA_KEY, None) == PLAIN_WITHOUT_R


def test_a_key_of_another_certificate_does_not_match():
    key = open_private_key((folder("biz_etax") / "signPri.key").read_bytes(), PASSPHRASE)
    with pytest.raises(KeyDoesNotMatchCertificate):
        require_pair(key, CERTIFIED)


@pytest.mark.parametrize("public_key_info", [b"", b"\x30\x00", CERTIFIED[:-1], CERTIFICATE])
def test_no_key_matches_a_broken_public_key(public_key_info):
    with pytest.raises(KeyDoesNotMatchCertificate):
        require_pair(opened(), public_key_info)


def test_no_rsa_key_matches_an_elliptic_curve():
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    encoded = curve.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(KeyDoesNotMatchCertificate):
        require_pair(opened(), encoded)


def test_an_elliptic_curve_key_is_unsupported():
    info = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(UnsupportedScheme, match=r"1\.2\.840\.10045\.2\.1"):
        opened(info)


def rsa_private_key(*numbers: int) -> bytes:
    return pkcs8.write(der.sequence(der.integer(0), *map(der.integer, numbers)), None)


NUMBERS = RSA_KEY.private_numbers()
SOUND = (
    NUMBERS.public_numbers.n,
    NUMBERS.public_numbers.e,
    NUMBERS.d,
    NUMBERS.p,
    NUMBERS.q,
    NUMBERS.dmp1,
    NUMBERS.dmq1,
    NUMBERS.iqmp,
)


def test_the_numbers_make_the_key_again():
    assert rsa_private_key(*SOUND) == PLAIN_WITHOUT_R


@pytest.mark.parametrize("which", range(len(SOUND)))
@pytest.mark.parametrize("change", [lambda n: n ^ 2, lambda n: n ^ 1 << 400, lambda _: 0, lambda n: -n])
def test_no_key_with_one_wrong_number_is_accepted(which, change):
    numbers = list(SOUND)
    numbers[which] = change(numbers[which])
    with pytest.raises(Damaged):
        opened(rsa_private_key(*numbers))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30\x00",
        PLAIN[:-1],
        der.sequence(der.integer(7)),
        rsa_private_key(),
        rsa_private_key(*SOUND, 5),
        pkcs8.write(b"", None),
        pkcs8.write(b"\x30\x80", None),
        pkcs8.write(PLAIN, None),
        PLAIN.replace(bytes.fromhex("03150079c4"), bytes.fromhex("03150179c4")),
        PLAIN.replace(bytes.fromhex("3117031500"), bytes.fromhex("3117041500")),
    ],
)
def test_what_is_no_sound_key_is_damaged(data):
    with pytest.raises(Damaged):
        opened(data)


@pytest.mark.parametrize("length", [0, 19, 21])
def test_an_r_of_another_length_is_damaged(length):
    attribute = der.sequence(der.oid(pkcs8.RANDOM_NUMBER), der.set_of(der.bit_string(bytes(length))))
    fields = der.parse(PLAIN_WITHOUT_R).items()
    info = der.sequence(*(part.encoded for part in fields), der.encode(der.context(0), attribute))
    with pytest.raises(Damaged):
        opened(info)


def test_other_attributes_and_a_public_key_are_passed_over():
    other = der.sequence(der.oid("1.2.840.113549.1.9.20"), der.set_of(der.encode(0x1E, b"\0a")))
    attributes = der.encode(der.context(0), other, pkcs8.random_number_attribute(R))
    version, *rest = (part.encoded for part in der.parse(PLAIN_WITHOUT_R).items())
    assert version == der.integer(0)
    info = der.sequence(der.integer(1), *rest, attributes, der.encode(0x81, b"\0", CERTIFIED))
    assert opened(info).random_number == R


@pytest.mark.parametrize("bits", [512, 1023, 4097, 60_000])
@pytest.mark.parametrize("other", [3, pytest.param(2**60_000 + 1, id="60,001 bits")])
def test_keys_shorter_or_longer_than_any_authority_issued_are_damaged_before_their_primes_are_tested(
    bits, other, monkeypatch
):
    monkeypatch.setattr(rsa, "RSAPrivateNumbers", lambda *_: pytest.fail("OpenSSL was asked"))
    with pytest.raises(Damaged):
        opened(rsa_private_key(2**bits - 1, *[other] * 7))


def test_a_key_of_more_than_two_primes_is_damaged():
    with pytest.raises(Damaged):
        opened(pkcs8.write(der.sequence(der.integer(1), *map(der.integer, SOUND)), None))


def test_a_key_whose_own_signature_does_not_verify_is_damaged(monkeypatch):
    monkeypatch.setattr("dojang.npki.keys.rsa_verifies", lambda *_: False)
    with pytest.raises(Damaged):
        opened()


def test_a_key_of_1024_bits_from_the_old_days_opens():
    old = rsa.generate_private_key(65537, 1024)
    encrypted = pbe.encrypt(private_key_info(old, R), PASSPHRASE, iterations=1)
    assert open_private_key(encrypted, PASSPHRASE).random_number == R


def test_a_key_can_take_another_r():
    key = opened(PLAIN_WITHOUT_R)
    assert key.random_number is None
    assert key.with_random_number(R).random_number == R
    assert key.random_number is None


@pytest.mark.parametrize("secret", [opened(), R], ids=["key", "R"])
def test_secrets_are_neither_pickled_nor_copied_nor_changed(secret):
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(secret)
    with pytest.raises(TypeError, match="pickled"):
        copy.deepcopy(secret)
    for name in ("scheme", "new", "_RandomNumber__octets"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(secret, name, b"x")
        with pytest.raises((AttributeError, TypeError)):
            delattr(secret, name)


def test_the_repr_of_a_key_says_its_kind_only():
    assert repr(opened()) == "<PrivateKey RSA-2048 with R, none>"
    assert repr(opened(PLAIN_WITHOUT_R)) == "<PrivateKey RSA-2048 without R, none>"


def test_r_is_twenty_octets_compared_as_a_value():
    assert RandomNumber(bytes(20)) == RandomNumber(bytearray(20))
    assert RandomNumber(bytes(20)) != RandomNumber(b"\x01" * 20)
    assert RandomNumber(bytes(20)) != bytes(20)
    assert len({RandomNumber(bytes(20)), RandomNumber(bytes(20)), R}) == 2
    assert R.reveal().hex() == IDENTITIES["person_general"]["R"]
    assert repr(R) == str(R) == f"{R}" == "RandomNumber(…)"


@pytest.mark.parametrize("length", [0, 19, 21, 160])
def test_r_has_no_other_length(length):
    with pytest.raises(ValueError, match="20 octets"):
        RandomNumber(bytes(length))
