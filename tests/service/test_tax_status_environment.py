"""Where 휴폐업 is asked for, and with which key: from the environment."""

import pytest
from settings_for_checks import PLACEHOLDERS

from dojang.service.environment import PUBLIC_TAX_STATUS_URL, Environment
from dojang.service.variables import BadEnvironment

SANDBOX = "http://127.0.0.1:8090"
KEY = "a+key/with=signs"
LIVE = {
    "DOJANG_DEMO": "0",
    "DOJANG_ORIGIN": "https://tax.example.com",
    "DOJANG_SMTP_URL": "smtp://localhost",
    "DOJANG_MAIL_FROM": "no-reply@example.com",
}


def read(**values):
    return Environment.read({**PLACEHOLDERS, **values})


def test_a_demo_asks_its_sandbox():
    demo = read(DOJANG_SANDBOX_URL=f"{SANDBOX}/")
    assert demo.tax_status_url == SANDBOX
    assert demo.tax_status_key


def test_a_demo_without_a_sandbox_asks_nobody():
    assert read().tax_status_url == ""


def test_an_operator_without_a_key_asks_nobody():
    live = read(**LIVE, DOJANG_SANDBOX_URL=SANDBOX)
    assert live.tax_status_url == PUBLIC_TAX_STATUS_URL
    assert live.tax_status_key == ""


def test_the_key_is_never_shown():
    live = read(**LIVE, DOJANG_TAX_STATUS_KEY=KEY)
    assert live.tax_status_key == KEY
    assert KEY not in repr(live)


@pytest.mark.parametrize("url", ["http://status.example.com", "ftp://localhost", "status.example.com"])
def test_an_address_where_the_key_could_be_read_on_the_way_is_refused(url):
    with pytest.raises(BadEnvironment) as refusal:
        read(DOJANG_TAX_STATUS_URL=url, DOJANG_TAX_STATUS_KEY=KEY)
    assert "DOJANG_TAX_STATUS_URL" in {problem.variable for problem in refusal.value.problems}
    assert KEY not in refusal.value.text()


@pytest.mark.parametrize("url", ["https://status.example.com", "http://localhost:9", "http://[::1]:9"])
def test_https_and_this_machine_are_taken(url):
    assert read(DOJANG_TAX_STATUS_URL=url).tax_status_url == url
