"""The switches of language and brightness, on the account and in the browser."""

import pytest
from django.urls import reverse
from service_world import client_of, make_user

pytestmark = pytest.mark.django_db


def switch(client, name, value, following="/account/login/"):
    return client.post(reverse(name), {name: value, "next": following})


def test_korean_comes_first_whatever_the_browser_prefers(client):
    response = client.get("/", headers={"accept-language": "en-US,en"})
    assert response.headers["Content-Language"] == "ko"
    assert '<html lang="ko"' in response.content.decode()


def test_the_language_stays_in_the_browser(client):
    switch(client, "language", "en")
    response = client.get("/")
    assert response.headers["Content-Language"] == "en"
    assert '<html lang="en"' in response.content.decode()


def test_who_is_signed_in_takes_the_language_along():
    user = make_user()
    switch(client_of(user), "language", "en")
    user.refresh_from_db()
    assert user.language == "en"
    assert client_of(user).get("/account/email/").headers["Content-Language"] == "en"


@pytest.mark.parametrize("value", ["", "fr", "ko; drop", "e" * 5000])
def test_no_other_language_is_kept(client, value):
    assert "dojang_language" not in switch(client, "language", value).cookies


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_brightness_stands_in_the_page_so_that_nothing_flashes(client, theme):
    switch(client, "theme", theme)
    page = client.get("/").content.decode()
    assert f'data-theme="{theme}"' in page
    assert f'<meta name="color-scheme" content="{theme}">' in page


def test_the_device_decides_again_when_asked_to(client):
    switch(client, "theme", "dark")
    switch(client, "theme", "system")
    assert "data-theme" not in client.get("/").content.decode()


def test_a_made_up_cookie_does_not_reach_the_page(client):
    client.cookies["dojang_theme"] = 'dark" onload="x'
    assert "data-theme" not in client.get("/").content.decode()


@pytest.mark.parametrize("name", ["language", "theme"])
def test_one_comes_back_to_where_one_was(client, name):
    assert switch(client, name, "en").url == "/account/login/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_a_switch_leads_to_no_other_site(client, elsewhere):
    assert switch(client, "theme", "dark", elsewhere).url == "/"


@pytest.mark.parametrize("name", ["language", "theme"])
def test_a_link_alone_switches_nothing(client, name):
    assert client.get(reverse(name)).status_code == 405
