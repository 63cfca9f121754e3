"""Numbers of people at rest: what opens them, what does not, and how they are found again."""

import dataclasses

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from dojang.service.secrets import SecretUnreadable, decrypt, encrypt, fingerprint

PURPOSE = "counterparty.resident_number"


def sealed(plain=b"9999999999999", purpose=PURPOSE, workspace_id=1):
    return encrypt(plain, purpose=purpose, workspace_id=workspace_id)


@pytest.fixture
def another_key(monkeypatch):
    other = dataclasses.replace(settings.ENVIRONMENT, data_key=b"another key of thirty-two bytes!")
    return lambda: monkeypatch.setattr(settings, "ENVIRONMENT", other)


@given(st.binary(max_size=200), st.text(max_size=20), st.integers(0, 2**63 - 1))
def test_what_was_sealed_opens_for_the_same_purpose_and_workspace(plain, purpose, workspace_id):
    value = encrypt(plain, purpose=purpose, workspace_id=workspace_id)
    assert decrypt(value, purpose=purpose, workspace_id=workspace_id) == plain
    assert decrypt(memoryview(value), purpose=purpose, workspace_id=workspace_id) == plain


def test_nothing_of_the_value_is_seen_and_no_two_are_the_same():
    one, other = sealed(), sealed()
    assert b"9999999" not in one
    assert one != other
    assert one[0] == 1
    assert one[:5] == other[:5]


@pytest.mark.parametrize(("purpose", "workspace_id"), [("invoice.secret", 1), (PURPOSE, 2), ("", 1)])
def test_a_value_moved_to_another_place_does_not_open(purpose, workspace_id):
    with pytest.raises(SecretUnreadable):
        decrypt(sealed(), purpose=purpose, workspace_id=workspace_id)


def test_purpose_and_workspace_cannot_be_shifted_into_each_other():
    with pytest.raises(SecretUnreadable):
        decrypt(sealed(purpose="2/x", workspace_id=1), purpose="x", workspace_id=2)


def test_every_changed_byte_is_noticed():
    value = sealed()
    for place in range(len(value)):
        damaged = bytearray(value)
        damaged[place] ^= 1
        with pytest.raises(SecretUnreadable):
            decrypt(bytes(damaged), purpose=PURPOSE, workspace_id=1)


@pytest.mark.parametrize("length", [0, 1, 5, 17, 32])
def test_a_value_cut_short_is_refused_not_a_crash(length):
    with pytest.raises(SecretUnreadable):
        decrypt(sealed()[:length], purpose=PURPOSE, workspace_id=1)


def test_another_data_key_opens_nothing_and_the_refusal_names_no_value(another_key):
    value = sealed()
    another_key()
    with pytest.raises(SecretUnreadable) as refusal:
        decrypt(value, purpose=PURPOSE, workspace_id=1)
    assert "DOJANG_DATA_KEY" in refusal.value.text("ko")
    assert "9999" not in str(refusal.value)


def test_a_number_has_one_fingerprint_in_a_workspace_and_another_in_the_next(another_key):
    ours = fingerprint("9999999999999", 1)
    assert ours == fingerprint("9999999999999", 1)
    assert len(ours) == 64
    assert ours != fingerprint("9999999999998", 1)
    assert ours != fingerprint("9999999999999", 2)
    another_key()
    assert ours != fingerprint("9999999999999", 1)
