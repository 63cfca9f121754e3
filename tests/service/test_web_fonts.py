"""The pages' font is the one that was published, with its licence, and browsers keep it."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest

import dojang.service.web

FONTS = Path(dojang.service.web.__file__).parent / "static/web/fonts/pretendard-1.3.9"
FACES = ["Pretendard-Regular.subset.woff2", "Pretendard-SemiBold.subset.woff2"]


def test_every_file_is_the_published_one():
    listed = dict(reversed(line.split()) for line in (FONTS / "SHA256SUMS").read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.iterdir()}
    assert {name: found[name] for name in listed} == listed
    assert found.keys() - listed.keys() == {"README.md", "SHA256SUMS"}


def test_the_licence_lies_with_the_font():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "LICENSE.txt").read_text("utf-8")


@pytest.mark.parametrize("face", FACES)
def test_a_face_is_served_from_here_and_kept(client, face):
    with closing(client.get(f"/static/web/fonts/pretendard-1.3.9/{face}")) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert b"".join(answer.streaming_content) == (FONTS / face).read_bytes()


def test_what_has_no_version_in_its_address_is_asked_for_again(client):
    with closing(client.get("/static/web/base.css")) as answer:
        assert "immutable" not in answer.headers["Cache-Control"]


def test_a_page_loads_both_faces_before_it_is_drawn(client, db):
    page = client.get("/").content.decode()
    with closing(client.get("/static/web/fonts.css")) as styles:
        rules = b"".join(styles.streaming_content).decode()
    for face in FACES:
        assert f'<link rel="preload" href="/static/web/fonts/pretendard-1.3.9/{face}" as="font"' in page
        assert f'url("fonts/pretendard-1.3.9/{face}")' in rules
