"""A person changes their own name and language."""

import pytest
from service_world import client_of, make_user

pytestmark = pytest.mark.django_db

HERE = "/account/profile/"


def test_a_person_changes_their_name_and_language():
    person = make_user(name="김하나")
    browser = client_of(person)
    assert 'value="김하나"' in browser.get(HERE).content.decode()
    assert browser.post(HERE, {"name": "  김  두리 ", "language": "en"}).headers["Location"] == HERE
    person.refresh_from_db()
    assert (person.name, person.language) == ("김 두리", "en")
    page = browser.get(HERE).content.decode()
    assert "Saved." in page
    assert 'lang="en"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "", "language": "ko"},
        {"name": "   ", "language": "ko"},
        {"name": "x" * 41, "language": "ko"},
        {"name": "a\u202eb", "language": "ko"},
        {"name": "김하나", "language": "fr"},
        {},
    ],
)
def test_what_is_no_name_or_language_is_refused(wrong):
    person = make_user(name="김하나")
    assert client_of(person).post(HERE, wrong).status_code == 200
    person.refresh_from_db()
    assert (person.name, person.language) == ("김하나", "ko")


def test_only_somebody_who_is_logged_in_has_one(client):
    assert client.get(HERE).headers["Location"].startswith("/account/login/")


def test_nobody_changes_another_persons():
    other, person = make_user(name="남"), make_user(name="나")
    client_of(person).post(HERE, {"name": "새이름", "language": "ko", "id": other.pk, "user": other.pk})
    other.refresh_from_db()
    assert other.name == "남"
