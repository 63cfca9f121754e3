"""Revocation lists: form, who signed them, when and for whom they count."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from npki_authorities import (
    AT,
    FROM,
    USER,
    extension,
    fixture_certificate,
    fixture_revocations,
    issuer,
    key,
    make,
    make_authority,
    make_root,
)
from npki_files import DATA, folder

from dojang.npki import der, issuing
from dojang.npki.certificates import Certificate
from dojang.npki.crl import MAX_SIZE, Crl, CrlStore, CrlUnsupported, Good, Revoked, Unknown
from dojang.npki.errors import FileTooLarge, MalformedFile, NpkiError
from dojang.npki.instants import write_instant
from dojang.npki.names import write_name

FIXTURE = (DATA / "ca/intermediate.crl").read_bytes()
POINT = "ldap://ds.test.example:389/ou=dp1p1,ou=AccreditedCA,o=TEST,c=kr?certificateRevocationList"
DAY = timedelta(days=1)

ROOT, ROOT_ISSUER = make_root()
CA, CA_ISSUER = make_authority("TEST CA", ROOT_ISSUER, 1)


def user(serial=7, point=POINT, **options):
    extensions = (*USER, issuing.distribution_point(point)) if point else USER
    return make("A", CA_ISSUER, extensions, serial=serial, **options)


def crl(by=CA_ISSUER, *, revoked=None, made=AT - DAY, due=AT + DAY, point=POINT, authorities_only=False):
    return Crl.load(
        issuing.write_crl(
            by,
            this_update=made,
            next_update=due,
            number=1,
            revoked=revoked or {},
            point=point,
            authorities_only=authorities_only,
        )
    )


def status(certificate, *crls, at=AT, authorities=(ROOT, CA)):
    return CrlStore(crls, authorities).status(certificate, at)


def entry(serial, when, *extensions):
    return der.sequence(
        der.integer(serial), write_instant(when), *((der.sequence(*extensions),) if extensions else ())
    )


def raw(*, entries=(), extensions=(), made=AT - DAY, due=AT + DAY, by=CA_ISSUER):
    """A list of our own writing, with whatever extensions the case wants."""
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.null())
    return Crl.load(
        issuing._signed(
            by.key,
            der.sequence(
                der.integer(1),
                algorithm,
                by.name,
                write_instant(made),
                *((write_instant(due),) if due else ()),
                *((der.sequence(*entries),) if entries else ()),
                *((der.encode(der.context(0), der.sequence(*extensions)),) if extensions else ()),
            ),
        )
    )


def reason(code):
    return extension("2.5.29.21", der.encode(0x0A, bytes((code,))))


# Reading


def test_the_fixture_reads_as_openssl_prints_it():
    found = Crl.load(FIXTURE)
    assert found.issuer == "cn=fixtureCA Class 1,ou=AccreditedCA,o=FIXTURE,c=kr"
    assert found.this_update == datetime(2026, 1, 1, tzinfo=UTC)
    assert found.next_update == datetime(2045, 1, 1, tzinfo=UTC)
    assert found.number == 7
    assert dict(found.entries) == {0x2A0204: Revoked(datetime(2026, 3, 1, tzinfo=UTC), "keyCompromise")}
    assert found.signed_by(fixture_certificate("ca/intermediate.der"))
    assert not found.signed_by(fixture_certificate("ca/root.der"))


def test_pem_and_base64_read_too():
    pem = b"-----BEGIN X509 CRL-----\n" + base64.encodebytes(FIXTURE) + b"-----END X509 CRL-----\n"
    assert Crl.load(pem).entries == Crl.load(base64.b64encode(FIXTURE)).entries == Crl.load(FIXTURE).entries


@pytest.mark.parametrize("junk", [b"", b"0", b"junk", FIXTURE[:-1], FIXTURE + b"\x00", b"0\x00"])
def test_what_is_no_list_is_malformed(junk):
    with pytest.raises(MalformedFile):
        Crl.load(junk)


def test_a_certificate_is_no_list():
    with pytest.raises(MalformedFile):
        Crl.load((DATA / "ca/root.der").read_bytes())


def test_a_huge_list_is_refused_before_it_is_read():
    with pytest.raises(FileTooLarge):
        Crl.load(b"0" * (MAX_SIZE + 1))


@settings(max_examples=300)
@given(st.integers(0, len(FIXTURE) * 8 - 1))
def test_a_flipped_bit_is_refused_or_breaks_the_signature(position):
    damaged = bytearray(FIXTURE)
    damaged[position // 8] ^= 1 << position % 8
    try:
        found = Crl.load(bytes(damaged))
    except NpkiError:
        return
    assert not found.signed_by(fixture_certificate("ca/intermediate.der"))


@given(st.binary(max_size=300))
def test_random_octets_end_in_a_typed_error(data):
    with pytest.raises(NpkiError):
        Crl.load(b"0" + data)


def test_a_large_list_reads():
    found = crl(revoked=dict.fromkeys(range(1, 5001), AT - DAY))
    assert len(found.entries) == 5000


@pytest.mark.parametrize(
    ("code", "name"),
    [(0, "unspecified"), (1, "keyCompromise"), (5, "cessationOfOperation"), (99, "unspecified")],
)
def test_reasons_have_their_names(code, name):
    assert raw(entries=[entry(7, AT - DAY, reason(code))]).entries[7].reason == name


def test_two_algorithms_that_differ_are_malformed():
    outer = der.parse(FIXTURE).parts
    sha1 = der.sequence(der.oid("1.2.840.113549.1.1.5"), der.null())
    with pytest.raises(MalformedFile):
        Crl.load(der.sequence(outer[0].encoded, sha1, outer[2].encoded))


@pytest.mark.parametrize(
    "extensions",
    [
        [extension("2.5.29.27", der.integer(1), critical=True)],
        [extension("2.5.29.28", der.sequence(der.encode(0x84, b"\xff")), critical=True)],
        [extension("2.5.29.28", der.sequence(der.encode(0x83, b"\x06\x40")), critical=True)],
        [extension("2.5.29.28", der.sequence(der.encode(0x85, b"\xff")), critical=True)],
    ],
    ids=["delta", "indirect", "some reasons", "attribute certificates"],
)
def test_lists_that_would_mislead_are_refused(extensions):
    with pytest.raises(CrlUnsupported):
        raw(extensions=extensions)


def test_an_unknown_critical_extension_of_an_entry_is_refused():
    with pytest.raises(CrlUnsupported):
        raw(entries=[entry(7, AT, extension("2.5.29.29", b"\x05\x00", critical=True))])


# What a list says


def test_the_fixture_says_revoked_good_and_unknown():
    source = fixture_revocations()
    for identity, kind in {"revoked": Revoked, "biz_etax": Good, "expired": Unknown}.items():
        certificate = Certificate.load((folder(identity) / "signCert.der").read_bytes())
        assert isinstance(source.status(certificate, AT), kind)


def test_a_listed_certificate_is_revoked_from_its_instant_on():
    found = crl(revoked={7: AT - DAY})
    assert status(user(), found) == Revoked(AT - DAY, "unspecified")
    assert status(user(), found, at=AT - 2 * DAY) == Good(revoked_later=Revoked(AT - DAY, "unspecified"))
    assert status(user(8), found) == Good()


def test_without_a_list_nothing_is_known():
    assert status(user()) == Unknown("no_list")


def test_a_list_that_another_key_signed_says_nothing():
    _, forger = make_authority("TEST CA", ROOT_ISSUER, 2)
    assert status(user(), crl(forger)) == Unknown("no_list")


def test_a_list_of_an_authority_of_the_same_name_that_did_not_issue_the_certificate_says_nothing():
    namesake, by = make_authority("TEST CA", ROOT_ISSUER, 2)
    assert status(user(), crl(by), authorities=(ROOT, CA, namesake)) == Unknown("no_list")


def test_a_list_of_another_authority_says_nothing():
    other, by = make_authority("TEST other CA", ROOT_ISSUER, 3)
    assert status(user(), crl(by, revoked={7: AT - DAY}), authorities=(CA, other)) == Unknown("no_list")


def test_an_authority_that_may_not_sign_lists_is_not_believed():
    limited = (issuing.authority(0)[0], issuing.key_usage("keyCertSign"), *issuing.authority(0)[2:])
    ca, by = make_authority("TEST limited CA", ROOT_ISSUER, 4, extensions=limited)
    assert status(make("A", by), crl(by), authorities=(ca,)) == Unknown("no_list")


def test_an_authority_without_key_usage_is_believed():
    root, by = make_root("TEST plain root", 5, issuing.authority(None)[:1])
    certificate = make("A", by, (*USER, issuing.distribution_point(POINT)))
    assert status(certificate, crl(by), authorities=(root,)) == Good()


def test_an_old_list_says_nothing_good_but_keeps_what_it_revoked():
    found = crl(revoked={7: AT - DAY}, due=AT - timedelta(seconds=1))
    assert status(user(8), found) == Unknown("stale")
    assert isinstance(status(user(7), found), Revoked)
    assert status(user(8), crl(due=AT)) == Good()


def test_a_list_without_next_update_stays_current():
    assert status(user(), raw(due=None)) == Good()


def test_a_list_made_after_the_certificate_expired_says_nothing_good():
    certificate = user(8, valid=(FROM, AT - 2 * DAY))
    assert status(certificate, crl(), at=AT - 3 * DAY) == Unknown("after_expiry")


def test_the_newest_list_decides_about_a_hold():
    hold = raw(entries=[entry(7, AT - 3 * DAY, reason(6))], made=AT - 2 * DAY)
    assert status(user(), hold) == Revoked(AT - 3 * DAY, "certificateHold")
    assert status(user(), crl(), hold) == Good()
    final = raw(entries=[entry(7, AT - 3 * DAY, reason(1))], made=AT - 2 * DAY)
    assert isinstance(status(user(), crl(), final), Revoked)


# Partitions


def test_a_partition_speaks_only_of_its_own():
    other = POINT.replace("dp1p1", "dp1p2")
    assert status(user(), crl(point=other)) == Unknown("no_list")
    assert status(user(point=None), crl()) == Unknown("no_list")
    assert status(user(), crl(point=other), crl()) == Good()


def test_a_partition_named_by_dn_matches_the_address_in_the_certificate():
    name = write_name(("c", "KR"), ("o", "TEST"), ("ou", "AccreditedCA"), ("ou", "dp1p1"))
    point = der.encode(0xA0, der.encode(0xA0, der.encode(0xA4, name)))
    scope = extension("2.5.29.28", der.sequence(point), critical=True)
    assert status(user(), raw(extensions=[scope])) == Good()


@pytest.mark.parametrize(
    "address",
    [
        "ldap://other.test.example/OU=dp1p1, ou=accreditedca,o=test,c=KR?certificateRevocationList;binary",
        "ldap://ds.test.example:389/ou=dp1p1,ou=AccreditedCA,o=TEST,c=kr",
        "ldap://ds.test.example:389/ou=dp1p1,ou=Accredited%43A,o=TEST,c=kr?certificateRevocationList",
    ],
)
def test_addresses_of_one_entry_are_the_same_point(address):
    assert status(user(), crl(point=address)) == Good()


def test_a_partition_named_some_other_way_covers_nobody():
    relative = der.encode(0xA0, der.encode(0xA1, der.null()))
    mail = der.encode(0xA0, der.encode(0xA0, der.encode(0x81, b"a@b")))
    for point in (relative, mail):
        scope = extension("2.5.29.28", der.sequence(point), critical=True)
        assert status(user(), raw(extensions=[scope])) == Unknown("no_list")


def test_a_list_for_authorities_says_nothing_about_users_and_the_reverse():
    assert status(user(), crl(authorities_only=True)) == Unknown("no_list")
    ca, _ = make_authority(
        "TEST CA", ROOT_ISSUER, 1, extensions=(*issuing.authority(0), issuing.distribution_point(POINT))
    )
    assert status(ca, crl(ROOT_ISSUER, authorities_only=True)) == Good()
    users_only = extension("2.5.29.28", der.sequence(der.encode(0x81, b"\xff")), critical=True)
    assert status(ca, raw(extensions=[users_only], by=ROOT_ISSUER)) == Unknown("no_list")
    assert status(user(), raw(extensions=[users_only])) == Good()


def test_an_issuer_is_what_its_key_says():
    assert issuer(CA, key(1)).name == CA.subject_name.encoded
