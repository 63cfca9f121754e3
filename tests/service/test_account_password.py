"""Signing in by password, and setting a new one."""

import re

import pytest
from django.urls import reverse
from service_world import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db

NEW = "haneul-bora-nun-88"


@pytest.fixture
def user():
    return make_user("hana@example.com", password=PASSWORD)


def log_in(client, password=PASSWORD, email="hana@example.com", **more):
    return client.post(reverse("account_login"), {"login": email, "password": password} | more)


def ask_for_reset(client, email="hana@example.com"):
    return client.post(reverse("account_reset_password"), {"email": email})


def link_in(mail) -> str:
    return re.search(r"^https?://[^/]+(/\S+)$", mail.body, re.MULTILINE)[1]


def follow_reset(client, link, password=NEW):
    form = client.get(link, follow=True).request["PATH_INFO"]
    return client.post(form, {"password1": password, "password2": password})


def test_the_right_password_leads_to_the_first_page(client, user):
    assert log_in(client).url == reverse("home")


def test_the_address_is_written_in_any_case(client, user):
    assert log_in(client, email="HANA@example.com").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"), [("hana@example.com", "wrong"), ("nobody@example.com", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, user, email, password):
    response = log_in(client, password, email)
    assert "이메일이나 비밀번호가 올바르지 않습니다." in response.content.decode()


def test_a_page_that_was_asked_for_comes_after_signing_in(client, user):
    assert log_in(client, next="/account/email/").url == "/account/email/"


def test_no_other_site_comes_after_signing_in(client, user):
    assert log_in(client, next="https://evil.example/").url == reverse("home")


def test_a_session_ends_with_the_browser_unless_it_is_to_be_kept(client, user):
    log_in(client)
    assert client.session.get_expire_at_browser_close()
    client.post(reverse("account_logout"))
    log_in(client, remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_leaving_takes_a_press_of_a_button(user):
    client = client_of(user)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert "_auth_user_id" not in client.session


def test_the_link_of_the_mail_sets_a_new_password(client, user, mailoutbox):
    assert ask_for_reset(client).url == reverse("account_reset_password_done")
    follow_reset(client, link_in(mailoutbox[0]))
    assert log_in(client, PASSWORD).status_code == 200
    assert log_in(client, NEW).url == reverse("home")


def test_a_link_works_once(client, user, mailoutbox):
    ask_for_reset(client)
    follow_reset(client, link_in(mailoutbox[0]))
    again = client.get(link_in(mailoutbox[0]), follow=True).content.decode()
    assert "쓸 수 없는 링크" in again


def test_a_new_password_is_told_by_mail_with_where_it_came_from(client, user, mailoutbox):
    ask_for_reset(client)
    follow_reset(client, link_in(mailoutbox[0]))
    assert "127.0.0.1" in mailoutbox[1].body
    assert "본인이 한 일이 아니라면" in mailoutbox[1].body


def test_a_reset_for_an_unknown_address_looks_the_same(client, mailoutbox):
    assert ask_for_reset(client, "nobody@example.com").url == reverse("account_reset_password_done")
    assert "가입되지 않은" in mailoutbox[0].subject


def test_who_forgot_is_written_to_in_their_own_language(client, mailoutbox):
    make_user("jane@example.com", language="en")
    ask_for_reset(client, "jane@example.com")
    assert mailoutbox[0].subject == "[Dojang] Set a new password"


def test_changing_the_password_takes_the_old_one(user):
    client = client_of(user)
    given = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert (
        "현재 비밀번호가 맞지 않습니다."
        in client.post(reverse("account_change_password"), given).content.decode()
    )
    given["oldpassword"] = PASSWORD
    client.post(reverse("account_change_password"), given)
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_somebody_who_was_stopped_cannot_sign_in(client, user):
    user.is_active = False
    user.save()
    assert log_in(client, follow=True).url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session
