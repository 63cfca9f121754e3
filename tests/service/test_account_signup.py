"""Signing up: the address is proved by a code before anything can be done, and nobody learns who has an account."""

import re

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.urls import reverse
from service_world import make_user

from dojang.service.accounts.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "nun-bora-haneul-77"
GIVEN = {"name": "김하나", "email": "hana@example.com", "password1": PASSWORD}


def sign_up(client, **changed):
    return client.post(reverse("account_signup"), GIVEN | changed)


def code_in(mail) -> str:
    return re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.body, re.MULTILINE)[0]


def confirm(client, code):
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_sign_up_waits_for_the_code_of_its_mail(client, mailoutbox):
    response = sign_up(client)
    assert response.url == reverse("account_email_verification_sent")
    assert not logged_in(client)
    assert [mail.to for mail in mailoutbox] == [["hana@example.com"]]


def test_the_code_signs_in_and_leads_to_the_first_page(client, mailoutbox):
    sign_up(client)
    response = confirm(client, code_in(mailoutbox[0]))
    assert response.url == reverse("home")
    assert logged_in(client)


def test_a_code_may_be_typed_in_small_letters_and_without_its_dash(client, mailoutbox):
    sign_up(client)
    confirm(client, code_in(mailoutbox[0]).lower().replace("-", ""))
    assert logged_in(client)


def test_a_wrong_code_says_so_in_korean(client, mailoutbox):
    sign_up(client)
    response = confirm(client, "AAAA-AAAA")
    assert "코드가 올바르지 않습니다." in response.content.decode()
    assert not logged_in(client)


def test_after_three_wrong_codes_even_the_right_one_is_refused(client, mailoutbox):
    sign_up(client)
    for _ in range(3):
        confirm(client, "AAAA-AAAA")
    confirm(client, code_in(mailoutbox[0]))
    assert not logged_in(client)


def test_another_code_can_be_asked_for(client, mailoutbox, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    sign_up(client)
    client.post(reverse("account_email_verification_sent"), {"action": "resend"})
    assert len(mailoutbox) == 2
    confirm(client, code_in(mailoutbox[1]))
    assert logged_in(client)


def test_a_used_code_does_not_work_in_another_browser(client, mailoutbox):
    from django.test import Client

    sign_up(client)
    other = Client()
    confirm(other, code_in(mailoutbox[0]))
    assert not logged_in(other)


def test_the_name_the_language_and_the_address_in_small_letters_are_kept(client):
    client.cookies["dojang_language"] = "en"
    sign_up(client, email="Hana@Example.com")
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("hana@example.com", "김하나", "en")


def test_passwords_are_kept_as_argon2(client):
    sign_up(client)
    assert identify_hasher(User.objects.get().password).algorithm == "argon2"
    assert User.objects.get().password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("password", ["short-9", "password12", "hana@example.com"])
def test_short_common_and_personal_passwords_are_refused(client, password):
    response = sign_up(client, password1=password)
    assert response.status_code == 200
    assert not User.objects.exists()


def test_signing_up_twice_looks_the_same_and_tells_only_the_owner_of_the_address(client, mailoutbox):
    make_user("hana@example.com")
    response = sign_up(client)
    assert response.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert "이미 가입된" in mailoutbox[0].subject
    assert reverse("account_reset_password") in mailoutbox[0].body


@pytest.mark.parametrize(
    ("language", "subject", "text"),
    [("ko", "[도장] 이메일 확인 코드", "15분"), ("en", "[Dojang] Your confirmation code", "15 minutes")],
)
def test_the_mail_speaks_the_language_of_the_page(client, mailoutbox, language, subject, text):
    client.cookies["dojang_language"] = language
    sign_up(client)
    assert mailoutbox[0].subject == subject
    assert text in mailoutbox[0].body


def test_without_the_token_of_the_form_nothing_is_accepted():
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post(reverse("account_signup"), GIVEN)
    assert response.status_code == 403
    assert "페이지가 오래되었습니다" in response.content.decode()
    assert not User.objects.exists()
