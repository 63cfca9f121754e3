"""Whatever a file holds, opening it ends in a refusal, and no refusal carries a secret."""

import base64
import logging
import traceback
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from npki_files import CERTIFICATE, MANIFEST, PASSPHRASE, PLAIN, PLAIN_WITHOUT_R, R, content, folder

from dojang.errors import DojangError
from dojang.npki import armor, der, errors, keys, open_identity, pbe, pfx
from dojang.npki.errors import NpkiError, WrongPassphraseOrDamaged
from dojang.npki.identity import Identity

KEYS = [
    content(said["file"]) for said in MANIFEST["key_schemes"].values() if said.get("iterations", 1) < 20_000
]
PFX_FILES = [content(file) for file in MANIFEST["pfx"].values()]
SOURCES = [(keys.open_private_key, KEYS), (pfx.read, PFX_FILES)]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def refused_or_opened(opener, data: bytes, passphrase: str = PASSPHRASE) -> object:
    try:
        return opener(data, passphrase)
    except NpkiError as refusal:
        sentences = refusal.text("ko"), refusal.text("en")
    assert all(sentences)
    return None


def assert_refused_or_the_same_key(opener, data: bytes) -> None:
    found = refused_or_opened(opener, data)
    for key in [entry.key for entry in found] if isinstance(found, list) else [found] if found else []:
        keys.require_pair(
            key, open_identity(folder("person_general"), PASSPHRASE).certificate.public_key_info
        )


@pytest.mark.parametrize("opener", [keys.open_private_key, pfx.read])
@given(data=st.binary(max_size=400))
@example(data=b"\x30\x80" * 30_000)
@example(data=b"\x30\x82\xff\xff" * 16_000)
@example(data=b"\xa0\x80\x24\x80" * 10_000)
@example(data=b"\x05\x00" * 30_000)
@example(data=b"MIIB" * 16_000)
@QUICK
def test_random_octets_are_refused(opener, data):
    assert refused_or_opened(opener, data) is None
    assert refused_or_opened(opener, der.sequence(data)) is None


@pytest.mark.parametrize(("opener", "originals"), SOURCES)
@given(drawn=st.data())
@QUICK
def test_a_truncated_file_is_refused(opener, originals, drawn):
    original = drawn.draw(st.sampled_from(originals))
    assert refused_or_opened(opener, original[: drawn.draw(st.integers(0, len(original) - 1))]) is None


@pytest.mark.parametrize(("opener", "originals"), SOURCES)
@given(drawn=st.data())
@QUICK
def test_a_file_with_a_changed_bit_is_refused_or_the_same_key(opener, originals, drawn):
    original = bytearray(drawn.draw(st.sampled_from(originals)))
    at = drawn.draw(st.one_of(st.integers(0, 120), st.integers(0, len(original) - 1)))
    original[at] ^= 1 << drawn.draw(st.integers(0, 7))
    assert_refused_or_the_same_key(opener, bytes(original))


@pytest.mark.parametrize(("opener", "originals"), SOURCES)
@given(
    which=st.integers(0, 11),
    at=st.integers(1, 60),
    length=st.sampled_from(
        [b"\x80", b"\x81\xff", b"\x82\xff\xff", b"\x84\xff\xff\xff\xff", b"\x00", b"\xff"]
    ),
)
@QUICK
def test_a_file_with_a_lying_length_is_refused_or_the_same_key(opener, originals, which, at, length):
    original = originals[which % len(originals)]
    # The same key where this very octet was there, or where it falls on what is passed over.
    assert_refused_or_the_same_key(opener, original[:at] + length + original[at + 1 :])


@given(passphrase=st.text(st.characters(codec=None), max_size=40))
@QUICK
def test_any_text_as_passphrase_is_an_answer(passphrase):
    for opener, data in ((keys.open_private_key, KEYS[1]), (pfx.read, PFX_FILES[0])):
        assert refused_or_opened(opener, data, passphrase) is None or passphrase == PASSPHRASE


@given(plaintext=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(der.sequence)))
@QUICK
def test_any_plaintext_under_the_right_passphrase_is_refused(plaintext):
    encrypted = pbe.encrypt(plaintext, PASSPHRASE, iterations=1)
    assert refused_or_opened(keys.open_private_key, encrypted) is None
    assert refused_or_opened(pfx.read, pfx.write(plaintext, CERTIFICATE, PASSPHRASE)) is None


@given(drawn=st.data())
@QUICK
def test_a_key_damaged_inside_is_refused_or_still_the_key(drawn):
    plain = bytearray(PLAIN)
    for _ in range(drawn.draw(st.integers(1, 3))):
        plain[drawn.draw(st.integers(0, len(plain) - 1))] = drawn.draw(st.integers(0, 255))
    key = refused_or_opened(keys.open_private_key, pbe.encrypt(bytes(plain), PASSPHRASE, iterations=1))
    if key is not None:
        keys.require_pair(key, keys.from_private_key_info(PLAIN, scheme="none").public_key_info)


@pytest.mark.parametrize("opener", [keys.open_private_key, pfx.read])
def test_a_hundred_megabytes_in_memory_are_not_looked_at(opener, monkeypatch):
    monkeypatch.setattr(armor, "to_der", lambda _: pytest.fail("the octets were looked at"))
    assert refused_or_opened(opener, bytes(100_000_000)) is None


