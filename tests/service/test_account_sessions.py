"""The list of where someone is signed in."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from service_world import PASSWORD, make_user

from dojang.service.accounts.templatetags.accounts import device

WINDOWS_EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
MAC_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.4 Safari/605.1.15"
)


def log_in(user_agent):
    client = Client(headers={"user-agent": user_agent})
    client.post(reverse("account_login"), {"login": "hana@example.com", "password": PASSWORD})
    return client


@pytest.mark.django_db
def test_every_place_is_named_as_people_name_it():
    make_user("hana@example.com", password=PASSWORD)
    first = log_in(WINDOWS_EDGE)
    log_in(MAC_SAFARI)
    page = first.get(reverse("usersessions_list")).content.decode()
    assert "Edge · Windows" in page
    assert "Safari · Mac" in page
    assert page.count("지금 이 기기") == 1


@pytest.mark.django_db
def test_signing_out_the_others_leaves_this_one():
    make_user("hana@example.com", password=PASSWORD)
    first, second = log_in(WINDOWS_EDGE), log_in(MAC_SAFARI)
    first.post(reverse("usersessions_list"))
    assert first.get(reverse("usersessions_list")).status_code == 200
    assert second.get(reverse("usersessions_list")).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "noted"), [(5, False), (15, True)])
def test_the_use_of_a_log_in_is_noted_every_ten_minutes(minutes, noted):
    make_user("hana@example.com", password=PASSWORD)
    browser = log_in(MAC_SAFARI)
    before = timezone.now() - timedelta(minutes=minutes)
    UserSession.objects.update(last_seen_at=before)
    browser.get(reverse("account_email"))
    assert (UserSession.objects.get().last_seen_at > before) is noted


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (WINDOWS_EDGE, "Edge · Windows"),
        (MAC_SAFARI, "Safari · Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S931N) Chrome/140.0 SamsungBrowser/28.0",
            "Samsung Internet · Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) CriOS/140.0 Safari/604.1",
            "Chrome · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/138.0 Whale/4.33 Safari/537.36", "Whale · Windows"),
        ("", "알 수 없는 기기"),
        ("<script>" * 100, "알 수 없는 기기"),
    ],
)
def test_browser_and_machine_are_told_from_what_they_say(user_agent, name):
    assert device(user_agent) == name
