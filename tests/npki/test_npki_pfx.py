"""`.pfx` files: ours, those of the fixtures, those of openssl, and hostile ones."""

import hashlib
import hmac
import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from npki_files import CERTIFICATE, CHAIN, MANIFEST, PASSPHRASE, PLAIN, PLAIN_WITHOUT_R, R, content, folder

from dojang.npki import der, keys, pbe, pfx, pkcs8, pkcs12_kdf
from dojang.npki.errors import (
    Damaged,
    FileTooLarge,
    IterationsRefused,
    KeyDoesNotMatchCertificate,
    MalformedFile,
    NoPrivateKey,
    NpkiError,
    PassphraseUnusable,
    UnsupportedScheme,
    WrongPassphraseOrDamaged,
)

DATA = der.oid("1.2.840.113549.1.7.1")
SHA1 = der.sequence(der.oid("1.3.14.3.2.26"), der.null())


@pytest.mark.parametrize(("name", "file"), MANIFEST["pfx"].items())
def test_every_fixture_opens_with_its_r_and_its_chain(name, file):
    [entry] = pfx.read(content(file), PASSPHRASE)
    assert entry.certificate == CERTIFICATE
    assert entry.key.random_number == (None if name == "modern-noR" else R)
    assert entry.chain == tuple(CHAIN[: len(entry.chain)])
    assert len(entry.chain) == (1 if name == "modern-noR" else 2)


@pytest.mark.parametrize("file", MANIFEST["pfx"].values())
def test_every_fixture_refuses_a_wrong_passphrase(file):
    with pytest.raises(WrongPassphraseOrDamaged):
        pfx.read(content(file), PASSPHRASE.lower())


def test_one_changed_octet_anywhere_in_the_content_is_noticed():
    data = bytearray(content("pfx/3des-sha1mac-R-in-pkcs8.pfx"))
    for at in (60, 700, 2500, 4600, 5150):
        data[at] ^= 0x40
        with pytest.raises(WrongPassphraseOrDamaged):
            pfx.read(bytes(data), PASSPHRASE)
        data[at] ^= 0x40


@pytest.mark.parametrize("passphrase", ["", "Npki-Test!2026", "비밀번호Test12!", "🔑" * 20, "a" * 300])
@pytest.mark.parametrize("chain", [(), tuple(CHAIN)])
def test_what_is_written_is_read_back(passphrase, chain):
    [entry] = pfx.read(pfx.write(PLAIN, CERTIFICATE, passphrase, chain=chain), passphrase)
    assert (entry.certificate, entry.chain, entry.key.random_number) == (CERTIFICATE, chain, R)
    assert entry.key.scheme == "pkcs12-3des"


def test_a_passphrase_without_encoding_is_not_written():
    with pytest.raises(PassphraseUnusable):
        pfx.write(PLAIN, CERTIFICATE, "\udfff")
    with pytest.raises(WrongPassphraseOrDamaged):
        pfx.read(pfx.write(PLAIN, CERTIFICATE, ""), "\udfff")


def test_the_library_opens_what_is_written():
    key, certificate, chain = pkcs12.load_key_and_certificates(
        pfx.write(PLAIN, CERTIFICATE, PASSPHRASE, chain=CHAIN), PASSPHRASE.encode()
    )
    assert certificate == x509.load_der_x509_certificate(CERTIFICATE)
    assert key.public_key() == certificate.public_key()
    assert len(chain) == 2


def openssl(*arguments: str, **options) -> subprocess.CompletedProcess:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return subprocess.run(["openssl", *arguments], capture_output=True, check=False, **options)


@pytest.mark.interop
def test_openssl_opens_what_is_written_and_sees_r(tmp_path):
    file = tmp_path / "a.pfx"
    file.write_bytes(pfx.write(PLAIN, CERTIFICATE, PASSPHRASE, chain=CHAIN))
    answer = openssl(
        "pkcs12", "-legacy", "-in", str(file), "-passin", f"pass:{PASSPHRASE}", "-nodes", "-info"
    )
    assert answer.returncode == 0, answer.stderr
    assert b"1.2.410.200004.10.1.1.3" in answer.stdout
    assert b"pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 1024" in answer.stderr
    assert answer.stdout.count(b"BEGIN CERTIFICATE") == 3


