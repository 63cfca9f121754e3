"""The page's own reading of certificates and keys: node's tests of its modules, and the library as their judge."""

import base64
import json
import random
import tomllib
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dojang.npki import certificates, der, findings, keys, pbe, pfx
from dojang.npki import errors as npki_errors
from dojang.npki.certificates import Certificate
from dojang.npki.errors import NpkiError
from dojang.npki.extensions import AUTHORITY_KEY_ID, CRL_DISTRIBUTION_POINTS, SUBJECT_KEY_ID
from dojang.npki.trust import TrustStore, check_certificate
from npki.npki_files import CERTIFICATE, CHAIN, DATA, IDENTITIES, MANIFEST, PASSPHRASE, PLAIN, content, folder
from service.signing_node import HERE, run, run_tests

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
KOREAN = MANIFEST["key_schemes"]["pbes1-pw-korean-utf8"]["password"]
PASSPHRASES = [
    "",
    "a",
    PASSPHRASE,
    KOREAN,
    "똠방각하 뷁",
    "é€中",
    "한글".encode().decode("latin-1"),
    "🔑 key",
]

TEST_FILES = [
    "bytes.test.js",
    "certificates.test.js",
    "ciphers.test.js",
    "der.test.js",
    "errors.test.js",
    "found.test.js",
    "hashes.test.js",
    "keys.test.js",
    "openedkey.test.js",
]


@pytest.mark.parametrize("name", TEST_FILES)
def test_node_finds_nothing_wrong_in(name):
    run_tests(name)


def test_no_test_file_of_the_page_is_left_out():
    run_by_python = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    for file in HERE.glob("*.test.js"):
        assert f'"{file.name}"' in run_by_python


def test_the_lock_file_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    assert all("resolved" not in package and package["integrity"] for package in packages)


# The library as judge


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def asked_key(data: bytes, passphrase: str = PASSPHRASE) -> dict[str, Any]:
    return {"kind": "key", "data": b64(data), "passphrase": passphrase}


def asked_pfx(data: bytes, passphrase: str = PASSPHRASE) -> dict[str, Any]:
    return {"kind": "pfx", "data": b64(data), "passphrase": passphrase}


def key_facts(key: keys.PrivateKey) -> dict[str, Any]:
    number = key.random_number
    return {"publicKey": b64(key.public_key_info), "random": number.reveal().hex() if number else None}


PUBLIC_KEY = b64(keys.from_private_key_info(PLAIN, scheme="none").public_key_info)


