"""SEED, ARIA and RC2 against the vectors of their RFCs and against independent implementations."""

import shutil
import subprocess

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers import algorithms as decrepit
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from dojang.npki import ciphers
from dojang.npki.aria import Aria
from dojang.npki.rc2 import Rc2
from dojang.npki.seed import Seed

BLOCK = st.binary(min_size=16, max_size=16)

# RFC 4269 appendix B
SEED_VECTORS = [
    ("00" * 16, "000102030405060708090a0b0c0d0e0f", "5ebac6e0054e166819aff1cc6d346cdb"),
    ("000102030405060708090a0b0c0d0e0f", "00" * 16, "c11f22f20140505084483597e4370f43"),
    (
        "4706480851e61be85d74bfb3fd956185",
        "83a2f8a288641fb9a4e9a5cc2f131c7d",
        "ee54d13ebcae706d226bc3142cd40d4a",
    ),
    (
        "28dbc3bc49ffd87dcfa509b11d422be7",
        "b41e6be2eba84a148e2eed84593c5ec7",
        "9b9b7bfcd1813cb95d0b3618f40f5122",
    ),
]

# RFC 5794 appendix A
ARIA_PLAINTEXT = "00112233445566778899aabbccddeeff"
ARIA_VECTORS = [
    (16, "d718fbd6ab644c739da95f3be6451778"),
    (24, "26449c1805dbe7aa25a468ce263a9e79"),
    (32, "f92bd7c79fb72e2f2b8f80c1972d24fc"),
]

# RFC 2268 5
RC2_VECTORS = [
    ("0000000000000000", 63, "0000000000000000", "ebb773f993278eff"),
    ("ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"),
    ("3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"),
    ("88", 64, "0000000000000000", "61a8a244adacccf0"),
    ("88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"),
    ("88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"),
    ("88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"),
    (
        "88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e",
        129,
        "0000000000000000",
        "5b78d3a43dfff1f1",
    ),
]


@pytest.mark.parametrize(("key", "plaintext", "ciphertext"), SEED_VECTORS)
def test_seed_gives_the_vectors_of_rfc_4269(key, plaintext, ciphertext):
    seed = Seed(bytes.fromhex(key))
    assert seed.encrypt_block(bytes.fromhex(plaintext)).hex() == ciphertext
    assert seed.decrypt_block(bytes.fromhex(ciphertext)).hex() == plaintext


@pytest.mark.parametrize(("key_length", "ciphertext"), ARIA_VECTORS)
def test_aria_gives_the_vectors_of_rfc_5794(key_length, ciphertext):
    aria = Aria(bytes(range(key_length)))
    assert aria.encrypt_block(bytes.fromhex(ARIA_PLAINTEXT)).hex() == ciphertext
    assert aria.decrypt_block(bytes.fromhex(ciphertext)).hex() == ARIA_PLAINTEXT


@pytest.mark.parametrize(("key", "bits", "plaintext", "ciphertext"), RC2_VECTORS)
def test_rc2_gives_the_vectors_of_rfc_2268(key, bits, plaintext, ciphertext):
    rc2 = Rc2(bytes.fromhex(key), effective_bits=bits)
    assert rc2.encrypt_block(bytes.fromhex(plaintext)).hex() == ciphertext
    assert rc2.decrypt_block(bytes.fromhex(ciphertext)).hex() == plaintext


def library_seed(key: bytes) -> Cipher:
    try:
        cipher = Cipher(decrepit.SEED(key), modes.ECB())
        cipher.encryptor()
    except (AttributeError, UnsupportedAlgorithm):
        pytest.skip("this cryptography has no SEED to compare with")
    return cipher


@given(key=BLOCK, block=BLOCK)
@settings(max_examples=50, deadline=None)
def test_portable_seed_equals_the_library(key, block):
    encryptor = library_seed(key).encryptor()
    ciphertext = encryptor.update(block)
    assert Seed(key).encrypt_block(block) == ciphertext
    assert Seed(key).decrypt_block(ciphertext) == block


@given(key=st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n)), block=BLOCK)
@settings(max_examples=50, deadline=None)
def test_aria_decrypts_what_it_encrypts(key, block):
    aria = Aria(key)
    assert aria.decrypt_block(aria.encrypt_block(block)) == block