@pytest.mark.interop
@pytest.mark.parametrize(
    "options",
    [
        ["-legacy"],
        ["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-RC2-128"],
        ["-legacy", "-certpbe", "PBE-SHA1-2DES", "-keypbe", "PBE-SHA1-2DES", "-macalg", "sha512"],
        ["-certpbe", "NONE", "-keypbe", "NONE", "-macalg", "sha384"],
        ["-certpbe", "aes-128-cbc", "-keypbe", "aria-192-cbc", "-iter", "3"],
    ],
    ids=" ".join,
)
def test_what_openssl_exports_is_read(options, tmp_path):
    (tmp_path / "key.der").write_bytes(PLAIN_WITHOUT_R)
    (tmp_path / "certificate.der").write_bytes(CERTIFICATE)
    pem = tmp_path / "both.pem"
    pem.write_bytes(
        openssl("pkey", "-inform", "DER", "-in", str(tmp_path / "key.der")).stdout
        + openssl("x509", "-inform", "DER", "-in", str(tmp_path / "certificate.der")).stdout
    )
    made = openssl(
        "pkcs12",
        "-export",
        "-in",
        str(pem),
        "-passout",
        "pass:한글test",
        *options,
    )
    assert made.returncode == 0, made.stderr
    [entry] = pfx.read(made.stdout, "한글test")
    assert entry.certificate == CERTIFICATE
    assert entry.key.random_number is None


def test_a_windows_export_with_rc2_certificates_is_read():
    encrypted = pbe.encrypt(
        certificate_bags(CERTIFICATE), PASSPHRASE, scheme="pkcs12-rc2-40", iterations=2_000
    )
    [entry] = pfx.read(safe([encrypted_data(encrypted), data(key_bag())]), PASSPHRASE)
    assert entry.certificate == CERTIFICATE


@pytest.mark.parametrize("old_form", ["비밀번호Test12!".encode("cp949"), "비밀번호Test12!".encode()])
def test_the_octet_by_octet_passphrase_of_old_programs_is_tried(old_form):
    passphrase = old_form.decode("latin-1")
    assert pfx.read(pfx.write(PLAIN, CERTIFICATE, passphrase), "비밀번호Test12!")[0].key.random_number == R


def test_an_export_without_any_passphrase_opens_with_the_empty_one():
    content_ = der.sequence(data(certificate_bags(CERTIFICATE)), data(plain_key_bag()))
    key = pkcs12_kdf.derive("sha1", b"", b"salt", 5, purpose=pkcs12_kdf.MAC, length=20)
    mac = hmac.digest(key, content_, "sha1")
    [entry] = pfx.read(framed(content_, mac_data(mac, der.integer(5))), "")
    assert entry.key.random_number == R


# A small writer of PFX in every shape


def data(content_: bytes) -> bytes:
    return der.sequence(DATA, der.encode(0xA0, der.octet_string(content_)))


def encrypted_data(encrypted: bytes) -> bytes:
    algorithm, ciphertext = der.parse(encrypted).items()
    info = der.sequence(DATA, algorithm.encoded, der.encode(0x80, ciphertext.content))
    return der.sequence(der.oid("1.2.840.113549.1.7.6"), der.encode(0xA0, der.sequence(der.integer(0), info)))


def bag(kind: str, value: bytes, *attributes: bytes) -> bytes:
    return der.sequence(
        der.oid(f"1.2.840.113549.1.12.10.1.{kind}"), der.encode(0xA0, value), der.set_of(*attributes)
    )


def certificate_bags(*certificates: bytes, kind: str = "1.2.840.113549.1.9.22.1") -> bytes:
    return der.sequence(
        *(
            bag("3", der.sequence(der.oid(kind), der.encode(0xA0, der.octet_string(one))))
            for one in certificates
        )
    )


def key_bag(
    info: bytes = PLAIN, *attributes: bytes, iterations: int = 2, passphrase: str = PASSPHRASE
) -> bytes:
    encrypted = pbe.encrypt(info, passphrase, scheme="pkcs12-3des", iterations=iterations)
    return der.sequence(bag("2", encrypted, *attributes))