def library_on_key(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return key_facts(keys.open_private_key(base64.b64decode(asked["data"]), asked["passphrase"]))
    except NpkiError as error:
        return {"code": error.code}


def library_on_pfx(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        entries = pfx.read(base64.b64decode(asked["data"]), asked["passphrase"])
        loaded = [(Certificate.load(entry.certificate), entry) for entry in entries]
    except NpkiError as error:
        return {"code": error.code}
    usable = [
        entry
        for certificate, entry in loaded
        if {"digitalSignature", "nonRepudiation"} & certificate.key_usage
    ]
    entry = (usable or entries)[0]
    facts = {"certificate": b64(entry.certificate), "chain": [b64(one) for one in entry.chain]}
    return key_facts(entry.key) | facts


def require_same(questions: list[dict[str, Any]], library: Any) -> list[dict[str, Any]]:
    """The page's answers, after they were found to be the library's.

    One difference is allowed: the library checks the arithmetic of all eight RSA numbers, the page leaves that to
    WebCrypto, since what it would compute with can't be wiped. OpenSSL, under node, goes on without a wrong CRT value.
    The page opened such a key only after it had signed a challenge well, and verifies every signature it gives out.
    """
    answers = run("judge.js", questions)
    for question, page in zip(questions, answers, strict=True):
        mine = library(question)
        if mine == {"code": "damaged"} and "code" not in page:
            assert page["publicKey"] == PUBLIC_KEY
        else:
            assert page == mine, question["passphrase"]
    return answers


def test_every_scheme_of_the_library_opens_in_the_page():
    files = [pbe.encrypt(PLAIN, PASSPHRASE, scheme=name, iterations=7) for name in pbe.SCHEMES]
    answers = require_same([asked_key(file) for file in files], library_on_key)
    assert not [name for name, answer in zip(pbe.SCHEMES, answers, strict=True) if "code" in answer]


@pytest.mark.parametrize("scheme", [pbe.DEFAULT_SCHEME, "pbes2-aes256-hmacSHA256", "pkcs12-3des"])
def test_every_form_of_a_passphrase_opens_in_the_page(scheme, monkeypatch):
    """Also those the library only reads: CP949, decomposed Hangul, widened octets."""
    questions = []
    for passphrase in PASSPHRASES:
        for form in pbe.SCHEMES[scheme].forms(passphrase):
            monkeypatch.setattr(pbe, "written_form", lambda _, form=form: form)
            questions.append(asked_key(pbe.encrypt(PLAIN, "-", scheme=scheme, iterations=3), passphrase))
    assert len(questions) > len(PASSPHRASES)
    assert not [answer for answer in require_same(questions, library_on_key) if "code" in answer]


def test_a_pfx_the_library_wrote_opens_in_the_page():
    questions = [
        asked_pfx(pfx.write(PLAIN, CERTIFICATE, word, chain=chain), word)
        for word in PASSPHRASES
        for chain in ([], CHAIN)
    ]
    assert not [answer for answer in require_same(questions, library_on_pfx) if "code" in answer]


def mutations(whole: bytes, count: int, seed: int) -> list[bytes]:
    """Copies with an octet changed, cut off, cut out or put in, most of them near the beginning."""
    chance = random.Random(seed)
    changed: list[bytes] = []
    for _ in range(count):
        at = min(chance.randrange(len(whole)), chance.randrange(len(whole)), chance.randrange(len(whole)))
        octet = bytes([chance.choice([0, 1, 0x7F, 0x80, 0xFF, whole[at] ^ 1 << chance.randrange(8)])])
        changed.append(
            chance.choice(
                [
                    whole[:at] + octet + whole[at + 1 :],
                    whole[:at] + octet + whole[at + 1 :],
                    whole[:at],
                    whole[:at] + whole[at + 1 :],
                    whole[:at] + octet + whole[at:],
                ]
            )
        )
    return changed


@pytest.mark.parametrize(
    "name",
    ["pbes1-seedCBCWithSHA1-1", "pbes2-seed-hmacSHA1-explicit-2048", "pbes2-aes256-hmacSHA256-10000"],
)
def test_the_page_refuses_changed_key_files_as_the_library_does(name):
    whole = content(f"keys/{name}.key")
    answers = require_same([asked_key(one) for one in mutations(whole, 150, 1)], library_on_key)
    assert len({answer.get("code") for answer in answers}) > 2


def test_the_page_refuses_changed_private_keys_as_the_library_does():
    changed = [pbe.encrypt(one, PASSPHRASE, iterations=1) for one in mutations(PLAIN, 300, 2) if one]
    answers = require_same([asked_key(one) for one in changed], library_on_key)
    assert {"code": "damaged"} in answers


@pytest.mark.parametrize("name", sorted(MANIFEST["pfx"]))
def test_the_page_refuses_changed_pfx_files_as_the_library_does(name):
    whole = content(MANIFEST["pfx"][name])
    answers = require_same([asked_pfx(one) for one in mutations(whole, 60, 3)], library_on_pfx)
    assert len({answer.get("code") for answer in answers}) > 1


# Certificates


STORE = TrustStore((Certificate.load(CHAIN[1]),), (Certificate.load(CHAIN[0]),))
TRUST = {"untrusted_issuer", "weak_signature"}
"""What the page leaves to the server, or is tested by itself: whom to believe."""
UNREAD = (SUBJECT_KEY_ID, AUTHORITY_KEY_ID, CRL_DISTRIBUTION_POINTS)
"""Extensions which say nothing to the page: it reads on where the library, and so the server, refuses."""


def camel(text: str) -> str:
    first, *others = text.split("_")
    return first + "".join(map(str.title, others))


def library_on_certificate(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        one = Certificate.load(base64.b64decode(asked["data"]))
    except NpkiError as error:
        return {"code": error.code}
    same = {camel(name): getattr(one, name) for name in ("subject", "issuer", "owner", "ca", "fingerprint")}
    return same | {
        "commonName": one.common_name,
        "serialHex": one.serial_hex,
        "notBefore": f"{one.valid_from:%Y-%m-%dT%H:%M:%S}.000Z",
        "notAfter": f"{one.valid_to:%Y-%m-%dT%H:%M:%S}.000Z",
        "policyOids": list(one.policy_oids),
        "policy": one.policy.oid if one.policy else None,
        "keyUsage": sorted(one.key_usage),
        "criticalExtensions": sorted(one.critical_extensions),
        "isCa": one.is_ca,
        "vid": one.vid.digest.hex() if one.vid else None,
        "publicKeyInfo": b64(one.public_key_info),
        "whyNot": [
            {"code": found.code, "ko": found.ko, "severity": found.severity}
            for found in check_certificate(one, STORE, at=AT)
            if found.code not in TRUST
        ],
    }


def page_on_certificates(*data: bytes) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What the page and the library say to each."""
    questions = [{"kind": "certificate", "data": b64(one), "at": AT.isoformat()} for one in data]
    answers = run("judge.js", questions)
    for answer in answers:
        answer.pop("rsaBits", None)
        if "code" not in answer:
            answer["keyUsage"].sort()
            answer["criticalExtensions"].sort()
            answer["whyNot"] = [one for one in answer["whyNot"] if one["code"] not in TRUST]
    return list(zip(answers, map(library_on_certificate, questions), strict=True))


def test_the_page_reads_every_certificate_as_the_library_does():
    files = [*DATA.rglob("*Cert.der"), *(DATA / "ca").glob("*.der")]
    anchors = [
        file.read_bytes()
        for file in resources.files("dojang.npki").joinpath("anchors").iterdir()
        if file.name.endswith((".der", ".cer"))
    ]
    assert len(files) > len(IDENTITIES)
    assert anchors
    for page, library in page_on_certificates(*(file.read_bytes() for file in files), *anchors):
        assert page == library
        assert "code" not in page


def unread_places(whole: bytes) -> set[int]:
    """Where the octets of `UNREAD` extensions lie."""
    places: set[int] = set()
    for oid in map(der.oid, UNREAD):
        begins = whole.index(oid) + len(oid)
        places |= set(range(begins, begins + 2 + whole[begins + 1]))
    return places


def test_the_page_reads_or_refuses_changed_certificates_as_the_library_does():
    whole = (folder("biz_etax") / "signCert.der").read_bytes()
    changed, unread = mutations(whole, 600, 4), unread_places(whole)
    differing = [
        next(at for at, (old, new) in enumerate(zip(whole, one, strict=False)) if old != new)
        for one, (page, library) in zip(changed, page_on_certificates(*changed), strict=True)
        if page != library
    ]
    assert set(differing) <= unread
    assert len(differing) < len(changed) // 10


# Tables


def test_the_sentences_are_those_of_the_library():
    [messages] = run("judge.js", [{"kind": "messages"}])
    ours = {
        kind.code: kind
        for module in (npki_errors, findings)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, NpkiError) and "code" in vars(kind)
    }
    shared = messages.keys() & ours.keys()
    assert len(shared) > 15
    for code in shared:
        assert (messages[code]["ko"], messages[code]["en"]) == (ours[code].ko, ours[code].en)


def test_the_bounds_are_those_of_the_library():
    [limits] = run("judge.js", [{"kind": "limits"}])
    assert limits == {
        "certificate": certificates.MAX_SIZE,
        "key": pbe.MAX_SIZE,
        "pfx": pfx.MAX_SIZE,
        "iterations": pbe.MAX_ITERATIONS,
    }


def test_the_certificate_policies_are_those_of_the_library():
    [page] = run("judge.js", [{"kind": "policies"}])
    text = resources.files("dojang.npki").joinpath("policies.toml").read_text("utf-8")
    accepted = {"yes": True, "no": False, "open": None}
    table = tomllib.loads(text)["policy"]
    for entry in table:
        del entry["source"]
        entry["accepted"] = accepted[entry["accepted"]]
    assert page == table


def decoded_cp949(octets: bytes) -> str | None:
    try:
        return octets.decode("cp949")
    except UnicodeDecodeError:
        return None


def test_the_page_writes_and_reads_cp949_as_python_does():
    characters = [chr(point) for point in range(0x10000) if not 0xD800 <= point < 0xE000]
    [written] = run("judge.js", [{"kind": "cp949", "characters": characters}])
    expected = []
    for character in characters:
        try:
            expected.append(character.encode("cp949").hex())
        except UnicodeEncodeError:
            expected.append(None)
    different = [
        (character, mine, page)
        for character, mine, page in zip(characters, expected, written, strict=True)
        if mine != page
    ]
    assert different == []
    octets = [bytes((lead, trail)) for lead in range(0x80, 0x100) for trail in range(0x30, 0x100)]
    [texts] = run("judge.js", [{"kind": "from_cp949", "octets": [one.hex() for one in octets]}])
    assert texts == [decoded_cp949(one) for one in octets]


def test_r_sealed_in_the_page_opens_with_the_transmitters_key_and_the_certificates_label():
    transmitter = rsa.generate_private_key(65537, 2048)
    public = transmitter.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    certificate = (folder("biz_etax") / "signCert.der").read_bytes()
    asked = {
        "kind": "sealed",
        "certificate": b64(certificate),
        "key": b64((folder("biz_etax") / "signPri.key").read_bytes()),
        "passphrase": PASSPHRASE,
        "transmitter": b64(public),
    }
    [sealed] = run("judge.js", [asked])
    label = f"dojang-random:{Certificate.load(certificate).fingerprint}".encode()
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label)
    assert transmitter.decrypt(base64.b64decode(sealed), oaep).hex() == IDENTITIES["biz_etax"]["R"]
