import shutil
import subprocess
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from nts_office import certificate, data, km_decrypt

from dojang.npki import der
from dojang.nts import cms, package
from dojang.nts.errors import (
    DecryptionFailed,
    EnvelopeRefused,
    NotForThisCertificate,
    NtsError,
    RecipientRefused,
    UnsupportedCipher,
)

KM = data("package/km.cert.der")
PACKAGE = data("package/package.der")
CONTENT = b"what is inside" * 300


def opened(enveloped, decrypt=km_decrypt, km=KM):
    return cms.open_envelope(enveloped, km, decrypt)


def openssl(*arguments, stdin=b""):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here: nobody else has checked the CMS")
    run = subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True)
    return run.stdout


@pytest.fixture
def km_files(tmp_path):
    pem, key = tmp_path / "km.pem", tmp_path / "km.key.der"
    pem.write_bytes(x509.load_der_x509_certificate(KM).public_bytes(Encoding.PEM))
    key.write_bytes(data("package/km.key.p8.der"))
    return pem, key


@pytest.mark.parametrize("name", ["package/package.openssl.cms.der", "package/package.py.cms.der"])
def test_the_fixtures_open_to_the_package(name):
    assert opened(data(name)) == PACKAGE


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 200, 100_000])
def test_what_is_encrypted_is_decrypted_whatever_its_size(size):
    assert opened(cms.envelope(bytes(size), KM)) == bytes(size)


def test_the_envelope_is_der_of_the_standards_shape():
    enveloped = der.parse(cms.envelope(CONTENT, KM)).fields()
    assert enveloped.next().oid() == "1.2.840.113549.1.7.3"
    inner = enveloped.next().items(0xA0)[0].fields()
    assert inner.next().integer() == 0
    (recipient,) = inner.next().items(der.SET)
    version, name, algorithm, key = recipient.items()
    parsed = x509.load_der_x509_certificate(KM)
    assert version.integer() == 0
    assert name.items()[0].encoded == parsed.issuer.public_bytes()
    assert name.items()[1].integer() == parsed.serial_number
    assert algorithm.encoded == der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null())
    assert len(key.octets()) == 256
    content_type, cipher, _ = inner.next().items()
    assert content_type.oid() == "1.2.840.113549.1.7.1"
    assert cipher.items()[0].oid() == "1.2.840.113549.3.7"
    assert len(cipher.items()[1].octets()) == 8


def test_key_and_iv_are_fresh_each_time():
    assert cms.envelope(CONTENT, KM) != cms.envelope(CONTENT, KM)


@pytest.mark.interop
def test_openssl_decrypts_ours(km_files):
    pem, key = map(str, km_files)
    made = cms.envelope(PACKAGE, KM)
    assert (
        openssl("cms", "-decrypt", "-inform", "DER", "-recip", pem, "-inkey", key, "-binary", stdin=made)
        == PACKAGE
    )


@pytest.mark.interop
@pytest.mark.parametrize("options", [(), ("-stream",)])
def test_we_decrypt_openssls_definite_and_indefinite(km_files, options):
    made = openssl(
        "cms", "-encrypt", "-des3", "-outform", "DER", "-binary", *options, str(km_files[0]), stdin=CONTENT
    )
    assert opened(made) == CONTENT
    assert (made[1] == 0x80) == bool(options)


@pytest.mark.interop
def test_another_cipher_of_openssl_is_named_and_refused(km_files):
    made = openssl(
        "cms", "-encrypt", "-aes256", "-outform", "DER", "-binary", str(km_files[0]), stdin=CONTENT
    )
    with pytest.raises(UnsupportedCipher, match=r"2\.16\.840\.1\.101\.3\.4\.1\.42"):
        opened(made)


def indefinite(tag, *parts):
    return bytes((tag, 0x80)) + b"".join(parts) + b"\0\0"


def parts_of(enveloped):
    """(recipient infos, content type, algorithm, encrypted content) of a definite envelope."""
    inner = der.parse(enveloped).items()[1].items(0xA0)[0].items()
    content_type, algorithm, content = inner[2].items()
    return inner[1].encoded, content_type.encoded, algorithm.encoded, content.content


def rebuilt(recipients, content_type, algorithm, content, *, before=b"", after=b"", version=0):
    encrypted = der.sequence(content_type, algorithm, der.encode(0x80, content))
    return der.sequence(
        der.oid(cms.ENVELOPED_DATA),
        der.encode(0xA0, der.sequence(der.integer(version), before, recipients, encrypted, after)),
    )


