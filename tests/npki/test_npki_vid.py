"""본인확인: the manifest's verdicts, and that neither R nor the number ever shows."""

import logging

import pytest
from npki_files import IDENTITIES, folder

from dojang.npki.certificates import Certificate
from dojang.npki.errors import NotThisBusinessNumber
from dojang.npki.random_number import RandomNumber
from dojang.npki.vid import compute_vid, require_vid, vid_matches

WITH_R = [name for name, said in IDENTITIES.items() if said["R"]]


def identity(name):
    said = IDENTITIES[name]
    certificate = Certificate.load((folder(name) / "signCert.der").read_bytes())
    return certificate, RandomNumber(bytes.fromhex(said["R"])), said


@pytest.mark.parametrize("name", WITH_R)
def test_every_fixture_belongs_to_its_number_and_to_no_other(name):
    certificate, number_r, said = identity(name)
    assert compute_vid(said["idn"], number_r, said["vid_hash"]).hex() == said["vid"]
    assert vid_matches(certificate, number_r, said["idn"])
    assert not vid_matches(certificate, number_r, "9998100015")
    assert not vid_matches(certificate, RandomNumber(b"\x00" * 20), said["idn"])
    require_vid(certificate, number_r, said["idn"])


def test_hyphens_in_the_number_do_not_matter():
    certificate, number_r, _ = identity("biz_etax")
    assert vid_matches(certificate, number_r, "000-00-00000")


@pytest.mark.parametrize(
    "number", ["", "1", "12345678901", "abcdefghij", "１２３４５６７８９０", "000000000a"]
)
def test_what_is_no_number_belongs_to_nobody(number):
    certificate, number_r, _ = identity("biz_etax")
    assert not vid_matches(certificate, number_r, number)


def test_a_certificate_without_vid_belongs_to_nobody():
    from npki_authorities import fixture_certificate

    _, number_r, said = identity("biz_etax")
    with pytest.raises(NotThisBusinessNumber):
        require_vid(fixture_certificate("ca/root.der"), number_r, said["idn"])


def test_a_leading_zero_octet_of_r_counts():
    assert compute_vid("9998100015", RandomNumber(b"\x00" + b"\x01" * 19), "sha256") != compute_vid(
        "9998100015", RandomNumber(b"\x01" * 19 + b"\x00"), "sha256"
    )


def test_neither_r_nor_the_number_shows_anywhere(caplog):
    caplog.set_level(logging.DEBUG)
    certificate, number_r, said = identity("person_general")
    with pytest.raises(NotThisBusinessNumber) as refused:
        require_vid(certificate, number_r, "9912319123456")
    shown = " ".join(
        (
            str(refused.value),
            repr(refused.value),
            refused.value.text("ko"),
            repr(number_r),
            repr(certificate),
            caplog.text,
        )
    )
    raw = number_r.reveal()
    for secret in (said["R"], said["R"].upper(), repr(raw), str(list(raw)), "9912319123456"):
        assert secret not in shown
