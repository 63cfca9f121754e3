"""The second factor: an authenticator app, recovery codes, and that neither stands in the database as it is."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from service_world import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("hana@example.com", password=PASSWORD)


@pytest.fixture
def client(user):
    """A browser that has just given the password, and again to change how one signs in."""
    client = Client()
    give_password(client)
    prove_again(client)
    return client


def give_password(client):
    return client.post(reverse("account_login"), {"login": "hana@example.com", "password": PASSWORD})


def prove_again(client):
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def totp(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def activate(client) -> str:
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    assert response.status_code == 302
    return secret


def test_the_code_of_the_app_is_asked_for_after_the_password(client):
    secret = activate(client)
    other = Client()
    assert give_password(other).url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in other.session
    response = other.post(reverse("mfa_authenticate"), {"code": totp(secret)})
    assert response.url == reverse("home")


def test_a_wrong_code_signs_nobody_in(client):
    activate(client)
    other = Client()
    give_password(other)
    response = other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "코드가 올바르지 않습니다." in response.content.decode()
    assert "_auth_user_id" not in other.session


def test_a_code_that_someone_saw_does_not_work_again(client):
    secret = activate(client)
    code = totp(secret, 1)
    first, second = Client(), Client()
    give_password(first)
    first.post(reverse("mfa_authenticate"), {"code": code})
    give_password(second)
    second.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_a_recovery_code_signs_in_once(client, user):
    activate(client)
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    first, second = Client(), Client()
    give_password(first)
    assert first.post(reverse("mfa_authenticate"), {"code": codes[0]}).url == reverse("home")
    give_password(second)
    second.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert "_auth_user_id" not in second.session


def test_secrets_are_encrypted_in_the_database(client):
    secret = activate(client)
    kept = {one.type: one.data for one in Authenticator.objects.all()}
    assert secret not in str(kept)
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    assert len(codes) == 10
    assert not any(code in str(kept) for code in codes)


def test_the_qr_code_is_an_image_that_the_policy_allows(client):
    page = client.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml' in page.content.decode()
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]


def test_the_app_shows_whose_code_it_is(client):
    url = client.get(reverse("mfa_activate_totp")).context["totp_url"]
    assert url.startswith("otpauth://totp/")
    assert "hana%40example.com" in url
    assert "issuer=%EB%8F%84%EC%9E%A5" in url


def test_turning_it_off_is_told_by_mail(client, mailoutbox):
    activate(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert [mail.subject for mail in mailoutbox][-1] == "[도장] 인증 앱을 껐습니다"


def test_having_signed_in_is_not_enough_to_change_how_one_signs_in(user):
    client = Client()
    give_password(client)
    response = client.get(reverse("mfa_activate_totp"))
    assert response.url.startswith(reverse("account_reauthenticate"))
    prove_again(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_proof_lasts_a_quarter_of_an_hour(client):
    session = client.session
    session["account_authentication_methods"] = [
        one | {"at": one["at"] - 901} for one in session["account_authentication_methods"]
    ]
    session.save()
    response = client.get(reverse("mfa_activate_totp"))
    assert response.url.startswith(reverse("account_reauthenticate"))