def recipient(**changes):
    """One KeyTransRecipientInfo of a real envelope, with parts changed."""
    (info,) = der.parse(parts_of(cms.envelope(CONTENT, KM))[0]).items(der.SET)
    parts = dict(zip(("version", "name", "algorithm", "key"), (p.encoded for p in info.items()), strict=True))
    return der.sequence(*(parts | changes).values())


def test_indefinite_ber_with_chunks_and_absent_parameters_is_read():
    recipients, content_type, algorithm, content = parts_of(cms.envelope(CONTENT, KM))
    (info,) = der.parse(recipients).items(der.SET)
    version, name, _, key = (part.encoded for part in info.items())
    bare = indefinite(0x30, version, name, der.sequence(der.oid(cms.RSA_ENCRYPTION)), key)
    chunks = [der.octet_string(content[at : at + 1000]) for at in range(0, len(content), 1000)]
    encrypted = indefinite(0x30, content_type, algorithm, indefinite(0xA0, *chunks))
    inner = indefinite(0x30, der.integer(0), indefinite(0x31, bare), encrypted)
    assert opened(indefinite(0x30, der.oid(cms.ENVELOPED_DATA), indefinite(0xA0, inner))) == CONTENT


def test_our_name_is_ours_in_whichever_form_its_lengths_are_written():
    issuer, serial = (part.encoded for part in der.parse(recipient()).items()[1].items())
    (rdn, *others) = (part.encoded for part in der.parse(issuer).items())
    parts = parts_of(cms.envelope(CONTENT, KM))

    def with_name(name):
        (info,) = der.parse(parts[0]).items(der.SET)
        version, _, *rest = (part.encoded for part in info.items())
        return rebuilt(der.set_of(der.sequence(version, name, *rest)), *parts[1:])

    assert opened(with_name(indefinite(0x30, indefinite(0x30, rdn, *others), serial))) == CONTENT
    for another in (
        der.sequence(der.sequence(*others), serial),
        der.sequence(issuer, der.integer(1)),
        der.sequence(der.sequence(der.set_of(), *others), serial),
    ):
        with pytest.raises(NotForThisCertificate):
            opened(with_name(another))


def test_originator_and_unprotected_attributes_are_passed_over():
    parts = parts_of(cms.envelope(CONTENT, KM))
    made = rebuilt(*parts, before=der.encode(0xA0), after=der.encode(0xA1), version=2)
    assert opened(made) == CONTENT


def test_ours_is_found_among_several_recipients():
    other = cms.envelope(CONTENT, certificate("other"))
    theirs = der.parse(parts_of(other)[0]).items(der.SET)[0].encoded
    made = cms.envelope(CONTENT, KM)
    ours = der.parse(parts_of(made)[0]).items(der.SET)[0].encoded
    mixed = der.encode(der.SET, der.encode(0xA1, b""), theirs, ours)
    assert opened(rebuilt(mixed, *parts_of(made)[1:])) == CONTENT
    with pytest.raises(NotForThisCertificate):
        opened(other)


def test_a_wrong_key_a_wrong_padding_and_a_refusing_key_give_the_same_error(monkeypatch):
    # By chance a random key unpads once in 256 times, and noise comes out: here it is the same every time.
    monkeypatch.setattr(cms.secrets, "token_bytes", bytes)
    made = cms.envelope(CONTENT, KM, random=lambda n: b"\x07" * n)
    recipients, content_type, algorithm, content = parts_of(made)

    def refuses(_):
        raise ValueError("Decryption failed")

    attempts = [
        (made, lambda _: bytes(range(24))),
        (made, lambda _: b"short"),
        (made, refuses),
        (rebuilt(recipients, content_type, algorithm, content[:-8]), km_decrypt),
        (rebuilt(recipients, content_type, algorithm, content[:-3]), km_decrypt),
        (rebuilt(recipients, content_type, algorithm, b""), km_decrypt),
    ]
    for enveloped, decrypt in attempts:
        with pytest.raises(DecryptionFailed) as refused:
            opened(enveloped, decrypt)
        assert refused.value.args == DecryptionFailed().args
        assert refused.value.__cause__ is None


