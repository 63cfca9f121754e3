"""Whoever tries too often has to wait, and is told so on a page of ours."""

import pytest
from django.test import Client
from django.urls import reverse
from service_world import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def post_until_refused(client, name, data, *, at_most):
    for count in range(at_most):
        response = client.post(reverse(name), data)
        if response.status_code == 429:
            return count, response
    pytest.fail(f"{at_most} requests were accepted")


def test_wrong_passwords_of_one_account_are_counted_over_all_browsers():
    make_user("hana@example.com", password=PASSWORD)
    for _ in range(5):
        Client().post(reverse("account_login"), {"login": "hana@example.com", "password": "wrong"})
    given = {"login": "hana@example.com", "password": PASSWORD}
    response = Client().post(reverse("account_login"), given)
    assert response.status_code == 200
    assert "로그인에 여러 번 실패했습니다." in response.content.decode()


def test_another_account_is_not_held_up_by_that():
    make_user("hana@example.com", password=PASSWORD)
    make_user("duri@example.com", password=PASSWORD)
    for _ in range(6):
        Client().post(reverse("account_login"), {"login": "hana@example.com", "password": "wrong"})
    given = {"login": "duri@example.com", "password": PASSWORD}
    assert Client().post(reverse("account_login"), given).status_code == 302


@pytest.mark.parametrize(
    ("name", "data", "allowed"),
    [
        ("account_login", {"login": "", "password": ""}, 30),
        ("account_signup", {"email": ""}, 20),
        ("account_reset_password", {"email": "a@example.com"}, 5),
    ],
)
def test_one_address_may_ask_only_so_often(client, name, data, allowed):
    count, response = post_until_refused(client, name, data, at_most=allowed + 1)
    assert count == allowed
    assert "잠시 뒤에 다시 해 주세요" in response.content.decode()


def test_a_program_is_told_in_json(client):
    for _ in range(30):
        client.post(reverse("account_login"), {})
    response = client.post(reverse("account_login"), {}, headers={"accept": "application/json"})
    assert response.status_code == 429
    assert response.json()["code"] == "too_many_requests"
