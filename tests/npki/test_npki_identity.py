"""Opening an identity from folders, files and .pfx."""

import base64
import os
import shutil
import tracemalloc
import unicodedata

import pytest
from npki_files import CERTIFICATE, DATA, IDENTITIES, MANIFEST, PASSPHRASE, PLAIN, R, content, folder

from dojang.npki import der, files, pbe, pfx
from dojang.npki.certificates import Certificate
from dojang.npki.errors import (
    FileMissing,
    FileTooLarge,
    FileUnreadable,
    KeyDoesNotMatchCertificate,
    MalformedFile,
    NotACertificateFolder,
    NpkiError,
    WrongPassphraseOrDamaged,
)
from dojang.npki.identity import open_identity

KEY = content("keys/pbes1-seedCBCWithSHA1-1.key")


def pem(label: str, data: bytes) -> bytes:
    return (
        f"-----BEGIN {label}-----\n".encode() + base64.encodebytes(data) + f"-----END {label}-----\n".encode()
    )


@pytest.mark.parametrize("name", IDENTITIES)
def test_every_folder_of_the_fixtures_opens(name):
    said = IDENTITIES[name]
    identity = open_identity(folder(name), PASSPHRASE)
    assert identity.certificate.serial_hex == said["serial_hex"]
    assert (identity.encryption is not None) == said["has_km"]
    assert (identity.key.random_number is not None) == (said["R"] is not None)
    assert identity.certificate.verify(identity.sign(b"invoice"), b"invoice")


def test_the_km_pair_opens_with_the_same_passphrase():
    km = open_identity(folder("biz_general_kica"), PASSPHRASE).encryption
    assert km is not None
    assert km.certificate.key_usage == {"keyEncipherment"}
    assert km.key.public_key_info == km.certificate.public_key_info


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("tree", ["NPKI", "NPKI_macos_NFD"])
def test_a_folder_is_found_in_either_unicode_form(tree, form):
    inside = IDENTITIES["person_general"]["dir"].removeprefix("NPKI/")
    path = DATA / tree / unicodedata.normalize(form, inside)
    assert open_identity(path, PASSPHRASE).key.random_number == R


@pytest.mark.parametrize("names", [("signCert.der", "signPri.key"), ("SIGNCERT.DER", "SignPri.Key")])
def test_names_in_a_folder_are_taken_in_any_case(names, tmp_path):
    for name, data in zip(names, (CERTIFICATE, KEY), strict=True):
        (tmp_path / name).write_bytes(data)
    assert open_identity(tmp_path, PASSPHRASE).key.random_number == R


@pytest.mark.parametrize(
    "certificate", [CERTIFICATE, pem("CERTIFICATE", CERTIFICATE), base64.b64encode(CERTIFICATE)]
)
@pytest.mark.parametrize("key", [KEY, pem("ENCRYPTED PRIVATE KEY", KEY), base64.encodebytes(KEY)])
def test_two_files_open_whatever_they_are_called(certificate, key, tmp_path):
    (tmp_path / "인증서.txt").write_bytes(certificate)
    (tmp_path / "열쇠").write_bytes(key)
    identity = open_identity(tmp_path / "인증서.txt", PASSPHRASE, key=tmp_path / "열쇠")
    assert identity.certificate.der == CERTIFICATE


@pytest.mark.parametrize("file", MANIFEST["pfx"].values())
def test_every_pfx_of_the_fixtures_opens(file):
    identity = open_identity(DATA / file, PASSPHRASE)
    assert identity.certificate.der == CERTIFICATE
    assert identity.encryption is None


def test_a_pfx_is_known_by_its_content(tmp_path):
    (tmp_path / "signCert.der").write_bytes(base64.b64encode(pfx.write(PLAIN, CERTIFICATE, PASSPHRASE)))
    assert open_identity(tmp_path / "signCert.der", PASSPHRASE).key.random_number == R


@pytest.mark.parametrize("order", ["signing first", "km first"])
def test_a_pfx_with_both_pairs_gives_both(order, tmp_path):
    both = [
        pfx.write(
            pbe.decrypt((folder("biz_general_kica") / f"{kind}Pri.key").read_bytes(), PASSPHRASE)[0],
            (folder("biz_general_kica") / f"{kind}Cert.der").read_bytes(),
            PASSPHRASE,
        )
        for kind in ("sign", "km")
    ]
    (tmp_path / "both.p12").write_bytes(merged(both if order == "signing first" else both[::-1]))
    identity = open_identity(tmp_path / "both.p12", PASSPHRASE)
    assert identity.certificate.serial_hex == IDENTITIES["biz_general_kica"]["serial_hex"]
    assert identity.encryption is not None
    assert identity.encryption.certificate.key_usage == {"keyEncipherment"}


def merged(written: list[bytes]) -> bytes:
    """One PFX with the bags of several."""
    safes = []
    for one in written:
        content_info = der.parse(one).items()[1]
        safe = content_info.items()[1].items(der.context(0))[0].octets()
        safes += [part.encoded for part in der.parse(safe).items()]
    joined = der.sequence(*safes)
    return der.sequence(der.integer(3), pfx._data(joined), pfx._mac_data(joined, PASSPHRASE))