@pytest.mark.parametrize("passphrase", ["Npki-Test!2026", "비밀번호-틀림"])
def test_the_largest_count_is_worked_through_once_for_each_form_of_the_passphrase(passphrase, monkeypatch):
    asked = []

    def derive(form, parameters):
        asked.append((form, parameters.iterations))
        return bytes(16), bytes(16)

    counted = {name: replace(scheme, derive=derive) for name, scheme in pbe.SCHEMES.items()}
    monkeypatch.setattr(pbe, "SCHEMES", counted)
    algorithm = der.sequence(
        der.oid("1.2.410.200004.1.15"),
        der.sequence(der.octet_string(b"saltsalt"), der.integer(pbe.MAX_ITERATIONS)),
    )
    file = der.sequence(algorithm, der.octet_string(bytes(16)))
    with pytest.raises(WrongPassphraseOrDamaged):
        keys.open_private_key(file, passphrase)
    assert asked == [(form, pbe.MAX_ITERATIONS) for form in pbe.text_forms(passphrase)]


# Secrets

NUMBERS = serialization.load_der_private_key(PLAIN_WITHOUT_R, password=None).private_numbers()
SECRETS = [
    R.reveal(),
    *(number.to_bytes(128) for number in (NUMBERS.p, NUMBERS.q, NUMBERS.dmp1)),
    PASSPHRASE.encode(),
    "비밀번호-새어나감".encode(),
]


def spellings(secret: bytes) -> list[str]:
    """The ways a secret might be printed, whole or its first half."""
    ways = []
    for part in (secret, secret[: len(secret) // 2 // 3 * 3]):
        number = str(int.from_bytes(part))
        ways += [part.hex(), part.hex(" "), repr(part)[2:-1], base64.b64encode(part).decode(), number]
        ways += [part.decode("utf-8", "ignore")] if len(part) < 40 and part.isascii() else []
    return [way for way in ways if len(way) > 6]


def assert_no_secret(text: str) -> None:
    for secret in SECRETS:
        for way in spellings(secret):
            assert way not in text
            assert way.upper() not in text


def everything_said(error: BaseException | None) -> str:
    """All an exception can print, its context included."""
    said = ""
    while error is not None:
        said += "".join(traceback.format_exception(error, chain=False)) + repr(error) + repr(error.args)
        said += repr(getattr(error, "facts", "")) + repr(getattr(error, "object", ""))
        error = error.__cause__ or error.__context__
    return said


def damaged_keys() -> list[bytes]:
    """Files that open with the passphrase but hold a key with something wrong somewhere."""
    wrong = [PLAIN[:at] + bytes((PLAIN[at] ^ 1,)) + PLAIN[at + 1 :] for at in range(0, len(PLAIN), 41)]
    return [
        pbe.encrypt(plain, PASSPHRASE, iterations=1) for plain in (*wrong, PLAIN[:-1], der.sequence(PLAIN))
    ]


def test_no_refusal_and_no_log_carries_a_secret(caplog):
    caplog.set_level(logging.DEBUG)
    attempts = [
        *((keys.open_private_key, data, PASSPHRASE) for data in damaged_keys()),
        *((keys.open_private_key, data, "비밀번호-새어나감\ud800") for data in KEYS[:3]),
        *((pfx.read, data, "비밀번호-새어나감") for data in PFX_FILES),
        *(
            (pfx.read, pfx.write(plain, CERTIFICATE, PASSPHRASE), PASSPHRASE)
            for plain in (PLAIN[:-1], CERTIFICATE)
        ),
        *((keys.open_private_key, content(f"negative/{file}"), PASSPHRASE) for file in MANIFEST["negative"]),
    ]
    refused = 0
    for opener, data, passphrase in attempts:
        try:
            found = opener(data, passphrase)
        except NpkiError as refusal:
            refused += 1
            assert_no_secret(everything_said(refusal))
        else:
            assert_no_secret(repr(found) + str(found))
    assert refused > 30
    assert_no_secret(caplog.text)


def test_no_opened_object_shows_a_secret():
    identity = open_identity(folder("person_general"), PASSPHRASE)
    entries = pfx.read(PFX_FILES[0], PASSPHRASE)
    opened = [identity, identity.key, identity.key.random_number, entries, entries[0].key, der.parse(PLAIN)]
    for thing in opened:
        assert_no_secret(repr(thing) + str(thing) + f"{thing}" + repr([thing]))
    assert isinstance(identity, Identity)


def test_the_search_for_secrets_would_find_one():
    with pytest.raises(AssertionError):
        assert_no_secret(f"key={R.reveal().hex()}")
    with pytest.raises(AssertionError):
        assert_no_secret(repr(PLAIN))


def every_error(kind: type[DojangError] = NpkiError) -> list[type[DojangError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in every_error(child))]


def test_every_refusal_has_its_own_code_and_two_sentences():
    kinds = [kind for kind in every_error() if kind.__module__ == errors.__name__]
    assert len({kind.code for kind in kinds}) == len(kinds)
    facts = {"limit": 5, "name": "이름", "scheme": "s", "policy": "p", "issuer": "i"} | dict.fromkeys(
        ("valid_to", "valid_from", "revoked_at"), "2026-01-01"
    )
    for kind in kinds:
        refusal = kind(**facts)
        assert refusal.text("ko").endswith(".")
        assert refusal.text("en").endswith(".")
        assert "{" not in refusal.text("ko") + refusal.text("en")
