"""Reading certificates: every field of every fixture, every guise, and nothing but typed errors for the rest."""

import base64
import pickle
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st
from npki_authorities import REAL, extension, fixture_certificate, key, make, make_root, real_certificate
from npki_files import DATA, IDENTITIES, folder

from dojang.npki import der, issuing
from dojang.npki.certificates import MAX_SIZE, Certificate, rsa_verifies
from dojang.npki.errors import FileTooLarge, MalformedFile, NpkiError
from dojang.npki.extensions import Vid
from dojang.npki.names import write_name

GOOD = (folder("biz_etax") / "signCert.der").read_bytes()
ALL = sorted(
    [*REAL.glob("*.der"), *DATA.glob("NPKI/**/*Cert.der"), *DATA.glob("ca/*.der")], key=lambda file: file.name
)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_every_fixture_reads_as_its_manifest_says(identity):
    said = IDENTITIES[identity]
    certificate = Certificate.load((folder(identity) / "signCert.der").read_bytes())
    assert certificate.common_name == said["cn"]
    assert certificate.policy_oids == (said["policy"],)
    assert certificate.serial_hex == said["serial_hex"]
    assert certificate.owner == certificate.real_name == said["realName"]
    assert certificate.vid == Vid(said["vid_hash"], bytes.fromhex(said["vid"]))
    assert certificate.key_usage == {"digitalSignature", "nonRepudiation"}
    assert certificate.ca == "FIXTURE"
    assert certificate.rsa_bits() == 2048
    assert not certificate.is_ca
    assert certificate.subject == said["dir"].rsplit("/", 1)[1]
    assert certificate.issuer == "cn=fixtureCA Class 1,ou=AccreditedCA,o=FIXTURE,c=kr"
    assert certificate.crl_urls[0].startswith("ldap://localhost:389/ou=dp1p1,")


def test_dates_are_aware_utc():
    certificate = Certificate.load(GOOD)
    assert certificate.valid_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert certificate.valid_to == datetime(2045, 12, 31, 14, 59, 59, tzinfo=UTC)


def test_a_known_policy_is_named():
    assert Certificate.load(GOOD).policy.use == "tax_invoice"
    assert fixture_certificate("ca/root.der").policy is None


def test_a_km_certificate_is_for_encryption_only():
    km = Certificate.load((folder("biz_general_kica") / "kmCert.der").read_bytes())
    assert km.key_usage == {"keyEncipherment"}


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.parent.name[-12:] + "/" + file.name)
def test_fields_agree_with_an_independent_reader(file):
    data = file.read_bytes()
    ours, theirs = Certificate.load(data), x509.load_der_x509_certificate(data)
    found = {one.oid.dotted_string: one for one in theirs.extensions}
    assert ours.serial == theirs.serial_number
    assert ours.valid_from == theirs.not_valid_before_utc
    assert ours.valid_to == theirs.not_valid_after_utc
    assert ours.signed_part == theirs.tbs_certificate_bytes
    assert ours.signature == theirs.signature
    assert ours.signature_algorithm == theirs.signature_algorithm_oid.dotted_string
    assert ours.subject_name.encoded == theirs.subject.public_bytes()
    assert ours.issuer_name.encoded == theirs.issuer.public_bytes()
    assert ours.critical_extensions == {oid for oid, one in found.items() if one.critical}
    assert ours.subject_key_id == found["2.5.29.14"].value.digest
    if "2.5.29.35" in found:
        assert ours.authority_key_id == found["2.5.29.35"].value.key_identifier
    if "2.5.29.19" in found:
        assert ours.is_ca == found["2.5.29.19"].value.ca
        assert ours.path_length == found["2.5.29.19"].value.path_length
    if "2.5.29.31" in found:
        assert list(ours.crl_urls) == [
            name.value for point in found["2.5.29.31"].value for name in point.full_name
        ]


def test_real_authorities_carry_the_names_people_know():
    certificate = real_certificate("yessignCA-Class3.der")
    assert (certificate.owner, certificate.ca, certificate.is_ca) == ("금융결제원", "KISA", True)
    assert certificate.path_length == 0
    assert certificate.needs_policy
    assert certificate.fingerprint == "0a54ef7e5faa25c4ee250e4f86ccbbd1cf1f6f50f8bb396d1feacf9180dfaebf"


def test_a_key_of_another_kind_reads_but_verifies_nothing():
    certificate = real_certificate("SignGATE-ECDSA-CA.der")
    assert certificate.rsa_bits() == 0
    assert not certificate.verify(b"x" * 256, b"data")
    assert not certificate.issued(certificate)


@pytest.mark.parametrize(
    "guise",
    [
        GOOD,
        b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(GOOD) + b"-----END CERTIFICATE-----\n",
        b"\xef\xbb\xbf-----BEGIN CERTIFICATE-----\r\n"
        + base64.b64encode(GOOD)
        + b"\r\n-----END CERTIFICATE-----",
        base64.b64encode(GOOD),
        b"\n" + base64.encodebytes(GOOD),
    ],
    ids=["der", "pem", "pem with mark", "base64", "base64 in lines"],
)
def test_every_guise_is_the_same_certificate(guise):
    assert Certificate.load(guise) == Certificate.load(GOOD)
    assert len({Certificate.load(guise), Certificate.load(GOOD)}) == 1


