"""Finding certificates in the usual places."""

import os
import shutil
from pathlib import Path

import pytest
from npki_files import CERTIFICATE, DATA, IDENTITIES, folder

from dojang.npki import discover
from dojang.npki.discover import find_certificates, usual_places


def place(folder: Path, certificate: bytes = CERTIFICATE) -> Path:
    folder.mkdir(parents=True)
    (folder / "signCert.der").write_bytes(certificate)
    (folder / "signPri.key").write_bytes(b"never opened")
    return folder


def test_every_identity_of_a_tree_is_found_with_its_km_pair():
    found = {one.certificate.serial_hex: one for one in find_certificates([DATA / "NPKI"])}
    assert set(found) == {said["serial_hex"] for said in IDENTITIES.values()}
    for name, said in IDENTITIES.items():
        assert found[said["serial_hex"]].folder == folder(name)
        assert found[said["serial_hex"]].has_km == said["has_km"]


def test_a_tree_of_macos_is_found():
    assert [one.certificate.serial_hex for one in find_certificates([DATA / "NPKI_macos_NFD"])] == ["2a01f3"]


def test_the_order_is_that_of_the_roots_and_the_names(tmp_path):
    for name in ("b", "a", "c/z", "c/y"):
        place(tmp_path / name)
    found = [
        one.folder.relative_to(tmp_path).as_posix() for one in find_certificates([tmp_path / "c", tmp_path])
    ]
    assert found == ["c/y", "c/z", "a", "b"]


def test_a_root_may_be_the_certificate_folder_itself(tmp_path):
    here = place(tmp_path / "cn=x")
    assert [one.folder for one in find_certificates([here])] == [here]


@pytest.mark.parametrize("root", ["nothing", "file", "nul\0l", "x" * 300])
def test_roots_that_are_no_folders_hold_nothing(root, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert find_certificates([tmp_path / root]) == []


def test_no_roots_find_nothing():
    assert find_certificates([]) == []


@pytest.mark.parametrize("certificate", [b"", b"text", bytes(100_000), CERTIFICATE[:-1]])
def test_broken_certificates_are_passed_over(certificate, tmp_path):
    place(tmp_path / "broken", certificate)
    good = place(tmp_path / "good")
    assert [one.folder for one in find_certificates([tmp_path])] == [good]


def test_names_are_taken_in_any_case(tmp_path):
    (tmp_path / "SIGNCERT.DER").write_bytes(CERTIFICATE)
    (tmp_path / "SignPri.KEY").write_bytes(b"")
    assert len(find_certificates([tmp_path])) == 1


def test_a_loop_of_links_ends(tmp_path):
    here = place(tmp_path / "NPKI" / "yessign")
    (here / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert [one.folder for one in find_certificates([tmp_path])] == [here]


def test_a_root_reached_twice_is_listed_once(tmp_path):
    here = place(tmp_path / "NPKI" / "cn=x")
    (tmp_path / "link").symlink_to(tmp_path / "NPKI", target_is_directory=True)
    roots = [tmp_path / "NPKI", tmp_path / "link", tmp_path]
    assert [one.folder for one in find_certificates(roots)] == [here]


def test_a_pipe_in_place_of_a_certificate_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "signCert.der")
    (tmp_path / "signPri.key").write_bytes(b"")
    assert find_certificates([tmp_path]) == []


def test_a_folder_that_cannot_be_read_is_passed_over(tmp_path, monkeypatch):
    place(tmp_path / "closed")
    good = place(tmp_path / "good")
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [one.folder for one in find_certificates([tmp_path])] == [good]


def test_depth_is_bounded(tmp_path):
    deepest = tmp_path.joinpath(*"abcdefgh"[: discover.MAX_DEPTH])
    place(deepest)
    assert len(find_certificates([tmp_path])) == 1
    shutil.move(deepest, tmp_path / "x")
    deepest.mkdir(parents=True)
    shutil.move(tmp_path / "x", deepest / "too deep")
    assert find_certificates([tmp_path]) == []


def test_a_huge_tree_is_left_after_its_share(tmp_path, monkeypatch):
    monkeypatch.setattr(discover, "MAX_ENTRIES", 300)
    for number in range(40):
        (tmp_path / f"{number:02}").mkdir()
        for inner in range(40):
            (tmp_path / f"{number:02}" / f"{inner}").write_bytes(b"")
    place(tmp_path / "zz last")
    place(tmp_path / "00" / "first")
    assert [one.folder.name for one in find_certificates([tmp_path])] == ["first"]


def test_the_usual_places_are_searched_when_none_are_given(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    here = place(tmp_path / "NPKI" / "yessign" / "USER" / "cn=x")
    assert here in [one.folder for one in find_certificates()]


def test_an_account_without_a_home_has_no_usual_place_of_its_own(monkeypatch):
    def homeless():
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert find_certificates() == []


@pytest.mark.parametrize(
    ("system", "places"),
    [
        ("Windows", ["AppData/LocalLow/NPKI", "AppData/LocalLow/certstorage"]),
        ("Darwin", ["Library/Preferences/NPKI", "Documents/NPKI", "NPKI"]),
        ("Linux", ["NPKI"]),
    ],
)
def test_each_system_has_its_places(system, places, tmp_path):
    home = tmp_path / "user [1]*"
    for one in places:
        (home / one).mkdir(parents=True)
    (tmp_path / "user 1x" / "NPKI").mkdir(parents=True)
    assert [one for one in usual_places(system, home) if tmp_path in one.parents] == [
        home / one for one in places
    ]


def test_an_unknown_system_has_no_usual_places(tmp_path):
    assert usual_places("Plan 9", tmp_path) == []


def test_a_home_with_a_tilde_keeps_it(tmp_path):
    (tmp_path / "a~b" / "NPKI").mkdir(parents=True)
    assert tmp_path / "a~b" / "NPKI" in usual_places("Linux", tmp_path / "a~b")