def plain_key_bag(info: bytes = PLAIN) -> bytes:
    return der.sequence(bag("1", info))


def mac_data(mac: bytes, *count: bytes, algorithm: bytes = SHA1) -> bytes:
    return der.sequence(der.sequence(algorithm, der.octet_string(mac)), der.octet_string(b"salt"), *count)


def framed(content_: bytes, *mac: bytes) -> bytes:
    return der.sequence(der.integer(3), data(content_), *mac)


def safe(infos: list[bytes]) -> bytes:
    """A PFX with a good MAC over these ContentInfos, its iteration count left to the default of 1."""
    content_ = der.sequence(*infos)
    form = PASSPHRASE.encode("utf-16-be") + b"\0\0"
    key = pkcs12_kdf.derive("sha1", form, b"salt", 1, purpose=pkcs12_kdf.MAC, length=20)
    return framed(content_, mac_data(hmac.digest(key, content_, hashlib.sha1)))


CERTIFICATES = data(certificate_bags(CERTIFICATE))


def km_pair() -> tuple[bytes, bytes]:
    kica = folder("biz_general_kica")
    return pbe.decrypt((kica / "kmPri.key").read_bytes(), PASSPHRASE)[0], (kica / "kmCert.der").read_bytes()


def test_several_keys_come_each_with_its_certificate_and_the_chain_apart():
    km_key, km_certificate = km_pair()
    made = safe(
        [
            data(certificate_bags(CHAIN[0], km_certificate, CERTIFICATE)),
            data(key_bag()),
            data(key_bag(km_key)),
        ]
    )
    signing, km = pfx.read(made, PASSPHRASE)
    assert (signing.certificate, km.certificate) == (CERTIFICATE, km_certificate)
    assert signing.chain == km.chain == (CHAIN[0],)


def test_r_may_be_an_attribute_of_the_bag():
    attribute = pkcs8.random_number_attribute(R)
    other = der.sequence(der.oid("1.2.840.113549.1.9.21"), der.set_of(der.octet_string(b"1")))
    [entry] = pfx.read(safe([CERTIFICATES, data(key_bag(PLAIN_WITHOUT_R, other, attribute))]), PASSPHRASE)
    assert entry.key.random_number == R


def test_bags_and_certificates_of_other_kinds_are_passed_over():
    sdsi = certificate_bags(b"sdsi", kind="1.2.840.113549.1.9.22.2")
    secret = der.sequence(bag("5", der.sequence()))
    strange = data(certificate_bags(b"not a certificate"))
    [entry] = pfx.read(safe([data(sdsi), data(secret), strange, CERTIFICATES, data(key_bag())]), PASSPHRASE)
    assert entry.chain == (b"not a certificate",)


