"""From where someone comes: believed only from proxies that are known to stand before us."""

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from dojang.service.web.client_address import ClientAddress, forwarded_address


@pytest.mark.parametrize(
    ("header", "proxies", "address"),
    [
        ("192.0.2.7", 1, "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7", 1, "192.0.2.7"),  # the first is what the asker made up
        ("203.0.113.9, 192.0.2.7 , 10.0.0.1", 2, "192.0.2.7"),
        ("2001:db8::7", 1, "2001:db8::7"),
        ("192.0.2.7:4711", 1, "192.0.2.7"),
        ("[2001:db8::7]:4711", 1, "2001:db8::7"),
        ("192.0.2.7", 0, ""),
        ("192.0.2.7", 2, ""),
        ("", 1, ""),
        ("unknown", 1, ""),
        ("192.0.2.7, ", 1, ""),
        ("<script>", 1, ""),
        ("1" * 9000, 1, ""),
    ],
)
def test_the_address_is_the_one_that_the_outermost_proxy_saw(header, proxies, address):
    assert forwarded_address(header, proxies) == address


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "192.0.2.7")])
def test_the_header_counts_only_where_a_proxy_is_said_to_stand(settings, proxies, address):
    request = RequestFactory().get("/", headers={"x-forwarded-for": "192.0.2.7"})
    with override_settings(ENVIRONMENT=replace(settings.ENVIRONMENT, proxies=proxies)):
        ClientAddress(lambda _: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == address


@pytest.mark.django_db
def test_people_behind_one_proxy_are_counted_apart(client, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, proxies=1)
    for _ in range(31):
        response = client.post("/account/login/", {}, headers={"x-forwarded-for": "192.0.2.7"})
    assert response.status_code == 429
    assert client.post("/account/login/", {}, headers={"x-forwarded-for": "192.0.2.8"}).status_code == 200