ALL = [
    ciphers.SEED,
    ciphers.ARIA_128,
    ciphers.ARIA_192,
    ciphers.ARIA_256,
    ciphers.AES_128,
    ciphers.AES_192,
    ciphers.AES_256,
    ciphers.TRIPLE_DES,
    ciphers.TRIPLE_DES_TWO_KEYS,
    ciphers.RC2_40,
    ciphers.RC2_128,
]
OPENSSL = {
    "seed": "seed-cbc",
    "aria128": "aria-128-cbc",
    "aria192": "aria-192-cbc",
    "aria256": "aria-256-cbc",
    "aes128": "aes-128-cbc",
    "aes192": "aes-192-cbc",
    "aes256": "aes-256-cbc",
    "3des": "des-ede3-cbc",
    "3des-2key": "des-ede-cbc",
    "rc2-40": "rc2-40-cbc",
    "rc2-128": "rc2-cbc",
}


def key_and_iv(cipher: ciphers.Cipher) -> tuple[bytes, bytes]:
    return bytes(range(1, cipher.key_length + 1)), bytes(range(100, 100 + cipher.block_length))


@pytest.mark.interop
@pytest.mark.parametrize("cipher", ALL, ids=lambda cipher: cipher.name)
def test_openssl_encrypts_the_same(cipher):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, iv = key_and_iv(cipher)
    command = ["openssl", "enc", f"-{OPENSSL[cipher.name]}", "-K", key.hex(), "-iv", iv.hex()]
    answer = subprocess.run(
        [*command, "-provider", "legacy", "-provider", "default"],
        input=b"taxinvoice" * 9,
        capture_output=True,
        check=False,
    )
    if answer.returncode:
        pytest.skip(f"this openssl does not have {OPENSSL[cipher.name]}")
    assert ciphers.encrypt(cipher, key, iv, b"taxinvoice" * 9) == answer.stdout


@pytest.mark.parametrize("cipher", ALL, ids=lambda cipher: cipher.name)
@pytest.mark.parametrize("length", [0, 1, 7, 8, 15, 16, 17, 1264])
def test_every_length_comes_back(cipher, length):
    key, iv = key_and_iv(cipher)
    plaintext = bytes(octet % 251 for octet in range(length))
    ciphertext = ciphers.encrypt(cipher, key, iv, plaintext)
    assert ciphers.decrypt(cipher, key, iv, ciphertext) == plaintext


@pytest.mark.parametrize("cipher", ALL, ids=lambda cipher: cipher.name)
def test_a_wrong_key_gives_other_octets_or_bad_padding(cipher):
    key, iv = key_and_iv(cipher)
    ciphertext = ciphers.encrypt(cipher, key, iv, b"plaintext")
    assert ciphers.decrypt(cipher, key[::-1], iv, ciphertext) != b"plaintext"


@pytest.mark.parametrize("last", [b"\x00", b"\x11", b"\xff", b"\x02"])
def test_bad_padding_is_none(last):
    key, iv = key_and_iv(ciphers.AES_128)
    encryptor = Cipher(ciphers.algorithms.AES(key), modes.CBC(iv)).encryptor()
    ciphertext = encryptor.update(b"\x55" * 15 + last)
    assert ciphers.decrypt(ciphers.AES_128, key, iv, ciphertext) is None


def without_openssl_legacy(key: bytes):
    """What `cryptography` does where OpenSSL lacks the cipher: it refuses when the context is made."""

    class Missing(ciphers.algorithms.AES):
        name = "missing"

    return Missing(key)


@pytest.mark.parametrize("library", [None, without_openssl_legacy], ids=["removed", "no legacy provider"])
def test_seed_works_where_the_library_lost_it(library):
    lost = ciphers.Cipher("seed", 16, 16, library=library, portable=Seed)
    key, iv = key_and_iv(lost)
    ciphertext = ciphers.encrypt(ciphers.SEED, key, iv, b"the key of a company" * 60)
    assert ciphers.encrypt(lost, key, iv, b"the key of a company" * 60) == ciphertext
    assert ciphers.decrypt(lost, key, iv, ciphertext) == b"the key of a company" * 60


def test_a_cipher_nobody_computes_is_refused():
    nobody = ciphers.Cipher("nobody", 16, 16)
    with pytest.raises(UnsupportedAlgorithm):
        ciphers.encrypt(nobody, bytes(16), bytes(16), b"")