def test_ber_of_other_exporters_is_read():
    def indefinite(tag: int, *parts: bytes) -> bytes:
        return bytes((tag, 0x80)) + b"".join(parts) + b"\0\0"

    content_ = indefinite(0x30, CERTIFICATES, data(key_bag()))
    form = PASSPHRASE.encode("utf-16-be") + b"\0\0"
    key = pkcs12_kdf.derive("sha1", form, b"salt", 1, purpose=pkcs12_kdf.MAC, length=20)
    pieces = indefinite(0x24, der.octet_string(content_[:1000]), der.octet_string(content_[1000:]))
    info = indefinite(0x30, DATA, indefinite(0xA0, pieces))
    made = indefinite(0x30, der.integer(3), info, mac_data(hmac.digest(key, content_, "sha1")))
    assert pfx.read(made, PASSPHRASE)[0].key.random_number == R


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (b"", MalformedFile),
        (b"\x30\x00", MalformedFile),
        (PLAIN, MalformedFile),
        (CERTIFICATE, MalformedFile),
        (framed(b""), UnsupportedScheme),
        (framed(b"", mac_data(b""), der.null()), MalformedFile),
        (der.sequence(der.integer(4), data(b"")), MalformedFile),
        (
            framed(b"", mac_data(b"", algorithm=der.sequence(der.oid("1.2.840.113549.2.5")))),
            UnsupportedScheme,
        ),
        (framed(b"", mac_data(b"", der.integer(2**31 - 1))), IterationsRefused),
        (framed(b"", mac_data(b"", der.integer(0))), IterationsRefused),
        (framed(b"", mac_data(b"x" * 20)), WrongPassphraseOrDamaged),
        (framed(b"", mac_data(b"")), WrongPassphraseOrDamaged),
        (
            der.sequence(
                der.integer(3), der.sequence(der.oid("1.2.840.113549.1.7.2"), der.encode(0xA0, der.null()))
            ),
            UnsupportedScheme,
        ),
        (safe([]), NoPrivateKey),
        (safe([CERTIFICATES]), NoPrivateKey),
        (safe([data(key_bag())]), KeyDoesNotMatchCertificate),
        (safe([data(certificate_bags(*CHAIN)), data(key_bag())]), KeyDoesNotMatchCertificate),
        (safe([CERTIFICATES, data(key_bag(passphrase="another"))]), WrongPassphraseOrDamaged),
        (safe([CERTIFICATES, data(key_bag(der.sequence(der.null())))]), Damaged),
        (safe([CERTIFICATES, data(plain_key_bag(der.sequence(der.null())))]), Damaged),
        (safe([CERTIFICATES, data(der.sequence(*[bag("1", PLAIN)] * 17))]), MalformedFile),
        (safe([data(b"\x30\x05")]), MalformedFile),
        (
            safe([der.sequence(der.oid("1.2.840.113549.1.7.3"), der.encode(0xA0, der.null()))]),
            UnsupportedScheme,
        ),
        (safe([data(der.sequence(der.sequence(der.oid("1.2.3"), der.encode(0xA0))))]), MalformedFile),
    ],
)
def test_every_other_shape_is_refused_for_what_it_is(made, refusal):
    with pytest.raises(NpkiError) as caught:
        pfx.read(made, PASSPHRASE)
    assert type(caught.value) is refusal


def test_the_work_of_a_whole_file_is_bounded(monkeypatch):
    monkeypatch.setattr(pbe, "decrypt_content", lambda *_: pytest.fail("a key was derived"))
    heavy = der.sequence(
        der.sequence(
            der.oid("1.2.840.113549.1.12.1.3"),
            der.sequence(der.octet_string(b"saltsalt"), der.integer(pbe.MAX_ITERATIONS)),
        ),
        der.octet_string(bytes(8)),
    )
    with pytest.raises(IterationsRefused):
        pfx.read(safe([data(der.sequence(*[bag("2", heavy)] * 100))]), PASSPHRASE)


def test_a_file_longer_than_any_export_is_not_looked_into():
    with pytest.raises(FileTooLarge):
        pfx.read(bytes(pfx.MAX_SIZE + 1), PASSPHRASE)


def test_the_key_derivation_is_that_of_rfc_7292():
    # Vectors of Bouncy Castle and OpenSSL's own tests for PKCS12_key_gen ("smeg", "queeg").
    smeg = "smeg".encode("utf-16-be") + b"\0\0"
    derived = pkcs12_kdf.derive("sha1", smeg, bytes.fromhex("0a58cf64530d823f"), 1, purpose=1, length=24)
    assert derived.hex() == "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"
    queeg = "queeg".encode("utf-16-be") + b"\0\0"
    derived = pkcs12_kdf.derive("sha1", queeg, bytes.fromhex("05dec959acff72f7"), 1000, purpose=1, length=24)
    assert derived.hex() == "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"


def test_a_new_key_beside_an_old_certificate_does_not_match():
    rsa_key = rsa.generate_private_key(65537, 2048)
    info = keys.private_key_info(rsa_key, None)
    with pytest.raises(KeyDoesNotMatchCertificate):
        pfx.read(pfx.write(info, CERTIFICATE, PASSPHRASE), PASSPHRASE)


def test_a_file_of_the_library_is_read():
    key = serialization.load_der_private_key(PLAIN_WITHOUT_R, password=None)
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(1_000)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())
        .build(PASSPHRASE.encode())
    )
    certificate = x509.load_der_x509_certificate(CERTIFICATE)
    made = pkcs12.serialize_key_and_certificates(b"name", key, certificate, None, encryption)
    assert pfx.read(made, PASSPHRASE)[0].certificate == CERTIFICATE