@pytest.mark.parametrize(
    "junk", [b"", b"0", b"0\x80", b"hello", b"\x00" * 100, GOOD + b"\x00", GOOD[:-1], b"AAAA"]
)
def test_what_is_no_certificate_is_malformed(junk):
    with pytest.raises(MalformedFile):
        Certificate.load(junk)


def test_a_huge_file_is_refused_before_it_is_read():
    with pytest.raises(FileTooLarge):
        Certificate.load(b"0" * (MAX_SIZE + 1))


@given(st.binary(max_size=400))
def test_random_octets_end_in_a_typed_error(data):
    with pytest.raises(NpkiError):
        Certificate.load(b"0" + data)


@given(st.integers(0, len(GOOD) - 1))
def test_every_truncation_is_malformed(length):
    with pytest.raises(MalformedFile):
        Certificate.load(GOOD[:length])


@settings(max_examples=400)
@given(st.integers(0, len(GOOD) * 8 - 1))
def test_a_flipped_bit_is_malformed_or_breaks_the_signature(position):
    damaged = bytearray(GOOD)
    damaged[position // 8] ^= 1 << position % 8
    try:
        certificate = Certificate.load(bytes(damaged))
    except MalformedFile:
        return
    assert not fixture_certificate("ca/intermediate.der").issued(certificate)
    assert isinstance(repr(certificate), str)
    assert certificate.rsa_bits() >= 0


def test_one_certificate_has_one_encoding():
    content = der.parse(GOOD).content
    longer = b"0\x83" + len(content).to_bytes(3) + content
    with pytest.raises(MalformedFile):
        Certificate.load(longer)
    with pytest.raises(MalformedFile):
        Certificate.load(b"0\x80" + content + b"\x00\x00")


def _rebuilt(change):
    """The good certificate with the parts of its TBSCertificate changed; its signature no longer fits."""
    outer = der.parse(GOOD).parts
    parts = [part.encoded for part in outer[0].parts]
    change(parts)
    return der.sequence(der.sequence(*parts), outer[1].encoded, outer[2].encoded)


def _put(at, value):
    def change(parts):
        parts[at] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _put(1, der.integer(0)),
        _put(1, der.integer(-5)),
        _put(2, der.sequence(der.oid("1.2.840.113549.1.1.5"), der.null())),
        _put(4, der.sequence(der.encode(0x17, b"260101000000Z"))),
        _put(4, der.sequence(*[der.encode(0x17, b"261301000000Z")] * 2)),
        _put(4, der.sequence(*[der.encode(0x17, b"2601010000Z")] * 2)),
        _put(4, der.sequence(*[der.encode(0x18, b"20260101000000+0900")] * 2)),
        _put(4, der.sequence(*[der.encode(0x13, b"260101000000Z")] * 2)),
        _put(6, der.integer(1)),
        _put(7, der.encode(der.context(3), der.sequence(), der.sequence())),
        lambda parts: parts.append(der.null()),
    ],
    ids=[
        "serial 0",
        "negative serial",
        "two signature algorithms",
        "one date",
        "month 13",
        "no seconds",
        "offset",
        "date as text",
        "key is no sequence",
        "two lists of extensions",
        "trailing field",
    ],
)
def test_a_certificate_against_the_standard_is_malformed(change):
    with pytest.raises(MalformedFile):
        Certificate.load(_rebuilt(change))


def test_generalized_time_is_read():
    dates = der.sequence(der.encode(0x18, b"20500101000000Z"), der.encode(0x18, b"20600101000000Z"))
    assert Certificate.load(_rebuilt(_put(4, dates))).valid_to.year == 2060


def test_utc_time_from_50_on_is_the_last_century():
    dates = der.sequence(der.encode(0x17, b"500101000000Z"), der.encode(0x17, b"491231235959Z"))
    certificate = Certificate.load(_rebuilt(_put(4, dates)))
    assert (certificate.valid_from.year, certificate.valid_to.year) == (1950, 2049)


def test_a_certificate_without_extensions_reads_and_claims_nothing():
    certificate = Certificate.load(_rebuilt(lambda parts: parts.pop()))
    assert (certificate.key_usage, certificate.policy_oids, certificate.vid, certificate.is_ca) == (
        frozenset(),
        (),
        None,
        False,
    )


OTHER_NAME = der.encode(der.context(0), der.oid("1.2.3"), der.encode(der.context(0), der.null()))


def _identify_data(*parts):
    return der.encode(
        der.context(0),
        der.oid("1.2.410.200004.10.1.1"),
        der.encode(der.context(0), der.sequence(der.encode(0x0C, b"HKD"), *parts)),
    )


