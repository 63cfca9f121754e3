"""A test's world: a running sandbox with a clock that stands still, companies with certificates, a client."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import count
from pathlib import Path

import httpx

from dojang.etax import Invoice, IssueId, sign
from dojang.npki.identity import open_identity
from dojang.npki.keys import from_private_key_info
from dojang.npki.testca import TestCA
from dojang.nts.client import NtsClient
from dojang.nts.outcomes import Receipt, Results
from dojang.nts.package import PackagedInvoice
from dojang.nts.settings import NtsSettings
from dojang.nts.submission import Submission
from dojang.sandbox import Sandbox, running

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 10:00 in Korea
SUPPLIER = "9998100015"
BUYER = "9988100012"
BROKER = "9998600010"
REGISTRATION = "41000000"

_serials = count(1)


def issue_id(written_on="2026-11-20", registration=REGISTRATION):
    day = datetime.fromisoformat(written_on).date()
    return str(IssueId.make(day, registration, next(_serials)))


def data(**changes):
    """The JSON of a good invoice, issued a minute ago."""
    written_on = changes.get("written_on", "2026-11-20")
    plain = {
        "document_type": "0101",
        "written_on": written_on,
        "purpose": "claim",
        "supplier": party(SUPPLIER, "(주)도장상사"),
        "buyer": {
            "kind": "business",
            "number": BUYER,
            "name": "구매(주)",
            "representative": "이구매",
            "contacts": [{"email": "b@example.com"}],
        },
        "items": [{"name": "노트", "supply_amount": 10000, "tax_amount": 1000}],
        "issue_id": issue_id(written_on),
        "issued_at": "2026-11-20T09:59:00+09:00",
    }
    return plain | changes


def party(number, name="(주)도장상사"):
    return {"business_number": number, "name": name, "representative": "홍길동"}


def item(supply, tax=None):
    return {"name": "노트", "supply_amount": supply, "tax_amount": tax}


def invoice(**changes):
    return Invoice.from_data(data(**changes))


@dataclass(frozen=True)
class Company:
    """Who signs invoices."""

    certificate: bytes
    key: object = field(repr=False)
    random_number: bytes = field(repr=False)

    def packaged(self, document):
        """An invoice, or XML without signature, signed and with R."""
        return PackagedInvoice(sign(document, self.certificate, self.key.sign), self.random_number)


def company(authority, number, name="(주)도장상사", **options):
    identity = authority.issue(
        number, name, passphrase="x", iterations=1, valid_from=NOW - timedelta(days=400), days=800, **options
    )
    key = from_private_key_info(identity.private_key_info, scheme="test")
    return Company(identity.certificate.der, key, identity.random_number.reveal())


@cache
def template():
    """A data folder as its first start leaves it, made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="dojang-sandbox-template-"))
    Sandbox.open(folder / "data", base_address="http://127.0.0.1:1", clock=lambda: NOW).close()
    return folder / "data"


def authority():
    """The test CA of the template, which every sandbox of these tests has."""
    return TestCA.load_or_create(template(), now=NOW)


@cache
def supplier():
    return company(authority(), SUPPLIER)


@cache
def broker():
    return company(authority(), BROKER, "수탁(주)")


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def forward(self, **amount):
        self.now += timedelta(**amount)


