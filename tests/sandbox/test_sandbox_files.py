"""Private files appear whole or not at all."""

import stat

import pytest

from dojang.sandbox.files import write_private
from dojang.sandbox.identities import load_or_create
from dojang.sandbox.office import Office
from dojang.sandbox.server import now


def test_a_file_is_replaced_whole_and_for_its_owner_only(tmp_path):
    file = tmp_path / "file"
    file.write_text("old")
    write_private(file, b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_one_that_says_the_same_is_left_alone(tmp_path):
    file = tmp_path / "file"
    write_private(file, b"same")
    before = file.stat().st_ino
    write_private(file, b"same")
    assert file.stat().st_ino == before


def test_what_fails_leaves_nothing_behind(tmp_path):
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_private(tmp_path / "file", b"x")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_keys_that_cannot_be_made_leave_nothing_behind(tmp_path):
    class Broken:
        def issue_server(self, *_args, **_options):
            raise OSError("made up")

    with pytest.raises(OSError, match="made up"):
        load_or_create(tmp_path, Broken(), now=now())
    assert list(tmp_path.iterdir()) == []


def test_the_time_is_the_machines_unless_another_clock_is_given():
    assert now().utcoffset().total_seconds() == 0
    assert len(Office.random(16)) == 16