@pytest.mark.parametrize(
    "value",
    [
        extension("2.5.29.15", der.encode(0x03, b"\x07\x00")),
        extension("2.5.29.15", der.null()),
        extension("2.5.29.19", der.sequence(der.integer(-1))),
        extension("2.5.29.19", der.sequence(der.integer(1), der.integer(1))),
        extension("2.5.29.14", der.integer(1)),
        extension("2.5.29.14", b""),
        extension(
            "2.5.29.31",
            der.sequence(der.sequence(der.encode(0xA0, der.encode(0xA0, der.encode(0x86, b"\xff"))))),
        ),
        extension("2.5.29.17", der.sequence(_identify_data(der.integer(1)))),
        extension("2.5.29.17", der.sequence(der.encode(0xA0, der.oid("1.2.410.200004.10.1.1")))),
        der.sequence(der.oid("2.5.29.14")),
    ],
    ids=[
        "no key usage bit",
        "key usage of another type",
        "negative path length",
        "two path lengths",
        "key id of another type",
        "empty value",
        "address outside ascii",
        "user info of another type",
        "identifyData without value",
        "extension without value",
    ],
)
def test_a_broken_extension_is_malformed(value):
    with pytest.raises(MalformedFile):
        Certificate.load(_rebuilt(_put(7, der.encode(der.context(3), der.sequence(value)))))


def test_an_extension_twice_is_malformed():
    twice = der.sequence(issuing.key_usage("cRLSign"), issuing.key_usage("cRLSign"))
    with pytest.raises(MalformedFile):
        Certificate.load(_rebuilt(_put(7, der.encode(der.context(3), twice))))


def _with_extension(value):
    return Certificate.load(_rebuilt(_put(7, der.encode(der.context(3), der.sequence(value)))))


def test_an_extension_nobody_knows_is_only_noted():
    certificate = _with_extension(extension("1.2.3.4", b"\x00", critical=True))
    assert certificate.critical_extensions == {"1.2.3.4"}


def test_other_names_and_other_user_info_are_passed_over():
    other_attribute = der.sequence(der.sequence(der.oid("1.2.3"), der.null()))
    certificate = _with_extension(
        extension(
            "2.5.29.17", der.sequence(der.encode(0x82, b"host"), OTHER_NAME, _identify_data(other_attribute))
        )
    )
    assert (certificate.real_name, certificate.vid) == ("HKD", None)
    assert _with_extension(extension("2.5.29.17", der.sequence(OTHER_NAME))).real_name is None


def test_a_vid_with_an_unknown_hash_is_no_vid():
    digest = der.encode(der.context(0), der.octet_string(b"12345678"))
    vid = der.sequence(der.sequence(der.oid("1.2.3")), digest)
    user_info = der.sequence(der.sequence(der.oid("1.2.410.200004.10.1.1.1"), vid))
    assert _with_extension(extension("2.5.29.17", der.sequence(_identify_data(user_info)))).vid is None


def test_a_distribution_point_without_full_name_gives_no_address():
    relative = der.sequence(der.encode(0xA0, der.encode(0xA1, der.null())))
    directory = der.sequence(der.encode(0xA0, der.encode(0xA0, der.encode(0xA4, write_name(("c", "KR"))))))
    reasons_only = der.sequence(der.encode(0x81, b"\x06\x40"))
    points = der.sequence(relative, directory, reasons_only)
    assert _with_extension(extension("2.5.29.31", points)).crl_urls == ()


def test_key_usage_bits_beyond_the_ninth_are_passed_over():
    certificate = _with_extension(extension("2.5.29.15", der.encode(0x03, b"\x00\x80\xff\xff")))
    assert certificate.key_usage == {"digitalSignature", "decipherOnly"}


def test_an_authority_key_id_may_name_only_the_issuer():
    assert _with_extension(extension("2.5.29.35", der.sequence())).authority_key_id is None


def test_the_owner_without_a_real_name_is_the_common_name_without_its_tail():
    _, root = make_root()
    for common_name, owner in {
        "홍길동()0012345678": "홍길동",
        "(주)가나다(GANADA)0099": "(주)가나다",
        "가나다상사": "가나다상사",
        "www.example.test": "www.example.test",
    }.items():
        assert make(common_name, root).owner == owner


def test_a_signature_is_verified_with_the_hash_asked_for():
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    _, root = make_root()
    certificate = make("a", root)
    for kind, is_sha1 in ((hashes.SHA256(), False), (hashes.SHA1(), True)):
        signature = key(99).sign(b"data", padding.PKCS1v15(), kind)
        assert certificate.verify(signature, b"data", sha1=is_sha1)
        assert not certificate.verify(signature, b"data", sha1=not is_sha1)
        assert not certificate.verify(signature, b"dato", sha1=is_sha1)
    assert not certificate.verify(b"", b"data")


def test_a_broken_key_verifies_nothing():
    assert not rsa_verifies(b"", b"x" * 256, b"data", "sha256")
    assert not rsa_verifies(b"junk", b"x" * 256, b"data", "sha256")


def test_certificates_can_cross_process_borders_and_are_no_other_thing():
    certificate = Certificate.load(GOOD)
    assert pickle.loads(pickle.dumps(certificate)) == certificate
    assert certificate != GOOD
    assert repr(certificate).startswith("<Certificate 2a01f4 cn=(주)가나다상사")