@dataclass
class World:
    address: str
    client_settings: Path
    sandbox: Sandbox
    clock: Callable[[], datetime]
    folder: Path

    @cached_property
    def _settings(self):
        return settings(self.client_settings)

    def settings(self, **changes):
        chosen, key = self._settings
        return replace(chosen, **{name: changes[name] for name in changes if name != "sign"}), changes.get(
            "sign", key
        )

    def client(self, **changes):
        chosen, key = self.settings(**changes)
        return NtsClient(chosen, key, clock=self.clock, random=os.urandom, transport=transport())

    def submission(self, *packaged, **changes):
        chosen, key = self.settings(**changes)
        return Submission.prepare(packaged, settings=chosen, sign=key, now=self.clock(), random=os.urandom)

    def submit(self, submission):
        with self.client() as client:
            return client.submit(submission)

    def results(self, submit_id):
        with self.client() as client:
            return client.results(submit_id)

    def reconcile(self, submit_id):
        with self.client() as client:
            return client.reconcile(submit_id)

    def codes(self, *packaged):
        """The codes of each invoice sent, by issue id."""
        submission = self.submission(*packaged)
        outcome = self.submit(submission)
        assert isinstance(outcome, Receipt), outcome
        results = self.results(submission.submit_id)
        assert isinstance(results, Results), results
        return {result.issue_id: result.codes for result in results.response.results}

    def verdict(self, document, by=None):
        """The codes of one invoice, signed by its company."""
        [codes] = self.codes((by or supplier()).packaged(document)).values()
        return codes

    def control(self, method, path, body=None):
        answer = self.http(method, f"/control/{path}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def http(self, method, path, body=None, **options):
        """Any request; a body is sent as JSON."""
        if body is not None:
            options["content"] = json.dumps(body, ensure_ascii=False)
        options.setdefault("headers", {"Content-Type": "application/json"})
        with httpx.Client(transport=transport(), trust_env=False) as client:
            return client.request(method, self.address + path, **options)

    def fault(self, kind, **facts):
        return self.control("POST", "faults", {"kind": kind, **facts})["number"]

    def get(self, path):
        return self.http("GET", path)

    def filed(self, issue_id):
        """How often the book has it: 0 or 1, and how many documents came with it."""
        store = self.sandbox.office.store
        return store.filed(issue_id) is not None, len(store.documents_of(issue_id))


@cache
def transport():
    """One without TLS: reading all certificates of the machine takes longer than a submission."""
    return _Shared()


class _Shared(httpx.BaseTransport):
    """Outlives the clients that use it; each message gets a new connection, as the client's own would do."""

    def __init__(self):
        self._inner = httpx.HTTPTransport(
            verify=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def handle_request(self, request):
        return self._inner.handle_request(request)


def settings(file):
    """NtsSettings and the signing function, as any client reads them from client.json."""
    named = json.loads(file.read_text("utf-8"))
    home = file.parent
    passphrase = (home / named.pop("passphrase_file")).read_text("utf-8").strip()
    system = open_identity(home / named.pop("certificate"), passphrase)
    named["nts_certificates"] = tuple((home / name).read_bytes() for name in named["nts_certificates"])
    named["nts_km_certificate"] = (home / named["nts_km_certificate"]).read_bytes()
    # Without TLS there is nothing to verify, and reading the certificates of the machine takes long.
    times = {"connect_timeout": 5.0, "read_timeout": 10.0, "verify_tls": False}
    return NtsSettings(certificate=system.certificate.der, **named, **times), system.sign


def copied(folder):
    """A fresh data folder with the template's keys."""
    data = folder / "data"
    if not data.exists():
        shutil.copytree(template(), data)
    return data


@contextmanager
def world(folder, *, clock=None, **options):
    """A running sandbox over `folder / data`; a second one over the same folder is a restart."""
    clock = clock or Clock()
    with running(copied(folder), clock=clock, **options) as served:
        yield World(served.address, served.client_settings, served.sandbox, clock, folder)


def force_sign(data, signer):
    """XML signed whatever it says: `etax.sign` would refuse what these tests need."""
    from dojang.etax.canonical import canonical, only, parse, root_tag
    from dojang.etax.xmldsig import INVOICE, signature_element, signed_octets

    octets = canonical(parse(data))
    namespaces, _ = root_tag(octets)
    place = only(octets, b"ExchangedDocument").end
    element = signature_element(
        signed_octets(octets, INVOICE), namespaces, INVOICE, signer.certificate, signer.key.sign
    )
    return PackagedInvoice(octets[:place] + element + octets[place:], signer.random_number)
