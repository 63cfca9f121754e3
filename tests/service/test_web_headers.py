"""Every page carries the policy that keeps foreign scripts, frames and caches out."""

import re

import pytest
from django.urls import reverse
from service_world import client_of, make_user, make_workspace

from dojang.service.web.headers import HEADERS

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/healthz",
    "/readyz",
    "/demo/mail/",
    "/nowhere/",
]
OWN = [
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/webauthn/",
    "/account/sessions/",
]


@pytest.fixture(params=PUBLIC + OWN + ["home"])
def response(request, client):
    if request.param in PUBLIC:
        return client.get(request.param)
    user = make_user()
    browser = client_of(user)
    address = f"/w/{make_workspace(user).slug}/" if request.param == "home" else request.param
    return browser.get(address)


def test_every_page_has_every_header(response):
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


def test_no_page_is_kept_by_a_cache_between(response):
    assert "no-store" in response.headers["Cache-Control"]


def test_no_page_has_a_script_or_style_that_the_policy_would_refuse(response):
    page = response.content.decode()
    inline = [tag for tag in re.findall(r"<script\b[^>]*>", page) if "src=" not in tag]
    assert [tag for tag in inline if 'type="application/json"' not in tag] == []
    assert re.findall(r"<style\b|\sstyle=|\son\w+=|javascript:", page) == []


def test_the_policy_allows_nothing_from_elsewhere():
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert re.findall(r"https?:|\*", policy) == []


def test_a_cookie_of_the_session_is_not_for_scripts(client):
    make_user("hana@example.com", password="correct horse battery")
    given = {"login": "hana@example.com", "password": "correct horse battery"}
    response = client.post(reverse("account_login"), given)
    cookie = response.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