def test_a_refused_key_decryption_never_gives_the_content_away_whatever_key_replaces_it(monkeypatch):
    used = []
    monkeypatch.setattr(cms.secrets, "token_bytes", lambda n: used.append(n) or bytes(n))
    made = cms.envelope(CONTENT, KM, random=lambda n: b"\x07" * n)
    with pytest.raises(DecryptionFailed):
        opened(made, lambda _: b"")
    with pytest.raises(DecryptionFailed):
        opened(made, lambda _: b"\x01" * 24)
    assert used == [24, 24]  # also drawn where the key is good: both ways take the same steps


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"content_type": der.oid("1.2.840.113549.1.7.2")}, EnvelopeRefused),
        ({"algorithm": der.sequence(der.oid("2.16.840.1.101.3.4.1.42"), der.octet_string(bytes(16)))}, UnsupportedCipher),
        ({"algorithm": der.sequence(der.oid(cms.DES_EDE3_CBC), der.octet_string(bytes(7)))}, EnvelopeRefused),
        ({"algorithm": der.sequence(der.oid(cms.DES_EDE3_CBC))}, EnvelopeRefused),
        ({"algorithm": der.sequence(der.octet_string(b""))}, UnsupportedCipher),
        ({"recipients": der.set_of()}, EnvelopeRefused),
        ({"recipients": der.set_of(der.encode(0xA1))}, NotForThisCertificate),
        ({"recipients": der.set_of(recipient(algorithm=der.sequence(der.oid("1.2.840.113549.1.1.7"))))}, UnsupportedCipher),
        ({"recipients": der.set_of(recipient(algorithm=der.sequence(der.oid(cms.RSA_ENCRYPTION), der.sequence())))}, UnsupportedCipher),
        ({"recipients": der.set_of(recipient(name=der.encode(0x80, b"key identifier")))}, NotForThisCertificate),
        ({"recipients": der.set_of(recipient(key=der.integer(1)))}, EnvelopeRefused),
    ],
)  # fmt: skip
def test_another_shape_or_algorithm_is_refused_by_its_own_error(change, error):
    names = ("recipients", "content_type", "algorithm", "content")
    parts = dict(zip(names, parts_of(cms.envelope(CONTENT, KM)), strict=True)) | change
    with pytest.raises(error):
        opened(rebuilt(*parts.values()))


def test_an_envelope_without_content_is_refused():
    recipients = parts_of(cms.envelope(CONTENT, KM))[0]
    inner = der.sequence(der.integer(0), der.encode(0xA0), recipients)
    with pytest.raises(EnvelopeRefused):
        opened(der.sequence(der.oid(cms.ENVELOPED_DATA), der.encode(0xA0, inner)))


def test_signed_data_is_no_enveloped_data():
    with pytest.raises(EnvelopeRefused, match=r"1\.7\.3"):
        opened(der.sequence(der.oid("1.2.840.113549.1.7.2"), der.encode(0xA0, der.sequence())))


def test_a_certificate_for_signing_or_without_rsa_or_unreadable_is_no_recipient():
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    for wrong in (
        certificate("signing", key_encipherment=False),
        certificate("ec", curve),
        b"",
        b"0\x03\x02\x01\x01",
    ):
        with pytest.raises(RecipientRefused):
            cms.envelope(CONTENT, wrong)
    with pytest.raises(RecipientRefused):
        opened(cms.envelope(CONTENT, KM), km=b"0\0")
    without_usage = certificate("plain")
    assert cms.envelope(CONTENT, without_usage)


def extensions_of(changed):
    """The km certificate with its list of extensions changed; nobody checks who signed it."""
    tbs, algorithm, signature = der.parse(KM).items()
    *fields, wrapped = tbs.items()
    listed = [extension.encoded for extension in wrapped.items(0xA3)[0].items()]
    wrapped = der.encode(0xA3, der.sequence(*changed(listed)))
    tbs = der.sequence(*(part.encoded for part in fields), wrapped)
    return der.sequence(tbs, algorithm.encoded, signature.encoded)


def test_a_certificate_that_cryptography_takes_but_cannot_read_is_no_recipient():
    assert cms.envelope(CONTENT, extensions_of(list))
    with pytest.raises(RecipientRefused):
        cms.envelope(CONTENT, extensions_of(lambda listed: [*listed, *listed]))
    unknown_version = KM.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020105"))
    assert unknown_version != KM
    with suppress(RecipientRefused):
        cms.envelope(CONTENT, unknown_version)


def test_a_certificate_whose_modulus_is_even_is_no_recipient():
    modulus = x509.load_der_x509_certificate(KM).public_key().public_numbers().n.to_bytes(256)
    even = KM.replace(modulus, modulus[:-1] + bytes((modulus[-1] & 0xFE,)))
    assert even != KM
    with pytest.raises(RecipientRefused, match="public key"):
        cms.envelope(CONTENT, even)


@given(st.binary(max_size=200))
def test_random_bytes_end_in_a_typed_error(noise):
    with pytest.raises(NtsError):
        opened(noise)


@given(st.integers(0, 700), st.binary(min_size=1, max_size=4))
def test_a_damaged_envelope_ends_in_a_typed_error_or_in_noise(at, noise):
    whole = data("package/package.py.cms.der")
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    with suppress(NtsError):
        package.decode(cms.open_envelope(damaged, KM, lambda _: bytes(24)))
