"""The secret part of a link's address."""

import base64
import uuid
from enum import StrEnum

import pytest
from django.conf import settings

from dojang.service.links import tokens
from dojang.service.links.models import Link, Purpose


class Other(StrEnum):
    """A purpose that other pages may have one day."""

    SIGN = "sign_invoice"


@pytest.fixture
def link():
    return Link(purpose=Purpose.VIEW_INVOICE)


def test_a_token_gives_back_the_id_it_was_made_of(link):
    token = tokens.make(link)
    assert tokens.read(token, Purpose.VIEW_INVOICE) == link.pk
    assert tokens.make(link) == token


def test_a_token_holds_the_id_and_128_bits_that_nobody_knows(link):
    data = base64.urlsafe_b64decode(tokens.make(link) + "=")
    assert data[:16] == link.pk.bytes
    assert len(data) == 32


@pytest.mark.parametrize("place", range(43))
def test_a_token_with_any_other_character_is_none(link, place):
    token = tokens.make(link)
    for other in "AB_-":
        changed = token[:place] + other + token[place + 1 :]
        assert changed == token or tokens.read(changed, Purpose.VIEW_INVOICE) is None


def test_the_other_ways_to_write_the_last_bits_are_no_second_address(link):
    token = tokens.make(link)
    same_bytes = [
        token[:-1] + last
        for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        if base64.urlsafe_b64decode(token[:-1] + last + "=") == base64.urlsafe_b64decode(token + "=")
    ]
    assert len(same_bytes) == 4
    assert [tokens.read(one, Purpose.VIEW_INVOICE) for one in same_bytes].count(None) == 3


@pytest.mark.parametrize(
    "text", ["", "a", "=" * 43, "+" * 43, "A" * 42, "A" * 44, "가" * 43, "A" * 100_000, "A" * 42 + "\n"]
)
def test_any_other_text_is_none(text):
    assert tokens.read(text, Purpose.VIEW_INVOICE) is None


def test_a_token_for_one_purpose_is_none_for_another(link):
    assert tokens.read(tokens.make(link), Other.SIGN) is None


def test_a_token_of_another_server_is_none(link, monkeypatch):
    token = tokens.make(link)
    monkeypatch.setattr(settings, "SECRET_KEY", "another secret of another server, as long as it has to be")
    assert tokens.read(token, Purpose.VIEW_INVOICE) is None


def test_a_made_up_id_has_no_token_that_could_be_worked_out(link):
    known = tokens.make(link)
    guess = base64.urlsafe_b64encode(uuid.uuid4().bytes + base64.urlsafe_b64decode(known + "=")[16:])
    assert tokens.read(guess.decode().rstrip("="), Purpose.VIEW_INVOICE) is None