def test_a_km_certificate_alone_is_still_an_identity(tmp_path):
    kica = folder("biz_general_kica")
    identity = open_identity(kica / "kmCert.der", PASSPHRASE, key=kica / "kmPri.key")
    assert identity.encryption is None
    info = pbe.decrypt((kica / "kmPri.key").read_bytes(), PASSPHRASE)[0]
    (tmp_path / "km.pfx").write_bytes(pfx.write(info, identity.certificate.der, PASSPHRASE))
    assert open_identity(tmp_path / "km.pfx", PASSPHRASE).certificate == identity.certificate


@pytest.mark.parametrize(("file", "code"), MANIFEST["negative"].items())
def test_every_negative_fixture_fails_as_its_manifest_says(file, code):
    with pytest.raises(NpkiError) as caught:
        open_identity(DATA / "keys/signCert.der", PASSPHRASE, key=DATA / "negative" / file)
    assert caught.value.code == code.split()[0]


def test_a_wrong_passphrase_is_said_to_be_one():
    with pytest.raises(WrongPassphraseOrDamaged):
        open_identity(folder("biz_etax"), "Npki-Test!2025")


def test_files_of_two_folders_do_not_match():
    with pytest.raises(KeyDoesNotMatchCertificate):
        open_identity(folder("biz_etax") / "signCert.der", PASSPHRASE, key=folder("no_R") / "signPri.key")


def test_a_swapped_km_key_does_not_match(tmp_path):
    target = tmp_path / "both"
    shutil.copytree(folder("biz_general_kica"), target)
    (target / "kmPri.key").chmod(0o600)
    (target / "kmPri.key").write_bytes((target / "signPri.key").read_bytes())
    with pytest.raises(KeyDoesNotMatchCertificate):
        open_identity(target, PASSPHRASE)


@pytest.mark.parametrize("present", [[], ["signCert.der"], ["signPri.key"], ["kmCert.der", "kmPri.key"]])
def test_a_folder_without_the_signing_pair_is_named_as_such(present, tmp_path):
    for name in present:
        (tmp_path / name).write_bytes(CERTIFICATE)
    with pytest.raises(NotACertificateFolder, match=tmp_path.name):
        open_identity(tmp_path, PASSPHRASE)


def test_a_lone_certificate_asks_for_its_folder():
    with pytest.raises(NotACertificateFolder, match=r"signCert\.der"):
        open_identity(DATA / "keys/signCert.der", PASSPHRASE)


@pytest.mark.parametrize("data", [b"", b"text", KEY, b"\x30\x00", pem("CERTIFICATE", KEY)])
def test_a_file_that_is_neither_is_malformed(data, tmp_path):
    (tmp_path / "a.pfx").write_bytes(data)
    with pytest.raises(MalformedFile):
        open_identity(tmp_path / "a.pfx", PASSPHRASE)


@pytest.mark.parametrize("path", ["nothing", "nothing/at/all", "nul\0l", "한글", "x" * 300, "file/below"])
def test_what_is_not_there_is_missing(path, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises((FileMissing, FileUnreadable)) as caught:
        open_identity(tmp_path / path, PASSPHRASE)
    assert caught.value.code in {"file_not_found", "file_unreadable"}
    with pytest.raises((FileMissing, FileUnreadable)):
        open_identity(DATA / "keys/signCert.der", PASSPHRASE, key=tmp_path / path)


def test_folders_pipes_and_devices_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(FileUnreadable):
            open_identity(path, PASSPHRASE, key=DATA / "keys/plain.pkcs8.der")
    with pytest.raises(FileUnreadable):
        files.read_file(DATA.__class__(os.devnull), 10)


def test_what_the_system_refuses_is_said_to_be_unreadable(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", refuse)
    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    with pytest.raises(FileUnreadable):
        open_identity(DATA / "keys/signCert.der", PASSPHRASE)
    with pytest.raises(FileUnreadable):
        open_identity(tmp_path, PASSPHRASE)
    assert files.locate(tmp_path / "없음") == tmp_path / "없음"


def test_a_file_of_100_megabytes_is_refused_without_being_read(tmp_path):
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(FileTooLarge):
            open_identity(huge, PASSPHRASE)
        with pytest.raises(FileTooLarge):
            open_identity(huge, PASSPHRASE, key=huge)
        with pytest.raises(FileTooLarge):
            open_identity(DATA / "keys/signCert.der", PASSPHRASE, key=huge)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20_000_000


def test_a_file_exactly_at_the_limit_is_read(tmp_path):
    (tmp_path / "full").write_bytes(bytes(100))
    assert files.read_file(tmp_path / "full", 100) == bytes(100)
    with pytest.raises(FileTooLarge):
        files.read_file(tmp_path / "full", 99)


def test_names_are_shown_composed_and_without_disguise(tmp_path):
    decomposed = unicodedata.normalize("NFD", "홍길동")
    assert files.shown(tmp_path / decomposed) == "홍길동"
    assert files.shown(tmp_path / "a\u202ebc\n\udc80") == "a\ufffdbc\ufffd\ufffd"
    assert files.shown(DATA.__class__("/")) == "/"


def test_an_identity_shows_nothing_secret():
    shown = repr(open_identity(folder("person_general"), PASSPHRASE))
    assert R.reveal().hex() not in shown
    assert repr(R.reveal())[2:-1] not in shown


def test_certificates_are_compared_by_value():
    assert open_identity(folder("biz_etax"), PASSPHRASE).certificate == Certificate.load(
        (folder("biz_etax") / "signCert.der").read_bytes()
    )
